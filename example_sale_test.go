package escrow_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The words of a sale.
var (
	Buyer    = Party("buyer", "not_buyer")
	Seller   = Party("seller", "not_seller")
	Platform = Receiver("platform")
	Price    = Amount("price", "what the buyer pays").Positive()
	SendBy   = Instant("sendBy", "until when the seller sends the goods")
	Cut      = Ratio("cut", "the platform's part of the price").Default(`"0.03"`)
	Escrow   = Pot("escrow", Buyer, "deposit", To(Seller, "payout"), To(Buyer, "refund"), To(Platform, "cut"))
	Pay      = Do("pay")
	Receive  = Do("receive")
)

// Sale is a lifecycle of one's own.
var Sale = Must(Spec{
	Name: "sale", Version: 1, About: "The price is held until the goods arrive.", Asset: escrow.Asset{Code: "EUR", Scale: 2},
	Parties: Parties{Buyer, Seller, Platform}, Terms: Fields{Price, SendBy}, Policy: Fields{Cut}, Pots: Pots{Escrow}, Terminal: In("received", "refunded"),
	Rules: []Rule{
		{ID: "S-1", On: Pay, By: Buyer, From: In(Draft), To: "paid", Money: Money{Deposit(The(Price), Buyer, Escrow)}},
		{ID: "S-2", On: Receive, By: Buyer, From: In("paid"), Window: Before(At(SendBy)), To: "received", Money: Money{All(Escrow, Seller).Deduct(Cut, Platform)}},
		{ID: "S-3", On: Advance, By: Anyone, From: In("paid"), Window: Due(At(SendBy)), To: "refunded", Money: Money{All(Escrow, Buyer)}},
	},
	Reasons: []escrow.CatalogueEntry{
		{Reason: "not_buyer", Code: escrow.Forbidden, Meaning: "only the buyer may do this", Remedy: "ask as the buyer"},
		{Reason: "not_seller", Code: escrow.Forbidden, Meaning: "only the seller may do this", Remedy: "ask as the seller"},
	},
})

// Example declares a lifecycle of one's own, and lives a contract of it.
func Example() {
	contract := Sale.Draft("sale-1", escrow.TextOf(Buyer.Account, "acct_b"), escrow.TextOf(Seller.Account, "acct_s"),
		Price.Decimal(decimal.RequireFromString("49.90")), SendBy.To(time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC)))
	clock := escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC))

	for _, command := range []escrow.Command{Pay.Command(), Receive.Command()} {
		decision, err := escrow.Decide(contract, command, escrow.Agent("acct_b"), clock)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(decision.Rule, decision.To)
		for _, movement := range decision.Movements() {
			fmt.Println(" ", movement)
		}
		contract = decision.Contract // commit it with the movements, on the revision before
	}
	// Output:
	// S-1 paid
	//   49.9 EUR buyer:acct_b -> escrow (deposit)
	// S-2 received
	//   48.4 EUR escrow -> seller:acct_s (payout)
	//   1.5 EUR escrow -> platform (cut)
}
