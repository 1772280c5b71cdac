package simulation

import (
	"math"
	"math/big"
	"strconv"

	"github.com/escrow-go/escrow/simulate"
)

// Figures are what package simulate makes of the same totals: estimates with their
// 95 % intervals, in hours and whole units.
type Figures struct {
	Endings  [numEndings]simulate.Estimate
	Measures [numMeasures]simulate.Estimate
	Settle   simulate.Times
	Capital  [bins]simulate.CapitalPoint
}

// Figures works out what the floor has counted.
func (f *Floor) Figures(t *Totals) *Figures {
	g := &Figures{Settle: t.settle(), Capital: t.inCustody(f.binWidth())}
	for i, n := range t.Endings {
		g.Endings[i] = wilson(n, t.Contracts)
	}
	for i, sum := range t.Sums {
		unit := million
		if i == disputes {
			unit = 1
		}
		g.Measures[i] = meanOf(big.NewInt(sum), t.squares[i].big(), t.Contracts, unit)
	}
	g.Measures[disputesRight] = wilson(int(t.Sums[disputesRight]), int(t.Sums[disputes]))
	return g
}

// settle returns how long contracts take.
func (t *Totals) settle() simulate.Times {
	h := &t.times
	return simulate.Times{
		Mean: meanOf(big.NewInt(t.waited), t.waitedSquares.big(), t.Contracts, perHour),
		P50:  h.quantile(0.5), P90: h.quantile(0.9), P99: h.quantile(0.99),
		Max: nine(float64(h.longest) / perHour), Curve: h.curve(),
	}
}

// million is how many smallest units a whole one has.
const million = 1e6

// z95 is how many standard errors the interval of 95 % reaches to each side.
const z95 = 1.959963984540054

// meanOf estimates the mean of n numbers.
func meanOf(sum, squares *big.Int, n int, unit float64) simulate.Estimate {
	count := big.NewInt(int64(n))
	spread := new(big.Int).Mul(squares, count)
	spread.Sub(spread, new(big.Int).Mul(sum, sum))
	total, _ := new(big.Float).SetInt(sum).Float64()
	squared, _ := new(big.Float).SetInt(spread).Float64()
	return around(total/float64(n)/unit, z95*math.Sqrt(squared/float64(max(n-1, 1)))/float64(n)/unit)
}

// wilson estimates the chance of what happened k times of n.
func wilson(k, n int) simulate.Estimate {
	if n == 0 {
		return simulate.Estimate{}
	}
	p, size, zz := float64(k)/float64(n), float64(n), z95*z95
	middle, off := p+zz/(2*size), z95*math.Sqrt((p*(1-p)+zz/(4*size))/size)
	whole := 1 + zz/size
	return simulate.Estimate{Value: nine(p), Low: nine(max(0, (middle-off)/whole)), High: nine(min(1, (middle+off)/whole))}
}

// around is an estimate with as much on both sides.
func around(value, off float64) simulate.Estimate {
	return simulate.Estimate{Value: nine(value), Low: nine(value - off), High: nine(value + off)}
}

// nine keeps nine digits.
func nine(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 9, 64), 64)
	return x
}
