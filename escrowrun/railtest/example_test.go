package railtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"time"

	_ "modernc.org/sqlite"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun/railtest"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

// A rail that pays everything twice is found by the laws that it breaks.
func ExampleTry() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file:try?mode=memory&cache=shared")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	rail, err := sandbox.Open(ctx, db, escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)))
	if err != nil {
		log.Fatal(err)
	}

	fitted := []railtest.Option{railtest.Prefix("one"), railtest.Asset(escrow.Asset{Code: "USDC", Scale: 6}),
		railtest.Accounts("acct_a", "acct_b"), railtest.Greatest(escrow.Units(1e15))}
	fmt.Println(len(railtest.Try(ctx, rail, fitted...)), "laws are broken by the sandbox")
	for _, f := range railtest.Try(ctx, broken{Rail: rail, pay: paysTwice}) {
		fmt.Println(f.Law)
	}
	// Output:
	// 0 laws are broken by the sandbox
	// a payment asked for again is the same payment
	// an id stands for one hold only
	// an id stands for one payment only
	// an id stands for one refund only
	// an unknown id is known to be unknown
	// identical calls at once have one effect
	// one smallest unit is moved exactly
	// the greatest amount is moved exactly
	// a context that has ended is an error and leaves nothing half done
}
