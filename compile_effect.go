package escrow

import "slices"

// effects compiles effects.
func (k *compiler) effects(list []Effect) (out []effect) {
	for i := range list {
		out = append(out, k.effect(&list[i]))
	}
	return out
}

// effect compiles an effect, which sets exactly one thing to exactly one other.
func (k *compiler) effect(d *Effect) effect {
	e := effect{decl: d, list: -1}
	switch {
	case d.Add != nil:
		return k.adding(e, d)
	case d.Every != nil:
		e.op = effectEvery
		if e.list = k.l.listOf(d.Every); e.list < 0 || (d.Becomes == nil) == (d.Prepare == nil) || d.Name == "" {
			k.fail("an empty Effect: Every needs a declared list, one of Becomes and Prepare, and a Name")
		}
		return e
	case !isNil(d.Change):
		return k.changing(e, d)
	case len(d.Amend) > 0:
		e.op = effectAmend
		for _, w := range d.Amend {
			f := k.param(w)
			at := k.place(w)
			if !f.Amendable {
				k.fail("field %s is not amendable", f.Name)
			}
			e.amends = append(e.amends, at)
		}
		return e
	case isNil(d.Set):
		k.fail("an empty Effect")
		e.op, e.ref = effectClear, ref{slot: &slot{field: &Field{}}}
		return e
	}
	e.ref = k.place(d.Set)
	if e.ref.home != homeState && e.ref.home != homeItem {
		k.fail("field %s is no field of the state: rules do not change it", e.ref.slot.field.Name)
	}
	k.setting(&e, d)
	return e
}

// changing compiles an effect that changes the row's item by a record.
func (k *compiler) changing(e effect, d *Effect) effect {
	e.op, e.param, e.list = effectChange, k.param(d.Change, RecordKind), k.row
	if k.row < 0 {
		k.fail("%s changes an item, and the row is about none (Each)", e.param.Name)
		return e
	}
	for _, f := range declarations(e.param.Fields) {
		if k.l.lists[k.row].layout.find(f) == nil {
			k.fail("%s of %s is no field of %s", f.Name, e.param.Name, k.l.lists[k.row].decl.Name)
		}
	}
	return e
}

// setting compiles what a field is set to.
func (k *compiler) setting(e *effect, d *Effect) {
	forms, f := 0, e.ref.slot.field
	is := func(yes bool, op effectOp, kinds ...FieldKind) {
		if !yes {
			return
		}
		forms++
		e.op = op
		if len(kinds) > 0 && !slices.Contains(kinds, f.Kind) {
			k.fail("field %s is of another kind than the effect sets", f.Name)
		}
	}
	is(!isNil(d.Given), effectGiven)
	is(d.Now, effectNow, InstantKind)
	is(d.Actor, effectActor, AccountKind)
	if f.Kind == SheetKind {
		is(d.Choice != "", effectFill)
	} else {
		is(d.Choice != "", effectNumber, ChoiceKind)
	}
	is(d.CountUp, effectCount, CountKind)
	is(d.Clear, effectClear)
	is(d.Func != nil, effectFunc)
	if forms != 1 {
		k.fail("an empty Effect: %s is set to nothing, or to several things", f.Name)
		return
	}
	switch e.op {
	case effectGiven:
		e.param = k.param(d.Given)
		e.loose = k.given.mayOmit(e.param)
		if p := e.param; p.Kind != f.Kind && !(p.Kind == TextKind && f.Kind == AccountKind) {
			k.fail("field %s is of another kind than %s", f.Name, p.Name)
		}
		if s := k.given.layout.find(e.param); s != nil && e.param.Kind != AmountKind && e.param.Kind != TextsKind {
			e.given = s
		}
	case effectNumber, effectFill:
		e.number = k.choice(f, d.Choice)
		if e.op == effectFill {
			e.over = k.place(f.Over, TextsKind)
		}
	case effectFunc:
		if d.Name == "" {
			k.fail("an effect that is a function needs a Name")
		}
	}
	if !isNil(d.Plus) {
		e.plus = k.place(d.Plus, DurationKind)
		if !d.Now {
			k.fail("effect on %s: Plus goes with Now", f.Name)
		}
	}
}

// adding compiles an effect that adds to a list.
func (k *compiler) adding(e effect, d *Effect) effect {
	e.op = effectAdd
	if e.list = k.l.listOf(d.Add); e.list < 0 {
		k.fail("list %s is not declared", d.Add.Name)
		e.list = 0
		return e
	}
	list := &k.l.lists[e.list]
	if d.Status != "" {
		k.itemStatuses(list, []string{d.Status})
		e.number = list.number(d.Status)
	} else if len(d.Add.Statuses) > 0 {
		k.fail("an item added to %s needs a Status", d.Add.Name)
	}
	switch {
	case !isNil(d.Keys):
		e.op = effectAddAll
		e.param = k.param(d.Keys)
	case !isNil(d.Record):
		e.param = k.param(d.Record)
	case !d.KeyActor:
		k.param(d.Add.Key)
	}
	return e
}

// name returns the effect as people read it.
func (d *Effect) name() string {
	switch {
	case d.Name != "":
		return d.Name
	case d.Add != nil && d.Status != "":
		return "added to " + d.Add.Name + ", " + d.Status
	case d.Add != nil:
		return "added to " + d.Add.Name
	case len(d.Amend) > 0:
		text := ""
		for i, f := range declarations(d.Amend) {
			if i > 0 {
				text += ", "
			}
			text += f.Name
		}
		return text + " amended"
	case !isNil(d.Change):
		return "changed as " + d.Change.Declaration().Name + " says"
	case isNil(d.Set):
		return ""
	}
	field := d.Set.Declaration().Name
	switch {
	case d.Now && !isNil(d.Plus):
		return field + " = now + " + d.Plus.Declaration().Name
	case d.Now:
		return field + " = now"
	case d.Actor:
		return field + " = who asks"
	case d.Choice != "":
		return field + " = " + d.Choice
	case d.CountUp:
		return field + " + 1"
	case d.Clear:
		return field + " cleared"
	}
	return field + " recorded"
}

// String returns the effect as the rule book prints it.
func (d Effect) String() string { return d.name() }
