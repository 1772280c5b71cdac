package railtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
)

// listed returns the transfers of the trial's contract that List yields from an instant
// on. It wants them oldest first, and none from before.
func (t *trial) listed(since time.Time) (out []escrowrun.Transfer, err error) {
	for range t.attempts {
		if out, err = t.listedOnce(since); !escrowrun.Unknown(err) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	last := since
	for _, x := range out {
		if x.At.Before(last) {
			return nil, fmt.Errorf("list since %s: %s comes after %s", since.Format(time.RFC3339Nano), told(x), last.Format(time.RFC3339Nano))
		}
		last = x.At
	}
	return out, nil
}

func (t *trial) listedOnce(since time.Time) (out []escrowrun.Transfer, err error) {
	for x, err := range t.rail.List(t.ctx, since) {
		if err != nil {
			return nil, err
		}
		if x.Contract == t.contract {
			out = append(out, x)
		}
	}
	return out, nil
}

// onlyKnown wants List and Lookup to agree on all that the trial has asked for, and
// nothing else to have been made in its contract.
func (t *trial) onlyKnown() error {
	first, err := t.known()
	if err != nil || len(first) == 0 {
		return err
	}
	since := slices.MinFunc(first, func(a, b escrowrun.Transfer) int { return a.At.Compare(b.At) }).At
	all, err := t.listed(since)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for _, x := range all {
		seen[x.ID]++
		if !slices.Contains(t.asked, x.ID) {
			return fmt.Errorf("nobody has asked for %s", told(x))
		}
	}
	for _, x := range first {
		if seen[x.ID] != 1 {
			return fmt.Errorf("list: %s is yielded %d times", told(x), seen[x.ID])
		}
		i := slices.IndexFunc(all, func(y escrowrun.Transfer) bool { return y.ID == x.ID })
		if err := same("list after lookup", x, all[i]); err != nil {
			return err
		}
	}
	return nil
}

// known returns what Lookup knows of the ids that the trial has asked for.
func (t *trial) known() (out []escrowrun.Transfer, err error) {
	for _, id := range t.asked {
		x, err := t.answer(t.lookup(id))
		if escrowrun.Unknown(err) {
			return nil, fmt.Errorf("lookup %s: %w", id, err)
		}
		if err == nil {
			out = append(out, x)
		}
	}
	return out, nil
}
