package escrowtest

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// Deposits is who has put how much into each pot of a contract, from its movements
// alone. It is never changed; the zero value is that of a contract that holds
// nothing.
type Deposits struct{ list []deposit }

// deposit is what one account has in a pot.
type deposit struct {
	pot    escrow.Account
	from   string
	amount *big.Int
}

// DepositsOf returns the deposits of a contract whose history is not known: what it
// holds is taken for its pots' owners'.
func DepositsOf(c escrow.Contract) (d Deposits) {
	for _, h := range c.Custody() {
		owner, _ := reading.Owner(&c, h.Account)
		d.add(h.Account, idOf(owner), h.Amount.BigInt())
	}
	return d
}

// idOf names who is behind an account of a movement: the same id is the same
// account, whatever it is in the contract.
func idOf(a escrow.Account) string { return cmp.Or(a.ID, a.Kind) }

// add books a deposit; the list stays in order.
func (d *Deposits) add(pot escrow.Account, from string, amount *big.Int) {
	i, known := slices.BinarySearchFunc(d.list, deposit{pot: pot, from: from}, func(a, b deposit) int {
		return cmp.Or(cmp.Compare(a.pot.Kind, b.pot.Kind), cmp.Compare(a.pot.ID, b.pot.ID), cmp.Compare(a.from, b.from))
	})
	if known {
		amount = new(big.Int).Add(d.list[i].amount, amount)
		d.list[i].amount = amount
		return
	}
	d.list = slices.Insert(d.list, i, deposit{pot, from, amount})
}

// has reports whether an account has anything in a pot.
func (d *Deposits) has(pot escrow.Account, who string) bool {
	return slices.ContainsFunc(d.list, func(e deposit) bool { return e.pot == pot && e.from == who })
}

// take books a payout: of the receiver's own deposit first, then of the others'.
func (d *Deposits) take(pot escrow.Account, to string, amount *big.Int) {
	left := new(big.Int).Set(amount)
	for _, own := range []bool{true, false} {
		for i := range d.list {
			e := &d.list[i]
			if e.pot != pot || (e.from == to) != own {
				continue
			}
			part := left
			if e.amount.Cmp(left) < 0 {
				part = e.amount
			}
			e.amount = new(big.Int).Sub(e.amount, part)
			left = new(big.Int).Sub(left, part)
		}
	}
	d.list = slices.DeleteFunc(d.list, func(e deposit) bool { return e.amount.Sign() == 0 })
}

// AppendKey appends the deposits as bytes, equal for equal deposits.
func (d Deposits) AppendKey(dst []byte) []byte {
	for _, e := range d.list {
		dst = append(append(append(append(dst, e.pot.Kind...), 0), e.pot.ID...), 0)
		dst = append(append(append(dst, e.from...), 0), e.amount.Bytes()...)
		dst = append(dst, 0)
	}
	return dst
}

// owners checks G12 and books the movements of a decision: what a pot pays goes to
// who put it in, or whom the row named before the decision.
func (d Deposits) owners(s *Step, found *violations) Deposits {
	if len(s.Answer.Movements) == 0 || s.Before.Lifecycle() == nil {
		return d
	}
	d.list = slices.Clone(d.list)
	for _, m := range s.Answer.Movements {
		if m.From.Custody {
			if !d.has(m.From, idOf(m.To)) && s.Answer.Rule != "" && !s.named(m.From, m.To) {
				found.add("G12", "%s pays %s, who put nothing into it and whom %s did not name before", m.From, m.To, ruleOf(&s.Answer))
			}
			d.take(m.From, idOf(m.To), m.Amount.BigInt())
		}
		if m.To.Custody {
			d.add(m.To, idOf(m.From), m.Amount.BigInt())
		}
	}
	return d
}

// named reports whether the row of a decision named an account as a receiver of a
// pot: as it stood before the decision, or where nobody was the party yet, as the
// rule sets it.
func (s *Step) named(from, to escrow.Account) bool {
	before, after := &s.Before, s.After()
	pot, _ := reading.Pot(before, from)
	spec := reading.Spec(before.Lifecycle())
	for i := range spec.Rules {
		r := &spec.Rules[i]
		if pot == nil || r.ID != ruleOf(&s.Answer) || !slices.Contains(r.From, s.Answer.From) {
			continue
		}
		for _, p := range reading.Receivers(r, pot) {
			who, ok := reading.Account(p, s.viewFor(before, r, p, from))
			if !ok {
				who, ok = reading.Account(p, s.viewFor(&after, r, p, from))
			}
			if ok && who == to {
				return true
			}
		}
	}
	return false
}

// viewFor returns the view in which a receiver is looked for: the paying pot's item
// where the receiver is an item of the same list, else the item that the row is
// about.
func (s *Step) viewFor(c *escrow.Contract, r *escrow.Rule, p *escrow.Party, from escrow.Account) escrow.View {
	if pot, v := reading.Pot(c, from); pot != nil && pot.Each != nil && (r.Each == nil || p.Item == pot.Each) {
		return v
	}
	command, account := s.carriedOut()
	return reading.Subject(c, r, command, account)
}

// carriedOut returns the command that a step carries out and for whom: of a
// confirmation, those of the approval.
func (s *Step) carriedOut() (escrow.Command, string) {
	if id, _ := s.Command.Approval(); id != "" {
		if a, ok := s.Before.Approval(id); ok {
			return a.Command, a.Account
		}
	}
	return s.Command, reading.AccountOf(s.Actor)
}
