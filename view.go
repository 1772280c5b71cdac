package escrow

import "time"

// View is what the functions of a lifecycle may look at: terms, state, policy,
// items, parties, custody, the command, who asks and the time. It is read-only,
// and valid only while the function runs.
//
// A field that has no value, or that the lifecycle does not declare, reads as
// the zero value of its kind.
type View struct {
	*viewState
	item    *record
	given   *record // the command's payload, or a row of it
	params  *layout // of given
	index   int32
	list    int8 // whose item it is, -1 for none
	payload bool // look fields up in given alone
}

// viewState is the snapshot and the question that a view looks at. It lives in memory
// of the decision's, or of a pool, so that functions can be handed it for nothing.
type viewState struct {
	c         Contract
	account   string
	kind      Kind
	now       instant
	own       *record // what the actor itself carries: of a confirmation its terms
	ownParams *layout
	confirms  bool
	named     bool
	direct    bool
}

// stage is where a question keeps its viewState. It is one step further from the
// question than what the question points to: functions may keep the one, not the
// other, so that a question needs no memory.
type stage struct {
	viewState *viewState
	// set: the viewState shows the snapshot before the rule already.
	set bool
}

// View returns a view of the contract alone: without a command, an actor or a
// time.
func (c Contract) View() View {
	return View{viewState: &viewState{c: c}, list: -1, index: -1}
}

// find returns the record and place of a field, nil when it has none here.
func (v *View) find(w Word) (*record, *slot) {
	f := w.Declaration()
	if v.payload {
		if s := v.params.find(f); s != nil && v.given != nil {
			return v.given, s
		}
		return nil, nil
	}
	if v.viewState == nil || v.c.lifecycle == nil {
		return nil, nil
	}
	at := v.c.lifecycle.locate(f)
	if at == nil {
		return nil, nil
	}
	var r *record
	switch at.home {
	case homeTerms:
		r = v.c.terms.fixed
	case homeState:
		r = v.c.state
	case homePolicy:
		r = v.c.terms.policy
	case homeItem:
		if int(v.list) == at.list {
			r = v.item
		}
	}
	if r == nil {
		return nil, nil
	}
	return r, at.slot
}

func (v *View) cell(w Word) cell {
	if r, s := v.find(w); r != nil && int(s.index) < len(r.cells) {
		return r.cells[s.index]
	}
	return cell{}
}

// Has reports whether the field has a value.
func (v View) Has(w Word) bool {
	r, s := v.find(w)
	return r != nil && r.has(s)
}

// Text returns a text, an account, a target or a choice.
func (v View) Text(w Word) string {
	r, s := v.find(w)
	switch {
	case r == nil:
		return ""
	case s.field.Kind == ChoiceKind:
		return s.field.choiceText(r.cells[s.index].lo)
	case s.field.Kind == TextKind || s.field.Kind == AccountKind || s.field.Kind == TargetKind:
		return r.texts[s.index]
	}
	return ""
}

// Amount returns an amount, of a command one that fits the contract's asset.
func (v View) Amount(w Word) Amount {
	r, s := v.find(w)
	switch {
	case r == nil || s.field.Kind != AmountKind:
		return Amount{}
	case v.payload:
		a, _ := s.field.amount(r.texts[s.index], v.c.terms.asset)
		return a
	}
	return Amount(r.cells[s.index])
}

// Ratio returns a ratio.
func (v View) Ratio(w Word) Ratio { return Ratio{v.cell(w).lo} }

// Count returns a whole number.
func (v View) Count(w Word) uint64 { return v.cell(w).lo }

// Time returns an instant, the zero time when unset.
func (v View) Time(w Word) time.Time { return v.cell(w).instant().time() }

// Duration returns a duration.
func (v View) Duration(w Word) time.Duration { return time.Duration(v.cell(w).lo) }

// Flag returns true or false.
func (v View) Flag(w Word) bool { return v.cell(w).lo != 0 }

// Texts returns the number of texts of a list of them.
func (v View) Texts(w Word) []string {
	if r, s := v.find(w); r != nil && s.field.Kind == TextsKind {
		return append([]string(nil), r.lists[s.index].texts...)
	}
	return nil
}

// CountTexts returns how many texts a list of them has.
func (v View) CountTexts(w Word) int {
	if r, s := v.find(w); r != nil && s.field.Kind == TextsKind {
		return len(r.lists[s.index].texts)
	}
	return 0
}

// Sheet returns a sheet.
func (v View) Sheet(w Word) Sheet { return Sheet{v.cell(w)} }

// Given returns the view of the command's own fields instead of the contract's.
func (v View) Given() View {
	v.payload = true
	return v
}

// Own returns the view of what the actor itself carries: the command's fields, but
// for a confirmation only the terms of its own.
func (v View) Own() View {
	v.payload, v.given, v.params = true, v.own, v.ownParams
	return v
}

// Rows returns how many objects a record or rows field of the command has.
func (v View) Rows(w Word) int {
	v.payload = true
	if r, s := v.find(w); r != nil && s.inner != nil {
		return len(r.lists[s.index].items)
	}
	return 0
}

