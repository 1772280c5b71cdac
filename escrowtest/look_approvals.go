package escrowtest

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/escrow-go/escrow"
)

// readsApproval reads the approval that the last answer is about.
func (l *telling) readsApproval(k *known) (found findings) {
	id := l.story.Steps[len(l.story.Steps)-1].Answer.Approval
	seen, ok := k.approvals[id]
	if l.able.approvals == nil || !ok {
		return nil
	}
	l.readApproval(&found, k, id, &seen)
	stranger := l.stranger()
	l.able.used["ApprovalReader"] += 2
	_, err := l.able.approvals.ReadApproval(stranger, id, l.now())
	_, missing := l.able.approvals.ReadApproval(stranger, nobody, l.now())
	l.hidden(&found, "ApprovalReader", stranger, "approval "+id, err, missing)
	return found
}

// readsApprovals reads all that there ever were.
func (l *telling) readsApprovals(k *known) (found findings) {
	if l.able.approvals == nil {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(k.approvals)) {
		seen := k.approvals[id]
		l.readApproval(&found, k, id, &seen)
	}
	return found
}

func (l *telling) readApproval(found *findings, k *known, id string, seen *seenApproval) {
	if !seen.sees() {
		return
	}
	l.able.used["ApprovalReader"]++
	text, err := l.able.approvals.ReadApproval(seen.by, id, l.now())
	if err != nil {
		where := "is in the snapshot"
		if _, kept := k.contract.Approval(id); !kept {
			where = "is no longer kept in the snapshot, but was there"
		}
		found.add("ApprovalReader", "approval %s, which %s, cannot be read by %s: %v", id, where, nameOf(seen.by), err)
		return
	}
	for _, d := range l.otherApproval(&seen.Approval, text) {
		found.add("ApprovalReader", "approval %s is read with another %s", id, d)
		return
	}
}

// otherApproval returns in what an approval that is read is another. One whose time
// is over is expired, whether or not that has been recorded.
func (l *telling) otherApproval(want *escrow.Approval, got []byte) []Difference {
	text, _ := want.MarshalJSON()
	a, _ := tree(text).(map[string]any)
	b, ok := tree(got).(map[string]any)
	if ok && want.StatusAt(l.now()) != want.Status {
		for _, name := range []string{"status", "resolvedAt"} {
			delete(a, name)
			delete(b, name)
		}
	}
	x, _ := json.Marshal(map[string]any{"approval": a})
	y, _ := json.Marshal(map[string]any{"approval": b})
	return compareWire(x, y, true)
}
