package sample

import (
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// mostUnits is the largest amount that may enter a contract.
var mostUnits = pow10(36)

// Units returns 1 to 10^36 smallest units: one, a few, such that a half or a
// twentieth is a tie, around powers of ten, near the bound, and any.
func Units(choose Choose) *big.Int {
	some := func(digits int) int64 {
		n := int64(0)
		for range digits {
			n = 100*n + int64(choose(100))
		}
		return n
	}
	switch choose(7) {
	case 0:
		return big.NewInt(1 + some(1))
	case 1:
		return big.NewInt([]int64{1, 1, 2, 3}[choose(4)])
	case 2:
		return big.NewInt(20*some(3) + 10)
	case 3:
		return big.NewInt(2*some(3) + 1)
	case 4:
		return new(big.Int).Add(pow10(1+choose(35)), big.NewInt(int64(choose(3)-1)))
	case 5:
		return new(big.Int).Sub(mostUnits, big.NewInt(some(1)))
	}
	x := new(big.Int).Mul(big.NewInt(some(9)|1), big.NewInt(some(9)|1))
	return x.Add(x.Mod(x, mostUnits), big.NewInt(1))
}

// Amount returns an amount of an asset, in whole units.
func Amount(choose Choose, asset escrow.Asset) decimal.Decimal {
	return decimal.NewFromBigInt(Units(choose), -int32(asset.Scale))
}

// usualRatios are the ones with the most edges.
var usualRatios = []string{"0.05", "0", "1", "0.5", "0.3", "0.8", "0.000000000000000001", "0.999999999999999999", "0.333333333333333333", "0.666666666666666667"}

// ratio returns a ratio within the bounds of a field: one of the usual ones, or any.
func ratio(choose Choose, f *escrow.Field) escrow.Ratio {
	for range 20 {
		text := usualRatios[choose(len(usualRatios))]
		if choose(3) == 2 {
			text = "0."
			for range 9 {
				text += strconv.Itoa(10 + choose(90))
			}
		}
		if r, err := escrow.ParseRatio(text); err == nil && within(f, r.Decimal(), func(s string) (decimal.Decimal, error) { return decimal.NewFromString(s) }) {
			return r
		}
	}
	r, _ := escrow.ParseRatio(f.Min)
	return r
}

// within reports whether a number lies within the bounds of a field, which are
// written in its own notation.
func within(f *escrow.Field, n decimal.Decimal, parse func(string) (decimal.Decimal, error)) bool {
	inside := func(bound string, holds func(decimal.Decimal) bool) bool {
		b, err := parse(bound)
		return bound == "" || err != nil || holds(b)
	}
	return inside(f.Min, n.GreaterThanOrEqual) && inside(f.Max, n.LessThanOrEqual) && inside(f.Below, n.LessThan)
}

// count returns a count within the bounds of a field: the least, the most, and few.
func count(choose Choose, f *escrow.Field) uint64 {
	least, most := bound(f.Min, 0), bound(f.Max, 1<<53-1)
	if f.Below != "" {
		most = min(most, bound(f.Below, most)-1)
	}
	list := []uint64{least, least + 1, least + 2, least + 4, most}
	if n, err := strconv.ParseUint(f.Default, 10, 64); err == nil {
		list = append([]uint64{n, n}, list...)
	}
	return min(max(list[choose(len(list))], least), most)
}

func bound(text string, otherwise uint64) uint64 {
	if n, err := strconv.ParseUint(text, 10, 64); err == nil {
		return n
	}
	return otherwise
}

// durations are how long windows are.
var durations = []time.Duration{24 * time.Hour, time.Second, 365 * 24 * time.Hour, time.Hour}

// duration returns a duration within the bounds of a field.
func duration(choose Choose, f *escrow.Field) time.Duration {
	d := durations[choose(len(durations))]
	if least, err := escrow.ParseDuration(f.Min); err == nil {
		d = max(d, least)
	}
	if most, err := escrow.ParseDuration(f.Max); err == nil {
		d = min(d, most)
	}
	return d
}

// gaps are how far instants lie apart.
var gaps = []time.Duration{time.Hour, time.Second, time.Nanosecond, 2 * time.Nanosecond, 24 * time.Hour, 30 * 24 * time.Hour, 3 * 365 * 24 * time.Hour}

// Later returns an instant after another, but not beyond the end of time.
func Later(at time.Time, d time.Duration) time.Time {
	if later := at.Add(d); !later.After(end) {
		return later
	}
	return end
}

var end = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)

// share returns ratios that add up to one.
func shares(choose Choose, n int) (list []escrow.Ratio) {
	left := int64(1000)
	for i := range n {
		part := left
		if i < n-1 {
			part = int64(choose(100)) * left / 100
		}
		r, _ := escrow.NewRatio(decimal.New(part, -3))
		list, left = append(list, r), left-part
	}
	return slices.Clip(list)
}
