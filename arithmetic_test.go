package escrow

import (
	"encoding/binary"
	"iter"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	a, b := amountOf(x), amountOf(y)
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
		product, ok := amountOf(x).times(n)
		checkFit(t, new(big.Int).Mul(x, unsigned(n)), product, ok)
		x.Add(x, big.NewInt(1))
	}
}

// checkFit checks that a result is exact when it fits, and reported when not.
func checkFit(t rapid.TB, want *big.Int, got Amount, ok bool) {
	t.Helper()
	fits := want.Sign() >= 0 && want.BitLen() <= 128
	if ok != fits || fits && got != amountOf(want) {
		t.Fatalf("got %s (%v), want %s", got, ok, want)
	}
}

// TestPartAgainstBigIntegers: floor and remainder of a weighted amount, on which
// every division stands.
func TestPartAgainstBigIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, total := drawAmount(t), max(1, drawUpTo(t, math.MaxUint64))
		weight := drawPart(t, total)
		quotient, rest := amountOf(n).part(weight, total)
		product := new(big.Int).Mul(n, unsigned(weight))
		want, wantRest := product.QuoRem(product, unsigned(total), new(big.Int))
		if quotient != amountOf(want) || rest != wantRest.Uint64() {
			t.Fatalf("%s * %d / %d = %s rest %d, want %s rest %s", n, weight, total, quotient, rest, want, wantRest)
		}
	})
}

// TestArithmeticAllocatesNothing: money is worked out in registers.
func TestArithmeticAllocatesNothing(t *testing.T) {
	a, r := amountOf(power(10, 36, 0)), Ratio{ratioOne / 20}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		first, second := a.split(r)
		sum, _ := first.plus(second)
		if sum != a {
			panic("the shares do not add up")
		}
	}))
}

// exactAllocation is what allocate promises, worked out with rationals: floors,
// then one unit each to the largest fractions, ties to the earlier share.
func exactAllocation(amount *big.Int, weights []uint64) []*big.Int {
	total := totalOf(weights)
	shares, fractions := make([]*big.Int, len(weights)), make([]*big.Rat, len(weights))
	left := new(big.Int).Set(amount)
	for i, w := range weights {
		exact := fraction(amount, w, total)
		shares[i] = floor(exact)
		fractions[i] = exact.Sub(exact, new(big.Rat).SetInt(shares[i]))
		left.Sub(left, shares[i])
	}
	for range left.Uint64() {
		most := 0
		for i := range fractions {
			if fractions[i].Cmp(fractions[most]) > 0 {
				most = i
			}
		}
		shares[most].Add(shares[most], big.NewInt(1))
		fractions[most].SetInt64(-1)
	}
	return shares
}

// checkAllocation compares Allocate with the exact answer, share by share.
func checkAllocation(t rapid.TB, amount *big.Int, weights ...uint64) {
	t.Helper()
	got, err := Allocate(amountOf(amount), weights...)
	if err != nil {
		t.Fatalf("allocate %s in %d: %v", amount, weights, err)
	}
	for i, want := range exactAllocation(amount, weights) {
		if got[i] != amountOf(want) {
			t.Fatalf("allocate %s in %d: share %d is %s, want %s", amount, weights, i, got[i], want)
		}
	}
}

// everyWeights yields every list of one to four weights of at most most that is
// not all zero. The list is the same memory each time.
func everyWeights(most uint64) iter.Seq[[]uint64] {
	return func(yield func([]uint64) bool) {
		for n := 1; n <= 4; n++ {
			for w := make([]uint64, n); countUp(w, most); {
				if !yield(w) {
					return
				}
			}
		}
	}
}

// countUp turns digits up to most into the next number, false after the last.
func countUp(digits []uint64, most uint64) bool {
	for i := range digits {
		if digits[i]++; digits[i] <= most {
			return true
		}
		digits[i] = 0
	}
	return false
}

