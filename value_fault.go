package escrow

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

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
