package people

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"time"
)

// Session is a browser in which a user has signed in.
type Session struct {
	ID   string
	User User
	// Way is how they signed in: "passkey", "link" or "oidc".
	Way string
	// Browser is what the browser said that it is.
	Browser string
	// ExpiresAt is when the session ends at the latest; it ends earlier when it is idle.
	CreatedAt, SeenAt, ExpiresAt time.Time
}

const sessionColumns = `s.id, s.way, s.browser, s.created_at, s.seen_at, s.expires_at, ` + userColumns + `
	FROM people_sessions s JOIN people_users u ON u.id = s.user_id WHERE s.revoked_at = 0 AND u.disabled_at = 0
	AND s.expires_at > $1 AND s.seen_at > $2`

func scanSession(r scanner) (s Session, err error) {
	err = r.Scan(append([]any{&s.ID, &s.Way, &s.Browser, (*instantColumn)(&s.CreatedAt), (*instantColumn)(&s.SeenAt), (*instantColumn)(&s.ExpiresAt)}, s.User.columns()...)...)
	return s, err
}

// cookieName names the cookie. With TLS the browser itself sees to it that no other host,
// and nobody without TLS, can set it.
func (p *People) cookieName(name string) string {
	if p.secure() {
		return "__Host-" + name
	}
	return name
}

func (p *People) cookie(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{Name: p.cookieName(name), Value: value, Path: "/", MaxAge: int(life / time.Second), Secure: p.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// Session returns the session of a request's cookie, else ErrSignedOut.
func (p *People) Session(r *http.Request) (Session, error) {
	cookie, err := r.Cookie(p.cookieName("session"))
	if err != nil {
		return Session{}, ErrSignedOut
	}
	s, err := p.live(r.Context(), `s.digest`, digest(cookie.Value))
	if err != nil || p.now().Sub(s.SeenAt) < p.Idle/30 {
		return s, err
	}
	now := millis(p.now())
	return s, p.write(r.Context(), nil, `UPDATE people_sessions SET seen_at = $1 WHERE id = $2 AND seen_at < $3`, now, s.ID, now)
}

// live returns the session whose column is a value, if it has not ended.
func (p *People) live(ctx context.Context, column, value string) (Session, error) {
	now := p.now()
	return one(ctx, p, ErrSignedOut, scanSession, `SELECT `+sessionColumns+` AND `+column+` = $3`, millis(now), millis(now.Add(-p.Idle)), value)
}

// Sessions returns the sessions of a user that have not ended, the newest first.
func (p *People) Sessions(ctx context.Context, userID string) ([]Session, error) {
	now := p.now()
	return all(ctx, p, scanSession, `SELECT `+sessionColumns+` AND s.user_id = $3 ORDER BY s.created_at DESC, s.id`, millis(now), millis(now.Add(-p.Idle)), userID)
}

// Revoke ends a session of a user.
func (p *People) Revoke(ctx context.Context, userID, sessionID string) error {
	return p.write(ctx, ErrNotFound, `UPDATE people_sessions SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at = 0`, millis(p.now()), sessionID, userID)
}

// RevokeAll ends all sessions of a user.
func (p *People) RevokeAll(ctx context.Context, userID string) error {
	return p.write(ctx, nil, `UPDATE people_sessions SET revoked_at = $1 WHERE user_id = $2 AND revoked_at = 0`, millis(p.now()), userID)
}

// begin signs a user in. The token is always a new one, and a session that the browser
// brought ends: nobody can have set it up before.
func (p *People) begin(w http.ResponseWriter, r *http.Request, u User, way string) error {
	token, now := secret(), p.now()
	var brought string
	if cookie, err := r.Cookie(p.cookieName("session")); err == nil {
		brought = digest(cookie.Value)
	}
	browser := strings.ToValidUTF8(r.UserAgent()[:min(len(r.UserAgent()), 200)], "")
	err := p.store.Write(r.Context(), func(tx *sql.Tx) error {
		if err := exec(r.Context(), tx, nil, `UPDATE people_sessions SET revoked_at = $1 WHERE digest = $2 AND revoked_at = 0`, millis(now), brought); err != nil {
			return err
		}
		return exec(r.Context(), tx, nil, `INSERT INTO people_sessions (id, digest, user_id, way, browser, created_at, seen_at, expires_at, revoked_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)`, newID("session"), digest(token), u.ID, way, browser, millis(now), millis(now), millis(now.Add(p.Absolute)))
	})
	if err == nil {
		http.SetCookie(w, p.cookie("session", token, p.Absolute))
	}
	return err
}

// fresh refuses a session whose user signed in too long ago for what outlives it.
func (p *People) fresh(s Session) error {
	if p.now().Sub(s.CreatedAt) > freshness {
		return ErrStale
	}
	return nil
}
