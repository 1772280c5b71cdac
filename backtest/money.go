package backtest

import (
	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Flow is what a party paid in and got, in whole units of the asset.
type Flow struct {
	PaidIn decimal.Decimal `json:"paidIn"`
	Got    decimal.Decimal `json:"got"`
	// Net is Got less PaidIn.
	Net decimal.Decimal `json:"net"`
}

func (f *Flow) add(g Flow) {
	f.PaidIn, f.Got, f.Net = f.PaidIn.Add(g.PaidIn), f.Got.Add(g.Got), f.Net.Add(g.Net)
}

// partiesOf names a lifecycle's parties, in the order in which decisions number
// them.
func partiesOf(l *escrow.Lifecycle) (names []string) {
	for _, a := range l.AccountKinds()[:len(l.Spec().Parties)] {
		names = append(names, a.Kind)
	}
	return names
}

// purse is what each of the parties paid in and got.
type purse []Flow

func newPurse(l *escrow.Lifecycle) purse { return make(purse, len(l.Spec().Parties)) }

// enter enters the movements of a decision, each for both of its ends. Accounts in
// custody are nobody's.
func (p purse) enter(d *escrow.Decision) {
	asset := d.Contract.Asset()
	for i := range d.NumMovements() {
		from, to, units := d.Transfer(i)
		amount := asset.Decimal(units)
		if from < len(p) {
			p[from].add(Flow{PaidIn: amount, Net: amount.Neg()})
		}
		if to < len(p) {
			p[to].add(Flow{Got: amount, Net: amount})
		}
	}
}

// held returns what a contract holds.
func held(c *escrow.Contract) (sum decimal.Decimal) {
	for _, h := range c.Custody() {
		sum = sum.Add(h.Asset.Decimal(h.Amount))
	}
	return sum
}
