package marketplace

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
)

// Balance is what an account holds, in smallest units of an asset. That of a party
// is what it was paid, less what it paid in: it may be negative.
type Balance struct {
	Account string   `json:"account"`
	Asset   string   `json:"asset"`
	Scale   uint8    `json:"scale"`
	Units   *big.Int `json:"units"`
}

// ledger holds the balances of all accounts. Every movement is booked on both of
// its sides, so that they add up to nothing.
type ledger map[account]*big.Int

// account is an account of one asset.
type account struct {
	name  string
	asset escrow.Asset
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

// book books a movement of a contract.
func (l ledger) book(contract string, m escrow.Movement) {
	l.add(account{accountOf(contract, m.From), m.Asset}, new(big.Int).Neg(m.Amount.BigInt()))
	l.add(account{accountOf(contract, m.To), m.Asset}, m.Amount.BigInt())
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
		list = append(list, Balance{a.name, a.asset.Code, a.asset.Scale, new(big.Int).Set(units)})
	}
	slices.SortFunc(list, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Asset, b.Asset), cmp.Compare(a.Scale, b.Scale))
	})
	return list
}
