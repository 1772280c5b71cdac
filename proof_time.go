package escrow

import "slices"

// proveTime checks the rows of time: what they may do, that each makes itself
// undue, and that no circle of them turns without time passing.
func (p *prover) proveTime() {
	for i := range p.l.rules {
		r := &p.l.rules[i]
		p.where = "rule " + r.ID
		if timed := r.action == actionAdvance; timed != r.Window.Due {
			p.fail("advance, and advance alone, has a Due window: let anybody else act Before or From the moment")
		} else if timed {
			p.proveTimed(r)
			p.proveUndue(r)
		}
		p.awaits(r)
	}
	p.where = ""
	p.proveCircles()
}

// proveTimed checks that a row of time cannot refuse.
func (p *prover) proveTimed(r *rule) {
	switch {
	case r.by == nil || r.by.sort != partyAnyone:
		p.fail("advance is for Anyone: time asks nobody")
	case len(r.needs) > 0:
		p.fail("advance needs nothing, and this row needs %s: make it a case (When)", r.needs[0].decl.name())
	case r.cosigned:
		p.fail("advance waits for nobody: it has no co-sign")
	case r.granted:
		p.fail("advance needs no Grant")
	case r.starts(0):
		p.fail("advance does not start from a draft: nothing is due there")
	}
	for i := range r.money {
		if !r.money[i].pays() {
			p.fail("advance collects no money, and this row does: %s", *r.money[i].decl)
		}
	}
}

// proveUndue checks that a row of time is not due again at once: it leaves the
// status, moves the item, or moves the moment.
func (p *prover) proveUndue(r *rule) {
	if r.due == nil || r.to != sameStatus && !r.starts(r.to) {
		return
	}
	moves := r.each >= 0 && r.becomes != 0 && r.being != 0 && !r.being.has(uint8(r.becomes))
	if !moves && !slices.ContainsFunc(r.due.fields(), func(at ref) bool { return r.writes(at) != nil }) {
		p.fail("stays due: it must leave the status, give the item another one (Becomes, not in Being), or set or clear what %s comes from", r.due.name)
	}
}

// awaits refuses an approval's expiry where no approval is waited for.
func (p *prover) awaits(r *rule) {
	if r.due == nil || !r.due.awaited() {
		return
	}
	for s := range p.l.statuses {
		waits := slices.ContainsFunc(p.l.rules, func(o rule) bool { return o.cosigned && o.CoSign.While == p.l.statuses[s] })
		if r.starts(uint8(s)) && (!waits || s == 0) {
			p.fail("waits for an approval to expire in %s, and none is waited for there (CoSign.While)", p.l.statuses[s].label())
		}
	}
}

func (m *moment) awaited() bool {
	return m.op == momentAwaited || slices.ContainsFunc(m.subs, (*moment).awaited)
}

// fields returns the instants that a moment comes from.
func (m *moment) fields() (list []ref) {
	if m.op == momentField {
		list = append(list, m.ref)
	}
	for _, sub := range m.subs {
		list = append(list, sub.fields()...)
	}
	return list
}

// writes returns the effect by which a rule sets or clears a field, nil for none.
func (r *rule) writes(at ref) *effect {
	for i := range r.effects {
		if e := &r.effects[i]; e.ref.slot == at.slot && e.ref.home == at.home {
			return e
		}
	}
	return nil
}

// timeStep is a row of time as a step from one status to another, of the contract or
// of the items of a list.
type timeStep struct {
	r        *rule
	from, to uint8
}

