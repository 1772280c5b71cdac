package opentrain

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// Hire asks for the worker of a draft (OT-1), or, with changed terms, again for one
// that is proposed already.
type Hire struct {
	// Changes are other terms of the milestone; nil leaves them.
	Changes *Changes
}

// Changes are the terms of a milestone that a hire, or the confirmation of one,
// changes. What is zero stays as it is.
type Changes struct {
	Name, Description string
	// Amount is in whole units.
	Amount  decimal.NullDecimal
	DueDate time.Time
}

// AddMilestone adds a further milestone, not yet funded (OT-2).
type AddMilestone struct{ Milestone MilestoneTerms }

// FundMilestone asks for a milestone's money (OT-3).
type FundMilestone struct{ MilestoneID string }

// ApproveMilestone asks for a funded milestone's release to the worker (OT-4).
type ApproveMilestone struct{ MilestoneID string }

// End asks for the contract's end (OT-5, OT-6). Dispositions are a human's own, who
// ends it directly.
type End struct{ Dispositions []Disposition }

// Disposition is what becomes of a funded milestone when the contract ends.
type Disposition struct {
	MilestoneID string
	Disposition DispositionChoice
}

// DispositionChoice is release or refund.
type DispositionChoice string

// The dispositions: the milestone's money goes to the worker, or back to the client.
const (
	Release DispositionChoice = "release"
	Refund  DispositionChoice = "refund"
)

// Confirm is a person's co-signature of an approval, with terms of their own where
// the approval allows them (AP-1).
type Confirm struct {
	ApprovalID string
	// Hash is that of what the person saw; empty when nothing was shown.
	Hash string
	// Dispositions go with a contract_end, Milestone with a proposal_hire.
	Dispositions []Disposition
	Milestone    *Changes
}

// DeclineApproval is a person's refusal to co-sign (AP-2).
type DeclineApproval struct{ ApprovalID, Hash string }

// RevokeConfirmation takes one's own confirmation back while the approval is pending
// (AP-4).
type RevokeConfirmation struct{ ApprovalID string }

// Command returns the command.
func (c Hire) Command() escrow.Command { return hire.Command(c.Changes.value()) }

// Command returns the command.
func (c AddMilestone) Command() escrow.Command {
	return addMilestone.Command(Added.To(c.Milestone.values()...))
}

// Command returns the command.
func (c FundMilestone) Command() escrow.Command {
	return fundMilestone.Command(Milestone.To(c.MilestoneID))
}

// Command returns the command.
func (c ApproveMilestone) Command() escrow.Command {
	return approveMilestone.Command(Milestone.To(c.MilestoneID))
}

// Command returns the command.
func (c End) Command() escrow.Command { return end.Command(rowsOf(c.Dispositions)) }

// Command returns the command.
func (c Confirm) Command() escrow.Command {
	var own []Value
	if c.Dispositions != nil {
		own = append(own, rowsOf(c.Dispositions))
	}
	if c.Milestone != nil {
		own = append(own, c.Milestone.value())
	}
	return escrow.Confirm(c.ApprovalID, c.Hash, own...)
}

// Command returns the command.
func (c DeclineApproval) Command() escrow.Command {
	return escrow.DeclineApproval(c.ApprovalID, c.Hash)
}

// Command returns the command.
func (c RevokeConfirmation) Command() escrow.Command { return escrow.RevokeConfirmation(c.ApprovalID) }

// On decides the command on a contract.
func (c Hire) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c AddMilestone) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c FundMilestone) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c ApproveMilestone) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c End) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c Confirm) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c DeclineApproval) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command on a contract.
func (c RevokeConfirmation) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// value returns the changes as a command carries them; nil carries nothing.
func (c *Changes) value() Value {
	if c == nil {
		return escrow.Unset(Changed)
	}
	return Changed.To(Name.To(c.Name), Description.To(c.Description), amountOf(c.Amount), DueDate.To(c.DueDate))
}

// amountOf returns a price, unset when none is given.
func amountOf(d decimal.NullDecimal) Value {
	if !d.Valid {
		return escrow.Unset(Price)
	}
	return Price.Decimal(d.Decimal)
}

func rowsOf(list []Disposition) Value {
	if list == nil {
		return escrow.Unset(Dispositions)
	}
	rows := make([][]Value, len(list))
	for i, d := range list {
		rows[i] = []Value{disposed.To(d.MilestoneID), disposition.To(string(d.Disposition))}
	}
	return Dispositions.To(rows...)
}
