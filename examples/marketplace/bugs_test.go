package marketplace_test

import (
	"strings"
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// names is what the first line of a failure says of each bug.
var names = map[marketplace.Bug]string{
	marketplace.SparedWrite:       "reads revision 3, under-review, where revision 4 was decided: the read is stale",
	marketplace.StaleRead:         "the read is stale",
	marketplace.UncheckedRevision: "the first decided on a revision that was no longer the latest when it was committed",
	marketplace.DoubleBooking:     "is booked 2 times",
	marketplace.LostApproval:      "which is no longer kept in the snapshot, but was there, cannot be read",
	marketplace.ForeignForbidden:  "a foreign contract must be not_found",
	marketplace.SkippingCursor:    "the cursor skips it",
	marketplace.KeyBeforeRace:     "the one that lost the race, which looked the key up only before it",
	marketplace.KeyOfAnyBody:      "was taken for advance by 0xClient as well",
	marketplace.NoTransaction:     "started again, the system has kept a part of it: movement",
	marketplace.LateDeadline:      "dates what a deadline decides",
}

// TestBugs: each bug is found, named in the first line, and told in few steps.
func TestBugs(t *testing.T) {
	for _, bug := range marketplace.Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			t.Parallel()
			report := escrowtest.Try(&backend{options: []marketplace.Option{marketplace.WithBug(bug)}}, playing)
			require.NotNil(t, report.Failure)
			assert.LessOrEqual(t, len(report.Failure.Story.Steps), 6)
			headline, _, _ := strings.Cut(report.Failure.String(), "\n")
			assert.Contains(t, headline, names[bug])
		})
	}
}
