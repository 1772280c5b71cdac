package escrow

import "slices"

// kindsAt are the kinds of field that may stand in each place; a command may have
// all of them.
var kindsAt = map[home][]FieldKind{
	homeTerms:  {TextKind, AccountKind, AmountKind, RatioKind, CountKind, InstantKind, DurationKind, ChoiceKind, FlagKind, TextsKind, SheetKind},
	homePolicy: {AmountKind, RatioKind, CountKind, DurationKind, ChoiceKind, FlagKind},
	homeItem:   {TextKind, AccountKind, AmountKind, RatioKind, CountKind, InstantKind, DurationKind, ChoiceKind, FlagKind, TextsKind, SheetKind},
}

// maxChoices is how many choices a sheet may have: four bits for each entry.
const maxChoices = 15

// proveFields checks every declared field by itself.
func (k *compiler) proveFields() {
	for i := range k.l.refs {
		r := &k.l.refs[i]
		k.where = ""
		if r.home == homeItem {
			k.where = "list " + k.l.lists[r.list].decl.Name
		}
		at := r.home
		if at == homeState {
			at = homeTerms
		}
		if k.proveField(r.field, at); r.home == homePolicy {
			if r.field.Default == "" {
				k.fail("policy field %s: needs a Default", r.field.Name)
			}
		} else if r.field.Default != "" {
			k.fail("field %s: only a policy has defaults", r.field.Name)
		}
		k.proveEntered(r)
		k.proveImplied(r.field)
	}
	k.where = ""
}

// proveField checks that a field's kind has what it needs, and nothing else.
func (k *compiler) proveField(f *Field, at home) {
	if kinds := kindsAt[at]; f.Kind == 0 || f.Kind > RowsKind || at != homeCommand && !slices.Contains(kinds, f.Kind) {
		k.fail("field %s: has a kind that cannot stand here", f.Name)
		return
	}
	if b := f.bounds(); b != nil {
		k.proveBounds(f, b)
	} else if f.Min+f.Max+f.Below != "" {
		k.fail("field %s: a value of its kind has no Min, Max or Below", f.Name)
	}
	chosen := f.Kind == ChoiceKind || f.Kind == SheetKind
	switch {
	case chosen != (len(f.Choices) > 0):
		k.fail("field %s: needs Choices, if it is a choice or a sheet, and none otherwise", f.Name)
	case f.Kind == SheetKind && (f.Over == nil || f.Over.Kind != TextsKind || k.l.locate(f.Over) == nil):
		k.fail("field %s: a sheet is Over a declared field of texts", f.Name)
	case f.Kind == SheetKind && len(f.Choices) > maxChoices:
		k.fail("field %s: a sheet has at most %d choices", f.Name, maxChoices)
	case f.Kind == TargetKind && k.l.listOf(f.List) < 0:
		k.fail("field %s: a target names an item of a declared List", f.Name)
	case f.Fixed && (f.Kind != AmountKind || f.Scale > maxScale), !f.Fixed && f.Scale != 0:
		k.fail("field %s: Scale is of a Fixed amount, and 0 to %d", f.Name, maxScale)
	case (f.Kind == RecordKind || f.Kind == RowsKind) != (len(f.Fields) > 0):
		k.fail("field %s: needs Fields, if it is a record or rows, and none otherwise", f.Name)
	}
	k.proveInner(f)
}

// proveInner checks a field's choices, and the fields of its records.
func (k *compiler) proveInner(f *Field) {
	for i, c := range f.Choices {
		if c == "" || slices.Contains(f.Choices[:i], c) {
			k.fail("field %s: choice %q is empty or stands twice", f.Name, c)
		}
	}
	inner := k.named(nil)
	for _, own := range declarations(f.Fields) {
		inner.add("field", own.Name)
		k.proveField(own, homeCommand)
	}
}

func (k *compiler) proveBounds(f *Field, b *bounds) {
	switch {
	case b.fault != nil:
		k.fail("%s", b.fault)
	case b.hasLeast && b.hasMost && Amount(b.least).Cmp(Amount(b.most)) > 0,
		b.hasLeast && b.hasBelow && Amount(b.least).Cmp(Amount(b.below)) >= 0:
		k.fail("field %s: no value lies within its bounds: Min %s, Max %s, Below %s", f.Name, f.Min, f.Max, f.Below)
	}
}

