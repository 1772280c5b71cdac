package escrow

// command writes a command: its action, then the fields that it carries.
func (w *writer) command(cmd Command) {
	w.open('{')
	if cmd.act != nil {
		w.payload(cmd)
	}
	w.close('}')
}

func (w *writer) payload(cmd Command) {
	l := cmd.act.layout
	if cmd.payload == nil || !w.sorted {
		w.text("action", string(cmd.act.action))
		if cmd.payload != nil {
			w.fields(nil, l, cmd.payload)
		}
		return
	}
	told := false
	for _, i := range l.sorted {
		s := &l.slots[i]
		if !told && s.field.Name > "action" {
			w.text("action", string(cmd.act.action))
			told = true
		}
		w.field(nil, l, cmd.payload, s)
	}
	if !told {
		w.text("action", string(cmd.act.action))
	}
}

// command writes a command canonically, so that its digest is one.
func (w *canonical) command(cmd Command) {
	w.sorted = true
	w.writer.command(cmd)
}
