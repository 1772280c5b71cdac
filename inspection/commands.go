package inspection

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// The commands of a sale. Each has its Command, and decides by On.
type (
	// Request founds the sale by the buyer (IN-1); the seller agrees.
	Request struct{}
	// Offer founds the sale by the seller (IN-2); the buyer agrees.
	Offer struct{}
	// Agree agrees to the terms that the other one asked for or offered (IN-3,
	// IN-4).
	Agree struct{}
	// Cancel ends the sale before it is paid (IN-5).
	Cancel struct{}
	// Pay pays the price into escrow (IN-6).
	Pay struct{}
	// Ship says that the goods are on their way (IN-7).
	Ship struct{ Tracking string }
	// Receive says that the goods arrived, by the buyer or by the platform, which
	// hears of it from the carrier (IN-9). The inspection runs from here.
	Receive struct{}
	// Accept accepts the goods, and pays the seller (IN-10).
	Accept struct{}
	// Reject rejects the goods while they are inspected (IN-11).
	Reject struct{ Complaint string }
	// ShipReturn says that the rejected goods are on their way back (IN-13).
	ShipReturn struct{ Tracking string }
	// ReceiveReturn says that they arrived, by the seller or by the platform
	// (IN-15).
	ReceiveReturn struct{}
	// AcceptReturn accepts the return, and pays the buyer back (IN-16).
	AcceptReturn struct{}
	// RejectReturn rejects the return, which opens a dispute (IN-17).
	RejectReturn struct{ Complaint string }
	// Dispute opens a dispute over a shipment that does not arrive (IN-19).
	Dispute struct{ Complaint string }
	// AwardSeller decides the dispute for the seller (IN-20).
	AwardSeller struct{}
	// AwardBuyer decides it for the buyer (IN-21).
	AwardBuyer struct{}
	// AwardSplit divides what is held (IN-22). SellerShare is a ratio.
	AwardSplit struct{ SellerShare decimal.Decimal }
	// Settle proposes to the other one to divide what is held (IN-23). SellerShare
	// is a ratio.
	Settle struct{ SellerShare decimal.Decimal }
	// Amend proposes other terms to the other one (IN-24 to IN-26); what is zero
	// stays as it is. The difference of a price already paid is deposited by, or
	// returned to, the buyer when the amendment is confirmed.
	Amend struct {
		Price      decimal.Decimal
		Inspection time.Duration
		ShipBy     time.Time
	}
)

// Command returns the command.
func (Request) Command() escrow.Command { return request.Command() }

// Command returns the command.
func (Offer) Command() escrow.Command { return offer.Command() }

// Command returns the command.
func (Agree) Command() escrow.Command { return agree.Command() }

// Command returns the command.
func (Cancel) Command() escrow.Command { return cancel.Command() }

// Command returns the command.
func (Pay) Command() escrow.Command { return pay.Command() }

// Command returns the command.
func (s Ship) Command() escrow.Command { return ship.Command(Tracking.To(s.Tracking)) }

// Command returns the command.
func (Receive) Command() escrow.Command { return receive.Command() }

// Command returns the command.
func (Accept) Command() escrow.Command { return accept.Command() }

// Command returns the command.
func (r Reject) Command() escrow.Command { return reject.Command(Complaint.To(r.Complaint)) }

// Command returns the command.
func (s ShipReturn) Command() escrow.Command {
	return shipReturn.Command(ReturnTracking.To(s.Tracking))
}

// Command returns the command.
func (ReceiveReturn) Command() escrow.Command { return receiveReturn.Command() }

// Command returns the command.
func (AcceptReturn) Command() escrow.Command { return acceptReturn.Command() }

// Command returns the command.
func (r RejectReturn) Command() escrow.Command {
	return rejectReturn.Command(Complaint.To(r.Complaint))
}

// Command returns the command.
func (d Dispute) Command() escrow.Command { return dispute.Command(Complaint.To(d.Complaint)) }

// Command returns the command.
func (AwardSeller) Command() escrow.Command { return awardSeller.Command() }

// Command returns the command.
func (AwardBuyer) Command() escrow.Command { return awardBuyer.Command() }

// Command returns the command.
func (a AwardSplit) Command() escrow.Command {
	return awardSplit.Command(SellerShare.Decimal(a.SellerShare))
}

// Command returns the command.
func (s Settle) Command() escrow.Command { return settle.Command(SellerShare.Decimal(s.SellerShare)) }

// Command returns the command.
func (a Amend) Command() escrow.Command {
	values := []escrow.Value{ShipBy.To(a.ShipBy)}
	if !a.Price.IsZero() {
		values = append(values, Price.Decimal(a.Price))
	}
	if a.Inspection != 0 {
		values = append(values, Inspection.To(a.Inspection))
	}
	return amend.Command(values...)
}

// On decides the command.
func (r Request) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, r.Command(), actor, clock)
}

// On decides the command.
func (o Offer) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, o.Command(), actor, clock)
}

// On decides the command.
func (a Agree) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}

// On decides the command.
func (c Cancel) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, c.Command(), actor, clock)
}

// On decides the command.
func (p Pay) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, p.Command(), actor, clock)
}

// On decides the command.
func (s Ship) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, s.Command(), actor, clock)
}

// On decides the command.
func (r Receive) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, r.Command(), actor, clock)
}

// On decides the command.
func (a Accept) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}

// On decides the command.
func (r Reject) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, r.Command(), actor, clock)
}

// On decides the command.
func (s ShipReturn) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, s.Command(), actor, clock)
}

// On decides the command.
func (r ReceiveReturn) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, r.Command(), actor, clock)
}

// On decides the command.
func (a AcceptReturn) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}

// On decides the command.
func (r RejectReturn) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, r.Command(), actor, clock)
}

// On decides the command.
func (d Dispute) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, d.Command(), actor, clock)
}

// On decides the command.
func (a AwardSeller) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}

// On decides the command.
func (a AwardBuyer) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}

// On decides the command.
func (a AwardSplit) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}

// On decides the command.
func (s Settle) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, s.Command(), actor, clock)
}

// On decides the command.
func (a Amend) On(contract escrow.Contract, actor escrow.Actor, clock escrow.Clock) (escrow.Decision, error) {
	return escrow.Decide(contract, a.Command(), actor, clock)
}
