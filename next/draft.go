package escrow

import (
	"slices"
	"strings"
	"unicode"
)

// maxCount is the largest count: what every JSON implementation holds exactly.
const maxCount = 1<<53 - 1

// Draft returns a contract that is only terms, for its founding command. Values
// are of parties, terms and lists, and policy fields that differ from the
// default. What is wrong with them is for the founding to refuse.
func (l *Lifecycle) Draft(id string, values ...Value) Contract {
	return l.DraftIn(id, l.spec.Asset, values...)
}

// DraftIn is [Lifecycle.Draft] in an asset other than the lifecycle's.
func (l *Lifecycle) DraftIn(id string, asset Asset, values ...Value) Contract {
	t := &terms{id: id, asset: asset, fixed: l.terms.newRecord(), policy: l.defaults}
	c := Contract{lifecycle: l, terms: t, state: l.state.newRecord()}
	if !validID(id) || strings.Contains(id, "/") {
		t.fail(field(Malformed, "id", "must be 1 to 200 bytes of printable ASCII without blanks and slashes"))
	} else if asset.Scale > maxScale || !validID(asset.Code) {
		t.fail(field(Malformed, "asset", "needs a code and a scale of 0 to 18"))
	}
	if asset != l.spec.Asset {
		l.defaultsIn(t)
	}
	for i := range values {
		if v := values[i]; v.field != nil {
			c.give(&v)
		}
	}
	c.judge()
	return c
}

// defaultsIn gives terms the default policy in their own asset.
func (l *Lifecycle) defaultsIn(t *terms) {
	t.policy = l.defaults.clone()
	for i := range l.policy.slots {
		s := &l.policy.slots[i]
		if s.field.Kind != AmountKind || s.field.Fixed {
			continue
		}
		v, e := s.field.defaultValue(t.asset)
		if e != nil {
			t.misfit(-1, -1, s.field, e)
		}
		l.policy.put(t.policy, s, &v)
	}
}

// defaultValue returns the default of a policy field in an asset.
func (f *Field) defaultValue(asset Asset) (Value, *Error) {
	v := Value{field: f}
	text := strings.Trim(f.Default, `"`)
	switch f.Kind {
	case AmountKind:
		a, reason := f.amount(text, asset)
		if reason != "" {
			return Unset(f), field(InvalidPolicy, f.Name, "the default is no amount of "+asset.Code)
		}
		v.cell = cell(a)
	case ChoiceKind:
		return TextOf(f, text), TextOf(f, text).fault
	case FlagKind:
		return FlagValue(f, text == "true"), nil
	default:
		c, err := f.scalar(text)
		if err != nil {
			return v, field(InvalidPolicy, f.Name, err.Error())
		}
		v.cell = c
	}
	return v, nil
}

// give puts a value that a draft is given at its place.
func (c *Contract) give(v *Value) {
	l, t := c.lifecycle, c.terms
	at := l.locate(v.field)
	switch {
	case at == nil || at.home == homeItem:
		t.fail(field(Malformed, v.field.Name, "is no field of "+l.spec.Name))
		return
	case at.home == homeState && !at.slot.field.Amendable && !l.founding(at.slot.field):
		t.fail(field(Malformed, "contract", "a draft holds terms only, nothing that rules set: "+v.field.Name))
		return
	}
	if e := c.fit(v, at); e != nil {
		if at.home == homePolicy {
			e = field(InvalidPolicy, v.field.Name, strings.TrimPrefix(e.message, v.field.Name+": "))
		}
		t.misfit(-1, -1, v.field, e)
		*v = Unset(v.field)
	}
	switch at.home {
	case homePolicy:
		if t.policy == l.defaults {
			t.policy = t.policy.clone()
		}
		l.policy.put(t.policy, at.slot, v)
	case homeTerms:
		l.terms.put(t.fixed, at.slot, v)
	default:
		l.state.put(c.state, at.slot, v)
	}
}

