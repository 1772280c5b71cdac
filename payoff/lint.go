package payoff

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
)

// Severity is how bad a finding is.
type Severity string

// Refuse is for what does harm in every life that meets it. Warn is for what
// does harm on average, if the assumptions hold, or where nothing bounds it.
const (
	Refuse Severity = "refuse"
	Warn   Severity = "warn"
)

// Assumptions are what a policy does not say and its harm depends on.
type Assumptions struct {
	// PriceFrom and PriceTo are the lowest and the highest price that the policy
	// is for, in whole units of the asset; zero means the case's.
	PriceFrom, PriceTo decimal.Decimal
	// Accuracy is how likely a diligent backup agent judges one criterion
	// rightly; otherwise it says the opposite.
	Accuracy escrow.Ratio
	// Turnout is how likely a backup agent votes.
	Turnout escrow.Ratio
	// TokenValue is what one reward token is worth, in whole units of the asset.
	TokenValue decimal.Decimal
	// MaxLocked is how long money of a party may be held at most.
	MaxLocked time.Duration
	// ApprovalLife is how long the client's approvals live at the application;
	// zero means that it is not checked. OpenTrain has approvals of its own,
	// which live as long as the policy's approvalTTL; there it means nothing.
	ApprovalLife time.Duration
}

// DefaultAssumptions returns agents of whom nine in ten vote and judge rightly
// nine times in ten, a reward token worth a tenth of the asset's unit, and 30
// days for which money may be held.
func DefaultAssumptions() Assumptions {
	ninety, _ := escrow.ParseRatio("0.9")
	return Assumptions{Accuracy: ninety, Turnout: ninety, TokenValue: decimal.New(1, -1), MaxLocked: 30 * day}
}

// prices returns the lowest and the highest price considered, one when they are equal.
func (a Assumptions) prices(c Case) []decimal.Decimal {
	from, to := a.PriceFrom, a.PriceTo
	if from.IsZero() {
		from = c.Price
	}
	if to.IsZero() {
		to = c.Price
	}
	if from.Equal(to) {
		return []decimal.Decimal{from}
	}
	return []decimal.Decimal{from, to}
}

// Finding is one thing in a policy that does harm, and what would clear it.
type Finding struct {
	// Check is the name of the check, one of [Checks].
	Check    string   `json:"check"`
	Severity Severity `json:"severity"`
	// Field is what to change, as [With] knows it; "lifecycle" when there is no
	// such field. Value is what it is now.
	Field string `json:"field"`
	Value string `json:"value"`
	// Threshold says from where on it is no harm.
	Threshold string `json:"threshold"`
	// Change is the value nearest to Value with which the finding clears, found by
	// asking the engine: exact for windows, amounts and counts, for ratios a short
	// number at most a hundredth farther away. Empty when changing this
	// field alone clears nothing.
	Change string `json:"change"`
	// Message says what happens, with the numbers.
	Message string `json:"message"`
}

// Lint returns what does harm under a case's policy, at the lowest and the
// highest price of the assumptions. What the engine itself refuses in a policy is
// found where it is read, by [NearestPolicy]. The error is the engine's refusal of
// the terms, or says what of the case or of the assumptions is out of bounds.
func Lint(c Case, a Assumptions) ([]Finding, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := a.check(c.Lifecycle.Spec().Asset); err != nil {
		return nil, err
	}
	if err := founded(c.Draft("contract", begin)); err != nil {
		return nil, err
	}
	for _, price := range a.prices(c) {
		at := c
		at.Price = price
		if err := founded(at.Draft("contract", begin)); err != nil {
			return nil, fmt.Errorf("at a price of %s: %w", price, err)
		}
	}
	var list []Finding
	for i := range checks {
		f, found, err := checks[i].finding(c, a)
		if err != nil {
			return nil, err
		}
		if found {
			list = append(list, f)
		}
	}
	return list, nil
}

// check says which assumption is out of bounds. It looks at decimals as the engine
// does, before any arithmetic.
func (a Assumptions) check(asset escrow.Asset) error {
	from, low := asset.Amount(a.PriceFrom)
	to, high := asset.Amount(a.PriceTo)
	_, worth := escrow.Asset{Code: "tokens", Scale: 18}.Amount(a.TokenValue)
	switch {
	case low != nil || high != nil:
		return fmt.Errorf("payoff: the lowest or the highest price: %w", errors.Join(low, high))
	case !from.IsZero() && !to.IsZero() && from.Cmp(to) > 0:
		return fmt.Errorf("payoff: the lowest price %s is above the highest %s", asset.Text(from), asset.Text(to))
	case worth != nil:
		return fmt.Errorf("payoff: the value of a token: %w", worth)
	case a.MaxLocked <= 0:
		return fmt.Errorf("payoff: money may be held for %s at most; give more than 0", a.MaxLocked)
	case a.ApprovalLife < 0:
		return fmt.Errorf("payoff: approvals live %s; give 0 or more", a.ApprovalLife)
	}
	return nil
}

// founded asks the engine to found a contract, and returns its refusal.
func founded(draft escrow.Contract) error {
	by, cmd := create.by, create.cmd
	if l := draft.Lifecycle(); l.Name() == opentrain.Lifecycle.Name() {
		by, cmd = theToken(l), opentrain.Hire{}.Command()
	}
	_, err := escrow.Decide(draft, cmd, by, escrow.At(begin))
	return err
}

// token returns what a reward token is worth in smallest units.
func (a Assumptions) token(c Case) *big.Rat {
	return a.TokenValue.Shift(int32(c.Lifecycle.Spec().Asset.Scale)).Rat()
}
