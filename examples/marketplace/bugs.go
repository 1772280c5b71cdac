package marketplace

import (
	"encoding/json"
	"time"
)

// Bug is a mistake that a backend may make, to be planted for seeing the harness
// find it.
type Bug string

// The bugs that can be planted.
const (
	// SparedWrite spares the write when neither the status nor any money has moved:
	// then a jury is drawn, the answer says so, and nobody remembers.
	SparedWrite Bug = "spared write"
	// StaleRead reads from a cache that a commit leaves as it is.
	StaleRead Bug = "stale read"
	// UncheckedRevision commits on whatever revision there is by then.
	UncheckedRevision Bug = "unchecked revision"
	// DoubleBooking books the movements of a command once more when it is asked again
	// under its key.
	DoubleBooking Bug = "double booking"
	// LostApproval looks for approvals in the snapshot, which keeps the latest only.
	LostApproval Bug = "lost approval"
	// ForeignForbidden says that a contract is not for the actor, and so that there is
	// one.
	ForeignForbidden Bug = "foreign forbidden"
	// SkippingCursor begins a page after the contract that it should begin with.
	SkippingCursor Bug = "skipping cursor"
	// KeyBeforeRace looks a key up before the race for the commit, and not after one
	// that was lost.
	KeyBeforeRace Bug = "key before race"
	// KeyOfAnyBody does not look what a key was first used for.
	KeyOfAnyBody Bug = "key of any body"
	// NoTransaction writes snapshot, movements and payments one after the other.
	NoTransaction Bug = "no transaction"
	// OutboxApart writes the payments after the transaction.
	OutboxApart Bug = "outbox apart"
	// EarlyPayout sends payouts that somebody is to look at first.
	EarlyPayout Bug = "early payout"
	// RepeatedPayout sends payouts again when the server comes up, under ids of their
	// own, since it cannot know whether they were sent.
	RepeatedPayout Bug = "repeated payout"
	// LateDeadline dates what a deadline decides by when the scheduler came.
	LateDeadline Bug = "late deadline"
)

// Bugs returns all of them.
func Bugs() []Bug {
	return []Bug{SparedWrite, StaleRead, UncheckedRevision, DoubleBooking, LostApproval, ForeignForbidden, SkippingCursor, KeyBeforeRace, KeyOfAnyBody, NoTransaction,
		OutboxApart, EarlyPayout, RepeatedPayout, LateDeadline}
}

// WithBug plants a bug.
func WithBug(b Bug) Option { return func(s *Server) { s.bug, s.store.bug = b, b } }

// dated returns the answer to a command with another time of its decision.
func dated(answer []byte, now time.Time) []byte {
	var a map[string]map[string]any
	if json.Unmarshal(answer, &a) != nil || a["decision"] == nil {
		return answer
	}
	a["decision"]["at"] = now
	answer, _ = json.Marshal(a)
	return answer
}
