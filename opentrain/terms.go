package opentrain

import (
	"time"

	"github.com/shopspring/decimal"

	. "github.com/escrow-go/escrow/declare"
	escrow "github.com/escrow-go/escrow/next"
)

// Terms is what a hire is about before anybody has agreed to it.
type Terms struct {
	// ID is the application's: 1 to 200 bytes of printable ASCII, no blank, no "/".
	ID string
	// Client and Worker are accounts, not the same.
	Client, Worker string
	// Asset is what is paid in; the zero value is USD with two places.
	Asset escrow.Asset
	// Title, JobID and ProposalID may be empty.
	Title, JobID, ProposalID string
	// Milestones are exactly one.
	Milestones []MilestoneTerms
	// Policy are the fields of the policy that differ from their default, as
	// Quorum.To(2) or InitiationFee.Decimal(fee).
	Policy []Value
	// Review asks that payouts of MinPayout or more, in smallest units, wait for
	// Quorum people of the application; a Quorum of 0 is none.
	Review PayoutReview
}

// PayoutReview says which payouts are looked at before they leave, and by how many.
type PayoutReview struct {
	MinPayout escrow.Amount
	Quorum    int
}

// MilestoneTerms is what is agreed of a milestone: an id, a name or a description, and
// an amount of more than nothing, in whole units. The due date may be zero.
type MilestoneTerms struct {
	ID, Name, Description string
	Amount                decimal.NullDecimal
	DueDate               time.Time
}

// Draft returns the contract that [Hire] founds. What is wrong with the terms is what
// the hire is refused for.
func (t Terms) Draft() escrow.Contract {
	if t.Asset == (escrow.Asset{}) {
		t.Asset = usd
	}
	values := append([]Value{escrow.TextOf(Client.Account, t.Client), escrow.TextOf(Worker.Account, t.Worker),
		Title.To(t.Title), JobID.To(t.JobID), ProposalID.To(t.ProposalID)}, t.Policy...)
	items := make([][]Value, len(t.Milestones))
	for i, m := range t.Milestones {
		items[i] = m.values()
	}
	c := Lifecycle.DraftIn(t.ID, t.Asset, values...).WithItems(MilestoneList, items...)
	if t.Review.Quorum == 0 {
		return c
	}
	return c.WithReview(t.Review.MinPayout, t.Review.Quorum)
}

func (m MilestoneTerms) values() []Value {
	return []Value{MilestoneID.To(m.ID), Name.To(m.Name), Description.To(m.Description), amountOf(m.Amount), DueDate.To(m.DueDate)}
}
