package sandbox

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Balance is what an account has received less what it has paid, or what is in custody
// for a contract. One of Account and Contract is empty.
type Balance struct {
	Account, Contract string
	Asset             escrow.Asset
	// Units are smallest units of the asset: negative for who has paid more than
	// received, never for a contract.
	Units *big.Int
}

// Balances returns what every account has received less what it has paid, in the order
// of accounts, then what is in custody for every contract: captured less paid out and
// refunded. Only what was captured or paid counts. Those of one asset add up to nothing.
// It is no call: faults leave it alone, and what is on its way stays there.
func (r *Rail) Balances(ctx context.Context) ([]Balance, error) {
	all, err := transfers(r.db.QueryContext(ctx, `SELECT `+columns+` FROM sandbox_transfers WHERE state IN ('captured', 'paid')`))
	if err != nil {
		return nil, err
	}
	type key struct {
		account, contract string
		asset             escrow.Asset
	}
	sums := map[key]*big.Int{}
	add := func(k key, units *big.Int) {
		if sums[k] == nil {
			sums[k] = new(big.Int)
		}
		sums[k].Add(sums[k], units)
	}
	for _, t := range all {
		units := moved(t)
		add(key{contract: t.Contract, asset: t.Asset}, units)
		add(key{account: t.Account, asset: t.Asset}, new(big.Int).Neg(units))
	}
	out := make([]Balance, 0, len(sums))
	for k, units := range sums {
		out = append(out, Balance{k.account, k.contract, k.asset, units})
	}
	slices.SortFunc(out, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.Account, b.Account),
			cmp.Compare(a.Asset.Code, b.Asset.Code), cmp.Compare(a.Asset.Scale, b.Asset.Scale))
	})
	return out, nil
}

// Overdrawn returns the payments and refunds that were refused because they were more
// than had been captured for their contract or under their hold, oldest first. A test
// in which there is one has found money that would have been somebody else's. Like
// Balances, it is no call.
func (r *Rail) Overdrawn(ctx context.Context) ([]escrowrun.Transfer, error) {
	return transfers(r.db.QueryContext(ctx, `SELECT `+columns+` FROM sandbox_transfers WHERE reason = $1 ORDER BY made, id`, ReasonOverdrawn))
}

// moved is what a transfer has brought into custody, negative for what went out.
func moved(t escrowrun.Transfer) *big.Int {
	switch t.State {
	case escrowrun.Captured:
		return t.Amount.BigInt()
	case escrowrun.Paid:
		return new(big.Int).Neg(t.Amount.BigInt())
	}
	return new(big.Int)
}

// left is what the transfers of a contract leave in custody of an asset.
func left(of []escrowrun.Transfer, asset escrow.Asset) *big.Int {
	sum := new(big.Int)
	for _, t := range of {
		if t.Asset == asset {
			sum.Add(sum, moved(t))
		}
	}
	return sum
}

// leftOf is what refunds have left of a hold, nothing while it is not captured.
func leftOf(of []escrowrun.Transfer, hold string) *big.Int {
	sum := new(big.Int)
	for _, t := range of {
		if t.ID == hold || t.Of == hold && t.Kind == escrowrun.RefundKind {
			sum.Add(sum, moved(t))
		}
	}
	return sum
}
