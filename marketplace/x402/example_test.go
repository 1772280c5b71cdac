package x402_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	_ "modernc.org/sqlite"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace/x402"
	"github.com/escrow-go/escrow/opencontract"
)

// exampleKey is the key of an agent, and payTo the platform's account.
var (
	exampleKey = secp256k1.PrivKeyFromBytes([]byte{31: 7})
	payTo, _   = x402.ParseAddress("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
)

func examplesQuote() x402.Quote {
	return x402.Quote{Network: x402.Base, PayTo: payTo, Amount: escrow.Units(2_500_000), Resource: "https://api.example/contracts/c1/accept",
		Description: "stake of c1", Timeout: time.Minute}
}

// exampleDB is a database in memory.
func exampleDB(name string) *sql.DB {
	db, err := sql.Open("sqlite", "file:"+name+"?mode=memory&cache=shared&_txlock=immediate&_pragma=busy_timeout(10000)")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

// A server founds contracts for whoever pays the price by x402.
func Example() {
	ctx := context.Background()
	store, err := escrowsql.Open(ctx, exampleDB("x402store"), escrowsql.SQLite, []*escrow.Lifecycle{opencontract.Lifecycle})
	if err != nil {
		log.Fatal(err)
	}
	clock := escrow.At(noon)
	money, err := sandbox.Open(ctx, exampleDB("x402money"), clock, sandbox.WithoutHolds())
	if err != nil {
		log.Fatal(err)
	}
	rail, err := x402.Open(ctx, exampleDB("x402rail"), money, x402.Config{Network: x402.Base, PayTo: payTo, Clock: clock})
	if err != nil {
		log.Fatal(err)
	}
	runner := &escrowrun.Runner{Store: store, Rail: rail, Clock: clock}

	agent := x402.AddressOf(exampleKey).String()
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, answered, err := rail.Ask(w, r, runner, escrowrun.Request{
			Draft: task("c1", agent, ""), Command: opencontract.Create{}.Command(), Actor: escrow.Agent(agent), // who it is, the server knows
		})
		switch {
		case answered:
		case errors.Is(err, escrowrun.ErrPaymentPending):
			http.Error(w, "payment_pending", http.StatusConflict)
		case err != nil && a.Status == 0:
			http.Error(w, "internal_error", http.StatusInternalServerError)
		default:
			w.WriteHeader(a.Status)
			_, _ = w.Write(a.Body)
		}
	})

	asked := httptest.NewRecorder()
	server.ServeHTTP(asked, httptest.NewRequest("POST", "/contracts", nil))
	var required struct{ Accepts []x402.Quote }
	if err := json.Unmarshal(asked.Body.Bytes(), &required); err != nil {
		log.Fatal(err)
	}
	fmt.Println(asked.Code, required.Accepts[0].Amount, required.Accepts[0].Description)

	name, payment, err := x402.Pay(exampleKey, required.Accepts[0], 1, [32]byte{1}, noon).Header()
	if err != nil {
		log.Fatal(err)
	}
	again := httptest.NewRequest("POST", "/contracts", nil)
	again.Header.Set(name, payment)
	paid := httptest.NewRecorder()
	server.ServeHTTP(paid, again)
	fmt.Println(paid.Code, paid.Header().Get(x402.HeaderSettledV1) != "")
	// Output:
	// 402 50000000 escrow c1
	// 200 true
}