// TestAllocateExamples is the documented division, and one for each clause of it.
func TestAllocateExamples(t *testing.T) {
	for _, c := range []struct {
		amount  uint64
		weights []uint64
		want    []uint64
		why     string
	}{
		{15, []uint64{80, 8, 12}, []uint64{12, 1, 2}, "the documented example"},
		{1, []uint64{1, 1}, []uint64{1, 0}, "a tie goes to the earlier share"},
		{1, []uint64{1, 2}, []uint64{0, 1}, "the largest remainder comes first"},
		{2, []uint64{1, 1, 1}, []uint64{1, 1, 0}, "one unit each"},
		{100, []uint64{0, 3, 0}, []uint64{0, 100, 0}, "a weight of zero gets nothing"},
	} {
		got, err := Allocate(Units(c.amount), c.weights...)
		require.NoError(t, err)
		for i, want := range c.want {
			assert.Equal(t, Units(want), got[i], "%s: share %d", c.why, i)
		}
	}
}

// TestAllocateExhaustive: every list of up to four small weights divides every
// amount as rationals do, through a whole period of each.
func TestAllocateExhaustive(t *testing.T) {
	most := scaled(8, 5)
	for weights := range everyWeights(most) {
		for amount := range int64(4*most + 1) {
			checkAllocation(t, big.NewInt(amount), weights...)
		}
	}
}

// division is an amount, how it is to be divided, and how allocate divided it.
type division struct {
	amount  *big.Int
	weights []uint64
	shares  []Amount
	exact   []*big.Rat
}

func divide(t rapid.TB, amount *big.Int, weights []uint64) *division {
	t.Helper()
	shares, err := Allocate(amountOf(amount), weights...)
	if err != nil {
		t.Fatalf("allocate %s in %d: %v", amount, weights, err)
	}
	exact, total := make([]*big.Rat, len(weights)), totalOf(weights)
	for i, w := range weights {
		exact[i] = fraction(amount, w, total)
	}
	return &division{amount, weights, shares, exact}
}

func (d *division) total() uint64 { return totalOf(d.weights).Uint64() }

func (d *division) share(i int) *big.Rat { return new(big.Rat).SetInt(d.shares[i].BigInt()) }

// rest returns what the floor of a share leaves of it.
func (d *division) rest(i int) *big.Rat {
	return new(big.Rat).Sub(d.exact[i], new(big.Rat).SetInt(floor(d.exact[i])))
}

// raised reports whether a share was given one of the units left over.
func (d *division) raised(i int) bool { return d.shares[i].BigInt().Cmp(floor(d.exact[i])) > 0 }

// each reports whether something holds of every share.
func (d *division) each(holds func(i int) bool) bool {
	for i := range d.shares {
		if !holds(i) {
			return false
		}
	}
	return true
}

// pairs reports whether something holds of every two shares, both ways around.
func (d *division) pairs(holds func(i, j int) bool) bool {
	return d.each(func(i int) bool {
		return d.each(func(j int) bool { return i == j || holds(i, j) })
	})
}

// allocationLaws are what a division of any amount in any weights keeps to. The
// first four leave one answer only.
var allocationLaws = []struct {
	says  string
	holds func(*division) bool
}{
	{"the shares always add up to the amount", (*division).addsUp},
	{"each share is floored, or one unit more", (*division).floorsOrOneMore},
	{"the units left over go to the largest remainders", (*division).largestFirst},
	{"on a tie, to the earlier-listed share", (*division).earlierFirst},
	{"each share is within one unit of exact", (*division).withinOneUnit},
	{"a weight of zero gets nothing", (*division).nothingForNothing},
	{"more weight never gets less", (*division).moreForMore},
	{"the order of the recipients decides among ties only", (*division).orderIsForTies},
	{"only the proportion of the weights counts", (*division).scales},
	{"amounts a total apart are rounded alike", (*division).repeats},
	{"what was split and put together again is split the same", (*division).reverses},
	{"the shares as weights give the shares", (*division).dividesItself},
}

func (d *division) addsUp() bool { return d.together().Cmp(d.amount) == 0 }

// together returns the shares put together again, as a refund of them all does.
func (d *division) together() *big.Int {
	sum := new(big.Int)
	for _, s := range d.shares {
		sum.Add(sum, s.BigInt())
	}
	return sum
}

func (d *division) floorsOrOneMore() bool {
	return d.each(func(i int) bool {
		over := new(big.Int).Sub(d.shares[i].BigInt(), floor(d.exact[i]))
		return over.Sign() == 0 || over.Cmp(big.NewInt(1)) == 0
	})
}

func (d *division) largestFirst() bool {
	return d.pairs(func(i, j int) bool { return !d.raised(i) || d.raised(j) || d.rest(i).Cmp(d.rest(j)) >= 0 })
}

