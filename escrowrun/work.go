package escrowrun

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// attempts is how often a request is decided again because somebody else was faster.
const attempts = 20

// work is one request on its way.
type work struct {
	*Runner
	Request
	key *escrowsql.Key
	// request names it in its intents.
	request string
	// held are the holds that an attempt made whose decision was not committed.
	held []escrowsql.Intent
}

// answer decides, collects and commits until one attempt gets through. What was held for
// nothing is let go.
func (w *work) answer(ctx context.Context) (Answer, error) {
	if w.Rail != nil && w.key != nil {
		held, err := w.Store.IntentsFor(ctx, w.request)
		if err != nil {
			return Answer{}, err
		}
		w.held = held // of an attempt that waited for its payer, or died
	}
	for range attempts {
		a, err := w.attempt(ctx)
		if errors.Is(err, escrowsql.ErrStale) || errors.Is(err, escrowsql.ErrIntentLost) {
			continue
		}
		if !waits(err) {
			w.letGo(context.WithoutCancel(ctx), w.held)
		}
		return a, err
	}
	w.letGo(context.WithoutCancel(ctx), w.held)
	return Answer{}, ErrBusy
}

// waits reports whether what is held is needed still: the same request goes on with it.
func waits(err error) bool {
	var payment *PaymentError
	if errors.As(err, &payment) {
		return payment.Transfer.State == NeedsAction
	}
	return errors.Is(err, ErrPaymentPending) || errors.Is(err, escrowsql.ErrUnknown)
}

// attempt decides once, on the contract as it stands.
func (w *work) attempt(ctx context.Context) (Answer, error) {
	now := w.clock().Now()
	c, err := w.contract(ctx)
	if err == nil {
		c, err = w.upToDate(ctx, c, now)
	}
	if err != nil {
		return w.refused(c, err)
	}
	d, err := escrow.Decide(c, w.Command, w.Actor, escrow.At(now))
	if err != nil {
		return w.refused(c, err)
	}
	a := Answer{Decision: d, Body: escrow.AppendAnswer(nil, &d, nil), Status: http.StatusOK}
	if approval, ok := d.Approval(); ok && approval.StatusAt(now) == escrow.ApprovalIsPending {
		a.Status = http.StatusAccepted
	}
	intents, err := w.collect(ctx, &d)
	if err != nil {
		return Answer{}, err
	}
	commit, err := w.commitOf(ctx, c, &d, now, intents)
	if err != nil {
		return Answer{}, err
	}
	if w.key != nil {
		commit.Key = w.keyAnswer(a.Status, a.Body)
	}
	if err := w.commit(ctx, commit); err != nil {
		return Answer{}, err
	}
	w.held = w.unspent(intents)
	w.letGo(context.WithoutCancel(ctx), w.held)
	w.held = nil
	return a, nil
}

// keyAnswer is an answer under the request's key.
func (w *work) keyAnswer(status int, body []byte) *escrowsql.KeyAnswer {
	id := w.Contract
	if id == "" {
		id = w.Draft.ID()
	}
	return &escrowsql.KeyAnswer{Key: *w.key, Answer: escrowsql.Answer{Status: status, Body: body, ContractID: id}}
}

// contract returns what is decided on: the contract as it is stored, or the draft that
// is to be founded.
func (w *work) contract(ctx context.Context) (escrow.Contract, error) {
	id := w.Contract
	founds := id == ""
	if founds {
		id = w.Draft.ID()
	}
	c, err := w.Store.Find(ctx, id)
	if errors.Is(err, escrowsql.ErrNotFound) {
		if founds {
			return w.Draft, nil
		}
		return c, errNone
	}
	return c, err
}

// errNone is the refusal of a contract that does not exist, or not for this actor.
var errNone = escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)

// refused answers a refusal. Whoever may not know of the contract learns nothing of it.
func (w *work) refused(c escrow.Contract, err error) (Answer, error) {
	var refusal *escrow.Error
	if !errors.As(err, &refusal) {
		return Answer{}, err
	}
	if c.Lifecycle() != nil && !c.IsDraft() && refusal.Code() != escrow.Unauthorized && refusal.Code() != escrow.InternalError && !escrow.Visible(c, w.Actor) {
		refusal = errNone
		if w.Contract == "" {
			refusal = escrow.NewRefusal(escrow.Conflict, "contract_exists", "there is a contract of this id already", nil)
		}
	}
	return Answer{Body: escrow.AppendAnswer(nil, nil, refusal), Status: refusal.Code().HTTP()}, refusal
}

// upToDate applies every deadline that is due, each as a decision of the system's that
// is committed by itself. Time does not run backwards in a contract: a clock that is
// behind its latest decision counts as showing that.
func (r *Runner) upToDate(ctx context.Context, c escrow.Contract, now time.Time) (escrow.Contract, error) {
	for !c.IsDraft() {
		next, ok := escrow.NextDeadline(c)
		if !ok || next.At.After(now) && next.At.After(c.DecidedAt()) {
			break
		}
		d, err := r.system(ctx, c, escrow.Advance(), now)
		if err != nil {
			return c, err
		}
		c = d.Contract
	}
	return c, nil
}

// system decides and commits what the system does by itself: nobody pays for it.
func (r *Runner) system(ctx context.Context, c escrow.Contract, command escrow.Command, now time.Time) (escrow.Decision, error) {
	d, err := escrow.Decide(c, command, escrow.SystemActor(), escrow.At(now))
	if err != nil {
		return d, err
	}
	commit, err := r.commitOf(ctx, c, &d, now, nil)
	if err != nil {
		return d, err
	}
	return d, r.commit(ctx, commit)
}

// commitOf is all that is stored with a decision.
func (r *Runner) commitOf(ctx context.Context, before escrow.Contract, d *escrow.Decision, now time.Time, intents []escrowsql.Intent) (*escrowsql.Commit, error) {
	c := &escrowsql.Commit{Before: before, Decision: *d, Clock: now}
	for _, i := range intents {
		c.Intents = append(c.Intents, i.ID)
	}
	if r.Rail != nil {
		var err error
		if c.Payments, err = r.payments(ctx, d, intents); err != nil {
			return nil, err
		}
	}
	if r.Messages != nil && d.Contract != before {
		c.Messages = r.Messages(d)
	}
	if r.Also != nil && d.Contract != before {
		c.Also = func(ctx context.Context, tx *sql.Tx) error { return r.Also(ctx, tx, d) }
	}
	return c, nil
}

// commit stores a decision. When the connection was lost while committing, it finds out
// whether the decision is stored before it says anything.
func (r *Runner) commit(ctx context.Context, c *escrowsql.Commit) error {
	r.at("decided")
	err := r.Store.Commit(ctx, c)
	r.at("committed")
	if !errors.Is(err, escrowsql.ErrUnknown) {
		return err
	}
	landed, asked := r.Store.Landed(context.WithoutCancel(ctx), c)
	switch {
	case asked != nil:
		return errors.Join(err, asked) // unknown still
	case landed:
		return nil
	}
	return escrowsql.ErrStale // it is not, and can be decided again
}
