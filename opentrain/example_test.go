package opentrain_test

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	escrow "github.com/escrow-go/escrow/next"
	"github.com/escrow-go/escrow/opentrain"
)

// A token hires, and nothing moves; a signed-in human of the account confirms what
// they were shown, and it does.
func Example() {
	clock := escrow.At(time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC))
	token := escrow.Actor{ID: "tok_1", Kind: escrow.KindToken, Account: "acct_1", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write"}, Features: []string{"public_api_hiring"}}
	draft := opentrain.Terms{ID: "hire_1", Client: "acct_1", Worker: "trainer_9", JobID: "job_7",
		Milestones: []opentrain.MilestoneTerms{{ID: "m1", Name: "Label 500 pictures", Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))}}}.Draft()

	asked, err := opentrain.Hire{}.On(draft, token, clock)
	if err != nil {
		fmt.Println(err)
		return
	}
	approval, _ := asked.Approval()
	fmt.Println(asked.To, approval.Type, approval.Status, asked.NumMovements())

	hired, err := opentrain.Confirm{ApprovalID: approval.ID, Hash: approval.Hash}.On(asked.Contract, escrow.Human("ann", "acct_1"), clock)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(hired.To)
	for _, m := range hired.Movements() {
		fmt.Println(m)
	}
	// Output:
	// proposed proposal_hire pending 0
	// active
	// 100 USD client:acct_1 -> milestone:m1 (milestone_deposit)
	// 10 USD client:acct_1 -> platform (marketplace_fee)
	// 9.95 USD client:acct_1 -> platform (initiation_fee)
}

// A human ends the contract, and says what becomes of the funded milestone.
func ExampleEnd() {
	clock := escrow.At(time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC))
	ann := escrow.Human("ann", "acct_1")
	draft := opentrain.Terms{ID: "hire_1", Client: "acct_1", Worker: "trainer_9",
		Milestones: []opentrain.MilestoneTerms{{ID: "m1", Name: "Label 500 pictures", Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))}}}.Draft()
	hired, _ := opentrain.Hire{}.On(draft, ann, clock)
	ended, err := opentrain.End{Dispositions: []opentrain.Disposition{{MilestoneID: "m1", Disposition: opentrain.Release}}}.On(hired.Contract, ann, clock)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ended.Movement(0))
	fmt.Println(opentrain.Milestones(ended.Contract)[0].Status, opentrain.Ending(ended.Contract).Format(time.DateOnly))
	// Output:
	// 100 USD milestone:m1 -> worker:trainer_9 (milestone_release)
	// PAID 2026-06-03
}

// A misspelt or impossible value of the policy is what the hire is refused for.
func ExampleTerms_Draft() {
	draft := opentrain.Terms{ID: "hire_1", Client: "acct_1", Worker: "trainer_9", Policy: []escrow.Value{opentrain.Quorum.To(11)},
		Milestones: []opentrain.MilestoneTerms{{ID: "m1", Name: "Label", Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))}}}.Draft()
	_, err := opentrain.Hire{}.On(draft, escrow.Human("ann", "acct_1"), escrow.At(time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC)))
	fmt.Println(err)
	// Output:
	// escrow: hire: invalid_policy (OT-1): quorum: must be 1 to 10: humans who must confirm; 1 to 10
}
