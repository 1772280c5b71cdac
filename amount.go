package escrow

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"

	"github.com/shopspring/decimal"
)

// Amount is an exact, non-negative number of an asset's smallest units: for an
// asset of scale 6, Amount 1 is 0.000001. It holds up to 128 bits; what enters
// through an [Asset] is at most 10^36. Two amounts are equal exactly when they
// are ==. The zero value is nothing.
type Amount struct{ hi, lo uint64 }

// maxUnits is 10^36, the largest amount that may enter a contract. With it the
// worst custody of one contract stays below 2^127.
var maxUnits = Amount{hi: 0x00c097ce7bc90715, lo: 0xb34b9f1000000000}

// maxTotal is 10^38, the most that a pot holds.
var maxTotal = Amount{hi: 0x4b3b4ca85a86c47a, lo: 0x098a224000000000}

// tooMuch reports whether an amount is more than all pots of a contract may hold
// together: 2^127 - 1.
func (a Amount) tooMuch() bool { return a.hi>>63 != 0 }

// Units returns the amount of n smallest units.
func Units(n uint64) Amount { return Amount{lo: n} }

// IsZero reports whether the amount is nothing.
func (a Amount) IsZero() bool { return a == Amount{} }

// Cmp returns -1, 0 or 1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) int {
	switch {
	case a == b:
		return 0
	case a.hi < b.hi || a.hi == b.hi && a.lo < b.lo:
		return -1
	}
	return 1
}

// BigInt returns the number of smallest units as a new big integer.
func (a Amount) BigInt() *big.Int {
	n := new(big.Int).SetUint64(a.hi)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(a.lo))
}

// Uint64 returns the number of smallest units, and false when it does not fit.
func (a Amount) Uint64() (uint64, bool) { return a.lo, a.hi == 0 }

// String returns the number of smallest units, as in "2500000". An [Asset]
// writes it with its decimal point.
func (a Amount) String() string { return string(a.appendDigits(nil)) }

// plus returns a + b, and false when the sum does not fit.
func (a Amount) plus(b Amount) (Amount, bool) {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, carry := bits.Add64(a.hi, b.hi, carry)
	return Amount{hi, lo}, carry == 0
}

// minus returns a - b, and false when b is greater.
func (a Amount) minus(b Amount) (Amount, bool) {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, borrow := bits.Sub64(a.hi, b.hi, borrow)
	return Amount{hi, lo}, borrow == 0
}

// times returns a * n, and false when the product does not fit.
func (a Amount) times(n uint64) (Amount, bool) {
	over, lo := bits.Mul64(a.lo, n)
	top, hi := bits.Mul64(a.hi, n)
	hi, carry := bits.Add64(hi, over, 0)
	return Amount{hi, lo}, top == 0 && carry == 0
}

// AmountOf returns a number of smallest units as an amount. A negative one, and
// more than 10^38, which no pot ever holds, is [AmountBounds].
func AmountOf(units *big.Int) (Amount, error) {
	if units.Sign() < 0 || units.Cmp(maxTotal.BigInt()) > 0 {
		return Amount{}, refuse(AmountBounds, "an amount lies between 0 and 10^38 smallest units")
	}
	var bytes [16]byte
	units.FillBytes(bytes[:])
	return Amount{hi: binary.BigEndian.Uint64(bytes[:8]), lo: binary.BigEndian.Uint64(bytes[8:])}, nil
}

// Plus returns a + b, and the most there is when that does not fit: more than any
// audit lets pass.
func (a Amount) Plus(b Amount) Amount { return a.plusAtMost(b) }

// Part returns the ratio's part of the amount, rounded half up to the smallest
// unit.
func (a Amount) Part(r Ratio) Amount {
	part, _ := a.split(r)
	return part
}

// Rest returns what is left of the amount when the ratio's part of it is taken away.
func (a Amount) Rest(r Ratio) Amount {
	_, rest := a.split(r)
	return rest
}

// timesAtMost returns a * n, and the most there is when that does not fit: more
// than any audit lets pass.
func (a Amount) timesAtMost(n uint64) Amount {
	if product, ok := a.times(n); ok {
		return product
	}
	return Amount{hi: math.MaxUint64, lo: math.MaxUint64}
}

// plusAtMost returns a + b, and the most there is when that does not fit.
func (a Amount) plusAtMost(b Amount) Amount {
	if sum, ok := a.plus(b); ok {
		return sum
	}
	return Amount{hi: math.MaxUint64, lo: math.MaxUint64}
}

// part returns the floor of a * weight / total and the remainder of that
// division. It needs weight <= total and total > 0, which makes every
// division below fit.
func (a Amount) part(weight, total uint64) (Amount, uint64) {
	if a.hi != 0 {
		return a.widePart(weight, total)
	}
	hi, lo := bits.Mul64(a.lo, weight)
	q, r := bits.Div64(hi, lo, total)
	return Amount{lo: q}, r
}

func (a Amount) widePart(weight, total uint64) (Amount, uint64) {
	h0, p0 := bits.Mul64(a.lo, weight)
	p2, l1 := bits.Mul64(a.hi, weight)
	p1, carry := bits.Add64(h0, l1, 0)
	hi, r := bits.Div64(p2+carry, p1, total)
	lo, r := bits.Div64(r, p0, total)
	return Amount{hi, lo}, r
}

// Allocate divides the amount in the given weights: each share is floored to
// the smallest unit, and the units left over go one each to the shares with the
// largest fractional remainder, on a tie to the earlier one. The shares always
// add up to the amount. It is the only way this package divides money.
//
// Weights that are all zero, or whose sum exceeds 64 bits, are an error.
func Allocate(amount Amount, weights ...uint64) ([]Amount, error) {
	shares := make([]Amount, len(weights))
	if !allocate(shares, make([]uint64, len(weights)), amount, weights) {
		return nil, refuse(Malformed, "weights must have a sum between 1 and 2^64-1")
	}
	return shares, nil
}

