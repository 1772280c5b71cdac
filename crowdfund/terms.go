package crowdfund

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Terms are what a campaign is launched with.
type Terms struct {
	// ID is the contract's, as the application calls it.
	ID string
	// Asset is what is paid in, [USDC] when zero.
	Asset escrow.Asset
	// Title says what is funded.
	Title string
	// Creator is the account that gets the pledges when the goal is reached.
	Creator string
	// Goal is in whole units of the asset.
	Goal decimal.Decimal
	// Deadline is until when backers pledge.
	Deadline time.Time
	// Policy holds what differs from the default policy, as in
	// LeastPledge.Decimal(ten).
	Policy []escrow.Value
}

// Draft returns the contract that is only terms, for [Launch]. What is wrong with
// the terms is for the launch to refuse.
func (t Terms) Draft() escrow.Contract {
	asset := t.Asset
	if asset == (escrow.Asset{}) {
		asset = USDC
	}
	return Lifecycle.DraftIn(t.ID, asset, append([]escrow.Value{
		escrow.TextOf(Creator.Account, t.Creator), Title.To(t.Title), Goal.Decimal(t.Goal), Deadline.To(t.Deadline),
	}, t.Policy...)...)
}
