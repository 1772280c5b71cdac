package report

import (
	"math"
	"strconv"

	"github.com/escrow-go/escrow/simulate"
	"gonum.org/v1/plot"
)

// mostTicks is how many labelled ticks an axis has at most.
const mostTicks = 9

// roundTicks are ticks at multiples of 1, 2 or 5 and a power of ten.
type roundTicks struct{}

// Ticks returns the multiples between two numbers.
func (roundTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	step := roundStep((high - low) / (mostTicks - 1))
	decimals := max(-int(math.Floor(math.Log10(step)+1e-9)), 0)
	for i := math.Ceil(low/step - 1e-9); i*step <= high+step*1e-9 && len(ticks) <= mostTicks; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: simulate.Number(i*step, decimals)})
	}
	return ticks
}

// roundStep returns the least round number from one on.
func roundStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, n := range []float64{1, 2, 5} {
		if n*power >= least*(1-1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// hourTicks are ticks of a logarithmic axis of hours, at lengths that people
// think in.
type hourTicks struct{}

// Ticks returns the lengths between two.
func (hourTicks) Ticks(low, high float64) (ticks []plot.Tick) {
	for _, h := range []float64{0.01, 0.03, 0.1, 0.3, 1, 3, 6, 12, 24, 48, 96, 7 * 24, 14 * 24, 28 * 24, 56 * 24, 112 * 24, 365 * 24, 730 * 24, 3650 * 24} {
		if h >= low && h <= high {
			ticks = append(ticks, plot.Tick{Value: h, Label: strconv.FormatFloat(h, 'g', -1, 64)})
		}
	}
	return ticks
}

// widened makes an axis reach a little beyond its numbers.
func widened(a *plot.Axis) {
	more := (a.Max - a.Min) / 40
	if a.Min < 0 {
		a.Min -= more
	}
	if a.Max > 0 {
		a.Max += more
	}
}
