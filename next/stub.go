package escrow

import "math"

// prove fills what the proof finds out: which pots may and which surely hold money
// in a status, and which fields the status requires.
func (k *compiler) prove() {
	n := len(k.l.statuses)
	k.l.mayItems = make([]uint32, n)
	k.l.may, k.l.sure, k.l.required = make([]potSet, n), make([]potSet, n), make([][]*slot, n)
	for i := range k.l.may {
		k.l.may[i] = math.MaxUint8
	}
}