func (d *division) earlierFirst() bool {
	return d.pairs(func(i, j int) bool { return !d.raised(i) || d.raised(j) || d.rest(i).Cmp(d.rest(j)) != 0 || i < j })
}

func (d *division) withinOneUnit() bool {
	return d.each(func(i int) bool {
		off := new(big.Rat).Sub(d.share(i), d.exact[i])
		return off.Abs(off).Cmp(big.NewRat(1, 1)) < 0
	})
}

func (d *division) nothingForNothing() bool {
	return d.each(func(i int) bool { return d.weights[i] > 0 || d.shares[i].IsZero() })
}

func (d *division) moreForMore() bool {
	return d.pairs(func(i, j int) bool { return d.weights[i] <= d.weights[j] || d.shares[i].Cmp(d.shares[j]) >= 0 })
}

// orderIsForTies lets every two recipients change places, of which every other
// order is made: each keeps its share, unless another has the same remainder.
func (d *division) orderIsForTies() bool {
	return d.pairs(func(i, j int) bool {
		weights := slices.Clone(d.weights)
		weights[i], weights[j] = weights[j], weights[i]
		shares, err := Allocate(amountOf(d.amount), weights...)
		if err != nil {
			return false
		}
		shares[i], shares[j] = shares[j], shares[i]
		return d.each(func(k int) bool { return shares[k] == d.shares[k] || d.tied(k) })
	})
}

func (d *division) tied(i int) bool {
	return !d.each(func(j int) bool { return i == j || d.rest(i).Cmp(d.rest(j)) != 0 })
}

func (d *division) scales() bool {
	most := math.MaxUint64 / d.total()
	for _, factor := range []uint64{min(2, most), min(3, most), most} {
		weights := slices.Clone(d.weights)
		for i := range weights {
			weights[i] *= factor
		}
		if shares, err := Allocate(amountOf(d.amount), weights...); err != nil || !slices.Equal(shares, d.shares) {
			return false
		}
	}
	return true
}

func (d *division) repeats() bool {
	later := new(big.Int).Add(d.amount, unsigned(d.total()))
	if later.BitLen() > 128 {
		return true
	}
	shares, err := Allocate(amountOf(later), d.weights...)
	return err == nil && d.each(func(i int) bool {
		want := new(big.Int).Add(d.shares[i].BigInt(), unsigned(d.weights[i]))
		return shares[i] == amountOf(want)
	})
}

func (d *division) reverses() bool {
	again, err := Allocate(amountOf(d.together()), d.weights...)
	return err == nil && slices.Equal(again, d.shares)
}

func (d *division) dividesItself() bool {
	if d.amount.Sign() == 0 || !d.amount.IsUint64() {
		return true
	}
	weights := make([]uint64, len(d.shares))
	for i, s := range d.shares {
		weights[i] = s.lo
	}
	again, err := Allocate(amountOf(d.amount), weights...)
	return err == nil && slices.Equal(again, d.shares)
}

func checkAllocationLaws(t rapid.TB, amount *big.Int, weights []uint64) {
	t.Helper()
	d := divide(t, amount, weights)
	for _, law := range allocationLaws {
		if !law.holds(d) {
			t.Fatalf("%s: not so for %s in %d, which gives %s", law.says, amount, weights, d.shares)
		}
	}
}

// TestAllocationLawsExhaustive: all that is small keeps every law.
func TestAllocationLawsExhaustive(t *testing.T) {
	most := scaled(4, 2)
	for weights := range everyWeights(most) {
		for amount := range int64(4*most + 1) {
			checkAllocationLaws(t, big.NewInt(amount), weights)
		}
	}
}

// drawWeights draws weights that fit, few or many, small or large, often equal,
// often with a sum near the bound.
func drawWeights(t *rapid.T) []uint64 {
	weights := make([]uint64, rapid.IntRange(1, 7).Draw(t, "recipients"))
	room := math.MaxUint64 / uint64(len(weights))
	for i := range weights {
		weights[i] = drawUpTo(t, rapid.SampledFrom([]uint64{5, room}).Draw(t, "size"))
	}
	left := math.MaxUint64 - totalOf(weights).Uint64()
	if left == math.MaxUint64 || rapid.Bool().Draw(t, "to the bound") {
		weights[rapid.IntRange(0, len(weights)-1).Draw(t, "who takes the rest")] += left - min(left, rapid.Uint64Range(0, 3).Draw(t, "but"))
	}
	return weights
}

