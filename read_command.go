package escrow

// ParseCommand reads a command of the lifecycle. An action that it does not have
// is [UnknownAction], a field that the action does not have [Malformed].
func (l *Lifecycle) ParseCommand(data []byte) (Command, error) {
	r := &reader{s: string(data)}
	cmd, fault := l.readCommand(r)
	if fault == nil {
		r.end()
		fault = r.fault
	}
	if fault != nil {
		return Command{}, fault
	}
	return cmd, nil
}

// readCommand reads a command at the reader.
func (l *Lifecycle) readCommand(r *reader) (Command, *Error) {
	action := r.action()
	if r.fault != nil {
		return Command{}, r.fault
	}
	g := l.named(action)
	if g == nil {
		return Command{}, refuse(UnknownAction, "lifecycle "+l.spec.Name+" has no action "+truncate(action)+suggestion(truncate(string(action)), l.actions())).of(Action(truncate(action)), "")
	}
	cmd := Command{act: g.act}
	if len(g.act.layout.slots) > 0 {
		cmd.payload = g.act.layout.newRecord()
	}
	r.aliased = nil
	r.carried(&cmd)
	cmd.aliased = r.aliased
	if r.fault != nil {
		return Command{}, r.fault.of(action, "")
	}
	return cmd, nil
}

// action returns what the command at the reader asks for: the one field that says
// how to read the others. It comes first as a rule.
func (r *reader) action() Action {
	own := *r
	action, found := "", false
	for ok := own.enter('{', '}'); ok && !found; ok = own.more('}') {
		if own.key() != "action" {
			own.pass()
			continue
		}
		if action, found = own.text(), true; own.fault == nil {
			return Action(action)
		}
	}
	if r.fault = own.fault; r.fault == nil {
		r.path = "action"
		r.malformed("is missing")
	}
	return ""
}

// carried reads what the command carries.
func (r *reader) carried(cmd *Command) {
	l, seen, told := cmd.act.layout, uint64(0), false
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch key := r.key(); {
		case key != "action":
			r.differsInCase(key, "action")
			r.payload(l, cmd.payload, key, string(cmd.act.action), &seen)
		case told:
			r.malformed("stands twice")
		default:
			told = true
			r.text()
		}
	}
}
