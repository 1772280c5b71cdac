package escrow

import (
	"math/bits"
	"strings"

	"github.com/shopspring/decimal"
)

// number is a bounded decimal on its way in: coef / 10^places, without trailing
// zeros behind the point. Everything that enters as text or as a decimal passes
// through it, before any arithmetic.
type number struct {
	coef   Amount
	places uint8
}

// maxNumberText is how long a number in plain notation may be.
const maxNumberText = 40

// parseNumber reads plain notation. It answers [Malformed] for text that is no
// number, [AmountBounds] for one that is too long or too large for any asset
// and [AmountScale] for one that is too fine for any.
func parseNumber(text string) (number, Reason) {
	if len(text) > maxNumberText {
		if isPlain(text) {
			return number{}, AmountBounds
		}
		return number{}, Malformed
	}
	if !isPlain(text) {
		return number{}, Malformed
	}
	whole, fraction, _ := strings.Cut(text, ".")
	whole = strings.TrimLeft(whole, "0")
	fraction = strings.TrimRight(fraction, "0")
	switch {
	case len(whole) > 37:
		return number{}, AmountBounds
	case len(fraction) > maxScale:
		return number{}, AmountScale
	case len(whole)+len(fraction) > 38:
		return number{}, AmountBounds
	}
	var coef Amount
	for _, part := range [...]string{whole, fraction} {
		for i := range len(part) {
			coef, _ = coef.times(10)
			coef, _ = coef.plus(Amount{lo: uint64(part[i] - '0')})
		}
	}
	return number{coef, uint8(len(fraction))}, ""
}

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

// numberOf takes a decimal apart. The exponent is judged before the
// coefficient is touched: a decimal built in code may have any.
func numberOf(d decimal.Decimal) (number, Reason) {
	exp := d.Exponent()
	if exp > maxNumberText || exp < -maxNumberText {
		return number{}, AmountBounds
	}
	if d.Sign() < 0 {
		return number{}, Malformed
	}
	coef := d.Coefficient()
	if coef.IsUint64() && exp <= 0 && exp >= -maxScale {
		return smallNumber(coef.Uint64(), uint8(-exp)), ""
	}
	if coef.BitLen() > 128 {
		return number{}, AmountBounds
	}
	text := coef.String()
	if exp > 0 {
		text += strings.Repeat("0", int(exp))
	} else if point := len(text) + int(exp); exp < 0 {
		if point <= 0 {
			text = strings.Repeat("0", 1-point) + text
			point = 1
		}
		text = text[:point] + "." + text[point:]
	}
	if whole, fraction, dot := strings.Cut(text, "."); dot {
		text = whole + "." + strings.TrimRight(fraction, "0") + "0"
	}
	if len(strings.TrimLeft(text, "0")) > maxNumberText+2 {
		return number{}, AmountBounds
	}
	return parseNumber(strings.TrimSuffix(text, ".0"))
}

// smallNumber is the number coef / 10^places, without the detour over text.
func smallNumber(coef uint64, places uint8) number {
	for places > 0 && coef%10 == 0 {
		coef, places = coef/10, places-1
	}
	return number{Amount{lo: coef}, places}
}

// units returns the number in smallest units of the scale: [AmountBounds] when
// it is more than 10^36 of them, [AmountScale] when it is finer than one.
func (n number) units(scale uint8) (Amount, Reason) {
	whole := n.coef
	for range n.places {
		whole, _ = whole.part(1, 10)
	}
	if !fits(whole, scale) {
		return Amount{}, AmountBounds
	}
	if n.places > scale {
		return Amount{}, AmountScale
	}
	a := n.coef
	for range scale - n.places {
		a, _ = a.times(10)
	}
	if a.Cmp(maxUnits) > 0 {
		return Amount{}, AmountBounds
	}
	return a, ""
}

func fits(whole Amount, scale uint8) bool {
	ok := true
	for range scale {
		if whole, ok = whole.times(10); !ok {
			return false
		}
	}
	return whole.Cmp(maxUnits) <= 0
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

// decimal returns the number as a decimal.
func (n number) decimal() decimal.Decimal {
	return decimal.NewFromBigInt(n.coef.BigInt(), -int32(n.places))
}

// appendText writes the number in plain notation without trailing zeros.
func (n number) appendText(dst []byte) []byte { return n.coef.appendText(dst, n.places) }

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
