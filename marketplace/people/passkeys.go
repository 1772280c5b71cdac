package people

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkey is a key of a user's, on a device of theirs.
type Passkey struct {
	ID string
	// Name is what the user calls it.
	Name string
	// Copied says that it has counted backwards once, as a copy would; it is refused.
	Copied bool
	// UsedAt is zero when it has not been used since it was enrolled.
	CreatedAt, UsedAt time.Time

	credential webauthn.Credential
	stored     string // the credential, as it was read
}

// Passkeys returns a user's passkeys.
func (p *People) Passkeys(ctx context.Context, userID string) ([]Passkey, error) {
	return all(ctx, p, scanPasskey, `SELECT id, name, credential, created_at, used_at FROM people_passkeys
		WHERE user_id = $1 AND removed_at = 0 ORDER BY created_at, id`, userID)
}

func scanPasskey(r scanner) (k Passkey, err error) {
	if err = r.Scan(&k.ID, &k.Name, &k.stored, (*instantColumn)(&k.CreatedAt), (*instantColumn)(&k.UsedAt)); err != nil {
		return k, err
	}
	err = json.Unmarshal([]byte(k.stored), &k.credential)
	k.Copied = k.credential.Authenticator.CloneWarning
	return k, err
}

// RemovePasskey removes a passkey of a user, but not their last. What it signed stays good.
func (p *People) RemovePasskey(ctx context.Context, userID, id string) error {
	keys, err := p.Passkeys(ctx, userID)
	if err != nil {
		return err
	}
	if len(keys) == 1 && keys[0].ID == id && p.issuer == nil {
		return ErrLastPasskey
	}
	return p.write(ctx, ErrNotFound, `UPDATE people_passkeys SET removed_at = $1 WHERE id = $2 AND user_id = $3 AND removed_at = 0`,
		millis(p.now()), id, userID)
}

// holder is a user with their passkeys, as the library knows one.
type holder struct {
	User
	keys []Passkey
}

func (h *holder) WebAuthnID() []byte          { return []byte(h.ID) }
func (h *holder) WebAuthnName() string        { return h.Name }
func (h *holder) WebAuthnDisplayName() string { return h.Name }
func (h *holder) WebAuthnCredentials() []webauthn.Credential {
	credentials := make([]webauthn.Credential, len(h.keys))
	for i := range h.keys {
		credentials[i] = h.keys[i].credential
	}
	return credentials
}

// key returns the passkey with a raw id, nil when it is not this user's.
func (h *holder) key(raw []byte) *Passkey {
	for i := range h.keys {
		if bytes.Equal(h.keys[i].credential.ID, raw) {
			return &h.keys[i]
		}
	}
	return nil
}

// holder returns a user who may act, with their passkeys.
func (p *People) holder(ctx context.Context, userID string) (*holder, error) {
	u, err := p.User(ctx, userID)
	if err != nil {
		return nil, err
	}
	if !u.DisabledAt.IsZero() {
		return nil, ErrDisabled
	}
	keys, err := p.Passkeys(ctx, userID)
	return &holder{u, keys}, err
}

// addPasskey keeps a new passkey.
func (p *People) addPasskey(ctx context.Context, tx *sql.Tx, userID, name string, c *webauthn.Credential) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if name == "" {
		name = "Passkey"
	}
	return exec(ctx, tx, ErrPasskeyUsed, `INSERT INTO people_passkeys (id, user_id, name, credential, created_at, used_at, removed_at)
		VALUES ($1, $2, $3, $4, $5, 0, 0) ON CONFLICT (id) DO NOTHING`,
		base64url(c.ID), userID, name, string(text), millis(p.now()))
}

// assertion reads a passkey's answer, and returns the challenge that it says it answers.
func assertion(answer []byte) (*protocol.ParsedCredentialAssertionData, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, malformed(err)
	}
	return parsed, nil
}

func malformed(err error) error {
	var detail *protocol.Error
	if errors.As(err, &detail) {
		return fmt.Errorf("%w: the passkey's answer: %s", ErrMalformed, detail.Details)
	}
	return fmt.Errorf("%w: the passkey's answer: %w", ErrMalformed, err)
}

// asserted checks a passkey's answer to a ceremony, and counts it.
func (p *People) asserted(ctx context.Context, h *holder, c *challenge, parsed *protocol.ParsedCredentialAssertionData) (*Passkey, error) {
	data, err := c.webauthn()
	if err != nil {
		return nil, err
	}
	key := h.key(parsed.RawID)
	switch {
	case key == nil:
		return nil, ErrOtherPasskey
	case key.Copied:
		return nil, ErrCopied
	case !parsed.Response.AuthenticatorData.Flags.HasUserVerified():
		return nil, ErrNotVerified
	}
	var checked *webauthn.Credential
	if len(data.UserID) == 0 {
		checked, err = p.web.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return h, nil }, data, parsed)
	} else {
		checked, err = p.web.ValidateLogin(h, data, parsed)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	if err := p.count(ctx, key, checked); err != nil {
		return nil, err
	}
	if checked.Authenticator.CloneWarning {
		p.Log.Warn("a passkey counts backwards, as a copy would; it is refused from now on", "user", h.ID, "passkey", key.ID)
		return nil, ErrCopied
	}
	return key, nil
}

// count keeps a passkey's counter. Of two answers at once that count the same, as a key
// and its copy may give, one is refused.
func (p *People) count(ctx context.Context, key *Passkey, checked *webauthn.Credential) error {
	text, err := json.Marshal(checked)
	if err != nil {
		return err
	}
	return p.write(ctx, ErrCopied, `UPDATE people_passkeys SET credential = $1, used_at = $2 WHERE id = $3 AND credential = $4 AND removed_at = 0`,
		string(text), millis(p.now()), key.ID, key.stored)
}
