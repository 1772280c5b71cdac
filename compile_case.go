package escrow

import (
	"fmt"
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
