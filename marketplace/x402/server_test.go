package x402_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/x402"
	"github.com/escrow-go/escrow/opencontract"
)

// server is a small backend on real storage that is paid by x402.
type server struct {
	*escrowrun.Runner
	*httptest.Server
	rail  *x402.Rail
	inner *sandbox.Rail
	wall  *clock
	// key is what all requests are called, empty for none.
	key string
	// settling, when it is set, is told of every payment before it is settled.
	settling func(escrowrun.Hold)
}

// serve starts a server. Contracts live by a clock that stands still; payments are held
// against the clock given.
func serve(t testing.TB, payments escrow.Clock, options ...sandbox.Option) *server {
	db, dialect, err := escrowsql.Connect(sqltest.SQLite(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	store, err := escrowsql.Open(ctx, db, dialect, []*escrow.Lifecycle{opencontract.Lifecycle})
	require.NoError(t, err)
	s := &server{wall: &clock{now: noon}}
	s.inner = innerOf(t, sqltest.SQLite(t), s.wall, append(options, sandbox.WithoutHolds())...)
	own, _, err := escrowsql.Connect(sqltest.SQLite(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = own.Close() })
	s.rail, err = x402.Open(ctx, own, watched{s.inner, s}, x402.Config{Network: x402.Base, PayTo: platform, Clock: payments})
	require.NoError(t, err)
	s.Runner = &escrowrun.Runner{Store: store, Rail: s.rail, Clock: escrow.At(noon), Wall: s.wall, CallLimit: time.Minute, Jury: jury}
	s.Server = httptest.NewServer(http.HandlerFunc(s.handle))
	t.Cleanup(s.Close)
	return s
}

// watched is a rail that tells of payments before they are settled.
type watched struct {
	escrowrun.Rail
	s *server
}

func (w watched) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	if w.s.settling != nil {
		w.s.settling(h)
	}
	return w.Rail.Hold(ctx, h)
}

var jurors = []string{"ada", "bob", "cyd"}

// jury draws whoever there is, and settles.
func jury(_ context.Context, c escrow.Contract, action escrow.Action) (escrow.Command, bool, error) {
	if action == "draw" {
		var agents []string
		for _, name := range jurors {
			agents = append(agents, account(name))
		}
		return opencontract.Draw{BackupAgents: agents}.Command(), true, nil
	}
	return opencontract.Settle{}.Command(), action == "settle", nil
}

// account is that of a name's key.
func account(name string) string { return x402.AddressOf(keyOf(name)).String() }

// handle answers PUT /contracts/ID, which founds a contract, and POST
// /contracts/ID/ACTION. The bearer is who asks.
func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Worker, Delivery string
		Votes            []string
	}
	_ = json.NewDecoder(r.Body).Decode(&body)
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/contracts/"), "/")
	q := escrowrun.Request{Actor: escrow.Agent(bearer), Key: s.key}
	if len(path) == 1 {
		q.Draft, q.Command = task(path[0], bearer, body.Worker), opencontract.Create{}.Command()
	} else {
		var ballots []opencontract.Ballot
		for i, v := range body.Votes {
			ballots = append(ballots, opencontract.Ballot{CriterionIndex: i, Vote: v})
		}
		q.Contract = path[0]
		q.Command = map[string]escrow.Command{"accept": opencontract.Accept{}.Command(), "deliver": opencontract.Deliver{Delivery: body.Delivery}.Command(),
			"approve": opencontract.Approve{}.Command(), "dispute": opencontract.Dispute{}.Command(), "vote": opencontract.Vote{Ballots: ballots}.Command(),
			"cancel": opencontract.Cancel{}.Command()}[path[1]]
	}
	a, answered, err := s.rail.Ask(w, r, s.Runner, q)
	var refusal *escrow.Error
	switch {
	case answered:
	case err == nil || errors.As(err, &refusal):
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body)
	case errors.Is(err, escrowrun.ErrPaymentPending):
		http.Error(w, "payment_pending", http.StatusConflict)
	case errors.Is(err, escrowsql.ErrKeyReused), errors.Is(err, escrowsql.ErrKeyRunning):
		http.Error(w, err.Error(), http.StatusConflict)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// task is a draft of work for 50, with two criteria; any may take it when no worker is
