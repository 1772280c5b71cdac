package opentrain

import "github.com/escrow-go/escrow"

// The lifecycle's own reasons to refuse.
const (
	InvalidMilestone    escrow.Reason = "invalid_milestone"
	DispositionInvalid  escrow.Reason = "disposition_invalid"
	MilestoneNotFound   escrow.Reason = "milestone_not_found"
	MilestoneExists     escrow.Reason = "milestone_exists"
	NotFundable         escrow.Reason = "milestone_not_fundable"
	NoMoney             escrow.Reason = "milestone_not_funded"
	DispositionRequired escrow.Reason = "disposition_required"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: InvalidMilestone, Code: escrow.InvalidRequest, Meaning: "the milestone lacks an id, a name or description, or a positive amount", Remedy: "complete the milestone"},
	{Reason: DispositionInvalid, Code: escrow.InvalidRequest, Meaning: "dispositions belong to a human's own decision to end, each naming a funded milestone once",
		Remedy: "name each funded milestone at most once, with release or refund"},
	{Reason: MilestoneNotFound, Code: escrow.NotFound, Meaning: "the contract has no such milestone", Remedy: "name a milestone of the contract"},
	{Reason: MilestoneExists, Code: escrow.Conflict, Meaning: "the contract has a milestone of this id", Remedy: "use another id"},
	{Reason: NotFundable, Code: escrow.Conflict, Meaning: "only a milestone that was never funded can be funded", Remedy: "add a new milestone"},
	{Reason: NoMoney, Code: escrow.Conflict, Meaning: "the milestone holds no money", Remedy: "fund the milestone first"},
	{Reason: DispositionRequired, Code: escrow.InvalidRequest, Meaning: "the policy requires a disposition for every funded milestone", Remedy: "say release or refund for each funded milestone"},
}
