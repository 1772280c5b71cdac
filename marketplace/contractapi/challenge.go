package contractapi

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// challengeLife is how long a challenge may be answered.
const challengeLife = 5 * time.Minute

// challenge is what an address signs to have a key.
type challenge struct {
	id, message string
	expires     time.Time
}

// challenge makes a challenge for an address, and forgets those that have run out.
func (k *Keys) challenge(ctx context.Context, address string) (challenge, error) {
	now := k.wall.Now().UTC()
	c := challenge{id: "challenge_" + strings.ToLower(rand.Text()), expires: now.Add(challengeLife)}
	c.message = fmt.Sprintf("%s makes an API key for this account when you sign this.\n\nAccount: %s\nChallenge: %s\nExpires: %s",
		k.service, address, c.id, c.expires.Format(time.RFC3339))
	if _, err := k.db.ExecContext(ctx, `DELETE FROM contractapi_challenges WHERE expires_at <= $1`, now.UnixNano()); err != nil {
		return c, err
	}
	_, err := k.db.ExecContext(ctx, `INSERT INTO contractapi_challenges (id, address, message, expires_at) VALUES ($1, $2, $3, $4)`,
		c.id, address, c.message, c.expires.UnixNano())
	return c, err
}

// errChallenge is the same whatever is wrong with an answer: nobody learns more of it.
var errChallenge = errors.New("the challenge is none of this account's that can be answered still, or the signature is not the account's")

// answer makes a key for an address that has signed a challenge. A challenge is used up by
// whatever answer names it.
func (k *Keys) answer(ctx context.Context, address, id, signature, label string) (own key, secret string, err error) {
	tx, err := k.db.BeginTx(ctx, nil)
	if err != nil {
		return own, "", err
	}
	defer func() { _ = tx.Rollback() }()
	var message string
	var expires int64
	err = tx.QueryRowContext(ctx, `DELETE FROM contractapi_challenges WHERE id = $1 AND address = $2 RETURNING message, expires_at`, id, address).Scan(&message, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return own, "", errChallenge
	}
	if err != nil {
		return own, "", err
	}
	by, signed := signer(message, signature)
	if !signed || by != address || k.wall.Now().UnixNano() >= expires {
		return own, "", errors.Join(errChallenge, tx.Commit())
	}
	if own, secret, err = k.add(ctx, tx, address, label); err != nil {
		return own, "", err
	}
	return own, secret, tx.Commit()
}
