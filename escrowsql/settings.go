package escrowsql

import (
	"context"
	"database/sql"
	"errors"
)

// Setting returns a word of the application's that belongs to the database, and so is in
// its backups; empty when it was never set.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT value FROM escrow_settings WHERE name = $1`, name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, err
}

// Set sets a setting.
func (s *Store) Set(ctx context.Context, name, value string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO escrow_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}

// SetFirst sets a setting that is not set yet, and returns what it is: of several that
// set it at once, one does.
func (s *Store) SetFirst(ctx context.Context, name, value string) (string, error) {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO escrow_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value)
		return err
	})
	if err != nil {
		return "", err
	}
	return s.Setting(ctx, name)
}

// Empty reports whether the store has no contract.
func (s *Store) Empty(ctx context.Context) (empty bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM escrow_contracts)`).Scan(&empty)
	return empty, err
}
