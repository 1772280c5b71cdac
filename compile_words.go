package escrow

import (
	"fmt"
	"slices"
	"strings"
)

// tests compiles cases.
func (k *compiler) tests(cases []*Case) (list []test) {
	for _, c := range cases {
		list = append(list, k.test(c))
	}
	return list
}

// test compiles a case, which has exactly one form.
func (k *compiler) test(c *Case) (t test) {
	t = test{decl: c, list: -1, given: c.Given}
	forms := 0
	is := func(yes bool, op testOp) {
		if yes {
			forms++
			t.op = op
		}
	}
	is(!isNil(c.IsSet), testSet)
	is(!isNil(c.Unset), testUnset)
	is(!isNil(c.Field), testEqual)
	is(len(c.AtMost) > 0, testAtMost)
	is(len(c.MoreThan) > 0, testMore)
	is(len(c.Within) > 0, testWithin)
	is(len(c.Differ) > 0, testDiffer)
	is(c.Ahead != nil, testAhead)
	is(len(c.InOrder) > 0, testInOrder)
	is(!isNil(c.Lacks), testLacks)
	is(c.Empty != nil, testEmpty)
	is(c.None != nil, testNone)
	is(c.Some != nil, testSome)
	is(c.Acting != nil, testActing)
	is(len(c.All) > 0, testAll)
	is(len(c.Any) > 0, testAny)
	is(c.Not != nil, testNot)
	is(c.Func != nil, testFunc)
	if forms != 1 {
		k.fail("an empty Case: case %q needs exactly one form", c.Name)
		return t
	}
	if t.op == testFunc && c.Name == "" {
		k.fail("a case that is a function needs a Name")
	}
	k.compileTest(&t, c)
	return t
}

func (k *compiler) compileTest(t *test, c *Case) {
	switch t.op {
	case testSet, testUnset, testEqual:
		w := t.wordOf()
		if c.Given {
			k.param(w)
		} else {
			t.ref = k.place(w)
		}
		if t.op == testEqual {
			k.equal(t, c)
		}
	case testAtMost, testMore:
		pair := c.AtMost
		if t.op == testMore {
			pair = c.MoreThan
		}
		if len(pair) != 2 {
			k.fail("case %q compares two sums", c.Name)
			return
		}
		t.sums = [2]*sum{k.sum(pair[0]), k.sum(pair[1])}
	case testWithin:
		for _, w := range c.Within {
			t.ratios = append(t.ratios, k.place(w, RatioKind))
		}
	case testDiffer:
		t.parties = k.itemParties(c.Differ)
	case testActing:
		t.parties = k.itemParties([]*Party{c.Acting})
	case testAhead:
		t.moments = k.moments([]*Moment{c.Ahead})
		if c.Given && !t.moments[0].carried(k.given) {
			k.fail("the command carries no field of %s", t.moments[0].name)
		}
	case testInOrder:
		t.moments = k.moments(c.InOrder)
	case testLacks:
		t.ref = k.place(c.Lacks, SheetKind)
		t.number = k.choice(c.Lacks.Declaration(), c.Choice)
	case testEmpty:
		n := k.pot(c.Empty)
		t.pot = &k.l.pots[n]
		if t.pot.list < 0 {
			t.empty = 1 << t.pot.n
		} else {
			t.emptyLists = 1 << t.pot.list
		}
	case testNone, testSome:
		k.ofItems(t, c)
	case testAll:
		t.subs = k.tests(c.All)
		for i := range t.subs {
			t.empty |= t.subs[i].empty
			t.emptyLists |= t.subs[i].emptyLists
		}
	case testAny:
		t.subs = k.tests(c.Any)
	case testNot:
		t.subs = k.tests([]*Case{c.Not})
	}
}

// equal compiles what a field is compared with.
func (k *compiler) equal(t *test, c *Case) {
	f := c.Field.Declaration()
	switch f.Kind {
	case ChoiceKind:
		t.number = k.choice(f, c.Choice)
	case FlagKind:
		if c.Flag {
			t.number = 1
		}
	default:
		k.fail("case %q: only a choice or a flag is compared with a value", c.Name)
	}
}

// choice returns the number of a field's choice.
func (k *compiler) choice(f *Field, choice string) uint64 {
	n := f.choice(choice)
	if n == 0 {
		k.fail("%s has no choice %q%s", f.Name, choice, suggestion(choice, f.Choices))
	}
	return n
}

