package play_test

import (
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	"github.com/escrow-go/escrow/lifecycles/play"
	"github.com/escrow-go/escrow/purchase"
)

// Everything that can happen to a campaign of two backers.
func ExampleScopeOf() {
	scope, err := play.ScopeOf(crowdfund.Lifecycle, escrow.Policy{})
	if err != nil {
		panic(err)
	}
	report, err := explore.Run(scope)
	if err != nil {
		panic(err)
	}
	fmt.Println(report.States, "states,", len(report.Violations), "violations")
	// Output: 318 states, 0 violations
}

// The first random life of an order: what was asked, and by which rule it was answered.
func ExampleOf() {
	life := escrowtest.Lives(play.Of(purchase.Lifecycle)).Example(1)
	for _, s := range life.Steps[:4] {
		fmt.Println(s.Question.Command.Action(), s.Answer.Rule)
	}
	// Output:
	// inquire PU-1
	// request_payment PU-2
	// confirm_payment PU-5
	// mark_received PU-13
}
