// Package sqltest runs tests on real databases: SQLite in files, and a PostgreSQL of its
// own.
//
//	func TestMain(m *testing.M) { sqltest.Main(m) }
//
//	func TestStore(t *testing.T) {
//		sqltest.Each(t, func(t *testing.T, address string) { … escrowsql.Connect(address) … })
//	}
//
// PostgreSQL is the one at ESCROW_TEST_POSTGRES, else a cluster that is made for the run
// from the programs of the installed version. Without either such tests are skipped, or
// fail where ESCROW_TEST_REQUIRE is set, so that a machine that should have it cannot
// pass by leaving them out.
package sqltest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Main runs the tests of a package, and stops the cluster that they used.
func Main(m *testing.M) {
	code := m.Run()
	if cluster := shared.cluster; cluster != nil {
		cluster.Remove()
	}
	os.Exit(code)
}

// shared is the PostgreSQL that the tests of a package share.
var shared struct {
	once    sync.Once
	cluster *Cluster
	address string
	err     error
	schemas atomic.Int64
}

// Each runs a test on an empty database of each kind, as subtests "sqlite" and
// "postgres".
func Each(t *testing.T, test func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns the address of an empty database of SQLite.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "escrow.db") }

// Postgres returns the address of an empty schema of PostgreSQL, which is dropped when
// the test ends.
func Postgres(t testing.TB) string {
	shared.once.Do(func() {
		if shared.address = os.Getenv("ESCROW_TEST_POSTGRES"); shared.address != "" {
			return
		}
		if shared.cluster, shared.err = NewCluster(); shared.err == nil {
			shared.address = shared.cluster.Address()
		}
	})
	if shared.err != nil {
		Lacks(t, "PostgreSQL: "+shared.err.Error())
	}
	db, err := sql.Open("pgx", shared.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	name := fmt.Sprintf("t%d_%d", os.Getpid(), shared.schemas.Add(1))
	if _, err := db.Exec(`CREATE SCHEMA ` + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if db, err := sql.Open("pgx", shared.address); err == nil {
			_, _ = db.Exec(`DROP SCHEMA ` + name + ` CASCADE`)
			_ = db.Close()
		}
	})
	address, err := url.Parse(shared.address)
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	q.Set("search_path", name)
	address.RawQuery = q.Encode()
	return address.String()
}

// Lacks skips a test for what the machine lacks, or fails it where nothing may lack.
func Lacks(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("ESCROW_TEST_REQUIRE") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}
