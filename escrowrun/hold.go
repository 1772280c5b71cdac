package escrowrun

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// bill is what one payer pays in by a decision: its deposits and charges together.
type bill struct {
	payer     string
	asset     escrow.Asset
	sum       escrow.Amount
	movements []string
}

// billsOf returns a decision's bills, in the order of their first movements.
func billsOf(d *escrow.Decision) []bill {
	var bills []bill
	for _, m := range d.Movements() {
		if m.From.Custody {
			continue
		}
		payer, at := accountOf(m.From), 0
		for at < len(bills) && bills[at].payer != payer {
			at++
		}
		if at == len(bills) {
			bills = append(bills, bill{payer: payer, asset: m.Asset})
		}
		bills[at].sum = bills[at].sum.Plus(m.Amount)
		bills[at].movements = append(bills[at].movements, m.ID())
	}
	return bills
}

// accountOf returns what the rail knows a party by: its account, or its role when it has
// none.
func accountOf(a escrow.Account) string {
	if a.ID != "" {
		return a.ID
	}
	return a.Kind
}

// collect has every payer's money held for a decision. Holds of an attempt before are
// taken on when payer, asset and sum are the same.
func (w *work) collect(ctx context.Context, d *escrow.Decision) ([]escrowsql.Intent, error) {
	if w.Rail == nil {
		return nil, nil
	}
	var intents, fresh []escrowsql.Intent
	taken := map[string]bool{}
	for _, b := range billsOf(d) {
		i := escrowsql.Intent{
			ID: "hold-" + rand.Text(), Request: w.request, Fingerprint: w.asked(), ContractID: d.Contract.ID(), Payer: b.payer, Asset: b.asset, Amount: b.asset.Text(b.sum),
			State: escrowsql.IntentPlaced, CreatedAt: w.wall(),
		}
		old := w.same(i, taken)
		if old != nil {
			i.ID, i.State = old.ID, old.State
		}
		i.Revision, i.Movements, i.Until = d.Contract.Revision(), b.movements, w.wall().Add(w.lease())
		if old != nil {
			carried, err := w.Store.Carry(ctx, i)
			if err != nil {
				return nil, err
			}
			if !carried { // it is being let go
				w.drop(i.ID)
				return nil, escrowsql.ErrIntentLost
			}
		} else {
			fresh = append(fresh, i)
		}
		taken[i.ID] = true
		intents = append(intents, i)
	}
	if len(fresh) > 0 {
		if err := w.Store.Place(ctx, fresh...); err != nil {
			return nil, err
		}
		w.held = append(w.held, fresh...)
		w.at("placed")
	}
	for at := range intents {
		if err := w.hold(ctx, &intents[at]); err != nil {
			return nil, err
		}
	}
	return intents, nil
}

// same returns a hold of an attempt before that pays the same, nil when there is none.
func (w *work) same(i escrowsql.Intent, taken map[string]bool) *escrowsql.Intent {
	for at := range w.held {
		if old := &w.held[at]; !taken[old.ID] && old.ContractID == i.ContractID && old.Payer == i.Payer && old.Asset == i.Asset && old.Amount == i.Amount {
			return old
		}
	}
	return nil
}

// drop forgets a hold that is not the request's any more.
func (w *work) drop(id string) {
	for at := range w.held {
		if w.held[at].ID == id {
			w.held = append(w.held[:at:at], w.held[at+1:]...)
			return
		}
	}
}

// unspent returns the holds that no decision was committed with.
func (w *work) unspent(spent []escrowsql.Intent) []escrowsql.Intent {
	for _, i := range spent {
		w.drop(i.ID)
	}
	return w.held
}

// hold asks the rail for an intent's money, unless it has it.
func (w *work) hold(ctx context.Context, i *escrowsql.Intent) error {
	if i.State == escrowsql.IntentHeld {
		return nil
	}
	sum, err := units(i.Asset, i.Amount)
	if err != nil {
		return fmt.Errorf("the sum of a hold: %w", err)
	}
	h := Hold{ID: i.ID, Contract: i.ContractID, Payer: i.Payer, Asset: i.Asset, Amount: sum, Proof: w.Proof}
	t, err := w.known(ctx, i.ID, anyAnswer, func(ctx context.Context) (Transfer, error) { return w.Rail.Hold(ctx, h) })
	switch {
	case Unknown(err):
		return fmt.Errorf("%w: %w", ErrPaymentPending, err)
	case err != nil:
		return err
	case t.State == Held || t.State == Captured:
		w.at("held by the rail")
		return w.isHeld(ctx, i)
	case t.State == NeedsAction && w.key == nil:
		return ErrNoKey
	case t.State == NeedsAction:
		if _, err := w.Store.Extend(ctx, i.ID, w.wall().Add(or(w.Patience, 15*time.Minute))); err != nil {
			return err
		}
		return &PaymentError{Payer: i.Payer, Transfer: t}
	}
	if _, err := w.Store.Turn(ctx, i.ID, escrowsql.IntentPlaced, escrowsql.IntentRefused, t.Reason); err != nil {
		return err
	}
	w.drop(i.ID)
	return &PaymentError{Payer: i.Payer, Transfer: t}
}

