package escrowtest

import (
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// nth draws one of 0 to n-1, each as likely.
func nth(t *rapid.T, n int) int { return genNth[n].Draw(t, "choice") }

var genNth = func() (gens [129]*rapid.Generator[int]) {
	list := []int{}
	for n := range gens {
		if n > 0 {
			gens[n] = rapid.SampledFrom(list)
		}
		list = append(list, n)
	}
	return gens
}()

// drawn draws an element of a list.
func drawn[E any](t *rapid.T, list []E) E { return list[nth(t, len(list))] }

// Instants draws an instant at which the answers to a scene's questions may
// change, the nanosecond before it or the one after, never earlier than the
// scene: now, each deadline and expiry of the contract, and a time long after all
// of them.
func Instants(s Scene) *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		list := []time.Time{s.Now, laterBy(s.Now, 11*365*24*time.Hour)}
		for _, at := range s.Contract.Moments() {
			list = append(list, at)
		}
		return notBefore(s.Now, drawAround(t, list[nth(t, min(len(list), 128))]))
	})
}

// drawLater lets time pass: most often not at all.
func drawLater(t *rapid.T, s Scene) time.Time {
	switch nth(t, 20) {
	case 16, 17:
		return laterBy(s.Now, time.Nanosecond)
	case 18:
		if next, ok := escrow.NextDeadline(s.Contract); ok {
			return notBefore(s.Now, drawAround(t, next.At))
		}
	case 19:
		return Instants(s).Draw(t, "instant")
	}
	return s.Now
}

// drawAround returns an instant, the one before or the one after.
func drawAround(t *rapid.T, at time.Time) time.Time {
	return laterBy(at, time.Duration(nth(t, 3)-1))
}

func notBefore(earliest, at time.Time) time.Time {
	if at.Before(earliest) {
		return earliest
	}
	return at
}

// endOfTime is the last instant that RFC 3339 can write.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)

// laterBy adds, but not beyond the end of time.
func laterBy(at time.Time, d time.Duration) time.Time {
	if later := at.Add(d); !later.After(endOfTime) {
		return later
	}
	return endOfTime
}

// eras are when lives begin: now, and where clocks have edges.
var eras = []time.Time{
	time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 12, 0, 0, 1, time.UTC), time.Date(2028, 2, 28, 23, 59, 59, 999_999_999, time.UTC),
	time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
}

// lastEra is where deadlines meet the end of time; approvals, which take a while,
// have no room left there.
var lastEra = endOfTime.Add(-time.Hour)

// gaps are how far deadlines lie apart, windows how long votes and approvals take.
var (
	gaps    = []time.Duration{time.Second, time.Nanosecond, 2 * time.Nanosecond, time.Hour, time.Hour, 30 * 24 * time.Hour, 3 * 365 * 24 * time.Hour}
	windows = []time.Duration{24 * time.Hour, time.Second, 365 * 24 * time.Hour}
)

// usualRatios are the ones with the most edges, and the defaults.
var usualRatios = func() (list []escrow.Ratio) {
	for _, text := range []string{"0.05", "0", "1", "0.5", "0.3", "0.8", "0.000000000000000001", "0.999999999999999999", "0.333333333333333333", "0.666666666666666667"} {
		r, err := escrow.ParseRatio(text)
		if err != nil {
			panic(err)
		}
		list = append(list, r)
	}
	return list
}()

// Some of the usual ratios by name.
var ratioZero, ratioOne, ratioHalf, ratioNearlyOne, ratioThird = usualRatios[1], usualRatios[2], usualRatios[3], usualRatios[7], usualRatios[8]

// Ratios draws ratios from 0 to 1: those with edges more often, and any of the
// 10^18 + 1 there are.
func Ratios() *rapid.Generator[escrow.Ratio] { return genRatio }

var genRatio = rapid.OneOf(rapid.SampledFrom(usualRatios), rapid.SampledFrom(usualRatios),
	rapid.Map(rapid.Uint64Range(0, 1_000_000_000_000_000_000), func(n uint64) escrow.Ratio {
		r, err := escrow.NewRatio(decimal.NewFromBigInt(new(big.Int).SetUint64(n), -18))
		if err != nil {
			panic(err)
		}
		return r
	}))

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// mostUnits is the largest amount that may enter a contract.
var mostUnits = pow10(36)

// Amounts draws what a contract may be paid: 1 to 10^36 smallest units, written
// in whole units of the asset. One, a few, such that a half or a twentieth is a
// tie, around powers of ten, near the bound, and any.
func Amounts(asset escrow.Asset) *rapid.Generator[decimal.Decimal] {
	return rapid.Map(genUnits, func(units *big.Int) decimal.Decimal { return decimal.NewFromBigInt(units, -int32(asset.Scale)) })
}

func drawAmount(t *rapid.T, asset escrow.Asset) decimal.Decimal {
	return decimal.NewFromBigInt(genUnits.Draw(t, "amount"), -int32(asset.Scale))
}

var genUnits = rapid.OneOf(
	rapid.Map(rapid.Int64Range(1, 100), big.NewInt),
	rapid.Map(rapid.SampledFrom([]int64{1, 1, 2, 3}), big.NewInt),
	rapid.Map(rapid.Int64Range(0, 1_000_000), func(n int64) *big.Int { return big.NewInt(20*n + 10) }),
	rapid.Map(rapid.Int64Range(0, 1_000_000), func(n int64) *big.Int { return big.NewInt(2*n + 1) }),
	rapid.Map(rapid.Int64Range(0, 3*35), func(n int64) *big.Int {
		return new(big.Int).Add(pow10(1+int(n/3)), big.NewInt(n%3-1))
	}),
	rapid.Map(rapid.Int64Range(0, 100), func(n int64) *big.Int { return new(big.Int).Sub(mostUnits, big.NewInt(n)) }),
	rapid.Map(rapid.Uint64(), func(n uint64) *big.Int {
		x := new(big.Int).SetUint64(n | 1)
		return x.Add(x.Mod(x.Mul(x, x), mostUnits), big.NewInt(1))
	}))

// drawAsset draws what a contract is paid in.
func drawAsset(t *rapid.T) escrow.Asset {
	return escrow.Asset{Code: "USDC", Scale: drawn(t, []uint8{6, 2, 0, 18})}
}

func drawReview(t *rapid.T, asset escrow.Asset) escrow.PayoutReview {
	return escrow.PayoutReview{MinPayout: drawAmount(t, asset), Quorum: nth(t, 3)}
}
