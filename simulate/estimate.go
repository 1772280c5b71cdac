package simulate

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// z95 is how many standard errors the 95 % interval reaches to each side.
const z95 = 1.959963984540054

// estimate returns an estimate with as much on each side.
func estimate(value, off float64) Estimate {
	return Estimate{rounded(value), rounded(value - off), rounded(value + off)}
}

// rounded keeps nine significant digits: more than any estimate has, and few
// enough that they are the same on every processor.
func rounded(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 9, 64), 64)
	return x
}

// meanOf estimates the mean of n numbers from their sum and sum of squares. The
// variance is worked out exactly before it becomes a floating-point number.
func meanOf(n int, sum, squares *big.Int, unit float64) Estimate {
	if n == 0 {
		return Estimate{}
	}
	count := big.NewInt(int64(n))
	mean, _ := new(big.Rat).SetFrac(sum, count).Float64()
	// n * squares - sum * sum is n² times the variance.
	spread := new(big.Int).Mul(squares, count)
	spread.Sub(spread, new(big.Int).Mul(sum, sum))
	squared, _ := new(big.Float).SetInt(spread).Float64()
	off := z95 * math.Sqrt(squared/float64(max(n-1, 1))) / float64(n)
	return estimate(mean/unit, off/unit)
}

// shareOf estimates a probability from how often something happened: Wilson's
// interval, which holds for rare things too.
func shareOf(k, n int) Estimate {
	if n == 0 {
		return Estimate{}
	}
	p, size := float64(k)/float64(n), float64(n)
	middle := (p + z95*z95/(2*size)) / (1 + z95*z95/size)
	off := z95 / (1 + z95*z95/size) * math.Sqrt(p*(1-p)/size+z95*z95/(4*size*size))
	return Estimate{rounded(p), rounded(max(middle-off, 0)), rounded(min(middle+off, 1))}
}

// outcome returns what became of the contracts under a policy.
func (s *statistics) outcome(sc *Scenario, policy string) Outcome {
	o, asset := Outcome{Policy: policy}, sc.Lifecycle.Spec().Asset
	for i, status := range sc.endings() {
		o.Endings = append(o.Endings, EndingShare{status, s.endings[i], shareOf(s.endings[i], s.n)})
	}
	o.Measures = values(asset, s.n, &s.sums, &s.squares, true)
	hour := float64(time.Hour / time.Millisecond)
	o.Settle = Times{
		Mean: meanOf(s.settle.n, s.waited.sum.big(), s.waited.squares.big(), hour),
		P50:  s.settle.quantile(0.5), P90: s.settle.quantile(0.9), P99: s.settle.quantile(0.99),
		Max: rounded(float64(s.settle.max) / hour), Curve: s.settle.curve(),
	}
	o.Capital = s.capital.points(sc.binWidth(), unitOf(asset))
	return o
}

// unitOf returns how many smallest units an asset has in a whole one.
func unitOf(asset escrow.Asset) float64 { return math.Pow10(int(asset.Scale)) }

// values returns the measures of n contracts, or of n differences between two,
// in which a part of something has no meaning of its own.
func values(asset escrow.Asset, n int, sums, squares *[numMeasures]wide, parts bool) []MeasureValue {
	list := make([]MeasureValue, 0, numMeasures)
	for i, m := range measures {
		v := MeasureValue{Name: m.Name, Unit: m.shown(asset), Of: n, Total: m.total(sums[i].big(), asset)}
		switch {
		case m.Of != "" && parts:
			v.Of = int(sums[disputes].big().Int64())
			v.Mean = shareOf(int(sums[i].big().Int64()), v.Of)
		default:
			v.Mean = meanOf(n, sums[i].big(), squares[i].big(), m.scale(asset))
		}
		list = append(list, v)
	}
	return list
}

// shown returns the unit in which results give the measure.
func (m Measure) shown(asset escrow.Asset) string {
	switch m.Unit {
	case "money":
		return asset.Code
	case "capital":
		return asset.Code + " days"
	case "time":
		return "hours"
	}
	return "share"
}

// scale returns how many of a measure's finest units are one of those shown.
func (m Measure) scale(asset escrow.Asset) float64 {
	switch m.Unit {
	case "money", "capital":
		return unitOf(asset)
	case "time":
		return float64(time.Hour)
	}
	return 1
}

// total writes a sum exactly: money in whole units, time in hours, cut off at
// the millisecond.
func (m Measure) total(sum *big.Int, asset escrow.Asset) string {
	switch m.Unit {
	case "money", "capital":
		return decimalText(sum, int(asset.Scale))
	case "time":
		ms := new(big.Int).Quo(sum, big.NewInt(int64(time.Millisecond)))
		return new(big.Rat).SetFrac(ms, big.NewInt(int64(time.Hour/time.Millisecond))).FloatString(3)
	}
	return sum.String()
}

// decimalText writes a number of smallest units in whole units, without trailing
// zeros.
func decimalText(units *big.Int, scale int) string {
	text := decimal.NewFromBigInt(units, int32(-scale)).StringFixed(int32(scale))
	if scale > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
