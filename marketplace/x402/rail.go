package x402

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Config says where payments go.
type Config struct {
	// Network is where USDC is paid, PayTo the account that collects.
	Network Network
	PayTo   Address
	// Timeout is how long a payer's signature has to be good for: a minute when 0.
	Timeout time.Duration
	// Describe says for people what a contract's payment is for; nil says "escrow" and
	// the contract's id.
	Describe func(contract string) string
	// Clock is what the instants of a payment are compared with: the system's when nil.
	// It is the chain's time, and never moved as a contract's clock is in a sandbox.
	Clock escrow.Clock
}

// Rail is a payment rail whose payers sign for their money. It asks for the signature,
// judges it, and binds it to one hold for good before it is settled. The money itself is
// moved by another rail, which is asked under the same ids: its Hold gets the [Payment]
// as proof and settles it, on a chain, by a facilitator or in a sandbox. Asked again
// after it did not answer, it gets the same payment, which may be too old to be settled
// by then, and may have been settled.
type Rail struct {
	db     *sql.DB
	inner  escrowrun.Rail
	config Config
}

var _ escrowrun.Rail = (*Rail)(nil)

// Open returns a rail that keeps what it has asked and what was signed in a database,
// SQLite or PostgreSQL, and makes its tables where they are missing; all their names
// begin with "x402_". Database and inner rail stay the caller's.
func Open(ctx context.Context, db *sql.DB, inner escrowrun.Rail, config Config) (*Rail, error) {
	if config.Timeout == 0 {
		config.Timeout = time.Minute
	}
	n, _ := networkCalled(config.Network.Name, 1)
	switch {
	case n != config.Network || n == Network{}:
		return nil, fmt.Errorf("x402: the network is Base or BaseSepolia, not %q", config.Network.Name)
	case config.PayTo == Address{}:
		return nil, errors.New("x402: the account that collects is missing")
	case config.Timeout < 2*margin:
		return nil, fmt.Errorf("x402: a payment is good for %s at least, not %s", 2*margin, config.Timeout)
	}
	if config.Clock == nil {
		config.Clock = system{}
	}
	if config.Describe == nil {
		config.Describe = func(contract string) string { return "escrow " + contract }
	}
	if err := createTables(ctx, db); err != nil {
		return nil, err
	}
	return &Rail{db: db, inner: inner, config: config}, nil
}

type system struct{}

func (system) Now() time.Time { return time.Now() }

// Network returns where USDC is paid.
func (r *Rail) Network() Network { return r.config.Network }

// Quote returns what the payer of a hold has to sign. The error is a [Refusal], of what
// cannot be paid by this rail.
func (r *Rail) Quote(h escrowrun.Hold) (Quote, error) {
	units, refusal := unitsOf(h.Asset, h.Amount)
	if refusal != nil {
		return Quote{}, refusal
	}
	if _, err := ParseAddress(h.Payer); err != nil {
		return Quote{}, refuse(ReasonPayerAddress, "the account %q: %v", clip(h.Payer), err)
	}
	return Quote{Network: r.config.Network, PayTo: r.config.PayTo, Amount: units, Description: r.config.Describe(h.Contract), Timeout: r.config.Timeout}, nil
}

// unitsOf returns an amount in millionths of USDC.
func unitsOf(asset escrow.Asset, amount escrow.Amount) (escrow.Amount, *Refusal) {
	if asset.Code != "USDC" || asset.Scale > 6 {
		return escrow.Amount{}, refuse(ReasonAsset, "USDC of at most 6 decimal places is paid, not %q of %d", clip(asset.Code), asset.Scale)
	}
	factor := new(big.Int).Exp(big.NewInt(10), big.NewInt(6-int64(asset.Scale)), nil)
	units, err := escrow.AmountOf(factor.Mul(factor, amount.BigInt()))
	if err != nil || units.IsZero() {
		return escrow.Amount{}, refuse(ReasonAmount, "%s units of scale %d cannot be paid", amount, asset.Scale)
	}
	return units, nil
}

// judge holds a proof against what a hold asks for.
func (r *Rail) judge(h escrowrun.Hold, q Quote) (Payment, error) {
	var p Payment
	if err := json.Unmarshal(h.Proof, &p); err != nil {
		return p, asRefusal(err)
	}
	if payer, err := ParseAddress(h.Payer); err != nil || payer != p.Authorization.From {
		return p, refuse(ReasonPayer, "%s has to pay, and %s has signed", h.Payer, p.Authorization.From)
	}
	return p, p.Verify(q, r.config.Clock.Now())
}

// asRefusal returns the refusal that an error is or holds, else one of a payload that
// cannot be read.
func asRefusal(err error) *Refusal {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal
	}
	return refuse(ReasonPayload, "%v", err)
}

// Paid returns the hold that a payment was bound to, as it stands. ErrNoTransfer when
// none was.
func (r *Rail) Paid(ctx context.Context, proof json.RawMessage) (escrowrun.Transfer, error) {
	var p Payment
	if err := json.Unmarshal(proof, &p); err != nil {
		return escrowrun.Transfer{}, asRefusal(err)
	}
	id, err := boundTo(ctx, r.db, p)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	return r.Lookup(ctx, id)
}

// sameAccount compares accounts, which are addresses of either case where both are.
func sameAccount(a, b string) bool {
	if a == b {
		return true
	}
	_, errA := ParseAddress(a)
	_, errB := ParseAddress(b)
	return errA == nil && errB == nil && strings.EqualFold(a, b)
}
