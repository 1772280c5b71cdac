package contractapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slips is a payments' protocol of the test's: who pays says who they are and a number of
// their own.
type slips struct{}

type slip struct {
	From, Nonce string
}

func (slips) Proof(r *http.Request) (json.RawMessage, string, error) {
	header := r.Header.Get("X-PAYMENT")
	if header == "" {
		return nil, "", nil
	}
	text, err := base64.StdEncoding.DecodeString(header)
	var x slip
	if err == nil {
		err = json.Unmarshal(text, &x)
	}
	if err != nil {
		return nil, "", errors.New("no slip")
	}
	return text, "slip-" + x.From + "-" + x.Nonce, nil
}

func (slips) Require(w http.ResponseWriter, r *http.Request, h escrowrun.Hold, refused error) error {
	why := "payment required"
	if refused != nil {
		why = refused.Error()
	}
	body, err := json.Marshal(map[string]any{"x402Version": 1, "error": why, "accepts": []any{map[string]any{"maxAmountRequired": h.Amount.String(), "payer": h.Payer, "resource": r.URL.Path}}})
	escrowhttp.WriteJSON(w, http.StatusPaymentRequired, body)
	return err
}

func (slips) Settled(w http.ResponseWriter, _ *http.Request, proof json.RawMessage) error {
	w.Header().Set("X-PAYMENT-RESPONSE", base64.StdEncoding.EncodeToString(proof))
	return nil
}

// counter is a rail that wants slips of who pays. While silent it answers nobody.
type counter struct {
	escrowrun.Rail
	silent atomic.Bool
}

func (c *counter) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	var x slip
	if c.silent.Load() {
		return escrowrun.Transfer{}, errors.New("no answer")
	}
	if json.Unmarshal(h.Proof, &x) != nil || x.From != h.Payer {
		return escrowrun.Transfer{ID: h.ID, Kind: escrowrun.HoldKind, State: escrowrun.Refused, Contract: h.Contract, Account: h.Payer, Asset: h.Asset, Amount: h.Amount, Reason: "no slip of the payer's"}, nil
	}
	return c.Rail.Hold(ctx, h)
}

func (c *counter) Lookup(ctx context.Context, id string) (escrowrun.Transfer, error) {
	if c.silent.Load() {
		return escrowrun.Transfer{}, errors.New("no answer")
	}
	return c.Rail.Lookup(ctx, id)
}

// paid is the header of a payment.
func paid(from agent, nonce string) []string {
	return []string{"X-PAYMENT", base64.StdEncoding.EncodeToString([]byte(asJSON(slip{from.address, nonce})))}
}

// TestPaid: what costs something is quoted, and done when it is paid, once for each payment.
func TestPaid(t *testing.T) {
	var rail *counter
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker", "stranger", "ada", "bob", "cyd")
		client, worker, stranger := a[0], a[1], a[2]
		s.jury = []string{a[3].address, a[4].address, a[5].address}
		body := task(worker.address)
		quote := s.ask(t, client, "POST", "/v1/contracts", body).need(t, 402)
		assert.JSONEq(t, fmt.Sprintf(`{"x402Version":1,"error":"payment required","accepts":[{"maxAmountRequired":"50000000","payer":%q,"resource":"/v1/contracts"}]}`, client.address), quote.body)
		assert.Empty(t, s.get(t, client, "/v1/contracts").list(t), "a quote stores nothing")
		s.ask(t, client, "POST", "/v1/contracts", body, "X-PAYMENT", "~").need(t, 402)
		s.ask(t, client, "POST", "/v1/contracts", body, paid(worker, "1")...).need(t, 402)
		made := s.ask(t, client, "POST", "/v1/contracts", body, paid(client, "1")...).need(t, 201)
		assert.NotEmpty(t, made.header.Get("X-PAYMENT-RESPONSE"))
		again := s.ask(t, client, "POST", "/v1/contracts", body, paid(client, "1")...).need(t, 201)
		assert.Equal(t, made.data(t), again.data(t), "the same payment is the same request")
		assert.Equal(t, "true", again.header.Get(escrowhttp.ReplayHeader))
		at := made.header.Get("Location")

		s.ask(t, stranger, "POST", at+"/accept", `{"accept":true}`, paid(stranger, "1")...).need(t, 404)
		s.ask(t, stranger, "POST", at+"/accept", `{"accept":true}`).need(t, 404)
		s.ask(t, client, "POST", at+"/accept", `{"accept":true}`).need(t, 403)
		assert.Contains(t, s.ask(t, worker, "POST", at+"/accept", `{"accept":true}`).need(t, 402).body, `"maxAmountRequired":"2500000"`)
		s.ask(t, worker, "POST", at+"/accept", `{"accept":true}`, paid(worker, "1")...).need(t, 200)
		for range 2 { // what costs nothing is done once, too
			s.ask(t, worker, "POST", at+"/delivery", `{"delivery":"x"}`, escrowhttp.KeyHeader, "d1").need(t, 200)
		}

		rail.silent.Store(true)
		dispute := func() answer { return s.ask(t, client, "POST", at+"/dispute", "", paid(client, "2")...) }
		assert.Equal(t, "payment_pending", dispute().need(t, 409).code(t))
		assert.Equal(t, "payment_pending", s.ask(t, client, "POST", at+"/dispute", "").need(t, 409).code(t), "nobody is quoted twice while it is not known")
		rail.silent.Store(false)
		dispute().need(t, 200)
		s.work(t, monday)
		assert.Contains(t, s.ask(t, a[3], "POST", at+"/votes", ballots("met", "met", "met")).need(t, 402).body, `"maxAmountRequired":"7500000"`)
		for _, judge := range a[3:] {
			s.ask(t, judge, "POST", at+"/votes", ballots("met", "met", "met"), paid(judge, "1")...).need(t, 200)
		}
		s.work(t, monday)
		assert.Equal(t, "settled-fully-met", s.get(t, client, at).text(t, "status"))
		assert.Equal(t, []string{"-52.5", "50", "0"}, s.balances(t, client, worker, a[3]))
	}, func(s *site) {
		rail = &counter{Rail: s.money}
		s.Runner.Rail, s.Payments = rail, slips{}
	})
}

