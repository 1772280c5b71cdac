package simulate

import (
	"context"
	"fmt"
	"math/big"
	"strconv"
	"testing"

	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/payoff"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rational is a scenario of rational workers alone, whose work costs a part of
// the price of 50.
func rational(t testing.TB, cost, sweep string) *Scenario {
	s, err := ParseScenario(fmt.Appendf(nil, `{
		"contracts": 1000, "price": 50, "policy": {}, "sweep": %s,
		"matching": {"chance": 1, "after": 0.5},
		"workers": [{"behaviour": "rational", "share": 1, "cost": %s, "expects": 0.9, "quality": 1,
			"delivers": 0.4, "withdrawsAt": 0.1}]}`, sweep, cost))
	require.NoError(t, err)
	return s
}

// TestBreakEvenAgreesWithPayoff: the cost at which the simulated workers stop
// delivering, found by living through contracts at one cost after the other, is
// what payoff says, to the smallest part of the price.
func TestBreakEvenAgreesWithPayoff(t *testing.T) {
	s := rational(t, "0.5", `[{"field": "seed", "values": [1, 2]}]`)
	m := modelOf(s, s.Policies[0].Policy)
	worker, _, err := payoff.Choices(m.at(50_000_000))
	require.NoError(t, err)
	// 0.9 * 47.5 - 0.1 * 2.5 + 0.75 by the documents' figures.
	assert.Equal(t, "43250000", worker.Break(s.Workers[0].Expects).RatString())
	delivers := func(billionths int64) bool {
		s.Workers[0].Cost, s.Contracts = Fixed(billionths), 1
		return lived(t, s).Policies[0].Ending(opencontract.CancelledWithdrawn).Count == 0
	}
	low, high := int64(0), int64(2*One)
	require.True(t, delivers(low))
	require.False(t, delivers(high))
	for high-low > 1 {
		if middle := (low + high) / 2; delivers(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	// The cost is rounded half up to the smallest unit: the last cost that is not
	// above 43.25 is 43.25 and less than half a unit.
	assert.Equal(t, int64(43_250_000), scaled(50_000_000, low))
	assert.Equal(t, int64(43_250_001), scaled(50_000_000, high))
	minds, err := s.Minds(s.Policies[0])
	require.NoError(t, err)
	assert.Equal(t, "43.25", minds[0].DeliversUpTo)
	assert.Equal(t, payoff.Withdraw, minds[0].Otherwise)
}

// TestThresholdAgreesWithPayoff: where a sweep finds that workers change their
// mind, payoff does too, one finest step apart; and it is the figure by hand.
func TestThresholdAgreesWithPayoff(t *testing.T) {
	for name, c := range map[string]struct{ cost, field, values, at string }{
		// By hand, in smallest units. Withdrawing is worth -750,000, so the payout
		// must reach 43,888,889; the fee of 6,111,111 that leaves it is rounded half up.
		"fee": {"0.8", "policy.protocolFee", `[0, 0.5]`, "0.122222229999999999"},
		// Delivering is worth -500,000: as much as a slash of 500,000, rounded half up.
		"slash": {"0.86", "policy.earlyWithdrawalSlashRatio", `["0", "0.9"]`, "0.199999799999999999"},
		// 43,250,000, rounded half up, in billionths of the price.
		"cost": {"0.5", "workers[0].cost", `[0.1, 1.4]`, "0.865000009"},
	} {
		t.Run(name, func(t *testing.T) {
			s := rational(t, c.cost, fmt.Sprintf(`[{"field": %q, "values": %s}]`, c.field, c.values))
			found, err := thresholds(s)
			require.NoError(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, c.at, found[0].At)
			assert.Equal(t, act(t, s, c.field, c.at, 0), found[0].Below)
			assert.Equal(t, act(t, s, c.field, c.at, 1), found[0].Above)
			assert.NotEqual(t, found[0].Below, found[0].Above)
		})
	}
}

// act asks payoff what a worker does at some last digits beyond a value.
func act(t *testing.T, s *Scenario, field, value string, digits int64) string {
	d := decimal.RequireFromString(value)
	s, err := s.With(field, d.Add(decimal.New(digits, d.Exponent())).String())
	require.NoError(t, err)
	m := modelOf(s, s.Policies[0].Policy)
	worker, _, err := payoff.Choices(m.at(50_000_000))
	require.NoError(t, err)
	cost := scaled(50_000_000, s.Workers[0].Cost.at(0))
	return string(worker.Choose(big.NewInt(cost), s.Workers[0].Expects))
}

// TestSweep: every combination, the last axis running fastest, each the result of
// that scenario alone; and the same again on the same seed.
func TestSweep(t *testing.T) {
	s := rational(t, "0.5", `[{"field": "policy.protocolFee", "values": [0, 0.1]},
		{"field": "policy.earlyWithdrawalSlashRatio", "from": 0, "to": 0.6, "steps": 3}]`)
	var last Progress
	r, err := Sweep(context.Background(), s, Watch(func(p Progress) { last = p }))
	require.NoError(t, err)
	require.Len(t, r.Points, 6)
	assert.Equal(t, 6000, last.Total)
	assert.False(t, r.Stopped)
	for i, want := range [][]string{{"0", "0"}, {"0", "0.3"}, {"0", "0.6"}, {"0.1", "0"}, {"0.1", "0.3"}, {"0.1", "0.6"}} {
		assert.Equal(t, want, r.Points[i].Values)
	}
	alone, err := s.With("policy.protocolFee", "0.1")
	require.NoError(t, err)
	alone, err = alone.With("policy.earlyWithdrawalSlashRatio", "0.6")
	require.NoError(t, err)
	assert.Equal(t, lived(t, alone), r.Points[5].Result)
}

// TestSweepStops: a sweep that is stopped gives the points it has, the last of
// them cut short.
func TestSweepStops(t *testing.T) {
	s := rational(t, "0.5", `[{"field": "policy.protocolFee", "values": [0, 0.1, 0.2]}]`)
	s, err := s.With("contracts", "5000")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	r, err := Sweep(ctx, s, Workers(1), Watch(func(p Progress) {
		if p.Done > 6000 {
			stop()
		}
	}))
	require.NoError(t, err)
	assert.True(t, r.Stopped)
	require.Len(t, r.Points, 2)
	assert.Equal(t, 5000, r.Points[0].Result.Contracts)
	assert.Less(t, r.Points[1].Result.Contracts, 5000)
}

// TestFrontier: a point is best when no other is at least as good in both
// measures and better in one.
func TestFrontier(t *testing.T) {
	r := SweepResult{Frontier: &Frontier{X: "x", Y: "y", LessX: true}}
	for i, p := range [][2]float64{{1, 1}, {2, 3}, {2, 2}, {3, 3}, {4, 5}, {1, 1}} {
		o := Outcome{Measures: []MeasureValue{{Name: "x", Mean: Estimate{Value: p[0]}}, {Name: "y", Mean: Estimate{Value: p[1]}}}}
		r.Points = append(r.Points, SweepPoint{Values: []string{strconv.Itoa(i)}, Result: &Result{Policies: []Outcome{o}}})
	}
	r.markBest()
	var best []string
	for _, p := range r.Points {
		if p.Best {
			best = append(best, p.Values[0])
		}
	}
	assert.Equal(t, []string{"0", "1", "4", "5"}, best)
}