// proveEntered checks a field that the engine writes when a status is entered.
func (k *compiler) proveEntered(r *fieldRef) {
	f := r.field
	switch {
	case len(f.EnteredFirst)+len(f.EnteredLast) == 0:
		return
	case f.Kind != InstantKind || r.home != homeState || f.Amendable:
		k.fail("field %s: when a status was entered is an instant of the state", f.Name)
	case len(f.EnteredFirst) > 0 && len(f.EnteredLast) > 0:
		k.fail("field %s: is of EnteredFirst or of EnteredLast, not of both", f.Name)
	}
	for i := range k.l.rules {
		if own := &k.l.rules[i]; changes(own.effects, r.slot) || changes(own.early, r.slot) {
			k.fail("rule %s: sets %s, which the engine writes when a status is entered", own.ID, f.Name)
		}
	}
}

func (k *compiler) proveImplied(f *Field) {
	for _, s := range f.Implied.In {
		if k.l.indexOf(s) < 0 {
			k.fail("field %s: is implied in %s, and there is no such status%s", f.Name, s, suggestion(string(s), labels(k.l.statuses)))
		}
	}
	if len(f.Implied.In) > 0 && f.Implied.Moment == nil {
		k.fail("field %s: is implied, and has no Moment that says what by", f.Name)
	}
}

// maxLists is how many lists a lifecycle may have: a bit each of what a decision
// owns, but one.
const maxLists = 31

// proveLists checks what lists declare.
func (k *compiler) proveLists() {
	if len(k.l.lists) > maxLists {
		k.fail("has more than %d lists", maxLists)
	}
	for i := range k.l.lists {
		l := &k.l.lists[i]
		d := l.decl
		k.where = "list " + d.Name
		switch key := l.key(); {
		case key.Kind != TextKind && key.Kind != AccountKind || key.Optional:
			k.fail("its key %s must be text or an account, and not Optional", key.Name)
		case d.Least < 0 || d.Most < d.Least || d.Max < 0 || d.Max > maxItems || d.Most > l.max():
			k.fail("needs 0 <= Least <= Most <= Max <= %d", maxItems)
		case len(d.Statuses) >= maxStatuses:
			k.fail("has more than %d item statuses", maxStatuses-1)
		case d.Initial != "" && l.number(d.Initial) == 0:
			k.fail("its items have no status %q%s", d.Initial, suggestion(d.Initial, d.Statuses))
		case d.Most > 0 && len(d.Statuses) > 0 && d.Initial == "":
			k.fail("a draft names items, so they need a status: Initial")
		}
	}
	k.where = ""
}

// proveEffects checks what a row records: no key, no account by a function, no
// field that every item has taken away, and items with all that they need.
func (k *compiler) proveEffects(r *rule) {
	for _, list := range [][]effect{r.early, r.effects} {
		for i := range list {
			e := &list[i]
			switch f := e.ref.slot; {
			case e.op == effectAdd || e.op == effectAddAll:
				k.proveAdded(r, e)
			case f == nil:
			case e.ref.home == homeItem && f.bit == 0:
				k.fail("sets %s, the key of an item: keys never change", f.field.Name)
			case e.ref.home == homeItem && !f.field.Optional && setBit(^uint64(0), e) != ^uint64(0):
				k.fail("may take %s away, which every item has: declare it Optional", f.field.Name)
			case f.field.Amendable:
				k.fail("sets %s, which is agreed: use Amend, with the agreement of the parties", f.field.Name)
			case e.op == effectFunc && k.isAccount(f):
				k.fail("sets %s, a party's account, by a function: let the party ask (Actor), or the command name it (Given)", f.field.Name)
			}
		}
	}
}

// isAccount reports whether a field of the state is a party's account.
func (k *compiler) isAccount(s *slot) bool {
	return slices.ContainsFunc(k.l.parties, func(p party) bool { return p.sort == partyOfState && p.ref.slot == s })
}

// proveAdded checks that an added item has all the fields that every item has.
func (k *compiler) proveAdded(r *rule, e *effect) {
	list := &k.l.lists[e.list]
	p := prover{compiler: k}
	missing := list.demanded() &^ p.carried(r, e)
	for i := range list.layout.slots {
		if s := &list.layout.slots[i]; missing>>s.bit&1 != 0 {
			k.fail("adds an item of %s without %s: let the command carry it and not Optional, or declare it Optional", list.decl.Name, s.field.Name)
		}
	}
}
