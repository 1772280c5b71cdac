package marketplace

import (
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
)

// Payment is a deposit that a party makes or a payout that it gets, under the id of
// its movement, so that asking the payment provider again pays nothing twice.
type Payment struct {
	ID    string   `json:"id"`
	Units *big.Int `json:"units"`
	// State is "captured" of a deposit; of a payout "waiting", "review" until
	// somebody has released it, or "sent".
	State string `json:"state"`
}

// outside reports whether an account is somebody's own, and not one of ours.
func outside(a escrow.Account) bool { return !a.Custody && a.ID != "" }

// payments returns what a decision has paid in and out; payouts wait for their
// review, unless they do not.
func payments(d *escrow.Decision, reviews bool) (deposits, payouts []Payment) {
	state := "waiting"
	if _, looked := d.Review(); looked && reviews {
		state = "review"
	}
	for _, m := range d.Movements() {
		if outside(m.From) {
			deposits = append(deposits, Payment{m.ID(), m.Amount.BigInt(), "captured"})
		}
		if outside(m.To) {
			payouts = append(payouts, Payment{m.ID(), m.Amount.BigInt(), state})
		}
	}
	return deposits, payouts
}

// send sends the payouts that wait.
func send(payouts []Payment) []Payment {
	sent := make([]Payment, len(payouts))
	for i, p := range payouts {
		if sent[i] = p; p.State == "waiting" {
			sent[i].State = "sent"
		}
	}
	return sent
}

// anew returns payouts under other ids: a payment provider pays them once more.
func anew(payouts []Payment) []Payment {
	again := slices.Clone(payouts)
	for i := range again {
		again[i].ID += "/again"
	}
	return again
}