// WithItems returns the draft with items of a list, each as its values.
func (c Contract) WithItems(list *List, items ...[]Value) Contract {
	n := c.lifecycle.listOf(list)
	if n < 0 || c.status != 0 {
		return c
	}
	t := *c.terms
	t.amiss = slices.Clone(t.amiss)
	c.terms, c.state = &t, c.state.clone()
	l := &c.lifecycle.lists[n]
	made := make([]*record, 0, len(items))
	for place, values := range items {
		item := l.layout.newRecord()
		for i := range values {
			v := values[i]
			s := l.layout.find(v.field)
			if s == nil {
				t.fail(field(Malformed, v.field.Name, "is no field of "+list.Name))
				continue
			}
			if e := c.fit(&v, nil); e != nil {
				t.misfit(n, place, v.field, e)
				v = Unset(v.field)
			}
			l.layout.put(item, s, &v)
		}
		item.cells[itemStatus].lo = l.number(list.Initial)
		made = append(made, item)
	}
	c.state.lists[n].items = made
	c.judge()
	return c
}

// WithReview returns the draft under a payout review: payouts of least or more
// wait for quorum people of the application. A quorum of 0 is none.
func (c Contract) WithReview(least Amount, quorum int) Contract {
	t := *c.terms
	c.terms, t.review = &t, review{least, uint64(quorum)}
	if quorum < 0 || quorum > 10 || least.Cmp(maxUnits) > 0 {
		t.review, t.amiss = review{}, slices.Clone(t.amiss)
		t.fail(field(InvalidPolicy, "payoutReview", "needs a quorum of 1 to 10"))
	}
	c.judge()
	return c
}

// fail notes a fault of the draft as a whole.
func (t *terms) fail(e *Error) { t.misfit(-1, -1, nil, e) }

// misfit notes what is wrong with a value that was given.
func (t *terms) misfit(list, item int, f *Field, e *Error) {
	t.amiss = append(t.amiss, misfit{list, item, f, e})
}

// misfitOf returns why the field has no value although it was given one.
func (t *terms) misfitOf(list, item int, f *Field) *Error {
	for i := range t.amiss {
		if m := &t.amiss[i]; m.field == f && m.list == list && m.item == item {
			return m.fault
		}
	}
	return nil
}

// founding reports whether a field of the state is the account of a party that a
// draft may name.
func (l *Lifecycle) founding(f *Field) bool {
	return slices.ContainsFunc(l.parties, func(p party) bool { return p.sort == partyOfState && p.ref.slot.field == f })
}

// fit makes a value one of the contract's asset, or says why it is none.
func (c *Contract) fit(v *Value, at *fieldRef) *Error {
	if v.fault != nil {
		return v.fault
	}
	f := v.field
	if f.Kind == AmountKind && v.text != "" {
		a, reason := f.amount(v.text, c.terms.asset)
		if reason != "" {
			if at != nil && at.home == homePolicy {
				reason = InvalidPolicy
			}
			return field(reason, f.Name, "is no amount of "+c.terms.asset.Code)
		}
		v.cell, v.text = cell(a), ""
	}
	return nil
}

// judge notes what is wrong with a draft's terms: what is malformed, then the
// policy, then each field in the order declared, then what the lifecycle demands
// across them, then the items.
func (c *Contract) judge() {
	t := c.terms
	if t.fault = c.malformed(); t.fault != nil {
		return
	}
	for _, fault := range []func() *Error{c.policyFault, c.partiesFault, c.termsFault, func() *Error { return c.checkFault(false) }, c.listsFault} {
		if t.fault = fault(); t.fault != nil {
			return
		}
	}
}

