package people

import "net/http"

// door is the page where people come in: by a link, or by signing in.
type door struct {
	Name, Link, Next string
	ByIssuer         bool
}

// openDoor shows the page. It looks for the provider first, so that the page may send
// people there.
func (p *People) openDoor(w http.ResponseWriter, r *http.Request, name string, d door) error {
	if d.ByIssuer = p.issuer != nil; d.ByIssuer {
		if _, _, err := p.issuer.find(r.Context()); err != nil {
			return err
		}
		p.head(w.Header())
	}
	return p.show(w, http.StatusOK, name, d)
}

func (p *People) showLink(w http.ResponseWriter, r *http.Request) error {
	link := r.PathValue("link")
	u, err := p.invited(r.Context(), digest(link))
	if err != nil {
		return err
	}
	return p.openDoor(w, r, "enrol.html", door{Name: u.Name, Link: link})
}

func (p *People) postBeginLink(w http.ResponseWriter, r *http.Request) error {
	question, err := p.beginLink(r.Context(), digest(r.PathValue("link")))
	if err == nil {
		p.askNew(w, question)
	}
	return err
}

func (p *People) postLink(w http.ResponseWriter, r *http.Request) error {
	if p.issuer != nil {
		return ErrByIssuer
	}
	u, err := p.enrol(r.Context(), digest(r.PathValue("link")), label(r), []byte(r.PostFormValue("passkey")))
	if err != nil {
		return err
	}
	return p.enter(w, r, u, "link", "")
}

func (p *People) showSignIn(w http.ResponseWriter, r *http.Request) error {
	return p.openDoor(w, r, "sign-in.html", door{Next: local(r.FormValue("next"))})
}

func (p *People) postBeginSignIn(w http.ResponseWriter, r *http.Request) error {
	question, err := p.beginSignIn(r.Context())
	if err == nil {
		p.Ask(w, question)
	}
	return err
}

func (p *People) postSignIn(w http.ResponseWriter, r *http.Request) error {
	u, err := p.signIn(r.Context(), []byte(r.PostFormValue("passkey")))
	if err != nil {
		return err
	}
	return p.enter(w, r, u, "passkey", r.PostFormValue("next"))
}

func (p *People) postDepart(w http.ResponseWriter, r *http.Request) error {
	if p.issuer == nil {
		return ErrNotFound
	}
	var link string
	if given := r.PostFormValue("link"); given != "" {
		link = digest(given)
	}
	address, browser, err := p.depart(r.Context(), link, r.PostFormValue("next"))
	if err != nil {
		return err
	}
	http.SetCookie(w, p.cookie("oidc", browser, challengeLife))
	return seeOther(w, r, address)
}

func (p *People) getArrive(w http.ResponseWriter, r *http.Request) error {
	if p.issuer == nil {
		return ErrNotFound
	}
	cookie, err := r.Cookie(p.cookieName("oidc"))
	if err != nil {
		return ErrOtherSession
	}
	q := r.URL.Query()
	u, next, err := p.arrive(r.Context(), q.Get("state"), cookie.Value, q.Get("code"))
	if err != nil {
		return err
	}
	gone := p.cookie("oidc", "", 0)
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	return p.enter(w, r, u, "oidc", next)
}

func (p *People) postAccount(w http.ResponseWriter, r *http.Request, s Session) error {
	if err := p.Revoke(r.Context(), s.User.ID, s.ID); err != nil {
		return err
	}
	gone := p.cookie("session", "", 0)
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	return seeOther(w, r, "/people/sign-in")
}
