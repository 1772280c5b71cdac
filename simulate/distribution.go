package simulate

import (
	"math"
	"math/bits"
	"slices"
)

// Distribution is how a random quantity falls out: a whole number of the
// quantity's finest unit, which is the smallest unit of the asset for prices, a
// nanosecond for lengths of time, and a billionth for parts of something. The
// zero value is always 0.
//
// Fixed, uniform and choice are exact. Exponential and lognormal pass through
// floating point, as no money does.
type Distribution struct {
	kind     kind
	from, to int64
	// middle is the mean of an exponential, the median of a lognormal; shape the
	// same as a number to reckon with, of the median the logarithm; spread the
	// standard deviation of a lognormal's logarithm.
	middle        int64
	shape, spread float64
	// low and high bound the uniform number, which cuts a distribution off.
	low, high float64
	values    []int64
	until     []uint64
}

type kind uint8

const (
	isFixed kind = iota
	isUniform
	isExponential
	isLognormal
	isChoice
)

// One is the number of a [Distribution]'s finest units in the whole of what it
// is a part of.
const One = 1_000_000_000

// Fixed is always the same.
func Fixed(value int64) Distribution { return Distribution{kind: isFixed, from: value} }

// Uniform is every whole number from one to another, both included, alike.
func Uniform(from, to int64) Distribution {
	return Distribution{kind: isUniform, from: from, to: to}
}

// Exponential has the mean, and is cut off outside from and to: what lies
// outside is as if it had been drawn again.
func Exponential(mean, from, to int64) Distribution {
	d := Distribution{kind: isExponential, from: from, to: to, middle: mean, shape: float64(mean)}
	below := func(x int64) float64 { return -math.Expm1(-float64(x) / d.shape) }
	d.low, d.high = below(from), below(to)
	return d
}

// Lognormal has the median; the logarithm has the standard deviation spread. It
// is cut off outside from and to: what lies outside is as if it had been drawn
// again.
func Lognormal(median int64, spread float64, from, to int64) Distribution {
	d := Distribution{kind: isLognormal, from: from, to: to, middle: median, shape: math.Log(float64(median)), spread: spread}
	below := func(x int64) float64 {
		return math.Erfc(-(math.Log(float64(x))-d.shape)/(spread*math.Sqrt2)) / 2
	}
	d.low, d.high = below(from), below(to)
	return d
}

// Choice is each of the values with the chance that stands beside it. The
// chances are in 2^-63; the last value takes what is left.
func Choice(values []int64, chances []uint64) Distribution {
	d := Distribution{kind: isChoice, values: slices.Clone(values)}
	var sum uint64
	for _, c := range chances {
		sum += c
		d.until = append(d.until, sum)
	}
	return d
}

// Shape is what a distribution was made of.
type Shape struct {
	// Kind is "fixed", "uniform", "exponential", "lognormal" or "choice".
	Kind string
	// From and To are the least and the greatest value, of a choice 0.
	From, To int64
	// Middle is the mean of an exponential, the median of a lognormal, Spread the
	// standard deviation of a lognormal's logarithm.
	Middle int64
	Spread float64
	// Values and Chances are those of a choice; the chances are in 2^-63.
	Values  []int64
	Chances []uint64
}

var kinds = [...]string{isFixed: "fixed", isUniform: "uniform", isExponential: "exponential", isLognormal: "lognormal", isChoice: "choice"}

// Shape returns what the distribution was made of, for another program that is
// to draw from the same.
func (d Distribution) Shape() Shape {
	s := Shape{Kind: kinds[d.kind], From: d.from, To: d.to, Middle: d.middle, Spread: d.spread, Values: slices.Clone(d.values)}
	if d.kind == isFixed {
		s.To = d.from
	}
	var before uint64
	for _, until := range d.until {
		s.Chances = append(s.Chances, until-before)
		before = until
	}
	return s
}

// at returns the value at a uniform random number: the inverse of the
// distribution function.
func (d *Distribution) at(u uint64) int64 {
	switch d.kind {
	case isUniform:
		above, _ := bits.Mul64(u, uint64(d.to-d.from)+1)
		return d.from + int64(above)
	case isExponential:
		return d.within(-math.Log1p(-d.part(u)) * d.shape)
	case isLognormal:
		return d.within(math.Exp(d.shape + d.spread*math.Sqrt2*math.Erfinv(2*d.part(u)-1)))
	case isChoice:
		for i, until := range d.until[:len(d.until)-1] {
			if u>>1 < until {
				return d.values[i]
			}
		}
		return d.values[len(d.values)-1]
	}
	return d.from
}

// part returns the uniform number as a fraction between low and high, neither
// included: 52 bits and a half.
func (d *Distribution) part(u uint64) float64 {
	return d.low + (d.high-d.low)*(float64(u>>12)+0.5)*0x1p-52
}

// within rounds, and keeps what floating point carried over the bounds inside.
func (d *Distribution) within(x float64) int64 {
	switch {
	case !(x > float64(d.from)):
		return d.from
	case x >= float64(d.to):
		return d.to
	}
	return int64(math.Round(x))
}
