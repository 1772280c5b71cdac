package opentrain

import (
	"strings"

	. "github.com/escrow-go/escrow/declare"
	escrow "github.com/escrow-go/escrow/next"
)

// Who there is. For everybody but the client's tokens and signed-in humans there is
// no such contract.
var (
	Client   = Party("client", escrow.ContractNotFound, escrow.KindToken, escrow.KindHuman)
	Worker   = Party("worker", escrow.ContractNotFound)
	Platform = Receiver("platform")
)

var usd = escrow.Asset{Code: "USD", Scale: 2}

// What an API token needs for the two groups of actions.
var (
	hiring   = Grant{Scope: "proposals:write", Feature: "public_api_hiring"}
	payments = Grant{Scope: "payments:write", Feature: "public_api_payments_write"}
)

// What a contract consists of.
var (
	Title      = Text("title", "what the contract is about").Optional()
	JobID      = Text("jobId", "the job that was posted").Optional()
	ProposalID = Text("proposalId", "the proposal that the hire accepts").Optional()
	EndDate    = Instant("endDate", "when the contract ended").Optional()

	MilestoneID = ID("id", "the milestone's id, the application's").Or(InvalidMilestone)
	Name        = Text("name", "what the milestone is called").Optional().Or(InvalidMilestone)
	Description = Text("description", "what is to be done").Optional().Lines().Or(InvalidMilestone)
	Price       = Amount("amount", "what the milestone costs, in whole units").Positive().Alias("amountUsd", "USD").Or(InvalidMilestone)
	DueDate     = Instant("dueDate", "when it is due; nothing happens by it").Optional()

	MilestoneList = milestoneList()
	MilestonePot  = potOf(PotEach("milestone", MilestoneList, Client, "milestone_deposit", To(Worker, "milestone_release"), To(Client, "milestone_refund")))
)

// The numbers and choices a contract is founded under.
var (
	ApprovalTTL = Window("approvalTTL", "how long a co-sign may take; whole seconds, at most 1 year").Between("PT1S", "PT8760H").Default(`"PT72H"`)

	MarketplaceFee = Ratio("marketplaceFee", "charged to the client on top of each funding; not returned with a refund").Default(`"0.1"`)
	InitiationFee  = Amount("initiationFee", "charged to the client once, at the hire; must fit the asset's scale").Default(`"9.95"`)
	EndDisposition = Choice("endDisposition", "what the proposal to end does with funded milestones: refund, release, or require (refunds are shown and a confirmation must name each)",
		string(Refund), string(Release), "require").Default(`"refund"`)
	Quorum         = Count("quorum", "humans who must confirm; 1 to 10").Between("1", "10").Default(`1`)
	SeparateDuties = Flag("separateDuties", "whoever asked cannot be the only one to confirm").Default(`false`)
)

// What can be asked.
var (
	// Changed are other terms of the first milestone, for a hire that is proposed
	// already; whoever confirms it may change them once more.
	Changed = Record("milestone", "changed terms of the milestone, never its id", MilestoneID, Name, Description, Price, DueDate).Optional().Changes()
	// Added is a further milestone.
	Added = Record("milestone", "the new milestone", MilestoneID, Name, Description, Price, DueDate).Or(InvalidMilestone)
	// Milestone is the one that a command is about.
	Milestone = Target("milestoneId", "the milestone", MilestoneList)

	disposed    = Text("milestoneId", "a funded milestone").Or(DispositionInvalid)
	disposition = Choice("disposition", "release or refund", string(Release), string(Refund)).Or(DispositionInvalid)
	// Dispositions say what becomes of funded milestones.
	Dispositions = Rows("dispositions", "what becomes of funded milestones: each at most once", disposed, disposition).Optional().Or(DispositionInvalid)

	hire             = Do("hire", Changed)
	addMilestone     = Do("add_milestone", Added)
	fundMilestone    = Do("fund_milestone", Milestone)
	approveMilestone = Do("approve_milestone", Milestone)
	end              = Do("end", Dispositions)
)

// When a row counts, and what it demands.
var (
	NothingFunded   = None("nothing funded", MilestoneList, ActiveFunded)
	SomethingFunded = Some("something funded", MilestoneList, ActiveFunded)

	OtherWorker    = DemandOf(Worker.Account, escrow.InvalidRequest, escrow.InvalidTerms, Differ(Client, Worker))
	MilestoneNamed = Check("a milestone with a name or a description", escrow.InvalidRequest, milestoneNamed)

	ChangesProposed = malformed("milestone", "belongs to a hire of a contract that is already proposed", WhenGiven("changed terms only of a proposed hire", changesProposed))
	IDUnchanged     = malformed("milestone.id", "cannot be changed", WhenGiven("the milestone's id unchanged", keepsID))

	ChangeInOrder       = CheckGiven("changed terms in order", escrow.InvalidRequest, changeInOrder)
	MilestoneInOrder    = CheckGiven("milestone in order", escrow.InvalidRequest, milestoneInOrder)
	WithinTotal         = CheckGiven("all milestones together at most 10^38 smallest units", escrow.InvalidRequest, withinTotal)
	DispositionsInOrder = CheckGiven("dispositions in order", escrow.InvalidRequest, dispositionsInOrder)
	NotEnded            = notEnded()
	MilestoneNew        = Demand(escrow.Conflict, MilestoneExists, WhenGiven("no milestone of this id", milestoneNew))
	Room                = Demand(escrow.Conflict, escrow.TooMany, When("fewer than 1,000 milestones", func(v View) bool { return v.Len(MilestoneList) < 1000 }))
	DispositionsNamed   = last(Demand(escrow.InvalidRequest, DispositionRequired, WhenGiven("every funded milestone named, if endDisposition is require", dispositionsNamed)))

	MilestonesClosed = EveryOf("funded milestones PAID or REFUNDED, unfunded ones CANCELLED", MilestoneList, closing)
)

func milestoneList() *escrow.List {
	l := List("milestones", "the parts of the work, each with its own money", MilestoneID, Name, Description, Price, DueDate)
	l.Statuses, l.Initial = is(NotFunded, ActiveFunded, Paid, Refunded, Cancelled), NotFunded
	l.Least, l.Most, l.Max = 1, 1, 1000
	l.Reason, l.Missing, l.Numbered = InvalidMilestone, MilestoneNotFound, "milestoneNumber"
	return l
}

func potOf(p *escrow.Pot) *escrow.Pot {
	p.Holds, p.Implied = is(ActiveFunded), true
	return p
}

// malformed demands of a command what no single field's bounds say.
func malformed(field, message string, c *escrow.Case) *escrow.Requirement {
	return &escrow.Requirement{Case: c, Code: escrow.InvalidRequest, Reason: escrow.Malformed, Field: field, Message: message}
}

func notEnded() *escrow.Requirement {
	r := Demand(escrow.Conflict, escrow.ContractEnded, When("contract not ended", func(v View) bool { return v.Status() != Ended }))
	r.StatusToo = true
	return r
}

func last(r *escrow.Requirement) *escrow.Requirement {
	r.Last = true
	return r
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func invalid(reason escrow.Reason, field, message string) *escrow.Error {
	return escrow.NewRefusal(escrow.InvalidRequest, reason, field+": "+message, map[string]any{"field": field})
}
