package escrow

import "time"

// value reads a value into its slot of a record; null, and text that is empty,
// leave it unset. What is no value of the field's kind is a fault of the reader;
// one that is of the kind and cannot be of the field comes back. Without a
// contract the value is a command's.
func (r *reader) value(c *Contract, l *layout, rec *record, s *slot, otherwise Reason) *Error {
	if r.null() {
		return nil
	}
	f := s.field
	switch {
	case f.Kind == TextsKind:
		rec.lists[s.index].texts = r.texts()
	case s.inner != nil:
		rec.lists[s.index].items = r.rows(s)
	case f.Kind == AmountKind && l.loose:
		rec.texts[s.index] = r.looseAmount()
	case l.texted(f):
		if rec.texts[s.index] = r.text(); rec.texts[s.index] == "" {
			return nil
		}
	default:
		v, set, fault := r.scalar(c, f, otherwise)
		if !set {
			return fault
		}
		rec.cells[s.index] = v
	}
	if r.fault == nil {
		rec.set |= 1 << s.bit
	}
	return nil
}

// scalar reads a value that is kept in a cell.
func (r *reader) scalar(c *Contract, f *Field, otherwise Reason) (v cell, set bool, fault *Error) {
	switch f.Kind {
	case AmountKind:
		return r.storedAmount(f, c.terms.asset)
	case RatioKind:
		return r.ratio(f, otherwise)
	case CountKind:
		return cell{lo: r.count(maxCount)}, true, nil
	case InstantKind:
		i := r.instant()
		return i.cell(), !i.isZero(), nil
	case DurationKind:
		return r.duration(f, otherwise)
	case ChoiceKind:
		return r.choice(f, otherwise)
	case FlagKind:
		if r.flag() {
			v.lo = 1
		}
		return v, true, nil
	}
	return r.sheet(c, f, otherwise)
}

// plainNumber reads a number; its text is as it stands, or nothing when the number
// cannot be read.
func (r *reader) plainNumber() (n number, text string, reason Reason) {
	if r.peek() == '"' {
		text = r.text()
	} else if text = r.literal(); !isNumber(text) {
		r.malformed("must be a number in plain notation, as a string")
	}
	if r.fault != nil {
		return n, "", Malformed
	}
	if n, reason = parseNumber(text); reason == Malformed {
		r.malformed(catalogueText(reason))
	}
	return n, text, reason
}

// looseAmount reads an amount before its asset is known, as text without trailing
// zeros.
func (r *reader) looseAmount() string {
	n, text, reason := r.plainNumber()
	if reason != "" {
		r.fail(reason, catalogueText(reason))
		return ""
	}
	var buf [48]byte
	if normal := n.appendText(buf[:0]); string(normal) != text {
		return string(normal)
	}
	return text
}

func (r *reader) storedAmount(f *Field, asset Asset) (cell, bool, *Error) {
	n, _, reason := r.plainNumber()
	var a Amount
	if reason == "" {
		a, reason = n.units(f.scale(asset))
	}
	switch {
	case r.fault != nil:
		return cell{}, false, nil
	case reason != "":
		return cell{}, false, r.of(reason, catalogueText(reason))
	}
	return cell(a), true, nil
}

// of is a refusal of the field being read.
func (r *reader) of(reason Reason, message string) *Error { return field(reason, r.where(), message) }

func (r *reader) ratio(f *Field, otherwise Reason) (cell, bool, *Error) {
	n, _, reason := r.plainNumber()
	var ratio Ratio
	if reason == "" {
		ratio, reason = n.ratio()
	}
	switch {
	case r.fault != nil:
		return cell{}, false, nil
	case reason != "":
		return cell{}, false, r.of(f.reason(otherwise), "must be 0 to 1, with at most 18 decimal places")
	}
	return cell{lo: ratio.e18}, true, nil
}

func (r *reader) duration(f *Field, otherwise Reason) (cell, bool, *Error) {
	text := r.text()
	if text == "" || r.fault != nil {
		return cell{}, false, nil
	}
	d, ok := parseDuration(text)
	switch {
	case !ok:
		r.malformed("must be an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as PT24H")
		return cell{}, false, nil
	case d > maxDuration:
		return cell{}, false, r.of(f.reason(otherwise), "is longer than a hundred years")
	}
	return cell{lo: uint64(d / time.Second * time.Second)}, true, nil
}

func (r *reader) choice(f *Field, otherwise Reason) (cell, bool, *Error) {
	text := r.text()
	if text == "" || r.fault != nil {
		return cell{}, false, nil
	}
	n := f.choice(text)
	if n == 0 {
		return cell{}, false, r.of(f.reason(otherwise), "must be "+orList(f.Choices)+suggestion(text, f.Choices))
	}
	return cell{lo: n}, true, nil
}

// sheet reads a choice, or null, for each text that the sheet is over.
func (r *reader) sheet(c *Contract, f *Field, otherwise Reason) (v cell, set bool, fault *Error) {
	entries := 0
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		if entries >= sheetEntries {
			r.malformed("has more than 32 entries")
			break
		}
		text := r.text()
		n := f.choice(text)
		if text != "" && n == 0 && r.fault == nil && fault == nil {
			fault = r.of(f.reason(otherwise), "must be "+orList(f.Choices))
		}
		v = v.with(entries, n)
		entries++
	}
	if want, known := c.over(f); known && entries != want && fault == nil && r.fault == nil {
		fault = r.of(f.reason(otherwise), "must have an entry for each of "+f.Over.Name)
	}
	return v, fault == nil, fault
}

// rows reads the objects of a record or rows field.
func (r *reader) rows(s *slot) []*record {
	r.inside(s.field.Name)
	defer r.outside()
	if s.field.Kind == RecordKind {
		return []*record{r.row(s)}
	}
	list := []*record{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		list = append(list, r.row(s))
	}
	return list
}

// row reads one object; an unknown field is refused.
func (r *reader) row(s *slot) *record {
	rec := s.inner.newRecord()
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		r.payload(s.inner, rec, r.key(), s.field.Name, &seen)
	}
	return rec
}

// payload reads one field of a command or of an object in it.
func (r *reader) payload(l *layout, rec *record, key, of string, seen *uint64) {
	i, ok := l.names[key]
	switch {
	case r.fault != nil:
		return
	case !ok:
		for name := range l.names {
			r.differsInCase(key, name)
		}
		r.malformed("is no field of " + of + suggestion(key, l.fieldNames()))
		return
	case *seen>>i&1 != 0:
		r.malformed("stands twice" + l.slots[i].twice())
		return
	}
	*seen |= 1 << i
	s := &l.slots[i]
	if r.reject(r.value(nil, l, rec, s, Malformed)); key != s.field.Name && rec.has(s) {
		r.aliased = s.field
	}
}

// twice says which two names of a field stand for it.
func (s *slot) twice() string {
	if s.field.Alias == "" {
		return ""
	}
	return ", as " + s.field.Name + " or " + s.field.Alias
}

// fieldNames returns the names of the layout's fields.
func (l *layout) fieldNames() []string {
	list := make([]string, len(l.slots))
	for i := range l.slots {
		list[i] = l.slots[i].field.Name
	}
	return list
}
