package opencontract_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// A life in which the client approves: every command decides by itself, and its
// decision says what moves.
func Example() {
	start := time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC)
	clock := escrow.At(start)
	client, worker := escrow.Agent("0xClient"), escrow.Agent("0xWorker")
	contract := opencontract.Terms{
		ID: "contract_1", Client: "0xClient", Worker: "0xWorker", Price: decimal.NewFromInt(50),
		TaskDescription: "Summarize 10 research papers", AcceptanceCriteria: []string{"150 to 250 words each", "all ten covered"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: start.Add(24 * time.Hour), WithdrawalDeadline: start.Add(48 * time.Hour),
		DeliveryDeadline: start.Add(72 * time.Hour), ReviewDeadline: start.Add(96 * time.Hour),
	}.Draft()
	for _, step := range []func() (escrow.Decision, error){
		func() (escrow.Decision, error) { return opencontract.Create{}.On(contract, client, clock) },
		func() (escrow.Decision, error) { return opencontract.Accept{}.On(contract, worker, clock) },
		func() (escrow.Decision, error) {
			return opencontract.Deliver{Delivery: "ipfs://summaries"}.On(contract, worker, clock)
		},
		func() (escrow.Decision, error) { return opencontract.Approve{}.On(contract, client, clock) },
		func() (escrow.Decision, error) {
			return opencontract.Settle{}.On(contract, escrow.SystemActor(), clock)
		},
	} {
		decision, err := step()
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
	// OC-1 created
	//   50 USDC client:0xClient -> escrow (escrow_deposit)
	// OC-2 matched
	//   2.5 USDC worker:0xWorker -> stake (stake_deposit)
	// OC-8 under-review
	// OC-10 resolved
	// OC-16 settled-fully-met
	//   47.5 USDC escrow -> worker:0xWorker (payout)
	//   2.5 USDC escrow -> treasury (protocol_fee)
	//   2.5 USDC stake -> worker:0xWorker (stake_return)
}

// A policy that differs from the default: half the price for a criterion of which
// nobody can tell.
func ExampleTerms_Draft() {
	half, _ := escrow.ParseRatio("0.5")
	draft := opencontract.Terms{ID: "contract_2", Policy: []escrow.Value{opencontract.UnclearCredit.To(half)}}.Draft()
	fmt.Println(opencontract.UnclearCredit.In(draft.View()), opencontract.ProtocolFee.In(draft.View()))
	// What is missing, the founding says.
	_, err := opencontract.Create{}.On(draft, escrow.Agent("0xClient"), escrow.At(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// 0.5 0.05
	// escrow: create: invalid_terms (OC-1): client: is missing
}
