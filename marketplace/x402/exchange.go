package x402

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Ask asks a request of a runner whose rail this is, as a server has to that is paid by
// x402: what costs something and is not paid for, or not well, is answered by 402, and
// then answered is true. Otherwise the caller answers with what the runner says; the
// headers that tell of a payment are written already.
//
// While nobody knows whether a payment for the same request is settled, the error is
// [escrowrun.ErrPaymentPending], to be told as a conflict: whoever were asked to pay once
// more might pay twice. The same request with the same payment goes on from there. A
// request's own key names it, if it has one; else its payment does.
func (r *Rail) Ask(w http.ResponseWriter, request *http.Request, runner *escrowrun.Runner, q escrowrun.Request) (a escrowrun.Answer, answered bool, err error) {
	proof, key, err := Proof(request)
	if err != nil {
		return r.require(w, request, runner, q, asRefusal(err).Reason)
	}
	switch {
	case proof == nil:
		holds, err := runner.Quote(request.Context(), q)
		if err == nil && len(holds) > 0 {
			return r.require(w, request, runner, q, "")
		}
		if errors.Is(err, escrowrun.ErrPaymentPending) {
			return a, false, err
		}
	case q.Key == "":
		if err := r.mayPay(request, runner, q, proof); err != nil {
			return a, false, err
		}
		q.Key = key
	}
	q.Proof = proof
	a, err = runner.Ask(request.Context(), q)
	var payment *escrowrun.PaymentError
	switch {
	case errors.As(err, &payment):
		return r.require(w, request, runner, q, payment.Transfer.Reason)
	case errors.Is(err, escrowrun.ErrNoKey): // it has come to cost something meanwhile
		return r.require(w, request, runner, q, "")
	case err == nil && proof != nil:
		r.tell(w, request, proof)
	}
	return a, false, err
}

// mayPay is ErrPaymentPending when another payment for the same request may have been
// settled.
func (r *Rail) mayPay(request *http.Request, runner *escrowrun.Runner, q escrowrun.Request, proof json.RawMessage) error {
	_, err := r.Paid(request.Context(), proof)
	if !errors.Is(err, escrowrun.ErrNoTransfer) {
		return nil // it is this payment that is waited for, or has been made
	}
	if _, err = runner.Quote(request.Context(), q); errors.Is(err, escrowrun.ErrPaymentPending) {
		return err
	}
	return nil
}

// require answers 402 with what is to be paid now. What is refused anyway, or costs
// nothing, is not to be paid.
func (r *Rail) require(w http.ResponseWriter, request *http.Request, runner *escrowrun.Runner, q escrowrun.Request, refused string) (a escrowrun.Answer, answered bool, err error) {
	holds, err := runner.Quote(request.Context(), q)
	if refusal := (*escrow.Error)(nil); errors.As(err, &refusal) {
		q.Key, q.Proof = "", nil
		a, err = runner.Ask(request.Context(), q)
		return a, false, err
	}
	if err == nil && len(holds) != 1 {
		err = refuse(ReasonRequirements, "one account pays for a request, not %d: ask without a payment", len(holds))
	}
	if err != nil {
		return a, false, err
	}
	quote, err := r.Quote(holds[0])
	if err != nil {
		return a, false, err
	}
	quote.Refused = refused
	return a, true, Require(w, request, quote)
}

// tell writes the headers that tell what was paid, if anything was. The answer stands,
// whether they can be written or not.
func (r *Rail) tell(w http.ResponseWriter, request *http.Request, proof json.RawMessage) {
	if t, err := r.Paid(request.Context(), proof); err == nil {
		_ = Settled(w, r.config.Network, t)
	}
}
