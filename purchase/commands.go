package purchase

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// Inquire asks the provider about the listing (PU-1). An inquiry holds nothing, and
// stays until payment is requested.
type Inquire struct{}

// Command returns the command.
func (Inquire) Command() escrow.Command { return inquire.Command() }

// On decides the command.
func (c Inquire) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// RequestPayment sets what the order costs, in whole units, and for a booking its time
// (PU-2). It also founds an order without an inquiry.
type RequestPayment struct {
	Total decimal.Decimal
	// BookingStart and BookingEnd are the booked time, zero for goods.
	BookingStart, BookingEnd time.Time
}

// Command returns the command.
func (c RequestPayment) Command() escrow.Command {
	return requestPayment.Command(Price.Decimal(c.Total), BookingStart.To(c.BookingStart), BookingEnd.To(c.BookingEnd))
}

// On decides the command.
func (c RequestPayment) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// ConfirmPayment authorises the payment: the total, and the customer's fee on top (PU-4
// for a booking, PU-5 for goods).
type ConfirmPayment struct{}

// Command returns the command.
func (ConfirmPayment) Command() escrow.Command { return confirmPayment.Command() }

// On decides the command.
func (c ConfirmPayment) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Accept takes a booking (PU-6).
type Accept struct{}

// Command returns the command.
func (Accept) Command() escrow.Command { return accept.Command() }

// On decides the command.
func (c Accept) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Decline refuses a booking (PU-7): all that was authorised goes back.
type Decline struct{}

// Command returns the command.
func (Decline) Command() escrow.Command { return decline.Command() }

// On decides the command.
func (c Decline) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Complete is the operator's word that a booking is over before its time (PU-9).
type Complete struct{}

// Command returns the command.
func (Complete) Command() escrow.Command { return complete.Command() }

// On decides the command.
func (c Complete) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// MarkDelivered says that the goods are delivered (PU-11).
type MarkDelivered struct{}

// Command returns the command.
func (MarkDelivered) Command() escrow.Command { return markDelivered.Command() }

// On decides the command.
func (c MarkDelivered) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// MarkReceived says that the goods have come (PU-13): the provider is paid.
type MarkReceived struct{}

// Command returns the command.
func (MarkReceived) Command() escrow.Command { return markReceived.Command() }

// On decides the command.
func (c MarkReceived) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Dispute contests a delivery (PU-15).
type Dispute struct{}

// Command returns the command.
func (Dispute) Command() escrow.Command { return dispute.Command() }

// On decides the command.
func (c Dispute) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// MarkReceivedFromDisputed is the operator's settlement for the provider (PU-16).
type MarkReceivedFromDisputed struct{}

// Command returns the command.
func (MarkReceivedFromDisputed) Command() escrow.Command { return markReceivedFromDisputed.Command() }

// On decides the command.
func (c MarkReceivedFromDisputed) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// Cancel is the operator's cancellation (PU-17): all that was authorised goes back.
type Cancel struct{}

// Command returns the command.
func (Cancel) Command() escrow.Command { return cancel.Command() }

// On decides the command.
func (c Cancel) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// ReviewByProvider is the provider's review of the customer (PU-20, PU-22): a rating of 1
// to 5, and a text.
type ReviewByProvider struct {
	Rating uint64
	Text   string
}

// Command returns the command.
func (c ReviewByProvider) Command() escrow.Command {
	return reviewByProvider.Command(RatingByProvider.To(c.Rating), ReviewOfCustomer.To(c.Text))
}

// On decides the command.
func (c ReviewByProvider) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// ReviewByCustomer is the customer's review of the provider (PU-21, PU-23): a rating of 1
// to 5, and a text.
type ReviewByCustomer struct {
	Rating uint64
	Text   string
}

// Command returns the command.
func (c ReviewByCustomer) Command() escrow.Command {
	return reviewByCustomer.Command(RatingByCustomer.To(c.Rating), ReviewOfProvider.To(c.Text))
}

// On decides the command.
func (c ReviewByCustomer) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}
