package escrow

// audit reports whether the decision balances: every movement is positive, within
// bounds and between accounts of the contract, no pot is ever overdrawn, and every pot ends
// with what the next snapshot implies. It shares no code with what pays.
func (d *Decision) audit(before *Contract) bool {
	next := &d.Contract
	known := next.known()
	balance := [singlePots]Amount{}
	for k := range balance {
		if before.held.has(potKind(k)) {
			balance[k] = before.posted[k]
		}
	}
	for i := range d.moved {
		m := d.movement(i)
		from, to, ok := m.from.kind, m.to.kind, true
		if m.amount.IsZero() || m.amount.hi > maxTotal.hi || known&(1<<from) == 0 || known&(1<<to) == 0 || from == to || from.Custody() && to.Custody() ||
			m.from.index|m.to.index != 0 && !(next.exists(m.from) && next.exists(m.to)) {
			return false
		}
		switch {
		case from.Custody() && from <= AccountDisputeBond:
			pot := &balance[from-AccountEscrow]
			*pot, ok = pot.minus(m.amount)
		case to.Custody() && to <= AccountDisputeBond:
			pot := &balance[to-AccountEscrow]
			*pot, ok = pot.plus(m.amount)
		}
		if !ok {
			return false
		}
	}
	for k := range balance {
		if next.held.has(potKind(k)) {
			if balance[k] != next.posted[k] {
				return false
			}
		} else if !balance[k].IsZero() {
			return false
		}
	}
	if before.jury == nil && next.jury == nil && before.book == nil && next.book == nil {
		return true
	}
	return d.auditMany(before, potBackupBond) && d.auditMany(before, potMilestone) && !(next.IsTerminal() && next.hasPending())
}

// auditMany is the audit of a pot that has several accounts: together, and one by
// one.
func (d *Decision) auditMany(before *Contract, k potKind) bool {
	var in, out Amount
	fits := true
	for i := range d.moved {
		m, ok := d.movement(i), true
		switch k.account().kind {
		case m.from.kind:
			out, ok = out.plus(m.amount)
		case m.to.kind:
			in, ok = in.plus(m.amount)
		}
		fits = fits && ok
	}
	was, ok := before.total(k)
	is, ok2 := d.Contract.total(k)
	return fits && ok && ok2 && sameSum(was, in, is, out) && d.eachBalances(before, k)
}

// sameSum reports whether a + b = c + d, without overflow.
func sameSum(a, b, c, d Amount) bool {
	x, ok := a.plus(b)
	y, ok2 := c.plus(d)
	return ok && ok2 && x == y
}

// eachBalances reports whether every account of a pot with several changed by
// exactly what moved: nothing, where nothing did. Movements of one account lie
// together.
func (d *Decision) eachBalances(before *Contract, k potKind) bool {
	kind := k.account().kind
	var touched accountSet
	for i := 0; i < d.moved; {
		a := d.movement(i).custodyEnd()
		was, in, out := Amount{}, Amount{}, Amount{}
		if a.kind == kind {
			was = before.holdsIn(k, a)
		}
		j := i
		for ; j < d.moved && d.movement(j).custodyEnd() == a; j++ {
			if m := d.movement(j); m.to == a {
				in, _ = in.plus(m.amount)
			} else {
				out, _ = out.plus(m.amount)
			}
		}
		i = j
		if a.kind != kind {
			continue
		}
		touched.add(a.index)
		was, _ = was.plus(in)
		is, _ := d.Contract.holds(a).plus(out)
		if was != is {
			return false
		}
	}
	return d.restStays(before, k, &touched)
}

// restStays reports whether the accounts of a pot that no movement touched hold
// what they held.
func (d *Decision) restStays(before *Contract, k potKind, touched *accountSet) bool {
	a := k.account()
	for i := range max(before.pots(k), d.Contract.pots(k)) {
		if a.index = uint16(i); touched.has(a.index) {
			continue
		}
		if before.holdsIn(k, a) != d.Contract.holdsIn(k, a) {
			return false
		}
	}
	return true
}

// holdsIn returns what one account of a pot with several holds, nothing when the
// contract has not so many.
func (c *Contract) holdsIn(k potKind, a accountID) Amount {
	if int(a.index) >= c.pots(k) {
		return Amount{}
	}
	return c.holds(a)
}

// accountSet is a set of accounts of one kind, a bit each.
type accountSet [maxMilestones/64 + 1]uint64

func (s *accountSet) add(i uint16)      { s[i/64] |= 1 << (i % 64) }
func (s *accountSet) has(i uint16) bool { return s[i/64]&(1<<(i%64)) != 0 }

// custodyEnd returns the end of the movement that lies in custody, the payer for
// a charge.
func (m *movement) custodyEnd() accountID {
	if m.to.kind.Custody() {
		return m.to
	}
	return m.from
}

// known returns the kinds of account that the contract has, one bit each.
func (c *Contract) known() uint16 {
	kinds := uint16(1<<AccountTreasury | 1<<AccountPlatform | 1<<AccountEscrow | 1<<AccountStake | 1<<AccountDisputeBond)
	if c.terms.client != "" {
		kinds |= 1 << AccountClient
	}
	if c.worker != "" {
		kinds |= 1 << AccountWorker
	}
	if c.jury != nil {
		kinds |= 1<<AccountBackup | 1<<AccountBackupBond
	}
	if len(c.milestones()) > 0 {
		kinds |= 1 << AccountMilestone
	}
	return kinds
}

// exists reports whether the contract has as many accounts of the kind.
func (c *Contract) exists(a accountID) bool {
	switch a.kind {
	case AccountBackup, AccountBackupBond:
		return int(a.index) < c.pots(potBackupBond)
	case AccountMilestone:
		return int(a.index) < c.pots(potMilestone)
	}
	return a.index == 0
}
