package marketplace

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
)

// Bug is a mistake that a backend may make, to be planted for seeing the harness
// find it.
type Bug string

// The bugs that can be planted.
const (
	// NoTransaction writes snapshot, movements and payments one after the other; what
	// stops it in between leaves a part, and nobody notices.
	NoTransaction Bug = "no transaction"
	// UncheckedRevision commits on whatever revision there is by then.
	UncheckedRevision Bug = "unchecked revision"
	// StaleRead reads from a cache that a commit leaves as it is.
	StaleRead Bug = "stale read"
	// FloatRounding counts money in floating point before it is booked.
	FloatRounding Bug = "float rounding"
	// DoubleConfirm goes by the stored approval instead of the contract's revision: when
	// it is confirmed, it is carried out, also where another confirmation has done so.
	DoubleConfirm Bug = "double confirm"
	// VoidedHold voids every hold of a command that lost the race, also where the same
	// command has won it, so that the hold is the winner's.
	VoidedHold Bug = "voided hold"
	// KeyBeforeRace looks a key up before the race for the commit, and not after one
	// that was lost.
	KeyBeforeRace Bug = "key before race"
	// KeyOfAnyBody does not look what a key was first used for.
	KeyOfAnyBody Bug = "key of any body"
	// LateDeadline dates what a deadline decides by when the scheduler came.
	LateDeadline Bug = "late deadline"
	// OutboxApart writes the payments after the transaction.
	OutboxApart Bug = "outbox apart"
	// EarlyPayout sends payouts that somebody is to look at first.
	EarlyPayout Bug = "early payout"
	// RepeatedPayout sends payouts again when the server comes up, under ids of their
	// own, since it cannot know whether they were sent.
	RepeatedPayout Bug = "repeated payout"
	// ForeignForbidden says that a contract is not for the actor, and so that there is
	// one.
	ForeignForbidden Bug = "foreign forbidden"
	// SkippingCursor begins a page after the contract that it should begin with.
	SkippingCursor Bug = "skipping cursor"
	// LostApproval looks for approvals in the snapshot, which keeps the latest only.
	LostApproval Bug = "lost approval"
	// SparedWrite spares the write when neither the status nor any money has moved:
	// then a jury is drawn, the answer says so, and nobody remembers.
	SparedWrite Bug = "spared write"
	// DoubleBooking books the movements of a command once more when it is asked again
	// under its key.
	DoubleBooking Bug = "double booking"
)

// Bugs returns all of them.
func Bugs() []Bug {
	return []Bug{
		NoTransaction, UncheckedRevision, StaleRead, FloatRounding, DoubleConfirm, VoidedHold, KeyBeforeRace, KeyOfAnyBody,
		LateDeadline, OutboxApart, EarlyPayout, RepeatedPayout, ForeignForbidden, SkippingCursor, LostApproval,
		SparedWrite, DoubleBooking,
	}
}

// WithBug plants a bug.
func WithBug(b Bug) Option { return func(s *Server) { s.store.bug = b } }

// has reports whether a bug is planted. It is asked in one line where the mistake is
// made; what takes more than a line stands below.
func (s *store) has(b Bug) bool { return s.bug == b }

// cached is the read of [StaleRead].
func (s *Server) cached(c escrow.Contract) escrow.Contract {
	if _, is := s.cache[c.ID()]; !is {
		s.cache[c.ID()] = c
	}
	return s.cache[c.ID()]
}

// bookTwice is what [DoubleBooking] does.
func bookTwice(f *file) { f.booked = append(f.booked, f.booked...) }

// repeatPayouts is what [RepeatedPayout] does.
func repeatPayouts(f *file) {
	for _, p := range f.payouts {
		f.payouts = append(f.payouts, Payment{p.ID + "/again", p.Units, p.State})
	}
}

// dated is what [LateDeadline] answers: a decision with another time.
func dated(answer []byte, now time.Time) []byte {
	var a map[string]map[string]any
	if json.Unmarshal(answer, &a) != nil || a["decision"] == nil {
		return answer
	}
	a["decision"]["at"] = now
	answer, _ = json.Marshal(a)
	return answer
}

// throughFloat is what [FloatRounding] books.
func throughFloat(m escrow.Movement) *big.Int {
	dollars, _ := strconv.ParseFloat(m.Asset.Text(m.Amount), 64)
	units, _ := big.NewFloat(dollars * math.Pow10(int(m.Asset.Scale))).Int(nil)
	return units
}

// confirmed is what [DoubleConfirm] looks for: that the approval which a decision
// carries out is stored as confirmed.
func (f *file) confirmed(d *escrow.Decision) bool {
	a, is := d.Approval()
	return is && d.Executes != "" && f.approvals[a.ID].Status == escrow.ApprovalIsConfirmed
}