// allocate is [Allocate] into the caller's memory: shares and rests are as long
// as weights.
func allocate(shares []Amount, rests []uint64, amount Amount, weights []uint64) bool {
	var total, carry uint64
	for _, w := range weights {
		if total, carry = bits.Add64(total, w, 0); carry != 0 {
			return false
		}
	}
	if total == 0 {
		return false
	}
	left := amount
	for i, w := range weights {
		shares[i], rests[i] = amount.part(w, total)
		left, _ = left.minus(shares[i])
	}
	// The remainders add up to left * total, so there are more of them than
	// units left, and none is served twice.
	for ; left.lo > 0; left.lo-- {
		most := 0
		for i := range rests {
			if rests[i] > rests[most] {
				most = i
			}
		}
		shares[most], _ = shares[most].plus(Amount{lo: 1})
		rests[most] = 0
	}
	return true
}

// split is [Allocate] in two, by a ratio: it to the first, the rest to the second.
func (a Amount) split(r Ratio) (first, second Amount) {
	return a.splitOf(r.e18, ratioOne)
}

// splitOf is [Allocate] in two, in the weights part : total - part. With two
// shares the largest remainder, on a tie the first, is the first share rounded
// half up; one division does. The tests hold it against allocate.
func (a Amount) splitOf(part, total uint64) (first, second Amount) {
	first, rest := a.part(part, total)
	if rest != 0 && rest >= total-rest {
		first, _ = first.plus(Amount{lo: 1})
	}
	second, _ = a.minus(first)
	return first, second
}

// Asset is what a contract is paid in: a currency or token code and the number
// of decimal places of its smallest unit, 0 to 18. USDC has scale 6, USD 2.
type Asset struct {
	Code  string
	Scale uint8
}

// maxScale is the finest an asset, and the finest a ratio, may be.
const maxScale = 18

// Amount returns the decimal as a number of the asset's smallest units. A
// negative value is [Malformed], more decimal places than the scale is
// [AmountScale] (trailing zeros do not count), more than 10^36 smallest units,
// or an exponent beyond any plain notation, is [AmountBounds]. It looks at the
// decimal's exponent before its digits, so a hostile one costs nothing.
func (s Asset) Amount(d decimal.Decimal) (Amount, error) {
	n, reason := numberOf(d)
	return s.edge(n, reason, "the decimal")
}

// Parse returns the amount that text says in plain notation, such as "50.25":
// digits with at most one dot between digits, at most 40 characters, no sign,
// no exponent, no blanks ([Malformed] otherwise). The bounds are those of
// [Asset.Amount].
func (s Asset) Parse(text string) (Amount, error) {
	n, reason := parseNumber(text)
	return s.edge(n, reason, "the text")
}

func (s Asset) edge(n number, reason Reason, what string) (Amount, error) {
	var a Amount
	if reason == "" {
		a, reason = n.units(s.Scale)
	}
	if reason != "" {
		return Amount{}, refuse(reason, what+" is no amount of "+s.Code)
	}
	return a, nil
}

// Decimal returns the amount as a decimal number of whole units of the asset.
func (s Asset) Decimal(a Amount) decimal.Decimal {
	return decimal.NewFromBigInt(a.BigInt(), -int32(s.Scale))
}

// Text returns the amount in plain notation without trailing zeros, as in
// "47.5": the form in which it is stored, signed and shown.
func (s Asset) Text(a Amount) string { return string(a.appendText(nil, s.Scale)) }

// Ratio is an exact fraction from 0 to 1 with at most 18 decimal places. The
// zero value is 0.
type Ratio struct{ e18 uint64 }

const ratioOne = 1_000_000_000_000_000_000

// ParseRatio returns the ratio that text says in plain notation, such as
// "0.05". More than 18 places or more than 1 is [AmountBounds], anything that
// is no plain number [Malformed].
func ParseRatio(text string) (Ratio, error) {
	n, reason := parseNumber(text)
	return ratioEdge(n, reason)
}

// NewRatio returns the decimal as a ratio; errors as in [ParseRatio].
func NewRatio(d decimal.Decimal) (Ratio, error) {
	n, reason := numberOf(d)
	return ratioEdge(n, reason)
}

func ratioEdge(n number, reason Reason) (Ratio, error) {
	var r Ratio
	if reason == "" {
		r, reason = n.ratio()
	}
	if reason == AmountScale {
		reason = AmountBounds
	}
	if reason != "" {
		return Ratio{}, refuse(reason, "a ratio lies between 0 and 1 and has at most 18 decimal places")
	}
	return r, nil
}

// Decimal returns the ratio as a decimal.
func (r Ratio) Decimal() decimal.Decimal {
	return decimal.NewFromBigInt(new(big.Int).SetUint64(r.e18), -maxScale)
}

// Units returns the ratio in units of 10^-18, for the weights of a division.
func (r Ratio) Units() uint64 { return r.e18 }

// String returns the ratio in plain notation, as in "0.05".
func (r Ratio) String() string { return string(r.appendText(nil)) }

func (r Ratio) appendText(dst []byte) []byte {
	const fine = 1_000_000_000_000
	if r.e18%fine == 0 {
		return Amount{lo: r.e18 / fine}.appendText(dst, maxScale-12)
	}
	return Amount{lo: r.e18}.appendText(dst, maxScale)
}

// rest returns 1 - r.
func (r Ratio) rest() Ratio { return Ratio{ratioOne - r.e18} }
