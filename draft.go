package escrow

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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
	t := &terms{id: id, asset: asset, fixed: l.terms.newRecord()}
	t.policy, _ = l.rescaled(l.defaults, l.spec.Asset, asset)
	c := Contract{lifecycle: l, terms: t, state: l.state.newRecord()}
	if !validID(id) || strings.Contains(id, "/") {
		t.fault = field(Malformed, "id", "must be 1 to 200 bytes of printable ASCII without blanks and slashes")
	} else if asset.Scale > maxScale || !validID(asset.Code) {
		t.fault = field(Malformed, "asset", "needs a code and a scale of 0 to 18")
	}
	own := t.policy != l.defaults
	for i := range values {
		v := values[i]
		if v.field == nil {
			continue
		}
		at := l.locate(v.field)
		if e := c.fit(&v, at); e != nil {
			t.late = append(t.late, lateFault{-1, -1, v.field, e, v.text})
			if at != nil && at.home == homePolicy { // nor is the default what was meant
				t.policy, own = l.ownPolicy(t, own), true
				l.policy.clear(t.policy, at.slot)
			}
			if e.reason != AmountScale && e.reason != InvalidPolicy { // else refused in the field's turn
				t.fail(e)
			}
			continue
		}
		switch {
		case at == nil || at.home == homeItem:
			t.fail(field(Malformed, v.field.Name, "is no field of "+l.spec.Name))
		case at.home == homePolicy:
			t.policy, own = l.ownPolicy(t, own), true
			l.policy.put(t.policy, at.slot, &v)
		case at.home == homeTerms:
			l.terms.put(t.fixed, at.slot, &v)
		case at.slot.field.Amendable || l.founding(at.slot.field):
			l.state.put(c.state, at.slot, &v)
		default:
			t.fail(field(Malformed, "contract", "a draft holds terms only, nothing that rules set: "+v.field.Name))
		}
	}
	t.early = t.fault
	c.judge()
	return c
}

// ownPolicy returns the record of a draft's policy for writing.
func (l *Lifecycle) ownPolicy(t *terms, own bool) *record {
	if own {
		return t.policy
	}
	return t.policy.clone()
}

// WithItems returns the draft with items of a list, each as its values.
func (c Contract) WithItems(list *List, items ...[]Value) Contract {
	n := c.lifecycle.listOf(list)
	if n < 0 || c.status != 0 || c.terms.text != "" {
		return c
	}
	t := c.terms.again()
	t.late = slices.Clone(t.late)
	c.terms, c.state = t, c.state.clone()
	l := &c.lifecycle.lists[n]
	var made []*record
	for place, values := range items {
		item := l.layout.newRecord()
		for i := range values {
			v := values[i]
			s := l.layout.find(v.field)
			if e := c.fit(&v, nil); e != nil {
				t.late = append(t.late, lateFault{n, place, v.field, e, v.text})
				if e.reason != AmountScale { // else refused in the field's turn
					t.fail(e.within(itemPath(l, place)))
				}
			} else if s == nil {
				t.fail(field(Malformed, v.field.Name, "is no field of "+list.Name))
			} else {
				l.layout.put(item, s, &v)
			}
		}
		item.cells[itemStatus].lo = l.number(list.Initial)
		made = append(made, item)
	}
	c.state.lists[n].items = made
	t.early = t.fault
	c.judge()
	return c
}

// WithReview returns the draft under a payout review: payouts of least or more
// wait for quorum people of the application. A quorum of 0 is none.
func (c Contract) WithReview(least Amount, quorum int) Contract {
	if c.lifecycle == nil || c.status != 0 || c.terms.text != "" {
		return c
	}
	t := c.terms.again()
	c.terms = t
	if e := reviewFault(least, quorum); e != nil {
		t.fail(e)
	} else {
		t.review = review{least, uint64(quorum)}
	}
	t.early = t.fault
	c.judge()
	return c
}

