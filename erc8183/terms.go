package erc8183

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Terms is what a job is about before it is created.
type Terms struct {
	// ID is the application's: 1 to 200 bytes of printable ASCII, no blank, no "/".
	ID     string
	Client string
	// Provider may be left empty, and set later.
	Provider string
	// Evaluator may be the client, and must not be the provider.
	Evaluator string
	// Asset is the payment token; the zero value is USDC.
	Asset escrow.Asset
	// Policy is what differs from the default, as in
	// []escrow.Value{PlatformFee.To(fee)}.
	Policy      []escrow.Value
	Description string
	// ExpiredAt lies at least five minutes ahead when the job is created.
	ExpiredAt time.Time
}

// Draft returns the contract that is only these terms, for [CreateJob]. It never
// fails: what is wrong with the terms is what their founding is refused for.
func (t Terms) Draft() escrow.Contract {
	asset := t.Asset
	if asset == (escrow.Asset{}) {
		asset = Lifecycle.Spec().Asset
	}
	return Lifecycle.DraftIn(t.ID, asset, append([]escrow.Value{
		escrow.TextOf(Client.Account, t.Client),
		escrow.TextOf(Provider.Account, t.Provider),
		escrow.TextOf(Evaluator.Account, t.Evaluator),
		Description.To(t.Description),
		ExpiredAt.To(t.ExpiredAt),
	}, t.Policy...)...)
}

// Job is what a contract says of its job.
type Job struct {
	// Provider is empty until it is set.
	Client, Provider, Evaluator string
	Description                 string
	// Budget is in whole units of the asset.
	Budget    decimal.Decimal
	ExpiredAt time.Time
	// Deliverable, ProviderAgentID and Reason are empty until they are given.
	Deliverable     string
	ProviderAgentID string
	Reason          string
}

// JobOf returns the job of a contract.
func JobOf(c escrow.Contract) Job {
	v := c.View()
	return Job{
		Client: c.Account(Client), Provider: c.Account(Provider), Evaluator: c.Account(Evaluator),
		Description: Description.In(v), Budget: c.Asset().Decimal(Budget.In(v)), ExpiredAt: ExpiredAt.In(v),
		Deliverable: Deliverable.In(v), ProviderAgentID: ProviderAgentID.In(v), Reason: Reason.In(v),
	}
}
