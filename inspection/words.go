package inspection

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// USD is what sales are paid in unless their terms say otherwise.
var USD = escrow.Asset{Code: "USD", Scale: 2}

// The parties. A broker and an arbitrator are named where there are such.
var (
	Buyer      = Party("buyer", NotBuyer)
	Seller     = Party("seller", NotSeller)
	Broker     = PartyIfAny("broker", NotBroker)
	Arbitrator = PartyIfAny("arbitrator", NotArbitrator)
	Platform   = Receiver("platform")

	// Traders are the two whose sale it is.
	Traders = OneOf(NotTrader, Buyer, Seller)
	// BuyerOrCarrier and SellerOrCarrier know of an arrival: who received, or the
	// platform, which hears of it from the carrier.
	BuyerOrCarrier  = Either(Buyer, System)
	SellerOrCarrier = Either(Seller, System)
	// Judge is the arbitrator, or the platform itself.
	Judge = Either(Arbitrator, System)
)

// The terms. Price, inspection and shipping date can be amended.
var (
	Title      = Text("title", "what is sold").Filled()
	Price      = Amount("price", "what the buyer pays").Positive().Amendable()
	Inspection = Window("inspection", "how long the buyer, and of a return the seller, may look at what was received").Between("P1D", "P30D").Amendable()
	ShipBy     = Instant("shipBy", "until when the seller ships").Amendable()
	Commission = Ratio("commission", "the broker's part of what the seller is paid").Optional()
)

// What rules record.
var (
	Tracking       = Text("tracking", "the shipment's number with the carrier").Optional()
	ReturnTracking = Text("returnTracking", "the returned shipment's number with the carrier").Optional()
	Complaint      = Text("complaint", "what is wrong, as was last said").Lines().Optional()
	ReceivedAt     = LastEntered("receivedAt", "when the buyer received the goods", Inspecting)
	RejectedAt     = LastEntered("rejectedAt", "when the buyer rejected them", Rejected)
	ReturnedAt     = LastEntered("returnedAt", "when the seller received them back", Checking)
)

// PricePot holds the price.
var PricePot = Pot("escrow", Buyer, "escrow_deposit", To(Buyer, "escrow_refund"), To(Seller, "payout"), To(Broker, "broker_commission"), To(Platform, "platform_fee"))

// The policy.
var (
	PlatformFee   = Ratio("platformFee", "the platform's part of what the seller is paid").Default(`"0.0325"`)
	ReturnWindow  = Window("returnWindow", "how long the buyer may take to send rejected goods back before they count as accepted").Default(`"P10D"`)
	ConsentWindow = Window("consentWindow", "how long a proposal to the other party lives").Default(`"P3D"`)
)

// What only commands carry.
var SellerShare = Ratio("sellerShare", "the seller's part of what is held; the rest is the buyer's")

// The actions.
var (
	request       = Do("request")
	offer         = Do("offer")
	agree         = Do("agree")
	cancel        = Do("cancel")
	pay           = Do("pay")
	ship          = Do("ship", Tracking)
	receive       = Do("receive")
	accept        = Do("accept")
	reject        = Do("reject", Complaint)
	shipReturn    = Do("ship_return", ReturnTracking)
	receiveReturn = Do("receive_return")
	acceptReturn  = Do("accept_return")
	rejectReturn  = Do("reject_return", Complaint)
	dispute       = Do("dispute", Complaint)
	awardSeller   = Do("award_seller")
	awardBuyer    = Do("award_buyer")
	awardSplit    = Do("award_split", SellerShare)
	settle        = Do("settle", SellerShare)
	amend         = Do("amend", Maybe(Price), Maybe(Inspection), Maybe(ShipBy))
)

// The moments.
var (
	ShipDue        = At(ShipBy)
	InspectionEnds = After("inspectionEnds", ReceivedAt, Inspection)
	ReturnDue      = After("returnDue", RejectedAt, ReturnWindow)
	CheckEnds      = After("returnInspectionEnds", ReturnedAt, Inspection)
)

