package escrowrun

import (
	"context"
	"errors"
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// payments returns what the rail has to do once a decision is committed: capture what is
// held for it, and pay every movement that leaves to a party. What a payer gets back is
// refunded from a hold of its own that has enough left, else paid.
func (r *Runner) payments(ctx context.Context, d *escrow.Decision, intents []escrowsql.Intent) ([]escrowsql.Payment, error) {
	id, revision := d.Contract.ID(), d.Contract.Revision()
	var all []escrowsql.Payment
	for _, i := range intents {
		all = append(all, escrowsql.Payment{ID: i.ID, Kind: escrowsql.Capture, ContractID: id, Revision: revision, Account: i.Payer, Hold: i.ID,
			Asset: i.Asset, Amount: i.Amount, State: escrowsql.PaymentWaiting})
	}
	review, reviewed := d.Review()
	var left []refundable
	for _, m := range d.Movements() {
		if m.To.Custody {
			continue
		}
		p := escrowsql.Payment{ID: m.ID(), Kind: escrowsql.Pay, ContractID: id, Revision: revision, Account: accountOf(m.To),
			Asset: m.Asset, Amount: m.Asset.Text(m.Amount), State: escrowsql.PaymentWaiting}
		if reviewed && m.From.Custody {
			p.State, p.Quorum = escrowsql.PaymentReview, review.Quorum
		}
		if m.From.Custody {
			if left == nil {
				var err error
				if left, err = r.refundables(ctx, id); err != nil {
					return nil, err
				}
			}
			if at := refund(left, p.Account, m); at >= 0 {
				p.Kind, p.Hold = escrowsql.Refund, left[at].hold
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// refundable is a hold of which something can still be given back.
type refundable struct {
	hold, payer string
	asset       escrow.Asset
	left        escrow.Amount
}

// refund takes a movement off the first of its receiver's holds that has enough left,
// and returns which, -1 for none.
func refund(left []refundable, account string, m escrow.Movement) int {
	for at := range left {
		h := &left[at]
		if h.payer != account || h.asset != m.Asset || h.left.Cmp(m.Amount) < 0 {
			continue
		}
		rest, err := minus(h.left, m.Amount)
		if err != nil {
			return -1
		}
		h.left = rest
		return at
	}
	return -1
}

// refundables returns what of a contract's holds has not been given back, or promised,
// yet.
func (r *Runner) refundables(ctx context.Context, contract string) ([]refundable, error) {
	intents, err := r.Store.IntentsOf(ctx, contract)
	if err != nil {
		return nil, err
	}
	payments, err := r.Store.PaymentsOf(ctx, contract)
	if err != nil {
		return nil, err
	}
	left := []refundable{}
	for _, i := range intents {
		if i.State != escrowsql.IntentCommitted && i.State != escrowsql.IntentCaptured {
			continue
		}
		sum, err := units(i.Asset, i.Amount)
		if err != nil {
			return nil, err
		}
		for _, p := range payments {
			if p.Kind != escrowsql.Refund || p.Hold != i.ID {
				continue
			}
			back, err := units(p.Asset, p.Amount)
			if err != nil {
				return nil, err
			}
			if sum, err = minus(sum, back); err != nil {
				return nil, err
			}
		}
		left = append(left, refundable{i.ID, i.Payer, i.Asset, sum})
	}
	return left, nil
}

// minus returns the difference of two amounts.
func minus(a, b escrow.Amount) (escrow.Amount, error) {
	x := a.BigInt()
	return escrow.AmountOf(x.Sub(x, b.BigInt()))
}

// pay does one payment, and records what came of it.
func (r *Runner) pay(ctx context.Context, p escrowsql.Payment) error {
	r.at("to be paid")
	t, err := r.payOnce(ctx, p)
	r.at("paid by the rail")
	switch {
	case Unknown(err):
		return r.Store.Unpaid(ctx, p, err.Error(), r.wall())
	case err != nil: // the rail knows the id as something else, or not the hold
		r.alarm(ctx, "a payment cannot be made", "payment", p.ID, "contract", p.ContractID, "revision", p.Revision, "problem", err)
		return r.Store.Refused(ctx, p, err.Error())
	case t.State == Paid || t.State == Captured:
		return r.Store.Paid(ctx, p)
	case t.State == NeedsAction || t.State == Held:
		return r.Store.Unpaid(ctx, p, "is "+string(t.State), r.wall())
	}
	what := "a payout was refused"
	if p.Kind == escrowsql.Capture {
		what = "a hold cannot be captured: nothing is paid out of the contract"
	}
	r.alarm(ctx, what, "payment", p.ID, "contract", p.ContractID, "revision", p.Revision, "problem", t.Reason)
	return r.Store.Refused(ctx, p, or2(t.Reason, string(t.State)))
}

func or2(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// payOnce asks the rail, and looks up first what was asked before.
func (r *Runner) payOnce(ctx context.Context, p escrowsql.Payment) (Transfer, error) {
	sum, err := units(p.Asset, p.Amount)
	if err != nil {
		return Transfer{}, errors.Join(ErrOtherTransfer, fmt.Errorf("the sum of a payment: %w", err))
	}
	request := Payment{ID: p.ID, Contract: p.ContractID, To: p.Account, Of: p.Hold, Asset: p.Asset, Amount: sum}
	settled := anyAnswer
	call := func(ctx context.Context) (Transfer, error) { return r.Rail.Pay(ctx, request) }
	switch p.Kind {
	case escrowsql.Refund:
		call = func(ctx context.Context) (Transfer, error) { return r.Rail.Refund(ctx, request) }
	case escrowsql.Capture:
		settled = func(t Transfer) bool { return t.State == Captured || t.State == Refused || t.State == Voided }
		call = func(ctx context.Context) (Transfer, error) { return r.Rail.Capture(ctx, p.Hold) }
	}
	if p.Attempts > 0 {
		found, err := r.limited(ctx, func(ctx context.Context) (Transfer, error) { return r.Rail.Lookup(ctx, p.ID) })
		if err == nil && settled(found) {
			return found, nil
		}
		if Unknown(err) {
			return found, err
		}
	}
	return r.known(ctx, p.ID, settled, call)
}

// Release records that an operator has looked at the payouts of a decision that are
// under review. They leave when as many people as the contract's policy asks for have:
// true says that they do now. [escrowsql.ErrNotFound] when nothing waits for it.
func (r *Runner) Release(ctx context.Context, contract string, revision uint64, operator string) (bool, error) {
	return r.Store.Release(ctx, contract, revision, operator, r.wall())
}