func (k *compiler) ofItems(t *test, c *Case) {
	list := c.None
	if t.op == testSome {
		list = c.Some
	}
	if t.list = k.l.listOf(list); t.list < 0 {
		k.fail("list %s is not declared", list.Name)
		t.list = 0
		return
	}
	l := &k.l.lists[t.list]
	t.mask = uint64(k.itemStatuses(l, c.Statuses))
	if len(c.Statuses) == 0 {
		t.mask = ^uint64(0)
	}
	if l.pot >= 0 && t.op == testNone && uint64(k.l.pots[l.pot].holds)&^t.mask == 0 {
		t.emptyLists = 1 << t.list
	}
}

// name returns the case as people read it.
func (c *Case) name() string {
	switch {
	case c == nil:
		return ""
	case c.Name != "":
		return c.Name
	case !isNil(c.IsSet):
		return c.IsSet.Declaration().Name + " set"
	case !isNil(c.Unset):
		return c.Unset.Declaration().Name + " not set"
	case !isNil(c.Field) && c.Choice != "":
		return c.Field.Declaration().Name + " is " + c.Choice
	case !isNil(c.Field):
		return fmt.Sprintf("%s is %v", c.Field.Declaration().Name, c.Flag)
	case len(c.AtMost) == 2:
		return c.AtMost[0].name() + " is at most " + c.AtMost[1].name()
	case len(c.MoreThan) == 2:
		return c.MoreThan[0].name() + " is more than " + c.MoreThan[1].name()
	case len(c.Within) > 0:
		return joined(c.Within, " + ") + " is at most 1"
	case c.Ahead != nil:
		return c.Ahead.String() + " lies ahead"
	case len(c.InOrder) > 0 && c.Strictly:
		return momentNames(c.InOrder, " before ")
	case len(c.InOrder) > 0:
		return momentNames(c.InOrder, " not after ")
	case !isNil(c.Lacks):
		return c.Lacks.Declaration().Name + " without " + c.Choice
	case c.Empty != nil:
		return c.Empty.Name + " is empty"
	case c.None != nil:
		return "no item of " + c.None.Name + ofStatuses(c.Statuses)
	case c.Some != nil:
		return "an item of " + c.Some.Name + ofStatuses(c.Statuses)
	case c.Acting != nil:
		return "asked by the " + c.Acting.Name
	case len(c.Differ) > 0:
		return orList(partyNames(c.Differ)) + " differ"
	case c.Not != nil:
		return "not: " + c.Not.name()
	}
	text := ""
	for i, sub := range append(append([]*Case(nil), c.All...), c.Any...) {
		if i > 0 && len(c.All) > 0 {
			text += " and "
		} else if i > 0 {
			text += " or "
		}
		text += sub.name()
	}
	return text
}

// String returns the case as the rule book prints it.
func (c *Case) String() string { return c.name() }

// joined returns the names of fields with a sign between them.
func joined(words []Word, between string) string {
	names := make([]string, 0, len(words))
	for _, f := range declarations(words) {
		names = append(names, f.Name)
	}
	return strings.Join(names, between)
}

func momentNames(list []*Moment, between string) string {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.String()
	}
	return strings.Join(names, between)
}

func ofStatuses(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " in " + orList(list)
}

// param checks that the rule's action carries a field.
func (k *compiler) param(w Word, kinds ...FieldKind) *Field {
	if isNil(w) {
		k.fail("an empty Field")
		return &Field{}
	}
	f := w.Declaration()
	if k.given == nil || k.given.layout.find(f) == nil {
		k.fail("the command does not carry %s", f.Name)
	}
	return f
}

// moments compiles moments.
func (k *compiler) moments(list []*Moment) (out []*moment) {
	for _, m := range list {
		out = append(out, k.moment(m))
	}
	return out
}

// moment compiles a moment, which has exactly one form.
func (k *compiler) moment(d *Moment) *moment {
	m := &moment{decl: d, name: d.String(), note: note{name: d.String()}, fixed: d.After}
	forms := 0
	is := func(yes bool, op momentOp) {
		if yes {
			forms++
			m.op = op
		}
	}
	is(!isNil(d.Field), momentField)
	is(d.SinceEntered, momentEntered)
	is(d.Awaited, momentAwaited)
	is(len(d.Earlier) > 0, momentEarlier)
	is(len(d.Later) > 0, momentLater)
	is(len(d.First) > 0, momentFirst)
	if forms != 1 || m.name == "" {
		k.fail("an empty Moment: needs a name and exactly one form")
		m.op = momentEntered
		return m
	}
	if m.op == momentField {
		m.ref = k.place(d.Field, InstantKind)
		m.ofItem = m.ref.home == homeItem
	}
	if !isNil(d.Plus) {
		m.plus = k.place(d.Plus, DurationKind)
		m.ofItem = m.ofItem || m.plus.home == homeItem
	}
	for _, sub := range k.moments(slices.Concat(d.Earlier, d.Later, d.First)) {
		m.subs = append(m.subs, sub)
		m.ofItem = m.ofItem || sub.ofItem
	}
	m.plain = m.op == momentField && m.plus.slot == nil && m.fixed == 0
	return m
}