// named.
func task(id, client, worker string) escrow.Contract {
	day := func(n time.Duration) time.Time { return noon.Add(n * 24 * time.Hour) }
	terms := opencontract.Terms{
		ID: id, Client: client, Worker: worker, Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten", "in English"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}
	if worker == "" {
		terms.AwardMethod = opencontract.AwardOpenTender
	}
	return terms.Draft()
}

// answer is what a client gets.
type answer struct {
	Status  int
	Body    string
	Settled map[string]any
	header  http.Header
}

// request is what somebody asks, and the payment that goes with it.
type request struct {
	name, method, path, body string
	payment                  *x402.Payment
}

// ask asks once, by a payment if there is one.
func (s *server) ask(t testing.TB, q request) answer {
	r, err := http.NewRequest(q.method, s.URL+q.path, bytes.NewReader([]byte(q.body)))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+account(q.name))
	if q.payment != nil {
		name, value, err := q.payment.Header()
		require.NoError(t, err)
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a := answer{Status: response.StatusCode, Body: string(body), header: response.Header}
	if text, err := base64.StdEncoding.DecodeString(response.Header.Get(x402.HeaderSettledV2)); err == nil && len(text) > 0 {
		require.NoError(t, json.Unmarshal(text, &a.Settled))
	}
	return a
}

// quoted returns what a 402 asks for, which both of its forms must say alike.
func quoted(t testing.TB, a answer) x402.Quote {
	require.Equal(t, http.StatusPaymentRequired, a.Status, a.Body)
	var body struct {
		Version int `json:"x402Version"`
		Error   string
		Accepts []x402.Quote
	}
	require.NoError(t, json.Unmarshal([]byte(a.Body), &body))
	require.Equal(t, 1, body.Version)
	require.Len(t, body.Accepts, 1)
	q := body.Accepts[0]
	q.Refused = body.Error
	if q.Refused == "payment required" {
		q.Refused = ""
	}
	header, err := q.Header()
	require.NoError(t, err)
	require.Equal(t, header, a.header.Get(x402.HeaderRequiredV2))
	q.Refused = body.Error
	return q
}

// signed returns the request with a payment of what it was asked for.
func (s *server) signed(t testing.TB, q request, version int, nonce string) request {
	p := x402.Pay(keyOf(q.name), quoted(t, s.ask(t, q)), version, nonceOf(nonce), noon)
	q.payment = &p
	return q
}

// paid asks, pays and asks again, and must be answered.
func (s *server) paid(t testing.TB, q request) answer {
	a := s.ask(t, s.signed(t, q, 1, q.name+q.method+q.path))
	require.Equal(t, http.StatusOK, a.Status, a.Body)
	return a
}

// settle does all timed work until there is none.
func (s *server) settle(t testing.TB) {
	for idle := 0; idle < 3; idle++ {
		done, err := s.Work(ctx)
		require.NoError(t, err)
		if done > 0 {
			idle = 0
		}
		s.wall.add(time.Hour)
	}
}

// balances are what every account has got less what it has paid, in whole USDC.
func (s *server) balances(t testing.TB) map[string]string {
	list, err := s.inner.Balances(ctx)
	require.NoError(t, err)
	names := map[string]string{}
	for _, name := range append([]string{"client", "worker", "rival"}, jurors...) {
		names[account(name)] = name
	}
	all := map[string]string{}
	for _, b := range list {
		who := b.Contract + b.Account
		if names[who] != "" {
			who = names[who]
		}
		if b.Units.Sign() != 0 {
			all[who] = decimal.NewFromBigInt(b.Units, -6).String()
		}
	}
	return all
}

// sound fails when store and rails do not agree.
func (s *server) sound(t testing.TB) {
	var faults []string
	_, err := s.Store.Audit(ctx, func(f escrowsql.Fault) { faults = append(faults, f.String()) })
	require.NoError(t, err)
	_, err = s.Reconcile(ctx, time.Time{}, func(d escrowrun.Difference) { faults = append(faults, d.String()) })
	require.NoError(t, err)
	overdrawn, err := s.inner.Overdrawn(ctx)
	require.NoError(t, err)
	require.Empty(t, overdrawn)
	require.Empty(t, faults)
}