// lateFault is a value that is none of its field's, to be refused in that field's
// turn. The list is -1 for a field that is no item's.
type lateFault struct {
	list, item int
	field      *Field
	fault      *Error
	text       string // as it was given, to be written back
}

// lateFault returns the fault of a field's value, nil when it has none.
func (t *terms) lateFault(list, item int, f *Field) *Error {
	for i := range t.late {
		if l := &t.late[i]; l.field == f && l.list == list && l.item == item {
			return l.fault
		}
	}
	return nil
}

// fail notes a fault of the terms: first what cannot be read at all, then a fault
// of the policy, then any other; of several such the first.
func (t *terms) fail(e *Error) {
	if t.fault == nil || faultRank(e) < faultRank(t.fault) {
		t.fault = e
	}
}

func faultRank(e *Error) int {
	switch e.reason {
	case Malformed, AmountBounds:
		return 0
	case InvalidPolicy:
		return 1
	}
	return 2
}

// founding reports whether a field of the state is the account of a party that a
// draft may name.
func (l *Lifecycle) founding(f *Field) bool {
	return slices.ContainsFunc(l.parties, func(p party) bool { return p.sort == partyOfState && p.ref.slot.field == f })
}

// fit makes a value one of the contract's asset, or says why it is none.
func (c *Contract) fit(v *Value, at *fieldRef) *Error {
	if v.fault != nil {
		if at != nil && at.home == homePolicy {
			return field(InvalidPolicy, v.field.Name, strings.TrimPrefix(v.fault.message, v.field.Name+": "))
		}
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
// policy, then each field in the order declared, then what the lifecycle checks
// across them, then the items.
func (c *Contract) judge() {
	t := c.terms
	for _, fault := range []func() *Error{c.idsFault, c.malformed, c.policyFault} {
		if e := fault(); e != nil {
			t.fail(e)
		}
	}
	for _, fault := range []func() *Error{c.partiesFault, c.termsFault} {
		if t.fault == nil {
			t.fault = fault()
		}
	}
	for _, fault := range []func() *Error{c.across, c.listsFault} {
		if t.fault == nil {
			t.fault = fault()
		}
	}
	t.sound = t.fault == nil && c.isSound()
}

// isSound reports whether all is met that a founding demands of terms and policy
// alone.
func (c *Contract) isSound() bool {
	q := c.timeless()
	for i := range c.lifecycle.rules {
		if q.firstUnmet(&c.lifecycle.rules[i]) != nil {
			return false
		}
	}
	return true
}

// unfounded returns what keeps every founding from accepting terms and policy, nil
// when one may have.
func (c *Contract) unfounded() (e *Error) {
	q := c.timeless()
	defer recoverInto(&e, noRule)
	for i := range c.lifecycle.rules {
		r := &c.lifecycle.rules[i]
		if !r.from.has(0) {
			continue
		}
		n := q.firstUnmet(r)
		if n == nil {
			return nil
		}
		if e == nil {
			e = n.refusal
		}
	}
	return e
}

// firstUnmet returns the first thing that a founding demands of terms and policy
// alone and that is not met.
func (q *ask) firstUnmet(r *rule) *requirement {
	for i := range r.needs {
		if n := &r.needs[i]; n.fixed && !q.holds(n.test) {
			return n
		}
	}
	return nil
}

// across returns what the lifecycle's own checks refuse, but for those of the policy.
func (c *Contract) across() *Error {
	return c.checkFault(func(n *requirement) bool { return n.decl.Reason != InvalidPolicy })
}

// malformed returns what makes a draft's terms or items unreadable, whatever the
// lifecycle.
func (c *Contract) malformed() *Error {
	for _, part := range []struct {
		l *layout
		r *record
	}{{c.lifecycle.terms, c.terms.fixed}, {c.lifecycle.state, c.state}} {
		if e := c.unreadable(part.l, part.r); e != nil {
			return e
		}
	}
	for i := range c.lifecycle.lists {
		l := &c.lifecycle.lists[i]
		for n, item := range c.items(i) {
			if e := c.unreadable(l.layout, item); e != nil {
				return e.within(itemPath(l, n))
			}
		}
	}
	return nil
}

// unreadable returns the first value of a record that no draft can have.
func (c *Contract) unreadable(l *layout, r *record) *Error {
	for i := range l.slots {
		s := &l.slots[i]
		if !r.has(s) {
			continue
		}
		if e := c.storedFault(s.field, s, r, InvalidTerms); e != nil && faultRank(e) == 0 {
			return e
		}
	}
	return nil
}

// idsFault returns the first party whose account is no id.
func (c *Contract) idsFault() *Error {
	for i := range c.lifecycle.parties {
		if p := &c.lifecycle.parties[i]; p.sort == partyOfTerms || p.sort == partyOfState {
			if id := c.partyID(p, -1); id != "" && !validID(id) {
				return field(Malformed, p.ref.slot.field.Name, "must be 1 to 200 bytes of printable ASCII without blanks")
			}
		}
	}
	return nil
}

// partiesFault returns the first party of the terms that they do not name.
func (c *Contract) partiesFault() *Error {
	for i := range c.lifecycle.parties {
		p := &c.lifecycle.parties[i]
		if p.sort != partyOfTerms || p.ref.slot.field.Optional || c.partyID(p, -1) != "" {
			continue
		}
		f := p.ref.slot.field
		return c.lifecycle.field(f.reason(InvalidTerms), f.Name, "is missing")
	}
	return nil
}

// termsFault returns what is wrong with a single field of the terms. A check that
// names a field is made in that field's turn.
func (c *Contract) termsFault() *Error {
	for _, f := range declarations(c.lifecycle.spec.Terms) {
		if e := c.terms.lateFault(-1, -1, f); e != nil {
			return e
		}
		at := c.lifecycle.locate(f)
		if e := c.storedFault(f, at.slot, c.home(at.ref), InvalidTerms); e != nil {
			return e
		}
		if e := c.turnFault(f, false); e != nil {
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
		if len(items) < l.decl.Least || len(items) > l.decl.Most {
			return l.miscounted
		}
		for n, item := range items {
			if e := c.itemFault(l, n, item); e != nil {
				return e.within(itemPath(l, n))
			}
		}
		if duplicate := duplicateOf(items); duplicate != "" {
			return c.lifecycle.field(l.miscounted.reason, l.decl.Name, "two have the "+l.key().Name+" "+truncate(duplicate))
		}
	}
	return nil
}

// itemPath is how a refusal names a draft's item, as in "parts[0].".
func itemPath(l *itemList, n int) string { return l.decl.Name + "[" + itoa(n) + "]." }

// within returns a refusal that names a field as one that names it with the path to
// it.
func (e *Error) within(path string) *Error {
	name, _ := e.details["field"].(string)
	if name == "" {
		return e
	}
	own := *e.shape
	own.message = path + e.message
	return newError(own).with("field", path+name)
}

// named returns a refusal that names a field by its path as one that names it alone.
func (e *Error) named(name string) *Error {
	own := *e.shape
	path, _ := e.details["field"].(string)
	own.message = name + ": " + strings.TrimPrefix(e.message, path+": ")
	return newError(own).with("field", name)
}

// duplicateOf returns a key that two items have, "" when none is.
func duplicateOf(items []*record) string {
	if len(items) <= 8 {
		for n, item := range items {
			if findItem(items[:n], item.texts[itemKey]) >= 0 {
				return item.texts[itemKey]
			}
		}
		return ""
	}
	seen := make(map[string]bool, len(items))
	for _, item := range items {
		if seen[item.texts[itemKey]] {
			return item.texts[itemKey]
		}
		seen[item.texts[itemKey]] = true
	}
	return ""
}

// itemFault returns what is wrong with an item's own fields.
func (c *Contract) itemFault(l *itemList, n int, item *record) *Error {
	for i := range l.layout.slots {
		s := &l.layout.slots[i]
		if e := c.terms.lateFault(l.index, n, s.field); e != nil {
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
		return c.lifecycle.field(f.reason(otherwise), f.Name, "is missing")
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
		return refuse(RuleFailed, e.message)
	}
	return nil
}

// policyFault returns the first policy field that is out of its bounds.
func (c *Contract) policyFault() *Error {
	t := c.terms
	if t.policy == c.lifecycle.defaults && len(t.late) == 0 && t.asset == c.lifecycle.spec.Asset && t.review == (review{}) {
		return nil
	}
	for i := range c.lifecycle.policy.slots {
		s := &c.lifecycle.policy.slots[i]
		if e := t.lateFault(-1, -1, s.field); e != nil {
			return e
		}
		if e := c.storedFault(s.field, s, t.policy, InvalidPolicy); e != nil {
			return field(InvalidPolicy, s.field.Name, strings.TrimPrefix(e.message, s.field.Name+": ")+": "+s.field.Meaning)
		}
		if e := c.turnFault(s.field, true); e != nil {
			return e
		}
	}
	return c.checkFault(func(n *requirement) bool { return n.decl.Reason == InvalidPolicy })
}

// turnFault returns what the lifecycle's own checks that name a field refuse, of the
// policy or of the terms.
func (c *Contract) turnFault(f *Field, policy bool) *Error {
	return c.checkFault(func(n *requirement) bool {
		return n.decl.Field == f.Name && (n.decl.Reason == InvalidPolicy) == policy
	})
}

// noRule is what refuses where no rule of the table does.
var noRule = &rule{Rule: &Rule{}}

// brokenPromise returns what those of the lifecycle's own checks refuse that hold of
// every contract, not of drafts alone.
func (c *Contract) brokenPromise() *Error {
	return c.checkFault(func(n *requirement) bool { return n.lasting })
}

// checkFault returns what those of the lifecycle's own checks refuse that are meant.
func (c *Contract) checkFault(meant func(*requirement) bool) (e *Error) {
	q := c.timeless()
	checks := &c.lifecycle.checks
	defer recoverInto(&e, noRule)
	for i := range checks.needs {
		n := &checks.needs[i]
		if !meant(n) {
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
			return c.lifecycle.field(reason, f.Name, "is blank")
		}
	case AccountKind:
		if !validID(v.text) {
			return field(Malformed, f.Name, "must be 1 to 200 bytes of printable ASCII without blanks")
		}
	case TargetKind:
		return targetFault(f, v.text)
	case TextsKind:
		return c.textsFault(f, v.texts, reason)
	case ChoiceKind:
		if f.choiceText(v.cell.lo) == "" {
			return c.lifecycle.field(reason, f.Name, "must be "+orList(f.Choices))
		}
	case FlagKind:
		if v.cell.lo > 1 {
			return c.lifecycle.field(reason, f.Name, "must be true or false")
		}
	case InstantKind:
		if !v.cell.instant().valid() {
			return c.lifecycle.field(reason, f.Name, "lies outside the years 1 to 9999")
		}
	case AmountKind:
		return c.amountFault(f, Amount(v.cell), reason)
	case SheetKind:
		return c.sheetFault(f, v.cell, reason)
	default:
		if b := f.bounds(); b != nil && !b.holds(v.cell) {
			return c.lifecycle.field(reason, f.Name, "must be "+b.text)
		}
		if f.Kind == DurationKind && v.cell.lo%uint64(time.Second) != 0 {
			return c.lifecycle.field(reason, f.Name, "must be whole seconds")
		}
	}
	return nil
}

// targetFault returns what is wrong with a text that is to name an item: no item can
// have such a key.
func targetFault(f *Field, key string) *Error {
	switch {
	case f.List.Key.Declaration().Kind == AccountKind && !validID(key):
		return field(Malformed, f.Name, "must be 1 to 200 bytes of printable ASCII without blanks")
	case !isReadable(key, false):
		return field(Malformed, f.Name, "has a control character or a bidirectional override")
	}
	return nil
}

func (c *Contract) amountFault(f *Field, a Amount, reason Reason) *Error {
	switch {
	case a.Cmp(maxUnits) > 0:
		return field(AmountBounds, f.Name, "is more than 10^36 smallest units")
	case f.Positive && a.IsZero():
		return c.lifecycle.field(reason, f.Name, "must be more than zero")
	}
	return nil
}

// sheetFault returns what is wrong with a sheet: an entry that is no choice, or
// behind the last text that the sheet is over.
func (c *Contract) sheetFault(f *Field, v cell, reason Reason) *Error {
	entries, known := c.over(f)
	if !known {
		entries = sheetEntries
	}
	for i := range sheetEntries {
		if n := v.at(i); n > uint64(len(f.Choices)) || n != 0 && i >= entries {
			return field(reason, f.Name, "must have "+orList(f.Choices)+" for each of "+f.Over.Name)
		}
	}
	return nil
}

func (c *Contract) textsFault(f *Field, texts []string, reason Reason) *Error {
	most := maxItems
	if b := f.bounds(); b != nil {
		if !b.holds(cell{lo: uint64(len(texts))}) {
			return c.lifecycle.field(reason, f.Name, "must be "+b.text)
		}
	}
	if len(texts) > most || f.Filled && len(texts) == 0 {
		return c.lifecycle.field(reason, f.Name, "must be 1 to 1,000")
	}
	for _, text := range texts {
		if !isReadable(text, f.Lines) {
			return field(Malformed, f.Name, "has a control character or a bidirectional override")
		}
		if f.Filled && strings.TrimSpace(text) == "" {
			return c.lifecycle.field(reason, f.Name, "holds a blank entry")
		}
	}
	return nil
}

// maxItems is how many items a list, and texts a field, may have.
const maxItems = 1000

// isReadable reports whether text shows a person what it says: UTF-8 without control
// characters but, where lines are allowed, line feeds and tabs, and nothing that
// turns the direction of writing.
func isReadable(text string, lines bool) bool {
	n := 0
	for n < len(text) && text[n] >= ' ' && text[n] < 0x7f {
		n++
	}
	if !utf8.ValidString(text[n:]) {
		return false
	}
	for _, r := range text[n:] {
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
		switch {
		case !r.has(s):
			if !f.Optional && f.Kind != RowsKind && !changes {
				return c.lifecycle.field(f.reason(Malformed), path+f.Name, "is missing")
			}
		case s.inner != nil:
			if e := c.rowsFault(s, r, path); e != nil {
				return e
			}
		default:
			if e := c.fieldFault(l, s, r, path); e != nil {
				return e
			}
		}
	}
	return nil
}

// rowsFault returns what is wrong with the objects that a command carries.
func (c *Contract) rowsFault(s *slot, r *record, path string) *Error {
	if path != "" {
		path += s.path
	} else {
		path = s.path
	}
	for _, row := range r.lists[s.index].items {
		if e := c.givenFault(s.inner, row, path, s.field.Changes); e != nil {
			return e
		}
	}
	return nil
}

// fieldFault returns what is wrong with one value that a command carries.
func (c *Contract) fieldFault(l *layout, s *slot, r *record, path string) *Error {
	f := s.field
	v := Value{field: f}
	switch {
	case f.Kind == TextsKind:
		v.texts = r.lists[s.index].texts
	case f.Kind == AmountKind:
		a, reason := f.amount(r.texts[s.index], c.terms.asset)
		if reason != "" {
			return field(reason, path+f.Name, "is no amount of "+c.terms.asset.Code)
		}
		v.cell = cell(a)
	case l.texted(f):
		v.text = r.texts[s.index]
	default:
		v.cell = r.cells[s.index]
	}
	e := c.boundsFault(f, &v, Malformed)
	if e != nil && path != "" {
		return c.lifecycle.field(e.reason, path+f.Name, strings.TrimPrefix(e.message, f.Name+": "))
	}
	return e
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