// carried reports whether commands of an action carry a value for a field of the
// moment.
func (m *moment) carried(act *Act) bool {
	if act == nil {
		return false
	}
	for _, at := range []ref{m.ref, m.plus} {
		if at.slot != nil && act.layout.find(at.slot.field) != nil {
			return true
		}
	}
	return slices.ContainsFunc(m.subs, func(sub *moment) bool { return sub.carried(act) })
}

// sum compiles a sum, which starts from exactly one thing.
func (k *compiler) sum(d *Sum) *sum {
	s := &sum{decl: d, pot: -1}
	forms := 0
	is := func(yes bool, op sumOp) {
		if yes {
			forms++
			s.op = op
		}
	}
	is(!isNil(d.Field), sumField)
	is(!isNil(d.Given), sumGiven)
	is(d.Pot != nil && !d.Total, sumPot)
	is(d.Pot != nil && d.Total, sumTotal)
	is(d.Of != nil, sumOf)
	is(len(d.Lesser) > 0, sumLesser)
	is(d.Func != nil, sumFunc)
	if forms != 1 {
		k.fail("an empty Sum: needs exactly one form")
		s.op = sumLesser
		return s
	}
	switch s.op {
	case sumField:
		if s.ref = k.place(d.Field, AmountKind); s.ref.home == homePolicy {
			s.policy = s.ref.slot.field
		}
	case sumGiven:
		s.param = k.param(d.Given, AmountKind)
	case sumPot, sumTotal:
		s.pot = k.pot(d.Pot)
		if list := k.l.pots[s.pot].list; s.op == sumPot && list >= 0 && k.row != list && k.asks != list && !k.addsTo(list) {
			k.fail("%s is a pot of each of %s, and the row is about none: it needs Each of that list, or Total", d.Pot.Name, k.l.lists[list].decl.Name)
		}
		if s.op == sumTotal && k.l.pots[s.pot].list < 0 {
			k.fail("%s is a single pot, so it has no total", d.Pot.Name)
			s.op = sumPot
		}
	case sumOf:
		k.sumOf(s, d)
	case sumLesser:
		for _, sub := range d.Lesser {
			s.lesser = append(s.lesser, k.sum(sub))
		}
	case sumFunc:
		if d.Name == "" {
			k.fail("a sum that is a function needs a Name")
		}
	}
	if !isNil(d.Ratio) {
		s.hasR = true
		s.ratio = k.place(d.Ratio, RatioKind)
		s.policy = s.ratio.slot.field
	}
	if s.hasN = !isNil(d.Times); s.hasN {
		s.times = k.place(d.Times, CountKind, TextsKind)
	}
	return s
}

// sumOf compiles a sum of another. A part of a field, and so many times a field, is
// a sum of the field itself.
func (k *compiler) sumOf(s *sum, d *Sum) {
	of := k.sum(d.Of)
	if s.of = of; of.op == sumField && !of.hasN && (!of.hasR || isNil(d.Ratio)) {
		*s = *of
		s.decl = d
	}
}

// name returns the sum as people read it.
func (s *Sum) name() string {
	text := ""
	switch {
	case s == nil:
		return ""
	case s.Name != "":
		return s.Name
	case !isNil(s.Field):
		text = s.Field.Declaration().Name
	case !isNil(s.Given):
		text = s.Given.Declaration().Name
	case s.Pot != nil && s.Total:
		text = "all of " + s.Pot.Name
	case s.Pot != nil:
		text = s.Pot.Name
	case s.Of != nil:
		text = s.Of.name()
	case len(s.Lesser) > 0:
		for i, sub := range s.Lesser {
			if i > 0 {
				text += ", "
			}
			text += sub.name()
		}
		text = "the least of " + text
	}
	if !isNil(s.Ratio) {
		text = s.Ratio.Declaration().Name + " x " + text
	}
	if !isNil(s.Times) {
		text += " x " + s.Times.Declaration().Name
	}
	return text
}

// String returns the sum as the rule book prints it.
func (s *Sum) String() string { return s.name() }

