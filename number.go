package escrow

import (
	"math"
	"math/big"
	"math/bits"
	"strings"

	"github.com/shopspring/decimal"
)

// number is a bounded decimal on its way in, not yet of any asset: whole units
// and a fraction in units of 10^-18. Everything that enters as text or as a
// decimal passes through it, before any arithmetic.
type number struct {
	whole Amount
	e18   uint64
}

const (
	// maxNumberText is how long a number in plain notation may be.
	maxNumberText = 40
	// maxWholeDigits is how many digits 10^38 has.
	maxWholeDigits = 39
)

// parseNumber reads plain notation. It answers [Malformed] for text that is no
// number, [AmountBounds] for one that is too long or too large for any asset
// and [AmountScale] for one that is too fine for any.
func parseNumber(text string) (number, Reason) {
	if len(text) > maxNumberText {
		// Its start tells enough: nobody reads ten megabytes of digits.
		if !isPlain(strings.TrimSuffix(text[:maxNumberText], ".")) {
			return number{}, Malformed
		}
		return number{}, AmountBounds
	}
	if !isPlain(text) {
		return number{}, Malformed
	}
	whole, fraction, _ := strings.Cut(text, ".")
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	switch {
	case len(whole) > maxWholeDigits:
		return number{}, AmountBounds
	case len(fraction) > maxScale:
		return number{}, AmountScale
	}
	var n number
	for i := range len(whole) {
		ten, fits := n.whole.times(10)
		next, also := ten.plus(Amount{lo: uint64(whole[i] - '0')})
		if !fits || !also || next.Cmp(maxTotal) > 0 {
			return number{}, AmountBounds
		}
		n.whole = next
	}
	for i := range len(fraction) {
		n.e18 = n.e18*10 + uint64(fraction[i]-'0')
	}
	n.e18 *= powersOfTen[maxScale-len(fraction)]
	return n, ""
}

// powersOfTen are 10^0 to 10^18.
var powersOfTen = func() (p [maxScale + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()

// isPlain reports whether text is digits with at most one dot between digits.
func isPlain(text string) bool {
	dots := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
		case c == '.' && dots == 0 && i > 0 && i < len(text)-1:
			dots++
		default:
			return false
		}
	}
	return len(text) > 0
}

// maxCoefficient is the largest coefficient that a decimal may have, whatever
// its exponent.
var maxCoefficient = new(big.Int).Exp(big.NewInt(10), big.NewInt(maxNumberText), nil)

// numberOf takes a decimal apart. The exponent is judged before the coefficient
// is touched, and the coefficient is compared before it is copied: a decimal
// built in code may have any.
func numberOf(d decimal.Decimal) (number, Reason) {
	exp := d.Exponent()
	switch {
	case exp > maxNumberText || exp < -maxNumberText:
		return number{}, AmountBounds
	case d.Sign() < 0:
		return number{}, Malformed
	case d.IsZero():
		return number{}, ""
	case d.GreaterThan(largest[exp+maxNumberText]):
		return number{}, AmountBounds
	case d.NumDigits() <= maxScale:
		if n, ok := smallNumber(uint64(d.CoefficientInt64()), exp); ok {
			return n, ""
		}
	}
	coef := d.Coefficient()
	if exp >= 0 {
		whole, ok := unitsOf(coef.Mul(coef, tenTo(exp)))
		if !ok || whole.Cmp(maxTotal) > 0 {
			return number{}, AmountBounds
		}
		return number{whole: whole}, ""
	}
	rest := new(big.Int)
	coef.QuoRem(coef, tenTo(-exp), rest)
	whole, ok := unitsOf(coef)
	if !ok || whole.Cmp(maxTotal) > 0 {
		return number{}, AmountBounds
	}
	rest.Mul(rest, big.NewInt(ratioOne))
	if rest.QuoRem(rest, tenTo(-exp), coef); coef.Sign() != 0 {
		return number{}, AmountScale
	}
	return number{whole, rest.Uint64()}, ""
}

// largest are the largest decimals, by exponent from -maxNumberText on.
var largest = func() (list [2*maxNumberText + 1]decimal.Decimal) {
	for i := range list {
		list[i] = decimal.NewFromBigInt(maxCoefficient, int32(i-maxNumberText))
	}
	return list
}()