// TestAllocateNearTheBounds: the answer is the exact one and keeps every law at
// the edges of the arithmetic too.
func TestAllocateNearTheBounds(t *testing.T) {
	for _, amount := range edges() {
		for _, weights := range [][]uint64{{1}, {0, 1 << 63, 0, 1<<63 - 1}, {1<<64 - 1}, {1 << 63, 1<<63 - 1}, {1<<64 - 2, 1}, {1, 1<<64 - 2}} {
			checkAllocation(t, amount, weights...)
			checkAllocationLaws(t, amount, weights)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		amount, weights := drawAmount(t), drawWeights(t)
		checkAllocation(t, amount, weights...)
		checkAllocationLaws(t, amount, weights)
	})
}

// TestAllocateIsMonotoneInTwoOnly: more money never gives either of two
// recipients less, but one of three it may give a unit less: as with seats in a
// parliament, the units left over follow the remainders. The tables of this
// package divide between two at a time. Pinned is the smallest case.
func TestAllocateIsMonotoneInTwoOnly(t *testing.T) {
	assert.Nil(t, smallestParadox(t, 2, scaled(40, 20)))
	paradox := smallestParadox(t, 3, 7)
	require.NotNil(t, paradox)
	assert.Equal(t, []uint64{3, 3, 1}, paradox.weights)
	assert.Equal(t, []Amount{Units(1), Units(1), Units(1)}, paradox.shares, "of 3 units")
	more, err := Allocate(Units(4), paradox.weights...)
	require.NoError(t, err)
	assert.Equal(t, []Amount{Units(2), Units(2), Units(0)}, more, "of 4 units")
}

// smallestParadox returns the division, by total and amount, in which one unit
// more gives somebody less, nil when there is none up to a total.
func smallestParadox(t *testing.T, recipients int, most uint64) *division {
	for total := range most + 1 {
		for weights := make([]uint64, recipients); countUp(weights, total); {
			if totalOf(weights).Uint64() != total {
				continue
			}
			for amount := range int64(total) {
				less, more := divide(t, big.NewInt(amount), weights), divide(t, big.NewInt(amount+1), weights)
				if !less.each(func(i int) bool { return more.shares[i].Cmp(less.shares[i]) >= 0 }) {
					return less
				}
			}
		}
	}
	return nil
}

// TestAllocateRefusesUnusableWeights: no weight at all, or more than 64 bits.
func TestAllocateRefusesUnusableWeights(t *testing.T) {
	for _, weights := range [][]uint64{nil, {0}, {0, 0, 0}, {1 << 63, 1 << 63}, {1<<64 - 1, 1}, {1, 0, 1<<64 - 1}, {1 << 63, 1 << 63, 1}} {
		shares, err := Allocate(Units(10), weights...)
		assert.ErrorIs(t, err, Malformed, "weights %d", weights)
		assert.Nil(t, shares)
	}
	rapid.Check(t, func(t *rapid.T) {
		weights := drawWeights(t)
		room := math.MaxUint64 - totalOf(weights).Uint64()
		weights = append(weights, rapid.Uint64Range(room+1, math.MaxUint64).Draw(t, "too much"))
		if shares, err := Allocate(amountOf(drawAmount(t)), weights...); err == nil || shares != nil {
			t.Fatalf("allocate in %d gives %s", weights, shares)
		}
	})
}

// FuzzAllocate compares the division of any amount in any weights, eight bytes
// each, with the exact one.
func FuzzAllocate(f *testing.F) {
	seed := func(hi, lo uint64, weights ...uint64) {
		raw, err := binary.Append(nil, binary.LittleEndian, weights)
		require.NoError(f, err)
		f.Add(hi, lo, raw)
	}
	seed(0, 15, 80, 8, 12)
	seed(0, 3, 3, 3, 1)
	seed(1<<62, 1, 1, 2, 3)
	seed(math.MaxUint64, math.MaxUint64, 1<<63, 0, 1<<63-1)
	seed(0, 1, 1<<63, 1<<63)
	seed(0, 1, 0, 0)
	f.Fuzz(func(t *testing.T, hi, lo uint64, raw []byte) {
		weights := make([]uint64, min(len(raw)/8, 20))
		_, err := binary.Decode(raw, binary.LittleEndian, weights)
		require.NoError(t, err)
		total := totalOf(weights)
		if _, err := Allocate(Amount{hi, lo}, weights...); total.Sign() == 0 || !total.IsUint64() {
			require.ErrorIs(t, err, Malformed)
			return
		}
		checkAllocation(t, Amount{hi, lo}.BigInt(), weights...)
	})
}

