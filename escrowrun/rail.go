package escrowrun

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/escrow-go/escrow"
)

// Rail moves real money. Every call names what it does by an id of the caller's: the
// same id again is the same thing and answers the same, never a second one. A nil
// error means that the answer is known, a refusal included. An error that [Unknown]
// reports means that the outcome is not: it is settled by Lookup, or by asking the
// same again, before anything else is done under the id. ErrNoTransfer and
// ErrOtherTransfer are known: the call has done nothing.
//
// Answers show the transfer as it stands, so a hold asked for again after its capture
// answers Captured. What was refused stays refused under its id. A rail is safe for
// use by many goroutines and processes at once, and a context that has ended before
// the call is an error.
type Rail interface {
	// Hold takes all that one payer pays in by one decision, as one hold. It answers
	// Held; Captured on a rail without holds, which collects at once; NeedsAction with
	// a Challenge, to be asked again under the same id with Proof once the payer has
	// acted; or Refused. Proof is not part of what the id stands for.
	Hold(ctx context.Context, h Hold) (Transfer, error)
	// Capture takes what is held for good. It answers Captured, or Refused when that
	// never can be; what was captured before is Captured again. A hold that was let go
	// answers Refused and stays Voided; one that waits for its payer answers
	// NeedsAction, and nothing has happened. ErrNoTransfer when id is no hold.
	Capture(ctx context.Context, id string) (Transfer, error)
	// Void lets a hold go, one that waits for its payer too. It answers Voided; one
	// that was captured answers Captured and is given back by Refund, one that was
	// refused answers Refused. ErrNoTransfer when id is no hold: one that is still on
	// its way may arrive afterwards.
	Void(ctx context.Context, id string) (Transfer, error)
	// Pay pays out of the platform's money to an account. It answers Paid or Refused.
	Pay(ctx context.Context, p Payment) (Transfer, error)
	// Refund gives back part or all of what was captured under the hold p.Of to its
	// payer. It answers Paid, or Refused when it is more than is left of the hold.
	// ErrNoTransfer when p.Of is no hold.
	Refund(ctx context.Context, p Payment) (Transfer, error)
	// Lookup returns the transfer of an id as it stands. ErrNoTransfer when the rail
	// has none; a request may still be on its way.
	Lookup(ctx context.Context, id string) (Transfer, error)
	// List yields all transfers first made at or after an instant, refused ones too,
	// oldest first. The first error ends it. Transfers that are made meanwhile by
	// others may be left out.
	List(ctx context.Context, since time.Time) iter.Seq2[Transfer, error]
}

// Hold asks for money of a payer to be set aside for a contract.
type Hold struct {
	// ID names the hold, uniquely among all transfers of the rail.
	ID string
	// Contract is whose money it becomes, Payer the account that pays, as in "acct_b".
	Contract, Payer string
	Asset           escrow.Asset
	// Amount is positive, in smallest units of the asset.
	Amount escrow.Amount
	// Proof is what the payer gave in answer to a challenge, empty at first.
	Proof json.RawMessage
}

// Payment asks for money to be paid to an account, or given back to a payer.
type Payment struct {
	// ID names the payment, uniquely among all transfers of the rail.
	ID string
	// Contract is whose money it is. To is the account that receives, as in "acct_b",
	// or the role of a party that has none, as in "platform"; of a refund it is the
	// payer of the hold, who is also meant by an empty one.
	Contract, To string
	// Of is the id of the hold that a refund gives back, empty otherwise.
	Of    string
	Asset escrow.Asset
	// Amount is positive, in smallest units of the asset.
	Amount escrow.Amount
}

// Transfer is what a rail knows under one id.
type Transfer struct {
	ID    string
	Kind  TransferKind
	State TransferState
	// Contract is whose money it is, Account who pays a hold or receives a payment.
	Contract, Account string
	// Of is the id of the hold that a refund gives back, empty otherwise.
	Of     string
	Asset  escrow.Asset
	Amount escrow.Amount
	// At is when the rail first made the transfer, in UTC.
	At time.Time
	// Challenge is what the payer must answer while the state is NeedsAction, in the
	// rail's own form.
	Challenge json.RawMessage
	// Reason is why the transfer was refused, in the rail's own words.
	Reason string
}

// TransferKind is what a transfer does.
type TransferKind string

// The kinds of transfers.
const (
	HoldKind    TransferKind = "hold"
	PaymentKind TransferKind = "payment"
	RefundKind  TransferKind = "refund"
)

// TransferState is where a transfer stands.
type TransferState string

// The states of transfers. Held and NeedsAction are of holds and pass; Captured and
// Voided are of holds, Paid of payments and refunds, Refused of all, for good.
const (
	Held        TransferState = "held"
	Captured    TransferState = "captured"
	Voided      TransferState = "voided"
	NeedsAction TransferState = "needs_action"
	Refused     TransferState = "refused"
	Paid        TransferState = "paid"
)

var (
	// ErrNoTransfer says that the rail knows of no such transfer.
	ErrNoTransfer = errors.New("no such transfer")
	// ErrOtherTransfer says that the id stands for something else: another kind,
	// contract, account, hold, asset or amount.
	ErrOtherTransfer = errors.New("the id stands for another transfer")
)

// Unknown reports whether an error of a rail leaves open what has happened: every
// error but nil, ErrNoTransfer and ErrOtherTransfer, after which nothing has.
func Unknown(err error) bool {
	return err != nil && !errors.Is(err, ErrNoTransfer) && !errors.Is(err, ErrOtherTransfer)
}

// transferJSON is how a transfer is written.
type transferJSON struct {
	ID        string          `json:"id"`
	Kind      TransferKind    `json:"kind"`
	State     TransferState   `json:"state"`
	Contract  string          `json:"contract"`
	Account   string          `json:"account"`
	Of        string          `json:"of,omitempty"`
	Asset     escrow.Asset    `json:"asset"`
	Amount    string          `json:"amount"`
	At        time.Time       `json:"at"`
	Challenge json.RawMessage `json:"challenge,omitempty"`
	Reason    string          `json:"reason,omitempty"`
}

// MarshalJSON writes the transfer, its amount as decimal text with the asset's point,
// as in "47.5".
func (t Transfer) MarshalJSON() ([]byte, error) {
	return json.Marshal(transferJSON{ID: t.ID, Kind: t.Kind, State: t.State, Contract: t.Contract, Account: t.Account, Of: t.Of,
		Asset: t.Asset, Amount: t.Asset.Text(t.Amount), At: t.At, Challenge: t.Challenge, Reason: t.Reason})
}

// UnmarshalJSON reads a transfer as MarshalJSON writes it. An amount that the asset
// cannot have is an error.
func (t *Transfer) UnmarshalJSON(data []byte) error {
	var w transferJSON
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	amount, err := units(w.Asset, w.Amount)
	if err != nil {
		return err
	}
	*t = Transfer{ID: w.ID, Kind: w.Kind, State: w.State, Contract: w.Contract, Account: w.Account, Of: w.Of,
		Asset: w.Asset, Amount: amount, At: w.At, Challenge: w.Challenge, Reason: w.Reason}
	return nil
}
