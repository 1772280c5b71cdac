package fixedprice

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The parties. The platform only receives.
var (
	Client     = Party("client", NotClient)
	Freelancer = Party("freelancer", NotFreelancer)
	Arbitrator = Party("arbitrator", NotArbitrator)
	Platform   = Receiver("platform")

	// ClientOrFreelancer is either of the two who made the contract.
	ClientOrFreelancer = &escrow.Party{Name: "client or freelancer", Refusal: NotParty, Either: Parties{Client, Freelancer}}
)

// Title is what the contract is about.
var Title = Text("title", "what the contract is about").Filled()

// The fields of a milestone.
var (
	MilestoneID   = Text("milestoneId", "the application's id of the milestone").Filled().Or(InvalidMilestone)
	Name          = Text("name", "what is to be done").Filled().Or(InvalidMilestone)
	Price         = Amount("amount", "what the milestone costs").Positive().Or(InvalidMilestone)
	Work          = Text("work", "what was last submitted, as text or an address").Lines().Optional()
	SubmittedAt   = Instant("submittedAt", "when work was last submitted").Optional()
	RefundAskedAt = Instant("refundAskedAt", "when the client last asked for a refund").Optional()
	DisputedAt    = Instant("disputedAt", "when the freelancer disputed the refund").Optional()
)

// milestones are the parts of the work: an offer names one or more.
var milestones = &escrow.List{
	Name: "milestones", Meaning: "the parts of the work, each with its price and its clock",
	Key: MilestoneID, Fields: Fields{Name, Price, Work, SubmittedAt, RefundAskedAt, DisputedAt},
	Statuses: is(NotFunded, Funded, Submitted, RefundAsked, Disputed, Released, Refunded, Divided),
	Least:    1, Most: 1000, Initial: NotFunded, Missing: MilestoneNotFound,
}

// held are the statuses in which a milestone holds money.
var held = is(Funded, Submitted, RefundAsked, Disputed)

// is lists statuses of a milestone.
func is(statuses ...string) []string { return statuses }

// MilestonePot holds a milestone's money. It is the client's until it is released,
// refunded or divided.
var MilestonePot = &escrow.Pot{
	Name: "milestone", Each: milestones, Holds: held, Owner: Client, In: "milestone_deposit",
	Out: []escrow.PotReason{To(Freelancer, "milestone_release"), To(Client, "milestone_refund"), To(Arbitrator, "arbitration_fee"), To(Platform, "service_fee")},
}

// The policy.
var (
	ServiceFee     = Ratio("serviceFee", "cut of what the freelancer is paid, to the platform").Default(`"0.1"`)
	ClientFee      = Ratio("clientFee", "charged to the client on top of each funding and bonus, for the platform").Default(`"0.05"`)
	ArbitrationFee = Ratio("arbitrationFee", "part of a disputed milestone that the arbitrator gets for a ruling").Default(`"0.05"`).Below("1")
	ReviewWindow   = Window("reviewWindow", "how long the client may look at submitted work before silence releases it").Default(`"P14D"`)
	RefundWindow   = Window("refundWindow", "how long the freelancer may answer a refund request before silence grants it").Default(`"P7D"`)
	RulingWindow   = Window("rulingWindow", "how long the arbitrator may take before a disputed milestone goes back to the client").Default(`"P30D"`)
	ConsentWindow  = Window("consentWindow", "how long a proposed division waits for the other party").Default(`"P3D"`)
)

// What commands carry besides a milestone's own fields.
var (
	milestone       = Target("milestoneId", "the milestone", milestones)
	Submission      = Text("work", "what is submitted, as text or an address").Lines().Filled().Or(WorkMissing)
	Part            = Amount("amount", "how much of the milestone is released").Positive()
	Extra           = Amount("amount", "how much the freelancer is given on top").Positive()
	FreelancerShare = Ratio("freelancerShare", "the freelancer's part of the milestone; the rest goes back to the client")
)

// The actions.
var (
	offer          = Do("offer")
	accept         = Do("accept")
	decline        = Do("decline")
	withdraw       = Do("withdraw")
	addMilestone   = Do("add_milestone", MilestoneID, Name, Price)
	fund           = Do("fund_milestone", milestone)
	submit         = Do("submit", milestone, Submission)
	requestChanges = Do("request_changes", milestone)
	release        = Do("release", milestone)
	releasePart    = Do("release_part", milestone, Part)
	requestRefund  = Do("request_refund", milestone)
	grantRefund    = Do("grant_refund", milestone)
	dispute        = Do("dispute", milestone)
	arbitrate      = Do("arbitrate", milestone, FreelancerShare)
	divide         = Do("divide", milestone, FreelancerShare)
	bonus          = Do("bonus", Extra)
	end            = Do("end")
)

// The moments at which silence decides about a milestone.
var (
	ReleaseDue = After("releaseDue", SubmittedAt, ReviewWindow)
	RefundDue  = After("refundDue", RefundAskedAt, RefundWindow)
	RulingDue  = After("rulingDue", DisputedAt, RulingWindow)
)

// What rows and drafts ask for.
var (
	TwoParties    = DemandOf(Freelancer.Account, escrow.InvalidRequest, escrow.InvalidTerms, Differ(Freelancer, Client))
	ThirdParty    = DemandOf(Arbitrator.Account, escrow.InvalidRequest, escrow.InvalidTerms, Differ(Arbitrator, Client, Freelancer))
	SomethingLeft = DemandOf(Part, escrow.Conflict, ReleaseWhole, MoreThan("the milestone holds more", Balance(MilestonePot), Given(Part)))
	NothingHeld   = None("no milestone holds money", milestones, held...)
)

// The lifecycle's own refusals.
const (
	InvalidMilestone  escrow.Reason = "invalid_milestone"
	WorkMissing       escrow.Reason = "work_missing"
	NotClient         escrow.Reason = "not_client"
	NotFreelancer     escrow.Reason = "not_freelancer"
	NotArbitrator     escrow.Reason = "not_arbitrator"
	NotParty          escrow.Reason = "not_party"
	MilestoneNotFound escrow.Reason = "milestone_not_found"
	WrongMilestone    escrow.Reason = "milestone_status"
	ReleaseWhole      escrow.Reason = "release_whole"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: InvalidMilestone, Code: escrow.InvalidRequest, Meaning: "the milestone lacks an id, a name or a positive amount", Remedy: "complete the milestone"},
	{Reason: WorkMissing, Code: escrow.InvalidRequest, Meaning: "the submission says nothing", Remedy: "say what is submitted, as text or an address"},
	{Reason: NotClient, Code: escrow.Forbidden, Meaning: "only the contract's client may do this", Remedy: "ask as the client"},
	{Reason: NotFreelancer, Code: escrow.Forbidden, Meaning: "only the contract's freelancer may do this", Remedy: "ask as the freelancer"},
	{Reason: NotArbitrator, Code: escrow.Forbidden, Meaning: "only the contract's arbitrator may do this", Remedy: "ask as the arbitrator"},
	{Reason: NotParty, Code: escrow.Forbidden, Meaning: "only the contract's client or freelancer may do this", Remedy: "ask as the client or the freelancer"},
	{Reason: MilestoneNotFound, Code: escrow.NotFound, Meaning: "the contract has no such milestone", Remedy: "name a milestone of the contract"},
	{Reason: WrongMilestone, Code: escrow.Conflict, Meaning: "the milestone's status does not allow this", Remedy: "see the milestone's statuses that the details name"},
	{Reason: ReleaseWhole, Code: escrow.Conflict, Meaning: "a part is less than what the milestone holds", Remedy: "release less, or the whole milestone"},
}
