package trainapi

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowhttp/webhook"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opentrain"
)

// Base is where the API is: the beginning of every address.
const Base = "/api/public/v1"

// Server answers the calls of the public API. Its fields are set before [Server.Open].
type Server struct {
	// Runner decides, on the contracts of its store. Its Also, Deliver and Topics are
	// the server's, or call them.
	Runner *escrowrun.Runner
	// Dialect is the store's.
	Dialect *escrowsql.Dialect
	// Authenticate returns whose token a request carries. A refusal or [escrowhttp.Problem]
	// is told to the caller, a caller without an id is 401, any other error is the server's.
	Authenticate func(*http.Request) (Caller, error)
	// ApprovalURL returns the address of the page on which people answer an approval.
	ApprovalURL func(approval string) string
	// PaymentMethod reports whether an account can pay, and where it says how; nil is
	// everybody can.
	PaymentMethod func(ctx context.Context, account string) (has bool, billingURL string, err error)
	// Founding looks at the draft of a hire, and may refuse it or put it under another
	// policy; nil leaves it as it is, under the lifecycle's own policy.
	Founding func(ctx context.Context, p Proposal, draft escrow.Contract) (escrow.Contract, error)
	// Sender delivers webhooks; nil is one that reaches public networks only. Its Endpoint
	// and Disable are set by Open.
	Sender *webhook.Sender

	// Guards stand before everything. Their Errors, Metrics and Log are set to the server's.
	Guards escrowhttp.Guards
	// Metrics are counted, nil for none; Log is told what went wrong here, nil tells nobody.
	Metrics *escrowhttp.Metrics
	Log     *slog.Logger

	errors   *escrowhttp.Errors
	document []byte
	// newID makes up the id of a milestone.
	newID func() string
}

// Caller is whose token a request carries.
type Caller struct {
	// Actor is the token as the engine knows it: its kind is [escrow.KindToken], its Account
	// the employer's, its User whom it acts for. Scopes and Features are its grants.
	Actor escrow.Actor
	// Owner says that the user owns the account, and so may see every approval of it;
	// others see those that they have asked for.
	Owner bool
	// Me is what auth/me shows.
	Me Me
}

// Me is what auth/me shows. The token's id and scopes are those of the actor.
type Me struct {
	Actor   MeActor   `json:"actor"`
	Token   MeToken   `json:"token"`
	Account MeAccount `json:"account"`
}

// MeActor is the user behind a token.
type MeActor struct {
	UserID    string `json:"userId"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	FullName  string `json:"fullName"`
	UserType  string `json:"userType"`
}

// MeToken is the token.
type MeToken struct {
	ID                  string   `json:"id"`
	Label               string   `json:"label"`
	Scopes              []string `json:"scopes"`
	OwnerOrganizationID *string  `json:"ownerOrganizationId"`
}

// MeAccount is the account that a token acts for.
type MeAccount struct {
	Kind           string  `json:"kind"`
	OrganizationID *string `json:"organizationId"`
	OwnerUserID    string  `json:"ownerUserId"`
	MemberRole     string  `json:"memberRole"`
}

// Open makes the server's own tables where they are not there yet.
func (s *Server) Open(ctx context.Context) error {
	switch {
	case s.Runner == nil || s.Runner.Store == nil:
		return errors.New("the server needs a runner with a store")
	case s.Dialect == nil:
		return errors.New("the server needs the dialect of its store")
	case s.Authenticate == nil:
		return errors.New("the server needs Authenticate: nobody is let in unknown")
	case s.ApprovalURL == nil:
		return errors.New("the server needs ApprovalURL: a person must find what waits for them")
	}
	if s.Sender == nil {
		s.Sender = &webhook.Sender{}
	}
	s.Sender.Endpoint, s.Sender.Disable = s.endpoint, s.gone
	s.newID = func() string { return "m" + strings.ToLower(rand.Text()[:16]) }
	s.errors = &escrowhttp.Errors{Envelope: envelope, Log: s.Log}
	return s.migrate(ctx)
}

// Handler returns the handler of the whole API behind its guards. The server must be open.
func (s *Server) Handler() (http.Handler, error) {
	if s.errors == nil {
		return nil, errors.New("the server is not open")
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
	g.Errors = s.errors
	if g.Metrics == nil {
		g.Metrics = s.Metrics
	}
	if g.Log == nil {
		g.Log = s.Log
	}
	return named(g.Wrap(h)), nil
}

func (s *Server) store() *escrowsql.Store { return s.Runner.Store }

// now is the contracts' time.
func (s *Server) now() time.Time {
	if s.Runner.Clock == nil {
		return time.Now()
	}
	return s.Runner.Clock.Now()
}

// own returns a contract as it stands now, to the account that hires by it; there is none
// for anybody else. What is not in dollars is none of this API's.
func (s *Server) own(ctx context.Context, id, account string) (c escrow.Contract, ok bool, err error) {
	c, err = s.store().Find(ctx, id)
	if errors.Is(err, escrowsql.ErrNotFound) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	return s.shown(c, account)
}

// shown returns a stored contract as it stands now, if it is the account's.
func (s *Server) shown(c escrow.Contract, account string) (escrow.Contract, bool, error) {
	if c.Lifecycle() != opentrain.Lifecycle || c.Asset().Code != "USD" || c.Account(opentrain.Client) != account {
		return c, false, nil
	}
	now, _, err := escrow.AsOf(c, s.now())
	return now, err == nil, err
}