// TestOnce: a request that is sent again under its key is done once, and its answer is the
// same.
func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a := s.agents(t, "client", "worker")
		key := []string{escrowhttp.KeyHeader, "k1"}
		body := task(a[1].address)
		first := s.ask(t, a[0], "POST", "/v1/contracts", body, key...).need(t, 201)
		second := s.ask(t, a[0], "POST", "/v1/contracts", body, key...).need(t, 201)
		assert.Equal(t, first.data(t), second.data(t))
		assert.Len(t, s.get(t, a[0], "/v1/contracts").list(t), 1)
		assert.Equal(t, "invalid_request", s.ask(t, a[0], "POST", "/v1/contracts", task(""), key...).need(t, 422).code(t))
		at := first.header.Get("Location")
		s.ask(t, a[1], "POST", at+"/accept", `{"accept":true}`, key...).need(t, 200)
		assert.Equal(t, "matched", s.ask(t, a[1], "POST", at+"/accept", `{"accept":true}`, key...).need(t, 200).text(t, "status"))
		s.ask(t, a[1], "POST", at+"/withdraw", "", escrowhttp.KeyHeader, "a b").need(t, 400)
		assert.Equal(t, "matched", s.get(t, a[0], at).text(t, "status"))
	})
}

// TestRefusedMoney: without a payments' protocol a payer whose money is not to be had is told
// so in the API's own form.
func TestRefusedMoney(t *testing.T) {
	s := open(t, t.TempDir()+"/escrow.db", func(s *site) { s.Runner.Rail = &counter{Rail: s.money} })
	got := s.ask(t, s.agents(t, "client")[0], "POST", "/v1/contracts", task("")).need(t, 402)
	assert.Equal(t, "payment_required", got.code(t))
	assert.Empty(t, got.header.Get("Location"))
}

// TestRates: who asks too often is told 429.
func TestRates(t *testing.T) {
	s := open(t, t.TempDir()+"/escrow.db", func(s *site) { s.Guards.Limits = escrowhttp.Limits{CallerRate: 0.001, CallerBurst: 1} })
	s.ask(t, nobody, "GET", "/v1/protocol", "").need(t, 401)
	got := s.ask(t, nobody, "GET", "/v1/protocol", "").need(t, 429)
	assert.Equal(t, "rate_limited", got.code(t))
	assert.NotEmpty(t, got.header.Get("Retry-After"))
}

// TestHandler: what a server cannot be without.
func TestHandler(t *testing.T) {
	s := open(t, t.TempDir()+"/escrow.db")
	runner := s.Runner
	s.Runner = nil
	_, err := s.Handler()
	require.ErrorContains(t, err, "runner")
	s.Runner, s.Keys = runner, nil
	_, err = s.Handler()
	require.ErrorContains(t, err, "Keys")
}
