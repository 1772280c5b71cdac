package backtest

import (
	"bytes"

	"github.com/escrow-go/escrow"
)

// meets reports whether a request was made of the snapshot that the answers before
// lead to, or of what deadlines, applied on time, have made of it since.
func (h *history) meets(q *escrow.Request) bool {
	want := h.record
	for !same(&want, &q.Contract) {
		next, ok := escrow.NextDeadline(want)
		if !ok || next.At.After(q.Now) {
			return false
		}
		want = next.Then.Contract
	}
	return true
}

// same reports whether two snapshots are written alike, but for what the
// application fills in.
func same(a, b *escrow.Contract) bool {
	if a.Revision() != b.Revision() || a.Status() != b.Status() {
		return false
	}
	x, err := a.MarshalJSON()
	if err != nil {
		return false
	}
	y, err := b.MarshalJSON()
	return err == nil && (bytes.Equal(x, y) || len(a.Approvals()) > 0 && a.Digest() == b.Digest())
}