// TestSplitExamples is how a deposit of a ratio is worked out.
func TestSplitExamples(t *testing.T) {
	half := Ratio{ratioOne / 2}
	for units, want := range map[uint64]uint64{0: 0, 1: 1, 2: 1, 3: 2, 5: 3} {
		first, _ := Units(units).split(half)
		assert.Equal(t, Units(want), first, "half of %d", units)
	}
	first, _ := Units(1).split(Ratio{ratioOne/2 - 1})
	assert.Equal(t, Units(0), first, "a little less than half rounds down")
}

// halving is an amount split in two, in the weights part : total - part.
type halving struct {
	amount        Amount
	part, total   uint64
	first, second Amount
}

// halve splits in any weights, and by a ratio where they make one.
func halve(amount Amount, part, total uint64) *halving {
	first, second := amount.splitOf(part, total)
	if total == ratioOne {
		first, second = amount.split(Ratio{part})
	}
	return &halving{amount, part, total, first, second}
}

// splitLaws are what the split in two keeps to. The first two leave one answer
// only.
var splitLaws = []struct {
	says  string
	holds func(*halving) bool
}{
	{"the first share is rounded half up", (*halving).roundsHalfUp},
	{"the second share is the rest", (*halving).leavesTheRest},
	{"it is allocate in two", (*halving).isAllocate},
	{"the other way around only a tie changes hands", (*halving).mirrors},
	{"one unit more goes to one of the two and costs neither", (*halving).growsByAmount},
	{"a greater part never gives the first less", (*halving).growsByPart},
}

func (h *halving) roundsHalfUp() bool {
	return h.first == amountOf(halfUp(fraction(h.amount.BigInt(), h.part, unsigned(h.total))))
}

func (h *halving) leavesTheRest() bool {
	sum := new(big.Int).Add(h.first.BigInt(), h.second.BigInt())
	return sum.Cmp(h.amount.BigInt()) == 0
}

func (h *halving) isAllocate() bool {
	shares, err := Allocate(h.amount, h.part, h.total-h.part)
	return err == nil && shares[0] == h.first && shares[1] == h.second
}

func (h *halving) mirrors() bool {
	other := halve(h.amount, h.total-h.part, h.total)
	exact := fraction(h.amount.BigInt(), h.part, unsigned(h.total))
	if tie := exact.Add(exact, exact); tie.IsInt() && tie.Num().Bit(0) == 1 {
		return h.first.Cmp(other.second) > 0 && other.first.Cmp(h.second) > 0
	}
	return other.first == h.second && other.second == h.first
}

func (h *halving) growsByAmount() bool {
	more := new(big.Int).Add(h.amount.BigInt(), big.NewInt(1))
	if more.BitLen() > 128 {
		return true
	}
	next := halve(amountOf(more), h.part, h.total)
	return next.first == h.first && next.second.Cmp(h.second) > 0 || next.second == h.second && next.first.Cmp(h.first) > 0
}

func (h *halving) growsByPart() bool {
	return h.part == h.total || halve(h.amount, h.part+1, h.total).first.Cmp(h.first) >= 0
}

func checkSplitLaws(t rapid.TB, amount *big.Int, part, total uint64) {
	t.Helper()
	h := halve(amountOf(amount), part, total)
	for _, law := range splitLaws {
		if !law.holds(h) {
			t.Fatalf("%s: not so for %s in %d of %d, which gives %s and %s", law.says, amount, part, total, h.first, h.second)
		}
	}
}

// TestSplitLawsExhaustive: every part of every small total keeps every law,
// through a whole period of amounts.
func TestSplitLawsExhaustive(t *testing.T) {
	for total := uint64(1); total <= scaled(60, 24); total++ {
		for part := range total + 1 {
			for amount := range int64(total + 1) {
				checkSplitLaws(t, big.NewInt(amount), part, total)
			}
		}
	}
}