// malformed returns what makes terms unreadable, whatever the lifecycle.
func (c *Contract) malformed() *Error {
	unreadable := func(e *Error) bool { return e != nil && (e.reason == Malformed || e.reason == AmountBounds) }
	for i := range c.terms.amiss {
		m := &c.terms.amiss[i]
		if unreadable(m.fault) {
			if m.list >= 0 {
				return m.fault.within(itemPath(&c.lifecycle.lists[m.list], m.item))
			}
			return m.fault
		}
	}
	for _, home := range []struct {
		l *layout
		r *record
	}{{c.lifecycle.terms, c.terms.fixed}, {c.lifecycle.state, c.state}} {
		for i := range home.l.slots {
			if s := &home.l.slots[i]; home.r.has(s) {
				if e := c.storedFault(s.field, s, home.r, InvalidTerms); unreadable(e) {
					return e
				}
			}
		}
	}
	for i := range c.lifecycle.lists {
		l := &c.lifecycle.lists[i]
		for n, item := range c.items(i) {
			for j := range l.layout.slots {
				if s := &l.layout.slots[j]; item.has(s) {
					if e := c.storedFault(s.field, s, item, InvalidTerms); unreadable(e) {
						return e.within(itemPath(l, n))
					}
				}
			}
		}
	}
	return nil
}

func (c *Contract) partiesFault() *Error {
	for i := range c.lifecycle.parties {
		p := &c.lifecycle.parties[i]
		if p.sort != partyOfTerms && p.sort != partyOfState {
			continue
		}
		id := c.partyID(p, -1)
		if id == "" && p.sort == partyOfTerms && !p.ref.slot.field.Optional {
			return field(p.ref.slot.field.reason(InvalidTerms), p.ref.slot.field.Name, "is missing")
		}
		if id != "" && !validID(id) {
			return field(Malformed, p.ref.slot.field.Name, "must be 1 to 200 bytes of printable ASCII without blanks")
		}
	}
	return nil
}

// termsFault returns what is wrong with a single field of the terms.
func (c *Contract) termsFault() *Error {
	for _, f := range declarations(c.lifecycle.spec.Terms) {
		at := c.lifecycle.locate(f)
		if e := c.terms.misfitOf(-1, -1, f); e != nil {
			return e
		}
		if e := c.storedFault(f, at.slot, c.home(at.ref), InvalidTerms); e != nil {
			return e
		}
	}
	return nil
}

// listsFault returns what is wrong with a draft's items: their number, a field of
// one, or two of one key.
func (c *Contract) listsFault() *Error {
	for i := range c.lifecycle.lists {
		l := &c.lifecycle.lists[i]
		items := c.items(i)
		reason := l.decl.Reason
		if reason == "" {
			reason = InvalidTerms
		}
		if len(items) < l.decl.Least || len(items) > l.decl.Most {
			return field(reason, l.decl.Name, "a draft names "+counted(l.decl.Least, l.decl.Most))
		}
		known := make(map[string]bool, len(items))
		for n, item := range items {
			if e := c.itemFault(l, n, item); e != nil {
				return e.within(itemPath(l, n))
			}
			key := item.texts[itemKey]
			if known[key] {
				return field(reason, l.decl.Name, "two have the "+l.key().Name+" "+echo(key))
			}
			known[key] = true
		}
	}
	return nil
}

// itemPath is how a refusal names a draft's item, as in "milestones[0].".
func itemPath(l *itemList, n int) string { return l.decl.Name + "[" + itoa(n) + "]." }

// within returns a refusal that names a field as one that names it with the path to
// it.
func (e *Error) within(path string) *Error {
	name, _ := e.details["field"].(string)
	return field(e.reason, path+name, strings.TrimPrefix(e.message, name+": "))
}

// itemFault returns what is wrong with an item's own fields.
func (c *Contract) itemFault(l *itemList, n int, item *record) *Error {
	for i := range l.layout.slots {
		s := &l.layout.slots[i]
		if e := c.terms.misfitOf(l.index, n, s.field); e != nil {
			return e
		}
		if e := c.storedFault(s.field, s, item, InvalidTerms); e != nil {
			return e
		}
	}
	return nil
}

