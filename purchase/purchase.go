// Package purchase is an order on a marketplace of listings: goods that are
// delivered, or a booking of time. The customer may inquire first; payment is
// requested, and the order is authorised within minutes or lapses. Goods are then
// the provider's to deliver and the customer's to receive; a booking is the
// provider's to accept, and is complete when it is over. The operator of the
// marketplace, as the system, settles disputes and cancels. At last both sides
// review each other.
//
//	contract := purchase.Terms{ID: "order-1", Listing: "A bicycle", Customer: "acct_c", Provider: "acct_p"}.Draft()
//	decision, err := purchase.RequestPayment{Total: decimal.RequireFromString("80")}.On(contract, escrow.Agent("acct_c"), clock)
//
// A deposit is made when the payment is authorised: what the money is until it is
// captured is between the application and its rail. [Lifecycle] is the law: the
// table in this file. Everything else follows it.
package purchase

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The statuses of an order. A booking goes by way of preauthorized and accepted,
// goods by way of purchased, delivered and received.
const (
	Inquiry            Status = "inquiry"
	PendingPayment     Status = "pending-payment"
	PaymentExpired     Status = "payment-expired"
	Preauthorized      Status = "preauthorized"
	Declined           Status = "declined"
	Expired            Status = "expired"
	Accepted           Status = "accepted"
	Purchased          Status = "purchased"
	Delivered          Status = "delivered"
	Disputed           Status = "disputed"
	Canceled           Status = "canceled"
	Received           Status = "received"
	Completed          Status = "completed"
	ReviewedByProvider Status = "reviewed-by-provider"
	ReviewedByCustomer Status = "reviewed-by-customer"
	Reviewed           Status = "reviewed"
)

// Lifecycle is the law of orders.
var Lifecycle = Must(Spec{
	Name: "purchase", Version: 1, Asset: escrow.Asset{Code: "USD", Scale: 2},
	About:    "An order on a marketplace: goods delivered and received, or a booking accepted and over; disputes, cancellation by the operator, reviews.",
	Parties:  Parties{Customer, Provider, Platform},
	Terms:    Fields{Listing},
	Check:    Needs{TwoParties},
	State:    Fields{Price, BookingStart, BookingEnd, ReceivedAt, CompletedAt, RatingByProvider, ReviewOfCustomer, RatingByCustomer, ReviewOfProvider},
	Pots:     Pots{Escrow, FeePot},
	Policy:   Fields{ProviderFee, CustomerFee, PaymentWindow, AcceptanceWindow, StartGrace, DeliveryWindow, ReceiptWindow, DisputeWindow, ReviewWindow},
	Terminal: In(PaymentExpired, Declined, Expired, Canceled, Reviewed),
	Reasons:  reasons,
	Rules: []Rule{
		{ID: "PU-1", On: inquire, By: Customer, From: In(Draft), To: Inquiry},
		{ID: "PU-2", On: requestPayment, By: Customer, From: In(Draft, Inquiry), Needs: Needs{BookingAhead}, To: PendingPayment,
			Sets: Effects{Take(Price), Take(BookingStart), Take(BookingEnd)}},
		{ID: "PU-3", On: Advance, By: Anyone, From: In(PendingPayment), Window: Due(PayBy), To: PaymentExpired},
		{ID: "PU-4", On: confirmPayment, By: Customer, From: In(PendingPayment), When: Cases{OfTime}, Window: Before(PayBy), To: Preauthorized, Money: Authorised},
		{ID: "PU-5", On: confirmPayment, By: Customer, From: In(PendingPayment), When: Cases{OfGoods}, Window: Before(PayBy), To: Purchased, Money: Authorised},

		{ID: "PU-6", On: accept, By: ProviderOrOperator, From: In(Preauthorized), Window: Before(AcceptBy), To: Accepted},
		{ID: "PU-7", On: decline, By: ProviderOrOperator, From: In(Preauthorized), Window: Before(AcceptBy), To: Declined, Money: Refund},
		{ID: "PU-8", On: Advance, By: Anyone, From: In(Preauthorized), Window: Due(AcceptBy), To: Expired, Money: Refund},
		{ID: "PU-9", On: complete, By: System, From: In(Accepted), Window: Before(BookingOver), To: Completed, Money: Payout},
		{ID: "PU-10", On: Advance, By: Anyone, From: In(Accepted), Window: Due(BookingOver), To: Completed, Money: Payout},

		{ID: "PU-11", On: markDelivered, By: ProviderOrOperator, From: In(Purchased), Window: Before(DeliverBy), To: Delivered},
		{ID: "PU-12", On: Advance, By: Anyone, From: In(Purchased), Window: Due(DeliverBy), To: Canceled, Money: Refund},
		{ID: "PU-13", On: markReceived, By: Customer, From: In(Purchased, Delivered), To: Received, Money: Payout},
		{ID: "PU-14", On: Advance, By: Anyone, From: In(Delivered), Window: Due(ReceiveBy), To: Received, Money: Payout},
		{ID: "PU-15", On: dispute, By: CustomerOrOperator, From: In(Delivered), Window: Before(ReceiveBy), To: Disputed},
		{ID: "PU-16", On: markReceivedFromDisputed, By: System, From: In(Disputed), Window: Before(ResolveBy), To: Received, Money: Payout},
		{ID: "PU-17", On: cancel, By: System, From: In(Accepted, Purchased, Disputed), To: Canceled, Money: Refund},
		{ID: "PU-18", On: Advance, By: Anyone, From: In(Disputed), Window: Due(ResolveBy), To: Canceled, Money: Refund},
		{ID: "PU-19", On: Advance, By: Anyone, From: In(Received), Window: Due(AtOnce), To: Completed},

		{ID: "PU-20", On: reviewByProvider, By: Provider, From: In(Completed), Window: Before(ReviewBy), To: ReviewedByProvider,
			Sets: Effects{Take(RatingByProvider), Take(ReviewOfCustomer)}},
		{ID: "PU-21", On: reviewByCustomer, By: Customer, From: In(Completed), Window: Before(ReviewBy), To: ReviewedByCustomer,
			Sets: Effects{Take(RatingByCustomer), Take(ReviewOfProvider)}},
		{ID: "PU-22", On: reviewByProvider, By: Provider, From: In(ReviewedByCustomer), Window: Before(ReviewBy), To: Reviewed,
			Sets: Effects{Take(RatingByProvider), Take(ReviewOfCustomer)}},
		{ID: "PU-23", On: reviewByCustomer, By: Customer, From: In(ReviewedByProvider), Window: Before(ReviewBy), To: Reviewed,
			Sets: Effects{Take(RatingByCustomer), Take(ReviewOfProvider)}},
		{ID: "PU-24", On: Advance, By: Anyone, From: In(Completed, ReviewedByProvider, ReviewedByCustomer), Window: Due(ReviewBy), To: Reviewed},
	},
})