// A hold asks for a signature first, and is paid by the one that it gets.
func ExampleRail() {
	ctx, clock := context.Background(), escrow.At(noon)
	money, err := sandbox.Open(ctx, exampleDB("holdmoney"), clock, sandbox.WithoutHolds())
	if err != nil {
		log.Fatal(err)
	}
	rail, err := x402.Open(ctx, exampleDB("holdrail"), money, x402.Config{Network: x402.Base, PayTo: payTo, Clock: clock})
	if err != nil {
		log.Fatal(err)
	}

	h := escrowrun.Hold{ID: "hold-1", Contract: "c1", Payer: x402.AddressOf(exampleKey).String(), Asset: escrow.Asset{Code: "USDC", Scale: 2}, Amount: escrow.Units(250)}
	asked, err := rail.Hold(ctx, h)
	fmt.Println(asked.State, err)
	q, err := rail.Quote(h)
	fmt.Println(q.Amount, q.Timeout, err)
	if h.Proof, err = json.Marshal(x402.Pay(exampleKey, q, 1, [32]byte{1}, noon)); err != nil {
		log.Fatal(err)
	}
	paid, err := rail.Hold(ctx, h)
	fmt.Println(paid.State, err)
	found, err := rail.Paid(ctx, h.Proof)
	fmt.Println(found.ID, err)
	// Output:
	// needs_action <nil>
	// 2500000 1m0s <nil>
	// captured <nil>
	// hold-1 <nil>
}

func ExampleRequire() {
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "https://api.example/contracts/c1/accept", nil)
	if err := x402.Require(w, r, examplesQuote()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.Code, len(w.Header().Get(x402.HeaderRequiredV2)) > 0)
	fmt.Print(w.Body)
	// Output:
	// 402 true
	// {"x402Version":1,"error":"payment required","accepts":[{"scheme":"exact","network":"base","maxAmountRequired":"2500000","resource":"https://api.example/contracts/c1/accept","description":"stake of c1","mimeType":"application/json","payTo":"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed","maxTimeoutSeconds":60,"asset":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913","extra":{"name":"USD Coin","version":"2"}}]}
}

func ExampleProof() {
	r := httptest.NewRequest("POST", "https://api.example/contracts/c1/accept", nil)
	proof, key, err := x402.Proof(r)
	fmt.Println(len(proof), key == "", err)

	name, payment, err := x402.Pay(exampleKey, examplesQuote(), 2, [32]byte{1}, noon).Header()
	if err != nil {
		log.Fatal(err)
	}
	r.Header.Set(name, payment)
	_, key, err = x402.Proof(r)
	fmt.Println(name, key, err)
	// Output:
	// 0 true <nil>
	// PAYMENT-SIGNATURE x402 0xd41c057fd1c78805AAC12B0A94a405c0461A6FBb 0100000000000000000000000000000000000000000000000000000000000000 <nil>
}

func ExampleReadPayment() {
	q := examplesQuote()
	_, header, err := x402.Pay(exampleKey, q, 1, [32]byte{1}, noon).Header()
	if err != nil {
		log.Fatal(err)
	}
	p, err := x402.ReadPayment(header)
	fmt.Println(p.Network.Name, p.Authorization.Value, p.Authorization.From == x402.AddressOf(exampleKey), err)
	fmt.Println(p.Verify(q, noon))
	q.Amount = escrow.Units(3_000_000)
	fmt.Println(p.Verify(q, noon))
	// Output:
	// base 2500000 true <nil>
	// <nil>
	// invalid_exact_evm_payload_authorization_value: 2500000 units are paid where 3000000 are asked for
}

func ExampleSettled() {
	w := httptest.NewRecorder()
	t := escrowrun.Transfer{ID: "hold-1", Kind: escrowrun.HoldKind, State: escrowrun.Captured, Account: x402.AddressOf(exampleKey).String(),
		Asset: escrow.Asset{Code: "USDC", Scale: 6}, Amount: escrow.Units(2_500_000)}
	if err := x402.Settled(w, x402.Base, t); err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.Header().Get(x402.HeaderSettledV1) != "", w.Header().Get(x402.HeaderSettledV2) != "")
	// Output: true true
}

func ExampleParseAddress() {
	a, err := x402.ParseAddress("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")
	fmt.Println(a, err)
	_, err = x402.ParseAddress("0x5aaeb6053f")
	fmt.Println(err)
	// Output:
	// 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed <nil>
	// an address is 0x and 40 hexadecimal digits: 10 digits where 40 are expected
}
