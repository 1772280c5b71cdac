package people

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
)

// maxForm is how large a posted form may be.
const maxForm = 64 << 10

// Handler returns the pages below /people/: enrolling, signing in and out, and one's own
// passkeys, sessions and tokens. Posts from other sites are refused.
func (p *People) Handler() http.Handler {
	mux := http.NewServeMux()
	page := func(pattern string, f func(http.ResponseWriter, *http.Request) error) {
		mux.Handle(pattern, p.page(f))
	}
	mine := func(pattern string, f func(http.ResponseWriter, *http.Request, Session) error) {
		page(pattern, func(w http.ResponseWriter, r *http.Request) error {
			s, err := p.Session(r)
			if err != nil {
				return err
			}
			return f(w, r, s)
		})
	}
	mux.Handle("GET /people/people.css", file("people.css"))
	mux.Handle("GET /people/people.js", file("people.js"))
	page("GET /people/enrol/{link}", p.showLink)
	page("POST /people/enrol/{link}", p.postLink)
	page("POST /people/enrol/{link}/begin", p.postBeginLink)
	page("GET /people/sign-in", p.showSignIn)
	page("POST /people/sign-in", p.postSignIn)
	page("POST /people/sign-in/begin", p.postBeginSignIn)
	page("POST /people/oidc", p.postDepart)
	page("GET "+callbackPath, p.getArrive)
	mine("POST /people/sign-out", p.postAccount)
	mine("GET /people/{$}", p.showOwn)
	mine("POST /people/passkeys", p.postPasskey)
	mine("POST /people/passkeys/begin", p.postBeginPasskey)
	mine("POST /people/passkeys/{id}/remove", p.postRemovePasskey)
	mine("POST /people/sessions/revoke", p.postRevokeAll)
	mine("POST /people/sessions/{id}/revoke", p.postRevoke)
	mine("POST /people/tokens", p.postToken)
	mine("POST /people/tokens/{id}/revoke", p.postRevokeToken)
	return http.NewCrossOriginProtection().Handler(mux)
}

// page answers by a function, and shows what it refuses.
func (p *People) page(f func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.head(w.Header())
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := f(w, r); err != nil {
			p.refuse(w, r, err)
		}
	})
}

// head says what a page may do: nothing from elsewhere, no script in it, in no frame.
func (p *People) head(h http.Header) {
	to := "'self'"
	if p.issuer != nil { // a browser also looks at where a posted form is redirected to
		to += p.issuer.sites()
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "+to)
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
}

// refuse tells a person, or the script, what was wrong. Faults of our own are told to the
// log alone.
func (p *People) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var known *Error
	if !errors.As(err, &known) {
		p.Log.Error("a page failed", "path", r.Pattern, "error", err)
		known = &Error{"internal", http.StatusInternalServerError, "something went wrong here; try again"}
	}
	if r.Method == http.MethodGet && errors.Is(err, ErrSignedOut) {
		http.Redirect(w, r, "/people/sign-in?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/begin") {
		p.json(w, known.Status, map[string]string{"error": known.text, "code": known.Code})
		return
	}
	if err := p.show(w, known.Status, "refused.html", known.text); err != nil {
		p.Log.Error("a page failed", "path", r.Pattern, "error", err)
	}
}

func (p *People) json(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.Log.Warn("an answer was not sent", "error", err)
	}
}

// Ask answers the script people.js: it shows the person the question to their passkey.
// A page's own handler for a challenge ends with it.
func (p *People) Ask(w http.ResponseWriter, question *protocol.CredentialAssertion) {
	p.head(w.Header())
	p.json(w, http.StatusOK, map[string]any{"get": question.Response})
}

func (p *People) askNew(w http.ResponseWriter, question *protocol.CredentialCreation) {
	p.json(w, http.StatusOK, map[string]any{"create": question.Response})
}

// local returns where somebody wanted to go, if it is a page of this site.
func local(next string) string {
	at, err := url.Parse(next)
	if err != nil || at.Scheme != "" || at.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/people/"
	}
	return next
}

func seeOther(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// enter signs a user in and sends them on.
func (p *People) enter(w http.ResponseWriter, r *http.Request, u User, way, next string) error {
	if err := p.begin(w, r, u, way); err != nil {
		return err
	}
	return seeOther(w, r, local(next))
}

type sessionKey struct{}

// Require lets only those through who are signed in, the others to the page where they can.
// [SessionOf] tells who it is.
func (p *People) Require(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := p.Session(r)
		if err != nil {
			p.head(w.Header())
			p.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, s)))
	}))
}

// SessionOf returns the session of a request that [People.Require] let through, else the
// zero session.
func SessionOf(r *http.Request) Session {
	s, _ := r.Context().Value(sessionKey{}).(Session)
	return s
}
