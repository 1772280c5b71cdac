package escrow

import "slices"

// proveRows checks every row by itself, then against the others of its action.
func (p *prover) proveRows() {
	for i := range p.l.rules {
		r := &p.l.rules[i]
		p.where = "rule " + r.ID
		p.proveFounding(r)
		p.proveOwners(r)
		p.proveItem(r)
		p.proveEffects(r)
		p.proveDeposits(r)
		p.proveCuts(r)
		for _, earlier := range r.group.rules {
			if earlier == r {
				break
			}
			p.proveApart(earlier, r)
		}
	}
	p.where = ""
}

// proveFounding checks where a row starts and leads: only a party founds, and
// nothing leads back to a draft.
func (p *prover) proveFounding(r *rule) {
	switch {
	case len(r.From) == 0:
		p.fail("starts nowhere: name the statuses in From")
	case slices.Contains(r.From, Same):
		p.fail("starts from Same, which is no status")
	case r.To == Draft || r.cosigned && r.CoSign.While == Draft && r.to == 0:
		p.fail("has no To: nothing leads back to a draft, and Same leaves the status as it is")
	}
	if !r.starts(0) {
		return
	}
	founder := func(q *party) bool { return q.sort == partyOfTerms || q.sort == partyOfState }
	if r.by != nil && !founder(r.by) && !(r.by.sort == partyEither && !slices.ContainsFunc(r.by.options, func(q *party) bool { return !founder(q) })) {
		p.fail("starts from a draft, which %s cannot found: a party of the terms founds a contract", r.by.decl.Name)
	}
	if r.to == sameStatus {
		p.fail("starts from a draft and stays there: a founding leads to a status")
	}
}

// proveItem checks that a row about an item has one: the command names it, or it
// is who asks.
func (p *prover) proveItem(r *rule) {
	g := r.group
	found := g.seat
	if g.target != nil {
		found = g.list
	}
	asking := []*party{r.by}
	if r.by.sort == partyEither {
		asking = r.by.options
	}
	for _, q := range asking {
		if q.sort == partyOfItem && q.list != found {
			p.fail("party %s is each of %s, and the action is about items of another list: give it an action of its own", q.decl.Name, q.decl.Item.Name)
		}
	}
	if r.each < 0 || r.due != nil {
		return
	}
	named := g.target != nil && g.list == r.each && !g.target.field.Optional
	asks := g.target == nil && r.by.sort == partyOfItem && r.by.list == r.each
	switch {
	case r.First && (g.target != nil || g.first != r.each):
		p.fail("is about the first item of %s, and the command names one, or another row of the action is about an item of another list", r.Each.Name)
	case r.First && r.Each.Least == 0:
		p.fail("is about the first item of %s, and a contract may have none: a draft needs at least one (Least)", r.Each.Name)
	case !r.First && !named && !asks:
		p.fail("is about an item of %s, which nothing names: the command needs a target of that list that is not Optional, or the row a party of its items", r.Each.Name)
	}
}

// proveDeposits checks that what goes into an item's pot finds the item: the one
// that the row adds last, else the row's own.
func (p *prover) proveDeposits(r *rule) {
	target := r.each
	if n := r.fills(); n >= 0 {
		target = n
	}
	for i := range r.money {
		if s := &r.money[i]; (s.op == stepDeposit || s.op == stepTopUp) && s.list >= 0 && int(s.list) != target {
			p.fail("deposits into %s, and the last item that it adds is of another list: add that item first", p.l.pots[s.pot].decl.Name)
		}
	}
}

// proveApart checks two rows of one action, in their order: what tells them apart
// is status, cases, item status and window, never the party.
func (p *prover) proveApart(e, r *rule) {
	both := e.from & r.from
	if both == 0 || !within(e.cases, r.cases) || !e.meets(r) {
		return
	}
	from := ""
	for s := range p.l.statuses {
		if both.has(uint8(s)) {
			from = p.l.statuses[s].label()
			break
		}
	}
	switch {
	case e.opens == nil && e.closes == nil || e.sameWindow(r):
		p.fail("never answers from %s: rule %s comes first in the same case (rows are told apart by status, case, item status and window, never by party); give one a case, or put it first", from, e.ID)
	default:
		p.fail("from %s both this row and rule %s answer: their windows overlap; bound them by the same moment, one Before and one From it", from, e.ID)
	}
}

// meets reports whether an earlier row takes what a later one is for: windows that
// overlap, and item statuses that both start from unless the earlier is for fewer.
func (e *rule) meets(r *rule) bool {
	if e.due != nil || r.due != nil {
		return e.due != nil && r.due != nil && e.due.like(r.due) && e.takesItems(r)
	}
	return !e.apart(r) && !r.apart(e) && e.takesItems(r)
}

