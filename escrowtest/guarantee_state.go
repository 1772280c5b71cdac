package escrowtest

import (
	"bytes"
	"time"

	"github.com/escrow-go/escrow"
)

// AuditContract checks what a snapshot shows by itself: G3 of one that has
// ended; G4, that it has a horizon and that from it on time and the system alone
// end it (a lifecycle that its [escrow.Spec] calls open-ended has none while it
// waits for nothing); G10, that it survives being written down.
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

// stored checks that a snapshot reads back as it was written.
func (v *violations) stored(c *escrow.Contract) {
	text, err := c.MarshalJSON()
	if err != nil {
		v.add("G10", "the snapshot cannot be written: %v", err)
		return
	}
	again, err := escrow.ParseContract(text, c.Lifecycle())
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
	case !ok && specOf(c.Lifecycle()).OpenEnded.String() == "" && len(c.Custody()) > 0:
		v.add("G4", "%s holds money, and no instant ends it", c.Status())
	case ok && !endsAlone(*c, latest(c, at)):
		v.add("G4", "%s should end by itself from %s on, and does not", c.Status(), at.Format(time.RFC3339Nano))
	}
}

// latest returns the later of an instant and the founding.
func latest(c *escrow.Contract, at time.Time) time.Time {
	return notBefore(c.CreatedAt(), at)
}

// endsAlone reports whether advance and the system's settling bring a contract to
// an end at an instant.
func endsAlone(c escrow.Contract, at time.Time) bool {
	for range c.Lifecycle().Statuses() {
		if c.IsTerminal() {
			return true
		}
		d, err := escrow.Decide(c, escrow.Advance{}, escrow.SystemActor(), At(at))
		if err != nil {
			d, err = escrow.Decide(c, escrow.Settle{}, escrow.SystemActor(), At(at))
		}
		if err != nil {
			return false
		}
		c = d.Contract
	}
	return c.IsTerminal()
}
