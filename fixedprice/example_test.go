package fixedprice_test

import (
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/fixedprice"
)

// A milestone is funded and submitted; the client says nothing, and silence
// releases it after fourteen days.
func Example() {
	contract := fixedprice.Terms{
		ID: "job-1", Title: "A logo", Client: "acct_c", Freelancer: "acct_f", Arbitrator: "acct_a",
		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: dec("400")}},
	}.Draft()
	monday := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		actor string
		cmd   interface {
			On(escrow.Contract, escrow.Actor, escrow.Clock) (escrow.Decision, error)
		}
	}{
		{"acct_c", fixedprice.Offer{}},
		{"acct_f", fixedprice.Accept{}},
		{"acct_c", fixedprice.Fund{Milestone: "m1"}},
		{"acct_f", fixedprice.Submit{Milestone: "m1", Work: "https://example.org/sketches"}},
	} {
		decision, err := step.cmd.On(contract, escrow.Agent(step.actor), escrow.At(monday))
		if err != nil {
			fmt.Println(err)
			return
		}
		contract = decision.Contract
	}
	deadline, _ := escrow.NextDeadline(contract)
	fmt.Println(deadline.Moment, deadline.At.Format(time.DateOnly), deadline.Then.Rule)
	for _, m := range deadline.Then.Movements() {
		fmt.Println(m)
	}
	// Output:
	// releaseDue 2026-06-15 FP-11
	// 360 USD milestone:m1 -> freelancer:acct_f (auto_release)
	// 40 USD milestone:m1 -> platform (service_fee)
}

// Both parties agree on how a milestone is divided: one proposes, the other
// confirms what it was shown.
func ExampleDivide() {
	client, freelancer := escrow.Agent("acct_c"), escrow.Agent("acct_f")
	now := escrow.At(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC))
	decision, _ := fixedprice.Offer{}.On(fixedprice.Terms{
		ID: "job-1", Title: "A logo", Client: client.ID, Freelancer: freelancer.ID, Arbitrator: "acct_a",
		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: dec("400")}},
	}.Draft(), client, now)
	decision, _ = fixedprice.Accept{}.On(decision.Contract, freelancer, now)
	decision, _ = fixedprice.Fund{Milestone: "m1"}.On(decision.Contract, client, now)

	decision, _ = fixedprice.Divide{Milestone: "m1", FreelancerShare: ratio("0.25")}.On(decision.Contract, client, now)
	approval, _ := decision.Approval()
	fmt.Println(approval.Type, approval.Status, approval.Confirmers)

	decision, _ = escrow.Decide(decision.Contract, escrow.Confirm(approval.ID, approval.Hash), freelancer, now)
	for _, m := range decision.Movements() {
		fmt.Println(m)
	}
	// Output:
	// agreed_division pending [acct_f]
	// 90 USD milestone:m1 -> freelancer:acct_f (milestone_release)
	// 10 USD milestone:m1 -> platform (service_fee)
	// 300 USD milestone:m1 -> client:acct_c (milestone_refund)
}

// Milestones tells an overview from how each milestone stands.
func ExampleMilestones() {
	draft := fixedprice.Terms{
		ID: "job-1", Title: "A logo", Client: "acct_c", Freelancer: "acct_f", Arbitrator: "acct_a",
		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: dec("400")}, {ID: "m2", Name: "Final", Amount: dec("150")}},
	}.Draft()
	for _, m := range fixedprice.Milestones(draft) {
		fmt.Println(m.ID, m.Name, draft.Asset().Text(m.Price), m.Status)
	}
	// Output:
	// m1 Sketches 400 NOT_FUNDED
	// m2 Final 150 NOT_FUNDED
}
