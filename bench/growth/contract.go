package growth

import (
	"fmt"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
)

// The people of the contract, and its API token, which asks for co-signs.
var (
	client = escrow.Human("human", "client")
	token  = escrow.Actor{ID: "token", Kind: escrow.KindToken, Account: "client", User: "user", Claimed: true,
		Scopes:   []string{"proposals:write", "payments:write"},
		Features: []string{"public_api_hiring", "public_api_payments_write"}}
	clock = escrow.At(time.Date(2026, 6, 3, 0, 0, 0, 0, time.UTC))
)

// pending is how many approvals one account may have waiting.
const pending = 100

func id(n int) string { return "m" + strconv.Itoa(n) }

func milestone(n int) opentrain.MilestoneTerms {
	return opentrain.MilestoneTerms{ID: id(n), Name: "milestone " + strconv.Itoa(n), Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))}
}

// hired returns a contract whose first milestone is funded.
func hired() (escrow.Contract, error) {
	c := opentrain.Terms{ID: "contract", Client: "client", Worker: "worker", Milestones: []opentrain.MilestoneTerms{milestone(1)}}.Draft()
	return decided(c, opentrain.Hire{}.Command(), client)
}

// funded returns a contract with so many funded milestones.
func funded(n int) (escrow.Contract, error) {
	c, err := hired()
	for i := 2; i <= n && err == nil; i++ {
		if c, err = decided(c, opentrain.AddMilestone{Milestone: milestone(i)}.Command(), client); err == nil {
			c, err = decided(c, opentrain.FundMilestone{MilestoneID: id(i)}.Command(), client)
		}
	}
	return c, err
}

// awaiting returns a contract with so many funded milestones, for each of which,
// as far as a contract may have them, an approval waits.
func awaiting(n int) (escrow.Contract, error) {
	c, err := funded(n)
	for i := 1; i <= min(n, pending) && err == nil; i++ {
		c, err = decided(c, opentrain.ApproveMilestone{MilestoneID: id(i)}.Command(), token)
	}
	return c, err
}

func decided(c escrow.Contract, cmd escrow.Command, actor escrow.Actor) (escrow.Contract, error) {
	d, err := escrow.Decide(c, cmd, actor, clock)
	if err != nil {
		return c, fmt.Errorf("%s: %w", cmd.Action(), err)
	}
	return d.Contract, nil
}
