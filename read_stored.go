package escrow

// stored makes a stored contract, or one that is imported, of what was read: it
// completes what is implied, and refuses what no contract can be.
func (x *contractReader) stored() *Error {
	c := &x.c
	if !validContractID(x.t.id) {
		return field(Malformed, "id", "must be 1 to 200 bytes of printable ASCII without blanks and slashes")
	}
	for _, check := range []func() *Error{x.values, x.storedPolicy, x.fields, x.promised, x.lists, x.agreements, x.times, x.money, x.waiting, x.ending} {
		if e := check(); e != nil {
			return e
		}
	}
	if c.revision >= maxCount {
		return field(Malformed, "revision", "is too large")
	}
	return nil
}

// values refuses the first value that cannot be one of its field.
func (x *contractReader) values() *Error {
	if len(x.soft) == 0 {
		return nil
	}
	return asStored(x.soft[0].fault)
}

// asStored is a refusal of a stored contract: malformed, whatever a draft is
// refused for, but for amounts.
func asStored(e *Error) *Error {
	if e == nil || e.reason == AmountBounds || e.reason == AmountScale || e.reason == RuleFailed || e.reason == Malformed {
		return e
	}
	own := *e.shape
	entry := codeOf[Malformed]
	own.code, own.reason, own.remedy = entry.Code, Malformed, entry.Remedy
	return newError(own)
}

// storedPolicy judges the policy by the bounds of its lifecycle's version. A field
// that is misspelt is no policy's.
func (x *contractReader) storedPolicy() *Error {
	e := x.policyFault
	if e == nil {
		e = x.c.policyFault()
	}
	if e == nil {
		return nil
	}
	if name, _ := e.details["field"].(string); x.misspelt(name) {
		return e
	}
	return asStored(e)
}

// misspelt reports whether a policy field is one that the lifecycle does not have.
func (x *contractReader) misspelt(path string) bool {
	if len(path) <= len("policy.") || path[:len("policy.")] != "policy." {
		return false
	}
	_, known := x.l.policy.names[path[len("policy."):]]
	return !known
}

// fields checks the values of terms and state against their bounds, and that what
// the status needs is there.
func (x *contractReader) fields() *Error {
	c := &x.c
	for i := range x.l.terms.slots {
		s := &x.l.terms.slots[i]
		if e := c.storedFault(s.field, s, x.t.fixed, Malformed); e != nil {
			return asStored(e)
		}
	}
	for i := range x.l.state.slots {
		s := &x.l.state.slots[i]
		if !c.state.has(s) && !s.field.Amendable {
			continue
		}
		if e := c.storedFault(s.field, s, c.state, Malformed); e != nil {
			return asStored(e)
		}
	}
	return nil
}

// promised checks what the lifecycle demands of terms and policy across fields, as
// far as no rule but an amendment changes them: of drafts, and where they are founded.
func (x *contractReader) promised() *Error {
	e := x.c.brokenPromise()
	if e == nil && x.c.status != 0 {
		e = x.c.unfounded()
	}
	return asStored(e)
}

// lists checks the items of every list.
func (x *contractReader) lists() *Error {
	for i := range x.l.lists {
		l := &x.l.lists[i]
		items := x.c.items(i)
		if len(items) < l.decl.Least || len(items) > l.max() {
			return field(Malformed, l.decl.Name, "there are "+counted(l.decl.Least, l.max()))
		}
		for _, item := range items {
			if e := x.c.itemFault(l, -1, item); e != nil {
				return asStored(e)
			}
			if len(l.decl.Statuses) > 0 && item.cells[itemStatus].lo == 0 {
				return field(Malformed, l.decl.Name+".status", "is missing")
			}
		}
		if duplicate := duplicateOf(items); duplicate != "" {
			return field(Malformed, l.decl.Name, "two have the "+l.key().Name+" "+truncate(duplicate))
		}
	}
	return nil
}

// agreements reads the approvals.
func (x *contractReader) agreements() *Error {
	x.readTurn(turnApprovals)
	return x.fault
}

