package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
)

// ask brings a request over the network: what arrives late comes in first, then the
// request meets its fault.
func (r *Rail) ask(ctx context.Context, q request) (escrowrun.Transfer, error) {
	if err := ctx.Err(); err != nil {
		return escrowrun.Transfer{}, err
	}
	if err := r.arrive(ctx); err != nil {
		return escrowrun.Transfer{}, err
	}
	count, err := r.count(ctx, q)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	return r.meet(ctx, q, r.fault(q, count), count)
}

// meet answers a request under a fault.
func (r *Rail) meet(ctx context.Context, q request, f Fault, count int) (escrowrun.Transfer, error) {
	switch f.Kind {
	case RequestLost:
		return escrowrun.Transfer{}, ErrNoAnswer
	case ArrivesLater:
		if err := r.postpone(ctx, q, f.After, count); err != nil {
			return escrowrun.Transfer{}, err
		}
		return escrowrun.Transfer{}, ErrNoAnswer
	case AnswerLost:
		_, _ = r.do(ctx, q, NoFault)
		return escrowrun.Transfer{}, ErrNoAnswer
	case Twice:
		_, _ = r.do(ctx, q, NoFault)
		return r.do(ctx, q, NoFault)
	case Late:
		t, err := r.do(ctx, q, NoFault)
		if late := r.wait(ctx, f.Delay); late != nil {
			return escrowrun.Transfer{}, late
		}
		return t, err
	}
	return r.do(ctx, q, f.Kind)
}

// fault decides what goes wrong with a request.
func (r *Rail) fault(q request, count int) Fault {
	if count == 0 {
		return Fault{}
	}
	return r.faults.of(Call{Operation: q.Operation, ID: q.ID, Account: q.Account, Count: count})
}

// wait lets the answer be late. It returns an error when the caller waits no longer.
func (r *Rail) wait(ctx context.Context, d time.Duration) error {
	if d > 0 {
		r.sleep(ctx, d)
		return ctx.Err()
	}
	if ctx.Done() != nil {
		r.sleep(ctx, math.MaxInt64)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return context.DeadlineExceeded
}

// count returns how many times the operation has been asked for the id, this time
// included. It is 0, and not kept, on a rail without faults.
func (r *Rail) count(ctx context.Context, q request) (count int, err error) {
	if !r.faults.any() {
		return 0, nil
	}
	err = r.db.QueryRowContext(ctx, `INSERT INTO sandbox_calls (operation, id, asked) VALUES ($1, $2, 1)
		ON CONFLICT (operation, id) DO UPDATE SET asked = sandbox_calls.asked + 1 RETURNING asked`, string(q.Operation), q.ID).Scan(&count)
	return count, err
}

// postpone keeps a request until so many further calls have come in.
func (r *Rail) postpone(ctx context.Context, q request, after, count int) error {
	if q.Operation.reads() {
		return nil
	}
	text, err := json.Marshal(q)
	if err != nil {
		return err
	}
	_, err = r.db.ExecContext(ctx, `INSERT INTO sandbox_late (name, waits, request) VALUES ($1, $2, $3)`,
		fmt.Sprintf("%s %d %s", q.Operation, count, q.ID), after, string(text))
	return err
}

// arrive does the requests whose time has come, even when the call that they come
// before is given up. Nobody hears their answers.
func (r *Rail) arrive(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var waiting int
	if err := r.db.QueryRowContext(ctx, `SELECT count(*) FROM sandbox_late`).Scan(&waiting); err != nil || waiting == 0 {
		return err
	}
	if _, err := r.db.ExecContext(ctx, `UPDATE sandbox_late SET waits = waits - 1`); err != nil {
		return err
	}
	due, err := texts(r.db.QueryContext(ctx, `DELETE FROM sandbox_late WHERE waits < 0 RETURNING request`))
	if err != nil {
		return err
	}
	for _, text := range due {
		var q request
		if err := json.Unmarshal([]byte(text), &q); err != nil {
			return err
		}
		if _, err := r.do(ctx, q, NoFault); escrowrun.Unknown(err) {
			return err
		}
	}
	return nil
}
