package inspection_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/inspection"
)

// A violin is sold through a broker, inspected and accepted.
func Example() {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ana, ben := escrow.Agent("ana"), escrow.Agent("ben")
	sale := inspection.Terms{
		ID: "sale-7", Title: "a violin", Buyer: "ana", Seller: "ben", Broker: "kim",
		Price: decimal.RequireFromString("2000"), Commission: decimal.RequireFromString("0.1"),
		Inspection: 72 * time.Hour, ShipBy: noon.AddDate(0, 0, 7),
	}
	contract := sale.Draft()
	for _, step := range []struct {
		actor escrow.Actor
		decide
	}{
		{ben, inspection.Offer{}}, {ana, inspection.Agree{}}, {ana, inspection.Pay{}},
		{ben, inspection.Ship{Tracking: "1Z999"}}, {ana, inspection.Receive{}}, {ana, inspection.Accept{}},
	} {
		d, err := step.On(contract, step.actor, escrow.At(noon))
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, m := range d.Movements() {
			fmt.Println(d.Rule, m)
		}
		contract = d.Contract
	}
	fmt.Println(contract.Status())
	// Output:
	// IN-6 2000 USD buyer:ana -> escrow (escrow_deposit)
	// IN-10 1735 USD escrow -> seller:ben (payout)
	// IN-10 200 USD escrow -> broker:kim (broker_commission)
	// IN-10 65 USD escrow -> platform (platform_fee)
	// accepted
}

// decide is a command that decides by itself.
type decide interface {
	On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
}

// The seller agrees to a lower price while the buyer inspects: the buyer gets the
// difference back in the decision of who confirms.
func ExampleAmend() {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ana, ben := escrow.Agent("ana"), escrow.Agent("ben")
	contract := inspection.Terms{
		ID: "sale-8", Title: "a bicycle", Buyer: "ana", Seller: "ben",
		Price: decimal.RequireFromString("300"), Inspection: 48 * time.Hour, ShipBy: noon.AddDate(0, 0, 3),
	}.Draft()
	take := func(d escrow.Decision, err error) escrow.Decision {
		if err != nil {
			panic(err)
		}
		contract = d.Contract
		return d
	}
	take(inspection.Request{}.On(contract, ana, escrow.At(noon)))
	take(inspection.Agree{}.On(contract, ben, escrow.At(noon)))
	take(inspection.Pay{}.On(contract, ana, escrow.At(noon)))
	take(inspection.Ship{}.On(contract, ben, escrow.At(noon)))
	take(inspection.Receive{}.On(contract, ana, escrow.At(noon)))

	lower := inspection.Amend{Price: decimal.RequireFromString("240")}
	asked := take(lower.On(contract, ana, escrow.At(noon)))
	approval, _ := asked.Approval()
	fmt.Println(approval.Account, "asks for", approval.Movements[0])
	confirmed := take(escrow.Decide(contract, escrow.Confirm(approval.ID, approval.Hash), ben, escrow.At(noon)))
	fmt.Println(confirmed.Executes, confirmed.Movement(0))
	fmt.Println(inspection.Agreement(contract).Price, contract.Custody()[0].Amount)
	// Output:
	// ana asks for 60 USD escrow -> buyer:ana (escrow_refund)
	// IN-26 60 USD escrow -> buyer:ana (escrow_refund)
	// 240 24000
}
