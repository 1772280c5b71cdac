// Package fixedprice is hiring for a fixed price by milestones, as a marketplace
// for freelancers does it. The client funds a milestone, the freelancer submits
// work for it, and the client's release, or its silence for the review window,
// pays. A refund that the client asks for is granted, or comes by silence, unless
// the freelancer disputes it: then the arbitrator divides the milestone, or both
// parties agree on a division.
//
//	contract := fixedprice.Terms{ID: "job-1", Title: "A logo", Client: "acct_c", Freelancer: "acct_f", Arbitrator: "acct_a",
//		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: decimal.RequireFromString("400")}}}.Draft()
//	decision, err := fixedprice.Offer{}.On(contract, escrow.Agent("acct_c"), clock)
//
// [Lifecycle] is the law: the table in this file. Everything else follows it.
package fixedprice

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The statuses of a contract.
const (
	Offered   Status = "offered"
	Active    Status = "active"
	Declined  Status = "declined-by-freelancer"
	Withdrawn Status = "withdrawn-by-client"
	Ended     Status = "ended"
)

// The statuses of a milestone. It holds money from funded to disputed.
const (
	NotFunded   = "NOT_FUNDED"
	Funded      = "FUNDED"
	Submitted   = "SUBMITTED"
	RefundAsked = "REFUND_ASKED"
	Disputed    = "DISPUTED"
	Released    = "RELEASED"
	Refunded    = "REFUNDED"
	Divided     = "DIVIDED"
)

// Lifecycle is the law of fixed-price contracts.
var Lifecycle = Must(Spec{
	Name: "fixedprice", Version: 1, Asset: escrow.Asset{Code: "USD", Scale: 2},
	About:     "A fixed price by milestones: funded by the client, released by it or by its silence; refunds, disputes and agreed divisions.",
	Parties:   Parties{Client, Freelancer, Arbitrator, Platform},
	Terms:     Fields{Title},
	Check:     Needs{TwoParties, ThirdParty},
	Lists:     Lists{milestones},
	Pots:      Pots{MilestonePot},
	Policy:    Fields{ServiceFee, ClientFee, ArbitrationFee, ReviewWindow, RefundWindow, RulingWindow, ConsentWindow},
	Terminal:  In(Declined, Withdrawn, Ended),
	OpenEnded: map[Status]*escrow.Party{Active: Client},
	Reasons:   reasons,
	Rules: []Rule{
		{ID: "FP-1", On: offer, By: Client, From: In(Draft), To: Offered},
		{ID: "FP-2", On: accept, By: Freelancer, From: In(Offered), To: Active},
		{ID: "FP-3", On: decline, By: Freelancer, From: In(Offered), To: Declined},
		{ID: "FP-4", On: withdraw, By: Client, From: In(Offered), To: Withdrawn},

		{ID: "FP-5", On: addMilestone, By: Client, From: In(Active), To: Same,
			Sets: Effects{Add(milestones, NotFunded)}},
		{ID: "FP-6", On: fund, By: Client, From: In(Active), Each: milestones, Being: is(NotFunded), Becomes: Funded, Unlike: WrongMilestone, To: Same,
			Money: Money{Deposit(The(Price), Client, MilestonePot), Charge(Of(ClientFee, The(Price)), Client, Platform, "client_fee")}},
		{ID: "FP-7", On: submit, By: Freelancer, From: In(Active), Each: milestones, Being: is(Funded, Submitted), Becomes: Submitted, Unlike: WrongMilestone, To: Same,
			Sets: Effects{Put(Work, Submission), Now(SubmittedAt)}},
		{ID: "FP-8", On: requestChanges, By: Client, From: In(Active), Each: milestones, Being: is(Submitted), Becomes: Funded, Unlike: WrongMilestone, Window: Before(ReleaseDue), To: Same},

		{ID: "FP-9", On: release, By: Client, From: In(Active), Each: milestones, Being: held, Becomes: Released, Unlike: WrongMilestone, To: Same,
			Money: Money{All(MilestonePot, Freelancer).Deduct(ServiceFee, Platform)}},
		{ID: "FP-10", On: releasePart, By: Client, From: In(Active), Each: milestones, Being: is(Funded, Submitted), Becomes: Funded, Unlike: WrongMilestone, Needs: Needs{SomethingLeft}, To: Same,
			Money: Money{Partial(Given(Part), MilestonePot, Freelancer).Deduct(ServiceFee, Platform).As("partial_release")}},
		{ID: "FP-11", On: Advance, By: Anyone, From: In(Active), Each: milestones, Being: is(Submitted), Becomes: Released, Window: Due(ReleaseDue), To: Same,
			Money: Money{All(MilestonePot, Freelancer).Deduct(ServiceFee, Platform).As("auto_release")}},

		{ID: "FP-12", On: requestRefund, By: Client, From: In(Active), Each: milestones, Being: is(Funded, Submitted), Becomes: RefundAsked, Unlike: WrongMilestone, To: Same,
			Sets: Effects{Now(RefundAskedAt)}},
		{ID: "FP-13", On: grantRefund, By: Freelancer, From: In(Active), Each: milestones, Being: held, Becomes: Refunded, Unlike: WrongMilestone, To: Same,
			Money: Money{All(MilestonePot, Client)}},
		{ID: "FP-14", On: Advance, By: Anyone, From: In(Active), Each: milestones, Being: is(RefundAsked), Becomes: Refunded, Window: Due(RefundDue), To: Same,
			Money: Money{All(MilestonePot, Client).As("auto_refund")}},

		{ID: "FP-15", On: dispute, By: Freelancer, From: In(Active), Each: milestones, Being: is(RefundAsked), Becomes: Disputed, Unlike: WrongMilestone, Window: Before(RefundDue), To: Same,
			Sets: Effects{Now(DisputedAt)}},
		{ID: "FP-16", On: arbitrate, By: Arbitrator, From: In(Active), Each: milestones, Being: is(Disputed), Becomes: Divided, Unlike: WrongMilestone, Window: Before(RulingDue), To: Same,
			Money: Money{Partial(Of(ArbitrationFee, Balance(MilestonePot)), MilestonePot, Arbitrator), Split(MilestonePot, ByGiven(FreelancerShare), Freelancer, Client).Deduct(ServiceFee, Platform)}},
		{ID: "FP-17", On: Advance, By: Anyone, From: In(Active), Each: milestones, Being: is(Disputed), Becomes: Refunded, Window: Due(RulingDue), To: Same,
			Money: Money{All(MilestonePot, Client).As("auto_refund")}},
		{ID: "FP-18", On: divide, By: ClientOrFreelancer, From: In(Active), Each: milestones, Being: held, Becomes: Divided, Unlike: WrongMilestone, To: Same,
			CoSign: CoSign{Type: "agreed_division", From: Parties{Client, Freelancer}, TTL: ConsentWindow},
			Money:  Money{Split(MilestonePot, ByGiven(FreelancerShare), Freelancer, Client).Deduct(ServiceFee, Platform)}},

		{ID: "FP-19", On: bonus, By: Client, From: In(Active), To: Same,
			Money: Money{Charge(Given(Extra), Client, Freelancer, "bonus"), Charge(Of(ClientFee, Given(Extra)), Client, Platform, "client_fee")}},
		{ID: "FP-20", On: end, By: ClientOrFreelancer, From: In(Active), When: Cases{NothingHeld}, To: Ended},
	},
})
