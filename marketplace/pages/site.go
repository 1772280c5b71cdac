package pages

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
)

// Person is who looks.
type Person struct {
	// Actor is who the engine is told asks.
	Actor escrow.Actor
	// Name is how the pages call the person.
	Name string
	// Operator says that the person may use the operators' desk and see every contract.
	Operator bool
}

// Site is the pages of a marketplace. Its fields are set before [Site.Handler] is called.
type Site struct {
	// Runner decides; its store is read.
	Runner *escrowrun.Runner
	// Lifecycles are those that new contracts can be of and that the home page tells of;
	// all of the store's when nil.
	Lifecycles []*escrow.Lifecycle
	// Who tells who asks, false for nobody.
	Who func(*http.Request) (Person, bool)
	// Signer takes signatures; without one nothing can be confirmed here.
	Signer Signer
	// Sandbox says that the money is not real, and how its clock and roles are changed;
	// nil where it is.
	Sandbox *Sandbox

	// Name is the marketplace's, "Escrow" when empty. SignIn is the address where people
	// sign in, Account where they see what is theirs and sign out; empty where there is none.
	Name, SignIn, Account string
	// Log is told what failed; nil tells nobody.
	Log *slog.Logger
}

// Sandbox is a marketplace where nothing is at stake.
type Sandbox struct {
	// Forward moves the contracts' clock, and does what is due then.
	Forward func(ctx context.Context, to time.Time) error
	// Roles are who can be played, no two with the same actor id.
	Roles func(ctx context.Context) ([]Person, error)
	// Take makes whoever asks that person, as by a cookie.
	Take func(w http.ResponseWriter, r *http.Request, role Person) error
}

// largest is how many bytes may be posted.
const largest = 1 << 20

//go:embed static
var static embed.FS

// Handler returns the handler of all pages, which live at the root of a host.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, show := range map[string]func(*visit) error{
		"GET /{$}":                      (*visit).home,
		"GET /contracts":                (*visit).contracts,
		"GET /contracts/{id}":           (*visit).contractPage,
		"POST /contracts/{id}/commands": (*visit).command,
		"POST /contracts/{id}/begin":    (*visit).beginAction,
		"GET /new":                      (*visit).founding,
		"GET /new/{lifecycle}":          (*visit).foundingPage,
		"POST /new/{lifecycle}/begin":   (*visit).beginFounding,
		"POST /new/{lifecycle}":         (*visit).found,
		"GET /approvals":                (*visit).approvals,
		"GET /approvals/{id}":           (*visit).approvalPage,
		"POST /approvals/{id}/begin":    (*visit).beginSigning,
		"POST /approvals/{id}/confirm":  (*visit).confirm,
		"POST /approvals/{id}/decline":  (*visit).decline,
		"POST /approvals/{id}/revoke":   (*visit).revoke,
		"GET /operators":                (*visit).operators,
		"POST /operators/release":       (*visit).release,
		"POST /operators/retry":         (*visit).retry,
		"POST /operators/resend":        (*visit).resend,
		"GET /sandbox":                  (*visit).sandbox,
		"POST /sandbox/clock":           (*visit).forward,
		"POST /sandbox/role":            (*visit).takeRole,
		"/":                             func(*visit) error { return errMissing },
	} {
		mux.Handle(pattern, s.page(show))
	}
	mux.HandleFunc("GET /static/{file}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, static, "static/"+r.PathValue("file"))
	})
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(s.page(func(*visit) error {
		return problem{http.StatusForbidden, "This form came from another site.", "Open the page here and send it again."}
	}))
	return headers(guard.Handler(mux))
}

// headers sets what browsers are told of every answer.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // posts of "no-referrer" come from nowhere
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// visit is one request of one person.
type visit struct {
	*Site
	w http.ResponseWriter
	r *http.Request
	// Person is who asks, nobody when not known.
	Person Person
	Known  bool
	// Now is the contracts' time.
	Now time.Time
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// page answers requests by a function; what it returns as an error is shown.
func (s *Site) page(show func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Site: s, w: w, r: r, Now: s.now()}
		if s.Who != nil {
			v.Person, v.Known = s.Who(r)
		}
		r.Body = http.MaxBytesReader(w, r.Body, largest)
		w.Header().Set("Cache-Control", "no-store")
		if err := r.ParseForm(); err != nil {
			v.fail(problem{http.StatusBadRequest, "This form cannot be read.", "It may be too large: at most a megabyte can be sent."})
			return
		}
		if err := show(v); err != nil {
			v.fail(err)
		}
	})
}

func (s *Site) now() time.Time {
	if s.Runner.Clock != nil {
		return s.Runner.Clock.Now()
	}
	return time.Now()
}

// lifecycles are those that are offered.
func (s *Site) lifecycles() []*escrow.Lifecycle {
	if s.Lifecycles != nil {
		return s.Lifecycles
	}
	return s.Runner.Store.Lifecycles()
}

// problem is an answer that is a page of its own: what is wrong, and what would help.
type problem struct {
	status        int
	title, remedy string
}

func (p problem) Error() string { return p.title }

var (
	errMissing = problem{http.StatusNotFound, "There is no such page.", "It may be somebody else's, or the address may be wrong."}
	errNobody  = problem{http.StatusUnauthorized, "Nobody is signed in.", "Sign in to see what concerns you."}
)

// fail shows what went wrong.
func (v *visit) fail(err error) {
	var p problem
	switch {
	case errors.As(err, &p):
	case errors.Is(err, escrowsql.ErrNotFound):
		p = errMissing
	default:
		if v.Log != nil {
			v.Log.ErrorContext(v.ctx(), "a page failed", "path", v.r.URL.Path, "problem", err)
		}
		p = problem{http.StatusInternalServerError, "Something failed here.", "Nothing is lost: whatever was asked has happened as a whole or not at all. Load the page again."}
	}
	v.show(p.status, "problem", p.title, p)
}

// Title and Remedy are what the page of a problem says.
func (p problem) Title() string  { return p.title }
func (p problem) Remedy() string { return p.remedy }
func (p problem) SignIn() bool   { return p.status == http.StatusUnauthorized }

// to sends the browser to another page.
func (v *visit) to(path string, query url.Values) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// person fails when nobody is known.
func (v *visit) person() error {
	if !v.Known {
		return errNobody
	}
	return nil
}
