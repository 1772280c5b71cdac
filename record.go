package escrow

import (
	"slices"
	"strings"
)

// cell is one stored scalar, 16 bytes whatever its kind: an amount, an instant,
// a ratio, a count, a duration, a choice's number, a flag, a sheet.
type cell Amount

// instant returns the instant that a cell holds.
func (c cell) instant() instant { return instant{int64(c.hi), int32(c.lo)} }

// cell returns the instant as a cell.
func (i instant) cell() cell { return cell{uint64(i.sec), uint64(uint32(i.nsec))} }

// record holds the values of one layout: scalars in cells, texts beside them,
// lists apart. A record is never written once a snapshot shows it; a decision
// writes into a fork of its own.
type record struct {
	// set has a bit for each field that has a value, by its place in the layout.
	set   uint64
	cells []cell
	texts []string
	lists []list
	// generation counts how often the memory was used again, see [Decision.Keep].
	generation uint64
}

// list is a field's many values: texts, or the items of a list.
type list struct {
	texts []string
	items []*record
}

// The first places of an item's record.
const (
	itemKey     = 0 // of texts: the key
	itemStatus  = 0 // of cells: the number of the status, counted from 1
	itemBalance = 1 // of cells: what the item's pot holds
	itemCells   = 2 // cells that every item has
)

// home is where a field's value is kept.
type home uint8

const (
	homeNone home = iota
	homeTerms
	homeState
	homePolicy
	homeItem
	homeCommand
)

// slot is a field's place in a record.
type slot struct {
	field *Field
	// bit is the place in the layout, index the one among cells, texts or lists.
	bit, index uint8
	key        string // the name as JSON writes it
	path       string // the name as it leads to what is inside
	// inner is how the objects of a record or rows field are laid out.
	inner *layout
}

// layout says where a record keeps the values of its fields.
type layout struct {
	slots               []slot
	cells, texts, lists int
	// loose amounts are kept as text, for what is given before the asset is known.
	loose bool
	// names are those that are read, aliases too; sorted is the order of the slots
	// by name.
	names  names
	sorted []uint8
}

// maxFields is how many fields one layout may have, a bit each.
const maxFields = 64

// newLayout lays fields out, behind the cells and texts that are there already.
func newLayout(fields []*Field, loose bool) *layout {
	l := &layout{loose: loose, names: make(names, len(fields))}
	for _, f := range fields {
		l.add(f)
	}
	for i := range l.slots {
		l.sorted = append(l.sorted, uint8(i))
	}
	slices.SortFunc(l.sorted, func(a, b uint8) int { return strings.Compare(l.slots[a].field.Name, l.slots[b].field.Name) })
	return l
}

func (l *layout) add(f *Field) {
	s := slot{field: f, bit: uint8(len(l.slots)), key: jsonKey(f.Name), path: f.Name + "."}
	switch {
	case f.Kind == TextsKind || f.Kind == RowsKind || f.Kind == RecordKind:
		s.index = uint8(l.lists)
		l.lists++
		if f.Kind != TextsKind {
			s.inner = newLayout(declarations(f.Fields), true)
		}
	case l.texted(f):
		s.index = uint8(l.texts)
		l.texts++
	default:
		s.index = uint8(l.cells)
		l.cells++
	}
	l.names[f.Name] = len(l.slots)
	if f.Alias != "" {
		l.names[f.Alias] = len(l.slots)
	}
	l.slots = append(l.slots, s)
}

// find returns the field's place, nil when the layout has no such field.
func (l *layout) find(f *Field) *slot {
	if l == nil {
		return nil
	}
	for i := range l.slots {
		if l.slots[i].field.is(f) {
			return &l.slots[i]
		}
	}
	return nil
}

// Records with room for what most layouts need, made at once: of an item, of a
// command or a state of few fields, of any other.
type (
	itemRecord struct {
		record
		moreCells [4]cell
		moreTexts [4]string
	}
	fewRecord struct {
		record
		moreCells [2]cell
		moreTexts [2]string
		moreLists [1]list
	}
	smallRecord struct {
		record
		moreCells [6]cell
		moreTexts [4]string
		moreLists [2]list
	}
)

