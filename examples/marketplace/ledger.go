package marketplace

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
)

// Booking is a movement as it is booked, in smallest units of its asset.
type Booking struct {
	ID    string       `json:"id"`
	From  string       `json:"from"`
	To    string       `json:"to"`
	Units *big.Int     `json:"units"`
	Asset escrow.Asset `json:"asset"`

	from, to string // the accounts of the ledger
}

// Balance is what an account holds, in smallest units of an asset. That of a party
// is what it was paid, less what it paid in: it may be negative.
type Balance struct {
	Account string   `json:"account"`
	Asset   string   `json:"asset"`
	Scale   uint8    `json:"scale"`
	Units   *big.Int `json:"units"`
}

// booking returns a movement of a contract as it is booked.
func (s *store) booking(contract string, m escrow.Movement) Booking {
	units := m.Amount.BigInt()
	if s.has(FloatRounding) {
		units = throughFloat(m)
	}
	return Booking{m.ID(), m.From.String(), m.To.String(), units, m.Asset, accountOf(contract, m.From), accountOf(contract, m.To)}
}

// accountOf names an account of the engine's in the ledger: a party has one for all
// its contracts, in whatever role; what is held for a contract is the contract's.
func accountOf(contract string, a escrow.Account) string {
	switch {
	case a.Custody:
		return contract + "/" + a.String()
	case a.ID != "":
		return a.ID
	}
	return a.String()
}

// ledger is the balances of all accounts. Every movement is on both of its sides, so
// that they add up to nothing.
type ledger map[account]*big.Int

// account is an account of one asset.
type account struct {
	name  string
	asset escrow.Asset
}

// book books a movement.
func (l ledger) book(b Booking) {
	l.add(account{b.from, b.Asset}, new(big.Int).Neg(b.Units))
	l.add(account{b.to, b.Asset}, b.Units)
}

func (l ledger) add(a account, units *big.Int) {
	if l[a] == nil {
		l[a] = new(big.Int)
	}
	l[a].Add(l[a], units)
}

// balances returns all accounts by name.
func (l ledger) balances() []Balance {
	list := make([]Balance, 0, len(l))
	for a, units := range l {
		list = append(list, Balance{a.name, a.asset.Code, a.asset.Scale, units})
	}
	slices.SortFunc(list, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Scale, b.Scale))
	})
	return list
}
