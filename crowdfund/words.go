package crowdfund

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// USDC is what campaigns are paid in unless their terms say otherwise.
var USDC = escrow.Asset{Code: "USDC", Scale: 6}

// Items are statuses of pledges.
type Items = []string

// Key is a backer's account, Pledges are what backers have given: one a backer.
var (
	Key     = Account("backer", "the backer's account")
	Pledges = pledges()
)

func pledges() *escrow.List {
	l := List("pledges", "what backers have given, one a backer", Key)
	l.Statuses = Items{Pledged, Withdrawn}
	return l
}

// The parties.
var (
	Creator  = Party("creator", NotCreator)
	Backer   = EachOf("backer", Pledges, NotBacker)
	Platform = Receiver("platform")

	// AnyBacker is whoever may pledge: everybody but the creator, whose own money
	// must not reach the goal.
	AnyBacker = AnyoneBut("anyone but the creator", NotBacker, CreatorIsBacker, Creator)
)

// The terms.
var (
	Title    = Text("title", "what is funded").Filled()
	Goal     = Amount("goal", "what all pledges together must reach").Positive()
	Deadline = Instant("deadline", "until when backers pledge")
)

// PledgePot holds a backer's pledge.
var PledgePot = HeldIn(PotEach("pledge", Pledges, Backer, "pledge_deposit",
	To(Backer, "pledge_refund"), To(Creator, "payout"), To(Platform, "platform_fee")), Pledged)

// The policy.
var (
	PlatformFee = Ratio("platformFee", "the platform's part of each pledge that goes to the creator").Default(`"0.05"`)
	LeastPledge = Amount("leastPledge", "the least that is given at once").Default(`"1"`)
)

// Gift is what a pledge gives.
var Gift = Amount("amount", "what is given").Positive()

// The actions.
var (
	launch   = Do("launch")
	pledge   = Do("pledge", Gift)
	withdraw = Do("withdraw")
	cancel   = Do("cancel")
)

// Ends is when pledging ends and the goal is looked at.
var Ends = At(Deadline)

// What tells rows apart, and what is demanded.
var (
	FirstPledge = When("no pledge yet", func(v View) bool { return v.Index() < 0 })
	GoalReached = AtMost("goal reached", The(Goal), Total(PledgePot))
	GoalMissed  = Not("goal missed", GoalReached)

	DeadlineAhead = DemandOf(Deadline, escrow.InvalidRequest, escrow.InvalidTerms, Ahead(Ends))
	LeastReached  = DemandOf(Gift, escrow.InvalidRequest, PledgeTooSmall, AtMost("at least the least pledge", The(LeastPledge), Given(Gift)))
)

// The lifecycle's own refusals.
const (
	NotCreator      escrow.Reason = "not_creator"
	NotBacker       escrow.Reason = "not_backer"
	CreatorIsBacker escrow.Reason = "creator_is_backer"
	PledgeTooSmall  escrow.Reason = "pledge_too_small"
	PledgeWithdrawn escrow.Reason = "pledge_withdrawn"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: NotCreator, Code: escrow.Forbidden, Meaning: "only the creator may do this", Remedy: "ask as the creator's account"},
	{Reason: NotBacker, Code: escrow.Forbidden, Meaning: "only a backer may do this", Remedy: "ask as an account that has pledged"},
	{Reason: CreatorIsBacker, Code: escrow.Forbidden, Meaning: "the creator cannot back its own campaign", Remedy: "ask as another account"},
	{Reason: PledgeTooSmall, Code: escrow.InvalidRequest, Meaning: "the pledge is less than the least that is given at once", Remedy: "pledge at least the policy's leastPledge"},
	{Reason: PledgeWithdrawn, Code: escrow.Conflict, Meaning: "the pledge was withdrawn", Remedy: "pledge again"},
}
