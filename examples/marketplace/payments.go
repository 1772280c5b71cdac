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
	// State is "held" of a deposit before its decision is stored, then "captured", or
	// "voided" when another decision came first; of a payout "waiting", "review" until
	// somebody has released it, or "sent".
	State string `json:"state"`
}

// The states of payments.
const (
	held     = "held"
	captured = "captured"
	voided   = "voided"
	waiting  = "waiting"
	inReview = "review"
	sent     = "sent"
)

// outside reports whether an account is somebody's own, and not one of ours.
func outside(a escrow.Account) bool { return !a.Custody && a.ID != "" }

// deposits returns what a decision has parties pay in.
func deposits(d *escrow.Decision) (list []Payment) {
	for _, m := range d.Movements() {
		if outside(m.From) {
			list = append(list, Payment{m.ID(), m.Amount.BigInt(), held})
		}
	}
	return list
}

// payouts returns what a decision has paid to parties, in a state.
func payouts(d *escrow.Decision, state string) (list []Payment) {
	for _, m := range d.Movements() {
		if outside(m.To) {
			list = append(list, Payment{m.ID(), m.Amount.BigInt(), state})
		}
	}
	return list
}

// hold has the deposits of a decision held before it is stored, those that are held
// already once: the same command asked twice at once has one id for both. A hold that
// the server leaves behind when it stops runs out at the payment provider.
func (s *Server) hold(d *escrow.Decision) {
	s.store.replace(d.Contract.ID(), func(f *file) {
		for _, p := range deposits(d) {
			if !has(f.deposits, p.ID) {
				f.deposits = append(f.deposits, p)
			}
		}
	})
}

// void gives back the deposits of a decision that came too late to be stored, but for
// those that a stored decision has.
func (s *Server) void(d *escrow.Decision) {
	lost := deposits(d)
	s.store.replace(d.Contract.ID(), func(f *file) {
		f.deposits = turned(f.deposits, voided, func(p Payment) bool {
			return has(lost, p.ID) && (!f.books(p.ID) || s.store.has(VoidedHold))
		})
	})
}

// pay captures the deposits of stored decisions, and sends the payouts that wait.
func (s *Server) pay(id string) {
	s.store.replace(id, func(f *file) {
		f.deposits = turned(f.deposits, captured, func(p Payment) bool { return p.State == held && f.books(p.ID) })
		f.payouts = turned(f.payouts, sent, func(p Payment) bool { return p.State == waiting })
	})
}

// books reports whether a stored decision has a movement.
func (f *file) books(movement string) bool {
	return slices.ContainsFunc(f.booked, func(b Booking) bool { return b.ID == movement })
}

// has reports whether there is a payment of an id.
func has(list []Payment, id string) bool {
	return slices.ContainsFunc(list, func(p Payment) bool { return p.ID == id })
}

// turned returns payments with another state where they come to it.
func turned(list []Payment, state string, come func(Payment) bool) []Payment {
	list = slices.Clone(list)
	for i := range list {
		if come(list[i]) {
			list[i].State = state
		}
	}
	return list
}
