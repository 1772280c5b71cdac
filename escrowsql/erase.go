package escrowsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// ErrNotEnded: texts of a contract that is under way are still needed.
var ErrNotEnded = errors.New("the contract has not ended")

// Erase forgets for good what people wrote into a contract that has ended: the texts of
// the members named, all of them when none is. What is read from then on has "[erased]"
// in their places; snapshots, chain and money stay as they are and can still be audited.
// Answers kept under idempotency keys, and messages of the outbox that were sent or given
// up, go with the texts.
func (s *Store) Erase(ctx context.Context, id string, names ...string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var ended bool
		var stored string
		err := tx.QueryRowContext(ctx, `SELECT ended, salts FROM escrow_contracts WHERE id = $1`+s.dialect.lock, id).Scan(&ended, &stored)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("contract %q: %w", id, ErrNotFound)
		case err != nil:
			return err
		case !ended:
			return fmt.Errorf("contract %q: %w", id, ErrNotEnded)
		}
		kept, err := readSalts(stored)
		if err != nil {
			return err
		}
		for member := range kept {
			if len(names) > 0 && !slices.Contains(names, member) {
				continue
			}
			delete(kept, member)
			if _, err := tx.ExecContext(ctx, `DELETE FROM escrow_texts WHERE contract_id = $1 AND member = $2`, id, member); err != nil {
				return err
			}
		}
		return forgetCopies(ctx, tx, id, kept.String())
	})
}

// forgetCopies drops the salts that are gone, and what else has copies of the texts.
func forgetCopies(ctx context.Context, tx *sql.Tx, id, salts string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE escrow_contracts SET salts = $2 WHERE id = $1`, id, salts); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM escrow_keys WHERE contract_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE escrow_outbox SET payload = '' WHERE contract_id = $1 AND state <> 'waiting'`, id)
	return err
}
