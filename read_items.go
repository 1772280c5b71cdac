package escrow

// items reads the items of a list.
func (x *contractReader) items(l *itemList) {
	if x.null() {
		return
	}
	x.inside(l.decl.Name)
	defer x.outside()
	var items []*record
	for ok := x.enter('[', ']'); ok; ok = x.more(']') {
		if len(items) >= l.max() {
			x.malformed("are more than " + itoa(l.max()))
			break
		}
		items = append(items, x.item(l, len(items)+1))
	}
	x.c.state.lists[l.index].items = items
	if l.decl.Most == 0 && len(items) > 0 {
		x.ruled = true
	}
}

// item reads one item, the number-th of its list.
func (x *contractReader) item(l *itemList, number int) *record {
	rec := l.layout.newRecord()
	if x.c.status == 0 {
		rec.cells[itemStatus].lo = l.number(l.decl.Initial)
	}
	var seen uint64
	var status, numbered bool
	var strangers keySet
	for ok := x.enter('{', '}'); ok; ok = x.more('}') {
		key := x.key()
		n, known := l.layout.names[key]
		switch {
		case x.fault != nil:
		case !known:
			x.unknownMember(l, key, &strangers)
		case n == itemStatusMember && status, n == itemNumberMember && numbered:
			x.malformed("stands twice")
		case n == itemStatusMember:
			status = true
			x.itemStatus(l, rec)
		case n == itemNumberMember:
			numbered = true
			x.itemNumber(number)
		case seen>>n&1 != 0:
			x.malformed("stands twice" + l.layout.slots[n].twice())
		default:
			seen |= 1 << n
			x.itemField(l, rec, number-1, &l.layout.slots[n], key)
		}
	}
	return rec
}

// unknownMember passes over a member of an item that nobody knows.
func (x *contractReader) unknownMember(l *itemList, key string, strangers *keySet) {
	for name := range l.layout.names {
		x.differsInCase(key, name)
	}
	if strangers.twice(key) {
		x.malformed("stands twice")
	}
	x.extra()
}

// itemField reads a field of the item at a place.
func (x *contractReader) itemField(l *itemList, rec *record, place int, s *slot, key string) {
	x.note(softFault{l.index, place, s.field, s.field.Name, x.value(&x.c, l.layout, rec, s, InvalidTerms)})
	if key != s.field.Name && rec.has(s) {
		x.note(softFault{l.index, place, s.field, key, s.field.aliasFault(x.t.asset)})
	}
}

// itemStatus reads an item's status, which only rules set.
func (x *contractReader) itemStatus(l *itemList, rec *record) {
	text := x.text()
	switch n := l.number(text); {
	case text == "" || x.fault != nil:
	case x.c.status == 0:
		x.ruled = true
	case n == 0:
		x.malformed("must be " + orList(l.decl.Statuses))
	default:
		rec.cells[itemStatus].lo = n
	}
}

// itemNumber reads an item's number, which is its place in the list.
func (x *contractReader) itemNumber(want int) {
	if x.null() {
		return
	}
	n := x.count(maxCount)
	switch {
	case x.c.status == 0:
		x.ruled = true
	case n != uint64(want):
		x.malformed("must count the items from 1")
	}
}

// readForms lets the lifecycle's functions read what has a form of their own.
func (x *contractReader) readForms() {
	for n, members := range x.parts {
		if len(members) > 0 && x.fault == nil {
			x.reject(x.readForm(&x.l.spec.Forms[n], members))
		}
	}
}

func (x *contractReader) readForm(f *Form, members map[string][]byte) (e *Error) {
	defer func() {
		if p := recover(); p != nil {
			e = failed(p)
		}
	}()
	rows, e := f.Read(x.view(), members)
	switch {
	case e != nil:
		return e
	case f.List != nil:
		return x.formItems(f, &x.l.lists[x.l.listOf(f.List)], rows)
	}
	return x.formValue(f.Field.Declaration(), rows)
}

// formItems makes items of the rows that a form read.
func (x *contractReader) formItems(f *Form, l *itemList, rows [][]Value) *Error {
	if len(rows) > l.max() {
		return field(Malformed, l.decl.Name, "are more than "+itoa(l.max()))
	}
	items := make([]*record, len(rows))
	for i, row := range rows {
		rec := l.layout.newRecord()
		for j := range row {
			v := row[j]
			s := l.layout.find(v.field)
			if s == nil {
				return refuse(RuleFailed, "the form of "+l.decl.Name+" reads a field that is none of an item")
			}
			if e := x.c.fit(&v, nil); e != nil {
				return e
			}
			l.layout.put(rec, s, &v)
		}
		items[i] = rec
	}
	x.c.state.lists[l.index].items = items
	x.ruled = x.ruled || l.decl.Most == 0 && len(items) > 0
	return x.formStatuses(f, l)
}

// formStatuses gives the items that a form read their statuses.
func (x *contractReader) formStatuses(f *Form, l *itemList) *Error {
	if f.Status == nil {
		return nil
	}
	v := x.view()
	for i, item := range x.c.items(l.index) {
		status := f.Status(v.At(f.List, i))
		if item.cells[itemStatus].lo = l.number(status); item.cells[itemStatus].lo == 0 {
			return refuse(RuleFailed, l.decl.Name+" have no status "+status)
		}
	}
	return nil
}

// formValue keeps the one value that a form read.
func (x *contractReader) formValue(f *Field, rows [][]Value) *Error {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return nil
	}
	v := rows[0][0]
	if v.field != f {
		return refuse(RuleFailed, "the form of "+f.Name+" reads another field")
	}
	if e := x.c.fit(&v, nil); e != nil {
		return e
	}
	at := x.l.locate(f)
	from := x.l.terms
	if at.home == homeState {
		from = x.l.state
		x.ruled = x.ruled || !f.Amendable
	}
	from.put(x.c.home(at.ref), at.slot, &v)
	return nil
}
