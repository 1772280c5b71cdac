package escrow

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

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
	return h.first == exactly(halfUp(fraction(h.amount.BigInt(), h.part, unsigned(h.total))))
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
	next := halve(exactly(more), h.part, h.total)
	return next.first == h.first && next.second.Cmp(h.second) > 0 || next.second == h.second && next.first.Cmp(h.first) > 0
}

func (h *halving) growsByPart() bool {
	return h.part == h.total || halve(h.amount, h.part+1, h.total).first.Cmp(h.first) >= 0
}

func checkSplitLaws(t rapid.TB, amount *big.Int, part, total uint64) {
	t.Helper()
	h := halve(exactly(amount), part, total)
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
