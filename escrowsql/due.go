package escrowsql

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
)

// dueAt returns from when on a contract waits for the system: for its next deadline to
// be applied, an approval's expiry to be recorded, or work that only the system can do.
// The zero time is never.
func (d *declared) dueAt(c escrow.Contract) time.Time {
	var at time.Time
	if next, ok := escrow.NextDeadline(c); ok {
		at = next.At
	}
	if c.IsTerminal() || !d.system {
		return at
	}
	instants := []time.Time{c.DecidedAt()}
	for _, m := range c.Moments() {
		if m.After(c.DecidedAt()) && (at.IsZero() || m.Before(at)) {
			instants = append(instants, m)
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	for _, t := range instants {
		if len(escrow.SystemWork(c, t)) > 0 {
			return t
		}
	}
	return at
}

// Due returns up to n contracts, by id, that wait for the system at an instant, those
// that have waited longest first, whoever has them leased.
func (s *Store) Due(ctx context.Context, now time.Time, n int) ([]string, error) {
	return query(ctx, s.db, text, `SELECT id FROM escrow_contracts WHERE due_at <> '' AND due_at <= $1 ORDER BY due_at LIMIT $2`, stamp(now), n)
}

// Lease returns up to n contracts that wait for the system at an instant of the
// contracts' clock and that nobody else has leased, and leases them: until an instant of
// the processes' own clock they are left to the caller. The next commit ends a lease. One
// that runs out only means that somebody else tries, too.
func (s *Store) Lease(ctx context.Context, now time.Time, n int, own, until time.Time) (ids []string, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		ids, err = query(ctx, tx, text, `SELECT id FROM escrow_contracts WHERE due_at <> '' AND due_at <= $1 AND lease_until <= $2
			ORDER BY due_at LIMIT $3`+s.dialect.skip, stamp(now), stamp(own), n)
		if err != nil || len(ids) == 0 {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE escrow_contracts SET lease_until = $1 WHERE id IN `+list(len(ids), 2), append([]any{stamp(until)}, anys(ids)...)...)
		return err
	})
	return ids, err
}
