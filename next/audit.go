package escrow

// audit reports whether the decision balances: every movement is positive, within
// bounds and between accounts of the contract, no pot is ever overdrawn, every pot
// ends with what the next snapshot says it holds, and none holds money that its
// status cannot hold. It shares no code with what pays.
func (d *Decision) audit(before *Contract) bool {
	next := &d.Contract
	l := next.lifecycle
	var balance [singlePots]Amount
	for i := range l.pots {
		if p := &l.pots[i]; p.list < 0 && (!p.posted || before.held.has(p.single)) {
			balance[p.single] = before.pots[p.single]
		}
	}
	items := false
	for i := range d.moved {
		m, ok := d.movement(i), true
		from, to := m.from.custody(), m.to.custody()
		if m.amount == (Amount{}) || m.amount.hi > maxTotal.hi || from && to || !d.isKnown(m.from) || !d.isKnown(m.to) {
			return false
		}
		switch {
		case from && l.pots[m.from.n].list < 0:
			pot := &balance[l.pots[m.from.n].single]
			*pot, ok = pot.minus(m.amount)
		case to && l.pots[m.to.n].list < 0:
			pot := &balance[l.pots[m.to.n].single]
			*pot, ok = pot.plus(m.amount)
		default:
			items = items || from || to
		}
		if !ok {
			return false
		}
	}
	may := l.may[next.status]
	for i := range l.pots {
		p := &l.pots[i]
		if p.list >= 0 {
			items = true
			continue
		}
		held := next.pots[p.single]
		if p.posted && !next.held.has(p.single) {
			held = Amount{}
		}
		if balance[p.single] != held || held != (Amount{}) && !may.has(p.single) {
			return false
		}
	}
	if items && !d.auditItems(before) {
		return false
	}
	return next.approvals == nil || !next.ended() || next.approvals.pending() == 0
}

// isKnown reports whether an end of a movement is an account of the contract.
func (d *Decision) isKnown(a accountID) bool {
	c := &d.Contract
	l := c.lifecycle
	switch a.kind {
	case potAccount:
		list := l.pots[a.n].list
		return list < 0 || int(a.item) < len(c.items(list))
	case partyAccount, incomingAccount:
		switch p := &l.parties[a.n]; p.sort {
		case partyReceives:
			return true
		case partyOfTerms:
			return c.terms.fixed.texts[p.ref.slot.index] != ""
		case partyOfState:
			return c.state.texts[p.ref.slot.index] != "" || d.account(a).ID != ""
		case partyOfItem:
			return int(a.item) < len(c.items(p.list))
		}
	}
	return false
}

// auditItems is the audit of the items' pots: one by one, where money moved by
// exactly that, elsewhere not at all; and none holds what its status cannot hold.
func (d *Decision) auditItems(before *Contract) bool {
	next := &d.Contract
	terminal := next.ended()
	for n := range next.lifecycle.lists {
		list := &next.lifecycle.lists[n]
		if list.pot < 0 {
			continue
		}
		was, is := before.items(n), next.items(n)
		if len(is) < len(was) {
			return false
		}
		var changed itemChanges
		if !changed.collect(d, list.pot) {
			return false
		}
		pot := &next.lifecycle.pots[list.pot]
		for i, item := range is {
			c := changed.of(i)
			var old Amount
			if i < len(was) {
				if was[i] == item && c == (change{}) {
					continue
				}
				old = Amount(was[i].cells[itemBalance])
			}
			held := Amount(item.cells[itemBalance])
			if !sameSum(old, c.in, held, c.out) || !held.IsZero() && (terminal || !pot.holds.has(uint8(item.cells[itemStatus].lo))) {
				return false
			}
		}
	}
	return true
}

// change is what moved into and out of one item's pot.
type change struct{ in, out Amount }

// itemChanges is what moved into and out of the pots of a list's items: of few
// movements in the order in which they were made, of many by item.
type itemChanges struct {
	few   [inlineMovements]change
	items [inlineMovements]int
	n     int
	many  map[int]change
}

// of returns what moved into and out of an item's pot.
func (all *itemChanges) of(item int) change {
	for i := range all.n {
		if all.items[i] == item {
			return all.few[i]
		}
	}
	return all.many[item]
}

// set notes what moved into and out of an item's pot.
func (all *itemChanges) set(item int, c change, few bool) {
	if !few {
		if all.many == nil {
			all.many = map[int]change{}
		}
		all.many[item] = c
		return
	}
	for i := range all.n {
		if all.items[i] == item {
			all.few[i] = c
			return
		}
	}
	all.few[all.n], all.items[all.n] = c, item
	all.n++
}

// collect adds up what moved into and out of each item's pot, and reports whether it
// can be added.
func (all *itemChanges) collect(d *Decision, pot int) bool {
	for i := range d.moved {
		m, ok := d.movement(i), true
		a, in := m.to, true
		if m.from.custody() {
			a, in = m.from, false
		}
		if !a.custody() || int(a.n) != pot {
			continue
		}
		c := all.of(int(a.item))
		if in {
			c.in, ok = c.in.plus(m.amount)
		} else {
			c.out, ok = c.out.plus(m.amount)
		}
		if !ok {
			return false
		}
		all.set(int(a.item), c, d.moved <= inlineMovements)
	}
	return true
}

// sameSum reports whether a + b = c + d, without overflow.
func sameSum(a, b, c, d Amount) bool {
	x, ok := a.plus(b)
	y, ok2 := c.plus(d)
	return ok && ok2 && x == y
}
