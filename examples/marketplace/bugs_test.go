package marketplace_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// names is what the first line of a failure says of each bug.
var names = map[marketplace.Bug]string{
	marketplace.SparedWrite:       "a stale read: 0xWorker sees revision 3, under-review, after revision 4",
	marketplace.StaleRead:         "a stale read: ",
	marketplace.UncheckedRevision: "the first decided on a revision that was no longer the latest when it was committed",
	marketplace.DoubleBooking:     "is booked 2 times",
	marketplace.LostApproval:      "which is no longer kept in the snapshot, but was there, cannot be read",
	marketplace.ForeignForbidden:  "a foreign contract must be not_found",
	marketplace.SkippingCursor:    "the cursor skips it",
	marketplace.KeyBeforeRace:     "the one that lost the race, which looked the key up only before it",
	marketplace.KeyOfAnyBody:      "was taken for advance by 0xClient as well",
	marketplace.NoTransaction:     "started again, the system has kept a part of it: movement",
	marketplace.OutboxApart:       "there is no deposit for movement",
	marketplace.EarlyPayout:       "is sent before its review has released it",
	marketplace.RepeatedPayout:    "is of no movement of a decision that is kept",
	marketplace.LateDeadline:      "dates what a deadline decides",
}

// TestBugs: each bug is found, named in the first line, and told in few steps.
func TestBugs(t *testing.T) {
	for _, bug := range marketplace.Bugs() {
		t.Run(string(bug), func(t *testing.T) {
			t.Parallel()
			report := escrowtest.Try(&backend{options: []marketplace.Option{marketplace.WithBug(bug)}}, playing, escrowtest.AtLeast(200), escrowtest.AtMost(200))
			require.NotNil(t, report.Failure)
			assert.LessOrEqual(t, len(report.Failure.Story.Steps), 6)
			headline, _, _ := strings.Cut(report.Failure.String(), "\n")
			assert.Contains(t, headline, names[bug])
		})
	}
}

// TestSeeds: without a bug there is nothing to find, whatever the lives.
func TestSeeds(t *testing.T) {
	lives := 100
	if testing.Short() {
		lives = 10
	}
	for i := range 10 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			report := escrowtest.Try(&backend{}, playing, escrowtest.Seed(1+1000*i), escrowtest.AtLeast(lives), escrowtest.AtMost(lives))
			assert.Nil(t, report.Failure)
			assert.Empty(t, report.Checks.Missing())
		})
	}
}

// TestAgain: the story of a failure can be read back, and fails again.
func TestAgain(t *testing.T) {
	for _, bug := range []marketplace.Bug{marketplace.UncheckedRevision, marketplace.KeyOfAnyBody, marketplace.NoTransaction, marketplace.SkippingCursor} {
		b := &backend{options: []marketplace.Option{marketplace.WithBug(bug)}}
		test := escrowtest.Try(b, playing, escrowtest.AtLeast(200)).Failure.Test()
		_, story, _ := strings.Cut(test, "`")
		story, _, _ = strings.Cut(story, "`")
		again := &quiet{T: t}
		escrowtest.Replay(again, b, story, lifecycles.All()...)
		assert.Contains(t, again.text, names[bug])
		escrowtest.Replay(t, &backend{}, story, lifecycles.All()...)
	}
}

// quiet is a test that keeps what it failed for.
type quiet struct {
	*testing.T
	text string
}

func (f *quiet) Fatalf(format string, args ...any) { f.text = fmt.Sprintf(format, args...) }
