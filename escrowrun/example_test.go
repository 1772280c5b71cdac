package escrowrun_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/opencontract"
)

// temporary returns a runner over files that are deleted by the function that it returns,
// and its rail.
func temporary(clock escrow.Clock) (*escrowrun.Runner, *sandbox.Rail, func()) {
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
	own, _, err := escrowsql.Connect(filepath.Join(dir, "rail.db"))
	if err != nil {
		log.Fatal(err)
	}
	rail, err := sandbox.Open(context.Background(), own, clock)
	if err != nil {
		log.Fatal(err)
	}
	return &escrowrun.Runner{Store: store, Rail: rail, Clock: clock, Wall: clock}, rail, func() {
		_ = db.Close()
		_ = own.Close()
		_ = os.RemoveAll(dir)
	}
}

// told prints who has paid and got what.
func told(rail *sandbox.Rail) {
	balances, err := rail.Balances(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range balances {
		if b.Account != "" && b.Units.Sign() != 0 {
			fmt.Println(b.Account, b.Units, "smallest units of", b.Asset.Code)
		}
	}
}

// A contract is founded, its worker withdraws in time, and the money moves.
func ExampleRunner_Do() {
	ctx := context.Background()
	runner, rail, done := temporary(escrow.At(monday))
	defer done()

	_, err := runner.Found(ctx, task("c1", "0xWorker"), opencontract.Create{}.Command(), client, "order-1")
	fmt.Println(err)
	_, err = runner.Do(ctx, "c1", opencontract.Accept{}.Command(), worker, "accept-1")
	fmt.Println(err)
	answer, err := runner.Do(ctx, "c1", opencontract.Withdraw{}.Command(), worker, "withdraw-1")
	fmt.Println(answer.Status, answer.Decision.To, err)
	again, err := runner.Do(ctx, "c1", opencontract.Withdraw{}.Command(), worker, "withdraw-1")
	fmt.Println(again.Replayed, string(again.Body) == string(answer.Body), err)

	if _, err := runner.Work(ctx); err != nil { // Run does it all the time
		log.Fatal(err)
	}
	told(rail)
	// Output:
	// <nil>
	// <nil>
	// 200 cancelled-withdrawn <nil>
	// true true <nil>
	// 0xClient 750000 smallest units of USDC
	// 0xWorker -750000 smallest units of USDC
}

// What a request would cost is told before anything is stored.
func ExampleRunner_Quote() {
	runner, _, done := temporary(escrow.At(monday))
	defer done()
	holds, err := runner.Quote(context.Background(), escrowrun.Request{Draft: task("c1"), Command: opencontract.Create{}.Command(), Actor: client})
	for _, h := range holds {
		fmt.Println(h.Payer, "pays", h.Asset.Text(h.Amount), h.Asset.Code)
	}
	fmt.Println(err)
	// Output:
	// 0xClient pays 50 USDC
	// <nil>
}

// What falls due is done by itself, as if it had been done on time.
func ExampleRunner_Work() {
	ctx := context.Background()
	late := &clock{now: monday}
	runner, _, done := temporary(late)
	defer done()
	_, err := runner.Found(ctx, task("c1", "0xWorker"), opencontract.Create{}.Command(), client, "order-1")
	fmt.Println(err)
	late.set(day(30))
	_, err = runner.Work(ctx)
	fmt.Println(err)
	history, _ := runner.Store.History(ctx, "c1", 1, 1)
	for _, e := range history {
		fmt.Println(e.Rule, e.To, e.At.Format(time.DateOnly), "by", e.Actor.Kind)
	}
	// Output:
	// <nil>
	// <nil>
	// OC-6 cancelled-unmatched 2026-06-02 by system
}

// What store and rail do not agree on is told; what is the store's to mend is mended.
func ExampleRunner_Reconcile() {
	ctx := context.Background()
	runner, rail, done := temporary(escrow.At(monday))
	defer done()
	_, err := runner.Found(ctx, task("c1"), opencontract.Create{}.Command(), client, "order-1")
	fmt.Println(err)
	stray := escrowrun.Hold{ID: "hold-by-hand", Contract: "c9", Payer: "0xClient", Asset: escrow.Asset{Code: "USDC", Scale: 6}, Amount: escrow.Units(7)}
	if _, err := rail.Hold(ctx, stray); err != nil {
		log.Fatal(err)
	}
	n, err := runner.Reconcile(ctx, time.Time{}, func(d escrowrun.Difference) {
		if d.ID == stray.ID {
			fmt.Println(d)
		}
	})
	fmt.Println(n, err)
	// Output:
	// <nil>
	// c9 revision 0: hold-by-hand is on the rail and not in the store
	// 1 <nil>
}
