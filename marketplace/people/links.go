package people

import (
	"context"
	"database/sql"
	"time"
)

// linkPath is where a link leads; its secret follows.
const linkPath = "/people/enrol/"

func (p *People) linkTo(token string) string { return p.Origin + linkPath + token }

func (p *People) link(ctx context.Context, tx *sql.Tx, userID, token string) error {
	return exec(ctx, tx, nil, `INSERT INTO people_links (digest, user_id, expires_at, used_at) VALUES ($1, $2, $3, 0)`,
		digest(token), userID, millis(p.now().Add(linkLife)))
}

// invited returns whom a link is for, without using it.
func (p *People) invited(ctx context.Context, linkDigest string) (User, error) {
	var expires, used time.Time
	u, err := one(ctx, p, ErrLink, func(r scanner) (u User, err error) {
		err = r.Scan(append(u.columns(), (*instantColumn)(&expires), (*instantColumn)(&used))...)
		return u, err
	}, `SELECT `+userColumns+`, l.expires_at, l.used_at FROM people_links l JOIN people_users u ON u.id = l.user_id WHERE l.digest = $1`, linkDigest)
	switch {
	case err != nil:
		return User{}, err
	case !u.DisabledAt.IsZero():
		return User{}, ErrDisabled
	case !used.IsZero():
		return User{}, ErrLinkUsed
	case !p.now().Before(expires):
		return User{}, ErrLinkExpired
	}
	return u, nil
}

// useLink uses a link up; of two at once, one is ErrLinkUsed.
func (p *People) useLink(ctx context.Context, tx *sql.Tx, linkDigest string) error {
	now := millis(p.now())
	return exec(ctx, tx, ErrLinkUsed, `UPDATE people_links SET used_at = $1 WHERE digest = $2 AND used_at = 0 AND expires_at > $3`, now, linkDigest, now)
}