// isHeld records that the rail has an intent's money.
func (w *work) isHeld(ctx context.Context, i *escrowsql.Intent) error {
	turned, err := w.Store.Turn(ctx, i.ID, escrowsql.IntentPlaced, escrowsql.IntentHeld, "")
	if err != nil {
		return err
	}
	if !turned { // its lease ran out meanwhile, and it is being let go
		w.drop(i.ID)
		return escrowsql.ErrIntentLost
	}
	i.State = escrowsql.IntentHeld
	for at := range w.held {
		if w.held[at].ID == i.ID {
			w.held[at].State = escrowsql.IntentHeld
		}
	}
	return nil
}

// anyAnswer: any answer settles a hold, a payment or a refund.
func anyAnswer(Transfer) bool { return true }

// known asks the rail until it is known what came of it. What is unknown is looked up; it
// is asked again, under the same id, only when the rail has nothing of it. The error is
// unknown still when the rail does not answer.
func (r *Runner) known(ctx context.Context, id string, settled func(Transfer) bool, call func(context.Context) (Transfer, error)) (t Transfer, err error) {
	for range 3 {
		if t, err = r.limited(ctx, call); !Unknown(err) {
			return t, err
		}
		found, lost := r.limited(ctx, func(ctx context.Context) (Transfer, error) { return r.Rail.Lookup(ctx, id) })
		if lost == nil && settled(found) {
			return found, nil
		}
	}
	return t, err
}

// limited makes a call that may take so long and no longer.
func (r *Runner) limited(ctx context.Context, call func(context.Context) (Transfer, error)) (Transfer, error) {
	ctx, cancel := context.WithTimeout(ctx, or(r.CallLimit, 10*time.Second))
	defer cancel()
	return call(ctx)
}

// letGo gives back what is held for no decision. What cannot be given back now is left to
// the timed work.
func (r *Runner) letGo(ctx context.Context, intents []escrowsql.Intent) {
	for _, i := range intents {
		turned, err := r.Store.Turn(ctx, i.ID, i.State, escrowsql.IntentVoiding, "")
		if err == nil && turned {
			i.State = escrowsql.IntentVoiding
			r.at("to be let go")
			err = r.void(ctx, i)
		}
		if err != nil && r.Log != nil {
			r.Log.WarnContext(ctx, "a hold is let go later", "hold", i.ID, "contract", i.ContractID, "problem", err)
		}
	}
}

// arrival is how long after it was asked for a hold may still arrive at a rail that has
// none of it. What arrives later still is found by Reconcile.
const arrival = time.Hour

// void lets the hold of an intent go that no commit can spend any more. What a rail
// without holds has collected is given back.
func (r *Runner) void(ctx context.Context, i escrowsql.Intent) error {
	t, err := r.known(ctx, i.ID, letsGo, func(ctx context.Context) (Transfer, error) { return r.Rail.Void(ctx, i.ID) })
	why := ""
	switch {
	case errors.Is(err, ErrNoTransfer):
		if r.wall().Before(i.CreatedAt.Add(arrival)) {
			return nil
		}
		why = "never arrived"
	case err != nil:
		return err
	case t.State == Captured:
		if err := r.giveBack(ctx, i); err != nil {
			return err
		}
	}
	r.at("let go")
	_, err = r.Store.Turn(ctx, i.ID, escrowsql.IntentVoiding, escrowsql.IntentVoided, why)
	return err
}

func letsGo(t Transfer) bool {
	return t.State == Voided || t.State == Captured || t.State == Refused
}

// backSuffix ends the id of a refund of what was collected for nothing.
const backSuffix = "-back"

// giveBack refunds what was collected for nothing.
func (r *Runner) giveBack(ctx context.Context, i escrowsql.Intent) error {
	sum, err := units(i.Asset, i.Amount)
	if err != nil {
		return err
	}
	p := Payment{ID: i.ID + backSuffix, Contract: i.ContractID, To: i.Payer, Of: i.ID, Asset: i.Asset, Amount: sum}
	t, err := r.known(ctx, p.ID, anyAnswer, func(ctx context.Context) (Transfer, error) { return r.Rail.Refund(ctx, p) })
	if err == nil && t.State != Paid {
		r.alarm(ctx, "what was collected for nothing cannot be given back", "hold", i.ID, "contract", i.ContractID, "problem", t.Reason)
		err = fmt.Errorf("refund %s: %s", p.ID, t.Reason)
	}
	return err
}
