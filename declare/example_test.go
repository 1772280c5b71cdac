package declare_test

import (
	"fmt"
	"time"

	. "github.com/escrow-go/escrow/declare"
	escrow "github.com/escrow-go/escrow/next"
	"github.com/shopspring/decimal"
)

// A sale: the buyer pays into escrow, the seller hands over, and the buyer's word
// or their silence for three days pays the seller. Who never hands over is not
// paid.
var (
	Buyer    = Party("buyer", "not_buyer")
	Seller   = Party("seller", "not_seller")
	House    = Receiver("house")
	Price    = Amount("price", "what is paid for the goods").Positive()
	HandOver = Instant("handOverBy", "until when the goods must be handed over")
	Handed   = Instant("handedAt", "when the goods were handed over").Optional()
	Fee      = Ratio("fee", "the house's cut of what the seller gets").Default(`"0.05"`)
	Silence  = Window("silence", "how long the buyer may complain").Default(`"P3D"`)
	Till     = Pot("till", Buyer, "price_paid_in", To(Seller, "price_paid_out"), To(Buyer, "price_back"), To(House, "house_fee"))
	Accepted = After("silenceAccepts", Handed, Silence)

	buy, handOver, accept = Do("buy"), Do("hand_over"), Do("accept")
)

var Sale = Must(Spec{
	Name: "sale", Version: 1, About: "Goods for money, with three days to complain.", Asset: escrow.Asset{Code: "EUR", Scale: 2},
	Parties: Parties{Buyer, Seller, House}, Terms: Fields{Price, HandOver}, State: Fields{Handed}, Pots: Pots{Till}, Policy: Fields{Fee, Silence},
	Terminal: In("sold", "refunded"),
	Rules: []Rule{
		{ID: "S-1", On: buy, By: Buyer, From: In(Draft), Needs: Needs{Demand(escrow.InvalidRequest, escrow.InvalidTerms, Ahead(At(HandOver)))}, To: "paid", Money: Money{Deposit(The(Price), Buyer, Till)}},
		{ID: "S-2", On: handOver, By: Seller, From: In("paid"), Window: Before(At(HandOver)), To: "handed-over", Sets: Effects{Now(Handed)}},
		{ID: "S-3", On: Advance, By: Anyone, From: In("paid"), Window: Due(At(HandOver)), To: "refunded", Money: Money{All(Till, Buyer)}},
		{ID: "S-4", On: accept, By: Buyer, From: In("handed-over"), Window: Before(Accepted), To: "sold", Money: Money{All(Till, Seller).Deduct(Fee, House)}},
		{ID: "S-5", On: Advance, By: Anyone, From: In("handed-over"), Window: Due(Accepted), To: "sold", Money: Money{All(Till, Seller).Deduct(Fee, House)}},
	},
})

// A lifecycle of one's own: the table above is all there is to it.
func Example() {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	c := Sale.Draft("sale_1", Buyer.Is("ann"), Seller.Is("bob"), Price.Decimal(decimal.NewFromInt(80)), HandOver.To(now.Add(48*time.Hour)))
	for _, step := range []struct {
		cmd   escrow.Command
		who   string
		after time.Duration
	}{{buy.Command(), "ann", 0}, {handOver.Command(), "bob", time.Hour}, {escrow.Advance(), "bob", 80 * time.Hour}} {
		d, err := escrow.Decide(c, step.cmd, escrow.Agent(step.who), escrow.At(now.Add(step.after)))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(d.Rule, d.Contract.Status())
		for _, m := range d.Movements() {
			fmt.Println(" ", m)
		}
		c = d.Contract
	}
	// Output:
	// S-1 paid
	//   80 EUR buyer:ann -> till (price_paid_in)
	// S-2 handed-over
	// S-5 sold
	//   76 EUR till -> seller:bob (price_paid_out)
	//   4 EUR till -> house (house_fee)
}