// What is demanded.
var (
	AllDiffer   = Demand(escrow.InvalidRequest, escrow.InvalidTerms, Differ(Buyer, Seller, Broker, Arbitrator))
	BrokerNamed = DemandOf(Commission, escrow.InvalidRequest, escrow.InvalidTerms, Or("a commission has a broker", NotSet("", Commission), IsSet("", Broker.Account)))
	CutsFit     = DemandOf(Commission, escrow.InvalidRequest, escrow.InvalidTerms, Within(Commission, PlatformFee))
	ShipByAhead = DemandOf(ShipBy, escrow.InvalidRequest, escrow.InvalidTerms, Ahead(ShipDue))

	TermGiven = Demand(escrow.InvalidRequest, NothingAmended, Or("at least one term is amended",
		IsGiven("", Price), IsGiven("", Inspection), IsGiven("", ShipBy)))
	NotShippedYet        = DemandOf(ShipBy, escrow.Conflict, ShippedAlready, NotGiven("the shipping date is not amended", ShipBy))
	ShipByStaysAhead     = DemandOf(ShipBy, escrow.Conflict, DateNotAhead, StaysAhead(ShipDue))
	InspectionStaysAhead = DemandOf(Inspection, escrow.Conflict, DateNotAhead, StaysAhead(InspectionEnds))
)

// Where the price goes.
var (
	ToSeller = Money{All(PricePot, Seller).Deduct(Commission, Broker).Deduct(PlatformFee, Platform)}
	ToBuyer  = Money{All(PricePot, Buyer)}
	ToBoth   = Money{Split(PricePot, ByGiven(SellerShare), Seller, Buyer).Deduct(Commission, Broker).Deduct(PlatformFee, Platform)}
)

// Consent is the agreement of the other one of the traders.
func Consent(approval string) CoSign {
	return CoSign{Type: approval, From: Parties{Buyer, Seller}, TTL: ConsentWindow}
}

// The lifecycle's own refusals.
const (
	NotBuyer       escrow.Reason = "not_buyer"
	NotSeller      escrow.Reason = "not_seller"
	NotBroker      escrow.Reason = "not_broker"
	NotArbitrator  escrow.Reason = "not_arbitrator"
	NotTrader      escrow.Reason = "not_trader"
	NothingAmended escrow.Reason = "nothing_amended"
	DateNotAhead   escrow.Reason = "date_not_ahead"
	ShippedAlready escrow.Reason = "shipped_already"
)

var reasons = []escrow.CatalogueEntry{
	{Reason: NotBuyer, Code: escrow.Forbidden, Meaning: "only the buyer may do this", Remedy: "ask as the buyer's account"},
	{Reason: NotSeller, Code: escrow.Forbidden, Meaning: "only the seller may do this", Remedy: "ask as the seller's account"},
	{Reason: NotBroker, Code: escrow.Forbidden, Meaning: "only the broker may do this", Remedy: "ask as the broker's account"},
	{Reason: NotArbitrator, Code: escrow.Forbidden, Meaning: "only the arbitrator or the platform may do this", Remedy: "ask as the arbitrator's account"},
	{Reason: NotTrader, Code: escrow.Forbidden, Meaning: "only the buyer and the seller may do this", Remedy: "ask as one of the two accounts"},
	{Reason: NothingAmended, Code: escrow.InvalidRequest, Meaning: "the amendment changes no term", Remedy: "give a price, an inspection or a shipping date"},
	{Reason: DateNotAhead, Code: escrow.Conflict, Meaning: "the amended date does not lie after now", Remedy: "propose a later one"},
	{Reason: ShippedAlready, Code: escrow.Conflict, Meaning: "the goods are on their way, so their shipping date is past amending", Remedy: "leave the shipping date out"},
}
