package escrow

import "slices"

// table compiles the rules into groups by action.
func (k *compiler) table() {
	l := k.l
	for i := range l.lists {
		list := &l.lists[i]
		reason := list.decl.Reason
		if reason == "" {
			reason = InvalidTerms
		}
		list.miscounted = l.field(reason, list.decl.Name, "a draft names "+counted(list.decl.Least, list.decl.Most))
	}
	l.rules = make([]rule, len(l.spec.Rules))
	l.timed = make([][]*rule, len(l.statuses))
	l.waiting = make([][]*rule, len(l.statuses))
	for i := range l.spec.Rules {
		row := &l.spec.Rules[i]
		k.where = "rule " + row.ID
		k.compileRule(&l.rules[i], row, i)
	}
	k.where = ""
	k.groups()
	for i := range l.rules {
		r := &l.rules[i]
		k.where = "rule " + r.ID
		k.prepare(r)
	}
	k.where = ""
	l.limit = make([]int16, len(l.statuses))
	for s, rows := range l.timed {
		l.limit[s] = limitOf(rows)
	}
	k.collectMoments()
	k.collectEntries()
}

func (k *compiler) compileRule(r *rule, row *Rule, n int) {
	l := k.l
	*r = rule{Rule: row, n: n, to: sameStatus, each: -1, granted: row.Grant != Grant{}, cosigned: row.CoSign.Type != ""}
	k.row, k.given = -1, row.On
	if row.ID == "" {
		k.fail("rule %d needs an ID", n+1)
	}
	if row.On == nil || row.On.layout == nil || row.On.action == "" {
		k.fail("an empty Act: needs an action made by Do")
		row.On, k.given = actAdvance, actAdvance
	}
	if own := []Action{actionAdvance, actionConfirm, actionDecline, actionRevoke}; row.On != actAdvance && slices.Contains(own, row.On.action) {
		k.fail("action %s is the engine's own: name yours otherwise", row.On.action)
	}
	r.action = row.On.action
	if r.by = k.party(row.By); r.by != nil && r.by.refusal == nil && r.by.sort != partyAnyone {
		k.fail("party %s needs a Refusal to be asked for", r.by.decl.Name)
		r.by.refusal = refuse(Malformed, "")
	}
	for _, s := range row.From {
		if i := l.indexOf(s); i >= 0 {
			r.from |= 1 << i
			if r.action == actionAdvance {
				l.timed[i] = append(l.timed[i], r)
			}
		}
	}
	if row.To != Same {
		r.to = uint8(l.indexOf(row.To))
		r.ends = l.terminal.has(r.to)
	}
	k.eachItem(r, row)
	k.adds = nil
	if k.asks = -1; r.by != nil && r.by.sort == partyOfItem {
		k.asks = r.by.list
	}
	r.cases = k.tests(row.When)
	k.window(r, row)
	for i := range row.Sets {
		if row.Sets[i].Add != nil && isNil(row.Sets[i].Keys) {
			k.adds = row.Sets[i].Add
		}
	}
	r.effects = k.effects(row.Sets)
	k.coSign(r, row)
	for i := range row.Money {
		r.money = append(r.money, k.step(&row.Money[i]))
	}
	k.adds = nil
	for _, d := range row.Needs {
		n := k.requirement(d)
		n.fixed = r.from == 1 && n.test != nil && n.test.fixed()
		r.turns |= n.at
		r.needs = append(r.needs, n)
	}
	r.functions = k.runs(r)
	r.lookedUp = r.due != nil && !r.due.plain && !runAny(r.cases)
	l.functions = l.functions || r.functions
	for i := range l.parties {
		if p := &l.parties[i]; p.sort == partyOfState && changes(r.effects, p.ref.slot) {
			r.replaces = append(r.replaces, p)
		}
	}
}

// changes reports whether an effect writes a field of the state.
func changes(effects []effect, s *slot) bool {
	return slices.ContainsFunc(effects, func(e effect) bool {
		return e.ref.home == homeState && e.ref.slot == s || slices.ContainsFunc(e.amends, func(at ref) bool { return at.slot == s })
	})
}

