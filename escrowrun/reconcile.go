package escrowrun

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
)

// Difference is where rail and store do not say the same.
type Difference struct {
	// ID is the transfer's.
	ID         string
	ContractID string
	// Revision is that of the decision concerned, 0 when there is none.
	Revision uint64
	What     string
	// Mended says what was done about it, empty when it is for people to look at.
	Mended string
}

// String returns the difference in a line.
func (d Difference) String() string {
	text := fmt.Sprintf("%s revision %d: %s %s", d.ContractID, d.Revision, d.ID, d.What)
	if d.Mended != "" {
		text += ": " + d.Mended
	}
	return text
}

// Reconcile compares what the store says was moved with what the rail says, of transfers
// that were first made at or after an instant, and tells every difference. What is held
// for no decision is let go; what is decided and not captured, paid or refunded is tried
// again under the same id; what the rail has and the store does not know is told and
// never touched. It returns the number of differences; an error says that it could not go
// on.
func (r *Runner) Reconcile(ctx context.Context, since time.Time, tell func(Difference)) (int, error) {
	x := &reconciling{Runner: r, seen: map[string]bool{}, report: tell}
	for t, err := range r.Rail.List(ctx, since) {
		if err != nil {
			return x.told, err
		}
		x.seen[t.ID] = true
		if err := x.transfer(ctx, t); err != nil {
			return x.told, err
		}
	}
	if err := x.intents(ctx); err != nil {
		return x.told, err
	}
	return x.told, x.payments(ctx)
}

type reconciling struct {
	*Runner
	seen   map[string]bool
	report func(Difference)
	told   int
}

func (x *reconciling) tell(d Difference) {
	x.told++
	x.report(d)
}

// transfer compares a transfer of the rail's with the store.
func (x *reconciling) transfer(ctx context.Context, t Transfer) error {
	if t.Kind == HoldKind {
		i, err := x.Store.Intent(ctx, t.ID)
		if errors.Is(err, escrowsql.ErrNotFound) {
			x.tell(Difference{ID: t.ID, ContractID: t.Contract, What: "is on the rail and not in the store"})
			return nil
		}
		if err != nil {
			return err
		}
		return x.hold(ctx, t, i)
	}
	if hold, back := strings.CutSuffix(t.ID, backSuffix); back && t.Of == hold {
		return nil // what was collected for nothing: it is looked at with its hold
	}
	p, err := x.Store.Payment(ctx, t.ID)
	if errors.Is(err, escrowsql.ErrNotFound) {
		x.tell(Difference{ID: t.ID, ContractID: t.Contract, What: "is on the rail and not in the store"})
		return nil
	}
	if err != nil {
		return err
	}
	return x.payment(ctx, t, p)
}

// hold compares a hold with its intent.
func (x *reconciling) hold(ctx context.Context, t Transfer, i escrowsql.Intent) error {
	d := Difference{ID: i.ID, ContractID: i.ContractID, Revision: i.Revision}
	if t.Account != i.Payer || t.Asset != i.Asset || t.Asset.Text(t.Amount) != i.Amount {
		d.What = fmt.Sprintf("is %s %s of %s on the rail and %s %s of %s in the store", t.Asset.Text(t.Amount), t.Asset.Code, t.Account, i.Amount, i.Asset.Code, i.Payer)
		x.tell(d)
		return nil
	}
	switch i.State {
	case escrowsql.IntentVoided, escrowsql.IntentRefused:
		return x.forNothing(ctx, t, i, d)
	case escrowsql.IntentShortfall:
		d.What = "was never captured: a shortfall, nothing is paid out"
		x.tell(d)
	case escrowsql.IntentCaptured:
		if t.State != Captured {
			d.What = fmt.Sprintf("is captured in the store and %s on the rail", t.State)
			x.tell(d)
		}
	case escrowsql.IntentCommitted:
		if t.State == Voided || t.State == Refused {
			d.What = fmt.Sprintf("is committed in the store and %s on the rail", t.State)
			x.tell(d)
		}
	}
	return nil // the others are under way
}

