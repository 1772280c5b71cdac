package purchase

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The parties. The platform only receives; its operator asks as the system.
var (
	Customer = Party("customer", NotCustomer)
	Provider = Party("provider", NotProvider)
	Platform = Receiver("platform")

	// ProviderOrOperator and CustomerOrOperator are a side, or the operator for it.
	ProviderOrOperator = Either(Provider, System)
	CustomerOrOperator = Either(Customer, System)
)

// Listing is what the order is of.
var Listing = Text("listing", "what is bought or booked, as text or an address").Filled()

// What rules record.
var (
	Price        = Amount("total", "what the order costs, without the customer's fee").Positive().Or(InvalidTotal)
	BookingStart = Instant("bookingStart", "when the booked time begins").Optional()
	BookingEnd   = Instant("bookingEnd", "when the booked time is over").Optional()
	ReceivedAt   = FirstEntered("receivedAt", "when the order was received", Received)
	CompletedAt  = FirstEntered("completedAt", "when the order was first complete: reviews run from then", Completed)

	RatingByProvider = Count("ratingByProvider", "how the provider rates the customer, 1 to 5").Between("1", "5").Or(InvalidReview)
	ReviewOfCustomer = Text("reviewOfCustomer", "what the provider says of the customer").Lines().Filled().Or(InvalidReview)
	RatingByCustomer = Count("ratingByCustomer", "how the customer rates the provider, 1 to 5").Between("1", "5").Or(InvalidReview)
	ReviewOfProvider = Text("reviewOfProvider", "what the customer says of the provider").Lines().Filled().Or(InvalidReview)
)

// The pots. Both are the customer's until the order is received or over; the fee is
// apart, so that a refund gives it back.
var (
	Escrow = Pot("escrow", Customer, "escrow_deposit", To(Provider, "payout"), To(Customer, "escrow_refund"), To(Platform, "provider_fee"))
	FeePot = Pot("customer-fee", Customer, "customer_fee_deposit", To(Platform, "customer_fee"), To(Customer, "customer_fee_refund"))
)

// The policy.
var (
	ProviderFee      = Ratio("providerFee", "cut of what the provider is paid, to the platform").Default(`"0.1"`)
	CustomerFee      = Ratio("customerFee", "what the customer pays on top of the total, for the platform").Default(`"0.05"`)
	PaymentWindow    = Window("paymentWindow", "how long a requested payment may be authorised").Default(`"PT15M"`)
	AcceptanceWindow = Window("acceptanceWindow", "how long the provider may accept a booking").Default(`"P6D"`)
	StartGrace       = Window("startGrace", "how long after its start a booking may still be accepted").Default(`"P1D"`)
	DeliveryWindow   = Window("deliveryWindow", "how long the provider may take to deliver").Default(`"P14D"`)
	ReceiptWindow    = Window("receiptWindow", "how long after delivery the customer may dispute before the order counts as received").Default(`"P14D"`)
	DisputeWindow    = Window("disputeWindow", "how long the operator may take to settle a dispute before the order is canceled").Default(`"P60D"`)
	ReviewWindow     = Window("reviewWindow", "how long both sides may review each other").Default(`"P7D"`)
)

// The actions.
var (
	inquire                  = Do("inquire")
	requestPayment           = Do("request_payment", Price, BookingStart, BookingEnd)
	confirmPayment           = Do("confirm_payment")
	accept                   = Do("accept")
	decline                  = Do("decline")
	complete                 = Do("complete")
	markDelivered            = Do("mark_delivered")
	markReceived             = Do("mark_received")
	dispute                  = Do("dispute")
	markReceivedFromDisputed = Do("mark_received_from_disputed")
	cancel                   = Do("cancel")
	reviewByProvider         = Do("review_by_provider", RatingByProvider, ReviewOfCustomer)
	reviewByCustomer         = Do("review_by_customer", RatingByCustomer, ReviewOfProvider)
)

// The moments. An order is in each of its statuses once, so that the deadlines of a
// status count from its entry; reviews count from the order's completion.
var (
	PayBy       = SinceEntered("payBy", PaymentWindow)
	AcceptBy    = EarlierOf("acceptBy", SinceEntered("acceptanceOver", AcceptanceWindow), After("startGraceOver", BookingStart, StartGrace), BookingOver)
	BookingOver = At(BookingEnd)
	DeliverBy   = SinceEntered("deliverBy", DeliveryWindow)
	ReceiveBy   = SinceEntered("receiveBy", ReceiptWindow)
	ResolveBy   = SinceEntered("resolveBy", DisputeWindow)
	AtOnce      = At(ReceivedAt)
	ReviewBy    = After("reviewBy", CompletedAt, ReviewWindow)
)

// What tells rows apart, and what drafts and commands must have.
var (
	OfTime       = IsSet("a booking", BookingEnd)
	OfGoods      = NotSet("goods", BookingEnd)
	TwoParties   = DemandOf(Provider.Account, escrow.InvalidRequest, escrow.InvalidTerms, Differ(Provider, Customer))
	BookingAhead = DemandOf(BookingStart, escrow.InvalidRequest, InvalidBooking, WhenGiven("a booking lies ahead and ends after it starts", bookingAhead))
)

// bookingAhead reports whether the command books nothing, or time that lies ahead.
func bookingAhead(v View) bool {
	start, end := BookingStart.In(v.Given()), BookingEnd.In(v.Given())
	if start.IsZero() && end.IsZero() {
		return true
	}
	return start.After(v.Now()) && end.After(start)
}

// What happens to the money: it is authorised whole, and goes back whole or out.
var (
	Authorised = Money{Deposit(The(Price), Customer, Escrow), Deposit(Of(CustomerFee, The(Price)), Customer, FeePot)}
	Refund     = Money{All(Escrow, Customer), All(FeePot, Customer)}
	Payout     = Money{All(Escrow, Provider).Deduct(ProviderFee, Platform), All(FeePot, Platform)}
)

// The lifecycle's own refusals.
const (
	InvalidTotal   escrow.Reason = "invalid_total"
	InvalidBooking escrow.Reason = "invalid_booking"
	InvalidReview  escrow.Reason = "invalid_review"
	NotCustomer    escrow.Reason = "not_customer"
	NotProvider    escrow.Reason = "not_provider"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: InvalidTotal, Code: escrow.InvalidRequest, Meaning: "the order has no total, or one of nothing", Remedy: "say what the order costs"},
	{Reason: InvalidBooking, Code: escrow.InvalidRequest, Meaning: "a booking has a start that lies ahead and an end after it", Remedy: "give both times, or none for goods"},
	{Reason: InvalidReview, Code: escrow.InvalidRequest, Meaning: "a review has a rating of 1 to 5 and a text", Remedy: "complete the review"},
	{Reason: NotCustomer, Code: escrow.Forbidden, Meaning: "only the order's customer, or where the rule says so the operator, may do this", Remedy: "ask as the customer"},
	{Reason: NotProvider, Code: escrow.Forbidden, Meaning: "only the order's provider, or where the rule says so the operator, may do this", Remedy: "ask as the provider"},
}