// storedFault returns what is wrong with a stored value: missing, or out of its
// bounds.
func (c *Contract) storedFault(f *Field, s *slot, r *record, otherwise Reason) *Error {
	if !r.has(s) {
		if f.Optional {
			return nil
		}
		return field(f.reason(otherwise), f.Name, "is missing")
	}
	v := Value{field: f}
	switch {
	case f.Kind == TextsKind:
		v.texts = r.lists[s.index].texts
	case f.Kind == TextKind || f.Kind == AccountKind:
		v.text = r.texts[s.index]
	default:
		v.cell = r.cells[s.index]
	}
	return c.boundsFault(f, &v, otherwise)
}

// valueFault returns what is wrong with a value that a rule sets.
func (c *Contract) valueFault(f *Field, v *Value) *Error {
	switch {
	case v.fault != nil:
		return refuse(RuleFailed, f.Name+": "+v.fault.message)
	case v.unset:
		return nil
	case v.field != f && v.field.Kind != f.Kind:
		return refuse(RuleFailed, f.Name+": the value is one of "+v.field.Name)
	}
	if e := c.boundsFault(f, v, RuleFailed); e != nil {
		return e
	}
	return nil
}

// policyFault returns the first policy field that is out of its bounds.
func (c *Contract) policyFault() *Error {
	t := c.terms
	for i := range t.amiss {
		if m := &t.amiss[i]; m.field == nil && m.fault.reason == InvalidPolicy {
			return m.fault
		}
	}
	if t.policy == c.lifecycle.defaults && t.asset == c.lifecycle.spec.Asset && t.review == (review{}) {
		return nil
	}
	for i := range c.lifecycle.policy.slots {
		s := &c.lifecycle.policy.slots[i]
		if e := t.misfitOf(-1, -1, s.field); e != nil {
			return field(InvalidPolicy, s.field.Name, strings.TrimPrefix(e.message, s.field.Name+": ")+": "+s.field.Meaning)
		}
		if e := c.storedFault(s.field, s, t.policy, InvalidPolicy); e != nil {
			return field(InvalidPolicy, s.field.Name, strings.TrimPrefix(e.message, s.field.Name+": ")+": "+s.field.Meaning)
		}
	}
	return c.checkFault(true)
}

// checkFault returns what the lifecycle's own checks of the terms refuse: those of
// the policy, or the others.
func (c *Contract) checkFault(policy bool) (e *Error) {
	q := c.timeless()
	checks := &c.lifecycle.checks
	defer recoverInto(&e, &rule{Rule: &Rule{}})
	for i := range checks.needs {
		n := &checks.needs[i]
		if (n.decl.Reason == InvalidPolicy) != policy {
			continue
		}
		if n.test != nil && !q.holds(n.test) {
			return n.refusal
		}
		if n.test == nil {
			if e := n.decl.Check(q.view(c)); e != nil {
				return c.lifecycle.remedied(e)
			}
		}
	}
	return nil
}

// boundsFault returns what is wrong with a value that is there.
func (c *Contract) boundsFault(f *Field, v *Value, otherwise Reason) *Error {
	reason := f.reason(otherwise)
	switch f.Kind {
	case TextKind:
		if !isReadable(v.text, f.Lines) {
			return field(Malformed, f.Name, "has a control character or a bidirectional override")
		}
		if f.Filled && strings.TrimSpace(v.text) == "" {
			return field(reason, f.Name, "is blank")
		}
	case AccountKind:
		if !validID(v.text) {
			return field(Malformed, f.Name, "must be 1 to 200 bytes of printable ASCII without blanks")
		}
	case TextsKind:
		return c.textsFault(f, v.texts, reason)
	case ChoiceKind:
		if f.choiceText(v.cell.lo) == "" {
			return field(reason, f.Name, "must be "+orList(f.Choices))
		}
	case FlagKind:
		if v.cell.lo > 1 {
			return field(reason, f.Name, "must be true or false")
		}
	case InstantKind:
		if !v.cell.instant().valid() {
			return field(reason, f.Name, "lies outside the years 1 to 9999")
		}
	case AmountKind:
		return c.amountFault(f, Amount(v.cell), reason)
	default:
		if b := f.bounds(); b != nil && !b.holds(v.cell) {
			return field(reason, f.Name, "must be "+b.text)
		}
	}
	return nil
}

