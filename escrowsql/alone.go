package escrowsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNotAlone: another process does the timed work of this database already.
var ErrNotAlone = errors.New("another process works on this database")

// Alone makes sure that no other process does timed work on a database that only one may
// work on, which is one of SQLite, until the function that it returns is called or the
// process ends, however it ends. ErrNotAlone when another does. On PostgreSQL any number
// may, and nothing is locked.
func (s *Store) Alone(ctx context.Context) (leave func(), err error) {
	if !s.dialect.oneWriter {
		return func() {}, nil
	}
	var file string
	if err := s.db.QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		return nil, err
	}
	if file == "" {
		return func() {}, nil // in memory: nobody else can see it
	}
	// A lock of SQLite's own, on a file beside: it goes with the process.
	db, err := sql.Open("sqlite", file+"-worker")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, `BEGIN EXCLUSIVE`); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("%w: %s", ErrNotAlone, file)
	}
	return func() { _ = db.Close() }, nil
}
