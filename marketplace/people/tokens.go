package people

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// Token is an API token: a program that acts for a user, or in a sandbox an agent's key.
type Token struct {
	ID   string
	Name string
	// UserID is who minted it; empty for an agent's key.
	UserID  string
	Account string
	// Shown is how it begins, to tell it by.
	Shown  string
	Scopes Scopes
	// ExpiresAt is zero when it does not end by itself.
	CreatedAt, UsedAt, ExpiresAt time.Time
}

// Tokens and keys begin with what they are, so that one that leaks is found.
const (
	tokenPrefix = "escrow_token_"
	keyPrefix   = "escrow_key_"
)

// Mint makes a token that acts for the session's user within the scopes, which are theirs
// too; they signed in within the last ten minutes. The token is returned this once; life 0
// is until it is revoked.
func (p *People) Mint(ctx context.Context, s Session, name string, scopes Scopes, life time.Duration) (string, Token, error) {
	live, err := p.live(ctx, `s.id`, s.ID)
	if err != nil {
		return "", Token{}, err
	}
	if err := p.fresh(live); err != nil {
		return "", Token{}, err
	}
	if err := scopes.valid(); err != nil {
		return "", Token{}, err
	}
	if len(scopes) == 0 || name == "" || len(name) > 200 || life < 0 {
		return "", Token{}, fmt.Errorf("%w: a token has a name, a scope at least, and time to live", ErrMalformed)
	}
	for _, scope := range scopes {
		if !live.User.Scopes.Allow(scope) {
			return "", Token{}, fmt.Errorf("%w: %s", ErrScope, scope)
		}
	}
	return p.mint(ctx, tokenPrefix, Token{Name: name, UserID: live.User.ID, Account: live.User.Account, Scopes: scopes}, life)
}

// Key makes a key by which an agent acts for an account in a sandbox. It has no scopes and
// is nobody's; it is returned this once.
func (p *People) Key(ctx context.Context, account string) (string, Token, error) {
	if err := validUser("key", account); err != nil {
		return "", Token{}, err
	}
	return p.mint(ctx, keyPrefix, Token{Name: "key", Account: account}, 0)
}

func (p *People) mint(ctx context.Context, prefix string, t Token, life time.Duration) (string, Token, error) {
	token, now := prefix+secret(), p.now()
	t.ID, t.Shown, t.CreatedAt = newID("token"), token[:len(prefix)+6], instant(millis(now))
	if life > 0 {
		t.ExpiresAt = instant(millis(now.Add(life)))
	}
	err := p.write(ctx, nil, `INSERT INTO people_tokens (id, digest, user_id, account, name, shown, scopes, created_at, used_at, expires_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 0)`, t.ID, digest(token), t.UserID, t.Account, t.Name, t.Shown, t.Scopes.String(), millis(now), millis(t.ExpiresAt))
	if err != nil {
		return "", Token{}, err
	}
	return token, t, nil
}

const tokenColumns = `id, name, user_id, account, shown, scopes, created_at, used_at, expires_at`

func scanToken(r scanner) (t Token, err error) {
	err = r.Scan(&t.ID, &t.Name, &t.UserID, &t.Account, &t.Shown, (*scopesColumn)(&t.Scopes), (*instantColumn)(&t.CreatedAt), (*instantColumn)(&t.UsedAt), (*instantColumn)(&t.ExpiresAt))
	return t, err
}

// Tokens returns a user's tokens that have not ended.
func (p *People) Tokens(ctx context.Context, userID string) ([]Token, error) {
	return all(ctx, p, scanToken, `SELECT `+tokenColumns+` FROM people_tokens WHERE user_id = $1 AND user_id <> '' AND revoked_at = 0
		AND (expires_at = 0 OR expires_at > $2) ORDER BY created_at, id`, userID, millis(p.now()))
}

// RevokeToken ends a token of a user.
func (p *People) RevokeToken(ctx context.Context, userID, tokenID string) error {
	return p.write(ctx, ErrNotFound, `UPDATE people_tokens SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND user_id <> '' AND revoked_at = 0`, millis(p.now()), tokenID, userID)
}

// RevokeKey ends an agent's key.
func (p *People) RevokeKey(ctx context.Context, keyID string) error {
	return p.write(ctx, ErrNotFound, `UPDATE people_tokens SET revoked_at = $1 WHERE id = $2 AND user_id = '' AND revoked_at = 0`, millis(p.now()), keyID)
}

// Authenticate returns who asks by a bearer token: a token of a user's, with the scopes
// that both have now, or the agent of a key, without scopes. It is never a human, so it
// confirms no approval.
func (p *People) Authenticate(r *http.Request) (escrow.Actor, Scopes, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(token, tokenPrefix) && !strings.HasPrefix(token, keyPrefix) {
		return escrow.Actor{}, nil, ErrToken
	}
	ctx, now := r.Context(), p.now()
	t, err := one(ctx, p, ErrToken, scanToken, `SELECT `+tokenColumns+` FROM people_tokens WHERE digest = $1 AND revoked_at = 0 AND (expires_at = 0 OR expires_at > $2)`, digest(token), millis(now))
	if err != nil {
		return escrow.Actor{}, nil, err
	}
	if now.Sub(t.UsedAt) > time.Minute {
		if err := p.write(ctx, nil, `UPDATE people_tokens SET used_at = $1 WHERE id = $2`, millis(now), t.ID); err != nil {
			return escrow.Actor{}, nil, err
		}
	}
	if t.UserID == "" {
		return escrow.Agent(t.Account), nil, nil
	}
	u, err := p.User(ctx, t.UserID)
	if err != nil {
		return escrow.Actor{}, nil, err
	}
	if !u.DisabledAt.IsZero() {
		return escrow.Actor{}, nil, ErrDisabled
	}
	scopes := t.Scopes.within(u.Scopes)
	return escrow.Actor{ID: t.ID, Kind: escrow.KindToken, Account: u.Account, User: u.ID, Scopes: scopes, Features: p.Features, Claimed: true}, scopes, nil
}
