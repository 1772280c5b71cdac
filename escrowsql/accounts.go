package escrowsql

import (
	"context"
	"database/sql"

	"github.com/escrow-go/escrow"
)

// accountsOf returns the accounts that are parties of a contract.
func (d *declared) accountsOf(c escrow.Contract) map[string]bool {
	all := map[string]bool{}
	v := c.View()
	for _, p := range d.parties {
		switch {
		case p.Item != nil:
			for i := range v.Len(p.Item) {
				all[v.At(p.Item, i).Key()] = true
			}
		case p.Account != nil:
			if account := c.Account(p); account != "" {
				all[account] = true
			}
		}
	}
	return all
}

// accounts keeps who a contract is listed for: its parties, and those that are no more
// are dropped.
func (s *Store) accounts(ctx context.Context, tx *sql.Tx, c *Commit, _ *revision) error {
	own := s.known[c.Decision.Contract.Lifecycle()]
	next, was := own.accountsOf(c.Decision.Contract), map[string]bool{}
	if !c.Before.IsDraft() {
		was = own.accountsOf(c.Before)
	}
	id, created := c.Decision.Contract.ID(), stamp(c.Decision.Contract.CreatedAt())
	for account := range next {
		if was[account] {
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_accounts (account, created_at, contract_id) VALUES ($1, $2, $3)`, account, created, id); err != nil {
			return err
		}
	}
	for account := range was {
		if next[account] {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM escrow_accounts WHERE account = $1 AND created_at = $2 AND contract_id = $3`, account, created, id); err != nil {
			return err
		}
	}
	return nil
}
