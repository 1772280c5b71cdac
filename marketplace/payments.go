package marketplace

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/marketplace/contractapi"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// byX402 is how callers of OpenContract's calls pay.
type byX402 struct{ *x402.Rail }

// payments is how callers pay: in a sandbox by x402; of a live marketplace it is left to
// its rail, unless that is one of x402.
func (m *Market) payments() contractapi.Payments {
	if m.till != nil {
		return byX402{m.till.Rail}
	}
	if rail, ok := m.options.Rail.(*x402.Rail); ok {
		return byX402{rail}
	}
	return nil
}

// Proof implements contractapi.Payments.
func (byX402) Proof(r *http.Request) (json.RawMessage, string, error) { return x402.Proof(r) }

// Require implements contractapi.Payments.
func (p byX402) Require(w http.ResponseWriter, r *http.Request, h escrowrun.Hold, refused error) error {
	q, err := p.Quote(h)
	if err != nil {
		return err
	}
	if refused != nil {
		q.Refused = reasonOf(refused)
	}
	return x402.Require(w, r, q)
}

// reasonOf is why a payment was not taken, in the protocol's word where it has one.
func reasonOf(err error) string {
	var refusal *x402.Refusal
	if errors.As(err, &refusal) {
		return refusal.Reason
	}
	var payment *escrowrun.PaymentError
	if errors.As(err, &payment) {
		return payment.Transfer.Reason
	}
	return x402.ReasonPayload
}

// Settled implements contractapi.Payments.
func (p byX402) Settled(w http.ResponseWriter, r *http.Request, proof json.RawMessage) error {
	t, err := p.Paid(r.Context(), proof)
	if errors.Is(err, escrowrun.ErrNoTransfer) {
		return nil
	}
	if err != nil {
		return err
	}
	return x402.Settled(w, p.Network(), t)
}
