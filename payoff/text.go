package payoff

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// Text writes smallest units of an asset, which may be negative, in whole units
// without trailing zeros, as in "-2.5".
func Text(asset escrow.Asset, units *big.Int) string {
	a, err := escrow.AmountOf(new(big.Int).Abs(units))
	switch {
	case err != nil:
		return units.String() + " smallest units"
	case units.Sign() < 0:
		return "-" + asset.Text(a)
	}
	return asset.Text(a)
}

// rounded returns the whole number nearest to a fraction, halves away from zero.
func rounded(r *big.Rat) *big.Int {
	n, ok := new(big.Int).SetString(r.FloatString(0), 10)
	if !ok {
		return new(big.Int)
	}
	return n
}

// Spell writes how long a lock lasts, for people: "0", "3 d 4 h", "just under 6 d"
// when nanoseconds are missing, or "without limit".
func Spell(d time.Duration) string {
	if d == WithoutLimit {
		return "without limit"
	}
	whole := d.Round(time.Second)
	text := clockText(whole)
	switch {
	case d < whole:
		return "just under " + text
	case d > whole:
		return "just over " + text
	}
	return text
}

// clockText writes whole seconds, as in "3 d 4 h".
func clockText(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := d / unit.size; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
			d %= unit.size
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, " ")
}
