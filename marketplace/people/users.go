package people

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/escrow-go/escrow"
)

// User is one person, of one account. Users are disabled, never deleted: what they signed
// goes on naming them.
type User struct {
	ID string
	// Name is for people to read.
	Name string
	// Account is the party of contracts that the person acts for.
	Account string
	// Scopes are the most that a token of theirs can have.
	Scopes Scopes
	// CreatedAt is when they were added; DisabledAt is zero while they may act.
	CreatedAt, DisabledAt time.Time
}

// Actor returns who the user is to the engine: a signed-in human of the account.
func (u User) Actor() escrow.Actor { return escrow.Human(u.ID, u.Account) }

const userColumns = `u.id, u.name, u.account, u.scopes, u.created_at, u.disabled_at`

func scanUser(r scanner) (u User, err error) {
	err = r.Scan(u.columns()...)
	return u, err
}

// columns returns where the columns of a user are read to.
func (u *User) columns() []any {
	return []any{&u.ID, &u.Name, &u.Account, (*scopesColumn)(&u.Scopes), (*instantColumn)(&u.CreatedAt), (*instantColumn)(&u.DisabledAt)}
}

// Add adds a user to an account. The link, sent to the person and to nobody else, is good
// for their first passkey or sign-in, once, for 24 hours.
func (p *People) Add(ctx context.Context, name, account string) (u User, link string, err error) {
	if err := validUser(name, account); err != nil {
		return User{}, "", err
	}
	u = User{ID: newID("user"), Name: name, Account: account, Scopes: AllScopes(), CreatedAt: p.now().UTC().Truncate(time.Millisecond)}
	token := secret()
	err = p.store.Write(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, nil, `INSERT INTO people_users (id, name, account, scopes, created_at, disabled_at) VALUES ($1, $2, $3, $4, $5, 0)`,
			u.ID, u.Name, u.Account, u.Scopes.String(), millis(u.CreatedAt)); err != nil {
			return err
		}
		return p.link(ctx, tx, u.ID, token)
	})
	if err != nil {
		return User{}, "", err
	}
	return u, p.linkTo(token), nil
}

func validUser(name, account string) error {
	if strings.TrimSpace(name) == "" || len(name) > 200 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%w: a name is 1 to 200 bytes without control characters", ErrMalformed)
	}
	if account == "" || len(account) > 200 || strings.ContainsFunc(account, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("%w: an account is 1 to 200 bytes of printable ASCII without blanks", ErrMalformed)
	}
	return nil
}

// Link returns another enrolment link for a user, as who has lost their passkey needs.
// The links before it are no longer good.
func (p *People) Link(ctx context.Context, userID string) (string, error) {
	token := secret()
	if u, err := p.User(ctx, userID); err != nil {
		return "", err
	} else if !u.DisabledAt.IsZero() {
		return "", ErrDisabled
	}
	err := p.store.Write(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, nil, `DELETE FROM people_links WHERE user_id = $1 AND used_at = 0`, userID); err != nil {
			return err
		}
		return p.link(ctx, tx, userID, token)
	})
	if err != nil {
		return "", err
	}
	return p.linkTo(token), nil
}

// User returns a user.
func (p *People) User(ctx context.Context, id string) (User, error) {
	return one(ctx, p, ErrNotFound, scanUser, `SELECT `+userColumns+` FROM people_users u WHERE u.id = $1`, id)
}

// Users returns all users, also those who are disabled, in the order of their accounts.
func (p *People) Users(ctx context.Context) ([]User, error) {
	return all(ctx, p, scanUser, `SELECT `+userColumns+` FROM people_users u ORDER BY u.account, u.created_at, u.id`)
}

// Limit says which scopes a user's tokens can have at most; those that are out already
// obey it from now on.
func (p *People) Limit(ctx context.Context, userID string, scopes Scopes) error {
	if err := scopes.valid(); err != nil {
		return err
	}
	return p.write(ctx, ErrNotFound, `UPDATE people_users SET scopes = $1 WHERE id = $2`, scopes.String(), userID)
}

// Disable shuts a user out: their sessions, tokens and links end with it. What they signed
// stays.
func (p *People) Disable(ctx context.Context, userID string) error {
	now := millis(p.now())
	return p.store.Write(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, ErrNotFound, `UPDATE people_users SET disabled_at = CASE disabled_at WHEN 0 THEN $1 ELSE disabled_at END WHERE id = $2`, now, userID); err != nil {
			return err
		}
		for _, query := range []string{
			`UPDATE people_sessions SET revoked_at = $1 WHERE user_id = $2 AND revoked_at = 0`,
			`UPDATE people_tokens SET revoked_at = $1 WHERE user_id = $2 AND revoked_at = 0`,
			`UPDATE people_links SET used_at = $1 WHERE user_id = $2 AND used_at = 0`,
		} {
			if err := exec(ctx, tx, nil, query, now, userID); err != nil {
				return err
			}
		}
		return nil
	})
}
