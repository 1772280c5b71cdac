package escrowsql_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// temporary opens a store in a file that is deleted by the function that it returns.
func temporary() (*escrowsql.Store, func()) {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	db, dialect, err := escrowsql.Connect(filepath.Join(dir, "escrow.db"))
	if err != nil {
		log.Fatal(err)
	}
	store, err := escrowsql.Open(context.Background(), db, dialect, lifecycles.All())
	if err != nil {
		log.Fatal(err)
	}
	return store, func() {
		_ = db.Close()
		_ = os.RemoveAll(dir)
	}
}

// work is a draft of work that a client asks a worker for.
func work(id string) escrow.Contract {
	day := func(n time.Duration) time.Time { return noon.Add(n * 24 * time.Hour) }
	return opencontract.Terms{
		ID: id, Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}.Draft()
}

// decide has a contract decided on and committed.
func decide(store *escrowsql.Store, c escrow.Contract, command escrow.Command, actor string) escrow.Contract {
	d, err := escrow.Decide(c, command, escrow.Agent(actor), escrow.At(noon))
	if err == nil {
		err = store.Commit(context.Background(), &escrowsql.Commit{Before: c, Decision: d, Clock: noon})
	}
	if err != nil {
		log.Fatal(err)
	}
	return d.Contract
}

