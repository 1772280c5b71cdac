// Command embedding is a marketplace on a lifecycle of its own, in one file: contracts in
// a database, payments, timed work, and all of it over HTTP.
//
//	go run ./examples/embedding -database shop.db -listen 127.0.0.1:8080
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
)

// The words of a sale.
var (
	buyer    = Party("buyer", "not_buyer")
	seller   = Party("seller", "not_seller")
	platform = Receiver("platform")
	price    = Amount("price", "what the buyer pays").Positive()
	sendBy   = Instant("sendBy", "until when the seller sends the goods")
	cut      = Ratio("cut", "the platform's part of the price").Default(`"0.03"`)
	held     = Pot("escrow", buyer, "deposit", To(seller, "payout"), To(buyer, "refund"), To(platform, "cut"))
	pay      = Do("pay")
	receive  = Do("receive")
)

// sale is the lifecycle: who may do what, until when, and where the money goes.
var sale = Must(Spec{
	Name: "sale", Version: 1, About: "The price is held until the goods arrive.", Asset: escrow.Asset{Code: "EUR", Scale: 2},
	Parties: Parties{buyer, seller, platform}, Terms: Fields{price, sendBy}, Policy: Fields{cut}, Pots: Pots{held}, Terminal: In("received", "refunded"),
	Rules: []Rule{
		{ID: "S-1", On: pay, By: buyer, From: In(Draft), To: "paid", Money: Money{Deposit(The(price), buyer, held)}},
		{ID: "S-2", On: receive, By: buyer, From: In("paid"), Window: Before(At(sendBy)), To: "received", Money: Money{All(held, seller).Deduct(cut, platform)}},
		{ID: "S-3", On: Advance, By: Anyone, From: In("paid"), Window: Due(At(sendBy)), To: "refunded", Money: Money{All(held, buyer)}},
	},
	Reasons: []escrow.CatalogueEntry{
		{Reason: "not_buyer", Code: escrow.Forbidden, Meaning: "only the buyer may do this", Remedy: "ask as the buyer"},
		{Reason: "not_seller", Code: escrow.Forbidden, Meaning: "only the seller may do this", Remedy: "ask as the seller"},
	},
})

// keys are who may ask: a real marketplace looks them up, by their hashes.
var keys = map[string]string{"key-of-b": "acct_b", "key-of-s": "acct_s"}

func authenticate(r *http.Request) (escrow.Actor, error) {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if keys[key] == "" {
		return escrow.Actor{}, nil // 401
	}
	return escrow.Agent(keys[key]), nil
}

// shop is the marketplace: its handler, and the timed work that goes on beside it.
func shop(ctx context.Context, database string, clock escrow.Clock) (*escrowrun.Runner, http.Handler, error) {
	db, dialect, err := escrowsql.Connect(database)
	if err != nil {
		return nil, nil, err
	}
	store, err := escrowsql.Open(ctx, db, dialect, []*escrow.Lifecycle{sale})
	if err != nil {
		return nil, nil, err
	}
	money, _, err := escrowsql.Connect(database + "-rail") // made-up money: your payment provider goes here
	if err != nil {
		return nil, nil, err
	}
	rail, err := sandbox.Open(ctx, money, clock)
	if err != nil {
		return nil, nil, err
	}
	runner := &escrowrun.Runner{Store: store, Rail: rail, Clock: clock}
	server := escrowhttp.Server{Runner: runner, Authenticate: authenticate}
	handler, err := server.Handler()
	return runner, handler, err
}

// wall is the clock on the wall.
type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func main() {
	database := flag.String("database", "shop.db", "the file that everything is kept in")
	listen := flag.String("listen", "127.0.0.1:8080", "where to answer")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	runner, handler, err := shop(ctx, *database, wall{})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		if err := runner.Run(ctx); !errors.Is(err, context.Canceled) {
			log.Fatal(err)
		}
	}()
	log.Print("answering on http://", listener.Addr(), "/openapi.json")
	if err := escrowhttp.Serve(ctx, listener, handler, escrowhttp.ServeOptions{}); err != nil {
		log.Fatal(err)
	}
}
