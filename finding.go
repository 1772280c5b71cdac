package escrow

// finding is one failed check, with the instant it concerns, if any: four words,
// for it is returned on the way of every decision.
type finding struct {
	refusal *Error
	note    *note
	at      instant
}

// note is what a refusal tells besides: the name of an instant, or a party whose
// account is not the one that asks.
type note struct {
	name  string
	party *party
}

// refused is a finding without a note; nothing is found when e is nil.
func refused(e *Error) finding { return finding{refusal: e} }

// error returns the finding as a refusal of its own.
func (f finding) error(c *Contract, actor *Actor) *Error {
	if f.note == nil {
		return f.refusal
	}
	e := new(Error)
	f.into(e, c, actor)
	return e
}

// into writes the finding as a refusal with what is particular to it.
func (f finding) into(e *Error, c *Contract, actor *Actor) {
	*e = Error{shape: f.refusal.shape, moment: f.note.name, at: f.at}
	if f.note.party != nil {
		e.want, e.given = c.partyID(f.note.party, -1), actor.account()
	}
}

// findings collects every failed check when it is not nil; otherwise the first
// one ends the check.
type findings []finding

// stop notes a failed check and reports whether the check ends here.
func (all *findings) stop(f finding) bool {
	if f.refusal == nil {
		return false
	}
	if all == nil {
		return true
	}
	*all = append(*all, f)
	return false
}
