package runtest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/runtest"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract/play"
)

// A runner over a store and a rail is put under the harness.
func ExampleSystem() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, contracts, money := context.Background(), filepath.Join(dir, "escrow.db"), filepath.Join(dir, "rail.db")
	db, dialect, err := escrowsql.Connect(contracts)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	store, err := escrowsql.Open(ctx, db, dialect, lifecycles.All())
	if err != nil {
		log.Fatal(err)
	}
	own, _, err := escrowsql.Connect(money)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = own.Close() }()
	clock, wall := &runtest.Clock{}, &runtest.Clock{}
	wall.Set(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	rail, err := sandbox.Open(ctx, own, wall)
	if err != nil {
		log.Fatal(err)
	}

	system := &runtest.System{
		Runner: &escrowrun.Runner{Store: store, Rail: rail, Clock: clock, Wall: wall},
		Clock:  clock, Wall: wall, Rail: rail,
		Empty: func() error { return errors.Join(sqltest.Empty(contracts), sqltest.Empty(money)) },
	}
	report := escrowtest.Try(system, escrowtest.Playing(play.Play()), escrowtest.AppliesDeadlinesFirst(), escrowtest.HidesContracts(),
		escrowtest.AtLeast(5), escrowtest.AtMost(5))
	fmt.Println(report.Lives, "lives, failure:", report.Failure, "- not looked at:", report.Checks.Missing())
	// Output: 5 lives, failure: <nil> - not looked at: []
}
