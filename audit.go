package escrow

import "math/bits"

// audit reports whether the decision balances: every movement is positive, within
// bounds and between accounts of the contract, no pot is ever overdrawn, every pot
// ends with what the next snapshot says it holds, and none holds money that its
// status cannot hold. It shares no code with what pays.
func (d *Decision) audit(before *Contract) bool {
	next := &d.Contract
	l := next.lifecycle
	var single [singlePots]Amount
	for held := before.held | ^l.posted&(1<<l.singles-1); held != 0; held &= held - 1 {
		i := bits.TrailingZeros8(uint8(held))
		single[i] = before.pots[i]
	}
	items := false
	for i := range d.moved {
		m, ok := d.movement(i), true
		if m.amount.IsZero() || m.amount.hi > maxTotal.hi {
			return false
		}
		other := m.to
		switch {
		case m.from.kind == potAccount && m.from.n < l.singles:
			single[m.from.n], ok = single[m.from.n].minus(m.amount)
		case m.to.kind == potAccount && m.to.n < l.singles:
			single[m.to.n], ok = single[m.to.n].plus(m.amount)
			other = m.from
		default:
			ok = d.isKnown(m.from)
			items = items || m.from.custody() || m.to.custody()
		}
		if !ok || !l.isCertain(other) && !d.isKnown(other) || m.from.custody() && m.to.custody() {
			return false
		}
	}
	held, may := next.held|^l.posted, l.may[next.status]
	for i := range single[:l.singles] {
		bit := potSet(1) << (i & 7)
		var is Amount
		if held&bit != 0 {
			is = next.pots[i]
		}
		if single[i] != is || may&bit == 0 && !is.IsZero() {
			return false
		}
	}
	for i := range l.lists {
		list := &l.lists[i]
		if none := len(next.items(i)) == 0 && len(before.items(i)) == 0; !none && list.pot >= 0 && !d.auditItems(before, list, items) {
			return false
		}
	}
	return next.approvals == nil || !next.ended() || next.approvals.pending() == 0
}

// isCertain reports whether every contract has the account: that of a party which
// the terms name, or that only receives.
func (l *Lifecycle) isCertain(a accountID) bool {
	return (a.kind == partyAccount || a.kind == incomingAccount) && l.certain[a.n/64]>>(a.n%64)&1 != 0
}

// isKnown reports whether an end of a movement is an account of the contract.
func (d *Decision) isKnown(a accountID) bool {
	c := &d.Contract
	l := c.lifecycle
	switch a.kind {
	case potAccount:
		return a.n < l.singles || int(a.item) < len(c.items(l.pots[a.n].list))
	case partyAccount, incomingAccount:
		p := &l.parties[a.n]
		switch {
		case l.isCertain(a):
			return true
		case p.sort == partyOfTerms:
			return c.terms.fixed.texts[p.ref.index] != ""
		case p.sort == partyOfState:
			return c.state.texts[p.ref.index] != "" || d.account(a).ID != ""
		case p.sort == partyOfItem:
			return int(a.item) < len(c.items(p.list))
		}
	}
	return false
}

// auditItems is the audit of the pots of a list's items, one by one: where money
// moved, by exactly that, elsewhere not at all; and none holds what its status cannot
// hold. That nothing moved in any item's pot spares a look at a list that is the same.
func (d *Decision) auditItems(before *Contract, list *itemList, moved bool) bool {
	next := &d.Contract
	was, is, ended := before.items(list.index), next.items(list.index), next.ended()
	switch {
	case len(is) < len(was):
		return false
	case !moved && !ended && len(is) == len(was) && &is[0] == &was[0]:
		return true
	}
	var few [16]balance
	balances := balances(few[:])
	if len(is) > len(few) {
		balances = make([]balance, len(is))
	}
	for i := 0; moved && i < d.moved; i++ {
		if !balances.move(was, d.movement(i), list.pot) {
			return false
		}
	}
	pot := &next.lifecycle.pots[list.pot]
	for i, item := range is {
		b := &balances[i]
		if !b.moved && i < len(was) {
			if was[i] == item && !ended {
				continue
			}
			b.Amount = Amount(was[i].cells[itemBalance])
		}
		held := Amount(item.cells[itemBalance])
		if held != b.Amount || !held.IsZero() && (ended || !pot.holds.has(uint8(item.cells[itemStatus].lo))) {
			return false
		}
	}
	return true
}

// balances are what each item's pot holds, of those that movements touched.
type balances []balance

type balance struct {
	Amount
	moved bool
}

// move carries out a movement, if it is one of the pot, and reports whether it can be.
func (all balances) move(was []*record, m *movement, pot int) (ok bool) {
	at, in := m.to, true
	if m.from.custody() {
		at, in = m.from, false
	}
	if !at.custody() || int(at.n) != pot {
		return true
	}
	b := &all[at.item]
	if !b.moved && int(at.item) < len(was) {
		b.Amount = Amount(was[at.item].cells[itemBalance])
	}
	if b.moved = true; in {
		b.Amount, ok = b.plus(m.amount)
	} else {
		b.Amount, ok = b.minus(m.amount)
	}
	return ok
}
