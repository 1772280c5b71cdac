package escrow

import "strings"

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