// smallNumber returns a number of ordinary size without big integers, and false for
// any other.
func smallNumber(coefficient uint64, exp int32) (number, bool) {
	switch {
	case exp >= 0 && exp <= maxScale:
		whole, ok := Amount{lo: coefficient}.times(powersOfTen[exp])
		return number{whole: whole}, ok && whole.Cmp(maxTotal) <= 0
	case exp < 0 && exp >= -maxScale:
		one := powersOfTen[-exp]
		return number{whole: Amount{lo: coefficient / one}, e18: coefficient % one * powersOfTen[maxScale+exp]}, true
	}
	return number{}, false
}

func tenTo(exp int32) *big.Int {
	if exp < int32(len(powersOfTen)) {
		return new(big.Int).SetUint64(powersOfTen[exp])
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(exp)), nil)
}

// unitsOf returns a big integer as an amount, and false when it does not fit.
func unitsOf(n *big.Int) (Amount, bool) {
	if n.BitLen() > 128 {
		return Amount{}, false
	}
	lo := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64))
	return Amount{new(big.Int).Rsh(n, 64).Uint64(), lo.Uint64()}, true
}

// units returns the number in smallest units of the scale: [AmountBounds] when
// it is more than 10^36 of them, [AmountScale] when it is finer than one,
// [Malformed] for a scale that no asset has.
func (n number) units(scale uint8) (Amount, Reason) { return n.unitsTo(scale, maxUnits) }

// unitsTo is [number.units] with another bound.
func (n number) unitsTo(scale uint8, most Amount) (Amount, Reason) {
	if scale > maxScale {
		return Amount{}, Malformed
	}
	a, ok := n.whole.times(powersOfTen[scale])
	if !ok || a.Cmp(most) > 0 {
		return Amount{}, AmountBounds
	}
	unit := powersOfTen[maxScale-scale]
	if n.e18%unit != 0 {
		return Amount{}, AmountScale
	}
	if a, _ = a.plus(Amount{lo: n.e18 / unit}); a.Cmp(most) > 0 {
		return Amount{}, AmountBounds
	}
	return a, ""
}

// ratio returns the number as a ratio, [AmountBounds] when it is above 1.
func (n number) ratio() (Ratio, Reason) {
	a, reason := n.units(maxScale)
	if reason != "" {
		return Ratio{}, reason
	}
	if a.hi != 0 || a.lo > ratioOne {
		return Ratio{}, AmountBounds
	}
	return Ratio{a.lo}, ""
}

// appendText writes the number in plain notation without trailing zeros.
func (n number) appendText(dst []byte) []byte {
	dst = n.whole.appendDigits(dst)
	if n.e18 == 0 {
		return dst
	}
	// As a ratio it is written with a leading zero, which the whole replaces.
	fraction := Ratio{n.e18}.appendText(make([]byte, 0, 24))
	return append(dst, fraction[1:]...)
}

// appendText writes the amount with its decimal point, without trailing zeros.
func (a Amount) appendText(dst []byte, scale uint8) []byte {
	var digits [40]byte
	text := a.appendDigits(digits[:0])
	point := len(text) - int(scale)
	if point <= 0 {
		dst = append(dst, '0')
	} else {
		dst = append(dst, text[:point]...)
	}
	end := len(text)
	for end > max(point, 0) && text[end-1] == '0' {
		end--
	}
	if end <= point || end == 0 {
		return dst
	}
	dst = append(dst, '.')
	for ; point < 0; point++ {
		dst = append(dst, '0')
	}
	return append(dst, text[point:end]...)
}

// appendDigits writes the number of smallest units in base ten.
func (a Amount) appendDigits(dst []byte) []byte {
	var buf [40]byte
	i := len(buf)
	for a.hi != 0 {
		q, rest := bits.Div64(0, a.hi, 10)
		lo, digit := bits.Div64(rest, a.lo, 10)
		a = Amount{q, lo}
		i--
		buf[i] = byte('0' + digit)
	}
	for n := a.lo; ; n /= 10 {
		i--
		buf[i] = byte('0' + n%10)
		if n < 10 {
			break
		}
	}
	return append(dst, buf[i:]...)
}
