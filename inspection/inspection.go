// Package inspection is the sale of goods, or of a domain, that the buyer looks at
// before the seller is paid: agree, pay, ship, receive, inspect, accept or reject,
// send back, inspect the return. A broker may have a commission of the seller's
// part, terms are amended by mutual consent, also a price already paid, and what
// the two cannot settle an arbitrator or the platform awards.
//
// [Lifecycle] is the table; [Terms] make a draft, the typed commands decide:
//
//	founded, err := inspection.Offer{}.On(draft, seller, clock)
package inspection

import . "github.com/escrow-go/escrow/declare"

// The statuses of a sale.
const (
	Requested  Status = "requested"
	Offered    Status = "offered"
	Agreed     Status = "agreed"
	Paid       Status = "paid"
	Shipped    Status = "shipped"
	Inspecting Status = "inspecting"
	Rejected   Status = "rejected"
	Returning  Status = "returning"
	Checking   Status = "checking-return"
	Disputed   Status = "disputed"
	Accepted   Status = "accepted"
	Refunded   Status = "refunded"
	Divided    Status = "divided"
	Canceled   Status = "canceled"
)

// Lifecycle is the sale with inspection as one table.
var Lifecycle = Must(Spec{
	Name: "inspection", Version: 1, Asset: USD,
	About:    "A sale that the buyer inspects before the seller is paid, with return, broker and amendments by mutual consent.",
	Parties:  Parties{Buyer, Seller, Broker, Arbitrator, Platform},
	Terms:    Fields{Title, Price, Inspection, ShipBy, Commission},
	Check:    Needs{AllDiffer, BrokerNamed, CutsFit},
	State:    Fields{Tracking, ReturnTracking, Complaint, ReceivedAt, RejectedAt, ReturnedAt},
	Pots:     Pots{PricePot},
	Policy:   Fields{PlatformFee, ReturnWindow, ConsentWindow},
	Terminal: In(Accepted, Refunded, Divided, Canceled),
	Reasons:  reasons,
	Rules: []Rule{
		{ID: "IN-1", On: request, By: Buyer, From: In(Draft), Needs: Needs{ShipByAhead}, To: Requested},
		{ID: "IN-2", On: offer, By: Seller, From: In(Draft), Needs: Needs{ShipByAhead}, To: Offered},
		{ID: "IN-3", On: agree, By: Seller, From: In(Requested), Window: Before(ShipDue), To: Agreed},
		{ID: "IN-4", On: agree, By: Buyer, From: In(Offered), Window: Before(ShipDue), To: Agreed},
		{ID: "IN-5", On: cancel, By: Traders, From: In(Requested, Offered, Agreed), To: Canceled},

		{ID: "IN-6", On: pay, By: Buyer, From: In(Agreed), Window: Before(ShipDue), To: Paid,
			Money: Money{Deposit(The(Price), Buyer, PricePot)}},
		{ID: "IN-7", On: ship, By: Seller, From: In(Paid), Window: Before(ShipDue), To: Shipped,
			Sets: Effects{Take(Tracking)}},
		{ID: "IN-8", On: Advance, By: Anyone, From: In(Paid), Window: Due(ShipDue), To: Refunded, Money: ToBuyer},
		{ID: "IN-9", On: receive, By: BuyerOrCarrier, From: In(Shipped), To: Inspecting},

		{ID: "IN-10", On: accept, By: Buyer, From: In(Inspecting), Window: Before(InspectionEnds), To: Accepted, Money: ToSeller},
		{ID: "IN-11", On: reject, By: Buyer, From: In(Inspecting), Window: Before(InspectionEnds), To: Rejected,
			Sets: Effects{Take(Complaint)}},
		{ID: "IN-12", On: Advance, By: Anyone, From: In(Inspecting), Window: Due(InspectionEnds), To: Accepted, Money: ToSeller},

		{ID: "IN-13", On: shipReturn, By: Buyer, From: In(Rejected), Window: Before(ReturnDue), To: Returning,
			Sets: Effects{Take(ReturnTracking)}},
		{ID: "IN-14", On: Advance, By: Anyone, From: In(Rejected), Window: Due(ReturnDue), To: Accepted, Money: ToSeller},
		{ID: "IN-15", On: receiveReturn, By: SellerOrCarrier, From: In(Returning), To: Checking},
		{ID: "IN-16", On: acceptReturn, By: Seller, From: In(Checking), Window: Before(CheckEnds), To: Refunded, Money: ToBuyer},
		{ID: "IN-17", On: rejectReturn, By: Seller, From: In(Checking), Window: Before(CheckEnds), To: Disputed,
			Sets: Effects{Take(Complaint)}},
		{ID: "IN-18", On: Advance, By: Anyone, From: In(Checking), Window: Due(CheckEnds), To: Refunded, Money: ToBuyer},

		{ID: "IN-19", On: dispute, By: Traders, From: In(Shipped, Returning), To: Disputed,
			Sets: Effects{Take(Complaint)}},
		{ID: "IN-20", On: awardSeller, By: Judge, From: In(Disputed), To: Accepted, Money: ToSeller},
		{ID: "IN-21", On: awardBuyer, By: Judge, From: In(Disputed), To: Refunded, Money: ToBuyer},
		{ID: "IN-22", On: awardSplit, By: Judge, From: In(Disputed), To: Divided, Money: ToBoth},
		{ID: "IN-23", On: settle, By: Traders, From: In(Disputed), CoSign: Consent("settlement"), To: Divided, Money: ToBoth},

		{ID: "IN-24", On: amend, By: Traders, From: In(Requested, Offered, Agreed), Needs: Needs{TermGiven, ShipByStaysAhead},
			CoSign: Consent("amendment"), To: Same, Sets: Effects{Amended(Price, Inspection, ShipBy)}},
		{ID: "IN-25", On: amend, By: Traders, From: In(Paid), Window: Before(ShipDue), Needs: Needs{TermGiven, ShipByStaysAhead},
			CoSign: Consent("amendment"), To: Same, Sets: Effects{Amended(Price, Inspection, ShipBy)}, Money: Money{Difference(Price, Buyer, PricePot)}},
		{ID: "IN-26", On: amend, By: Traders, From: In(Shipped, Inspecting), Window: Before(InspectionEnds), Needs: Needs{TermGiven, NotShippedYet, InspectionStaysAhead},
			CoSign: Consent("amendment"), To: Same, Sets: Effects{Amended(Price, Inspection)}, Money: Money{Difference(Price, Buyer, PricePot)}},
	},
})
