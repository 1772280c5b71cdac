package x402_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// create has the client found a contract that the worker is asked for, or anybody.
func create(id, worker string) request {
	return request{name: "client", method: "PUT", path: "/contracts/" + id, body: `{"worker":"` + worker + `"}`}
}

func accept(id, name string) request {
	return request{name: name, method: "POST", path: "/contracts/" + id + "/accept"}
}

// TestRequestIsPaidOnce: the same request with the same payment is answered by the same
// bytes, and collected once; in either version of the protocol.
func TestRequestIsPaidOnce(t *testing.T) {
	for version := 1; version <= 2; version++ {
		s := serve(t, escrow.At(noon))
		q := quoted(t, s.ask(t, create("c1", "")))
		assert.Equal(t, "50000000", q.Amount.String())
		assert.Equal(t, s.URL+"/contracts/c1", q.Resource)
		assert.Empty(t, s.balances(t), "a quote is nothing")
		paying := s.signed(t, create("c1", ""), version, "n")
		first := s.ask(t, paying)
		require.Equal(t, http.StatusOK, first.Status, first.Body)
		assert.Equal(t, true, first.Settled["success"])
		assert.Equal(t, account("client"), first.Settled["payer"])
		assert.Equal(t, "50000000", first.Settled["amount"])
		again := s.ask(t, paying)
		assert.Equal(t, first.Body, again.Body)
		assert.Equal(t, first.Settled, again.Settled)
		s.settle(t)
		assert.Equal(t, map[string]string{"client": "-50", "c1": "50"}, s.balances(t))
		s.sound(t)
	}
}

// TestBadPaymentsAreAskedFor: what does not pay is answered by 402, with the reason and
// what would be right, and nothing is collected.
func TestBadPaymentsAreAskedFor(t *testing.T) {
	s := serve(t, escrow.At(noon))
	good := s.signed(t, create("c1", ""), 1, "n")
	change := func(f func(*x402.Payment)) request {
		q, p := good, *good.payment
		f(&p)
		q.payment = &p
		return q
	}
	pay := func(q x402.Quote, version int, at time.Duration) request {
		p := x402.Pay(keyOf("client"), q, version, nonceOf("n"), noon.Add(at))
		return request{good.name, good.method, good.path, good.body, &p}
	}
	asked := quoted(t, s.ask(t, create("c1", "")))
	less, elsewhere, receiver := asked, asked, asked
	less.Amount, elsewhere.Resource, receiver.PayTo = escrow.Units(1), s.URL+"/contracts/c2", stranger
	for name, c := range map[string]struct {
		request request
		want    string
	}{
		"altered amount":   {change(func(p *x402.Payment) { p.Authorization.Value = escrow.Units(1) }), x402.ReasonValue},
		"altered time":     {change(func(p *x402.Payment) { p.Authorization.ValidBefore++ }), x402.ReasonSignature},
		"altered nonce":    {change(func(p *x402.Payment) { p.Authorization.Nonce[0]++ }), x402.ReasonSignature},
		"altered payer":    {change(func(p *x402.Payment) { p.Authorization.From = stranger }), x402.ReasonPayer},
		"another amount":   {pay(less, 1, 0), x402.ReasonValue},
		"another resource": {pay(elsewhere, 2, 0), x402.ReasonRequirements},
		"another receiver": {pay(receiver, 2, 0), x402.ReasonRecipient},
		"expired":          {pay(asked, 1, -time.Hour), x402.ReasonValidBefore},
		"not valid yet":    {pay(asked, 1, time.Hour), x402.ReasonValidAfter},
	} {
		q := quoted(t, s.ask(t, c.request))
		assert.Equal(t, c.want, q.Refused, name)
		assert.Equal(t, asked.Amount, q.Amount, name)
	}
	assert.Empty(t, s.balances(t))
	require.Equal(t, http.StatusOK, s.ask(t, good).Status, "what was refused did not use it up")
	s.settle(t)
	assert.Equal(t, map[string]string{"client": "-50", "c1": "50"}, s.balances(t))
	s.sound(t)
}

