package escrow

// record records one effect in the snapshot under construction.
func (d *Decision) record(q *ask, e *effect) *Error {
	switch e.op {
	case effectAdd:
		return d.addItem(q, e)
	case effectAddAll:
		return d.addItems(q, e)
	case effectEvery:
		return d.setEvery(q, e)
	case effectAmend:
		return d.amend(q, e)
	case effectChange:
		return d.changeItem(q, e)
	}
	if e.ref.home == homeState && d.recordPlain(q, e) {
		return nil
	}
	v, fault := d.effectValue(q, e)
	if fault != nil {
		return fault
	}
	if f := e.ref.slot.field; e.op == effectCount || e.op == effectGiven && e.param != f && !v.unset {
		if fault = d.Contract.boundsFault(f, &v, RuleFailed); fault != nil {
			return fault
		}
	}
	return d.set(q, e.ref, &v)
}

// recordPlain records what needs no second look in a field of the state: an
// instant, a choice, who asks, or what the command carries for the same kind of
// field. It reports whether the effect was such a one.
func (d *Decision) recordPlain(q *ask, e *effect) bool {
	s := e.ref.slot
	switch e.op {
	case effectNow:
		at := q.now
		if e.plus.slot != nil {
			at = at.plus(seconds(q.cell(&d.Contract, &e.plus).lo))
		}
		d.fork().cells[s.index] = at.cell()
	case effectNumber:
		d.fork().cells[s.index].lo = e.number
	case effectFill:
		d.fork().cells[s.index] = filled(int(q.count(&d.Contract, &e.over)), e.number)
	case effectActor:
		d.fork().texts[s.index] = q.actor.account()
	case effectGiven:
		from := e.given
		if from == nil || q.cmd.payload == nil || !q.cmd.payload.has(from) {
			return false
		}
		if q.cmd.act.layout.texted(from.field) {
			d.fork().texts[s.index] = q.cmd.payload.texts[from.index]
		} else {
			d.fork().cells[s.index] = q.cmd.payload.cells[from.index]
		}
	default:
		return false
	}
	d.Contract.state.set |= 1 << s.bit
	return true
}

// effectValue returns what an effect sets its field to.
func (d *Decision) effectValue(q *ask, e *effect) (Value, *Error) {
	next := &d.Contract
	f := e.ref.slot.field
	switch e.op {
	case effectGiven:
		return q.given(e.param, f)
	case effectNow:
		at := q.now
		if e.plus.slot != nil {
			at = at.plus(seconds(q.cell(next, &e.plus).lo))
		}
		return Value{field: f, cell: at.cell()}, nil
	case effectActor:
		return Value{field: f, text: q.actor.account()}, nil
	case effectNumber:
		return Value{field: f, cell: cell{lo: e.number}}, nil
	case effectFill:
		return Value{field: f, cell: filled(int(q.count(next, &e.over)), e.number)}, nil
	case effectCount:
		n := q.cell(next, &e.ref).lo
		if n >= maxCount {
			return Value{}, refuse(RuleFailed, f.Name+" counts too far")
		}
		return Value{field: f, cell: cell{lo: n + 1}}, nil
	case effectFunc:
		own := d.after(q, e.ref.list)
		v := e.decl.Func(own.view(next))
		if v.field == nil {
			v.field = f
		}
		return v, next.valueFault(f, &v)
	}
	return Value{field: f, unset: true}, nil
}

// given returns what the command carries for a parameter as a value of a field.
func (q *ask) given(param, f *Field) (Value, *Error) {
	layout, rec := q.cmd.act.layout, q.cmd.payload
	s := layout.find(param)
	if s == nil || rec == nil || !rec.has(s) {
		return Value{field: f, unset: true}, nil
	}
	return q.c.valueAt(layout, rec, s, f)
}

// valueAt returns a value of a payload as a value of a stored field: amounts in
// smallest units of the asset.
func (c *Contract) valueAt(l *layout, rec *record, s *slot, f *Field) (Value, *Error) {
	v := Value{field: f}
	switch {
	case s.field.Kind == TextsKind:
		v.texts = rec.lists[s.index].texts
	case s.field.Kind == AmountKind && l.loose:
		a, reason := f.amount(rec.texts[s.index], c.terms.asset)
		if reason != "" {
			return v, field(reason, f.Name, "is no amount of "+c.terms.asset.Code)
		}
		v.cell = cell(a)
	case l.texted(s.field):
		v.text = rec.texts[s.index]
	default:
		v.cell = rec.cells[s.index]
	}
	return v, nil
}

// set writes a value at its place.
func (d *Decision) set(q *ask, at ref, v *Value) *Error {
	if at.home == homeItem {
		own := d.after(q, at.list)
		if own.item < 0 || own.list != at.list {
			return refuse(RuleFailed, at.slot.field.Name+" belongs to an item, and the rule is about none")
		}
		d.Contract.lifecycle.lists[at.list].layout.put(d.editItem(at.list, own.item), at.slot, v)
		return nil
	}
	d.Contract.lifecycle.state.put(d.fork(), at.slot, v)
	return nil
}

