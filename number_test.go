package escrow

import (
	"math"
	"math/big"
	"runtime"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
)

// TestParseNumber goes through the notation: plain digits, at most one dot
// between them, at most 40 characters.
func TestParseNumber(t *testing.T) {
	for text, want := range map[string]Reason{
		"0": "", "7": "", "50.25": "", "0.5": "", "00": "", "1.0": "", "00.00": "",
		strings.Repeat("0", 39) + "1":               "",
		"1" + strings.Repeat("0", 36):               "",
		"1." + strings.Repeat("0", 38):              "",
		"12345678901234567890.123456789012345678":   "",
		"1000000000000000000.100000000000000000000": AmountBounds,
		strings.Repeat("0", 40) + "1":               AmountBounds,
		"1" + strings.Repeat("0", 38):               "",
		"1" + strings.Repeat("0", 37) + "1":         AmountBounds,
		"340282366920938463463374607431768211456":   AmountBounds, // 2^128
		strings.Repeat("9", 39):                     AmountBounds,
		strings.Repeat("9", 40):                     AmountBounds,
		strings.Repeat("9", 41):                     AmountBounds,
		"0.0000000000000000001":                     AmountScale,
		"":                                          Malformed, ".": Malformed, ".5": Malformed, "5.": Malformed, "1.2.3": Malformed, "1..2": Malformed,
		"-0": Malformed, "-1": Malformed, "+1": Malformed, " 1": Malformed, "1 ": Malformed, "1\n": Malformed, "\t1": Malformed,
		"1_000": Malformed, "1,000": Malformed, "1e1000000000": Malformed, "1E2": Malformed, "0x10": Malformed, "1e-5": Malformed,
		"NaN": Malformed, "nan": Malformed, "Inf": Malformed, "-Infinity": Malformed, "null": Malformed,
		"٣": Malformed, "１２": Malformed, "1\x00": Malformed, "½": Malformed, "1٫5": Malformed,
		"-" + strings.Repeat("9", 50): Malformed, strings.Repeat("9", 50) + "e5": AmountBounds,
	} {
		_, reason := parseNumber(text)
		assert.Equal(t, want, reason, "%q", text)
	}
}

// TestParseNumberKeepsBoundsAndScaleApart: a number that no asset of a coarse
// scale can hold is too fine, not too large, however many digits it has.
func TestParseNumberKeepsBoundsAndScaleApart(t *testing.T) {
	for _, text := range []string{"100000000000000000001.000000000000000001", "100000000000000000000000000000000000.001"} {
		_, err := Asset{"USDC", 0}.Parse(text)
		assert.ErrorIs(t, err, AmountScale, "%s is in bounds and has too many places", text)
	}
}

// TestParseNumberIsExact reads whole units and the fraction, whatever zeros stand
// around them.
func TestParseNumberIsExact(t *testing.T) {
	for text, want := range map[string]number{
		"0":                                     {},
		"00.00":                                 {},
		"50.250":                                {whole: Units(50), e18: 250_000_000_000_000_000},
		"0.000000000000000001":                  {e18: 1},
		"1000000000000000000000000000000000000": {whole: maxUnits},
	} {
		n, reason := parseNumber(text)
		assert.Empty(t, reason)
		assert.Equal(t, want, n, text)
	}
}

// TestHostileTextCostsNothing: what is no amount is refused without memory, how
// long it may be.
func TestHostileTextCostsNothing(t *testing.T) {
	for _, text := range []string{"1e1000000000", strings.Repeat("9", 10<<20), strings.Repeat("9", 10<<20) + "e9", "0." + strings.Repeat("0", 10<<20)} {
		assert.Zero(t, testing.AllocsPerRun(1, func() {
			if _, reason := parseNumber(text); reason == "" {
				panic("read")
			}
		}), "%.20s", text)
	}
}