// TestPaymentForAnotherRequest: a payment that was made for one request pays for no
// other, though it is of the same amount.
func TestPaymentForAnotherRequest(t *testing.T) {
	s := serve(t, escrow.At(noon))
	first := s.signed(t, create("c1", ""), 1, "n")
	require.Equal(t, http.StatusOK, s.ask(t, first).Status)
	second := create("c2", "")
	second.payment = first.payment
	assert.Equal(t, http.StatusConflict, s.ask(t, second).Status)
	s.settle(t)
	assert.Equal(t, map[string]string{"client": "-50", "c1": "50"}, s.balances(t))
	s.sound(t)
}

// TestPendingPayment: while nobody knows whether the payment is settled, the request is
// never quoted again, with a payment or without; the same payment goes on.
func TestPendingPayment(t *testing.T) {
	var down atomic.Bool
	faults := sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		switch {
		case down.Load() && c.Operation == sandbox.HoldCall:
			return sandbox.Fault{Kind: sandbox.AnswerLost}
		case down.Load():
			return sandbox.Fault{Kind: sandbox.RequestLost}
		}
		return sandbox.Fault{}
	}})
	s := serve(t, escrow.At(noon), faults)
	paying, other := s.signed(t, create("c1", ""), 1, "n"), s.signed(t, create("c1", ""), 1, "other")
	down.Store(true)
	for _, q := range []request{paying, create("c1", ""), paying, other} {
		a := s.ask(t, q)
		assert.Equal(t, http.StatusConflict, a.Status)
		assert.Equal(t, "payment_pending\n", a.Body)
	}
	down.Store(false)
	assert.Equal(t, http.StatusConflict, s.ask(t, create("c1", "")).Status)
	assert.Equal(t, http.StatusConflict, s.ask(t, other).Status)
	require.Equal(t, http.StatusOK, s.ask(t, paying).Status)
	s.settle(t)
	assert.Equal(t, map[string]string{"client": "-50", "c1": "50"}, s.balances(t))
	s.sound(t)
}

// TestLostRace: who has paid and was too late gets the money back, once.
func TestLostRace(t *testing.T) {
	s := serve(t, escrow.At(noon))
	s.paid(t, create("c1", ""))
	late := s.signed(t, accept("c1", "worker"), 2, "late")
	s.settling = func(h escrowrun.Hold) {
		s.settling = nil // while the worker pays, a rival does
		s.paid(t, accept("c1", "rival"))
	}
	lost := s.ask(t, late)
	assert.Equal(t, http.StatusNotFound, lost.Status, "what others have taken is not theirs to see")
	again := s.ask(t, late)
	assert.Equal(t, lost.Status, again.Status)
	assert.Equal(t, lost.Body, again.Body)
	assert.Equal(t, http.StatusNotFound, s.ask(t, accept("c1", "worker")).Status, "nobody is asked to pay for what is taken")
	s.settle(t)
	assert.Equal(t, map[string]string{"client": "-50", "rival": "-2.5", "c1": "52.5"}, s.balances(t))
	refunds := 0
	for x, err := range s.rail.List(ctx, time.Time{}) {
		require.NoError(t, err)
		if x.Kind == escrowrun.RefundKind {
			refunds++
			assert.Equal(t, account("worker"), x.Account)
		}
	}
	assert.Equal(t, 1, refunds)
	s.sound(t)
}

