// Package opentrain is the lifecycle of work by milestones: an employer (the client)
// hires a trainer (the worker). An API call alone never moves money: whatever would
// move it is recorded as an approval, and a signed-in human confirms it, or it
// expires.
package opentrain

import (
	. "github.com/escrow-go/escrow/declare"
	escrow "github.com/escrow-go/escrow/next"
)

// The statuses of a contract.
const (
	Proposed Status = "proposed"  // a hire waits for its human
	Active   Status = "active"    // the work is under way, milestone by milestone
	Ended    Status = "ended"     // nothing is funded, nothing is owed
	NotHired Status = "not-hired" // the hire was declined, or it expired
)

// The statuses of a milestone. It holds money exactly while ACTIVE_FUNDED.
const (
	NotFunded    = "NOT_FUNDED"
	ActiveFunded = "ACTIVE_FUNDED"
	Paid         = "PAID"
	Refunded     = "REFUNDED"
	Cancelled    = "CANCELLED"
)

// Lifecycle is the rule book: money moves only after a signed-in human co-signs.
var Lifecycle = Must(Spec{
	Name: "opentrain", Version: 1, Asset: usd, ReadsUnnamed: true,
	About:     "Hiring with milestones: money moves only after a signed-in human co-signs.",
	Parties:   Parties{Client, Worker, Platform},
	Terms:     Fields{Title, JobID, ProposalID},
	Check:     Needs{OtherWorker, MilestoneNamed},
	State:     Fields{EndDate},
	Lists:     Lists{MilestoneList},
	Pots:      Pots{MilestonePot},
	Policy:    Fields{ApprovalTTL, MarketplaceFee, InitiationFee, EndDisposition, Quorum, SeparateDuties},
	Terminal:  In(Ended, NotHired),
	OpenEnded: map[Status]*escrow.Party{Active: Client},
	Reasons:   reasons,
	Approvals: escrow.ApprovalForm{Target: "milestoneId", Adds: []escrow.ApprovalMember{{Field: JobID}, {Field: ProposalID, Types: []string{"proposal_hire"}}}},
	Rules: []Rule{
		{ID: "OT-1", On: hire, By: Client, Grant: hiring, From: In(Draft, Proposed), Each: MilestoneList, First: true, Being: is(NotFunded), Becomes: ActiveFunded,
			Needs: Needs{ChangesProposed, IDUnchanged, ChangeInOrder}, To: Active, CoSign: humans("proposal_hire", CoSign{While: Proposed, Declined: NotHired,
				Sets: Effects{Change(Changed)}, Completes: wholeMilestone, Adjusts: Fields{Changed}, Results: hired}),
			Money: Money{Deposit(The(Price), Client, MilestonePot), Charge(Of(MarketplaceFee, The(Price)), Client, Platform, "marketplace_fee"),
				Charge(The(InitiationFee), Client, Platform, "initiation_fee")}},

		{ID: "OT-2", On: addMilestone, By: Client, Grant: payments, From: In(Active), Needs: Needs{MilestoneInOrder, WithinTotal, NotEnded, MilestoneNew, Room},
			To: Same, Sets: Effects{AddRecord(MilestoneList, NotFunded, Added)}},
		{ID: "OT-3", On: fundMilestone, By: Client, Grant: payments, From: In(Active), Each: MilestoneList, Being: is(NotFunded), Unlike: NotFundable, Becomes: ActiveFunded,
			Needs: Needs{NotEnded}, To: Same, CoSign: humans("milestone_fund", CoSign{}),
			Money: Money{Deposit(The(Price), Client, MilestonePot), Charge(Of(MarketplaceFee, The(Price)), Client, Platform, "marketplace_fee")}},
		{ID: "OT-4", On: approveMilestone, By: Client, Grant: payments, From: In(Active), Each: MilestoneList, Being: is(ActiveFunded), Unlike: NoMoney, Becomes: Paid,
			Needs: Needs{NotEnded}, To: Same, CoSign: humans("milestone_approve", CoSign{}),
			Money: Money{All(MilestonePot, Worker)}},

		{ID: "OT-5", On: end, By: Client, Grant: payments, From: In(Active), When: Cases{NothingFunded}, Needs: Needs{DispositionsInOrder, NotEnded},
			To: Ended, Sets: Effects{Now(EndDate), MilestonesClosed}},
		{ID: "OT-6", On: end, By: Client, Grant: payments, From: In(Active), When: Cases{SomethingFunded}, Needs: Needs{DispositionsInOrder, NotEnded, DispositionsNamed},
			To: Ended, CoSign: humans("contract_end", CoSign{Completes: allDispositions, Adjusts: Fields{Dispositions}, Results: ended}),
			Sets: Effects{Now(EndDate), MilestonesClosed}, Money: Money{Each(Split(MilestonePot, Becoming(Paid), Worker, Client))}},

		{ID: "OT-7", On: Advance, By: Anyone, From: In(Proposed), Window: Due(Expiry), To: NotHired},
	},
})

// humans is the co-sign of every rule that moves money: signed-in people of the
// client's account, as many as the policy asks for.
func humans(kind string, c CoSign) CoSign {
	c.Type, c.TTL, c.Quorum, c.SeparateDuties = kind, ApprovalTTL, Quorum, SeparateDuties
	return c
}

// is lists statuses of a milestone.
func is(statuses ...string) []string { return statuses }