// proveCircles looks for circles of rows of time in which no moment lies a
// duration after the last turn: among the statuses, and among each list's.
func (p *prover) proveCircles() {
	var turns []timeStep
	items := make([][]timeStep, len(p.l.lists))
	for i := range p.l.rules {
		r := &p.l.rules[i]
		if r.due == nil {
			continue
		}
		for s := range uint8(len(p.l.statuses)) {
			if r.starts(s) && (r.to != sameStatus || r.each < 0) {
				turns = append(turns, timeStep{r, s, r.end(s)})
			}
		}
		if r.each >= 0 && r.to == sameStatus {
			items[r.each] = append(items[r.each], p.itemTurns(r)...)
		}
	}
	p.circle(turns)
	for _, list := range items {
		p.circle(list)
	}
}

// end returns where a row leads from a status.
func (r *rule) end(s uint8) uint8 {
	if r.to == sameStatus {
		return s
	}
	return r.to
}

func (p *prover) itemTurns(r *rule) (turns []timeStep) {
	for s := range uint8(len(p.l.lists[r.each].decl.Statuses) + 1) {
		if r.being == 0 || r.being.has(s) {
			to := s
			if r.becomes != 0 {
				to = uint8(r.becomes)
			}
			turns = append(turns, timeStep{r, s, to})
		}
	}
	return turns
}

// circle refuses a circle of turns none of which takes time.
func (p *prover) circle(turns []timeStep) {
	var instant []timeStep
	for _, t := range turns {
		if !t.takesTime(turns) {
			instant = append(instant, t)
		}
	}
	for _, t := range instant {
		if reaches(instant, t.to, t.from) {
			p.where = "rule " + t.r.ID
			p.fail("is due again at once, in a circle of rows of time: let %s lie a duration (Plus, After) after the turn before", t.r.due.name)
			p.where = ""
			return
		}
	}
}

// reaches reports whether turns lead from one status to another.
func reaches(turns []timeStep, from, to uint8) bool {
	seen, next := statusSet(1)<<from, []uint8{from}
	for len(next) > 0 {
		at := next[0]
		if next = next[1:]; at == to {
			return true
		}
		for _, t := range turns {
			if t.from == at && !seen.has(t.to) {
				seen |= 1 << t.to
				next = append(next, t.to)
			}
		}
	}
	return false
}

// takesTime reports whether a turn comes a duration after the one before, however
// its status was entered by time, and after itself.
func (t timeStep) takesTime(turns []timeStep) bool {
	return t.later(t.r.due, false, turns)
}

// later reports whether a moment is always moved into the future by a turn's
// circle, or taken away; plus says that a duration is added to it.
func (t timeStep) later(m *moment, plus bool, turns []timeStep) bool {
	plus = plus || m.plus.slot != nil || m.fixed > 0
	switch m.op {
	case momentEntered:
		return plus && t.from != t.to
	case momentAwaited:
		return true
	case momentField:
		return t.moved(m.ref, plus, turns)
	case momentEarlier, momentFirst:
		return !slices.ContainsFunc(m.subs, func(sub *moment) bool { return !t.later(sub, plus, turns) })
	}
	return slices.ContainsFunc(m.subs, func(sub *moment) bool { return t.later(sub, plus, turns) })
}

// moved reports whether the turns that set a field all move it, and the turn
// itself or all that come before it do.
func (t timeStep) moved(at ref, plus bool, turns []timeStep) bool {
	before, all := true, true
	for _, o := range turns {
		e := o.r.writes(at)
		if e != nil && !moves(e, plus) {
			all = false
		}
		if o.to == t.from && e == nil && !(plus && lastEntry(at.slot.field, o, t)) {
			before = false
		}
	}
	return all && (before || t.r.writes(at) != nil)
}

// moves reports whether an effect clears a field or sets it after now.
func moves(e *effect, plus bool) bool {
	return e.op == effectClear || e.op == effectNow && (plus || e.plus.slot != nil)
}

// lastEntry reports whether a field is when the status was last entered, and a
// turn enters it.
func lastEntry(f *Field, o, t timeStep) bool {
	return len(f.EnteredLast) > 0 && o.from != o.to && slices.Contains(f.EnteredLast, t.r.group.lifecycle.statuses[o.to])
}
