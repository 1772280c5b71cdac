package simulate

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
)

// TestCapitalByHand: contracts that all arrive at once and live the same life
// lock 50 each from the founding on, 52.5 from the acceptance at 12 h to the end
// at 51 h, on average over bins of 12 h.
func TestCapitalByHand(t *testing.T) {
	s := plain(t)
	s.Horizon = bins*12*time.Hour - 1 // bins are rounded up
	s.Arrivals = Fixed(0)
	s.Contracts = 1_000
	for i, p := range lived(t, s).Policies[0].Capital {
		want := map[int]float64{0: 50_000, 1: 52_500, 2: 52_500, 3: 52_500, 4: 52_500 * 3 / 12}[i]
		assert.Equal(t, rounded(want), p.Locked.Value, "bin %d", i)
		assert.InDelta(t, want, p.Locked.Low, 1e-6*want, "bin %d", i)
		assert.InDelta(t, want, p.Locked.High, 1e-6*want, "bin %d", i)
		assert.Equal(t, time.Duration(i)*12*time.Hour, p.From)
	}
}

// TestCapitalIsAllThereIs: what is locked over the horizon adds up to the measure
// of it, but for contracts that live on beyond.
func TestCapitalIsAllThereIs(t *testing.T) {
	// Half of the requests to end a contract over bad work are never signed.
	unsigned := Default(opentrain.Lifecycle)
	unsigned.Workers[0].Quality, unsigned.Approvals = escrow.Ratio{}, Approvals{Team: 1, Asks: 1}
	unsigned.Approvers[0].Answers = ratio(t, "0.5")
	for _, s := range append(defaults(), unsigned) {
		s.Contracts, s.Arrivals = 2_000, Uniform(0, 40*pct)
		s.Horizon *= 20 // so that all end within
		r := lived(t, s)
		var sum float64
		for _, p := range r.Policies[0].Capital {
			sum += p.Locked.Value * (p.To - p.From).Hours() / 24
		}
		assert.InEpsilon(t, mean(t, r, "capital.days").Value*float64(s.Contracts), sum, 1e-6, s.Lifecycle.Name())
	}
}

// TestCapitalIntervals: contracts that arrive evenly lock, in the middle of the
// horizon, as much as arrives in the time that they live; the intervals of the
// bins there cover it about as often as they should.
func TestCapitalIntervals(t *testing.T) {
	s := plain(t)
	s.Arrivals, s.Contracts = Uniform(0, One), 20_000
	perDay := mean(t, lived(t, s), "capital.days").Value * 20_000 / 30
	covered, of := 0, 0
	for _, p := range lived(t, s).Policies[0].Capital[10:] {
		of++
		if p.Locked.Low <= perDay && perDay <= p.Locked.High {
			covered++
		}
	}
	assert.GreaterOrEqual(t, covered, of*85/100)
}
