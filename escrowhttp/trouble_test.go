package escrowhttp_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/inspection"
	"github.com/escrow-go/escrow/purchase"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBusy: who is overtaken too often is told to come again, and nothing is kept.
func TestBusy(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := s.found(t, "j1") + "/commands"
		s.Runner.Also = func(context.Context, *sql.Tx, *escrow.Decision) error { return escrowsql.ErrStale }
		got := s.ask(t, client, "POST", at, `{"action":"end"}`, "Idempotency-Key", "k")
		assert.Equal(t, 503, got.status)
		assert.Equal(t, escrowhttp.Busy, got.problem(t).Reason)
		assert.Equal(t, "1", got.header.Get("Retry-After"))
		s.Runner.Also = nil
		assert.Equal(t, 200, s.ask(t, client, "POST", at, `{"action":"end"}`, "Idempotency-Key", "k").status)
	})
}

// TestUnknownPayment: while nobody knows whether the money is held, the same request is
// to be sent again; it then goes on with the same hold.
func TestUnknownPayment(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		lost := true
		rail(t, s, func(c sandbox.Call) sandbox.Fault {
			if lost {
				return sandbox.Fault{Kind: sandbox.AnswerLost}
			}
			return sandbox.Fault{}
		})
		at := s.found(t, "j1") + "/commands"
		fund := `{"action":"fund_milestone","milestoneId":"m1"}`
		got := s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k")
		assert.Equal(t, 409, got.status)
		assert.Equal(t, escrowhttp.PaymentPending, got.problem(t).Reason)
		assert.Equal(t, "5", got.header.Get("Retry-After"))
		lost = false
		got = s.ask(t, client, "POST", at, fund, "Idempotency-Key", "k")
		assert.Equal(t, 200, got.status, got.body)
		assert.Empty(t, got.header.Get("Idempotency-Replayed"))
		intents, err := s.Runner.Store.IntentsOf(ctx, "j1")
		require.NoError(t, err)
		assert.Len(t, intents, 1)
	})
}

// TestOthersPayment: who confirms what somebody else pays learns nothing of that one's
// money.
func TestOthersPayment(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		fault := sandbox.NoFault
		rail(t, s, func(c sandbox.Call) sandbox.Fault {
			if c.Operation == sandbox.HoldCall {
				return sandbox.Fault{Kind: fault}
			}
			return sandbox.Fault{}
		})
		buyer, seller := escrow.Agent("acct_b"), escrow.Agent("acct_s")
		draft, err := inspection.Terms{ID: "s1", Title: "A bicycle", Buyer: "acct_b", Seller: "acct_s", Arbitrator: "acct_a",
			Price: decimal.NewFromInt(240), Inspection: 72 * time.Hour, ShipBy: monday.Add(96 * time.Hour)}.Draft().MarshalJSON()
		require.NoError(t, err)
		base := "/lifecycles/inspection"
		require.Equal(t, 201, s.ask(t, buyer, "POST", base+"/contracts", `{"draft":`+string(draft)+`,"command":{"action":"request"}}`).status)
		at := base + "/contracts/s1/commands"
		require.Equal(t, 200, s.ask(t, seller, "POST", at, `{"action":"agree"}`).status)
		require.Equal(t, 200, s.ask(t, buyer, "POST", at, `{"action":"pay"}`).status)
		got := s.ask(t, buyer, "POST", at, `{"action":"amend","price":"300"}`)
		require.Equal(t, 202, got.status, got.body)
		var d struct {
			Decision struct{ Approval struct{ ID string } }
		}
		require.NoError(t, json.Unmarshal([]byte(got.body), &d))
		for _, fault = range []sandbox.FaultKind{sandbox.AskPayer, sandbox.Refuse} {
			got = s.ask(t, seller, "POST", base+"/approvals/"+d.Decision.Approval.ID+"/confirm", `{}`, "Idempotency-Key", string(fault))
			assert.Equal(t, 402, got.status, got.body)
			assert.Empty(t, got.problem(t).Details)
			assert.NotContains(t, got.body, "sandbox")
		}
	})
}

// TestLease: who asks while the first is at it is told so; when the first has taken longer
// than its lease, another has done it and the first has not.
func TestLease(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		wall := &clock{now: monday}
		var h http.Handler
		ask := func(key string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", "/", strings.NewReader(`{}`))
			r.Header.Set("Idempotency-Key", key)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		var within func()
		keys := &escrowhttp.Idempotency{Store: s.Runner.Store, Wall: wall, Actor: func(*http.Request) escrow.Actor { return client }}
		h = keys.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if f := within; f != nil {
				within = nil
				f()
			}
			escrowhttp.WriteJSON(w, 200, []byte(`{"at":"`+wall.Now().Format(time.RFC3339)+`"}`))
		}))
		within = func() {
			second := ask("k")
			assert.Equal(t, 409, second.Code)
			assert.Equal(t, "1", second.Header().Get("Retry-After"))
		}
		assert.Equal(t, 200, ask("k").Code)
		within = func() {
			wall.set(monday.Add(time.Minute))
			assert.Equal(t, 200, ask("k2").Code)
			wall.set(monday.Add(time.Hour))
		}
		assert.Equal(t, 409, ask("k2").Code, "its answer is not the one that is kept")
		assert.Equal(t, `{"at":"2026-06-01T12:01:00Z"}`, ask("k2").Body.String())
	})
}

