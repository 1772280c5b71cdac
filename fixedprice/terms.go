package fixedprice

import (
	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Terms are what an offer says. They are checked when it is made.
type Terms struct {
	// ID is the contract's, given by the application.
	ID string
	// Client, Freelancer and Arbitrator are accounts, no two of them the same.
	Client, Freelancer, Arbitrator string
	// Title is what the contract is about.
	Title string
	// Milestones are the parts of the work, one to 1,000. The client may add others
	// while the contract is active.
	Milestones []MilestoneTerms
	// Asset is what the contract is paid in, USD when it is the zero Asset.
	Asset escrow.Asset
	// Policy are the fields that differ from their defaults, as in
	// ReviewWindow.To(72 * time.Hour).
	Policy []escrow.Value
}

// MilestoneTerms are what is agreed about one milestone: an id that no other has, a
// name, and a positive amount in whole units.
type MilestoneTerms struct {
	ID, Name string
	Amount   decimal.Decimal
}

// Draft returns the contract that is only terms, for [Offer].
func (t Terms) Draft() escrow.Contract {
	if t.Asset == (escrow.Asset{}) {
		t.Asset = Lifecycle.Spec().Asset
	}
	values := append([]escrow.Value{
		escrow.TextOf(Client.Account, t.Client), escrow.TextOf(Freelancer.Account, t.Freelancer), escrow.TextOf(Arbitrator.Account, t.Arbitrator),
		Title.To(t.Title),
	}, t.Policy...)
	items := make([][]escrow.Value, len(t.Milestones))
	for i, m := range t.Milestones {
		items[i] = []escrow.Value{MilestoneID.To(m.ID), Name.To(m.Name), Price.Decimal(m.Amount)}
	}
	return Lifecycle.DraftIn(t.ID, t.Asset, values...).WithItems(milestones, items...)
}
