package escrowtest

import "github.com/escrow-go/escrow"

// habits are what a backend does that the engine leaves to the application.
type habits struct {
	DeadlinesFirst bool `json:"appliesDeadlinesFirst,omitempty"`
	ApprovalURL    bool `json:"fillsApprovalUrl,omitempty"`
	Hides          bool `json:"hidesContracts,omitempty"`
}

// AppliesDeadlinesFirst says that the system applies the deadlines that are due
// before it decides on a question: its answer is the engine's on the contract as
// [escrow.AsOf] returns it, and "deadline_due" is never one. What only a due deadline
// is answered by need not be reached.
func AppliesDeadlinesFirst() Option { return func(r *run) { r.habits.DeadlinesFirst = true } }

// FillsApprovalURL says that the system fills "approvalUrl", which every pending
// approval must then have, and "result". Neither is compared.
func FillsApprovalURL() Option { return func(r *run) { r.habits.ApprovalURL = true } }

// HidesContracts says that the system tells whoever may not know of a contract
// ([escrow.Visible]) that there is none, whatever the engine would refuse the question
// for.
func HidesContracts() Option { return func(r *run) { r.habits.Hides = true } }

// ask returns the engine's answer to a question, as far as the asker may know it.
func (h habits) ask(c escrow.Contract, q Question) Answer {
	a := ask(c, q)
	if !h.Hides || a.Accepted() || c.IsDraft() || a.Code == escrow.Unauthorized || a.Code == escrow.InternalError || escrow.Visible(c, q.Actor) {
		return a
	}
	return AnswerOf(escrow.Decision{}, escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil))
}

// compare returns in what the system's answer differs from the engine's.
func (h habits) compare(want, got *Answer) []Difference {
	found := compare(want, got, h.ApprovalURL)
	if !h.ApprovalURL || len(found) > 0 || !got.Accepted() || got.Contract == nil {
		return found
	}
	if a, ok := got.Contract.Approval(want.Approval); ok && a.ApprovalURL == "" && a.Status == "pending" {
		found = append(found, Difference{"decision.approval.approvalUrl", "where the application has it signed", "nothing"})
	}
	return found
}
