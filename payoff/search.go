package payoff

import (
	"math/big"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
)

// grid is how a field's values are counted in whole steps.
type grid struct {
	read  func(string) *big.Int
	write func(*big.Int) string
	// rounds says that the steps are so fine that an answer may be rounded.
	rounds bool
}

// decimals is the grid of numbers with so many places.
func decimals(places int32) grid {
	return grid{
		read: func(text string) *big.Int {
			d, _ := decimal.NewFromString(text)
			return d.Shift(places).BigInt()
		},
		write:  func(n *big.Int) string { return decimal.NewFromBigInt(n, -places).String() },
		rounds: places == 18,
	}
}

// The grids besides those of an asset's amounts.
var (
	fine    = decimals(18)
	seconds = grid{
		read: func(text string) *big.Int {
			d, _ := escrow.ParseDuration(text)
			return big.NewInt(int64(d / time.Second))
		},
		write: func(n *big.Int) string { return escrow.FormatDuration(time.Duration(n.Int64()) * time.Second) },
	}
	// odd counts 1, 3, 5 and so on.
	odd = grid{
		read: func(text string) *big.Int {
			n, _ := strconv.ParseInt(text, 10, 64)
			return big.NewInt(n / 2)
		},
		write: func(n *big.Int) string { return strconv.FormatInt(2*n.Int64()+1, 10) },
	}
)

// tune is a field that may be changed, and the value up to which.
type tune struct{ field, toward string }

// gridOf returns the finest steps that a field has.
func (c Case) gridOf(field string) grid {
	switch f, _ := c.policyField(field); {
	case field == opencontract.BARecruitCount.Name:
		return odd
	case field == "price" || field == opentrain.InitiationFee.Name:
		return decimals(int32(c.Lifecycle.Spec().Asset.Scale))
	case c.windowOf(field) != nil:
		return seconds
	case f.Kind == escrow.DurationKind:
		return seconds
	}
	return fine
}

// search returns the value nearest to the case's own that clears, on the field's
// grid; of a ratio the shortest that is at most a hundredth farther away than
// that. It is false when not even the farthest value clears.
func search(c Case, t tune, clears func(Case) bool) (string, bool) {
	g := c.gridOf(t.field)
	try := func(value string) bool {
		changed, err := With(c, t.field, value)
		return err == nil && clears(changed)
	}
	if !try(t.toward) {
		return "", false
	}
	now := g.read(c.value(t.field))
	first := g.read(between(g, g.read(t.toward), now, try))
	if !g.rounds {
		return g.write(first), true
	}
	return g.write(shortened(now, first, func(n *big.Int) bool { return try(g.write(n)) })), true
}

// between returns, of the values on the way from a good one to a bad one, the
// last that is good, by halving.
func between(g grid, good, bad *big.Int, ok func(string) bool) string {
	if ok(g.write(bad)) {
		return g.write(bad)
	}
	good, bad = new(big.Int).Set(good), new(big.Int).Set(bad)
	for new(big.Int).Sub(good, bad).CmpAbs(big.NewInt(1)) > 0 {
		middle := new(big.Int).Add(good, bad)
		middle.Rsh(middle, 1)
		if ok(g.write(middle)) {
			good = middle
		} else {
			bad = middle
		}
	}
	return g.write(good)
}

// shortened rounds a value away from another to as few digits as leave it nearly
// as near; nothing is no rounded value, for it means something else.
func shortened(from, to *big.Int, ok func(*big.Int) bool) *big.Int {
	slack := new(big.Int).Sub(to, from)
	up := slack.Sign() > 0
	slack.Abs(slack).Quo(slack, big.NewInt(100))
	for unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil); unit.Cmp(big.NewInt(1)) > 0; unit.Quo(unit, big.NewInt(10)) {
		n := new(big.Int).Div(to, unit)
		n.Mul(n, unit)
		if up && n.Cmp(to) < 0 {
			n.Add(n, unit)
		}
		near := new(big.Int).Sub(n, to).CmpAbs(slack) <= 0
		if near && n.Sign() > 0 && ok(n) {
			return n
		}
	}
	return to
}
