package escrow

import (
	"slices"
	"strings"
)

func (w *writer) decision(d *Decision) {}

// prove takes everything for proved: any pot may hold money where the contract has not
// ended.
func (k *compiler) prove() {
	l := k.l
	l.may, l.sure = make([]potSet, len(l.statuses)), make([]potSet, len(l.statuses))
	for s := range l.may {
		if !l.terminal.has(uint8(s)) {
			l.may[s] = ^potSet(0)
		}
	}
}

// readDefaults works the default policy out, of what the fields declare.
func (k *compiler) readDefaults() {
	l := k.l
	l.defaults = l.policy.newRecord()
	for i := range l.policy.slots {
		s := &l.policy.slots[i]
		v, e := s.field.defaultValue(l.spec.Asset)
		if e != nil {
			k.fail("field %s: default %s: %s", s.field.Name, s.field.Default, e.message)
			continue
		}
		l.policy.put(l.defaults, s, &v)
	}
}

// command writes a command with all that it carries.
func (w *canonical) command(cmd Command) {
	w.open('{')
	type member struct {
		name string
		slot *slot
	}
	list := []member{{"action", nil}}
	if cmd.payload != nil {
		for i := range cmd.act.layout.slots {
			if s := &cmd.act.layout.slots[i]; cmd.payload.has(s) {
				list = append(list, member{s.field.Name, s})
			}
		}
	}
	slices.SortFunc(list, func(a, b member) int { return strings.Compare(a.name, b.name) })
	for _, m := range list {
		if m.slot == nil {
			w.text("action", string(cmd.Action()))
			continue
		}
		w.value(cmd.act.layout, cmd.payload, m.slot)
	}
	w.close('}')
}

func (w *canonical) value(l *layout, r *record, s *slot) {
	name := s.field.Name
	switch {
	case s.inner != nil:
		w.key(name)
		if s.field.Kind == RowsKind {
			w.open('[')
		}
		for _, row := range r.lists[s.index].items {
			w.open('{')
			slots := []*slot{}
			for i := range s.inner.slots {
				if row.has(&s.inner.slots[i]) {
					slots = append(slots, &s.inner.slots[i])
				}
			}
			slices.SortFunc(slots, func(a, b *slot) int { return strings.Compare(a.field.Name, b.field.Name) })
			for _, in := range slots {
				w.value(s.inner, row, in)
			}
			w.close('}')
		}
		if s.field.Kind == RowsKind {
			w.close(']')
		}
	case s.field.Kind == TextsKind:
		w.texts(name, r.lists[s.index].texts)
	case l.texted(s.field):
		w.text(name, r.texts[s.index])
	case s.field.Kind == ChoiceKind:
		w.text(name, s.field.choiceText(r.cells[s.index].lo))
	case s.field.Kind == InstantKind:
		w.instant(name, r.cells[s.index].instant())
	case s.field.Kind == FlagKind:
		w.flag(name, r.cells[s.index].lo != 0)
	case s.field.Kind == RatioKind:
		w.ratio(name, Ratio{r.cells[s.index].lo})
	default:
		w.count(name, r.cells[s.index].lo)
	}
}
