package contractapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
)

// Server answers OpenContract's documented calls. Its fields are set before its handler is
// made.
type Server struct {
	// Runner decides, on the contracts of its store, which knows opencontract.Lifecycle.
	Runner *escrowrun.Runner
	// Keys say who asks.
	Keys *Keys
	// Payments is how callers pay; nil leaves that to the runner's rail alone, which then
	// takes the money by itself, as a sandbox does.
	Payments Payments
	// Policy is what contracts are founded under where it is other than the lifecycle's
	// own, as GET /v1/protocol tells it.
	Policy []escrow.Value
	// Founding makes the draft of terms, or refuses them. Nil takes them as they are:
	// terms.Draft(), in USDC and under Policy.
	Founding func(ctx context.Context, terms opencontract.Terms) (escrow.Contract, error)

	// Guards stand before everything. Their Errors, Metrics and Log are set to the
	// server's where they are not.
	Guards escrowhttp.Guards
	// Metrics are counted, nil for none.
	Metrics *escrowhttp.Metrics
	// Log is told of requests and of what went wrong here; nil tells nobody.
	Log *slog.Logger

	document []byte
}

// Handler returns the handler of the whole API behind its guards. An error says what of
// the server cannot be.
func (s *Server) Handler() (http.Handler, error) {
	switch {
	case s.Runner == nil || s.Runner.Store == nil:
		return nil, errors.New("contractapi: a server needs a runner with a store")
	case s.Keys == nil:
		return nil, errors.New("contractapi: a server needs Keys: nobody is let in unknown")
	}
	api := s.API()
	var err error
	if s.document, err = api.Document(); err != nil {
		return nil, err
	}
	h, err := api.Handler()
	if err != nil {
		return nil, err
	}
	g := s.Guards
	if g.Errors == nil {
		g.Errors = api.Errors
	}
	if g.Metrics == nil {
		g.Metrics = s.Metrics
	}
	if g.Log == nil {
		g.Log = s.Log
	}
	return g.Wrap(h), nil
}

// API returns the table of the calls, which the handler and the OpenAPI document are made
// of.
func (s *Server) API() *escrowhttp.API {
	return &escrowhttp.API{
		Title: "OpenContract", Version: "1",
		About: "Work between agents: a price in escrow, a worker's stake, disputes judged criterion by criterion. " +
			"Whoever may not know of a contract is answered as if there were none. A header " + escrowhttp.KeyHeader +
			" names a request: sent again under the same key within seven days it is done once.",
		Routes: s.routes(), Schemas: schemas, Errors: &escrowhttp.Errors{Envelope: envelope, Log: s.Log},
	}
}

// handle is the function of a call that knows who asks.
type handle = func(http.ResponseWriter, *http.Request, escrow.Actor) error

// asked returns the function of a call that needs to know who asks.
func (s *Server) asked(f handle) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, err := s.Keys.Authenticate(r)
		if err != nil {
			return err
		}
		if actor.ID == "" {
			return &escrowhttp.Problem{Status: http.StatusUnauthorized, Code: string(escrow.Unauthorized), Reason: string(escrow.NoActor),
				Message: "an API key is needed, as in: Authorization: Bearer " + keyPrefix + "…", Header: http.Header{"WWW-Authenticate": {"Bearer"}}}
		}
		return f(w, r, actor)
	}
}

// now is the contracts' time.
func (s *Server) now() time.Time {
	if s.Runner.Clock == nil {
		return time.Now()
	}
	return s.Runner.Clock.Now()
}

// store is where the contracts are.
func (s *Server) store() *escrowsql.Store { return s.Runner.Store }

// visible returns a contract as it stands now, to who may know of it: its parties, and
// everybody with a key while it is an open tender.
func (s *Server) visible(ctx context.Context, id string, actor escrow.Actor) (escrow.Contract, error) {
	c, err := s.find(ctx, id)
	if err == nil {
		c, err = s.standing(c)
	}
	if err == nil && !escrow.Visible(c, actor) {
		err = errNoContract
	}
	return c, err
}

// errNoContract is told of a contract that does not exist, or not for who asks: it is what
// the runner says, too.
var errNoContract = escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)

// find returns a contract of the lifecycle as it is stored.
func (s *Server) find(ctx context.Context, id string) (escrow.Contract, error) {
	if !printable(id) {
		return escrow.Contract{}, errNoContract
	}
	c, err := s.store().Find(ctx, id)
	if errors.Is(err, escrowsql.ErrNotFound) || err == nil && !ours(c) {
		err = errNoContract
	}
	return c, err
}

// ours reports whether a contract is one of this API's.
func ours(c escrow.Contract) bool { return c.Lifecycle().Name() == opencontract.Lifecycle.Name() }

// standing returns a contract with every deadline applied that is due.
func (s *Server) standing(c escrow.Contract) (escrow.Contract, error) {
	now, _, err := escrow.AsOf(c, s.now())
	return now, err
}

// printable reports whether a text can name anything: printable ASCII without blanks.
func printable(id string) bool {
	return id != "" && len(id) <= 200 && strings.IndexFunc(id, func(c rune) bool { return c <= ' ' || c > '~' }) < 0
}
