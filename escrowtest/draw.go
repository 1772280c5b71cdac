package escrowtest

import (
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
	"github.com/escrow-go/escrow/internal/sample"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// Nth draws one of 0 to n-1, each as likely; n is at most 128.
func Nth(t *rapid.T, n int) int { return nth(t, n) }

// Drawn draws an element of a list of at most 128.
func Drawn[E any](t *rapid.T, list []E) E { return drawn(t, list) }

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

// laterBy adds, but not beyond the end of time.
func laterBy(at time.Time, d time.Duration) time.Time {
	if later := at.Add(d); !later.After(reading.EndOfTime) {
		return later
	}
	return reading.EndOfTime
}

// Eras are when lives begin: now, and where clocks have edges.
var Eras = []time.Time{
	time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 12, 0, 0, 1, time.UTC), time.Date(2028, 2, 28, 23, 59, 59, 999_999_999, time.UTC),
	time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
}

// startOfTime is the first instant that contracts know of.
var startOfTime = time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)

// gaps are how far a clock may run behind.
var gaps = []time.Duration{time.Nanosecond, time.Second, time.Hour, 30 * 24 * time.Hour}

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

// usualRatios are the ones with the most edges, and common defaults.
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

// Amounts draws what a contract may be paid: 1 to 10^36 smallest units, written
// in whole units of the asset. One, a few, such that a half or a twentieth is a
// tie, around powers of ten, near the bound, and any.
func Amounts(asset escrow.Asset) *rapid.Generator[decimal.Decimal] {
	return rapid.Custom(func(t *rapid.T) decimal.Decimal { return sample.Amount(choice(t), asset) })
}
