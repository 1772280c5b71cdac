package sandbox_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"time"

	_ "modernc.org/sqlite"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

func Example() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:example?mode=memory&cache=shared&_pragma=busy_timeout(10000)")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rail, err := sandbox.Open(ctx, db, escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)))
	if err != nil {
		log.Fatal(err)
	}

	eur := escrow.Asset{Code: "EUR", Scale: 2}
	show := func(t escrowrun.Transfer, err error) { fmt.Println(t.ID, t.State, eur.Text(t.Amount), err) }
	hold := escrowrun.Hold{ID: "sale-1-hold", Contract: "sale-1", Payer: "acct_b", Asset: eur, Amount: escrow.Units(4990)}
	show(rail.Hold(ctx, hold))
	show(rail.Hold(ctx, hold)) // the same again
	show(rail.Capture(ctx, hold.ID))
	show(rail.Pay(ctx, escrowrun.Payment{ID: "sale-1-payout", Contract: "sale-1", To: "acct_s", Asset: eur, Amount: escrow.Units(4840)}))

	balances, err := rail.Balances(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, b := range balances {
		fmt.Printf("%s%s %s\n", b.Account, b.Contract, b.Units)
	}
	// Output:
	// sale-1-hold held 49.9 <nil>
	// sale-1-hold held 49.9 <nil>
	// sale-1-hold captured 49.9 <nil>
	// sale-1-payout paid 48.4 <nil>
	// acct_b -4990
	// acct_s 4840
	// sale-1 150
}

func ExampleWithFaults() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:faults?mode=memory&cache=shared&_pragma=busy_timeout(10000)")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	lost := func(c sandbox.Call) sandbox.Fault {
		if c.Operation == sandbox.HoldCall && c.Count == 1 {
			return sandbox.Fault{Kind: sandbox.AnswerLost}
		}
		return sandbox.Fault{}
	}
	rail, err := sandbox.Open(ctx, db, escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)), sandbox.WithFaults(sandbox.Faults{Choose: lost}))
	if err != nil {
		log.Fatal(err)
	}

	hold := escrowrun.Hold{ID: "h", Contract: "sale-1", Payer: "acct_b", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Amount: escrow.Units(4990)}
	_, err = rail.Hold(ctx, hold)
	fmt.Println(err, escrowrun.Unknown(err))
	found, err := rail.Lookup(ctx, "h")
	fmt.Println(found.State, err)
	// Output:
	// sandbox: no answer true
	// held <nil>
}

func ExampleRail_Give() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:give?mode=memory&cache=shared&_pragma=busy_timeout(10000)")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rail, err := sandbox.Open(ctx, db, escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)), sandbox.WithFunds())
	if err != nil {
		log.Fatal(err)
	}

	eur := escrow.Asset{Code: "EUR", Scale: 2}
	if err := rail.Give(ctx, "faucet-1", "acct_b", eur, escrow.Units(5000)); err != nil {
		log.Fatal(err)
	}
	for _, id := range []string{"h1", "h2"} {
		t, err := rail.Hold(ctx, escrowrun.Hold{ID: id, Contract: "sale-1", Payer: "acct_b", Asset: eur, Amount: escrow.Units(4990)})
		fmt.Println(t.State, t.Reason, err)
	}
	fmt.Println(rail.Funds(ctx, "acct_b", eur))
	// Output:
	// held  <nil>
	// refused insufficient_funds <nil>
	// 10 <nil>
}
