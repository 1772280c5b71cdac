// Package crowdfund is a crowd's refund escrow: many backers pledge free amounts
// until a deadline. If the goal is reached by then, the pledges go to the creator
// less the platform's fee; if not, each goes back to its backer. A backer may
// pledge again, which tops up, and withdraw before the deadline; the creator may
// cancel.
//
// [Lifecycle] is the table; [Terms] make a draft, the typed commands decide:
//
//	d, err := crowdfund.Pledge{Amount: ten}.On(contract, backer, clock)
package crowdfund

import . "github.com/escrow-go/escrow/declare"

// The statuses of a campaign, and of a pledge.
const (
	Open     Status = "open"
	Funded   Status = "funded"
	Refunded Status = "refunded"
	Canceled Status = "canceled"

	Pledged   = "PLEDGED"
	Withdrawn = "WITHDRAWN"
)

// Lifecycle is the refund escrow of a crowd as one table.
var Lifecycle = Must(Spec{
	Name: "crowdfund", Version: 1, Asset: USDC,
	About:    "Many backers pledge free amounts: the goal is reached by the deadline, or each gets its own back.",
	Parties:  Parties{Creator, Backer, Platform},
	Terms:    Fields{Title, Goal, Deadline},
	Lists:    Lists{Pledges},
	Pots:     Pots{PledgePot},
	Policy:   Fields{PlatformFee, LeastPledge},
	Terminal: In(Funded, Refunded, Canceled),
	Reasons:  reasons,
	Rules: []Rule{
		{ID: "CF-1", On: launch, By: Creator, From: In(Draft), Needs: Needs{DeadlineAhead}, To: Open},

		{ID: "CF-2", On: pledge, By: AnyBacker, From: In(Open), When: Cases{FirstPledge}, Window: Before(Ends), Needs: Needs{LeastReached}, To: Same,
			Sets: Effects{AddActor(Pledges, Pledged)}, Money: Money{Deposit(Given(Gift), Backer, PledgePot)}},
		{ID: "CF-3", On: pledge, By: Backer, From: In(Open), Each: Pledges, Being: Items{Pledged}, Window: Before(Ends), Needs: Needs{LeastReached}, To: Same,
			Money: Money{TopUp(Given(Gift), Backer, PledgePot)}},
		{ID: "CF-4", On: pledge, By: Backer, From: In(Open), Each: Pledges, Being: Items{Withdrawn}, Becomes: Pledged, Window: Before(Ends), Needs: Needs{LeastReached}, To: Same,
			Money: Money{Deposit(Given(Gift), Backer, PledgePot)}},
		{ID: "CF-5", On: withdraw, By: Backer, From: In(Open), Each: Pledges, Being: Items{Pledged}, Unlike: PledgeWithdrawn, Becomes: Withdrawn, Window: Before(Ends), To: Same,
			Money: Money{All(PledgePot, Backer)}},

		{ID: "CF-6", On: cancel, By: Creator, From: In(Open), Window: Before(Ends), To: Canceled,
			Money: Money{Each(All(PledgePot, Backer))}},
		{ID: "CF-7", On: Advance, By: Anyone, From: In(Open), When: Cases{GoalReached}, Window: Due(Ends), To: Funded,
			Money: Money{Each(All(PledgePot, Creator).Deduct(PlatformFee, Platform))}},
		{ID: "CF-8", On: Advance, By: Anyone, From: In(Open), When: Cases{GoalMissed}, Window: Due(Ends), To: Refunded,
			Money: Money{Each(All(PledgePot, Backer))}},
	},
})