// TestSplitByEveryBasisPoint: ratios as policies are written, of every amount of
// a period, in the arithmetic of whole numbers.
func TestSplitByEveryBasisPoint(t *testing.T) {
	const points = 10_000
	for n := range uint64(points + 1) {
		ratio := Ratio{n * (ratioOne / points)}
		for units := range scaled(points, points/20) + 1 {
			first, second := Units(units).split(ratio)
			if want := (2*units*n + points) / (2 * points); first != Units(want) || second != Units(units-want) {
				t.Fatalf("%d split by %s: %s and %s, want %d", units, ratio, first, second, want)
			}
		}
	}
}

// TestSplitByEndlessRatios: a seventh and its like, cut off at 18 places and one
// more, which come within a hair of ties and whole units.
func TestSplitByEndlessRatios(t *testing.T) {
	for total := uint64(2); total <= 13; total++ {
		for n := uint64(1); n < total; n++ {
			cut := new(big.Int).Div(new(big.Int).Mul(unsigned(n), unsigned(ratioOne)), unsigned(total)).Uint64()
			for amount := range int64(scaled(100, 26)) {
				checkSplitLaws(t, big.NewInt(amount), cut, ratioOne)
				checkSplitLaws(t, big.NewInt(amount), cut+1, ratioOne)
			}
		}
	}
}

// TestSplitNearTheBounds: ratios next to 0, a half and 1, and parts of any total,
// of amounts at the edges of the arithmetic.
func TestSplitNearTheBounds(t *testing.T) {
	for _, amount := range edges() {
		for _, part := range []uint64{0, 1, ratioOne / 3, ratioOne/2 - 1, ratioOne / 2, ratioOne/2 + 1, ratioOne - 1, ratioOne} {
			checkSplitLaws(t, amount, part, ratioOne)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		total := max(1, drawUpTo(t, math.MaxUint64))
		if rapid.Bool().Draw(t, "by a ratio") {
			total = ratioOne
		}
		checkSplitLaws(t, drawAmount(t), drawPart(t, total), total)
	})
}

// collected is a sum that a table collects by a ratio.
var collected = []struct {
	name  string
	sum   Sum
	ratio func(*Policy) *Ratio
	// times is how many criteria it may be multiplied by.
	times int
}{
	{"the worker's stake", Of(WorkerStakeRatio, Price), WorkerStakeRatio.ratio, 1},
	{"the dispute bond", Of(DisputeBondRatio, Price), DisputeBondRatio.ratio, 1},
	{"the marketplace fee", Of(MarketplaceFee, MilestoneAmount), MarketplaceFee.ratio, 1},
	{"a backup agent's bond", PerCriterion(Of(BackupAgentBondRatio, Price)), BackupAgentBondRatio.ratio, maxCriteria},
}

// priced returns a contract of a price that is also its milestone's, on which one
// agent has voted.
func priced(price Amount, criteria int) *Contract {
	return &Contract{
		terms: &terms{price: price, criteria: make([]string, criteria)},
		book:  &book{milestones: []Milestone{{Amount: price}}},
		jury:  &jury{agents: []string{"0xJ"}, ballots: [maxAgents]sheet{1}},
	}
}

// collect returns what a sum comes to, with a ratio.
func collect(c *Contract, s Sum, at func(*Policy) *Ratio, ratio Ratio) Amount {
	*at(&c.terms.policy) = ratio
	amount, _, _, _ := (&ask{c: c}).amount(Hire{}, &s, c)
	return amount
}

// TestDepositsExhaustive: "a deposit or charge computed from a ratio is rounded
// half up to the asset's scale; a backup agent posts that rounded bond times the
// number of criteria". Every thousandth of every price of a period.
func TestDepositsExhaustive(t *testing.T) {
	for _, d := range collected {
		for criteria := 1; criteria <= d.times; criteria++ {
			for price := range scaled(1000, 50) + 1 {
				c := priced(Units(price), criteria)
				for n := range uint64(1001) {
					want := (2*price*n + 1000) / 2000 * uint64(criteria)
					if got := collect(c, d.sum, d.ratio, Ratio{n * (ratioOne / 1000)}); got != Units(want) {
						t.Fatalf("%s of %d by %d/1000, %d criteria, is %s, want %d", d.name, price, n, criteria, got, want)
					}
				}
			}
		}
	}
}

