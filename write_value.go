package escrow

import (
	"strconv"
	"time"
)

// fields writes the fields of a record that have a value, in the order declared
// or, canonically, by name. Without a contract they are a command's.
func (w *writer) fields(c *Contract, l *layout, rec *record) {
	for i := range l.slots {
		s := &l.slots[i]
		if w.sorted {
			s = &l.slots[l.sorted[i]]
		}
		w.field(c, l, rec, s)
	}
}

// field writes a field unless it has no value.
func (w *writer) field(c *Contract, l *layout, rec *record, s *slot) {
	if rec.has(s) {
		w.known(s.key)
		w.value(c, l, rec, s)
	}
}

// value writes the value at a slot.
func (w *writer) value(c *Contract, l *layout, rec *record, s *slot) {
	switch {
	case s.field.Kind == TextsKind:
		w.list(rec.lists[s.index].texts)
	case s.inner != nil:
		w.rows(s, rec.lists[s.index].items)
	case l.texted(s.field) && s.field.Kind == AmountKind:
		w.buf = append(append(append(w.buf, '"'), rec.texts[s.index]...), '"')
	case l.texted(s.field):
		w.buf = appendString(w.buf, rec.texts[s.index])
	default:
		w.scalar(c, s.field, rec.cells[s.index])
	}
}

// scalar writes a value that is kept in a cell.
func (w *writer) scalar(c *Contract, f *Field, v cell) {
	switch f.Kind {
	case CountKind:
		w.buf = strconv.AppendUint(w.buf, v.lo, 10)
		return
	case FlagKind:
		w.buf = strconv.AppendBool(w.buf, v.lo != 0)
		return
	case ChoiceKind:
		w.buf = appendString(w.buf, f.choiceText(v.lo))
		return
	case SheetKind:
		w.sheet(f, v, c.entries(f, v))
		return
	}
	w.buf = append(w.buf, '"')
	switch f.Kind {
	case AmountKind:
		w.buf = Amount(v).appendText(w.buf, f.scale(c.terms.asset))
	case RatioKind:
		w.buf = Ratio{v.lo}.appendText(w.buf)
	case InstantKind:
		w.buf = v.instant().appendText(w.buf)
	case DurationKind:
		w.buf = appendDuration(w.buf, time.Duration(v.lo))
	}
	w.buf = append(w.buf, '"')
}

// entries returns how many entries a sheet is written with: one for each text that
// it is over; where those are not known, up to the last that is set.
func (c *Contract) entries(f *Field, v cell) int {
	if n, known := c.over(f); known {
		return n
	}
	n := sheetEntries
	for n > 0 && v.at(n-1) == 0 {
		n--
	}
	return n
}

// over returns how many texts the contract has that a sheet is over; false when
// that is nothing of the contract's own.
func (c *Contract) over(f *Field) (int, bool) {
	if c == nil || f.Over == nil {
		return 0, false
	}
	at := c.lifecycle.locate(f.Over)
	if at == nil || at.home == homeItem || f.Over.Kind != TextsKind {
		return 0, false
	}
	return min(len(c.home(at.ref).lists[at.slot.index].texts), sheetEntries), true
}

func (w *writer) sheet(f *Field, v cell, entries int) {
	w.open('[')
	for i := range entries {
		if n := v.at(i); n != 0 {
			w.item(f.choiceText(n))
		} else {
			w.comma()
			w.buf = append(w.buf, "null"...)
		}
	}
	w.close(']')
}

// rows writes objects of a command: a list of them, or of a record the one.
func (w *writer) rows(s *slot, rows []*record) {
	if s.field.Kind == RecordKind {
		if len(rows) == 0 {
			w.buf = append(w.buf, "null"...)
			return
		}
		w.open('{')
		w.fields(nil, s.inner, rows[0])
		w.close('}')
		return
	}
	w.open('[')
	for _, row := range rows {
		w.open('{')
		w.fields(nil, s.inner, row)
		w.close('}')
	}
	w.close(']')
}

// list writes a list of texts.
func (w *writer) list(texts []string) {
	w.open('[')
	for _, text := range texts {
		w.item(text)
	}
	w.close(']')
}

// appendDuration writes a duration as hours, minutes and seconds, as in "PT24H".
func appendDuration(dst []byte, d time.Duration) []byte {
	dst = append(dst, "PT"...)
	start := len(dst)
	for _, unit := range [...]struct {
		size   time.Duration
		letter byte
	}{{time.Hour, 'H'}, {time.Minute, 'M'}, {time.Second, 'S'}} {
		if n := d / unit.size; n > 0 {
			dst = append(strconv.AppendInt(dst, int64(n), 10), unit.letter)
			d %= unit.size
		}
	}
	if len(dst) == start {
		return append(dst, "0S"...)
	}
	return dst
}
