package x402

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/escrow-go/escrow/escrowrun"
)

// asked is the state of what the inner rail was asked to do, or is about to be: it knows
// how that stands.
const asked escrowrun.TransferState = "asked"

// Hold implements escrowrun.Rail. Without a proof it answers NeedsAction with a [Quote]
// as challenge. With one it answers as the inner rail does once the payment is settled,
// or Refused: what is refused is never settled. The first payment that is good is the
// hold's for good; further proofs are not looked at.
func (r *Rail) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	if err := ctx.Err(); err != nil {
		return escrowrun.Transfer{}, err
	}
	t := escrowrun.Transfer{ID: h.ID, Kind: escrowrun.HoldKind, Contract: h.Contract, Account: h.Payer, Asset: h.Asset, Amount: h.Amount, At: r.config.Clock.Now().UTC()}
	if !keepable(t) {
		t.State, t.Reason = escrowrun.Refused, ReasonAmount
		return t, nil
	}
	kept, err := r.propose(ctx, t, h)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if kept.State != asked {
		return kept.Transfer, nil
	}
	h.Payer, h.Proof = kept.Account, kept.payment
	return r.settle(ctx, kept, func() (escrowrun.Transfer, error) { return r.inner.Hold(ctx, h) })
}

// propose makes a hold unless there is one, and judges the proof of one that waits for
// it. When it returns, the payment and what it pays are stored.
func (r *Rail) propose(ctx context.Context, t escrowrun.Transfer, h escrowrun.Hold) (kept record, err error) {
	q, err := r.Quote(h)
	t.State = escrowrun.NeedsAction
	if err != nil {
		t.State, t.Reason = escrowrun.Refused, asRefusal(err).Reason
	} else if t.Challenge, err = json.Marshal(q); err != nil {
		return record{}, err
	}
	err = within(ctx, r.db, func(tx *sql.Tx) error {
		if kept, err = register(ctx, tx, t); err != nil || kept.State != escrowrun.NeedsAction || len(h.Proof) == 0 {
			return err
		}
		p, err := r.judge(h, q)
		if err == nil {
			err = bind(ctx, tx, p, h.ID)
		}
		kept.State = asked
		var refusal *Refusal
		switch {
		case errors.As(err, &refusal):
			kept.State, kept.Reason = escrowrun.Refused, refusal.Reason
		case err != nil:
			return err
		default:
			if kept.payment, err = json.Marshal(p); err != nil {
				return err
			}
		}
		kept.Challenge = nil
		return turn(ctx, tx, kept)
	})
	return kept, err
}

// settle has the inner rail do what was stored as asked, and keeps what came of it.
func (r *Rail) settle(ctx context.Context, kept record, ask func() (escrowrun.Transfer, error)) (escrowrun.Transfer, error) {
	t, err := ask()
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	return r.learnt(ctx, kept, t)
}

// learnt keeps what the inner rail has answered for good, and returns the transfer as it
// stands.
func (r *Rail) learnt(ctx context.Context, kept record, t escrowrun.Transfer) (escrowrun.Transfer, error) {
	if t.Kind != kept.Kind || t.Contract != kept.Contract || t.Asset != kept.Asset || t.Amount != kept.Amount {
		return escrowrun.Transfer{}, escrowrun.ErrOtherTransfer
	}
	kept.State, kept.Reason, kept.Challenge = t.State, t.Reason, t.Challenge
	switch t.State {
	case escrowrun.Captured, escrowrun.Voided, escrowrun.Refused, escrowrun.Paid:
		return kept.Transfer, turn(ctx, r.db, kept)
	}
	return kept.Transfer, nil
}

// Capture implements escrowrun.Rail.
func (r *Rail) Capture(ctx context.Context, id string) (escrowrun.Transfer, error) {
	kept, err := r.hold(ctx, id)
	switch {
	case err != nil:
		return escrowrun.Transfer{}, err
	case kept.State == escrowrun.Voided:
		kept.State, kept.Reason = escrowrun.Refused, ReasonVoided
		return kept.Transfer, nil
	case kept.State != asked:
		return kept.Transfer, nil
	}
	t, err := r.inner.Capture(ctx, id)
	if err != nil || t.State == escrowrun.Captured {
		return r.settle(ctx, kept, func() (escrowrun.Transfer, error) { return t, err })
	}
	kept.State, kept.Reason = t.State, t.Reason // a hold that was let go is refused here, and stays voided
	return kept.Transfer, nil
}

// Void implements escrowrun.Rail.
func (r *Rail) Void(ctx context.Context, id string) (escrowrun.Transfer, error) {
	kept, err := r.hold(ctx, id)
	if err == nil && kept.State == escrowrun.NeedsAction {
		err = within(ctx, r.db, func(tx *sql.Tx) error {
			if kept, err = locked(ctx, tx, id); err != nil || kept.State != escrowrun.NeedsAction {
				return err
			}
			kept.State, kept.Challenge = escrowrun.Voided, nil
			return turn(ctx, tx, kept)
		})
	}
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if kept.State != asked {
		return kept.Transfer, nil
	}
	return r.settle(ctx, kept, func() (escrowrun.Transfer, error) { return r.inner.Void(ctx, id) })
}

// hold returns a hold. What is only the inner rail's is looked up there, and is asked.
func (r *Rail) hold(ctx context.Context, id string) (record, error) {
	if err := ctx.Err(); err != nil {
		return record{}, err
	}
	kept, err := find(ctx, r.db, id)
	if errors.Is(err, escrowrun.ErrNoTransfer) {
		var t escrowrun.Transfer
		t, err = r.inner.Lookup(ctx, id)
		kept = record{Transfer: t}
		kept.State = asked
	}
	if err == nil && kept.Kind != escrowrun.HoldKind {
		err = escrowrun.ErrNoTransfer
	}
	return kept, err
}
