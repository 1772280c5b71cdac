package escrowsql

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Message is what is to be told to somebody outside, at least once. Its id is the same
// whenever it is sent, so that a receiver can tell.
type Message struct {
	ID, Topic  string
	ContractID string
	Payload    string
	// Attempts is how often it was tried before, Problem why it did not arrive last.
	Attempts int
	Problem  string
}

const (
	// outboxAttempts is how often a message is tried before it is put aside.
	outboxAttempts = 12
	// The wait after the first failure; it doubles up to the longest, so that twelve
	// attempts take about eleven hours.
	firstWait, longestWait = 10 * time.Second, 3 * time.Hour
)

// backoff returns how long to wait after a number of failures.
func backoff(attempts int) time.Duration {
	wait := firstWait
	for range attempts - 1 {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}

// Enqueue puts messages into the outbox within a transaction of the caller's. One whose
// id is known is there already.
func (s *Store) Enqueue(ctx context.Context, tx *sql.Tx, messages []Message, now time.Time) error {
	for _, m := range messages {
		if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_outbox (id, topic, contract_id, payload, state, attempts, created_at, next_at, problem)
			VALUES ($1, $2, $3, $4, 'waiting', 0, $5, '', '') ON CONFLICT (id) DO NOTHING`, m.ID, m.Topic, m.ContractID, m.Payload, stamp(now)); err != nil {
			return err
		}
	}
	return nil
}

// TakeMessages returns up to n messages of a topic that are to be sent now, and leaves
// them to the caller until an instant: Sent or Unsent tells what became of each.
func (s *Store) TakeMessages(ctx context.Context, topic string, n int, now, until time.Time) (messages []Message, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		messages, err = query(ctx, tx, message, `SELECT id, topic, contract_id, payload, attempts, problem FROM escrow_outbox
			WHERE state = 'waiting' AND topic = $1 AND next_at <= $2 ORDER BY next_at LIMIT $3`+s.dialect.skip, topic, stamp(now), n)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if _, err := tx.ExecContext(ctx, `UPDATE escrow_outbox SET next_at = $2 WHERE id = $1`, m.ID, stamp(until)); err != nil {
				return err
			}
		}
		return nil
	})
	return messages, err
}

func message(r row) (m Message, err error) {
	return m, r.Scan(&m.ID, &m.Topic, &m.ContractID, &m.Payload, &m.Attempts, &m.Problem)
}

// Sent records that a message has arrived.
func (s *Store) Sent(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE escrow_outbox SET state = 'sent', problem = '' WHERE id = $1`, id)
		return err
	})
}

// Unsent records why a message has not arrived. It is tried again after a while that
// doubles each time; after twelve attempts it is a dead letter.
func (s *Store) Unsent(ctx context.Context, m Message, why string, now time.Time) error {
	state := "waiting"
	if m.Attempts+1 >= outboxAttempts {
		state = "dead"
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE escrow_outbox SET state = $2, attempts = $3, next_at = $4, problem = $5 WHERE id = $1 AND state = 'waiting'`,
			m.ID, state, m.Attempts+1, stamp(now.Add(backoff(m.Attempts+1))), why)
		return err
	})
}

// DeadLetters returns the messages of a topic, of all when it is empty, that were given up, up
// to n, in the order of their ids.
func (s *Store) DeadLetters(ctx context.Context, topic string, n int) ([]Message, error) {
	return query(ctx, s.db, message, `SELECT id, topic, contract_id, payload, attempts, problem FROM escrow_outbox WHERE state = 'dead' AND ($1 = '' OR topic = $1) ORDER BY id LIMIT $2`, topic, n)
}

// Resend has a dead letter tried again, from the beginning.
func (s *Store) Resend(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		return changed(ctx, tx, fmt.Errorf("dead letter %q: %w", id, ErrNotFound),
			`UPDATE escrow_outbox SET state = 'waiting', attempts = 0, next_at = '' WHERE id = $1 AND state = 'dead'`, id)
	})
}
