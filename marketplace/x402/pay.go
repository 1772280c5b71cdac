package x402

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
)

// Pay implements escrowrun.Rail, by the inner rail.
func (r *Rail) Pay(ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	if err := ctx.Err(); err != nil {
		return escrowrun.Transfer{}, err
	}
	return r.pay(ctx, p, escrowrun.PaymentKind, asked, func() (escrowrun.Transfer, error) { return r.inner.Pay(ctx, p) })
}

// Refund implements escrowrun.Rail, by the inner rail. Of a hold that was never asked of
// the inner rail there is nothing to give back.
func (r *Rail) Refund(ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	hold, err := r.hold(ctx, p.Of)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if p.To == "" {
		p.To = hold.Account
	}
	state := asked
	if hold.State != asked && hold.State != escrowrun.Captured && len(hold.payment) == 0 {
		state = escrowrun.Refused
	}
	return r.pay(ctx, p, escrowrun.RefundKind, state, func() (escrowrun.Transfer, error) { return r.inner.Refund(ctx, p) })
}

// pay stores a payment or refund, and has the inner rail make it.
func (r *Rail) pay(ctx context.Context, p escrowrun.Payment, kind escrowrun.TransferKind, state escrowrun.TransferState, ask func() (escrowrun.Transfer, error)) (escrowrun.Transfer, error) {
	t := escrowrun.Transfer{ID: p.ID, Kind: kind, State: state, Contract: p.Contract, Account: p.To, Of: p.Of, Asset: p.Asset, Amount: p.Amount, At: r.config.Clock.Now().UTC()}
	if state == escrowrun.Refused {
		t.Reason = ReasonNotCaptured
	}
	if _, refusal := unitsOf(p.Asset, p.Amount); refusal != nil {
		t.State, t.Reason = escrowrun.Refused, refusal.Reason
	}
	if !keepable(t) {
		t.State, t.Reason = escrowrun.Refused, ReasonAmount
		return t, nil
	}
	var kept record
	err := within(ctx, r.db, func(tx *sql.Tx) (err error) {
		kept, err = register(ctx, tx, t)
		return err
	})
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if kept.State != asked {
		return kept.Transfer, nil
	}
	return r.settle(ctx, kept, ask)
}

// Lookup implements escrowrun.Rail.
func (r *Rail) Lookup(ctx context.Context, id string) (escrowrun.Transfer, error) {
	if err := ctx.Err(); err != nil {
		return escrowrun.Transfer{}, err
	}
	kept, err := find(ctx, r.db, id)
	switch {
	case errors.Is(err, escrowrun.ErrNoTransfer):
		return r.inner.Lookup(ctx, id)
	case err != nil:
		return escrowrun.Transfer{}, err
	}
	return r.current(ctx, kept)
}

// current returns a transfer as it stands, asking the inner rail where that knows.
func (r *Rail) current(ctx context.Context, kept record) (escrowrun.Transfer, error) {
	if kept.State != asked {
		return kept.Transfer, nil
	}
	return r.settle(ctx, kept, func() (escrowrun.Transfer, error) { return r.inner.Lookup(ctx, kept.ID) })
}

// List implements escrowrun.Rail. It yields what was asked of this rail, and what the
// inner rail has besides.
func (r *Rail) List(ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return func(yield func(escrowrun.Transfer, error) bool) {
		next, stop := iter.Pull2(r.strangers(ctx, since))
		defer stop()
		other, err, more := next()
		for own, problem := range r.own(ctx, since) {
			for ; problem == nil && more && (err != nil || before(other, own)); other, err, more = next() {
				if !yield(other, err) || err != nil {
					return
				}
			}
			if !yield(own, problem) || problem != nil {
				return
			}
		}
		for ; more; other, err, more = next() {
			if !yield(other, err) || err != nil {
				return
			}
		}
	}
}

// before is the order of the list.
func before(a, b escrowrun.Transfer) bool {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) < 0
}

// own yields what was asked of this rail. What never reached the inner rail is nothing.
func (r *Rail) own(ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return func(yield func(escrowrun.Transfer, error) bool) {
		after := position{at: instant(since)}
		for {
			page, err := listed(ctx, r.db, after)
			if err != nil {
				yield(escrowrun.Transfer{}, err)
				return
			}
			for _, kept := range page {
				t, err := r.current(ctx, kept)
				if errors.Is(err, escrowrun.ErrNoTransfer) || errors.Is(err, escrowrun.ErrOtherTransfer) {
					continue
				}
				if !yield(t, err) || err != nil {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			last := page[len(page)-1]
			after = position{at: instant(last.At), id: last.ID}
		}
	}
}

// strangers yields what the inner rail has that was not asked of this one.
func (r *Rail) strangers(ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return func(yield func(escrowrun.Transfer, error) bool) {
		for t, err := range r.inner.List(ctx, since) {
			if err == nil {
				_, err = find(ctx, r.db, t.ID)
				if err == nil {
					continue
				}
				if errors.Is(err, escrowrun.ErrNoTransfer) {
					err = nil
				}
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}
