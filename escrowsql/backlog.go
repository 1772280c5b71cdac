package escrowsql

import (
	"context"
	"fmt"
	"time"
)

// Backlog is what waits in a store: what operators watch.
type Backlog struct {
	// DueSince is when the contract that is due first became, or becomes, due for the
	// timed work, by the contracts' clock; the zero time when none will.
	DueSince time.Time
	// UnsentSince is when the oldest message that is still to be sent was made, the zero
	// time for none.
	UnsentSince time.Time
	// DeadLetters counts the messages that were given up.
	DeadLetters int
	// Shortfalls counts the holds that were decided upon and not captured in the end,
	// InReview the payments that wait for people, DeadPayments those out of custody that
	// were refused or tried in vain too often.
	Shortfalls, InReview, DeadPayments int
}

// Backlog returns what waits in the store.
func (s *Store) Backlog(ctx context.Context) (b Backlog, err error) {
	var due, unsent string
	err = s.db.QueryRowContext(ctx, `SELECT
		(SELECT COALESCE(MIN(due_at), '') FROM escrow_contracts WHERE due_at <> ''),
		(SELECT COALESCE(MIN(created_at), '') FROM escrow_outbox WHERE state = 'waiting'),
		(SELECT COUNT(*) FROM escrow_outbox WHERE state = 'dead'),
		(SELECT COUNT(*) FROM escrow_payments WHERE state = 'dead' AND kind = 'capture'),
		(SELECT COUNT(*) FROM escrow_payments WHERE state = 'review'),
		(SELECT COUNT(*) FROM escrow_payments WHERE state = 'dead' AND kind <> 'capture')`).
		Scan(&due, &unsent, &b.DeadLetters, &b.Shortfalls, &b.InReview, &b.DeadPayments)
	if err != nil {
		return b, err
	}
	if b.DueSince, err = instant(due); err == nil {
		b.UnsentSince, err = instant(unsent)
	}
	return b, err
}

// Ready reports, by an error, why the store cannot be worked with now: the database does
// not answer, or its tables are not those that this program knows.
func (s *Store) Ready(ctx context.Context) error {
	steps, err := migrations(schemas)
	if err != nil {
		return err
	}
	var version int
	if err := s.db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM escrow_schema`).Scan(&version); err != nil {
		return fmt.Errorf("the database cannot be used: %w", err)
	}
	switch {
	case version < len(steps):
		return fmt.Errorf("%w: version %d of %d", ErrOlderSchema, version, len(steps))
	case version > len(steps)+1:
		return fmt.Errorf("%w: version %d, and this program knows %d", ErrNewerSchema, version, len(steps))
	}
	return nil
}