// Value returns a field's value as a command carries it; unset when it has none.
func (v View) Value(w Word) Value {
	f := w.Declaration()
	r, s := v.find(w)
	if r == nil || !r.has(s) {
		return Unset(f)
	}
	own := Value{field: f}
	switch {
	case f.Kind == TextsKind:
		own.texts = r.lists[s.index].texts
	case f.Kind == AmountKind && !v.payload:
		own.text = v.c.terms.asset.Text(Amount(r.cells[s.index]))
	case f.Kind == AmountKind || f.Kind == TextKind || f.Kind == AccountKind || f.Kind == TargetKind:
		own.text = r.texts[s.index]
	default:
		own.cell = r.cells[s.index]
	}
	return own
}

// Row returns the view of the i-th object of a record or rows field of the
// command.
func (v View) Row(w Word, i int) View {
	v.payload = true
	r, s := v.find(w)
	if r == nil || s.inner == nil || i < 0 || i >= len(r.lists[s.index].items) {
		v.given, v.params = nil, nil
		return v
	}
	v.given, v.params = r.lists[s.index].items[i], s.inner
	return v
}

// Len returns how many items a list has.
func (v View) Len(l *List) int {
	n := v.c.lifecycle.listOf(l)
	if n < 0 {
		return 0
	}
	return len(v.c.state.lists[n].items)
}

// At returns the view of the i-th item of a list, with that item's fields.
func (v View) At(l *List, i int) View {
	v.payload = false
	n := v.c.lifecycle.listOf(l)
	if n < 0 || i < 0 || i >= len(v.c.state.lists[n].items) {
		v.list, v.index, v.item = -1, -1, nil
		return v
	}
	v.list, v.index, v.item = int8(n), int32(i), v.c.state.lists[n].items[i]
	return v
}

// Index returns the position of the view's item in its list, -1 when the view
// has none.
func (v View) Index() int { return int(v.index) }

// Find returns the position of the item with a key, -1 when there is none.
func (v View) Find(l *List, key string) int {
	n := v.c.lifecycle.listOf(l)
	if n < 0 {
		return -1
	}
	return findItem(v.c.state.lists[n].items, key)
}

// Key returns the key of the view's item, empty without one.
func (v View) Key() string {
	if v.item == nil {
		return ""
	}
	return v.item.texts[itemKey]
}

// ItemStatus returns the status of the view's item, empty without one.
func (v View) ItemStatus() string {
	if v.item == nil {
		return ""
	}
	return v.c.lifecycle.lists[v.list].statusText(v.item)
}

// Held returns what a pot holds: of a list's pot that of the view's item.
func (v View) Held(p *Pot) Amount {
	n := v.c.lifecycle.potOf(p)
	if n < 0 {
		return Amount{}
	}
	pot := &v.c.lifecycle.pots[n]
	switch {
	case pot.list < 0:
		return v.c.balance(pot)
	case v.item != nil && int(v.list) == pot.list:
		return Amount(v.item.cells[itemBalance])
	}
	return Amount{}
}

// Total returns what the pots of a list hold together.
func (v View) Total(p *Pot) (sum Amount) {
	for i := range v.c.lifecycle.pots {
		pot := &v.c.lifecycle.pots[i]
		if pot.decl != p || pot.list < 0 {
			continue
		}
		for _, item := range v.c.items(pot.list) {
			sum = sum.plusAtMost(Amount(item.cells[itemBalance]))
		}
	}
	return sum
}

// Account returns the account of a party, empty while nobody is it.
func (v View) Account(p *Party) string {
	if q := v.c.lifecycle.partyOf(p); q != nil {
		return v.c.partyID(q, int(v.index))
	}
	return ""
}

// Actor returns the account that asks and the kind of actor.
func (v View) Actor() (account string, kind Kind) { return v.account, v.kind }

// Now returns the instant of the decision.
func (v View) Now() time.Time { return v.now.time() }

// Status returns the contract's status.
func (v View) Status() Status { return v.c.lifecycle.statuses[v.c.status] }

// ID returns the contract's id.
func (v View) ID() string { return v.c.terms.id }

// Asset returns what the contract is paid in.
func (v View) Asset() Asset { return v.c.terms.asset }

// Confirms reports whether the command is being carried out for an approval that
// was confirmed.
func (v View) Confirms() bool { return v.confirms }

// Direct reports whether the actor's word alone is enough for a co-signed rule.
func (v View) Direct() bool { return v.direct }

// TermsNamed reports whether a person named terms of their own for the approval
// that is confirmed.
func (v View) TermsNamed() bool { return v.named }

// findItem returns the position of an item, -1 when there is none.
func findItem(items []*record, key string) int {
	for i, item := range items {
		if item.texts[itemKey] == key {
			return i
		}
	}
	return -1
}

// amount returns the amount that text of a command says: of the field's fixed
// scale, or of the asset.
func (f *Field) amount(text string, asset Asset) (Amount, Reason) {
	n, reason := parseNumber(text)
	if reason != "" {
		return Amount{}, reason
	}
	return n.units(f.scale(asset))
}

// scale returns how many decimal places the field's amounts have.
func (f *Field) scale(asset Asset) uint8 {
	if f.Fixed {
		return f.Scale
	}
	return asset.Scale
}
