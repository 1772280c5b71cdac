package crowdfund_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
)

// Two backers reach the goal, the second with a pledge on top.
func Example() {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	usd := func(n int64) decimal.Decimal { return decimal.NewFromInt(n) }
	contract := crowdfund.Terms{ID: "film", Title: "a film", Creator: "eva", Goal: usd(100), Deadline: noon.AddDate(0, 1, 0)}.Draft()
	for _, step := range []struct {
		actor escrow.Actor
		decide
	}{
		{escrow.Agent("eva"), crowdfund.Launch{}},
		{escrow.Agent("ann"), crowdfund.Pledge{Amount: usd(60)}},
		{escrow.Agent("bob"), crowdfund.Pledge{Amount: usd(20)}},
		{escrow.Agent("bob"), crowdfund.Pledge{Amount: usd(25)}},
	} {
		d, err := step.On(contract, step.actor, escrow.At(noon))
		if err != nil {
			fmt.Println(err)
			return
		}
		contract = d.Contract
	}
	for _, b := range crowdfund.Backings(contract) {
		fmt.Println(b.Backer, b.Status, contract.Asset().Text(b.Held))
	}
	next, _ := escrow.NextDeadline(contract)
	for _, m := range next.Then.Movements() {
		fmt.Println(next.Moment, m)
	}
	// Output:
	// ann PLEDGED 60
	// bob PLEDGED 45
	// deadline 57 USDC pledge:ann -> creator:eva (payout)
	// deadline 3 USDC pledge:ann -> platform (platform_fee)
	// deadline 42.75 USDC pledge:bob -> creator:eva (payout)
	// deadline 2.25 USDC pledge:bob -> platform (platform_fee)
}