// takesItems reports whether both rows start from an item status, and the earlier
// is not for some of the later's only.
func (e *rule) takesItems(r *rule) bool {
	a, b := e.itemsOf(), r.itemsOf()
	return a&b != 0 && (a == b || a&^b != 0)
}

// itemsOf returns the item statuses that a row starts from, all of them for a row
// about none.
func (r *rule) itemsOf() statusSet {
	if r.each < 0 || r.being == 0 {
		return ^statusSet(0)
	}
	return r.being
}

// apart reports whether a row is closed when another opens, by the same moment.
func (e *rule) apart(r *rule) bool {
	return e.closes != nil && r.opens != nil && e.closes.like(r.opens)
}

func (e *rule) sameWindow(r *rule) bool {
	if e.due != nil || r.due != nil {
		return true
	}
	return sameMoment(e.opens, r.opens) && sameMoment(e.closes, r.closes)
}

func sameMoment(a, b *moment) bool {
	return a == nil && b == nil || a != nil && b != nil && a.like(b)
}

// within reports whether every case of some is among those of others.
func within(some, others []test) bool {
	flat := conjuncts(others)
	return !slices.ContainsFunc(conjuncts(some), func(t *test) bool {
		return !slices.ContainsFunc(flat, t.like)
	})
}

// conjuncts returns cases with those that combine all of others taken apart.
func conjuncts(list []test) (flat []*test) {
	for i := range list {
		if t := &list[i]; t.op == testAll {
			flat = append(flat, conjuncts(t.subs)...)
		} else {
			flat = append(flat, t)
		}
	}
	return flat
}

// like reports whether two cases are the same. Functions and sums are by name.
func (t *test) like(o *test) bool {
	if t.decl == o.decl {
		return true
	}
	if t.op != o.op || t.given != o.given {
		return false
	}
	switch t.op {
	case testSet, testUnset, testEqual, testLacks:
		return t.number == o.number && t.wordOf().Declaration() == o.wordOf().Declaration()
	case testAny, testNot:
		return slices.EqualFunc(t.subs, o.subs, func(a, b test) bool { return a.like(&b) })
	case testNone, testSome:
		return t.list == o.list && t.mask == o.mask
	case testEmpty:
		return t.pot == o.pot
	case testAhead, testInOrder:
		return t.decl.Strictly == o.decl.Strictly && slices.EqualFunc(t.moments, o.moments, (*moment).like)
	case testDiffer, testActing:
		return slices.Equal(t.parties, o.parties)
	case testWithin:
		return slices.Equal(t.ratios, o.ratios)
	}
	return t.decl.name() == o.decl.name()
}

// proveCuts checks that the ratios which are cut from one part come to at most 1
// together: by their bounds, or by what the lifecycle demands of a draft.
func (p *prover) proveCuts(r *rule) {
	for i := range r.money {
		var ratios []ref
		for _, c := range r.money[i].cuts {
			if c.amount == nil {
				ratios = append(ratios, c.ratio)
			}
		}
		if len(ratios) < 2 || boundedRatios(ratios) || p.bounded(ratios) {
			continue
		}
		var words []Word
		for _, at := range ratios {
			words = append(words, at.slot.field)
		}
		p.fail("cuts %s of one part, which may be more than 1 together: demand them Within 1 in Spec.Check with reason %s, or bound each by Max", joined(words, " + "), InvalidPolicy)
	}
}

// boundedRatios reports whether the fields' own bounds keep ratios within 1.
func boundedRatios(ratios []ref) bool {
	total := uint64(0)
	for _, at := range ratios {
		b := at.slot.field.bounds()
		if b == nil || b.most.lo > ratioOne {
			return false
		}
		if total += b.most.lo; total > ratioOne {
			return false
		}
	}
	return true
}

// bounded reports whether a draft is refused unless ratios come to at most 1. What
// rules change, no draft can promise.
func (p *prover) bounded(ratios []ref) bool {
	if slices.ContainsFunc(ratios, func(at ref) bool { return at.home != homePolicy && at.home != homeTerms }) {
		return false
	}
	return slices.ContainsFunc(p.l.checks.needs, func(n requirement) bool {
		demands := n.test != nil && n.test.op == testWithin && (n.decl.Reason == InvalidPolicy || n.decl.Reason == InvalidTerms)
		return demands && !slices.ContainsFunc(ratios, func(at ref) bool { return !slices.Contains(n.test.ratios, at) })
	})
}
