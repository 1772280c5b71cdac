package escrow

import (
	"time"

	"github.com/shopspring/decimal"
)

// Action names what a command asks for, as in "withdraw".
type Action string

// Command is what somebody asks for: an action with its payload. A lifecycle
// from outside declares its own commands as structs with this one method; their
// JSON form is that of encoding/json beside "action".
type Command interface{ Action() Action }

// The commands of the OpenContract lifecycle.
type (
	// Create founds the contract that a draft describes (OC-1).
	Create struct{}
	// Accept takes the work and posts the stake (OC-2, OC-3).
	Accept struct{}
	// Decline refuses a direct award (OC-4).
	Decline struct{}
	// Cancel takes an unmatched contract back (OC-5).
	Cancel struct{}
	// Withdraw gives the work up in time, for a part of the stake (OC-7).
	Withdraw struct{}
	// Deliver hands the work over (OC-8).
	Deliver struct {
		// Delivery is a hash or an address; it must not be blank.
		Delivery string
	}
	// Approve accepts the delivery, every criterion met (OC-10).
	Approve struct{}
	// Dispute asks for backup agents to judge, and posts the bond (OC-11).
	Dispute struct{}
	// Draw names the backup agents who judge (OC-13).
	Draw struct{ BackupAgents []string }
	// Vote is a backup agent's judgement, one ballot per criterion (OC-14).
	Vote struct{ Votes []Ballot }
	// Settle pays out what is held (OC-16).
	Settle struct{}
)

// The commands of the OpenTrain lifecycle.
type (
	// Hire asks to found the contract and fund its first milestone (OT-1). On a
	// contract that is already proposed, Milestone may carry changed terms;
	// fields left empty keep their value.
	Hire struct{ Milestone *MilestoneTerms }
	// AddMilestone adds a milestone that is not funded yet (OT-2).
	AddMilestone struct{ Milestone MilestoneTerms }
	// FundMilestone puts a milestone's amount in escrow (OT-3).
	FundMilestone struct{ MilestoneID string }
	// ApproveMilestone releases a milestone to the worker (OT-4).
	ApproveMilestone struct{ MilestoneID string }
	// End ends the contract (OT-5, OT-6). Dispositions are for a human who ends
	// it directly; nil means none are given.
	End struct{ Dispositions []Disposition }
)

// The commands that every lifecycle shares.
type (
	// Advance applies one due deadline, or records expired approvals.
	Advance struct{}
	// Confirm is a human's co-signature (AP-1). Dispositions and Milestone
	// change the terms first, for the approvals that allow it.
	Confirm struct {
		ApprovalID   string
		Dispositions []Disposition
		Milestone    *MilestoneTerms
	}
	// DeclineApproval is a human's refusal to co-sign (AP-2).
	DeclineApproval struct{ ApprovalID string }
)

// MilestoneTerms is what may be said of a milestone.
type MilestoneTerms struct {
	// ID is the application's; a hire and a confirmation may not give it.
	ID                string
	Name, Description string
	// Amount is in whole units of the asset.
	Amount  decimal.NullDecimal
	DueDate time.Time
}

// Disposition says what becomes of a funded milestone when the contract ends.
type Disposition struct {
	MilestoneID string
	Disposition DispositionChoice
}

// DispositionChoice is release (to the worker) or refund (to the client). As a
// policy it may also be require: every confirmation must choose for each.
type DispositionChoice string

// The choices.
const (
	Release DispositionChoice = "release"
	Refund  DispositionChoice = "refund"
	Choose  DispositionChoice = "require"
)

// Ballot is one backup agent's judgement of one criterion.
type Ballot struct {
	CriterionIndex int
	Vote           Verdict
}

// Verdict is a judgement of a criterion; empty means not judged.
type Verdict string

// The verdicts.
const (
	Met     Verdict = "met"
	NotMet  Verdict = "not met"
	Unclear Verdict = "unclear"
)

// Action returns "create".
func (Create) Action() Action { return "create" }

// Action returns "accept".
func (Accept) Action() Action { return "accept" }

// Action returns "decline".
func (Decline) Action() Action { return "decline" }

// Action returns "cancel".
func (Cancel) Action() Action { return "cancel" }

// Action returns "withdraw".
func (Withdraw) Action() Action { return "withdraw" }

// Action returns "deliver".
func (Deliver) Action() Action { return "deliver" }

// Action returns "approve".
func (Approve) Action() Action { return "approve" }

// Action returns "dispute".
func (Dispute) Action() Action { return "dispute" }

// Action returns "draw".
func (Draw) Action() Action { return "draw" }

// Action returns "vote".
func (Vote) Action() Action { return "vote" }

// Action returns "settle".
func (Settle) Action() Action { return "settle" }

// Action returns "hire".
func (Hire) Action() Action { return "hire" }

// Action returns "add_milestone".
func (AddMilestone) Action() Action { return "add_milestone" }

// Action returns "fund_milestone".
func (FundMilestone) Action() Action { return "fund_milestone" }

// Action returns "approve_milestone".
func (ApproveMilestone) Action() Action { return "approve_milestone" }

// Action returns "end".
func (End) Action() Action { return "end" }

// Action returns "advance".
func (Advance) Action() Action { return "advance" }

// Action returns "confirm".
func (Confirm) Action() Action { return "confirm" }

// Action returns "decline_approval".
func (DeclineApproval) Action() Action { return "decline_approval" }

// ownCommands is one more than how many commands the engine has of its own.
const ownCommands = 20

// ownNumber numbers the engine's own commands from 1; one from outside, or a
// pointer, is 0. It finds the rules of a command without asking it anything.
func ownNumber(cmd Command) uint8 {
	switch cmd.(type) {
	case Create:
		return 1
	case Accept:
		return 2
	case Decline:
		return 3
	case Cancel:
		return 4
	case Withdraw:
		return 5
	case Deliver:
		return 6
	case Approve:
		return 7
	case Dispute:
		return 8
	case Draw:
		return 9
	case Vote:
		return 10
	case Settle:
		return 11
	case Hire:
		return 12
	case AddMilestone:
		return 13
	case FundMilestone:
		return 14
	case ApproveMilestone:
		return 15
	case End:
		return 16
	case Advance:
		return 17
	case Confirm:
		return 18
	case DeclineApproval:
		return 19
	}
	return 0
}