// times completes the times that an import may leave out, and demands those that
// the status needs.
func (x *contractReader) times() *Error {
	c := &x.c
	switch {
	case !x.strict:
		if c.decidedAt.isZero() {
			c.decidedAt = c.latest()
		}
		if c.enteredAt.isZero() {
			c.enteredAt = c.decidedAt
		}
		if e := x.implied(); e != nil {
			return e
		}
	case c.decidedAt.isZero():
		return field(Malformed, "decidedAt", "is missing")
	case c.enteredAt.isZero():
		return field(Malformed, "enteredAt", "is missing")
	}
	for i := range x.l.state.slots {
		if s := &x.l.state.slots[i]; c.state.has(s) && x.l.maybe[c.status]>>s.bit&1 == 0 {
			return field(Malformed, s.field.Name, "must be absent in status "+x.head.status)
		}
	}
	for _, s := range x.l.required[c.status] {
		if at := x.l.locate(s.field); !c.home(at.ref).has(at.slot) {
			return field(Malformed, s.field.Name, "is missing in status "+x.head.status)
		}
	}
	return nil
}

// latest returns the latest instant at which something is known to have happened.
func (c *Contract) latest() instant {
	at := c.createdAt
	later := func(i instant) {
		if at.before(i) {
			at = i
		}
	}
	later(c.enteredAt)
	for _, a := range c.approvals.all() {
		later(instantOf(a.CreatedAt))
		if !a.ResolvedAt.IsZero() {
			later(instantOf(a.ResolvedAt))
		}
	}
	for _, m := range c.lifecycle.wire.moments {
		if m.home != homeItem {
			later(c.home(m).cells[m.slot.index].instant())
			continue
		}
		for _, item := range c.items(m.list) {
			later(item.cells[m.slot.index].instant())
		}
	}
	return at
}

// implied sets the instants that the object leaves out and its status, and case,
// implies.
func (x *contractReader) implied() (e *Error) {
	c := &x.c
	q := c.timeless()
	defer recoverInto(&e, noRule)
	for i := range x.l.wire.implied {
		own := &x.l.wire.implied[i]
		if !own.in.has(c.status) || own.when != nil && !q.holds(own.when) {
			continue
		}
		records := []*record{c.state}
		if own.at.home == homeItem {
			records = c.items(own.at.list)
		} else if own.at.home == homeTerms {
			records = []*record{x.t.fixed}
		}
		for _, rec := range records {
			if at := own.moment.at(c, rec); !rec.has(own.at.slot) && !at.isZero() {
				rec.set |= 1 << own.at.slot.bit
				rec.cells[own.at.slot.index] = at.cell()
			}
		}
	}
	return nil
}

// waiting checks the approvals against the status: one that waits has what it waits
// for, one that is terminal waits for nothing.
func (x *contractReader) waiting() *Error {
	c := &x.c
	if c.IsTerminal() && c.approvals.pending() > 0 {
		return field(Malformed, "approvals", "an ended contract has no pending approval")
	}
	awaits := false
	for _, r := range x.l.timed[c.status] {
		awaits = awaits || r.due.op == momentAwaited
	}
	if awaits && c.awaited() == nil {
		return field(Malformed, "approvals", "status "+x.head.status+" needs its pending approval")
	}
	return nil
}

// ending refuses money that nothing would ever move: where a status holds some, time
// or the system by itself leaves it, unless it stands open-ended.
func (x *contractReader) ending() (e *Error) {
	defer recoverInto(&e, noRule)
	c := &x.c
	if c.status == 0 || c.ended() || x.l.spec.OpenEnded[c.place()] != nil || !c.holds() {
		return nil
	}
	q := c.timeless()
	if due, _ := q.due(); due != nil {
		return nil
	}
	for i := range x.l.rules {
		if r := &x.l.rules[i]; r.by.admitsSystem() && r.starts(c.status) && r.opens == nil && r.closes == nil && r.to != sameStatus {
			return nil
		}
	}
	return field(Malformed, "status", "holds money in "+x.head.status+", and has no instant that ends it")
}
