package purchase_test

import (
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/purchase"
)

// Goods are paid for and delivered; the customer says nothing, and after fourteen
// days they count as received.
func Example() {
	contract := purchase.Terms{ID: "order-1", Listing: "A bicycle", Customer: "acct_c", Provider: "acct_p"}.Draft()
	customer, provider := escrow.Agent("acct_c"), escrow.Agent("acct_p")
	now := escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC))

	decision, err := purchase.RequestPayment{Total: dec("80")}.On(contract, customer, now)
	if err == nil {
		decision, err = purchase.ConfirmPayment{}.On(decision.Contract, customer, now)
	}
	if err == nil {
		decision, err = purchase.MarkDelivered{}.On(decision.Contract, provider, now)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	later := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	final, made, _ := escrow.AsOf(decision.Contract, later)
	for _, d := range made {
		fmt.Println(d.At().Format(time.DateOnly), d.Rule, d.To)
		for _, m := range d.Movements() {
			fmt.Println("  ", m)
		}
	}
	fmt.Println(final.Status(), len(final.Custody()))
	// Output:
	// 2026-06-15 PU-14 received
	//    72 USD escrow -> provider:acct_p (payout)
	//    8 USD escrow -> platform (provider_fee)
	//    4 USD customer-fee -> platform (customer_fee)
	// 2026-06-15 PU-19 completed
	// 2026-06-22 PU-24 reviewed
	// reviewed 0
}

// A booking that the provider does not take is refunded whole, the customer's fee
// with it.
func ExampleDecline() {
	customer, provider := escrow.Agent("acct_c"), escrow.Agent("acct_p")
	now := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	contract := purchase.Terms{ID: "order-1", Listing: "A studio", Customer: "acct_c", Provider: "acct_p"}.Draft()
	decision, _ := purchase.RequestPayment{Total: dec("80"), BookingStart: now.Add(48 * time.Hour), BookingEnd: now.Add(50 * time.Hour)}.On(contract, customer, escrow.At(now))
	decision, _ = purchase.ConfirmPayment{}.On(decision.Contract, customer, escrow.At(now))
	deadline, _ := escrow.NextDeadline(decision.Contract)
	fmt.Println(deadline.Moment, deadline.At.Format(time.DateTime))

	decision, _ = purchase.Decline{}.On(decision.Contract, provider, escrow.At(now))
	for _, m := range decision.Movements() {
		fmt.Println(m)
	}
	// Output:
	// acceptBy 2026-06-03 11:00:00
	// 80 USD escrow -> customer:acct_c (escrow_refund)
	// 4 USD customer-fee -> customer:acct_c (customer_fee_refund)
}
