package escrow

import "slices"

// groups collects the rules by action, the engine's own actions last.
func (k *compiler) groups() {
	l := k.l
	var acts []*Act
	for i := range l.rules {
		if act := l.rules[i].On; !slices.Contains(acts, act) {
			if j := slices.IndexFunc(acts, func(a *Act) bool { return a.action == act.action }); j >= 0 {
				k.fail("rule %s: action %s is declared twice", l.rules[i].ID, act.action)
				continue
			}
			acts = append(acts, act)
		}
	}
	own := []*Act{actAdvance}
	if confirm := k.confirmAct(); confirm != nil {
		own = append(own, confirm, actDecline, actRevoke)
	}
	for _, act := range own {
		if !slices.Contains(acts, act) {
			acts = append(acts, act)
		}
	}
	l.groups = make([]group, len(acts))
	for i, act := range acts {
		slot := act.action.slot()
		l.groups[i] = group{lifecycle: l, act: act, action: act.action, own: ownActions[act.action], next: l.slots[slot], list: -1, seat: -1, first: -1}
		l.slots[slot] = uint8(i + 1)
		k.target(&l.groups[i])
	}
	for i := range l.rules {
		r := &l.rules[i]
		if r.group = l.named(r.action); r.group != nil {
			r.group.join(r)
		}
	}
	timed := slices.ContainsFunc(l.timed, func(rows []*rule) bool {
		return slices.ContainsFunc(rows, func(r *rule) bool { return runAny(r.cases) })
	})
	for i := range l.groups {
		g := &l.groups[i]
		g.share()
		g.even = !slices.ContainsFunc(g.rules, func(r *rule) bool {
			first := g.rules[0]
			return r.each != first.each || r.being != first.being || !sameMoment(r.opens, first.opens) || !sameMoment(r.closes, first.closes)
		})
		g.ofItem = g.target != nil || g.first >= 0 || g.seat >= 0
		g.functions = timed || g.own != ownNone && l.functions || slices.ContainsFunc(g.rules, func(r *rule) bool { return r.functions })
	}
}

