package escrow

// Stands in until the codec and the proof are here.

func (w *canonical) command(cmd Command) {}
func (w *writer) decision(d *Decision)   {}

// readDefaults reads the default policy.
func (k *compiler) readDefaults() {
	l := k.l
	l.defaults = l.policy.newRecord()
	for i := range l.policy.slots {
		s := &l.policy.slots[i]
		f, text := s.field, s.field.Default
		if len(text) > 1 && text[0] == '"' {
			text = text[1 : len(text)-1]
		}
		v := Value{field: f}
		switch f.Kind {
		case AmountKind:
			n, _ := f.amount(text, l.spec.Asset)
			v.cell = cell(n)
		case ChoiceKind:
			v.cell.lo = f.choice(text)
		case FlagKind:
			if text == "true" {
				v.cell.lo = 1
			}
		case TextKind, AccountKind:
			v.text = text
		default:
			c, err := f.scalar(text)
			if err != nil {
				k.fail("policy field %s: %v", f.Name, err)
			}
			v.cell = c
		}
		l.policy.put(l.defaults, s, &v)
	}
}

// prove lets every pot hold money everywhere.
func (k *compiler) prove() {
	k.l.may, k.l.sure = make([]potSet, len(k.l.statuses)), make([]potSet, len(k.l.statuses))
	for i := range k.l.may {
		k.l.may[i] = ^potSet(0)
	}
}