// A decision lands on the revision that it was made from, with rows of one's own, or not
// at all.
func ExampleStore_Commit() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	if _, err := store.DB().Exec(`CREATE TABLE my_orders (contract TEXT, total TEXT)`); err != nil {
		log.Fatal(err)
	}

	draft := work("c1")
	d, err := escrow.Decide(draft, opencontract.Create{}.Command(), escrow.Agent("0xClient"), escrow.At(noon))
	if err != nil {
		log.Fatal(err)
	}
	commit := &escrowsql.Commit{Before: draft, Decision: d, Clock: noon, Also: func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO my_orders VALUES ($1, $2)`, "c1", "50")
		return err
	}}
	fmt.Println(store.Commit(ctx, commit))

	again := *commit
	fmt.Println(errors.Is(store.Commit(ctx, &again), escrowsql.ErrStale))

	c, err := store.Find(ctx, "c1")
	fmt.Println(c.Status(), c.Revision(), err)
	var orders int
	_ = store.DB().QueryRow(`SELECT count(*) FROM my_orders`).Scan(&orders)
	fmt.Println("orders:", orders)
	// Output:
	// <nil>
	// true
	// created 1 <nil>
	// orders: 1
}

// A list is read page by page, newest first.
func ExampleStore_List() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	for _, id := range []string{"c1", "c2", "c3"} {
		decide(store, work(id), opencontract.Create{}.Command(), "0xClient")
	}
	q := escrowsql.Query{Account: "0xWorker", Limit: 2}
	for {
		page, err := store.List(ctx, q)
		if err != nil {
			log.Fatal(err)
		}
		for _, c := range page.Contracts {
			fmt.Print(c.ID, " ")
		}
		fmt.Println("| more:", page.Next != "")
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	// Output:
	// c3 c2 | more: true
	// c1 | more: false
}

// What was decided is told with who asked, the money that moved, and the chain.
func ExampleStore_History() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	c := decide(store, work("c1"), opencontract.Create{}.Command(), "0xClient")
	decide(store, c, opencontract.Accept{}.Command(), "0xWorker")

	history, err := store.History(ctx, "c1", 0, 100)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range history {
		fmt.Println(e.Revision, e.Actor.ID, e.Action, "->", e.To)
		for _, m := range e.Movements {
			fmt.Println("  ", m.Amount, m.Asset.Code, m.From, "->", m.To)
		}
	}
	// Output:
	// 1 0xClient create -> created
	//    50 USDC client:0xClient -> escrow
	// 2 0xWorker accept -> matched
	//    2.5 USDC worker:0xWorker -> stake
}

// Contracts that wait for the system are found by what the clock shows.
func ExampleStore_Due() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	decide(store, work("c1"), opencontract.Create{}.Command(), "0xClient")
	for _, now := range []time.Time{noon, noon.Add(24 * time.Hour)} {
		due, err := store.Due(ctx, now, 100)
		fmt.Println(due, err)
	}
	// Output:
	// [] <nil>
	// [c1] <nil>
}

// Events are numbered after the commit, so a cursor never passes one by.
func ExampleStore_Events() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	decide(store, work("c1"), opencontract.Create{}.Command(), "0xClient")
	decide(store, work("c2"), opencontract.Create{}.Command(), "0xClient")
	if _, err := store.NumberEvents(ctx, 100); err != nil { // the runner's timed work does it
		log.Fatal(err)
	}
	var cursor int64
	for {
		events, err := store.Events(ctx, cursor, 1)
		if err != nil || len(events) == 0 {
			break
		}
		for _, e := range events {
			fmt.Println(e.Event, e.ContractID, e.Action)
			cursor = e.Event
		}
	}
	// Output:
	// 1 c1 create
	// 2 c2 create
}

// A request is done once under its key.
func ExampleStore_BeginKey() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	key := escrowsql.Key{Account: "0xClient", Key: "order-17", Fingerprint: "a digest of what is asked"}
	answer, err := store.BeginKey(ctx, &key, noon, noon.Add(30*time.Second))
	fmt.Println(answer, err)

	second := escrowsql.Key{Account: "0xClient", Key: "order-17", Fingerprint: key.Fingerprint}
	_, err = store.BeginKey(ctx, &second, noon, noon.Add(30*time.Second))
	fmt.Println(err)

	_ = store.FinishKey(ctx, &escrowsql.KeyAnswer{Key: key, Answer: escrowsql.Answer{Status: 200, Body: []byte(`"done"`)}})
	answer, err = store.BeginKey(ctx, &second, noon, noon.Add(30*time.Second))
	fmt.Println(answer.Status, string(answer.Body), err)

	other := escrowsql.Key{Account: "0xClient", Key: "order-17", Fingerprint: "another"}
	_, err = store.BeginKey(ctx, &other, noon, noon.Add(30*time.Second))
	fmt.Println(err)
	// Output:
	// <nil> <nil>
	// the request under this idempotency key is still running
	// 200 "done" <nil>
	// the idempotency key belongs to another request
}

// An audit finds what does not follow from the rest of the store.
func ExampleStore_Audit() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	decide(store, work("c1"), opencontract.Create{}.Command(), "0xClient")
	tell := func(f escrowsql.Fault) { fmt.Println(f.ContractID, f.Revision, "is not sound") }
	audited, err := store.Audit(ctx, tell)
	fmt.Println(audited.Contracts, audited.Decisions, audited.Faults, err)

	_, _ = store.DB().Exec(`UPDATE escrow_movements SET amount = '5'`)
	audited, err = store.Audit(ctx, tell)
	fmt.Println(audited.Faults > 0, err)
	// Output:
	// 1 1 0 <nil>
	// c1 1 is not sound
	// true <nil>
}

// A backup of one database is restored into another.
func ExampleStore_Backup() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	decide(store, work("c1"), opencontract.Create{}.Command(), "0xClient")
	var file bytes.Buffer
	if _, err := store.Backup(ctx, &file); err != nil {
		log.Fatal(err)
	}

	other, gone := temporary()
	defer gone()
	if _, err := other.Restore(ctx, &file); err != nil {
		log.Fatal(err)
	}
	audited, err := other.Audit(ctx, func(f escrowsql.Fault) { fmt.Println(f) })
	fmt.Println(audited.Contracts, audited.Faults, err)
	// Output: 1 0 <nil>
}

// What people wrote can be forgotten when the contract has ended.
func ExampleStore_Erase() {
	ctx := context.Background()
	store, done := temporary()
	defer done()
	c := decide(store, work("c1"), opencontract.Create{}.Command(), "0xClient")
	fmt.Println(store.Erase(ctx, "c1"))
	decide(store, c, opencontract.Cancel{}.Command(), "0xClient")
	fmt.Println(store.Erase(ctx, "c1"))
	c, err := store.Find(ctx, "c1")
	fmt.Println(opencontract.TaskDescription.In(c.View()), err)
	// Output:
	// contract "c1": the contract has not ended
	// <nil>
	// [erased] <nil>
}

// A program may be told to leave the tables to whoever brings databases up to date.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	db, dialect, err := escrowsql.Connect(filepath.Join(dir, "escrow.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	_, err = escrowsql.Open(context.Background(), db, dialect, lifecycles.All(), escrowsql.Options{Migrate: escrowsql.MigrateCheck})
	fmt.Println(dialect, errors.Is(err, escrowsql.ErrOlderSchema))
	// Output: sqlite true
}
