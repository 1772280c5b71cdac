package purchase

import "github.com/escrow-go/escrow"

// Terms are what an order begins with. Its total and time come with
// [RequestPayment].
type Terms struct {
	// ID is the contract's, given by the application.
	ID string
	// Customer and Provider are accounts, not the same.
	Customer, Provider string
	// Listing is what is bought or booked.
	Listing string
	// Asset is what the order is paid in, USD when it is the zero Asset.
	Asset escrow.Asset
	// Policy are the fields that differ from their defaults, as in
	// DeliveryWindow.To(72 * time.Hour).
	Policy []escrow.Value
}

// Draft returns the contract that is only terms, for [Inquire] or
// [RequestPayment].
func (t Terms) Draft() escrow.Contract {
	if t.Asset == (escrow.Asset{}) {
		t.Asset = Lifecycle.Spec().Asset
	}
	return Lifecycle.DraftIn(t.ID, t.Asset, append([]escrow.Value{
		escrow.TextOf(Customer.Account, t.Customer), escrow.TextOf(Provider.Account, t.Provider), Listing.To(t.Listing),
	}, t.Policy...)...)
}
