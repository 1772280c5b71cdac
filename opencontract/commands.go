package opencontract

import "github.com/escrow-go/escrow"

// The commands. What time does is [escrow.Advance].
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
	// Vote is a backup agent's judgement, one ballot for each criterion (OC-14).
	Vote struct{ Ballots []Ballot }
	// Settle pays out what is held (OC-16).
	Settle struct{}
)

// Ballot is one backup agent's judgement of one criterion: Met, NotMet or Unclear.
type Ballot struct {
	CriterionIndex int
	Vote           string
}

// Command returns the command as the engine takes it.
func (Create) Command() escrow.Command { return create.Command() }

// On decides the command.
func (x Create) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Accept) Command() escrow.Command { return accept.Command() }

// On decides the command.
func (x Accept) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Decline) Command() escrow.Command { return decline.Command() }

// On decides the command.
func (x Decline) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Cancel) Command() escrow.Command { return cancel.Command() }

// On decides the command.
func (x Cancel) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Withdraw) Command() escrow.Command { return withdraw.Command() }

// On decides the command.
func (x Withdraw) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Deliver) Command() escrow.Command { return deliver.Command(Delivered.To(x.Delivery)) }

// On decides the command.
func (x Deliver) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Approve) Command() escrow.Command { return approve.Command() }

// On decides the command.
func (x Approve) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Dispute) Command() escrow.Command { return dispute.Command() }

// On decides the command.
func (x Dispute) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Draw) Command() escrow.Command { return draw.Command(DrawnAgents.To(x.BackupAgents)) }

// On decides the command.
func (x Draw) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (x Vote) Command() escrow.Command {
	rows := make([][]escrow.Value, len(x.Ballots))
	for i, b := range x.Ballots {
		rows[i] = []escrow.Value{criterion.To(uint64(b.CriterionIndex)), verdict.To(b.Vote)}
	}
	return vote.Command(entries.To(rows...))
}

// On decides the command.
func (x Vote) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}

// Command returns the command as the engine takes it.
func (Settle) Command() escrow.Command { return settle.Command() }

// On decides the command.
func (x Settle) On(c escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(c, x.Command(), actor, clock)
}
