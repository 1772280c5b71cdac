package planted

import (
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/examples/marketplace/backend"
	"github.com/escrow-go/escrow/lifecycles"
	contracts "github.com/escrow-go/escrow/opencontract/play"
	trainings "github.com/escrow-go/escrow/opentrain/play"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planted are the bugs, each with what the first line of its story says of it, and of
// no other.
var planted = []struct {
	bug  marketplace.Bug
	says string
}{
	{marketplace.NoTransaction, "is not booked, though its decision is kept"},
	{marketplace.UncheckedRevision, "decided on a revision that was no longer the latest when it was committed"},
	{marketplace.StaleRead, "a stale read"},
	{marketplace.FloatRounding, "as money is that has been through floating point"},
	{marketplace.DoubleConfirm, "was confirmed twice at once"},
	{marketplace.VoidedHold, "is voided instead of captured, though its decision is kept"},
	{marketplace.KeyBeforeRace, "which looked the key up only before it"},
	{marketplace.KeyOfAnyBody, "the key of create by 0xClient was taken for advance"},
	{marketplace.LateDeadline, "dates what a deadline decides"},
	{marketplace.OutboxApart, "there is no payout for movement"},
	{marketplace.EarlyPayout, "is sent before its review has released it"},
	{marketplace.RepeatedPayout, "again under an id of its own"},
	{marketplace.ForeignForbidden, "is told forbidden not_party"},
	{marketplace.SkippingCursor, "the cursor skips it"},
	{marketplace.LostApproval, "which is no longer kept in the snapshot, but was there, cannot be read"},
	{marketplace.SparedWrite, "a decision that is not kept"},
	{marketplace.DoubleBooking, "is booked 2 times"},
}

// TestList: every bug that can be planted is, in the order in which the server lists
// them.
func TestList(t *testing.T) {
	var list []marketplace.Bug
	for _, p := range planted {
		list = append(list, p.bug)
	}
	assert.Equal(t, marketplace.Bugs(), list)
}

// most is how many lives of a lifecycle a bug may take.
const most = 200

// TestPlanted: each bug is found, told in few steps, and named by its own words: what
// is said of it is said of no other. The story can be written down and read back:
// asked again, the server with the bug fails as before, and the one without passes.
func TestPlanted(t *testing.T) {
	for i, p := range planted {
		t.Run(fmt.Sprintf("%d %s", i+1, p.bug), func(t *testing.T) {
			t.Parallel()
			server := backend.New(marketplace.WithBug(p.bug))
			report := try(server, 1, most)
			require.NotNil(t, report.Failure)
			headline := headlineOf(report.Failure.String())
			t.Logf("found in life %d: %s", report.Lives+1, headline)
			assert.LessOrEqual(t, len(report.Failure.Story.Steps), 6)
			for _, other := range planted {
				assert.Equal(t, other.bug == p.bug, strings.Contains(headline, other.says), "%q, which is said of %s", other.says, other.bug)
			}

			_, story, _ := strings.Cut(report.Failure.Test(), "`")
			story, _, _ = strings.Cut(story, "`")
			again := &failing{T: t}
			escrowtest.Replay(again, server, story, lifecycles.All()...)
			assert.Contains(t, headlineOf(again.text), p.says)
			escrowtest.Replay(t, backend.New(), story, lifecycles.All()...)
		})
	}
}

// TestSound: without a bug there is nothing to find, whatever the lives and however
// much is looked at.
func TestSound(t *testing.T) {
	lives := 100
	if testing.Short() {
		lives = 10
	}
	for i := range 10 {
		seed := 1 + 1000*i
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			report := try(backend.New(), seed, lives)
			require.Nil(t, report.Failure, "%s", report.Failure)
			t.Logf("%d lives, %d questions; %s", report.Lives, report.Questions, report.Checks)
			assert.Empty(t, report.Checks.Missing())
			for check, times := range report.Checks {
				assert.Positive(t, times, check)
			}
		})
	}
}

// try has a server live so many lives of each lifecycle, unless it fails before.
func try(server *backend.System, seed, lives int) *escrowtest.Report {
	return escrowtest.Try(server, escrowtest.Playing(contracts.Play(), trainings.Play()),
		escrowtest.Seed(seed), escrowtest.AtLeast(lives), escrowtest.AtMost(lives))
}

// headlineOf is the first line of what a failure says.
func headlineOf(failure string) string {
	headline, _, _ := strings.Cut(failure, "\n")
	return headline
}

// failing is a test that keeps what it failed for.
type failing struct {
	*testing.T
	text string
}

// Fatalf keeps it.
func (f *failing) Fatalf(format string, args ...any) { f.text = fmt.Sprintf(format, args...) }
