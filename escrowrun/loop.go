package escrowrun

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

const (
	// batch is how many of a kind are leased at once, and hands how many are worked on
	// at the same time.
	batch, hands = 50, 4
	// keepKeys is how long answers are kept under their keys.
	keepKeys = 7 * 24 * time.Hour
)

// Run does the timed work until the context ends: deadlines and approvals that are due,
// what the system does by itself, holds that are let go, payments, events, messages, keys
// that are too old. Any number of processes may run on PostgreSQL; on SQLite one does,
// and another is [escrowsql.ErrNotAlone]. Work that is late or lost changes nothing: it
// is done by whoever comes next.
func (r *Runner) Run(ctx context.Context) error {
	leave, err := r.Store.Alone(ctx)
	if err != nil {
		return err
	}
	defer leave()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		if _, err := r.Work(ctx); err != nil && ctx.Err() == nil {
			r.alarm(ctx, "timed work failed and is done again", "problem", err)
		}
		timer.Reset(or(r.Every, time.Second))
	}
}

// Work does all the timed work that there is now, and returns how much it was. What
// fails is left for later and does not keep the rest from being done; the error joins
// what failed.
func (r *Runner) Work(ctx context.Context) (done int, err error) {
	for {
		n, failed := r.round(ctx)
		done += n
		err = errors.Join(err, failed)
		if n == 0 || ctx.Err() != nil {
			return done, errors.Join(err, r.Store.PurgeKeys(ctx, r.wall().Add(-keepKeys)))
		}
	}
}

// round does up to a batch of each kind of work.
func (r *Runner) round(ctx context.Context) (done int, err error) {
	now, own := r.clock().Now(), r.wall()
	until := own.Add(r.lease())
	for _, kind := range []func() (int, error){
		func() (int, error) {
			ids, err := r.Store.Lease(ctx, now, batch, own, until)
			return together(ids, err, func(id string) error { return r.serve(ctx, id, now) })
		},
		func() (int, error) { return r.money(ctx, own, until) },
		func() (int, error) { return r.Store.NumberEvents(ctx, 1000) },
		func() (int, error) { return r.deliver(ctx, own, until) },
	} {
		n, failed := kind()
		done, err = done+n, errors.Join(err, failed)
	}
	return done, err
}

// Pay does what of the timed work moves money, all that there is now: it lets go of what
// is held for nothing, and captures, pays and refunds. It returns how much it was.
func (r *Runner) Pay(ctx context.Context) (done int, err error) {
	for {
		own := r.wall()
		n, failed := r.money(ctx, own, own.Add(r.lease()))
		done, err = done+n, errors.Join(err, failed)
		if n == 0 || ctx.Err() != nil {
			return done, err
		}
	}
}

// money lets go of what is held for nothing, and makes the payments that wait.
func (r *Runner) money(ctx context.Context, own, until time.Time) (int, error) {
	if r.Rail == nil {
		return 0, nil
	}
	intents, err := r.Store.Reap(ctx, batch, own, until)
	voided, err := together(intents, err, func(i escrowsql.Intent) error { return r.void(ctx, i) })
	payments, failed := r.Store.TakePayments(ctx, batch, own, until)
	paid, failed := together(payments, failed, func(p escrowsql.Payment) error { return r.pay(ctx, p) })
	return voided + paid, errors.Join(err, failed)
}

// together works on a list, several at a time.
func together[T any](list []T, err error, work func(T) error) (int, error) {
	var group sync.WaitGroup
	free := make(chan struct{}, hands)
	failed := make([]error, len(list))
	for i := range list {
		free <- struct{}{}
		group.Go(func() {
			failed[i] = work(list[i])
			<-free
		})
	}
	group.Wait()
	return len(list), errors.Join(append(failed, err)...)
}

// serve brings a contract up to date, and does what is left to the system. Somebody who
// was faster is no failure.
func (r *Runner) serve(ctx context.Context, id string, now time.Time) error {
	c, err := r.Store.Find(ctx, id)
	if err != nil {
		return err
	}
	c, err = r.upToDate(ctx, c, now)
	for err == nil {
		var did bool
		if c, did, err = r.ownWork(ctx, c, now); !did {
			break
		}
	}
	if errors.Is(err, escrowsql.ErrStale) {
		return nil
	}
	return err
}

// ownWork does one thing that only the system can do on a contract; false when there is
// nothing, or nothing yet.
func (r *Runner) ownWork(ctx context.Context, c escrow.Contract, now time.Time) (escrow.Contract, bool, error) {
	for _, action := range escrow.SystemWork(c, now) {
		command, ok, err := r.command(ctx, c, action)
		if err != nil {
			return c, false, err
		}
		if !ok {
			continue
		}
		d, err := r.system(ctx, c, command, now)
		if err != nil {
			return c, false, err
		}
		return d.Contract, d.Contract != c, nil
	}
	return c, false, nil
}

// command returns how the system does an action: as the jury says, else as it is, when
// it carries nothing.
func (r *Runner) command(ctx context.Context, c escrow.Contract, action escrow.Action) (escrow.Command, bool, error) {
	if r.Jury != nil {
		return r.Jury(ctx, c, action)
	}
	for _, act := range c.Lifecycle().Acts() {
		if act.Action() == action && len(act.Params()) == 0 {
			return act.Command(), true, nil
		}
	}
	return escrow.Command{}, false, nil
}

// deliver tells what is in the outbox.
func (r *Runner) deliver(ctx context.Context, own, until time.Time) (done int, err error) {
	if r.Deliver == nil {
		return 0, nil
	}
	for _, topic := range r.Topics {
		messages, failed := r.Store.TakeMessages(ctx, topic, batch, own, until)
		n, failed := together(messages, failed, func(m escrowsql.Message) error {
			if err := r.Deliver(ctx, m); err != nil {
				return r.Store.Unsent(ctx, m, err.Error(), r.wall())
			}
			return r.Store.Sent(ctx, m.ID)
		})
		done, err = done+n, errors.Join(err, failed)
	}
	return done, err
}
