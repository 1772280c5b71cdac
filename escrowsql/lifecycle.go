package escrowsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/rulebook"
)

// ErrOtherTable: a lifecycle is not the one that the stored contracts were decided by.
var ErrOtherTable = errors.New("another rule table under the same name and version")

// declared is what the store reads out of a lifecycle's declaration, once.
type declared struct {
	personal members
	digest   string
	parties  []*escrow.Party
	// system says that the table leaves something to the system besides time.
	system bool
	// pinned says that the database has the digest.
	pinned atomic.Bool
}

func newDeclared(l *escrow.Lifecycle, personal func(*escrow.Lifecycle, *escrow.Field) bool) *declared {
	spec := l.Spec()
	return &declared{
		personal: personalMembers(l, personal),
		digest:   rulebook.Digest(l),
		parties:  spec.Parties,
		system:   slices.ContainsFunc(spec.Rules, func(r escrow.Rule) bool { return r.By == escrow.System }),
	}
}

// declaration returns what is declared by the lifecycle of a name and version.
func (s *Store) declaration(name string, version int) (*escrow.Lifecycle, *declared, error) {
	for _, l := range s.lifecycles {
		if l.Name() == name && l.Version() == version {
			return l, s.known[l], nil
		}
	}
	return nil, nil, fmt.Errorf("a stored contract is of lifecycle %s version %d, which was not passed to Open", name, version)
}

// sameTables compares the lifecycles with those that contracts were decided by.
func (s *Store) sameTables(ctx context.Context) error {
	for _, l := range s.lifecycles {
		switch err := s.sameTable(ctx, s.db, l); {
		case err == nil:
			s.known[l].pinned.Store(true)
		case !errors.Is(err, sql.ErrNoRows): // no contract is of it yet
			return err
		}
	}
	return nil
}

// sameTable compares a lifecycle with the one of its name and version in use.
func (s *Store) sameTable(ctx context.Context, db rowQueryer, l *escrow.Lifecycle) error {
	var used string
	err := db.QueryRowContext(ctx, `SELECT digest FROM escrow_lifecycles WHERE name = $1 AND version = $2`, l.Name(), l.Version()).Scan(&used)
	if err == nil && used != s.known[l].digest {
		return fmt.Errorf("%w: %s version %d has contracts that another table decided; give the new one version %d, and pass both",
			ErrOtherTable, l.Name(), l.Version(), l.Version()+1)
	}
	return err
}

// rowQueryer is a transaction or the database itself.
type rowQueryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// pin keeps which table a lifecycle is, with the first contract that is founded by it.
func (s *Store) pin(ctx context.Context, tx *sql.Tx, l *escrow.Lifecycle, now time.Time) error {
	own := s.known[l]
	if own.pinned.Load() {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_lifecycles (name, version, digest, first_used_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name, version) DO NOTHING`, l.Name(), l.Version(), own.digest, stamp(now)); err != nil {
		return err
	}
	return s.sameTable(ctx, tx, l)
}