// roomFor returns an empty record with room for as many values.
func roomFor(cells, texts, lists int) *record {
	switch {
	case lists == 0 && cells <= 4 && texts <= 4:
		r := new(itemRecord)
		r.cells, r.texts = r.moreCells[:0], r.moreTexts[:0]
		return &r.record
	case lists <= 1 && cells <= 2 && texts <= 2:
		r := new(fewRecord)
		r.cells, r.texts, r.lists = r.moreCells[:0], r.moreTexts[:0], r.moreLists[:0]
		return &r.record
	}
	r := new(smallRecord)
	r.cells, r.texts, r.lists = r.moreCells[:0], r.moreTexts[:0], r.moreLists[:0]
	return &r.record
}

// newRecord returns an empty record of the layout.
func (l *layout) newRecord() *record {
	r := roomFor(l.cells, l.texts, l.lists)
	r.resize(l)
	return r
}

// resize gives a record the lengths of a layout, using what memory it has.
func (r *record) resize(l *layout) {
	r.cells, r.texts, r.lists = sized(r.cells, l.cells), sized(r.texts, l.texts), sized(r.lists, l.lists)
}

func sized[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	return make([]T, n)
}

// copyFrom makes the record equal to another of the same layout. Lists are
// shared: what changes one makes it anew.
func (r *record) copyFrom(from *record) {
	r.set = from.set
	r.cells = append(r.cells[:0], from.cells...)
	if len(r.texts) != len(from.texts) || len(r.lists) != len(from.lists) {
		r.texts, r.lists = sized(r.texts, len(from.texts)), sized(r.lists, len(from.lists))
	}
	//lint:ignore S1001 there are few: one by one is quicker than a call that copies all
	for i := range from.texts {
		r.texts[i] = from.texts[i]
	}
	//lint:ignore S1001 as above
	for i := range from.lists {
		r.lists[i] = from.lists[i]
	}
}

// clone returns a record of its own that is equal.
func (r *record) clone() *record {
	own := roomFor(len(r.cells), len(r.texts), len(r.lists))
	own.copyFrom(r)
	return own
}

// has reports whether the field at the slot has a value.
func (r *record) has(s *slot) bool { return r.set>>s.bit&1 != 0 }

// put stores a value at its slot of the layout.
func (l *layout) put(r *record, s *slot, v *Value) {
	if v.unset {
		l.clear(r, s)
		return
	}
	r.set |= 1 << s.bit
	switch {
	case s.field.Kind == TextsKind:
		r.lists[s.index].texts = v.texts
	case s.inner != nil:
		r.lists[s.index].items = s.inner.rows(v.rows)
	case l.texted(s.field):
		r.texts[s.index] = v.text
	default:
		r.cells[s.index] = v.cell
	}
}

// rows makes a record of each row; values of no field are left out.
func (l *layout) rows(rows [][]Value) []*record {
	items := make([]*record, len(rows))
	for i, row := range rows {
		items[i] = l.newRecord()
		for j := range row {
			if s := l.find(row[j].field); s != nil {
				l.put(items[i], s, &row[j])
			}
		}
	}
	return items
}

// texted reports whether the field's value is kept as text.
func (l *layout) texted(f *Field) bool {
	switch f.Kind {
	case TextKind, AccountKind, TargetKind:
		return true
	}
	return f.Kind == AmountKind && l.loose
}

// clear takes the value at a slot away.
func (l *layout) clear(r *record, s *slot) {
	r.set &^= 1 << s.bit
	switch {
	case s.field.Kind == TextsKind || s.inner != nil:
		r.lists[s.index] = list{}
	case l.texted(s.field):
		r.texts[s.index] = ""
	default:
		r.cells[s.index] = cell{}
	}
}

// equal reports whether two records of the layout hold the same.
func (l *layout) equal(a, b *record) bool {
	if a.set != b.set || !slices.Equal(a.cells, b.cells) || !slices.Equal(a.texts, b.texts) || len(a.lists) != len(b.lists) {
		return false
	}
	for i := range l.slots {
		s := &l.slots[i]
		switch {
		case s.field.Kind == TextsKind:
			if !slices.Equal(a.lists[s.index].texts, b.lists[s.index].texts) {
				return false
			}
		case s.inner != nil:
			if !slices.EqualFunc(a.lists[s.index].items, b.lists[s.index].items, s.inner.equal) {
				return false
			}
		}
	}
	return true
}
