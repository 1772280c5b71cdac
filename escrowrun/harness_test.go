package escrowrun_test

import (
	"errors"
	"flag"
	"testing"

	"github.com/escrow-go/escrow/escrowrun/runtest"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/lifecycles/play"
	"github.com/stretchr/testify/require"
)

// livesOf is how many lives the harness plays of each lifecycle on each database.
var livesOf = flag.Int("lives", 30, "how many lives the harness plays")

// TestHarness: the harness finds nothing: not in the answers, nor in what can be read,
// what is booked, paid, kept under keys, asked at once, or left by a kill.
func TestHarness(t *testing.T) {
	lives := *livesOf
	if testing.Short() {
		lives = 3
	}
	for _, l := range lifecycles.All() {
		t.Run(l.Name(), func(t *testing.T) {
			each(t, func(t *testing.T, s *shop) {
				t.Parallel()
				report := escrowtest.Try(system(s), escrowtest.Playing(play.Of(l)), escrowtest.AppliesDeadlinesFirst(),
					escrowtest.HidesContracts(), escrowtest.AtLeast(lives), escrowtest.AtMost(lives))
				require.Nil(t, report.Failure, "%s", report.Failure)
				require.Empty(t, report.Checks.Missing())
			})
		})
	}
}

// system is a shop as the harness sees it.
func system(s *shop) *runtest.System {
	x := &runtest.System{Runner: s.Runner, Clock: &runtest.Clock{}, Wall: &runtest.Clock{}, Rail: s.rail,
		Empty: func() error { return errors.Join(sqltest.Empty(s.address), sqltest.Empty(s.railAddress)) }}
	x.Wall.Set(monday)
	s.Runner.Clock, s.Runner.Wall = x.Clock, x.Wall
	return x
}
