package erc8183_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/erc8183"
)

// A job that is completed: the platform takes 2.5 %, the evaluator 1 %.
func Example() {
	start := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	clock := escrow.At(start)
	platform, _ := escrow.ParseRatio("0.025")
	judge, _ := escrow.ParseRatio("0.01")
	contract := erc8183.Terms{
		ID: "job_1", Client: "0xClient", Evaluator: "0xEvaluator", Description: "Translate the manual", ExpiredAt: start.Add(48 * time.Hour),
		Policy: []escrow.Value{erc8183.PlatformFee.To(platform), erc8183.EvaluatorFee.To(judge)},
	}.Draft()
	price := decimal.NewFromInt(50)
	for _, step := range []struct {
		actor string
		cmd   command
	}{
		{"0xClient", erc8183.CreateJob{}},
		{"0xClient", erc8183.SetProvider{Provider: "0xProvider"}},
		{"0xProvider", erc8183.SetBudget{Budget: price}},
		{"0xClient", erc8183.Fund{ExpectedBudget: price}},
		{"0xProvider", erc8183.Submit{Deliverable: "ipfs://translation"}},
		{"0xEvaluator", erc8183.Complete{}},
	} {
		decision, err := step.cmd.On(contract, escrow.Agent(step.actor), clock)
		if err != nil {
			fmt.Println(err)
			return
		}
		contract = decision.Contract
		fmt.Println(decision.Rule, contract.Status())
		for _, m := range decision.Movements() {
			fmt.Println(" ", m)
		}
	}
	// Output:
	// AC-1 open
	// AC-2 open
	// AC-3 open
	// AC-4 funded
	//   50 USDC client:0xClient -> escrow (escrow_deposit)
	// AC-5 submitted
	// AC-6 completed
	//   48.25 USDC escrow -> provider:0xProvider (payout)
	//   1.25 USDC escrow -> treasury (platform_fee)
	//   0.5 USDC escrow -> evaluator:0xEvaluator (evaluator_fee)
}
