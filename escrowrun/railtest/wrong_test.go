package railtest_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// holdsAnew makes another hold whenever it is asked, and answers as if it were the one.
func holdsAnew(r escrowrun.Rail, ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	out, err := r.Hold(ctx, h)
	h.ID += "-anew"
	_, _ = r.Hold(ctx, h)
	return out, err
}

func paysTwice(r escrowrun.Rail, ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	out, err := r.Pay(ctx, p)
	p.ID += "-again"
	_, _ = r.Pay(ctx, p)
	return out, err
}

func paysOneMore(r escrowrun.Rail, ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	p.Amount = p.Amount.Plus(escrow.Units(1))
	return r.Pay(ctx, p)
}

func holdsAnything(r escrowrun.Rail, ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	out, err := r.Hold(ctx, h)
	if errors.Is(err, escrowrun.ErrOtherTransfer) {
		return r.Lookup(ctx, h.ID)
	}
	return out, err
}

func paysAnything(r escrowrun.Rail, ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	out, err := r.Pay(ctx, p)
	if errors.Is(err, escrowrun.ErrOtherTransfer) {
		return r.Lookup(ctx, p.ID)
	}
	return out, err
}

func refundsAlways(r escrowrun.Rail, ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	out, err := r.Refund(ctx, p)
	out.State = escrowrun.Paid
	return out, err
}

func capturesAlways(r escrowrun.Rail, ctx context.Context, id string) (escrowrun.Transfer, error) {
	out, err := r.Capture(ctx, id)
	out.State = escrowrun.Captured
	return out, err
}

// capturesOnce refuses a capture that has been made.
func capturesOnce(r escrowrun.Rail, ctx context.Context, id string) (escrowrun.Transfer, error) {
	before, _ := r.Lookup(ctx, id)
	out, err := r.Capture(ctx, id)
	if before.State == escrowrun.Captured {
		out.State = escrowrun.Refused
	}
	return out, err
}

func voidsAlways(r escrowrun.Rail, ctx context.Context, id string) (escrowrun.Transfer, error) {
	out, err := r.Void(ctx, id)
	out.State = escrowrun.Voided
	return out, err
}

func losesHolds(r escrowrun.Rail, ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return func(yield func(escrowrun.Transfer, error) bool) {
		for x, err := range r.List(ctx, since) {
			if err == nil && x.Kind == escrowrun.HoldKind {
				continue
			}
			if !yield(x, err) {
				return
			}
		}
	}
}

func listsAfter(r escrowrun.Rail, ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return r.List(ctx, since.Add(1))
}

func listsAll(r escrowrun.Rail, ctx context.Context, _ time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return r.List(ctx, time.Time{})
}

func knowsAll(r escrowrun.Rail, ctx context.Context, id string) (escrowrun.Transfer, error) {
	out, err := r.Lookup(ctx, id)
	if errors.Is(err, escrowrun.ErrNoTransfer) {
		return escrowrun.Transfer{ID: id, Kind: escrowrun.HoldKind, State: escrowrun.Refused}, nil
	}
	return out, err
}

func knowsNothing(r escrowrun.Rail, ctx context.Context, id string) (escrowrun.Transfer, error) {
	out, err := r.Lookup(ctx, id)
	if err != nil {
		return out, errors.New("404")
	}
	return out, nil
}

func paysAfterTheEnd(r escrowrun.Rail, ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	return r.Pay(context.WithoutCancel(ctx), p)
}

func holdsWithProof(r escrowrun.Rail, ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	h.Proof = []byte(`"anything"`)
	return r.Hold(ctx, h)
}

// holdsOnSecondAsking asks somebody else when a hold is refused for the second time.
func holdsOnSecondAsking() func(escrowrun.Rail, context.Context, escrowrun.Hold) (escrowrun.Transfer, error) {
	var refused sync.Map
	return func(r escrowrun.Rail, ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
		out, err := r.Hold(ctx, h)
		if err == nil && out.State == escrowrun.Refused {
			if _, again := refused.LoadOrStore(h.ID, true); again {
				out.State = escrowrun.Held
			}
		}
		return out, err
	}
}
