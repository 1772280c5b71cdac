package erc8183

import (
	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// The commands. What time does is [escrow.Advance].
type (
	// CreateJob founds the job that a draft describes (AC-1).
	CreateJob struct{}
	// SetProvider names who is to do the work (AC-2).
	SetProvider struct {
		Provider string
		// AgentID is the provider's id in an agent registry; it may be empty.
		AgentID string
	}
	// SetBudget says what the job costs, in whole units of the asset; 0 is allowed (AC-3).
	SetBudget struct{ Budget decimal.Decimal }
	// Fund pays the budget in, which must be the expected one (AC-4).
	Fund struct{ ExpectedBudget decimal.Decimal }
	// Submit hands the work over; it must not be blank (AC-5).
	Submit struct{ Deliverable string }
	// Complete accepts what was submitted, and pays (AC-6).
	Complete struct{ Reason string }
	// Reject gives the money back: the client before funding, the evaluator after (AC-7).
	Reject struct{ Reason string }
)

// Command returns the command as the engine takes it.
func (CreateJob) Command() escrow.Command { return createJob.Command() }

// On decides the command.
func (x CreateJob) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x SetProvider) Command() escrow.Command {
	return setProvider.Command(newProvider.To(x.Provider), agentID.To(x.AgentID))
}

// On decides the command.
func (x SetProvider) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x SetBudget) Command() escrow.Command { return setBudget.Command(Budget.Decimal(x.Budget)) }

// On decides the command.
func (x SetBudget) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Fund) Command() escrow.Command { return fund.Command(expectedBudget.Decimal(x.ExpectedBudget)) }

// On decides the command.
func (x Fund) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Submit) Command() escrow.Command { return submit.Command(Deliverable.To(x.Deliverable)) }

// On decides the command.
func (x Submit) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Complete) Command() escrow.Command { return complete.Command(Reason.To(x.Reason)) }

// On decides the command.
func (x Complete) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Reject) Command() escrow.Command { return reject.Command(Reason.To(x.Reason)) }

// On decides the command.
func (x Reject) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}
