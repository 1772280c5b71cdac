package escrow

import "slices"

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
