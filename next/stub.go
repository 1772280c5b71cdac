package escrow

func (w *canonical) command(cmd Command) {}
func (w *writer) decision(d *Decision)   {}
func (w *writer) refusal(e *Error)       {}
func (k *compiler) prove() {
	k.l.may, k.l.sure, k.l.mayItems = make([]potSet, 64), make([]potSet, 64), make([]uint32, 64)
	for i := range k.l.may {
		k.l.may[i] = 255
	}
}
func (k *compiler) readDefaults() {
	k.l.defaults = k.l.policy.newRecord()
	for i := range k.l.policy.slots {
		s := &k.l.policy.slots[i]
		k.l.defaults.set |= 1 << s.bit
		r, _ := ParseRatio(trimQuotes(s.field.Default))
		k.l.defaults.cells[s.index].lo = r.e18
	}
}
func trimQuotes(s string) string {
	if len(s) > 1 {
		return s[1 : len(s)-1]
	}
	return s
}
