package escrowrun

import (
	"context"

	"github.com/escrow-go/escrow"
)

// Quote answers what each payer would be asked for if the request were made now, a hold
// without an id a payer, and stores nothing; none when nobody pays. The error is the
// refusal that the request would get. While money that the same request brought is not
// known to be held, it is [ErrPaymentPending]: whoever is quoted again might pay twice.
func (r *Runner) Quote(ctx context.Context, q Request) ([]Hold, error) {
	w := work{Runner: r, Request: q}
	now := r.clock().Now()
	c, err := w.contract(ctx)
	if err == nil && !c.IsDraft() {
		c, _, err = escrow.AsOf(c, now)
	}
	var d escrow.Decision
	if err == nil {
		d, err = escrow.Decide(c, q.Command, q.Actor, escrow.At(now))
	}
	if err != nil {
		_, err = w.refused(c, err)
		return nil, err
	}
	bills := billsOf(&d)
	if len(bills) > 0 {
		if err := w.pending(ctx); err != nil {
			return nil, err
		}
	}
	holds := make([]Hold, len(bills))
	for at, b := range bills {
		holds[at] = Hold{Contract: d.Contract.ID(), Payer: b.payer, Asset: b.asset, Amount: b.sum}
	}
	return holds, nil
}

// pending is ErrPaymentPending while the same request, under whichever key, waits for its
// money.
func (w *work) pending(ctx context.Context) error {
	if err := w.fingerprinted(); err != nil {
		return err
	}
	waits, err := w.Store.Paying(ctx, w.asked())
	if err == nil && waits {
		return ErrPaymentPending
	}
	return err
}
