package escrowhttp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// Limits bound what callers can use up. What is 0 has its default; negative rates are
// unlimited.
type Limits struct {
	// Body is the greatest number of bytes of a body: 1 MiB.
	Body int64
	// BodyTime is how long a body may take to arrive: 10 s.
	BodyTime time.Duration
	// Request is how long a request may take, without its body: 20 s. Keep it below the
	// runner's lease.
	Request time.Duration
	// Rate is how many requests a second the process takes, and Burst how many at once:
	// 1,000 and 2,000.
	Rate  float64
	Burst int
	// CallerRate and CallerBurst are those of one caller: 50 and 100.
	CallerRate  float64
	CallerBurst int
	// Callers is how many callers are remembered: 10,000.
	Callers int
}

// Guards stand before handlers: they refuse what should not reach them, and bound what
// does. The zero value lets every host in and has the default limits.
type Guards struct {
	// Hosts are the names that the server answers for, with their ports where they have
	// one; none means any.
	Hosts []string
	// Origins are those of browsers' pages elsewhere that may send what changes
	// something, as in "https://app.example.com". Answers carry no headers of CORS.
	Origins []string
	// RefuseForwarded refuses requests that a proxy has passed on: a sandbox is not to
	// be put on a network.
	RefuseForwarded bool
	Limits          Limits
	// Caller returns whom a request is counted for before it is authenticated; nil is
	// the address that it comes from. Behind a proxy all come from one address.
	Caller func(*http.Request) string
	// Errors writes what is refused, Metrics counts and Log is told of every request,
	// without what it carries.
	Errors  *Errors
	Metrics *Metrics
	Log     *slog.Logger
}

// RequestIDHeader names the request in its answer and in the log.
const RequestIDHeader = "X-Request-Id"

// exchange is what is known of a request by the time that it is answered.
type exchange struct {
	id    string
	route string
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// RequestID returns the id under which [Guards] log a request, empty outside of them.
func RequestID(ctx context.Context) string {
	if x := exchangeOf(ctx); x != nil {
		return x.id
	}
	return ""
}

// Wrap returns the handler behind the guards: host, forwarding, other sites, rate, size,
// time; and what panics is answered by an internal error.
func (g *Guards) Wrap(next http.Handler) http.Handler {
	check := g.checks()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		x := &exchange{id: rand.Text()}
		limit := or(g.Limits.Request, 20*time.Second)
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), exchangeKey{}, x), limit)
		defer cancel()
		r = r.WithContext(ctx)
		out := &watched{ResponseWriter: w}
		secure(w.Header(), x.id)
		defer g.told(out, r, x, began)
		defer g.recover(out, r)
		for _, c := range check {
			if err := c(r); err != nil {
				g.Errors.Write(out, r, err)
				return
			}
		}
		g.bound(out, r)
		next.ServeHTTP(out, r)
	})
}

// secure sets the headers that keep browsers from doing with an answer what it is not
// for.
func secure(h http.Header, id string) {
	h.Set(RequestIDHeader, id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// checks returns what every request is checked for, in their order.
func (g *Guards) checks() []func(*http.Request) error {
	l := g.Limits
	all := newLimiter(or(l.Rate, 1000), or(l.Burst, 2000))
	callers := newCallers(or(l.CallerRate, 50), or(l.CallerBurst, 100), or(l.Callers, 10_000))
	caller := g.Caller
	if caller == nil {
		caller = addressOf
	}
	return []func(*http.Request) error{
		g.host,
		g.forwarded,
		g.crossSite(),
		func(r *http.Request) error { return callers.allow(caller(r)) },
		func(*http.Request) error { return allow(all) },
		func(r *http.Request) error {
			if most := g.body(); r.ContentLength > most {
				return tooLarge(most)
			}
			return nil
		},
	}
}

func (g *Guards) body() int64 { return or(g.Limits.Body, 1<<20) }

// bound limits how much is read of a body, and how long that may take.
func (g *Guards) bound(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, g.body())
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(or(g.Limits.BodyTime, 10*time.Second))) // where there is a connection
}

// host refuses requests for another server.
func (g *Guards) host(r *http.Request) error {
	if len(g.Hosts) == 0 || slices.ContainsFunc(g.Hosts, func(h string) bool { return strings.EqualFold(h, r.Host) }) {
		return nil
	}
	return &Problem{Status: http.StatusMisdirectedRequest, Code: string(escrow.InvalidRequest), Reason: OtherHost, Message: "this server does not answer for that host"}
}

// forwarded refuses what came by a proxy, where there should be none.
func (g *Guards) forwarded(r *http.Request) error {
	if !g.RefuseForwarded {
		return nil
	}
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return &Problem{Status: http.StatusForbidden, Code: string(escrow.Forbidden), Reason: ForwardedNotAllowed,
				Message: "this is a sandbox and takes no requests through a proxy", Details: map[string]any{"header": name}}
		}
	}
	return nil
}

// crossSite refuses what a browser sends from another site, but for what changes nothing.
func (g *Guards) crossSite() func(*http.Request) error {
	protection := http.NewCrossOriginProtection()
	var bad error
	for _, origin := range g.Origins {
		if err := protection.AddTrustedOrigin(origin); err != nil && bad == nil {
			bad = fmt.Errorf("a trusted origin: %w", err)
		}
	}
	return func(r *http.Request) error {
		if bad != nil {
			return bad
		}
		if protection.Check(r) == nil {
			return nil
		}
		return &Problem{Status: http.StatusForbidden, Code: string(escrow.Forbidden), Reason: CrossSite, Message: "a browser sent this from another site"}
	}
}

// recover answers what has panicked, unless something was written already: then the
// connection is cut, so that nobody takes half an answer for a whole one.
func (g *Guards) recover(w *watched, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p != http.ErrAbortHandler && g.Log != nil { // as net/http itself compares it
		g.Log.ErrorContext(r.Context(), "a handler panicked", "request", RequestID(r.Context()), "problem", p, "stack", string(debug.Stack()))
	}
	if p == http.ErrAbortHandler || w.status != 0 { // as net/http itself compares it
		w.status = http.StatusInternalServerError
		panic(http.ErrAbortHandler)
	}
	g.Errors.Write(w, r, errPanic)
}

var errPanic = errors.New("a handler panicked")

// told counts and logs a request that was answered.
func (g *Guards) told(w *watched, r *http.Request, x *exchange, began time.Time) {
	took := time.Since(began)
	route := or(or(x.route, r.Pattern), "none")
	g.Metrics.Answered(r.Method, route, w.status, took)
	if g.Log != nil {
		g.Log.InfoContext(r.Context(), "request", "request", x.id, "method", r.Method, "route", route, "path", r.URL.Path, "status", w.status, "took", took)
	}
}

// addressOf returns the address that a request comes from, of an IPv6 network its first
// half: a caller has all of the rest.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip == nil || ip.To4() != nil {
		return host
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// watched knows the status that was written.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is for [http.ResponseController].
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
