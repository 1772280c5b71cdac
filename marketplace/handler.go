package marketplace

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowhttp/webhook"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/marketplace/pages"
	"github.com/escrow-go/escrow/marketplace/people"
	"github.com/escrow-go/escrow/marketplace/trainapi"
)

// Handler returns the handler of all that the marketplace serves. It is made once.
func (m *Market) Handler() (http.Handler, error) {
	every := &escrowhttp.Server{Runner: m.Runner, Authenticate: m.authenticate, Guards: m.guards(), Metrics: m.metrics, Log: m.options.Log}
	contracts := &contractapi.Server{Runner: m.Runner, Keys: m.keys, Payments: m.payments(), Guards: m.guards(), Metrics: m.metrics, Log: m.options.Log}
	all, err := every.Handler()
	if err != nil {
		return nil, err
	}
	open, err := contracts.Handler()
	if err != nil {
		return nil, err
	}
	train, err := m.train.Handler()
	if err != nil {
		return nil, err
	}
	site := (&pages.Site{Runner: m.Runner, Who: m.who, Signer: signer{m.People}, Sandbox: m.sandbox(), SignIn: "/people/sign-in", Account: "/people/", Log: m.options.Log}).Handler()

	mux := http.NewServeMux()
	for _, at := range []string{"/lifecycles", "/lifecycles/", "/events", "/openapi.json"} {
		mux.Handle(at, all)
	}
	mux.Handle("/v1/", open)
	mux.Handle(trainapi.Base+"/", train)
	mux.Handle("/people/", m.People.Handler())
	mux.Handle("/healthz", escrowhttp.Alive())
	mux.Handle("/readyz", escrowhttp.Ready(m.Runner.Store))
	if m.Clock != nil { // a live marketplace's are for Operations, on a listener of its own
		mux.Handle("/metrics", m.metrics.Handler())
		m.playground(mux, site)
	}
	mux.Handle("/", site)
	outer := m.guards()
	outer.Limits.Rate, outer.Limits.CallerRate = -1, -1 // the APIs have limits of their own
	outer.Log = m.options.Log
	return outer.Wrap(mux), nil
}

// Operations is what an operator's machines ask a live marketplace for, on a listener of
// its own: /healthz, /readyz and /metrics.
func (m *Market) Operations() http.Handler { return escrowhttp.Operations(m.Runner.Store, m.metrics) }

// guards are what stands before every handler: a sandbox answers to this machine's own
// names only, and not through a proxy.
func (m *Market) guards() escrowhttp.Guards {
	g := escrowhttp.Guards{Hosts: hostsOf(m.options.Origin)}
	if m.Clock != nil {
		g.RefuseForwarded = true
		port := ""
		if origin, err := url.Parse(m.options.Origin); err == nil && origin.Port() != "" {
			port = ":" + origin.Port()
		}
		g.Hosts = []string{"localhost" + port, "127.0.0.1" + port, "[::1]" + port}
	}
	return g
}

// hostsOf is the host of an address, as browsers send it.
func hostsOf(origin string) []string {
	address, err := url.Parse(origin)
	if err != nil {
		return nil
	}
	return []string{address.Host}
}

// authenticate returns who asks: by a key of an agent's, or a token of a person's.
func (m *Market) authenticate(r *http.Request) (escrow.Actor, error) {
	if actor, err := m.keys.Authenticate(r); err != nil || actor.ID != "" {
		return actor, err
	}
	actor, _, err := m.People.Authenticate(r)
	return actor, refusedPerson(err)
}

// refusedPerson is why a person or their token is refused, as an API tells it.
func refusedPerson(err error) error {
	var refused *people.Error
	if !errors.As(err, &refused) {
		return err
	}
	code := escrow.Unauthorized
	if refused.Status == http.StatusForbidden {
		code = escrow.Forbidden
	}
	return escrow.NewRefusal(code, escrow.Reason(refused.Code), refused.Error(), nil)
}

// caller is whose token asks in OpenTrain's API. People see what they asked for; an
// account's own people are its owners.
func (m *Market) caller(r *http.Request) (trainapi.Caller, error) {
	actor, _, err := m.People.Authenticate(r)
	if err != nil || actor.Kind != escrow.KindToken {
		return trainapi.Caller{}, refusedPerson(err)
	}
	user, err := m.People.User(r.Context(), actor.User)
	if err != nil {
		return trainapi.Caller{}, refusedPerson(err)
	}
	first, last, _ := strings.Cut(user.Name, " ")
	return trainapi.Caller{Actor: actor, Owner: true, Me: trainapi.Me{
		Actor:   trainapi.MeActor{UserID: user.ID, FirstName: first, LastName: last, FullName: user.Name, UserType: "EMPLOYER"},
		Account: trainapi.MeAccount{Kind: "PERSONAL", OwnerUserID: user.ID, MemberRole: "OWNER"},
	}}, nil
}

// newTrain is OpenTrain's API, whose webhooks a sandbox sends to this machine, too.
func (m *Market) newTrain() *trainapi.Server {
	return &trainapi.Server{Runner: m.Runner, Dialect: m.dialect, Authenticate: m.caller,
		ApprovalURL: func(id string) string {
			return strings.TrimSuffix(m.options.Origin, "/") + "/approvals/" + url.PathEscape(id)
		},
		Sender: &webhook.Sender{Sandbox: m.Clock != nil, Wall: m.options.Wall}, Guards: m.guards(), Metrics: m.metrics, Log: m.options.Log}
}

// Loopback reports whether a listener is reached from this machine only, as a sandbox's
// must be.
func Loopback(l net.Listener) bool {
	at, ok := l.Addr().(*net.TCPAddr)
	return ok && at.IP.IsLoopback()
}
