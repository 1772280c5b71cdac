package people

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// own is the page of one's own passkeys, sessions and tokens.
type own struct {
	Session  Session
	Passkeys []Passkey
	Sessions []Session
	Tokens   []Token
	Scopes   Scopes
	// Minted is a token that was made just now: it is shown this once.
	Minted string
	Fresh  bool
}

func (p *People) showOwn(w http.ResponseWriter, r *http.Request, s Session) error {
	return p.own(w, r, s, "")
}

func (p *People) own(w http.ResponseWriter, r *http.Request, s Session, minted string) (err error) {
	view := own{Session: s, Minted: minted, Fresh: p.fresh(s) == nil, Scopes: AllScopes().within(s.User.Scopes)}
	if view.Passkeys, err = p.Passkeys(r.Context(), s.User.ID); err != nil {
		return err
	}
	if view.Sessions, err = p.Sessions(r.Context(), s.User.ID); err != nil {
		return err
	}
	if view.Tokens, err = p.Tokens(r.Context(), s.User.ID); err != nil {
		return err
	}
	return p.show(w, http.StatusOK, "own.html", view)
}

// label returns what a form calls a passkey or a token.
func label(r *http.Request) string {
	name := strings.TrimSpace(r.PostFormValue("name"))
	return strings.ToValidUTF8(name[:min(len(name), 100)], "")
}

func (p *People) postBeginPasskey(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.fresh(s); err != nil {
		return err
	}
	question, err := p.beginPasskey(r.Context(), toAdd, s.User.ID, s.ID)
	if err == nil {
		p.askNew(w, question)
	}
	return err
}

func (p *People) postPasskey(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.add(r.Context(), s, label(r), []byte(r.PostFormValue("passkey"))); err != nil {
		return err
	}
	return seeOther(w, r, "/people/")
}

func (p *People) postRemovePasskey(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.RemovePasskey(r.Context(), s.User.ID, r.PathValue("id")); err != nil {
		return err
	}
	return seeOther(w, r, "/people/")
}

func (p *People) postRevoke(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.Revoke(r.Context(), s.User.ID, r.PathValue("id")); err != nil {
		return err
	}
	return seeOther(w, r, "/people/")
}

func (p *People) postRevokeAll(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.RevokeAll(r.Context(), s.User.ID); err != nil {
		return err
	}
	return seeOther(w, r, "/people/sign-in")
}

// lives are how long a token may live, as the form says it.
var lives = map[string]time.Duration{"30": 30 * 24 * time.Hour, "90": 90 * 24 * time.Hour, "365": 365 * 24 * time.Hour, "": 0}

func (p *People) postToken(w http.ResponseWriter, r *http.Request, s Session) error {
	life, ok := lives[r.PostFormValue("days")]
	if !ok {
		return fmt.Errorf("%w: a token lives 30, 90 or 365 days, or until it is revoked", ErrMalformed)
	}
	minted, _, err := p.Mint(r.Context(), s, label(r), r.PostForm["scope"], life)
	if err != nil {
		return err
	}
	return p.own(w, r, s, minted)
}

func (p *People) postRevokeToken(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.RevokeToken(r.Context(), s.User.ID, r.PathValue("id")); err != nil {
		return err
	}
	return seeOther(w, r, "/people/")
}
