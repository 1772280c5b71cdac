package people

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

// purpose is what a challenge is for; one for signing in signs no approval.
type purpose string

const (
	toEnrol  purpose = "enrol"   // by a link
	toAdd    purpose = "add"     // another passkey, signed in
	toSignIn purpose = "sign-in" // by a passkey
	toSign   purpose = "sign"    // an approval
	toReturn purpose = "return"  // from the OpenID provider
)

// challenge is a question that is answered once, within two minutes.
type challenge struct {
	id      string
	purpose purpose
	userID  string // empty when nobody knows yet who will answer
	// boundTo is what must come again with the answer: a session's id, or a digest of a
	// link or of a browser's cookie.
	boundTo string
	// ceremony is what is needed to check the answer, as JSON.
	ceremony string
	// statement is what is signed under an approval.
	statement     string
	expires, used time.Time
}

// ask keeps a question until it is answered.
func (p *People) ask(ctx context.Context, c challenge, ceremony any) error {
	text, err := json.Marshal(ceremony)
	if err != nil {
		return err
	}
	now := p.now()
	return p.store.Write(ctx, func(tx *sql.Tx) error {
		// Those long gone make room, so that asking fills no disk.
		if err := exec(ctx, tx, nil, `DELETE FROM people_challenges WHERE expires_at < $1`, millis(now.Add(-time.Hour))); err != nil {
			return err
		}
		return exec(ctx, tx, nil, `INSERT INTO people_challenges (id, purpose, user_id, bound_to, ceremony, statement, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			c.id, string(c.purpose), c.userID, c.boundTo, string(text), c.statement, millis(now.Add(challengeLife)))
	})
}

// answer finds the question that an answer is to, and uses it up. A stranger, or another
// session, is told so and uses nothing up.
func (p *People) answer(ctx context.Context, id string, why purpose, userID, boundTo string) (challenge, error) {
	c, err := one(ctx, p, ErrNoChallenge, scanChallenge, `SELECT id, purpose, user_id, bound_to, ceremony, statement, expires_at, used_at FROM people_challenges WHERE id = $1`, id)
	switch {
	case err != nil:
		return c, err
	case c.purpose != why:
		return c, ErrNoChallenge
	case c.userID != userID:
		return c, ErrOtherUser
	case c.boundTo != boundTo:
		return c, ErrOtherSession
	case !c.used.IsZero():
		return c, ErrReplayed
	case !p.now().Before(c.expires):
		return c, ErrExpired
	}
	return c, p.write(ctx, ErrReplayed, `UPDATE people_challenges SET used_at = $1 WHERE id = $2 AND used_at = 0`, millis(p.now()), id)
}

func scanChallenge(r scanner) (c challenge, err error) {
	err = r.Scan(&c.id, (*string)(&c.purpose), &c.userID, &c.boundTo, &c.ceremony, &c.statement, (*instantColumn)(&c.expires), (*instantColumn)(&c.used))
	return c, err
}

// webauthn returns the ceremony of a challenge to a passkey.
func (c *challenge) webauthn() (data webauthn.SessionData, err error) {
	err = json.Unmarshal([]byte(c.ceremony), &data)
	return data, err
}
