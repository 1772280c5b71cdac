package escrowsql

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
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

// Tables makes tables of the embedder's own, or brings them up to date: the files
// "schema/*.sql", in the order of their names, each once, written for SQLite with the
// same words as the store's own. The name, such as "people", begins the names of the
// tables; the version is kept in one of them. A version that is published never changes.
func (s *Store) Tables(ctx context.Context, how Migrate, name string, files fs.FS) error {
	if name == own || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" || name == "" {
		return fmt.Errorf("tables named %q: a name is of small letters, and not %q", name, own)
	}
	steps, err := migrations(files)
	if err != nil {
		return err
	}
	return s.migrateTo(ctx, how, name, steps)
}

// own begins the names of the store's tables.
const own = "escrow"

func (s *Store) migrate(ctx context.Context, how Migrate) error {
	steps, err := migrations(schemas)
	if err != nil {
		return err
	}
	return s.migrateTo(ctx, how, own, steps)
}

// migrateTo brings the tables of a name to the version that the last of the steps makes.
func (s *Store) migrateTo(ctx context.Context, how Migrate, name string, steps []string) error {
	version, err := s.version(ctx, name)
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
		return s.apply(ctx, tx, name, steps)
	})
}

// version returns the version of the tables of a name, 0 when there are none. It makes the
// table that the version is kept in, which is all that is ever written outside of a
// migration.
func (s *Store) version(ctx context.Context, name string) (version int, err error) {
	make := `CREATE TABLE IF NOT EXISTS ` + name + `_schema (version INTEGER NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)`
	count := `SELECT COALESCE(MAX(version), 0) FROM ` + name + `_schema`
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

func (s *Store) apply(ctx context.Context, tx *sql.Tx, name string, steps []string) error {
	var version int // somebody else may have been faster
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM `+name+`_schema`).Scan(&version); err != nil {
		return err
	}
	for n := version; n < len(steps); n++ {
		if _, err := tx.ExecContext(ctx, s.dialect.words.Replace(steps[n])); err != nil {
			return fmt.Errorf("migration %d: %w", n+1, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO `+name+`_schema (version, applied_at) VALUES ($1, $2)`, n+1, stamp(time.Now())); err != nil {
			return err
		}
	}
	return nil
}
