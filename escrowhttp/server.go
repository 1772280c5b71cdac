package escrowhttp

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
)

// Server answers for stored contracts over HTTP. Its fields are set before its handler is
// made.
type Server struct {
	// Runner decides, on the contracts of its store.
	Runner *escrowrun.Runner
	// Lifecycles are those that are served; nil is all of the store's.
	Lifecycles []*escrow.Lifecycle
	// Authenticate returns who asks. A refusal ([escrow.NewRefusal]) or [Problem] is told
	// to the caller, an empty actor is 401, and any other error is the server's.
	Authenticate func(*http.Request) (escrow.Actor, error)
	// Founding looks at a draft before it is founded, and may refuse it or put it under
	// another policy. Without it, a draft has the lifecycle's own asset and policy: who
	// asks does not choose the fees.
	Founding func(ctx context.Context, actor escrow.Actor, draft escrow.Contract) (escrow.Contract, error)
	// NamedIDs lets callers choose the ids of their contracts. They learn then that an id
	// is taken, by whomever; without it ids are made up here.
	NamedIDs bool

	// Guards stand before everything. Their Errors, Metrics and Log are set to the
	// server's where they are not.
	Guards Guards
	// Metrics are counted, nil for none. OpenMetrics serves them at /metrics, too: to
	// whoever asks.
	Metrics     *Metrics
	OpenMetrics bool
	// Log is told of requests and of what went wrong here; nil tells nobody.
	Log *slog.Logger

	errors   *Errors
	document []byte
}

// Handler returns the handler of the whole API behind its guards. What is served is fixed
// by then. An error says what of the server cannot be.
func (s *Server) Handler() (http.Handler, error) {
	if s.Authenticate == nil {
		return nil, errors.New("a server needs Authenticate: nobody is let in unknown")
	}
	if s.errors = s.Guards.Errors; s.errors == nil {
		s.errors = &Errors{Log: s.Log}
	}
	api, err := s.API()
	if err != nil {
		return nil, err
	}
	if s.document, err = api.Document(); err != nil {
		return nil, err
	}
	h, err := api.Handler()
	if err != nil {
		return nil, err
	}
	g := s.Guards
	g.Errors, g.Metrics, g.Log = s.errors, or(g.Metrics, s.Metrics), or(g.Log, s.Log)
	return g.Wrap(h), nil
}

// API returns the table of the server's routes, which its handler and its document are
// made of.
func (s *Server) API() (*API, error) {
	if s.Runner == nil || s.Runner.Store == nil {
		return nil, errors.New("a server needs a runner with a store")
	}
	api := &API{
		Title: "Escrowed contracts", Version: "1", Errors: s.errors, Schemas: map[string]any{},
		About: "Contracts whose money is held until something is done. Everything that changes something takes a header " + KeyHeader +
			": sent again under the same key within seven days it is done once, and answered by the same bytes. Whoever may not know of a contract is answered as if there were none.",
	}
	families := familiesOf(s.lifecycles())
	api.Routes = s.commonRoutes(families)
	for i := range families {
		f := &families[i]
		if err := f.addSchemas(api.Schemas); err != nil {
			return nil, err
		}
		api.Routes = append(api.Routes, s.routes(f)...)
	}
	return api, nil
}

func (s *Server) lifecycles() []*escrow.Lifecycle {
	if s.Lifecycles != nil {
		return s.Lifecycles
	}
	return s.Runner.Store.Lifecycles()
}

// store is where the contracts are.
func (s *Server) store() *escrowsql.Store { return s.Runner.Store }

// now is the contracts' time.
func (s *Server) now() escrow.Clock { return escrow.At(clockOr(s.Runner.Clock).Now()) }

// asked returns the function of a route that needs to know who asks.
func (s *Server) asked(f func(http.ResponseWriter, *http.Request, escrow.Actor) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, err := s.Authenticate(r)
		if err == nil && actor.ID == "" {
			err = errNoActor
		}
		if err != nil {
			return err
		}
		return f(w, r, actor)
	}
}

// errNoActor is the refusal of whoever does not say who they are.
var errNoActor = escrow.NewRefusal(escrow.Unauthorized, escrow.NoActor, "the request names no actor", nil)

// errNoContract is the refusal of a contract that does not exist, or not for this actor.
var errNoContract = escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, noContract, nil)

// visible returns a contract of a family as it stands now, to who may know of it.
func (s *Server) visible(ctx context.Context, f *family, id string, actor escrow.Actor) (escrow.Contract, error) {
	c, err := s.store().Find(ctx, id)
	if errors.Is(err, escrowsql.ErrNotFound) {
		return c, errNoContract
	}
	if err != nil {
		return c, err
	}
	return s.shown(f, c, actor)
}

// shown returns a stored contract with every deadline applied that is due, unless it is
// another lifecycle's or hidden from the actor. A clock that is behind the contract's
// latest decision counts as showing that, as it does for commands.
func (s *Server) shown(f *family, c escrow.Contract, actor escrow.Actor) (escrow.Contract, error) {
	if c.Lifecycle().Name() != f.name {
		return c, errNoContract
	}
	now := s.now().Now()
	if now.Before(c.DecidedAt()) {
		now = c.DecidedAt()
	}
	c, _, err := escrow.AsOf(c, now)
	if err == nil && !escrow.Visible(c, actor) {
		err = errNoContract
	}
	return c, err
}

// refused returns the problem of an error about a lifecycle's contract, with what its
// catalogue says would help.
func (f *family) refused(err error) error {
	var refusal *escrow.Error
	if !errors.As(err, &refusal) {
		return err
	}
	p := ProblemOf(err)
	for _, e := range f.newest().Reasons() {
		if string(e.Reason) == p.Reason {
			p.Remedy = e.Remedy
		}
	}
	return p
}
