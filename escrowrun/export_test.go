package escrowrun

import "context"

// Points are where the work may be stopped.
var Points = []string{"placed", "held by the rail", "decided", "committed", "to be let go", "let go", "to be paid", "paid by the rail"}

// OnReach has a function told how far the work has got.
func (r *Runner) OnReach(f func(point string)) { r.reach = f }

// PayDue does what of the timed work moves money, until there is none.
func (r *Runner) PayDue(ctx context.Context) (done int, err error) {
	for {
		n, err := r.money(ctx, r.wall(), r.wall().Add(r.lease()))
		if done += n; n == 0 || err != nil {
			return done, err
		}
	}
}
