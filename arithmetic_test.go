package escrow

import (
	"math"
	"math/big"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// The arithmetic is held against rationals in three ways: on everything small,
// by each law that it promises, and at random near the bounds. Small is enough
// to speak of all amounts: allocate rounds remainders of a division by the total
// of the weights, so amounts that lie a total apart are rounded alike, which is
// one of the laws. The exhaustive tests therefore run through whole periods.

// scaled returns how far an exhaustive test goes, less far with -short.
func scaled(full, short uint64) uint64 {
	if testing.Short() {
		return short
	}
	return full
}

// edges are the amounts near which 128-bit arithmetic could go wrong.
func edges() []*big.Int {
	return []*big.Int{
		big.NewInt(0), big.NewInt(1), big.NewInt(2), power(2, 32, 0), power(2, 63, -1), power(2, 63, 0), power(2, 64, -1), power(2, 64, 0), power(2, 64, 1),
		power(10, 18, 0), power(10, 19, 0), power(10, 36, -1), power(10, 36, 0), power(10, 36, 1), power(10, 38, 0),
		power(2, 127, -1), power(2, 127, 0), power(2, 127, 1), power(2, 128, -2), power(2, 128, -1),
	}
}

// totalOf returns the sum of weights, which may be more than fits.
func totalOf(weights []uint64) *big.Int {
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, unsigned(w))
	}
	return sum
}

func unsigned(n uint64) *big.Int { return new(big.Int).SetUint64(n) }

// fraction returns amount * part / total.
func fraction(amount *big.Int, part uint64, total *big.Int) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).Mul(amount, unsigned(part)), total)
}

// floor returns the whole part of a rational that is not negative.
func floor(x *big.Rat) *big.Int { return new(big.Int).Quo(x.Num(), x.Denom()) }

func halfUp(x *big.Rat) *big.Int { return floor(new(big.Rat).Add(x, big.NewRat(1, 2))) }

// drawBits draws 64 bits. The generator prefers numbers of few bits, of which an
// odd factor makes numbers of many.
func drawBits(t *rapid.T) uint64 { return rapid.Uint64().Draw(t, "bits") * 0x9e3779b97f4a7c15 }

// drawUpTo draws a number up to a bound: any, or one within a few of the bound.
func drawUpTo(t *rapid.T, most uint64) uint64 {
	if rapid.Bool().Draw(t, "at the bound") {
		return most - min(most, rapid.Uint64Range(0, 3).Draw(t, "less"))
	}
	n, _ := bits.Mul64(drawBits(t), most)
	return n
}

// drawAmount draws an amount near an edge, or of any number of bits.
func drawAmount(t *rapid.T) *big.Int {
	if rapid.Bool().Draw(t, "at an edge") {
		n := rapid.SampledFrom(edges()).Draw(t, "edge")
		n.Add(n, big.NewInt(rapid.Int64Range(-3, 3).Draw(t, "off by")))
		return n.Abs(n).And(n, power(2, 128, -1))
	}
	n := Amount{drawBits(t), drawBits(t)}.BigInt()
	return n.Rsh(n, uint(rapid.IntRange(0, 127).Draw(t, "shift")))
}

// drawPart draws a part of a total near nothing, a half or all, or any.
func drawPart(t *rapid.T, total uint64) uint64 {
	part := drawUpTo(t, rapid.SampledFrom([]uint64{min(3, total), total/2 + min(1, total/2), total}).Draw(t, "below"))
	if rapid.Bool().Draw(t, "of the other") {
		return total - part
	}
	return part
}

// TestArithmeticAgainstBigIntegers: sums, differences and products are exact, or
// reported not to fit.
func TestArithmeticAgainstBigIntegers(t *testing.T) {
	for _, x := range edges() {
		for _, y := range edges() {
			checkArithmetic(t, x, y)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		checkArithmetic(t, drawAmount(t), drawAmount(t))
		checkLastProduct(t, max(2, drawUpTo(t, math.MaxUint64)))
	})
}

func checkArithmetic(t rapid.TB, x, y *big.Int) {
	t.Helper()
	a, b := exactly(x), exactly(y)
	if a.Cmp(b) != x.Cmp(y) {
		t.Fatalf("%s against %s: %d", x, y, a.Cmp(b))
	}
	sum, ok := a.plus(b)
	checkFit(t, new(big.Int).Add(x, y), sum, ok)
	difference, ok := a.minus(b)
	checkFit(t, new(big.Int).Sub(x, y), difference, ok)
	product, ok := a.times(b.lo)
	checkFit(t, new(big.Int).Mul(x, unsigned(b.lo)), product, ok)
}

// checkLastProduct checks the largest multiple that fits, and the next.
func checkLastProduct(t rapid.TB, n uint64) {
	t.Helper()
	x := new(big.Int).Div(power(2, 128, -1), unsigned(n))
	for range 2 {
		product, ok := exactly(x).times(n)
		checkFit(t, new(big.Int).Mul(x, unsigned(n)), product, ok)
		x.Add(x, big.NewInt(1))
	}
}

// checkFit checks that a result is exact when it fits, and reported when not.
func checkFit(t rapid.TB, want *big.Int, got Amount, ok bool) {
	t.Helper()
	fits := want.Sign() >= 0 && want.BitLen() <= 128
	if ok != fits || fits && got != exactly(want) {
		t.Fatalf("got %s (%v), want %s", got, ok, want)
	}
}

// TestPartAgainstBigIntegers: floor and remainder of a weighted amount, on which
// every division stands.
func TestPartAgainstBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, total := drawAmount(t), max(1, drawUpTo(t, math.MaxUint64))
		weight := drawPart(t, total)
		quotient, rest := exactly(n).part(weight, total)
		product := new(big.Int).Mul(n, unsigned(weight))
		want, wantRest := product.QuoRem(product, unsigned(total), new(big.Int))
		if quotient != exactly(want) || rest != wantRest.Uint64() {
			t.Fatalf("%s * %d / %d = %s rest %d, want %s rest %s", n, weight, total, quotient, rest, want, wantRest)
		}
	})
}

// TestArithmeticAllocatesNothing: money is worked out in registers.
func TestArithmeticAllocatesNothing(t *testing.T) {
	a, r := exactly(power(10, 36, 0)), Ratio{ratioOne / 20}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		first, second := a.split(r)
		sum, _ := first.plus(second)
		if sum != a {
			panic("the shares do not add up")
		}
	}))
}
