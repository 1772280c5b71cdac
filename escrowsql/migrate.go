package escrowsql

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Migrate says what Open does with a database that is not of its own version.
type Migrate string

const (
	// MigrateAuto, also when empty, brings an older database up to date, one process at
	// a time. A database one version ahead is used as it is: migrations only add, so
	// that a program of the version before goes on working while others are replaced.
	MigrateAuto Migrate = "auto"
	// MigrateCheck changes nothing: an older database is [ErrOlderSchema].
	MigrateCheck Migrate = "check"
)

var (
	// ErrOlderSchema: the database has to be brought up to date.
	ErrOlderSchema = errors.New("the database is of an older version")
	// ErrNewerSchema: a program that is more than one version ahead has written it.
	ErrNewerSchema = errors.New("the database is of a newer version")
)

//go:embed schema/*.sql
var schemas embed.FS

// migrations returns the statements of every version, oldest first.
func migrations(files fs.FS) ([]string, error) {
	names, err := fs.Glob(files, "schema/*.sql") // in the order of their names
	texts := make([]string, len(names))
	for i, name := range names {
		var text []byte
		if text, err = fs.ReadFile(files, name); err != nil {
			return nil, err
		}
		texts[i] = string(text)
	}
	return texts, err
}

func (s *Store) migrate(ctx context.Context, how Migrate) error {
	steps, err := migrations(schemas)
	if err != nil {
		return err
	}
	return s.migrateTo(ctx, how, steps)
}

// migrateTo brings the database to the version that the last of the steps makes.
func (s *Store) migrateTo(ctx context.Context, how Migrate, steps []string) error {
	version, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case version > len(steps)+1:
		return fmt.Errorf("%w: version %d, and this program knows %d", ErrNewerSchema, version, len(steps))
	case version >= len(steps):
		return nil
	case how == MigrateCheck:
		return fmt.Errorf("%w: version %d of %d; open it once to bring it up to date", ErrOlderSchema, version, len(steps))
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		if s.dialect.exclusive != "" {
			if _, err := tx.ExecContext(ctx, s.dialect.exclusive); err != nil {
				return err
			}
		}
		return s.apply(ctx, tx, steps)
	})
}

// version returns the version of the database, 0 for an empty one. It makes the table
// that the version is kept in, which is all that is ever written outside of a migration.
func (s *Store) version(ctx context.Context) (version int, err error) {
	const make = `CREATE TABLE IF NOT EXISTS escrow_schema (version INTEGER NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)`
	const count = `SELECT COALESCE(MAX(version), 0) FROM escrow_schema`
	if err = s.db.QueryRowContext(ctx, count).Scan(&version); err == nil {
		return version, nil
	}
	if _, err = s.db.ExecContext(ctx, s.dialect.words.Replace(make)); err != nil {
		// Two that make it at once get in each other's way; it is there then.
		if again := s.db.QueryRowContext(ctx, count).Scan(&version); again == nil {
			return version, nil
		}
		return 0, fmt.Errorf("the database cannot be used: %w", err)
	}
	return 0, nil
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, steps []string) error {
	var version int // somebody else may have been faster
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM escrow_schema`).Scan(&version); err != nil {
		return err
	}
	for n := version; n < len(steps); n++ {
		if _, err := tx.ExecContext(ctx, s.dialect.words.Replace(steps[n])); err != nil {
			return fmt.Errorf("migration %d: %w", n+1, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_schema (version, applied_at) VALUES ($1, $2)`, n+1, stamp(time.Now())); err != nil {
			return err
		}
	}
	return nil
}
