package escrowsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/escrow-go/escrow"
)

// What the store answers besides the database's own errors. All but ErrUnknown say that
// nothing has happened.
var (
	// ErrStale: the contract is no longer at the revision that was decided from, or was
	// founded meanwhile. Read and decide again.
	ErrStale = errors.New("the contract has changed since it was read")
	// ErrUnknown: the connection was lost while committing, so nobody knows whether the
	// commit has landed. [Store.Landed] tells.
	ErrUnknown = errors.New("whether the commit has landed is not known")
	// ErrNotFound: there is no such thing.
	ErrNotFound = errors.New("not found")
)

// Store keeps contracts in a database. It is safe for use by many goroutines, and on
// PostgreSQL by many processes.
type Store struct {
	db         *sql.DB
	dialect    *Dialect
	lifecycles []*escrow.Lifecycle
	known      map[*escrow.Lifecycle]*declared
	turn       chan struct{} // of writers, where only one can write
}

// Options are how a store is opened. The zero value is how most want it.
type Options struct {
	// Migrate says what to do with a database that is not of this version.
	Migrate Migrate
	// Personal tells which texts of a lifecycle people wrote about people: they are kept
	// apart and can be erased. Asked for every declared text and list of texts; nil is
	// all of them.
	Personal func(*escrow.Lifecycle, *escrow.Field) bool
}

// Open opens the store in a database, whose tables it makes or brings up to date first.
// The lifecycles are all that its contracts name. A database that a much newer program
// has written, or a lifecycle whose table is not the one that its contracts were decided
// by, is refused.
func Open(ctx context.Context, db *sql.DB, dialect *Dialect, lifecycles []*escrow.Lifecycle, options ...Options) (*Store, error) {
	var o Options
	if len(options) > 0 {
		o = options[0]
	}
	s := &Store{db: db, dialect: dialect, lifecycles: lifecycles, known: map[*escrow.Lifecycle]*declared{}, turn: make(chan struct{}, 1)}
	for _, l := range lifecycles {
		s.known[l] = newDeclared(l, o.Personal)
	}
	if err := s.migrate(ctx, o.Migrate); err != nil {
		return nil, err
	}
	if err := s.sameTables(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// DB returns the database, for the embedder's own tables.
func (s *Store) DB() *sql.DB { return s.db }

// Lifecycles returns the lifecycles that the store was opened with.
func (s *Store) Lifecycles() []*escrow.Lifecycle { return s.lifecycles }

// Write runs a function in a transaction on the embedder's own tables and commits what it
// wrote, or nothing when it fails. In SQLite it takes its turn among the store's own; a
// transaction that the embedder begins itself may find the database busy there.
func (s *Store) Write(ctx context.Context, f func(tx *sql.Tx) error) error { return s.write(ctx, f) }

// write runs a function in a transaction and commits what it wrote, or nothing when it
// fails.
func (s *Store) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	if s.dialect.oneWriter {
		select {
		case s.turn <- struct{}{}:
			defer func() { <-s.turn }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // what panics is not committed
	if s.dialect.begin != "" {
		if _, err := tx.ExecContext(ctx, s.dialect.begin); err != nil {
			return err
		}
	}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return nil
}

// changed runs a statement that must change something, else it is the error otherwise.
func changed(ctx context.Context, tx execer, otherwise error, query string, args ...any) error {
	result, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = otherwise
	}
	return err
}

// execer is a transaction, or the database itself for a single statement.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// query runs a query and reads every row of its answer.
func query[T any](ctx context.Context, db queryer, read func(row) (T, error), text string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// queryer is a transaction or the database itself.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// row is what a row is read from.
type row interface{ Scan(to ...any) error }

// text reads a row of one text.
func text(r row) (s string, err error) { return s, r.Scan(&s) }
