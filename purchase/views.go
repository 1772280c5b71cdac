package purchase

import (
	"time"

	"github.com/escrow-go/escrow"
)

// Order is what an order is of.
type Order struct {
	// Total is what it costs, Fee what the customer pays on top; nothing before
	// payment is requested.
	Total, Fee escrow.Amount
	// Start and End are the booked time, zero for goods.
	Start, End time.Time
}

// OrderOf returns what the contract's order is of.
func OrderOf(c escrow.Contract) Order {
	v := c.View()
	total := Price.In(v)
	return Order{Total: total, Fee: total.Part(CustomerFee.In(v)), Start: BookingStart.In(v), End: BookingEnd.In(v)}
}

// Review is what one side says of the other.
type Review struct {
	// By is the account that reviews, Of the one that is reviewed.
	By, Of string
	Rating int
	Text   string
}

// Reviews returns the reviews once they may be shown: when both sides have given
// theirs or the time for it is over, so that nobody answers the other's. The
// provider's comes first.
func Reviews(c escrow.Contract) (list []Review) {
	if c.Status() != Reviewed {
		return nil
	}
	v := c.View()
	customer, provider := c.Account(Customer), c.Account(Provider)
	if v.Has(RatingByProvider) {
		list = append(list, Review{provider, customer, int(RatingByProvider.In(v)), ReviewOfCustomer.In(v)})
	}
	if v.Has(RatingByCustomer) {
		list = append(list, Review{customer, provider, int(RatingByCustomer.In(v)), ReviewOfProvider.In(v)})
	}
	return list
}
