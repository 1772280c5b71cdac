package inspection

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Terms are what is agreed before anybody pays.
type Terms struct {
	// ID is the contract's, as the application calls it.
	ID string
	// Asset is what is paid in, [USD] when zero.
	Asset escrow.Asset
	// Title says what is sold.
	Title string
	// Buyer and Seller are accounts; Broker and Arbitrator are empty when there is
	// none.
	Buyer, Seller, Broker, Arbitrator string
	// Price is in whole units of the asset.
	Price decimal.Decimal
	// Commission is the broker's part of what the seller is paid, a ratio; zero is
	// none. With the platform's fee it is at most 1.
	Commission decimal.Decimal
	// Inspection is how long goods are looked at, 1 to 30 days in whole seconds.
	Inspection time.Duration
	// ShipBy is until when the seller ships.
	ShipBy time.Time
	// Policy holds what differs from the default policy, as in
	// ReturnWindow.To(7 * 24 * time.Hour).
	Policy []escrow.Value
}

// Draft returns the contract that is only terms, for [Request] or [Offer]. What is
// wrong with the terms is for the founding to refuse.
func (t Terms) Draft() escrow.Contract {
	asset := t.Asset
	if asset == (escrow.Asset{}) {
		asset = USD
	}
	values := append([]escrow.Value{
		escrow.TextOf(Buyer.Account, t.Buyer), escrow.TextOf(Seller.Account, t.Seller),
		escrow.TextOf(Broker.Account, t.Broker), escrow.TextOf(Arbitrator.Account, t.Arbitrator),
		Title.To(t.Title), Price.Decimal(t.Price), Inspection.To(t.Inspection), ShipBy.To(t.ShipBy),
	}, t.Policy...)
	if !t.Commission.IsZero() {
		values = append(values, Commission.Decimal(t.Commission))
	}
	return Lifecycle.DraftIn(t.ID, asset, values...)
}
