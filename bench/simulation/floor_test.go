package simulation

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/simulate"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scenario returns the default one with a seed and fields set.
func scenario(t testing.TB, seed uint64, contracts int, fields ...string) *simulate.Scenario {
	s := simulate.Default(opencontract.Lifecycle)
	for i := 0; i < len(fields); i += 2 {
		next, err := s.With(fields[i], fields[i+1])
		require.NoError(t, err)
		s = next
	}
	s.Seed, s.Contracts = seed, contracts
	return s
}

// lived returns what package simulate and the floor make of a scenario.
func lived(t testing.TB, s *simulate.Scenario) (*simulate.Outcome, *Totals, *Figures) {
	f, err := NewFloor(s)
	require.NoError(t, err)
	r, err := simulate.Run(context.Background(), s)
	require.NoError(t, err)
	totals := f.Run(s.Contracts, 2)
	return &r.Policies[0], totals, f.Figures(totals)
}

// TestFloorEqualsSimulate: two implementations that share no rule agree on every
// contract's money, to the smallest unit, and on all that is told of it.
func TestFloorEqualsSimulate(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3, 20_260_101, math.MaxUint64} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { assertSame(t, scenario(t, seed, 20_000)) })
	}
}

// others are scenarios in which more goes wrong than in the default one.
var others = map[string][]string{
	"much poor work": {"workers[4].share", "0.6"},
	"many disputes":  {"clients[2].share", "0.9"},
	"all rational": {"workers[5].share", "1", "clients[3].share", "1", "workers[5].expects", "0.55", "clients[3].trusts", "0.6",
		"policy.disputeBondRatio", `"0.013"`, "policy.workerStakeRatio", `"0.207"`},
	"lazy juries": {"clients[2].share", "0.9", "backupAgents[1].share", "0.9", "policy.noQuorum", `"unclear"`, "policy.unclearCredit", `"0.37"`},
	"the other choices": {"clients[2].share", "0.9", "backupAgents[2].share", "0.5", "policy.disputeForfeitTo", `"treasury"`,
		"policy.backupSlashTo", `"client"`, "policy.baRecruitCount", "5", "policy.unclearCredit", "1"},
	"odd numbers": {"clients[2].share", "0.5", "priceStep", "0.000007", "terms.criteria", "7", "policy.protocolFee", `"0.012345678"`,
		"policy.backupAgentBondRatio", `"0.033333333"`, "policy.baUnclearSlashRatio", `"0.123456789"`, "terms.match", `"PT7H"`},
	"juries that are not drawn": {"clients[2].share", "0.9", "matching.drawAfter", `{"uniform": {"from": 0.5, "to": 1.5}}`},
	"many who take it back":     {"clients[0].cancels", "0.9", "matching.after", `{"uniform": {"from": 0.4, "to": 1.1}}`},
}

// TestFloorEqualsSimulateElsewhere: so do they where the default scenario seldom
// leads. Prices in steps of a few units are different for almost all contracts,
// which package simulate reckons more slowly.
func TestFloorEqualsSimulateElsewhere(t *testing.T) {
	for name, fields := range others {
		t.Run(name, func(t *testing.T) { assertSame(t, scenario(t, 7, 2_000, fields...)) })
	}
}

// TestFloorGoesByBehaviour: who is absent or never looks does so at any time, which
// only a scenario that was changed in the struct can have.
func TestFloorGoesByBehaviour(t *testing.T) {
	s := scenario(t, 7, 2_000)
	s.Workers[2].Delivers, s.Clients[1].Reviews = simulate.Fixed(simulate.One/2), simulate.Fixed(simulate.One/2)
	assertSame(t, s)
}

func assertSame(t *testing.T, s *simulate.Scenario) {
	outcome, totals, figures := lived(t, s)
	require.Equal(t, s.Contracts, totals.Contracts)
	for _, e := range outcome.Endings {
		i := slices.Index(Endings[:], e.Status)
		if i < 0 {
			assert.Zero(t, e.Count, e.Status)
			continue
		}
		assert.Equal(t, e.Count, totals.Endings[i], e.Status)
		assertEstimate(t, e.Share, figures.Endings[i], string(e.Status))
	}
	for _, m := range outcome.Measures {
		assertMeasure(t, m, totals, figures)
	}
	assertEstimate(t, outcome.Settle.Mean, figures.Settle.Mean, "hours")
	outcome.Settle.Mean = figures.Settle.Mean
	assert.Equal(t, outcome.Settle, figures.Settle, "the rest of the hours")
	assertCapital(t, outcome.Capital, figures.Capital[:])
}

// assertMeasure compares the total exactly, and the interval, which tells the sum
// of squares.
func assertMeasure(t *testing.T, m simulate.MeasureValue, totals *Totals, figures *Figures) {
	i := slices.Index(Measures[:], m.Name)
	if i < 0 {
		assert.True(t, decimal.RequireFromString(m.Total).IsZero(), "%s is %s, and the floor does not have it", m.Name, m.Total)
		return
	}
	assert.Equal(t, m.Total, decimal.New(totals.Sums[i], int32(-math.Log10(unitOf(m)))).String(), m.Name)
	assertEstimate(t, m.Mean, figures.Measures[i], m.Name)
}

// unitOf returns how many of a measure's finest units results show as one.
func unitOf(m simulate.MeasureValue) float64 {
	if m.Unit == "share" {
		return 1
	}
	return million
}

func assertCapital(t *testing.T, want, got []simulate.CapitalPoint) {
	require.Len(t, got, len(want))
	for i, p := range want {
		assert.Equal(t, [2]time.Duration{p.From, p.To}, [2]time.Duration{got[i].From, got[i].To})
		assertEstimate(t, p.Locked, got[i].Locked, "capital from "+p.From.String())
	}
}

// assertEstimate compares to nine digits, of which the last may be rounded either
// way.
func assertEstimate(t *testing.T, want, got simulate.Estimate, what string) {
	t.Helper()
	slack := 2e-8 * (math.Abs(want.Value) + want.Half())
	assert.InDelta(t, want.Value, got.Value, slack, what)
	assert.InDelta(t, want.Low, got.Low, slack, what)
	assert.InDelta(t, want.High, got.High, slack, what)
}

// TestFloorOnAnyNumberOfGoroutines: what comes out does not depend on it.
func TestFloorOnAnyNumberOfGoroutines(t *testing.T) {
	f, err := NewFloor(scenario(t, 1, 1))
	require.NoError(t, err)
	for _, contracts := range []int{1, block, block + 1, 10_000} {
		want := f.Run(contracts, 1)
		require.Equal(t, contracts, want.Contracts)
		assert.Equal(t, want, f.Run(contracts, 2))
		assert.Equal(t, want, f.Run(contracts, 3))
	}
}

// TestFloorRefuses: what the floor does not know it does not pretend to.
func TestFloorRefuses(t *testing.T) {
	for field, value := range map[string]string{
		"terms.mode":          `"standard"`,
		"policy.payoutReview": `{"quorum": 1, "minPayout": "1"}`,
		"policy.protocolFee":  `"0.0123456789"`,
		"value":               `{"choice": [{"value": 1, "share": 0.5}, {"value": 2, "share": 0.5}]}`,
		"backupAgents":        `[{"behaviour": "colluding", "share": 1}]`,
	} {
		_, err := NewFloor(scenario(t, 1, 1, field, value))
		assert.Error(t, err, field)
	}
	_, err := NewFloor(simulate.Default(opentrain.Lifecycle))
	assert.Error(t, err)
}
