package opencontract

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
)

// The contract types: how the price comes about. An auction has no rules yet.
const (
	Fixed   = "fixed"
	Auction = "auction"
)

// The award methods: how the worker is found.
const (
	AwardDirect     = "direct_award"
	AwardOpenTender = "open_tender"
)

// The verification modes: who judges a delivery. In PrivacyPreserving mode the
// client does, with backup agents only in a dispute; in Standard mode always
// backup agents.
const (
	PrivacyPreserving = "privacy-preserving"
	Standard          = "standard"
)

// Terms is what a contract is about before anybody is bound.
type Terms struct {
	// ID is the application's: 1 to 200 bytes of printable ASCII, no blank, no "/".
	ID     string
	Client string
	// Worker is named in a direct award, and empty in an open tender.
	Worker string
	// Asset is what is paid in; the zero value is USDC.
	Asset escrow.Asset
	// Policy is what differs from the default, as in
	// []escrow.Value{UnclearCredit.To(half)}.
	Policy []escrow.Value

	// Price is in whole units of the asset.
	Price                  decimal.Decimal
	TaskDescription        string
	SupplementaryMaterials string
	// AcceptanceCriteria are one to ten.
	AcceptanceCriteria []string
	// ContractType is Fixed, AwardMethod AwardDirect or AwardOpenTender,
	// VerificationMode PrivacyPreserving or Standard.
	ContractType     string
	AwardMethod      string
	VerificationMode string
	// The deadlines come in this order; ReviewDeadline is zero in standard mode.
	MatchDeadline      time.Time
	WithdrawalDeadline time.Time
	DeliveryDeadline   time.Time
	ReviewDeadline     time.Time
}

// Draft returns the contract that is only these terms, for [Create]. It never
// fails: what is wrong with the terms is what their founding is refused for.
func (t Terms) Draft() escrow.Contract {
	asset := t.Asset
	if asset == (escrow.Asset{}) {
		asset = Lifecycle.Spec().Asset
	}
	return Lifecycle.DraftIn(t.ID, asset, append([]escrow.Value{
		escrow.TextOf(Client.Account, t.Client),
		escrow.TextOf(Worker.Account, t.Worker),
		TaskDescription.To(t.TaskDescription),
		SupplementaryMaterials.To(t.SupplementaryMaterials),
		Price.Decimal(t.Price),
		AcceptanceCriteria.To(t.AcceptanceCriteria),
		ContractType.To(t.ContractType),
		AwardMethod.To(t.AwardMethod),
		VerificationMode.To(t.VerificationMode),
		MatchDeadline.To(t.MatchDeadline),
		WithdrawalDeadline.To(t.WithdrawalDeadline),
		DeliveryDeadline.To(t.DeliveryDeadline),
		ReviewDeadline.To(t.ReviewDeadline),
	}, t.Policy...)...)
}
