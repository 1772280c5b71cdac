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
	}
	v, fault := d.effectValue(q, e)
	if fault != nil {
		return fault
	}
	return d.set(q, e.ref, &v)
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
			at = at.plus(seconds(q.cell(next, e.plus).lo))
		}
		return Value{field: f, cell: at.cell()}, nil
	case effectActor:
		return Value{field: f, text: q.actor.account()}, nil
	case effectNumber:
		return Value{field: f, cell: cell{lo: e.number}}, nil
	case effectCount:
		n := q.cell(next, e.ref).lo
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

// appendItem appends an item, whose key must be new.
func (d *Decision) appendItem(list *itemList, e *effect, item *record) *Error {
	items := d.editItems(list.index)
	switch {
	case item.texts[itemKey] == "":
		return field(Malformed, list.key().Name, "is missing")
	case findItem(items, item.texts[itemKey], -1) >= 0:
		return refuse(ItemExists, "")
	case len(items) >= list.max():
		return refuse(TooMany, "")
	}
	item.set |= 1 << list.layout.slots[0].bit
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
	for _, key := range q.cmd.payload.lists[s.index].texts {
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
	for i, item := range d.Contract.items(e.list) {
		own := *q
		own.list, own.item = e.list, i
		status := e.decl.Becomes(own.view(q.c))
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

// amend sets amendable fields to what the command carries for them.
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
	return nil
}

// replace remembers who a party was that the rule may replace.
func (d *Decision) replace(q *ask, p *party) {
	if account := q.c.partyID(p, -1); account != "" {
		d.outgoing = append(d.outgoing, outgoing{p.n, account})
	}
}