func (c *Contract) amountFault(f *Field, a Amount, reason Reason) *Error {
	switch {
	case a.Cmp(maxUnits) > 0:
		return field(AmountBounds, f.Name, "is more than 10^36 smallest units")
	case f.Positive && a.IsZero():
		return field(reason, f.Name, "must be more than zero")
	}
	return nil
}

func (c *Contract) textsFault(f *Field, texts []string, reason Reason) *Error {
	most := maxItems
	if b := f.bounds(); b != nil {
		if !b.holds(cell{lo: uint64(len(texts))}) {
			return field(reason, f.Name, "must be "+b.text)
		}
	}
	if len(texts) > most || f.Filled && len(texts) == 0 {
		return field(reason, f.Name, "must be 1 to 1,000")
	}
	for _, text := range texts {
		if !isReadable(text, f.Lines) {
			return field(Malformed, f.Name, "has a control character or a bidirectional override")
		}
		if f.Filled && strings.TrimSpace(text) == "" {
			return field(reason, f.Name, "holds a blank entry")
		}
	}
	return nil
}

// maxItems is how many items a list, and texts a field, may have.
const maxItems = 1000

// isReadable reports whether text shows a person what it says: no control
// characters but, where lines are allowed, line feeds and tabs, and nothing that
// turns the direction of writing.
func isReadable(text string, lines bool) bool {
	for _, r := range text {
		switch {
		case lines && (r == '\n' || r == '\t'):
		case r < ' ' || r == 0x7f, r >= 0x80 && unicode.IsControl(r):
			return false
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C:
			return false
		}
	}
	return true
}

// payloadFault returns what is wrong with the command's own fields by themselves.
func (q *ask) payloadFault() *Error {
	return q.c.givenFault(q.cmd.act.layout, q.cmd.payload, "", false)
}

// givenFault returns what is wrong with an object of a command. One of changes may
// leave anything out.
func (c *Contract) givenFault(l *layout, r *record, path string, changes bool) *Error {
	for i := range l.slots {
		s := &l.slots[i]
		f := s.field
		name := path + f.Name
		if !r.has(s) {
			if !f.Optional && f.Kind != RowsKind && !changes {
				return field(f.reason(Malformed), name, "is missing")
			}
			continue
		}
		if s.inner != nil {
			for _, row := range r.lists[s.index].items {
				if e := c.givenFault(s.inner, row, name+".", f.Changes); e != nil {
					return e
				}
			}
			continue
		}
		v := Value{field: f}
		switch {
		case f.Kind == TextsKind:
			v.texts = r.lists[s.index].texts
		case f.Kind == AmountKind:
			a, reason := f.amount(r.texts[s.index], c.terms.asset)
			if reason != "" {
				return field(reason, name, "is no amount of "+c.terms.asset.Code)
			}
			v.cell = cell(a)
		case l.texted(f):
			v.text = r.texts[s.index]
		default:
			v.cell = r.cells[s.index]
		}
		if e := c.boundsFault(f, &v, Malformed); e != nil {
			if path != "" {
				return field(e.reason, name, strings.TrimPrefix(e.message, f.Name+": "))
			}
			return e
		}
	}
	return nil
}

// counted says how many, as a person would.
func counted(least, most int) string {
	switch {
	case most == 0:
		return "none"
	case least == most && most == 1:
		return "exactly one"
	case least == most:
		return "exactly " + itoa(most)
	}
	return itoa(least) + " to " + itoa(most)
}
