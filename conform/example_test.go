package conform_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/escrow-go/escrow/conform"
	"github.com/escrow-go/escrow/escrowtest"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	otplay "github.com/escrow-go/escrow/opentrain/play"
)

// A program of your own is checked like this. The one here is this test, which
// answers as "escrow decide --jsonl" does.
func ExampleRun() {
	ctx := context.Background()
	p := conform.Command(ctx, known, time.Minute, os.Stderr, os.Args[0], "-serve", "no fault")
	report, err := conform.Run(ctx, p, nil, escrowtest.Playing(octplay.Play(), otplay.Play()), escrowtest.AtLeast(10))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("agrees:", report.Passed())
	fmt.Println("answered differently:", len(report.Differs))
	// Output:
	// agrees: true
	// answered differently: 0
}

// The corpus is plain data: it may as well be sent by a test of your own.
func ExampleCorpus() {
	first := conform.Corpus()[0]
	fmt.Println(first.Name)
	fmt.Printf("%.60s…\n", first.Request)
	fmt.Printf("%.60s…\n", first.Answer)
	// Output:
	// documented sample: withdraw in time
	// {"contract":{"id":"contract_xyz789","status":"matched","crea…
	// {"decision":{"rule":"OC-7","action":"withdraw","from":"match…
}
