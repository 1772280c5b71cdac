package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"math/big"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Give makes money for an account, once for an id, as a faucet does. The same id for
// another account or amount is escrowrun.ErrOtherTransfer. It is no call: faults leave it
// alone, and Balances does not count it.
func (r *Rail) Give(ctx context.Context, id, account string, asset escrow.Asset, amount escrow.Amount) error {
	_, err := r.db.ExecContext(ctx, `INSERT INTO sandbox_gifts (id, account, asset, scale, amount) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		id, account, asset.Code, int(asset.Scale), amount.String())
	if err != nil {
		return err
	}
	same, err := texts(r.db.QueryContext(ctx, `SELECT id FROM sandbox_gifts WHERE id = $1 AND account = $2 AND asset = $3 AND scale = $4 AND amount = $5`,
		id, account, asset.Code, int(asset.Scale), amount.String()))
	if err == nil && len(same) == 0 {
		err = escrowrun.ErrOtherTransfer
	}
	return err
}

// Funds returns what an account can pay still: what it was given and has got, less what
// it has paid and what is held of it.
func (r *Rail) Funds(ctx context.Context, account string, asset escrow.Asset) (*big.Int, error) {
	return funds(ctx, r.db, account, asset)
}

func funds(ctx context.Context, q querier, account string, asset escrow.Asset) (*big.Int, error) {
	gifts, err := texts(q.QueryContext(ctx, `SELECT amount FROM sandbox_gifts WHERE account = $1 AND asset = $2 AND scale = $3`, account, asset.Code, int(asset.Scale)))
	if err != nil {
		return nil, err
	}
	sum := new(big.Int)
	for _, gift := range gifts {
		units, ok := new(big.Int).SetString(gift, 10)
		if !ok {
			return nil, errors.New("sandbox: stored gift " + gift)
		}
		sum.Add(sum, units)
	}
	all, err := transfers(q.QueryContext(ctx, `SELECT `+columns+` FROM sandbox_transfers
		WHERE account = $1 AND asset = $2 AND scale = $3 AND state IN ('held', 'needs_action', 'captured', 'paid')`, account, asset.Code, int(asset.Scale)))
	for _, t := range all {
		units := t.Amount.BigInt()
		if t.Kind == escrowrun.HoldKind {
			units.Neg(units)
		}
		sum.Add(sum, units)
	}
	return sum, err
}

// place makes a hold unless there is one. On a rail with funds the payer's holds are made
// one after the other, each of what is left.
func (r *Rail) place(ctx context.Context, t escrowrun.Transfer) (kept escrowrun.Transfer, err error) {
	if !r.funded || t.State == escrowrun.Refused {
		return keep(ctx, r.db, t)
	}
	err = inTurn(ctx, r.db, "payer "+t.Account, func(tx *sql.Tx) error {
		has, err := funds(ctx, tx, t.Account, t.Asset)
		if err != nil {
			return err
		}
		if has.Cmp(t.Amount.BigInt()) < 0 {
			t.State, t.Reason, t.Challenge = escrowrun.Refused, ReasonFunds, nil
		}
		kept, err = keep(ctx, tx, t)
		return err
	})
	return kept, err
}
