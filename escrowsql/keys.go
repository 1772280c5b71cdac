package escrowsql

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"
)

var (
	// ErrKeyReused: the key was used for another request.
	ErrKeyReused = errors.New("the idempotency key belongs to another request")
	// ErrKeyRunning: the first request under the key has not been answered yet.
	ErrKeyRunning = errors.New("the request under this idempotency key is still running")
	// ErrKeyLost: another process has taken the key over, for the lease ran out.
	ErrKeyLost = errors.New("the idempotency key is another process's by now")
)

// Key names one request of one account, for good.
type Key struct {
	Account, Key string
	// Fingerprint is a digest of what is asked: the same key with another is refused.
	Fingerprint string

	token string
}

// Answer is what was answered under a key.
type Answer struct {
	// Status is the application's, as of HTTP.
	Status int
	Body   []byte
	// ContractID is whose texts the answer may hold: they go with the contract's.
	ContractID string
}

// KeyAnswer is an answer under a key that BeginKey gave out.
type KeyAnswer struct {
	Key    Key
	Answer Answer
}

// BeginKey takes a key for a request, until an instant of the processes' own clock, or
// returns what was answered under it before. The answer is nil when the request is to be
// done now: by a [Commit] with the key, FinishKey, or DropKey when it came to nothing.
// ErrKeyReused and ErrKeyRunning refuse it.
func (s *Store) BeginKey(ctx context.Context, k *Key, now, until time.Time) (*Answer, error) {
	var found *Answer
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		found, err = s.beginKey(ctx, tx, k, now, until)
		return err
	})
	return found, err
}

func (s *Store) beginKey(ctx context.Context, tx *sql.Tx, k *Key, now, until time.Time) (*Answer, error) {
	k.token = rand.Text()
	err := changed(ctx, tx, ErrKeyRunning, `INSERT INTO escrow_keys (account, key, fingerprint, token, created_at, lease_until, contract_id, status, answer)
		VALUES ($1, $2, $3, $4, $5, $6, '', 0, '') ON CONFLICT (account, key) DO NOTHING`,
		k.Account, k.Key, k.Fingerprint, k.token, stamp(now), stamp(until))
	if !errors.Is(err, ErrKeyRunning) {
		return nil, err
	}
	var fingerprint, leased, body, contract string
	var status int
	if err := tx.QueryRowContext(ctx, `SELECT fingerprint, lease_until, status, answer, contract_id FROM escrow_keys WHERE account = $1 AND key = $2`+s.dialect.lock,
		k.Account, k.Key).Scan(&fingerprint, &leased, &status, &body, &contract); err != nil {
		return nil, err
	}
	switch {
	case fingerprint != k.Fingerprint:
		return nil, ErrKeyReused
	case status != 0:
		return &Answer{status, []byte(body), contract}, nil
	case leased > stamp(now):
		return nil, ErrKeyRunning
	}
	_, err = tx.ExecContext(ctx, `UPDATE escrow_keys SET token = $3, lease_until = $4 WHERE account = $1 AND key = $2`, k.Account, k.Key, k.token, stamp(until))
	return nil, err
}

// FinishKey keeps an answer that no commit goes with, such as a refusal.
func (s *Store) FinishKey(ctx context.Context, k *KeyAnswer) error {
	return s.write(ctx, func(tx *sql.Tx) error { return s.answer(ctx, tx, k) })
}

// answer keeps an answer under a key that is still the caller's.
func (s *Store) answer(ctx context.Context, tx *sql.Tx, k *KeyAnswer) error {
	return changed(ctx, tx, ErrKeyLost, `UPDATE escrow_keys SET status = $4, answer = $5, contract_id = $6
		WHERE account = $1 AND key = $2 AND token = $3 AND status = 0`,
		k.Key.Account, k.Key.Key, k.Key.token, k.Answer.Status, string(k.Answer.Body), k.Answer.ContractID)
}

// DropKey gives a key back, for a request that came to nothing and may be sent again.
func (s *Store) DropKey(ctx context.Context, k *Key) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM escrow_keys WHERE account = $1 AND key = $2 AND token = $3 AND status = 0`, k.Account, k.Key, k.token)
		return err
	})
}

// PurgeKeys forgets the keys that were first used before an instant.
func (s *Store) PurgeKeys(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM escrow_keys WHERE created_at < $1`, stamp(before))
		return err
	})
}

// OpenKey is a key whose request has not been answered yet.
type OpenKey struct {
	Account, Key string
	CreatedAt    time.Time
	// Until is when the request counts as given up, and may be sent again.
	Until time.Time
}

// OpenKeys returns up to n keys whose requests have not been answered, oldest first.
func (s *Store) OpenKeys(ctx context.Context, n int) ([]OpenKey, error) {
	return query(ctx, s.db, openKey, `SELECT account, key, created_at, lease_until FROM escrow_keys WHERE status = 0 ORDER BY created_at, account, key LIMIT $1`, n)
}

func openKey(r row) (k OpenKey, err error) {
	var created, until string
	if err = r.Scan(&k.Account, &k.Key, &created, &until); err != nil {
		return k, err
	}
	if k.CreatedAt, err = instant(created); err == nil {
		k.Until, err = instant(until)
	}
	return k, err
}
