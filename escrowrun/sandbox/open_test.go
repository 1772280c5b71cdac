package sandbox_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
)

func TestMain(m *testing.M) { sqltest.Main(m) }

var (
	euro  = escrow.Asset{Code: "EUR", Scale: 2}
	start = time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
)

// ticking is a clock that goes on by a nanosecond whenever it is asked.
type ticking struct {
	mutex sync.Mutex
	now   time.Time
}

func (c *ticking) Now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.now = c.now.Add(1)
	return c.now
}

// databases runs a test on each database: SQLite in a file, PostgreSQL in a schema of
// its own.
func databases(t *testing.T, test func(*testing.T, *sql.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, sqlite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, postgres(t)) })
}

func sqlite(t *testing.T) *sql.DB {
	file := "file:" + filepath.Join(t.TempDir(), "rail.db")
	return open(t, "sqlite", file+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_txlock=immediate")
}

func postgres(t *testing.T) *sql.DB { return open(t, "pgx", sqltest.Postgres(t)) }

func open(t *testing.T, driver, address string) *sql.DB {
	db, err := sql.Open(driver, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(10)
	return db
}

// rail opens a rail on a database.
func rail(t *testing.T, db *sql.DB, options ...sandbox.Option) *sandbox.Rail {
	r, err := sandbox.Open(t.Context(), db, &ticking{now: start}, options...)
	require.NoError(t, err)
	return r
}

// noSleep waits for nothing.
func noSleep(context.Context, time.Duration) {}
