package escrowtest

import (
	"bytes"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// AuditContract checks what a snapshot shows by itself: G3 of one that has
// ended; G4, that it has a horizon and that from it on time and the system alone
// end it (one that stands open-ended, as [escrow.Spec] says, has none); G10, that
// storage gives it back byte for byte.
func AuditContract(c escrow.Contract) []Violation {
	var found violations
	found.stored(&c)
	if c.IsTerminal() {
		found.empty(&c)
		return found
	}
	found.horizon(&c)
	return found
}

// stored checks that a snapshot reads back as it was written. A faulty draft that was
// given without a schema is written as it came, so a draft is read as one is given.
func (v *violations) stored(c *escrow.Contract) {
	text, err := c.MarshalJSON()
	if err != nil {
		v.add("G10", "the snapshot cannot be written: %v", err)
		return
	}
	read := escrow.ReadStored
	if c.IsDraft() {
		read = escrow.ParseContract
	}
	again, err := read(text, c.Lifecycle())
	if err != nil {
		v.add("G10", "the snapshot cannot be read back: %v", err)
		return
	}
	if second, _ := again.MarshalJSON(); !bytes.Equal(text, second) {
		v.add("G10", "the snapshot reads back as another")
	}
}

// horizon checks G4.
func (v *violations) horizon(c *escrow.Contract) {
	if c.IsDraft() {
		return
	}
	at, ok := escrow.MaxTime(*c)
	switch {
	case !ok && reading.Spec(c.Lifecycle()).OpenEnded[c.Status()] == nil && len(c.Custody()) > 0:
		v.add("G4", "%s holds money, and no instant ends it", c.Status())
	case ok && !endsAlone(*c, notBefore(c.DecidedAt(), at)):
		v.add("G4", "%s should end by itself from %s on, and does not", c.Status(), stamp(at))
	}
}

// endsAlone reports whether advance and what only the system can do bring a
// contract to an end at an instant.
func endsAlone(c escrow.Contract, at time.Time) bool {
	spec := reading.Spec(c.Lifecycle())
	steps := len(c.Lifecycle().Statuses())
	for _, l := range spec.Lists {
		steps += c.View().Len(l) * (1 + len(l.Statuses))
	}
	for range steps + 1 {
		if c.IsTerminal() {
			return true
		}
		next, ok := alone(c, at)
		if !ok {
			return false
		}
		c = next
	}
	return c.IsTerminal()
}

// alone takes the next step that time, or the system by itself, takes: time at an
// instant, else the system as soon as it can.
func alone(c escrow.Contract, at time.Time) (escrow.Contract, bool) {
	d, err := escrow.Decide(c, escrow.Advance(), escrow.SystemActor(), escrow.At(at))
	if err == nil && d.Rule != ruleExpire { // an expiry leads nowhere
		return d.Contract, true
	}
	for _, m := range append(systemWork(c, c.DecidedAt()), systemMay(c)...) {
		if d, err := escrow.Decide(c, m.Command, m.Actor, escrow.At(c.DecidedAt())); err == nil && d.Contract != c {
			return d.Contract, true
		}
	}
	return c, false
}

// systemWork returns what only the system can do now and needs no payload for.
func systemWork(c escrow.Contract, at time.Time) (moves []Move) {
	work := escrow.SystemWork(c, at)
	for _, act := range c.Lifecycle().Acts() {
		if slices.Contains(work, act.Action()) && len(act.Params()) == 0 {
			moves = append(moves, Move{act.Command(), escrow.SystemActor()})
		}
	}
	return moves
}

// systemMay returns what the system may do by itself, besides others who may.
func systemMay(c escrow.Contract) (moves []Move) {
	spec := reading.Spec(c.Lifecycle())
	for i := range spec.Rules {
		if r := &spec.Rules[i]; slices.Contains(r.From, c.Status()) && reading.Alone(r) {
			moves = append(moves, Move{r.On.Command(), escrow.SystemActor()})
		}
	}
	return moves
}
