package escrow

import "slices"

// set returns the fields that surely have a value after an effect.
func set(fields uint64, e *effect) uint64 {
	if e.ref.slot == nil || e.ref.home != homeState {
		return fields
	}
	return setBit(fields, e)
}

// mayset returns the fields that may have a value after an effect.
func mayset(fields uint64, e *effect) uint64 {
	if e.ref.slot == nil || e.ref.home != homeState {
		return fields
	}
	if e.op == effectClear {
		return fields &^ (1 << e.ref.slot.bit)
	}
	return fields | 1<<e.ref.slot.bit
}

// setBit is what an effect makes of its field: set, or perhaps unset.
func setBit(fields uint64, e *effect) uint64 {
	bit := uint64(1) << e.ref.slot.bit
	if e.op == effectClear || e.op == effectGiven && e.loose {
		return fields &^ bit
	}
	return fields | bit
}

// knowing adds to what is known of a status what a rule asks for: its party is
// somebody, its cases hold, its requirements are met.
func (p *prover) knowing(r *rule, s standing) standing {
	if r.by != nil && r.by.sort == partyOfState {
		s.fields |= 1 << r.by.ref.slot.bit
	}
	for i := range r.cases {
		p.assume(&r.cases[i], &s)
	}
	for i := range r.needs {
		if t := r.needs[i].test; t != nil && r.needs[i].at != turnStatus {
			p.assume(t, &s)
		}
	}
	return s
}

// assume adds what a case that holds says.
func (p *prover) assume(t *test, s *standing) {
	switch {
	case t.op == testSet && !t.given && t.ref.home == homeState:
		s.fields |= 1 << t.ref.slot.bit
	case t.op == testUnset && !t.given && t.ref.home == homeState:
		s.fields, s.maybe = s.fields&^(1<<t.ref.slot.bit), s.maybe&^(1<<t.ref.slot.bit)
	case t.op == testNone:
		s.items[t.list].without(statusSet(t.mask))
	case t.op == testAll:
		for i := range t.subs {
			p.assume(&t.subs[i], s)
		}
	}
	s.may, s.sure = s.may&^t.empty, s.sure&^t.empty
	for i := range s.items {
		if t.emptyLists>>i&1 != 0 {
			s.items[i].hold = 0
		}
	}
}

// effects follows the fields of the state through a rule.
func (p *prover) effects(r *rule, before, after standing) standing {
	for _, list := range [][]effect{r.early, r.effects} {
		for i := range list {
			after.fields, after.maybe = set(after.fields, &list[i]), mayset(after.maybe, &list[i])
		}
	}
	return after
}

// known checks that everybody who pays or is paid by a step is somebody, but for
// the owner of a pot, who is whenever it holds money.
func (p *prover) known(r *rule, s *step, before, after standing) {
	if s.payer != nil && !p.somebody(s.payer, after.fields) {
		p.tell("%s pays and may not be set yet: name it in an earlier rule, in this one, or with a case", s.payer.decl.Name)
	}
	list := s.payees
	for i := range s.cuts {
		if c := &s.cuts[i]; !p.presumed(c) {
			list = append(list[:len(list):len(list)], c.to)
		}
	}
	for _, q := range list {
		if s.op != stepCharge && sameAccount(q, p.l.pots[s.pot].owner) {
			continue
		}
		if !p.somebody(q, before.fields|after.fields) {
			p.tell("%s is paid and may not be set yet: name it in an earlier rule, in this one, or with a case", q.decl.Name)
		}
	}
}

// presumed reports whether the terms are checked to name a cut's receiver wherever
// they have its ratio: without the ratio nothing is cut.
func (p *prover) presumed(c *cut) bool {
	if c.ratio.home != homeTerms || c.to.sort != partyOfTerms {
		return false
	}
	return slices.ContainsFunc(p.l.checks.needs, func(n requirement) bool {
		if n.test == nil || n.test.op != testAny || len(n.test.subs) != 2 {
			return false
		}
		none, named := &n.test.subs[0], &n.test.subs[1]
		return none.op == testUnset && none.ref == c.ratio && named.op == testSet && named.ref == c.to.ref
	})
}

// somebody reports whether a party surely has an account.
func (p *prover) somebody(q *party, fields uint64) bool {
	switch q.sort {
	case partyOfTerms:
		return !q.ref.slot.field.Optional
	case partyOfState:
		return fields>>q.ref.slot.bit&1 != 0
	case partyChosen:
		if !sureAt(q.ref, fields) {
			return false
		}
	}
	for _, o := range q.options {
		if !p.somebody(o, fields) {
			return false
		}
	}
	return true
}

// sureAt reports whether a place surely has a value.
func sureAt(at ref, fields uint64) bool {
	switch at.home {
	case homeState:
		return fields>>at.slot.bit&1 != 0
	case homeTerms:
		return !at.slot.field.Optional
	}
	return at.home == homePolicy
}

// sureMoment reports whether a moment surely is an instant in a status, with the
// fields that its state and an item surely have there.
func (p *prover) sureMoment(m *moment, fields, item uint64) bool {
	switch m.op {
	case momentField:
		if m.ref.home == homeItem {
			return item>>m.ref.slot.bit&1 != 0
		}
		return sureAt(m.ref, fields)
	case momentEntered, momentAwaited:
		return true
	}
	for _, sub := range m.subs {
		if p.sureMoment(sub, fields, item) {
			return true
		}
	}
	return false
}