// TestRefusedBeforePaying: who may not do it is not asked to pay for it, and is not
// charged when a payment comes along.
func TestRefusedBeforePaying(t *testing.T) {
	s := serve(t, escrow.At(noon))
	s.paid(t, create("c1", account("worker")))
	assert.Equal(t, http.StatusForbidden, s.ask(t, accept("c1", "client")).Status)
	bad := x402.Pay(keyOf("client"), quote(2_500_000), 2, nonceOf("bad"), noon)
	bad.Resource = "https://elsewhere.example/"
	wrong := accept("c1", "client")
	wrong.payment = &bad
	assert.Equal(t, http.StatusForbidden, s.ask(t, wrong).Status, "nor to pay better")
	free := request{name: "client", method: "POST", path: "/contracts/c1/cancel"}
	p := x402.Pay(keyOf("client"), quote(100), 1, nonceOf("tip"), noon)
	free.payment = &p
	a := s.ask(t, free)
	require.Equal(t, http.StatusOK, a.Status, a.Body)
	assert.Empty(t, a.Settled, "it costs nothing, and nothing is taken")
	s.settle(t)
	assert.Empty(t, s.balances(t))
	s.sound(t)
}

// TestOneHeader: a request carries one payment, in the header of its own version.
func TestOneHeader(t *testing.T) {
	p := x402.Pay(keyOf("payer"), quote(100), 1, nonceOf("n"), noon)
	_, value, err := p.Header()
	require.NoError(t, err)
	want := func(want string, headers ...string) {
		r := httptest.NewRequest("POST", "/", nil)
		for _, h := range headers {
			r.Header.Add(h, value)
		}
		proof, key, err := x402.Proof(r)
		assert.Equal(t, want, reason(t, err))
		assert.Equal(t, len(headers) > 0 && err == nil, proof != nil)
		assert.Equal(t, len(headers) > 0 && err == nil, key != "")
	}
	want("")
	want("", x402.HeaderPaymentV1)
	want(x402.ReasonVersion, x402.HeaderPaymentV2)
	want(x402.ReasonPayload, x402.HeaderPaymentV1, x402.HeaderPaymentV1)
	want(x402.ReasonPayload, x402.HeaderPaymentV1, x402.HeaderPaymentV2)
	var refusal *x402.Refusal
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set(x402.HeaderPaymentV1, "no payment")
	_, _, err = x402.Proof(r)
	assert.True(t, errors.As(err, &refusal))
}

// TestTooLittleMoney: who has less is told so, and pays by another authorization once
// there is enough; the one that was refused is used up.
func TestTooLittleMoney(t *testing.T) {
	s := serve(t, escrow.At(noon), sandbox.WithFunds())
	require.NoError(t, s.inner.Give(ctx, "g1", account("client"), usdc, escrow.Units(49_999_999)))
	paying := s.signed(t, create("c1", ""), 1, "n")
	assert.Equal(t, x402.ReasonFunds, quoted(t, s.ask(t, paying)).Refused)
	require.NoError(t, s.inner.Give(ctx, "g2", account("client"), usdc, escrow.Units(1)))
	assert.Equal(t, x402.ReasonNonceUsed, quoted(t, s.ask(t, paying)).Refused)
	require.Equal(t, http.StatusOK, s.ask(t, s.signed(t, create("c1", ""), 1, "again")).Status)
	left, err := s.inner.Funds(ctx, account("client"), usdc)
	require.NoError(t, err)
	assert.Equal(t, "0", left.String())
	s.settle(t)
	s.sound(t)
}

// TestKeyOfTheClients: a client that names its requests itself pays once for one of them,
// by however many payments.
func TestKeyOfTheClients(t *testing.T) {
	s := serve(t, escrow.At(noon))
	s.key = "mine"
	first := s.ask(t, s.signed(t, create("c1", ""), 1, "n"))
	require.Equal(t, http.StatusOK, first.Status, first.Body)
	p := x402.Pay(keyOf("client"), quote(50_000_000), 1, nonceOf("another"), noon)
	q := create("c1", "")
	for _, q.payment = range []*x402.Payment{&p, nil} {
		again := s.ask(t, q)
		assert.Equal(t, http.StatusOK, again.Status)
		assert.Equal(t, first.Body, again.Body)
	}
	s.settle(t)
	assert.Equal(t, map[string]string{"client": "-50", "c1": "50"}, s.balances(t))
	s.sound(t)
}