// answerable returns the statuses in which an approval can wait for an answer.
func (l *Lifecycle) answerable() (list []Status) {
	for i := range l.rules {
		r := &l.rules[i]
		if !r.cosigned {
			continue
		}
		for _, s := range slices.Concat(r.From, []Status{r.CoSign.While}) {
			if s != Draft && !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
	}
	return list
}

// share numbers the cases that stand in several rows of the action.
func (g *group) share() {
	times, numbers := map[*Case]int{}, map[*Case]uint8{}
	for _, r := range g.rules {
		eachTest(r.cases, func(t *test) { times[t.decl]++ })
	}
	for _, r := range g.rules {
		eachTest(r.cases, func(t *test) {
			if t.shared = numbers[t.decl]; t.shared == 0 && times[t.decl] > 1 && len(numbers) < 63 {
				t.shared = uint8(len(numbers) + 1)
				numbers[t.decl] = t.shared
			}
		})
	}
}

// eachTest visits tests and those that they combine.
func eachTest(tests []test, visit func(*test)) {
	for i := range tests {
		visit(&tests[i])
		eachTest(tests[i].subs, visit)
	}
}

// confirmAct returns the lifecycle's action of co-signing: with all that a
// confirmation may carry. Without co-signed rules there is none.
func (k *compiler) confirmAct() *Act {
	cosigned := false
	words := []Word{approvalID, seenHash}
	for i := range k.l.rules {
		r := &k.l.rules[i]
		cosigned = cosigned || r.cosigned
		for _, f := range declarations(r.CoSign.Adjusts) {
			if !slices.ContainsFunc(words, func(w Word) bool { return w.Declaration() == f }) {
				words = append(words, f)
			}
		}
	}
	switch {
	case !cosigned:
		return nil
	case len(words) == 2:
		return actConfirm
	}
	// What a confirmation changes it may leave out, whatever the action demands.
	for i, w := range words {
		if f := w.Declaration(); f != approvalID && !f.Optional {
			words[i] = f.optional()
		}
	}
	return Do(actionConfirm, words...)
}

// target finds the field of the action that names an item.
func (k *compiler) target(g *group) {
	for i := range g.act.layout.slots {
		s := &g.act.layout.slots[i]
		if s.field.Kind != TargetKind {
			continue
		}
		if g.list = k.l.listOf(s.field.List); g.list < 0 {
			k.fail("action %s: the list of its target %s is not declared", g.action, s.field.Name)
		}
		g.target = s
		return
	}
}

// join adds a rule to those of its action.
func (g *group) join(r *rule) {
	g.rules = append(g.rules, r)
	for _, s := range r.From {
		if !slices.Contains(g.starts, s) {
			g.starts = append(g.starts, s)
		}
	}
	if r.by != nil && r.by.sort == partyOfItem && g.target == nil {
		g.seat = r.by.list
	}
	switch {
	case r.each < 0 || g.target != nil || g.action == actionAdvance:
	case r.First:
		g.first = r.each
	case g.lifecycle.lists[r.each].key().Kind == AccountKind:
		g.seat = r.each
	}
}

// prepare makes the refusals of a rule, so that refusing allocates nothing.
func (k *compiler) prepare(r *rule) {
	l := k.l
	if r.group == nil {
		return
	}
	add := func(e *Error) *Error {
		if e == nil {
			return nil
		}
		r.refusals = append(r.refusals, e.of(r.action, r.ID))
		return r.refusals[len(r.refusals)-1]
	}
	if r.by != nil {
		add(r.by.refusal)
		add(r.by.instead)
		for _, p := range r.by.options {
			add(p.refusal)
		}
	}
	for _, reason := range []Reason{DeadlineDue, WindowClosed, NothingDue, Unbalanced, UserMissing, TooMany} {
		add(l.refuse(reason))
	}
	starts := labels(r.group.starts)
	r.wrong = add(l.refuse(WrongStatus).with("statuses", starts))
	for i := range r.cases {
		r.missed = append(r.missed, l.refuse(WrongStatus).with("statuses", starts).with("case", r.cases[i].decl.name()).of(r.action, r.ID))
	}
	for i := range r.needs {
		r.needs[i].refusal = r.needs[i].refusal.of(r.action, r.ID)
	}
}

// limitOf returns where the terms have the instant before which no deadline of a
// status is due, -1 when there is no single one.
func limitOf(rows []*rule) int16 {
	limit := int16(-1)
	for _, r := range rows {
		m := r.due
		if m == nil || !m.plain || m.ref.home != homeTerms || m.ref.slot.field.Optional || limit >= 0 && limit != int16(m.ref.index) {
			return -1
		}
		limit = int16(m.ref.index)
	}
	return limit
}

// collectMoments lists the moments that open or close the rules' windows, each
// once. An approval's expiry is told of every pending one.
func (k *compiler) collectMoments() {
	for i := range k.l.rules {
		r := &k.l.rules[i]
		for _, m := range []*moment{r.opens, r.closes, r.due} {
			if m == nil || m.op == momentAwaited {
				continue
			}
			known := slices.IndexFunc(k.l.moments, func(other *moment) bool { return other.name == m.name })
			switch {
			case known < 0:
				k.l.moments = append(k.l.moments, m)
			case k.l.moments[known].decl != m.decl && !k.l.moments[known].like(m):
				k.fail("rule %s: two moments have the name %s", r.ID, m.name)
			}
		}
	}
}

// like reports whether two moments are the same instant.
func (m *moment) like(o *moment) bool {
	if m.op != o.op || m.ref != o.ref || m.plus != o.plus || m.fixed != o.fixed || len(m.subs) != len(o.subs) {
		return false
	}
	for i := range m.subs {
		if !m.subs[i].like(o.subs[i]) {
			return false
		}
	}
	return true
}

// collectEntries finds the fields that the engine writes when a status is entered.
func (k *compiler) collectEntries() {
	l := k.l
	l.entered = make([][]entry, len(l.statuses))
	for i := range l.state.slots {
		s := &l.state.slots[i]
		for _, first := range []bool{true, false} {
			in := s.field.EnteredLast
			if first {
				in = s.field.EnteredFirst
			}
			for _, status := range in {
				if n := l.indexOf(status); n >= 0 {
					l.entered[n] = append(l.entered[n], entry{s, first})
				} else {
					k.fail("field %s: there is no status %s%s", s.field.Name, status, suggestion(string(status), labels(l.statuses)))
				}
			}
		}
	}
}
