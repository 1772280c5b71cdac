package escrowsql

import (
	"context"
	"database/sql"
)

// NumberEvents gives up to n decisions that have none yet their numbers as events, and
// returns how many. Numbers are given after the commit, by one at a time, so an event
// never appears behind a cursor that has passed its number. Decisions of one contract
// are numbered in their order.
func (s *Store) NumberEvents(ctx context.Context, n int) (numbered int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if s.dialect.exclusive != "" {
			if _, err := tx.ExecContext(ctx, s.dialect.exclusive); err != nil {
				return err
			}
		}
		fresh, err := query(ctx, tx, func(r row) (n int64, err error) { return n, r.Scan(&n) },
			`SELECT number FROM escrow_decisions WHERE event IS NULL ORDER BY number LIMIT $1`, n)
		if err != nil || len(fresh) == 0 {
			return err
		}
		var last int64
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(event), 0) FROM escrow_decisions WHERE event IS NOT NULL`).Scan(&last); err != nil {
			return err
		}
		for i, number := range fresh {
			if _, err := tx.ExecContext(ctx, `UPDATE escrow_decisions SET event = $1 WHERE number = $2`, last+1+int64(i), number); err != nil {
				return err
			}
		}
		numbered = len(fresh)
		return nil
	})
	return numbered, err
}

// Events returns up to n decisions whose numbers as events are greater than a cursor's,
// in their order. The cursor of the next call is the Event of the last.
func (s *Store) Events(ctx context.Context, after int64, n int) ([]Entry, error) {
	return s.entries(ctx, `WHERE d.event > $1 ORDER BY d.event LIMIT $2`, after, n)
}