// TestVersions: a contract is asked by the version that it was founded under, others are
// founded under the newest, and the document describes both.
func TestVersions(t *testing.T) {
	spec := fixedprice.Lifecycle.Spec()
	spec.Version = 2
	second, err := escrow.Define(spec)
	require.NoError(t, err)
	sqltest.Each(t, func(t *testing.T, address string) {
		s := open(t, address)
		s.found(t, "old")
		db, dialect, err := escrowsql.Connect(address)
		require.NoError(t, err)
		defer func() { _ = db.Close() }()
		runner := *s.Runner
		runner.Store, err = escrowsql.Open(ctx, db, dialect, []*escrow.Lifecycle{fixedprice.Lifecycle, second})
		require.NoError(t, err)
		next := &site{Server: &escrowhttp.Server{Runner: &runner, Authenticate: bearer, NamedIDs: true}, clock: s.clock}
		h, err := next.Handler()
		require.NoError(t, err)
		next.address = serve(t, h)
		document, err := libopenapi.NewDocument([]byte(next.ask(t, nobody, "GET", "/openapi.json", "").body))
		require.NoError(t, err)
		var problems []error
		next.checked, problems = validator.NewValidator(document)
		require.Empty(t, problems)

		assert.Contains(t, next.ask(t, client, "GET", jobs+"/old", "").body, `"lifecycleVersion":1`)
		assert.Equal(t, 200, next.ask(t, client, "POST", jobs+"/old/commands", `{"action":"fund_milestone","milestoneId":"m1"}`).status)
		got := next.ask(t, client, "POST", jobs, strings.NewReplacer(`"lifecycleVersion":1,`, "", `"schema":1,`, "").Replace(job("new")))
		require.Equal(t, 201, got.status, got.body)
		assert.Contains(t, got.body, `"lifecycleVersion":2`)
		got = next.ask(t, client, "POST", jobs, job("older"))
		assert.Equal(t, 400, got.status, "a draft of another version: %s", got.body)
		assert.Equal(t, 200, next.ask(t, freelancer, "POST", jobs+"/new/commands", `{"action":"accept"}`).status)
	})
}

// TestServed: contracts of a lifecycle that is not served are not there.
func TestServed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.found(t, "j1")
		_, err := s.Runner.Store.NumberEvents(ctx, 100)
		require.NoError(t, err)
		require.Contains(t, s.ask(t, client, "GET", "/events", "").body, "j1")
		less := &site{Server: &escrowhttp.Server{Runner: s.Runner, Lifecycles: []*escrow.Lifecycle{inspection.Lifecycle}, Authenticate: bearer}}
		h, err := less.Handler()
		require.NoError(t, err)
		less.address = serve(t, h)
		assert.NotContains(t, less.ask(t, client, "GET", "/events", "").body, "j1")
		assert.Equal(t, 404, less.ask(t, client, "GET", jobs+"/j1", "").status)
		assert.Equal(t, 404, less.ask(t, client, "GET", "/lifecycles/inspection/contracts/j1", "").status)
	})
}

// TestSlowClock: a contract is shown as its latest decision left it and time with it, also
// by a process whose clock is behind that of the one which decided.
func TestSlowClock(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		customer := escrow.Agent("acct_c")
		draft, err := purchase.Terms{ID: "o1", Customer: "acct_c", Provider: "acct_p", Listing: "a bicycle"}.Draft().MarshalJSON()
		require.NoError(t, err)
		base := "/lifecycles/purchase/contracts"
		require.Equal(t, 201, s.ask(t, customer, "POST", base, `{"draft":`+string(draft)+`,"command":{"action":"request_payment","total":"80"}}`).status)
		for _, action := range []string{"confirm_payment", "mark_received"} {
			require.Equal(t, 200, s.ask(t, customer, "POST", base+"/o1/commands", `{"action":"`+action+`"}`).status)
		}
		s.clock.set(monday.Add(-time.Second))
		assert.Contains(t, s.ask(t, customer, "GET", base+"/o1", "").body, `"status":"`+string(purchase.Completed)+`"`)
	})
}

// TestDocument: the document is a valid one of OpenAPI 3.1, and the same every time.
func TestDocument(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		got := s.ask(t, nobody, "GET", "/openapi.json", "")
		assert.Equal(t, got.body, s.ask(t, nobody, "GET", "/openapi.json", "").body)
		ok, problems := s.checked.ValidateDocument()
		assert.True(t, ok, told(problems))
		for _, l := range s.Runner.Store.Lifecycles() {
			assert.JSONEq(t, string(l.Schema()), s.ask(t, nobody, "GET", "/lifecycles/"+l.Name()+"/schema", "").body)
		}
		assert.Contains(t, s.ask(t, nobody, "GET", "/lifecycles", "").body, "fixedprice")
	})
}
