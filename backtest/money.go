package backtest

import (
	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
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

// parties are who pays and is paid; all backup agents are one.
var parties = [...]string{"client", "worker", "backup agents", "treasury", "platform"}

// partyOf returns the place of an account's owner among the parties, -1 for an
// account that holds money for a contract.
func partyOf(a escrow.Account) int {
	if a.Kind.Custody() || a.Kind < escrow.AccountClient {
		return -1
	}
	return int(a.Kind - escrow.AccountClient)
}

// purse is what each of the parties paid in and got.
type purse [len(parties)]Flow

// move enters a movement for both of its ends.
func (p *purse) move(m escrow.Movement) {
	amount := m.Decimal()
	if i := partyOf(m.From); i >= 0 {
		p[i].add(Flow{PaidIn: amount, Net: amount.Neg()})
	}
	if i := partyOf(m.To); i >= 0 {
		p[i].add(Flow{Got: amount, Net: amount})
	}
}

// held returns what a contract holds.
func held(c *escrow.Contract) (sum decimal.Decimal) {
	asset := c.Asset()
	for _, h := range c.Custody() {
		sum = sum.Add(asset.Decimal(h.Amount))
	}
	return sum
}
