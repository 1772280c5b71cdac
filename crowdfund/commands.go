package crowdfund

import (
	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// The commands of a campaign. Each has its Command, and decides by On.
type (
	// Launch opens the campaign, by the creator (CF-1).
	Launch struct{}
	// Pledge gives an amount, in whole units of the asset, by anybody but the
	// creator: a first pledge, one on top, or one after a withdrawal (CF-2 to CF-4).
	Pledge struct{ Amount decimal.Decimal }
	// Withdraw takes the whole pledge back before the deadline (CF-5).
	Withdraw struct{}
	// Cancel ends the campaign, by the creator: every pledge goes back (CF-6).
	Cancel struct{}
)

// Command returns the command.
func (Launch) Command() escrow.Command { return launch.Command() }

// Command returns the command.
func (p Pledge) Command() escrow.Command { return pledge.Command(Gift.Decimal(p.Amount)) }

// Command returns the command.
func (Withdraw) Command() escrow.Command { return withdraw.Command() }

// Command returns the command.
func (Cancel) Command() escrow.Command { return cancel.Command() }

// On decides the command.
func (l Launch) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, l.Command(), actor, clock)
}

// On decides the command.
func (p Pledge) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, p.Command(), actor, clock)
}

// On decides the command.
func (w Withdraw) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, w.Command(), actor, clock)
}

// On decides the command.
func (c Cancel) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}
