package escrow

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exactly returns the amount of a big integer, which must fit 128 bits.
func exactly(n *big.Int) Amount {
	low := new(big.Int).And(n, new(big.Int).SetUint64(^uint64(0)))
	return Amount{hi: new(big.Int).Rsh(n, 64).Uint64(), lo: low.Uint64()}
}

// power returns base^exponent + delta.
func power(base, exponent, delta int64) *big.Int {
	n := new(big.Int).Exp(big.NewInt(base), big.NewInt(exponent), nil)
	return n.Add(n, big.NewInt(delta))
}

// TestAmountText writes units, decimals and text without trailing zeros.
func TestAmountText(t *testing.T) {
	for _, n := range edges() {
		assert.Equal(t, n.String(), exactly(n).String())
	}
	assert.True(t, Amount{}.IsZero())
	assert.False(t, Units(1).IsZero())
	assert.Equal(t, power(10, 36, 0), maxUnits.BigInt(), "the largest amount that enters is 10^36")
	usdc := Asset{"USDC", 6}
	for units, want := range map[uint64]string{0: "0", 1: "0.000001", 2_500_000: "2.5", 47_500_000: "47.5", 50_000_000: "50", 1_000_001: "1.000001", 100: "0.0001"} {
		assert.Equal(t, want, usdc.Text(Units(units)))
		assert.Equal(t, want, usdc.Decimal(Units(units)).String())
	}
	assert.Equal(t, "0.1", Asset{"X", 18}.Text(Units(ratioOne/10)))
	assert.Equal(t, "7", Asset{"X", 0}.Text(Units(7)))
	assert.Equal(t, "1000000000000000000000000000000000000", Asset{"X", 0}.Text(maxUnits))
	assert.Equal(t, "0", Asset{"X", 0}.Text(Amount{}))
}

// TestAssetRefuses goes through what an amount is refused for.
func TestAssetRefuses(t *testing.T) {
	usdc := Asset{"USDC", 6}
	for text, reason := range map[string]Reason{
		"": Malformed, "-1": Malformed, "1.2.3": Malformed, "1e3": Malformed,
		"0.0000001": AmountScale, "1.0000005": AmountScale,
		"1000000000000000000000000000000": "", "1000000000000000000000000000000.000001": AmountBounds,
		"1000000000000000000000000000001": AmountBounds, "99999999999999999999999999999999999999": AmountBounds,
	} {
		_, err := usdc.Parse(text)
		checkReason(t, reason, err, text)
	}
	for text, d := range map[string]decimal.Decimal{
		"-1": decimal.NewFromInt(-1), "1e-7": decimal.New(1, -7), "1e31": decimal.New(1, 31),
	} {
		_, err := usdc.Amount(d)
		checkReason(t, map[string]Reason{"-1": Malformed, "1e-7": AmountScale, "1e31": AmountBounds}[text], err, text)
	}
	_, err := usdc.Parse("x")
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Contains(t, e.Message(), "USDC")
	assert.NotEmpty(t, e.Remedy())
}

// checkReason checks that err is the reason, or nil when it is empty.
func checkReason(t *testing.T, want Reason, err error, what string) {
	t.Helper()
	if want == "" {
		assert.NoError(t, err, what)
	} else {
		assert.ErrorIs(t, err, want, what)
	}
}

// TestTrailingZerosDoNotCount: 1.0000000 fits an asset of scale 6.
func TestTrailingZerosDoNotCount(t *testing.T) {
	usdc := Asset{"USDC", 6}
	for _, text := range []string{"1", "1.0", "1.0000000", "01", "0000001.00000000000000000000"} {
		a, err := usdc.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, Units(1_000_000), a, text)
		a, err = usdc.Amount(decimal.RequireFromString(text))
		require.NoError(t, err, text)
		assert.Equal(t, Units(1_000_000), a, text)
	}
}

// TestRatio reads and writes fractions from 0 to 1 with 18 places.
func TestRatio(t *testing.T) {
	for text, want := range map[string]string{"0": "0", "1": "1", "0.05": "0.05", "0.50": "0.5", "1.000": "1",
		"0.999999999999999999": "0.999999999999999999", "0.000000000000000001": "0.000000000000000001"} {
		r, err := ParseRatio(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, r.String())
		again, err := NewRatio(r.Decimal())
		require.NoError(t, err)
		assert.Equal(t, r, again)
		assert.Equal(t, ratioOne-r.e18, r.rest().e18)
	}
	for text, want := range map[string]Reason{"1.1": AmountBounds, "2": AmountBounds, "1.000000000000000001": AmountBounds,
		"0.0000000000000000001": AmountBounds, "100000000000000000000": AmountBounds, "-0.1": Malformed, "": Malformed, "half": Malformed} {
		_, err := ParseRatio(text)
		assert.ErrorIs(t, err, want, text)
	}
	_, err := NewRatio(decimal.NewFromInt(-1))
	assert.ErrorIs(t, err, Malformed)
	_, err = NewRatio(decimal.New(1, 1_000_000))
	assert.ErrorIs(t, err, AmountBounds)
}

