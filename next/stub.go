package escrow

import "strings"

func (w *canonical) command(cmd Command) {}
func (w *writer) decision(d *Decision)   {}
func (w *writer) refusal(e *Error)       {}
func (k *compiler) prove() {
	k.l.may, k.l.sure, k.l.mayItems = make([]potSet, 64), make([]potSet, 64), make([]uint32, 64)
	for i := range k.l.may {
		k.l.may[i] = 255
	}
}

// readDefaults reads scalar defaults until the codec does.
func (k *compiler) readDefaults() {
	l := k.l
	l.defaults = l.policy.newRecord()
	for i := range l.policy.slots {
		s := &l.policy.slots[i]
		f, text := s.field, strings.Trim(s.field.Default, `"`)
		l.defaults.set |= 1 << s.bit
		switch f.Kind {
		case AmountKind:
			a, _ := f.amount(text, l.spec.Asset)
			l.defaults.cells[s.index] = cell(a)
		case ChoiceKind:
			l.defaults.cells[s.index].lo = f.choice(text)
		case FlagKind:
			if text == "true" {
				l.defaults.cells[s.index].lo = 1
			}
		default:
			l.defaults.cells[s.index], _ = f.scalar(text)
		}
	}
}
