package escrow

// The statuses of an OpenTrain contract.
const (
	Proposed Status = "proposed"
	Active   Status = "active"
	Ended    Status = "ended"
	NotHired Status = "not-hired"
)

// What an API token needs for the two groups of OpenTrain actions.
var (
	hiring   = Grant{Scope: "proposals:write", Feature: "public_api_hiring"}
	payments = Grant{Scope: "payments:write", Feature: "public_api_payments_write"}
)

// OpenTrain is the lifecycle of work by milestones: an API call alone never moves
// money. Whatever would move it is recorded as an approval, and a signed-in human
// confirms it, or it expires.
var OpenTrain = mustDefine(Spec{
	Name:   "opentrain",
	About:  "Hiring with milestones: money moves only after a signed-in human co-signs.",
	Asset:  Asset{"USD", 2},
	Policy: []PolicyField{ApprovalTTL, MarketplaceFee, InitiationFee, EndDisposition, Quorum, SeparateDutiesField, PayoutReviewField},

	Terminal:  In(Ended, NotHired),
	OpenEnded: Owner,
	Rules: []Rule{
		{ID: "OT-1", On: Hire{}, By: Owner, Grant: hiring, From: In(Draft, Proposed), Needs: Needs{HireInOrder, ChangedTermsInOrder}, To: Active,
			CoSign: CoSign{Type: "proposal_hire", While: Proposed, Declined: NotHired, Sets: Effects{FirstMilestoneAgreed}},
			Sets:   Effects{MilestoneFunded},
			Money: Money{Deposit(MilestoneAmount, Client, MilestonePot),
				Charge(Of(MarketplaceFee, MilestoneAmount), Client, Platform), Charge(InitiationFeeSum, Client, Platform)}},

		{ID: "OT-2", On: AddMilestone{}, By: Owner, Grant: payments, From: In(Active),
			Needs: Needs{MilestoneInOrder, NotEnded, MilestoneNew, RoomForMilestone}, To: Same, Sets: Effects{MilestoneAdded}},
		{ID: "OT-3", On: FundMilestone{}, By: Owner, Grant: payments, From: In(Active),
			Needs: Needs{MilestoneKnown, NotEnded, Fundable}, To: Same,
			CoSign: CoSign{Type: "milestone_fund"}, Sets: Effects{MilestoneFunded},
			Money: Money{Deposit(MilestoneAmount, Client, MilestonePot), Charge(Of(MarketplaceFee, MilestoneAmount), Client, Platform)}},
		{ID: "OT-4", On: ApproveMilestone{}, By: Owner, Grant: payments, From: In(Active),
			Needs: Needs{MilestoneKnown, NotEnded, Funded}, To: Same,
			CoSign: CoSign{Type: "milestone_approve"}, Sets: Effects{MilestonePaid},
			Money: Money{All(MilestonePot, Worker)}},

		{ID: "OT-5", On: End{}, By: Owner, Grant: payments, From: In(Active), When: Cases{NothingFunded},
			Needs: Needs{DispositionsInOrder, NotEnded}, To: Ended, Sets: Effects{EndDated, MilestonesClosed}},
		{ID: "OT-6", On: End{}, By: Owner, Grant: payments, From: In(Active), When: Cases{SomethingFunded},
			Needs: Needs{DispositionsInOrder, NotEnded, DispositionsNamed}, To: Ended,
			CoSign: CoSign{Type: "contract_end"}, Sets: Effects{EndDated, MilestonesClosed},
			Money: Money{Split(Each(MilestonePot), ByDisposition, Worker, Client)}},

		{ID: "OT-7", On: Advance{}, By: Anyone, From: In(Proposed), Window: Due(ApprovalExpiry), To: NotHired},
	},
})