// TestGlobalsChangeNothing flips every global of the decimal library and reads
// and writes the same bytes.
func TestGlobalsChangeNothing(t *testing.T) {
	before := moneyRoundTrip(t)
	quotes, places, zeros, scientific, decode := decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision,
		decimal.TrimTrailingZeros, decimal.UseScientificNotation, decimal.MaxDecodeExponent
	t.Cleanup(func() {
		decimal.MarshalJSONWithoutQuotes, decimal.DivisionPrecision, decimal.TrimTrailingZeros,
			decimal.UseScientificNotation, decimal.MaxDecodeExponent = quotes, places, zeros, scientific, decode
	})
	for _, flipped := range []bool{true, false} {
		decimal.MarshalJSONWithoutQuotes, decimal.TrimTrailingZeros, decimal.UseScientificNotation = flipped, !flipped, flipped
		decimal.DivisionPrecision, decimal.MaxDecodeExponent = 0, 1
		assert.Equal(t, before, moneyRoundTrip(t))
	}
}

// moneyRoundTrip drafts a contract, reads it and decides on it.
func moneyRoundTrip(t *testing.T) string {
	t.Helper()
	const draft = `{"id":"c1","buyer":"b","title":"t","price":50.120,"end":"2027-01-01T00:00:00Z","grace":"PT1H","rounds":1,"mode":"open","checks":["a"],
		"parts":[{"id":"p1","amount":"7.50"}],"policy":{"fee":"0.050","startFee":10.50,"payoutReview":{"minPayout":"100.00","quorum":1}}}`
	q, err := ParseRequest([]byte(`{"contract":`+draft+`,"command":{"action":"found"},"actor":{"id":"b"},"now":"2026-06-03T00:00:00Z"}`), testBook)
	require.NoError(t, err)
	d, err := q.Decide()
	require.NoError(t, err)
	amount, err := Asset{"USDC", 6}.Amount(decimal.New(150, -2))
	require.NoError(t, err)
	return string(AppendAnswer(nil, &d, nil)) + amount.String()
}

// FuzzAmount reads any text as an amount and compares with rationals: exactly
// what is plain, in bounds and fine enough is read, and written back as short
// as can be.
func FuzzAmount(f *testing.F) {
	for _, text := range []string{"0", "1", "47.5", "0.000001", "1e5", "-0", "+1", ".5", "5.", " 1", "1_000", "٣", "0.0000001",
		"1000000000000000000000000000000", strings.Repeat("9", 40)} {
		f.Add(text, uint8(6))
		f.Add(text, uint8(18))
		f.Add(text, uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, scale uint8) {
		s := Asset{"X", scale % (maxScale + 1)}
		a, err := s.Parse(text)
		if want := amountReasons(text, s.Scale); len(want) == 0 && err != nil || len(want) > 0 && !slices.ContainsFunc(want, func(r Reason) bool { return errors.Is(err, r) }) {
			t.Fatalf("%q at scale %d: %v, want %q", text, s.Scale, err, want)
		}
		if err != nil {
			return
		}
		exact, _ := new(big.Rat).SetString(text)
		units := new(big.Rat).Mul(exact, new(big.Rat).SetInt(power(10, int64(s.Scale), 0)))
		if units.Cmp(new(big.Rat).SetInt(a.BigInt())) != 0 {
			t.Fatalf("%q at scale %d is %s units", text, s.Scale, a)
		}
		if again, err := s.Parse(s.Text(a)); err != nil || again != a {
			t.Fatalf("%q is written as %q", text, s.Text(a))
		}
		if again, err := s.Amount(s.Decimal(a)); err != nil || again != a {
			t.Fatalf("%q does not survive as a decimal", text)
		}
	})
}

// amountReasons is what the documents say of a text: malformed, out of bounds, too
// fine, or both of these. Of a text that is too long only the start is read.
func amountReasons(text string, scale uint8) (reasons []Reason) {
	long := len(text) > 40
	if long {
		text = strings.TrimSuffix(text[:40], ".")
	}
	whole, fraction, dot := strings.Cut(text, ".")
	switch {
	case whole == "" || strings.Trim(whole+fraction, "0123456789") != "" || dot && fraction == "":
		return []Reason{Malformed}
	case long:
		return []Reason{AmountBounds}
	}
	exact, _ := new(big.Rat).SetString(text)
	exact.Mul(exact, new(big.Rat).SetInt(power(10, int64(scale), 0)))
	if exact.Cmp(new(big.Rat).SetInt(power(10, 36, 0))) > 0 {
		reasons = append(reasons, AmountBounds)
	}
	if !exact.IsInt() {
		reasons = append(reasons, AmountScale)
	}
	return reasons
}

// AmountOf is the inverse of BigInt, within what a pot may ever hold.
func TestAmountOf(t *testing.T) {
	most := maxTotal.BigInt()
	for _, units := range []*big.Int{new(big.Int), big.NewInt(1), new(big.Int).SetUint64(math.MaxUint64), new(big.Int).Lsh(big.NewInt(1), 64), most} {
		a, err := AmountOf(units)
		require.NoError(t, err)
		require.Zero(t, a.BigInt().Cmp(units))
	}
	for _, units := range []*big.Int{big.NewInt(-1), new(big.Int).Add(most, big.NewInt(1)), new(big.Int).Lsh(big.NewInt(1), 128)} {
		_, err := AmountOf(units)
		require.ErrorIs(t, err, AmountBounds)
	}
}