// pot returns the number of a declared pot; of one that is not, some number that
// the rest of the compilation can go on with.
func (k *compiler) pot(p *Pot) int {
	n := -1
	if p == nil {
		k.fail("an empty Pot")
	} else if n = k.l.potOf(p); n < 0 {
		known := []string{}
		for i := range k.l.pots {
			known = append(known, k.l.pots[i].decl.Name)
		}
		k.fail("pot %s is not declared%s", p.Name, suggestion(p.Name, known))
	}
	if n < 0 && len(k.l.pots) == 0 {
		k.l.pots = []pot{{decl: &Pot{Name: "pot"}, list: -1}}
	}
	return max(n, 0)
}

// requirement compiles a requirement.
func (k *compiler) requirement(d *Requirement) requirement {
	n := requirement{decl: d, at: turnState}
	if d == nil || (d.Case == nil) == (d.Check == nil) {
		k.fail("an empty Requirement: needs a Case or a Check")
		n.decl = &Requirement{Check: func(View) *Error { return nil }}
		n.refusal = refuse(Malformed, "")
		return n
	}
	if d.Case != nil {
		t := k.test(d.Case)
		n.test = &t
		n.given = t.asks()
	} else {
		n.given = d.Given
		if d.Name == "" {
			k.fail("a requirement that is a Check needs a Name")
		}
	}
	if d.Case != nil && (d.Reason == "" || codeRank(d.Code) == 0) {
		k.fail("requirement %q needs a Reason and one of the codes", d.name())
	}
	if known, ok := k.l.catalogue[d.Reason]; ok && d.Code != "" && known.Code != d.Code {
		k.fail("requirement %q: reason %s is of code %s", d.name(), d.Reason, known.Code)
	}
	switch {
	case d.Last:
		n.at = turnLast
	case d.StatusToo:
		n.at = turnStatus
	case d.Code == InvalidRequest && d.Reason == Malformed && n.given:
		n.at = turnShape
	case d.Code == InvalidRequest:
		n.at = turnRequest
	case d.Code == NotFound || d.Code == Forbidden:
		n.at = turnExistence
	}
	n.refusal = k.l.requirementRefusal(d)
	return n
}

// requirementRefusal makes the refusal of a requirement that is a case.
func (l *Lifecycle) requirementRefusal(d *Requirement) *Error {
	e := l.refuse(d.Reason)
	if _, known := l.catalogue[d.Reason]; !known {
		e = newError(shape{code: d.Code, reason: d.Reason, message: "needs: " + d.name(), remedy: "make sure of: " + d.name()})
	}
	if d.Message != "" {
		own := *e.shape
		own.message = d.Message
		e = newError(own)
	}
	if d.Field != "" {
		own := *e.shape
		own.message = d.Field + ": " + own.message
		e = newError(own).with("field", d.Field)
	}
	return e
}

// name returns the requirement as people read it.
func (d *Requirement) name() string {
	if d.Name != "" {
		return d.Name
	}
	return d.Case.name()
}

// String returns the requirement as the rule book prints it.
func (d *Requirement) String() string { return d.name() }

// given reports whether a case looks at the command.
func (t *test) asks() bool {
	return t.given || slices.ContainsFunc(t.subs, func(sub test) bool { return sub.asks() }) || t.sums[0].given() || t.sums[1].given()
}

// fixed reports whether a case looks at terms and policy alone, as they were founded.
func (t *test) fixed() bool { return t.looksOnly(ref.fixed) }

// lasting reports whether a case looks at nothing that rules change but by amendment.
func (t *test) lasting() bool { return t.looksOnly(ref.lasting) }

// looksOnly reports whether all that a case looks at is of a kind. What a function
// looks at nobody knows.
func (t *test) looksOnly(at func(ref) bool) bool {
	other := func(r ref) bool { return !at(r) }
	switch {
	case t.given:
		return false
	case t.op == testSet, t.op == testUnset, t.op == testEqual:
		return at(t.ref)
	case t.op == testWithin:
		return !slices.ContainsFunc(t.ratios, other)
	case t.op == testDiffer:
		return !slices.ContainsFunc(t.parties, func(p *party) bool { return p.sort > partyOfState || !at(p.ref) })
	case t.op == testInOrder:
		return !slices.ContainsFunc(t.moments, func(m *moment) bool { return !m.plain || !at(m.ref) })
	case t.op == testAll, t.op == testAny, t.op == testNot:
		return !slices.ContainsFunc(t.subs, func(sub test) bool { return !sub.looksOnly(at) })
	}
	return false
}

func (r ref) fixed() bool { return r.home == homeTerms || r.home == homePolicy }

func (r ref) lasting() bool {
	return r.fixed() || r.home == homeState && r.slot.field.Amendable
}

func (s *sum) given() bool {
	if s == nil {
		return false
	}
	for _, sub := range s.lesser {
		if sub.given() {
			return true
		}
	}
	return s.op == sumGiven || s.of.given()
}
