package simulate

import (
	"math"
	"math/big"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/payoff"
	"github.com/shopspring/decimal"
)

// founded is when every contract is founded. The engine compares instants only
// with each other, so a contract that arrives later lives the same life later.
var founded = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// offer is what depends on the price alone: the draft, and what rational people
// make of it. It never changes.
type offer struct {
	price int64
	draft escrow.Contract
	// further are the commands that add the milestones behind the first, by number.
	further []escrow.Command
	// choices is nil until a rational worker or client has met the price.
	choices *choices
}

// choices are what rational people do at a price.
type choices struct {
	// plans are those of rational workers, by group.
	plans []plan
	// disputes say whether rational clients dispute what they find bad, and good,
	// by group.
	disputes [][2]bool
}

// plan is what a rational worker does: deliver when its cost is at most upTo,
// otherwise the alternative.
type plan struct {
	upTo      int64
	otherwise payoff.Act
}

// offers keeps the offers of the prices met last, for all goroutines: an offer
// takes longer to make than a contract to live, and prices come again. Who comes
// first makes it; which of two is kept does not matter, since they are equal.
type offers struct {
	model *model
	slots [slots]atomic.Pointer[offer]
}

const slots = 1 << 13

// at returns the offer of a price.
func (o *offers) at(price int64) *offer {
	slot := o.slot(price)
	if f := slot.Load(); f != nil && f.price == price {
		return f
	}
	f := &offer{price: price, draft: o.model.at(price).Draft("contract", founded), further: o.model.further(price)}
	slot.Store(f)
	return f
}

// further returns the commands that add milestones of a price.
func (m *model) further(price int64) (list []escrow.Command) {
	if m.Lifecycle != opentrain.Lifecycle {
		return nil
	}
	for number := range m.Terms.Milestones {
		list = append(list, opentrain.AddMilestone{Milestone: opentrain.MilestoneTerms{
			ID: milestoneID(number), Name: "milestone " + strconv.Itoa(number+1),
			Amount: decimal.NewNullDecimal(m.whole(price))}}.Command())
	}
	return list
}

// milestoneID returns the id of a milestone.
func milestoneID(number int) string { return "m" + strconv.Itoa(number+1) }

func (o *offers) slot(price int64) *atomic.Pointer[offer] {
	return &o.slots[uint64(price/o.model.PriceStep)%slots]
}

// rationally returns what rational people make of an offer.
func (o *offers) rationally(f *offer) (*choices, error) {
	if f.choices != nil {
		return f.choices, nil
	}
	alone := o.model.at(f.price)
	alone.Milestones = 1 // rational people look at one milestone after the other
	worker, client, err := payoff.Choices(alone)
	if err != nil {
		return nil, err
	}
	c := &choices{}
	for _, w := range o.model.Workers {
		c.plans = append(c.plans, planOf(worker, w.Expects))
	}
	for _, cl := range o.model.Clients {
		c.disputes = append(c.disputes, [2]bool{objects(client, cl.Trusts, false), objects(client, cl.Trusts, true)})
	}
	o.slot(f.price).Store(&offer{f.price, f.draft, f.further, c})
	return c, nil
}

// planOf returns what a worker does who expects to be accepted with a chance.
func planOf(w payoff.Worker, expects escrow.Ratio) plan {
	most := floor(w.Break(expects))
	return plan{upTo: most, otherwise: w.Choose(big.NewInt(most+1), expects)}
}

// floor returns the greatest whole number that is not above, within 64 bits.
func floor(r *big.Rat) int64 {
	n := new(big.Int).Div(r.Num(), r.Denom()) // Euclidean, and the denominator is positive
	if !n.IsInt64() {
		return math.MaxInt64 - 1
	}
	return n.Int64()
}

// objects reports whether a rational client disputes a delivery that it finds
// bad, or good: when that is worth more than approving.
func objects(c payoff.Client, trusts escrow.Ratio, good bool) bool {
	right := trusts.Decimal().Rat()
	wins := right
	if good {
		wins = new(big.Rat).Sub(big.NewRat(1, 1), right)
	}
	loses := new(big.Rat).Sub(big.NewRat(1, 1), wins)
	worth := wins.Mul(wins, new(big.Rat).SetInt(c.Won))
	worth.Add(worth, loses.Mul(loses, new(big.Rat).SetInt(c.Lost)))
	return worth.Cmp(new(big.Rat).SetInt(c.Approved)) > 0
}
