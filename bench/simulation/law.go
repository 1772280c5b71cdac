package simulation

import (
	"math"
	"math/bits"

	"github.com/escrow-go/escrow/simulate"
)

// one is a whole in billionths, as parts of something are counted.
const one = simulate.One

// law is a distribution.
type law struct {
	kind     kind
	from, to int64
	// shape is the mean of an exponential, the logarithm of the median of a
	// lognormal; spread the standard deviation of logarithms.
	shape, spread float64
	// low and above are where from and to lie in the uniform number.
	low, above float64
}

type kind uint8

const (
	fixed kind = iota
	uniform
	exponential
	lognormal
)

var kinds = map[string]kind{"fixed": fixed, "uniform": uniform, "exponential": exponential, "lognormal": lognormal}

// lawOf reads a distribution, and false when the floor does not know it.
func lawOf(d simulate.Distribution) (law, bool) {
	s := d.Shape()
	kind, known := kinds[s.Kind]
	l := law{kind: kind, from: s.From, to: s.To, shape: float64(s.Middle), spread: s.Spread}
	switch kind {
	case exponential:
		l.low, l.above = -math.Expm1(-float64(l.from)/l.shape), -math.Expm1(-float64(l.to)/l.shape)
	case lognormal:
		l.shape = math.Log(l.shape)
		l.low, l.above = l.below(l.from), l.below(l.to)
	}
	return l, known
}

// below returns how much of a lognormal lies below a value.
func (l *law) below(x int64) float64 {
	return math.Erfc(-(math.Log(float64(x))-l.shape)/(l.spread*math.Sqrt2)) / 2
}

// at returns the value at a uniform random number.
func (l *law) at(u uint64) int64 {
	switch l.kind {
	case fixed:
		return l.from
	case uniform:
		above, _ := bits.Mul64(u, uint64(l.to-l.from)+1)
		return l.from + int64(above)
	}
	p := l.low + (l.above-l.low)*(float64(u>>12)+0.5)*0x1p-52
	x := 0.0
	if l.kind == exponential {
		x = -math.Log1p(-p) * l.shape
	} else {
		x = math.Exp(l.shape + l.spread*math.Sqrt2*math.Erfinv(2*p-1))
	}
	return int64(math.Round(min(max(x, float64(l.from)), float64(l.to))))
}