// forNothing lets go what the rail has of an intent that no decision was made for.
func (x *reconciling) forNothing(ctx context.Context, t Transfer, i escrowsql.Intent, d Difference) error {
	switch t.State {
	case Held, NeedsAction:
		d.What, d.Mended = "is held for no decision", "let go"
		if _, err := x.known(ctx, i.ID, letsGo, func(ctx context.Context) (Transfer, error) { return x.Rail.Void(ctx, i.ID) }); err != nil {
			return err
		}
		x.tell(d)
	case Captured:
		back, err := x.limited(ctx, func(ctx context.Context) (Transfer, error) { return x.Rail.Lookup(ctx, i.ID+backSuffix) })
		if err == nil && back.State == Paid {
			return nil
		}
		if Unknown(err) {
			return err
		}
		d.What, d.Mended = "was collected for no decision", "given back"
		if err := x.giveBack(ctx, i); err != nil {
			return err
		}
		x.tell(d)
	}
	return nil
}

// payment compares a payment or refund with what was decided.
func (x *reconciling) payment(ctx context.Context, t Transfer, p escrowsql.Payment) error {
	d := Difference{ID: p.ID, ContractID: p.ContractID, Revision: p.Revision}
	switch {
	case t.Account != p.Account || t.Asset != p.Asset || t.Asset.Text(t.Amount) != p.Amount || t.Of != p.Hold:
		d.What = fmt.Sprintf("is %s %s to %s on the rail and %s %s to %s in the store", t.Asset.Text(t.Amount), t.Asset.Code, t.Account, p.Amount, p.Asset.Code, p.Account)
	case p.State == escrowsql.PaymentReview:
		d.What = "is under review and " + string(t.State) + " on the rail"
	case p.State == escrowsql.PaymentDone && t.State != Paid:
		d.What = "is paid in the store and " + string(t.State) + " on the rail"
	case p.State == escrowsql.PaymentDead && t.State == Paid:
		d.What, d.Mended = "is paid on the rail and was given up", "recorded"
		if err := x.Store.Paid(ctx, p); err != nil {
			return err
		}
	default:
		return nil
	}
	x.tell(d)
	return nil
}

// intents looks for intents that the rail should have, and has not told of.
func (x *reconciling) intents(ctx context.Context) error {
	for after := ""; ; {
		list, err := x.Store.Intents(ctx, after, 500)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, i := range list {
			after = i.ID
			if x.seen[i.ID] || i.State != escrowsql.IntentCommitted && i.State != escrowsql.IntentCaptured {
				continue
			}
			if err := x.lookFor(ctx, Difference{ID: i.ID, ContractID: i.ContractID, Revision: i.Revision, What: "is " + string(i.State) + " in the store and not on the rail"}); err != nil {
				return err
			}
		}
	}
}

// payments looks for payments that were given up, or that the rail does not know.
func (x *reconciling) payments(ctx context.Context) error {
	for _, state := range []escrowsql.PaymentState{escrowsql.PaymentDead, escrowsql.PaymentDone} {
		for after := ""; ; {
			list, err := x.Store.Payments(ctx, state, after, 500)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				break
			}
			for _, p := range list {
				after = p.ID
				if err := x.stored(ctx, p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// stored looks at a payment that is done, or was given up.
func (x *reconciling) stored(ctx context.Context, p escrowsql.Payment) error {
	d := Difference{ID: p.ID, ContractID: p.ContractID, Revision: p.Revision}
	switch {
	case p.State == escrowsql.PaymentDead:
		d.What, d.Mended = string(p.Kind)+" was given up ("+p.Problem+")", "tried again"
		if err := x.Store.Retry(ctx, p.ID); err != nil {
			return err
		}
		x.tell(d)
	case !x.seen[p.ID]:
		d.What = "is done in the store and not on the rail"
		return x.lookFor(ctx, d)
	}
	return nil
}

// lookFor tells a difference unless the rail knows the id: it may be older than what it
// was asked to list.
func (x *reconciling) lookFor(ctx context.Context, d Difference) error {
	_, err := x.limited(ctx, func(ctx context.Context) (Transfer, error) { return x.Rail.Lookup(ctx, d.ID) })
	if errors.Is(err, ErrNoTransfer) {
		x.tell(d)
		return nil
	}
	return err
}
