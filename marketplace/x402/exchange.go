package x402

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/escrow-go/escrow/escrowrun"
)

// Ask asks a request of a runner whose rail this is, as a server has to that is paid by
// x402: what costs something and is not paid for, or not well, is answered by 402, and
// then answered is true. Otherwise the caller answers with what the runner says; the
// headers that tell of a payment are written already.
//
// While nobody knows whether a payment for the same request is settled, the error is
// [escrowrun.ErrPaymentPending], to be told as a conflict: whoever were asked to pay once
// more might pay twice. The same request with the same payment goes on from there.
func (r *Rail) Ask(w http.ResponseWriter, request *http.Request, runner *escrowrun.Runner, q escrowrun.Request) (a escrowrun.Answer, answered bool, err error) {
	proof, key, err := Proof(request)
	if err != nil {
		return r.require(w, request, runner, q, asRefusal(err).Reason)
	}
	if proof == nil {
		holds, err := runner.Quote(request.Context(), q)
		switch {
		case err == nil && len(holds) > 0:
			return r.require(w, request, runner, q, "")
		case errors.Is(err, escrowrun.ErrPaymentPending):
			return a, false, err
		}
		a, err = runner.Ask(request.Context(), q)
		return a, false, err
	}
	if err := r.mayPay(request, runner, q, proof); err != nil {
		return a, false, err
	}
	if q.Proof = proof; q.Key == "" {
		q.Key = key
	}
	a, err = runner.Ask(request.Context(), q)
	var payment *escrowrun.PaymentError
	switch {
	case errors.As(err, &payment):
		return r.require(w, request, runner, q, payment.Transfer.Reason)
	case err != nil:
		return a, false, err
	}
	return a, false, r.tell(w, request, proof)
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
	if err == nil && len(holds) == 0 {
		err = refuse(ReasonRequirements, "there is nothing to pay: ask without a payment")
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

// tell writes the headers that tell what was paid, if anything was.
func (r *Rail) tell(w http.ResponseWriter, request *http.Request, proof json.RawMessage) error {
	t, err := r.Paid(request.Context(), proof)
	if err != nil {
		return nil // nothing was paid; or the answer stands, though nobody can say now what was
	}
	return Settled(w, r.config.Network, t)
}