// TestDecimalsBuiltInCode: a decimal that no text could spell is refused before
// its digits are looked at.
func TestDecimalsBuiltInCode(t *testing.T) {
	huge := new(big.Int).Lsh(big.NewInt(1), 200)
	for name, c := range map[string]struct {
		d    decimal.Decimal
		want Reason
	}{
		"the zero value":          {decimal.Decimal{}, ""},
		"exponent 10^8":           {decimal.New(1, 1e8), AmountBounds},
		"exponent -10^8":          {decimal.New(1, -1e8), AmountBounds},
		"least exponent":          {decimal.New(1, -1<<31), AmountBounds},
		"greatest exponent":       {decimal.New(1, 1<<31-1), AmountBounds},
		"zero to the million":     {decimal.New(0, 1_000_000), AmountBounds},
		"zero, fine":              {decimal.New(0, -40), ""},
		"zero, coarse":            {decimal.New(0, 37), ""},
		"zero, coarsest":          {decimal.New(0, 40), ""},
		"10^38":                   {decimal.New(1, 38), ""},
		"10^38 as tenths":         {decimal.NewFromBigInt(power(10, 39, 0), -1), ""},
		"10^38 and a tenth":       {decimal.NewFromBigInt(power(10, 39, 1), -1), ""},
		"negative":                {decimal.NewFromInt(-1), Malformed},
		"negative and huge":       {decimal.New(-1, 1e8), AmountBounds},
		"127 bits":                {decimal.NewFromBigInt(power(2, 127, 0), 0), AmountBounds},
		"127 bits, coarse":        {decimal.NewFromBigInt(power(2, 127, 0), 10), AmountBounds},
		"10^40 as tenths":         {decimal.NewFromBigInt(power(10, 40, 0), -1), AmountBounds},
		"200 bits":                {decimal.NewFromBigInt(huge, 0), AmountBounds},
		"200 bits, fine":          {decimal.NewFromBigInt(huge, -40), AmountBounds},
		"10^36":                   {decimal.NewFromBigInt(power(10, 36, 0), 0), ""},
		"10^36 as 1e36":           {decimal.New(1, 36), ""},
		"10^39":                   {decimal.New(1, 39), AmountBounds},
		"1e40":                    {decimal.New(1, 40), AmountBounds},
		"1e-18":                   {decimal.New(1, -18), ""},
		"1e-19":                   {decimal.New(1, -19), AmountScale},
		"1e-40":                   {decimal.New(1, -40), AmountScale},
		"one with 38 zeros":       {decimal.NewFromBigInt(power(10, 38, 0), -38), ""},
		"ten with zeros":          {decimal.New(10000, -3), ""},
		"trailing zeros, too few": {decimal.New(1500, -2), ""},
	} {
		_, reason := numberOf(c.d)
		assert.Equal(t, c.want, reason, name)
	}
}

// TestNumberOfAgreesWithText: a decimal and its text are the same number.
func TestNumberOfAgreesWithText(t *testing.T) {
	for _, text := range []string{"0", "1", "50", "50.25", "0.05", "10.0", "0.50", "1000", "0.000000000000000001",
		"123456789012345678.123456789012345678", "1000000000000000000000000000000000000"} {
		want, _ := parseNumber(text)
		got, reason := numberOf(decimal.RequireFromString(text))
		assert.Empty(t, reason, text)
		assert.Equal(t, want, got, text)
	}
}

// must returns a number that has been read.
func must(n number, reason Reason) number {
	if reason != "" {
		panic(reason)
	}
	return n
}

// TestHugeCoefficientIsNotCopied: a decimal of ten million digits is refused in
// bounded memory.
func TestHugeCoefficientIsNotCopied(t *testing.T) {
	d := decimal.NewFromBigInt(new(big.Int).Lsh(big.NewInt(1), 33_000_000), -2)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, reason := numberOf(d)
	runtime.ReadMemStats(&after)
	assert.Equal(t, AmountBounds, reason)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<10), "bytes allocated")
}

// TestNumberUnits turns numbers into smallest units, up to 10^36.
func TestNumberUnits(t *testing.T) {
	for _, c := range []struct {
		text  string
		scale uint8
		units string
		want  Reason
	}{
		{"50.25", 6, "50250000", ""},
		{"0.000001", 6, "1", ""},
		{"0.0000001", 6, "0", AmountScale},
		{"1000000000000000000", 18, "1000000000000000000000000000000000000", ""},
		{"1000000000000000000.000000000000000001", 18, "0", AmountBounds},
		{"1000000000000000001", 18, "0", AmountBounds},
		{"10000000000000000000000000000000000000", 0, "0", AmountBounds},
		{"100000000000000000000000000", 18, "0", AmountBounds},
		{"0.1", 0, "0", AmountScale},
	} {
		n, reason := parseNumber(c.text)
		var a Amount
		if reason == "" {
			a, reason = n.units(c.scale)
		}
		assert.Equal(t, c.want, reason, c.text)
		assert.Equal(t, c.units, a.String(), c.text)
	}
}

// TestNumberText writes a number as short as can be.
func TestNumberText(t *testing.T) {
	for text, want := range map[string]string{"0": "0", "0.0": "0", "10": "10", "10.50": "10.5", "0.05": "0.05", "007": "7"} {
		assert.Equal(t, want, string(must(parseNumber(text)).appendText(nil)))
	}
}

// TestUnitsThatWrapAround: a number whose units do not fit in 128 bits is out of
// bounds, also when what is left of them would be.
func TestUnitsThatWrapAround(t *testing.T) {
	_, reason := must(parseNumber("340282366920938463464")).units(18)
	assert.Equal(t, AmountBounds, reason)
}

// TestUnitsOf takes all of 128 bits, and no more.
func TestUnitsOf(t *testing.T) {
	got, ok := unitsOf(power(2, 128, -1))
	assert.True(t, ok)
	assert.Equal(t, Amount{math.MaxUint64, math.MaxUint64}, got)
	_, ok = unitsOf(power(2, 128, 0))
	assert.False(t, ok)
}

// TestParseNumberTakes38Digits before the dot, and no more.
func TestParseNumberTakes38Digits(t *testing.T) {
	nines := strings.Repeat("9", 38)
	n, reason := parseNumber(nines)
	assert.Empty(t, reason)
	assert.Equal(t, nines, n.whole.String())
	_, reason = parseNumber("1" + nines)
	assert.Equal(t, AmountBounds, reason)
}
