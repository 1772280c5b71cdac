package escrow

import (
	"encoding/binary"
	"iter"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

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
	got, err := Allocate(exactly(amount), weights...)
	if err != nil {
		t.Fatalf("allocate %s in %d: %v", amount, weights, err)
	}
	for i, want := range exactAllocation(amount, weights) {
		if got[i] != exactly(want) {
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

func divideBy(t rapid.TB, amount *big.Int, weights []uint64) *division {
	t.Helper()
	shares, err := Allocate(exactly(amount), weights...)
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
		shares, err := Allocate(exactly(d.amount), weights...)
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
		if shares, err := Allocate(exactly(d.amount), weights...); err != nil || !slices.Equal(shares, d.shares) {
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
	shares, err := Allocate(exactly(later), d.weights...)
	return err == nil && d.each(func(i int) bool {
		want := new(big.Int).Add(d.shares[i].BigInt(), unsigned(d.weights[i]))
		return shares[i] == exactly(want)
	})
}

func (d *division) reverses() bool {
	again, err := Allocate(exactly(d.together()), d.weights...)
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
	again, err := Allocate(exactly(d.amount), weights...)
	return err == nil && slices.Equal(again, d.shares)
}

func checkAllocationLaws(t rapid.TB, amount *big.Int, weights []uint64) {
	t.Helper()
	d := divideBy(t, amount, weights)
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
				less, more := divideBy(t, big.NewInt(amount), weights), divideBy(t, big.NewInt(amount+1), weights)
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
		if shares, err := Allocate(exactly(drawAmount(t)), weights...); err == nil || shares != nil {
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
