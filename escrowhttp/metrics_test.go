package escrowhttp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMetrics: decisions, refusals and requests are counted by labels that callers cannot
// make up, and what waits in the store is told.
func TestMetrics(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.Metrics.Watch(s.Runner.Store, s.clock)
		at := s.found(t, "j1") + "/commands"
		fund := `{"action":"fund_milestone","milestoneId":"m1"}`
		require.Equal(t, 200, s.ask(t, client, "POST", at, fund).status)
		require.Equal(t, 409, s.ask(t, client, "POST", at, fund).status)
		require.Equal(t, 400, s.ask(t, client, "POST", at, `{"action":"made_up"}`).status)
		require.Equal(t, 404, s.ask(t, client, "GET", jobs+"/made-up", "").status)
		require.Equal(t, 200, s.ask(t, freelancer, "POST", at, `{"action":"submit","milestoneId":"m1","work":"here"}`).status)
		r, err := http.NewRequest("BREW", s.address+"/made-up", nil)
		require.NoError(t, err)
		got, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, got.Body.Close())
		s.clock.set(monday.Add(15 * 24 * time.Hour)) // the review window ended a day ago

		text := s.ask(t, nobody, "GET", "/metrics", "").body
		for _, line := range []string{
			`escrow_decisions_total{action="fund_milestone",lifecycle="fixedprice"} 1`,
			`escrow_decisions_total{action="offer",lifecycle="fixedprice"} 1`,
			`escrow_refusals_total{action="fund_milestone",lifecycle="fixedprice",reason="`,
			`escrow_refusals_total{action="unknown",lifecycle="fixedprice",reason="unknown_action"} 1`,
			`escrow_http_request_duration_seconds_count{method="POST",route="POST /lifecycles/fixedprice/contracts/{contract}/commands",status="200"} 3`,
			`escrow_http_request_duration_seconds_count{method="GET",route="GET /lifecycles/fixedprice/contracts/{contract}",status="404"} 1`,
			`escrow_http_request_duration_seconds_count{method="unknown",route="none",status="404"} 1`,
			"escrow_deadline_lag_seconds 86400\n", "escrow_outbox_age_seconds 0\n", "escrow_dead_letters 0\n", "escrow_shortfalls 0\n", "escrow_payments_in_review 0\n",
		} {
			assert.Contains(t, text, line)
		}
		assert.NotContains(t, text, "made")
	})
}

// TestOperations: an operator's machines ask on a listener of their own.
func TestOperations(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		h := escrowhttp.Operations(s.Runner.Store, s.Metrics)
		ask := func(path string) int {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			return w.Code
		}
		assert.Equal(t, []int{200, 200, 200, 404}, []int{ask("/healthz"), ask("/readyz"), ask("/metrics"), ask("/lifecycles")})
		_, err := s.Runner.Store.DB().Exec(`DELETE FROM escrow_schema`)
		require.NoError(t, err)
		assert.Equal(t, 503, ask("/readyz"), "the tables are of an older version")
		require.NoError(t, s.Runner.Store.DB().Close())
		assert.Equal(t, []int{200, 503, 200}, []int{ask("/healthz"), ask("/readyz"), ask("/metrics")})
	})
}

// TestIdempotency: any handler is done once under a key; what it answers is kept unless
// it says that the request may be sent again.
func TestIdempotency(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		done, status := 0, 200
		i := &escrowhttp.Idempotency{Store: s.Runner.Store, Actor: func(*http.Request) escrow.Actor { return client }}
		h := i.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			done++
			if r.URL.Path == "/panics" {
				panic(http.ErrAbortHandler)
			}
			escrowhttp.About(r, "j1")
			body, err := escrowhttp.ReadBody(r)
			assert.NoError(t, err)
			escrowhttp.WriteJSON(w, status, body)
		}))
		ask := func(key, path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			if key != "" {
				r.Header.Set("Idempotency-Key", key)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		for _, kept := range []int{200, 201, 403, 404, 409} {
			status, done = kept, 0
			key := http.StatusText(kept)[:2]
			first, again := ask(key, "/", `{"a":1, "b":2}`), ask(key, "/", `{"b":2,"a":1}`)
			assert.Equal(t, 1, done, "%d", kept)
			assert.Equal(t, kept, first.Code)
			assert.Equal(t, first.Body.String(), again.Body.String())
			assert.Equal(t, first.Code, again.Code)
			assert.Equal(t, "true", again.Header().Get(escrowhttp.ReplayHeader))
			assert.Equal(t, 422, ask(key, "/", `{"a":1,"b":3}`).Code)
			assert.Equal(t, 422, ask(key, "/other", `{"a":1,"b":2}`).Code)
			assert.Equal(t, 422, ask(key, "/?q", `{"a":1,"b":2}`).Code)
		}
		for _, free := range []int{400, 401, 402, 429, 500, 503} {
			status, done = free, 0
			ask("k"+http.StatusText(free)[:2], "/", `{}`)
			ask("k"+http.StatusText(free)[:2], "/", `{"other":1}`)
			assert.Equal(t, 2, done, "%d", free)
		}
		status, done = 200, 0
		ask("", "/", `{}`)
		ask("", "/", `{}`)
		assert.Equal(t, 2, done, "without a key every request is another")
		assert.Panics(t, func() { ask("p", "/panics", `{}`) })
		assert.Equal(t, 200, ask("p", "/", `{}`).Code, "the key is free after a panic")
		// Numbers that a double takes for the same are not.
		assert.Equal(t, 200, ask("n", "/", `{"a":9007199254740993}`).Code)
		assert.Equal(t, 422, ask("n", "/", `{"a":9007199254740992}`).Code)
		assert.Equal(t, 400, ask("k k", "/", `{}`).Code)
		k := &escrowsql.Key{Account: "acct_c", Key: "http/busy", Fingerprint: "x"}
		_, err := s.Runner.Store.BeginKey(ctx, k, time.Now(), time.Now().Add(time.Hour))
		require.NoError(t, err)
		assert.Equal(t, 422, ask("busy", "/", `{}`).Code)
	})
}
