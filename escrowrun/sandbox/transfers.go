package sandbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Why the sandbox refuses.
const (
	// ReasonOverdrawn is of payments and refunds of more than there is.
	ReasonOverdrawn = "overdrawn"
	// ReasonRequest is of what no transfer is made of, and which is not kept: without an
	// id, of no amount, of more than 10^38 smallest units.
	ReasonRequest = "request"
	// ReasonHold is of refunds of another contract, asset or payer than their hold's,
	// and of payments that name a hold.
	ReasonHold = "hold"
	// ReasonFunds is of holds of more than their payers have, on a rail with funds.
	ReasonFunds = "insufficient_funds"
	// ReasonVoided is of the capture of what was let go.
	ReasonVoided = "voided"
	// ReasonFault is of what a fault refused.
	ReasonFault = "fault"
)

// challenge is what a payer has to answer.
const challenge = `{"sandbox":"confirm"}`

// do does what a request asks for; the list does its own work. Of the faults it knows
// Refuse and AskPayer.
func (r *Rail) do(ctx context.Context, q request, f FaultKind) (escrowrun.Transfer, error) {
	switch q.Operation {
	case HoldCall:
		return r.hold(ctx, q, f)
	case CaptureCall:
		return r.capture(ctx, q.ID, f == Refuse)
	case VoidCall:
		return r.change(ctx, q.ID, escrowrun.Voided, "", escrowrun.Held, escrowrun.NeedsAction)
	case PayCall:
		return r.pay(ctx, q, escrowrun.Transfer{}, f == Refuse)
	case RefundCall:
		return r.refund(ctx, q, f == Refuse)
	case LookupCall:
		return find(ctx, r.db, q.ID)
	}
	return escrowrun.Transfer{}, nil
}

// hold makes a hold unless there is one, and passes one that waits for its proof.
func (r *Rail) hold(ctx context.Context, q request, f FaultKind) (escrowrun.Transfer, error) {
	t := r.transfer(q, escrowrun.HoldKind)
	if !keepable(t) {
		return unkept(t), nil
	}
	switch {
	case f == Refuse:
		t.State, t.Reason = escrowrun.Refused, ReasonFault
	case f == AskPayer:
		t.State, t.Challenge = escrowrun.NeedsAction, json.RawMessage(challenge)
	default:
		t.State = r.held()
	}
	t, err := r.place(ctx, t)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if !stands(t, q, escrowrun.HoldKind) {
		return escrowrun.Transfer{}, escrowrun.ErrOtherTransfer
	}
	if t.State != escrowrun.NeedsAction || len(q.Proof) == 0 {
		return t, nil
	}
	return r.change(ctx, q.ID, r.held(), "", escrowrun.NeedsAction, escrowrun.NeedsAction)
}

// held is the state of a hold that has its money.
func (r *Rail) held() escrowrun.TransferState {
	if r.captures {
		return escrowrun.Captured
	}
	return escrowrun.Held
}

// capture takes what is held, or refuses it for good.
func (r *Rail) capture(ctx context.Context, id string, refuse bool) (escrowrun.Transfer, error) {
	state, reason := escrowrun.Captured, ""
	if refuse {
		state, reason = escrowrun.Refused, ReasonFault
	}
	t, err := r.change(ctx, id, state, reason, escrowrun.Held, escrowrun.Held)
	if t.State == escrowrun.Voided {
		t.State, t.Reason = escrowrun.Refused, ReasonVoided
	}
	return t, err
}

// change changes a hold that is in one state or another; in any other it stays. It
// returns the hold as it then stands.
func (r *Rail) change(ctx context.Context, id string, to escrowrun.TransferState, reason string, from, or escrowrun.TransferState) (escrowrun.Transfer, error) {
	_, err := r.db.ExecContext(ctx, `UPDATE sandbox_transfers SET state = $1, reason = $2, challenge = ''
		WHERE id = $3 AND kind = 'hold' AND state IN ($4, $5)`, string(to), reason, id, string(from), string(or))
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	return findHold(ctx, r.db, id)
}

