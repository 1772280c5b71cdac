package escrowtest

import (
	"maps"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// money checks G1 and G2: no pot appears or loses anything that no movement
// tells, none is overdrawn, and every movement is of something, between two
// accounts of the contract of which one at least is outside custody.
func (v *violations) money(s *Step) {
	pots := holdings(&s.Before)
	after := s.After()
	for _, m := range s.Answer.Movements {
		if m.Amount.IsZero() || m.From == m.To || m.From.Custody && m.To.Custody {
			v.add("G2", "%s moves from %s to %s", m.Amount, m.From, m.To)
		}
		for _, a := range []escrow.Account{m.From, m.To} {
			if s.Answer.Contract != nil && !reading.Knows(&after, a) && !reading.Knows(&s.Before, a) {
				v.add("G2", "%s is no account of the contract", a)
			}
		}
		change(pots, m.From, new(big.Int).Neg(m.Amount.BigInt()))
		change(pots, m.To, m.Amount.BigInt())
	}
	for _, name := range slices.Sorted(maps.Keys(pots)) {
		if pots[name].Sign() < 0 {
			v.add("G2", "%s pays %s more than it holds", name, new(big.Int).Neg(pots[name]))
		}
	}
	if s.Answer.Contract != nil {
		v.balance(pots, holdings(&after), "by its movements")
	}
	if after.IsTerminal() {
		v.empty(&after)
	}
}

// holdings returns what each account of custody holds.
func holdings(c *escrow.Contract) map[string]*big.Int {
	held := map[string]*big.Int{}
	for _, h := range c.Custody() {
		held[h.Account.String()] = h.Amount.BigInt()
	}
	return held
}

// change books a movement on an account of custody.
func change(pots map[string]*big.Int, a escrow.Account, by *big.Int) {
	if !a.Custody {
		return
	}
	name := a.String()
	if pots[name] == nil {
		pots[name] = new(big.Int)
	}
	pots[name].Add(pots[name], by)
}

// balance compares what should be held with what is.
func (v *violations) balance(want, got map[string]*big.Int, how string) {
	names := maps.Clone(want)
	maps.Copy(names, got)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if w, g := orZero(want[name]), orZero(got[name]); w.Cmp(g) != 0 {
			v.add("G1", "%s holds %s smallest units, and should hold %s %s", name, g, w, how)
		}
	}
}

func orZero(x *big.Int) *big.Int {
	if x == nil {
		return new(big.Int)
	}
	return x
}

// empty checks G3: a contract that has ended holds nothing and waits for nobody.
func (v *violations) empty(c *escrow.Contract) {
	for _, h := range c.Custody() {
		v.add("G3", "the contract is %s, and %s still holds %s", c.Status(), h.Account, h.Amount)
	}
	for _, a := range c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			v.add("G3", "the contract is %s, and approval %s is pending", c.Status(), a.ID)
		}
	}
	if next, ok := escrow.NextDeadline(*c); ok {
		v.add("G3", "the contract is %s, and waits for %s", c.Status(), next.Moment)
	}
}