// eachItem compiles what makes a row one about an item.
func (k *compiler) eachItem(r *rule, row *Rule) {
	if row.Each == nil {
		if len(row.Being) > 0 || row.Becomes != "" || row.First {
			k.fail("Being, Becomes and First are of a row about an item (Each)")
		}
		return
	}
	if r.each = k.l.listOf(row.Each); r.each < 0 {
		k.fail("list %s is not declared", row.Each.Name)
		return
	}
	k.row = r.each
	list := &k.l.lists[r.each]
	r.being = k.itemStatuses(list, row.Being)
	if row.Becomes != "" {
		k.itemStatuses(list, []string{row.Becomes})
		r.becomes = list.number(row.Becomes)
	}
	reason := row.Unlike
	if reason == "" {
		reason = WrongStatus
	}
	r.unlike = k.l.refuse(reason)
	if reason == WrongStatus {
		r.unlike = r.unlike.with("statuses", slices.Clone(row.Being))
	}
	r.unlike = r.unlike.of(r.action, r.ID)
}

func (k *compiler) window(r *rule, row *Rule) {
	w := row.Window
	if w.Due {
		if w.Opens == nil || w.Closes != nil {
			k.fail("a Due window has one moment, an empty Moment has none")
			return
		}
		r.due = k.moment(w.Opens)
		return
	}
	if w.Opens != nil {
		r.opens = k.moment(w.Opens)
	}
	if w.Closes != nil {
		r.closes = k.moment(w.Closes)
	}
}

func (k *compiler) coSign(r *rule, row *Rule) {
	c := &row.CoSign
	if c.While == Same || c.Declined == Same {
		k.fail("co-sign %s: Same is no status: leave While and Declined out to stay", c.Type)
		return
	}
	if !r.cosigned {
		return
	}
	r.early = k.effects(c.Sets)
	r.confirmers = k.partiesOf(c.From)
	if c.While != "" {
		r.while = uint8(k.l.indexOf(c.While))
		k.l.waiting[r.while] = append(k.l.waiting[r.while], r)
	}
	if c.Declined != "" {
		r.declined = uint8(k.l.indexOf(c.Declined))
	}
	if len(c.From) > 0 && len(c.Adjusts) > 0 {
		k.fail("co-sign %s: whoever must agree for another party answers other terms with a request of their own, so a confirmation adjusts nothing", c.Type)
	}
	if r.hasTTL = !isNil(c.TTL); r.hasTTL {
		r.ttl = k.place(c.TTL, DurationKind)
	} else if c.Lifetime <= 0 {
		k.fail("co-sign %s needs a lifetime: TTL or Lifetime", c.Type)
	}
	if r.hasQuorum = !isNil(c.Quorum); r.hasQuorum {
		r.quorum = k.place(c.Quorum, CountKind)
	}
	if r.hasDuties = !isNil(c.SeparateDuties); r.hasDuties {
		r.duties = k.place(c.SeparateDuties, FlagKind)
	}
	for _, f := range declarations(c.Adjusts) {
		if row.On.layout.find(f) == nil {
			k.fail("co-sign %s adjusts %s, which %s does not carry", c.Type, f.Name, r.action)
		}
	}
}

// runs reports whether the row runs functions of the lifecycle.
func (k *compiler) runs(r *rule) bool {
	for _, n := range r.needs {
		if n.test == nil || n.test.runs() || n.decl.Detail != nil {
			return true
		}
	}
	if runAny(r.cases) {
		return true
	}
	for _, list := range [][]effect{r.effects, r.early} {
		for i := range list {
			if list[i].op == effectFunc || list[i].op == effectEvery {
				return true
			}
		}
	}
	for i := range r.money {
		if s := &r.money[i]; s.sum.runs() || s.part.runs() || s.shares != nil && (s.shares.decl.Weights != nil || s.shares.decl.First != nil) {
			return true
		}
	}
	return r.CoSign.Completes != nil || r.CoSign.Results != nil
}

func (t *test) runs() bool {
	return t.op == testFunc || runAny(t.subs) || t.sums[0].runs() || t.sums[1].runs()
}

func runAny(tests []test) bool {
	return slices.ContainsFunc(tests, func(t test) bool { return t.runs() })
}

func (s *sum) runs() bool {
	return s != nil && (s.op == sumFunc || s.of.runs() || slices.ContainsFunc(s.lesser, (*sum).runs))
}