// TestDepositsNearTheBounds: every price that may enter, by every ratio, under as
// many criteria as there may be, fits and is exact; and the pot of a bond says
// that it holds what was posted.
func TestDepositsNearTheBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		price := drawAmount(t)
		price.Mod(price, power(10, 36, 1))
		part := drawPart(t, ratioOne)
		for _, d := range collected {
			c := priced(amountOf(price), rapid.IntRange(1, d.times).Draw(t, "criteria"))
			want := halfUp(fraction(price, part, unsigned(ratioOne)))
			want.Mul(want, big.NewInt(int64(len(c.terms.criteria))))
			got := collect(c, d.sum, d.ratio, Ratio{part})
			if got != amountOf(want) || d.times > 1 && got != c.backupBond(0) {
				t.Fatalf("%s of %s by %s is %s, want %s", d.name, price, Ratio{part}, got, want)
			}
		}
	})
}

// TestBondsComeBackWhole: however three agents vote on two criteria, what comes
// back of each bond and what is slashed of it are together what was posted.
func TestBondsComeBackWhole(t *testing.T) {
	for price := range scaled(12, 4) {
		for _, slash := range []uint64{0, 1, ratioOne / 3, ratioOne / 2, ratioOne} {
			c := priced(Units(price), 2)
			c.jury.agents = make([]string, 3)
			c.terms.policy.BackupAgentBondRatio, c.terms.policy.BAUnclearSlashRatio = Ratio{ratioOne / 2}, Ratio{slash}
			for votes := make([]uint64, 6); countUp(votes, 2); {
				vote(c.jury, votes)
				for agent := range c.jury.agents {
					back, slashed := c.bondSplit(agent)
					if sum, ok := back.plus(slashed); !ok || sum != c.backupBond(agent) {
						t.Fatalf("votes %d, price %d: %s and %s of %s", votes, price, back, slashed, c.backupBond(agent))
					}
				}
			}
		}
	}
}

// vote has every agent judge two criteria, each by a digit.
func vote(j *jury, digits []uint64) {
	for agent := range j.agents {
		j.ballots[agent] = sheet(0).with(0, verdict(1+digits[2*agent])).with(1, verdict(1+digits[2*agent+1]))
	}
}

// TestAuditSeesOverflow: a pot that would hold more than fits is an error, also
// when the next snapshot holds what is left of it after wrapping around.
func TestAuditSeesOverflow(t *testing.T) {
	all := Amount{math.MaxUint64, math.MaxUint64}
	pay := func(held, more, then Amount) bool {
		before := &Contract{terms: &terms{client: "0xC"}, held: potEscrow.set(), posted: [singlePots]Amount{potEscrow: held}}
		d := &Decision{Contract: *before, moved: 1}
		d.Contract.posted[potEscrow] = then
		d.inline[0] = movement{amount: more, from: accountID{kind: AccountClient}, to: potEscrow.account()}
		return d.audit(before)
	}
	assert.True(t, pay(Units(2), Units(3), Units(5)), "what fits")
	assert.False(t, pay(all, Units(2), Units(1)), "what wraps around")
	assert.True(t, sameSum(all, Amount{}, Units(1), Amount{all.hi, all.lo - 1}))
	assert.False(t, sameSum(all, Units(2), Units(1), Amount{}), "what wraps around on one side")
	assert.False(t, sameSum(all, Units(2), all, Units(2)), "what wraps around on both")
}

// An overflow is a refusal, never a wrapped number: a product that does not fit
// is more than the audit lets move.
func TestOverflowIsUnbalanced(t *testing.T) {
	for _, c := range []struct {
		price Amount
		times int
		fits  bool
	}{{Units(5), 3, true}, {maxTotal, 1, true}, {Amount{hi: math.MaxUint64}, 2, false}, {Amount{hi: 1 << 60}, 341, false}} {
		d := Decision{Contract: Contract{terms: &terms{client: "c", price: c.price, criteria: make([]string, c.times)}}}
		before := d.Contract
		d.Contract.held = potEscrow.set()
		q := ask{c: &before}
		d.deposit(&q, Create{}, &Step{kind: stepDeposit, first: Client, pot: Escrow, sum: PerCriterion(Price)})
		if d.audit(&before) != c.fits {
			t.Errorf("%s times %d passes the audit: %v", c.price, c.times, !c.fits)
		}
	}
}