// refund gives back of a hold. One that names no payer means the hold's.
func (r *Rail) refund(ctx context.Context, q request, refuse bool) (escrowrun.Transfer, error) {
	hold, err := findHold(ctx, r.db, q.Of)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if q.Account == "" {
		q.Account = hold.Account
	}
	return r.pay(ctx, q, hold, refuse)
}

// pay makes a payment, or a refund of a hold, unless there is one.
func (r *Rail) pay(ctx context.Context, q request, hold escrowrun.Transfer, refuse bool) (escrowrun.Transfer, error) {
	kind := escrowrun.PaymentKind
	if q.Operation == RefundCall {
		kind = escrowrun.RefundKind
	}
	wanted := r.transfer(q, kind)
	if !keepable(wanted) {
		return unkept(wanted), nil
	}
	t, err := find(ctx, r.db, q.ID)
	if errors.Is(err, escrowrun.ErrNoTransfer) {
		t, err = r.settle(ctx, wanted, hold, refuse)
	}
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if !stands(t, q, kind) {
		return escrowrun.Transfer{}, escrowrun.ErrOtherTransfer
	}
	return t, nil
}

// settle judges a payment or refund and keeps it, one of a contract after the other.
func (r *Rail) settle(ctx context.Context, t, hold escrowrun.Transfer, refuse bool) (kept escrowrun.Transfer, err error) {
	err = inTurn(ctx, r.db, t.Contract, func(tx *sql.Tx) error {
		before, err := ofContract(ctx, tx, t.Contract)
		if err != nil {
			return err
		}
		t.State, t.Reason = judge(t, hold, before, refuse)
		kept, err = keep(ctx, tx, t)
		return err
	})
	return kept, err
}

// judge decides whether a payment or refund is paid, given the transfers before it.
func judge(t, hold escrowrun.Transfer, before []escrowrun.Transfer, refuse bool) (escrowrun.TransferState, string) {
	refund := t.Kind == escrowrun.RefundKind
	switch {
	case !refund && t.Of != "":
		return escrowrun.Refused, ReasonHold
	case refund && (t.Contract != hold.Contract || t.Account != hold.Account || t.Asset != hold.Asset):
		return escrowrun.Refused, ReasonHold
	case t.Amount.BigInt().Cmp(left(before, t.Asset)) > 0:
		return escrowrun.Refused, ReasonOverdrawn
	case refund && t.Amount.BigInt().Cmp(leftOf(before, hold.ID)) > 0:
		return escrowrun.Refused, ReasonOverdrawn
	case refuse:
		return escrowrun.Refused, ReasonFault
	}
	return escrowrun.Paid, ""
}

// transfer is what a request makes, as yet without a state.
func (r *Rail) transfer(q request, kind escrowrun.TransferKind) escrowrun.Transfer {
	return escrowrun.Transfer{ID: q.ID, Kind: kind, Contract: q.Contract, Account: q.Account, Of: q.Of,
		Asset: q.Asset, Amount: q.Amount, At: r.clock.Now().UTC()}
}

// stands reports whether a transfer is what a request asks for.
func stands(t escrowrun.Transfer, q request, kind escrowrun.TransferKind) bool {
	return t.Kind == kind && t.Contract == q.Contract && t.Account == q.Account && t.Of == q.Of && t.Asset == q.Asset && t.Amount == q.Amount
}

// keepable reports whether a transfer can be made of a request.
func keepable(t escrowrun.Transfer) bool {
	_, err := escrow.AmountOf(t.Amount.BigInt())
	return err == nil && !t.Amount.IsZero() && t.ID != ""
}

// unkept is the answer to what no transfer can be made of.
func unkept(t escrowrun.Transfer) escrowrun.Transfer {
	t.State, t.Reason = escrowrun.Refused, ReasonRequest
	return t
}