// addItem adds an item to a list, with what the command carries for its fields.
func (d *Decision) addItem(q *ask, e *effect) *Error {
	list := &d.Contract.lifecycle.lists[e.list]
	layout, rec := q.cmd.act.layout, q.cmd.payload
	if e.param != nil { // the fields stand in an object of the command
		s := layout.find(e.param)
		if s == nil || rec == nil || !rec.has(s) || len(rec.lists[s.index].items) == 0 {
			return field(Malformed, e.param.Name, "is missing")
		}
		layout, rec = s.inner, rec.lists[s.index].items[0]
	}
	item := list.layout.newRecord()
	if e.decl.KeyActor {
		item.texts[itemKey] = q.actor.account()
	}
	for i := range layout.slots {
		s := &layout.slots[i]
		to := list.layout.find(s.field)
		if rec == nil || to == nil || !rec.has(s) {
			continue
		}
		v, fault := q.c.valueAt(layout, rec, s, to.field)
		if fault != nil {
			return fault
		}
		list.layout.put(item, to, &v)
	}
	return d.appendItem(list, e, item)
}

// changeItem gives the question's item what a record of the command carries for its
// fields.
func (d *Decision) changeItem(q *ask, e *effect) *Error {
	layout, rec := q.cmd.act.layout, q.cmd.payload
	s := layout.find(e.param)
	if s == nil || rec == nil || !rec.has(s) || len(rec.lists[s.index].items) == 0 {
		return nil
	}
	list, change := &d.Contract.lifecycle.lists[e.list], rec.lists[s.index].items[0]
	if q.item < 0 || q.list != e.list {
		return refuse(RuleFailed, e.param.Name+" changes an item, and there is none")
	}
	item := d.editItem(e.list, q.item)
	for i := range s.inner.slots {
		from := &s.inner.slots[i]
		to := list.layout.find(from.field)
		if to.bit == 0 || !change.has(from) { // the key comes first
			continue
		}
		v, fault := q.c.valueAt(s.inner, change, from, to.field)
		if fault != nil {
			return fault
		}
		list.layout.put(item, to, &v)
	}
	return nil
}

// appendItem appends an item, whose key must be new.
func (d *Decision) appendItem(list *itemList, e *effect, item *record) *Error {
	items := d.editItems(list.index, 1)
	switch {
	case item.texts[itemKey] == "":
		return field(Malformed, list.key().Name, "is missing")
	case list.key().Kind == AccountKind && !validID(item.texts[itemKey]):
		return field(Malformed, list.key().Name, "must be 1 to 200 bytes of printable ASCII without blanks")
	case findItem(items, item.texts[itemKey]) >= 0:
		return refuse(ItemExists, "")
	case len(items) >= list.max():
		return refuse(TooMany, "")
	}
	item.set |= 1 << list.layout.slots[0].bit
	if e := d.Contract.itemFault(list, -1, item); e != nil {
		return e
	}
	item.cells[itemStatus].lo = e.number
	d.Contract.state.lists[list.index].items = append(items, item)
	d.added, d.addedTo = len(items), int8(list.index)
	return nil
}

// addItems adds an item for each of the command's texts.
func (d *Decision) addItems(q *ask, e *effect) *Error {
	list := &d.Contract.lifecycle.lists[e.list]
	s := q.cmd.act.layout.find(e.param)
	if s == nil || q.cmd.payload == nil {
		return nil
	}
	keys := q.cmd.payload.lists[s.index].texts
	d.editItems(list.index, len(keys))
	for _, key := range keys {
		item := list.layout.newRecord()
		item.texts[itemKey] = key
		if fault := d.appendItem(list, e, item); fault != nil {
			return fault
		}
	}
	d.added = -1
	return nil
}

// setEvery sets the status of every item of a list.
func (d *Decision) setEvery(q *ask, e *effect) *Error {
	list := &d.Contract.lifecycle.lists[e.list]
	becomes, own := e.decl.Becomes, *q
	own.list, own.item = -1, -1
	v := own.view(q.c)
	if becomes == nil {
		becomes = e.decl.Prepare(v)
	}
	v.list = int8(e.list)
	for i, item := range d.Contract.items(e.list) {
		if before := q.c.items(e.list); i < len(before) {
			v.index, v.item = int32(i), before[i]
		} else { // added by this decision
			v.index, v.item = -1, nil
		}
		status := becomes(v)
		if status == "" {
			continue
		}
		n := list.number(status)
		if n == 0 {
			return refuse(RuleFailed, list.decl.Name+" have no status "+status)
		}
		if n != item.cells[itemStatus].lo {
			d.editItem(e.list, i).cells[itemStatus].lo = n
		}
	}
	return nil
}

// amend sets amendable fields to what the command carries for them. What was
// demanded of the draft is demanded of the terms that come out.
func (d *Decision) amend(q *ask, e *effect) *Error {
	for _, at := range e.amends {
		v, fault := q.given(at.slot.field, at.slot.field)
		if fault == nil && !v.unset {
			if fault = d.Contract.valueFault(at.slot.field, &v); fault == nil {
				fault = d.set(q, at, &v)
			}
		}
		if fault != nil {
			return fault
		}
	}
	return d.Contract.brokenPromise()
}

// replace remembers who a party was that the rule may replace.
func (d *Decision) replace(q *ask, p *party) {
	if account := q.c.partyID(p, -1); account != "" {
		d.outgoing = append(d.outgoing, outgoing{p.n, account})
	}
}
