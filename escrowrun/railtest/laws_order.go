package railtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
)

func listSince(t *trial) error {
	for _, name := range []string{"one", "two", "three"} {
		if _, err := t.captured(name, 10); err != nil {
			return err
		}
	}
	all, err := t.known()
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := t.beginsWith(all, x.At, "from its very instant"); err != nil {
			return err
		}
		if err := t.beginsWith(all, x.At.Add(1), "from just after its instant"); err != nil {
			return err
		}
	}
	return nil
}

// beginsWith wants List to yield those of all that were made at or after an instant.
func (t *trial) beginsWith(all []escrowrun.Transfer, since time.Time, what string) error {
	listed, err := t.listed(since)
	if err != nil {
		return err
	}
	count := 0
	for _, x := range all {
		if !x.At.Before(since) {
			count++
		}
	}
	if len(listed) != count {
		return fmt.Errorf("list %s: %d transfers expected, %d yielded", what, count, len(listed))
	}
	return nil
}

// crowd is how many ask at once.
const crowd = 8

// together asks the same at once, and wants one answer.
func (t *trial) together(what string, c call) error {
	answers := make([]escrowrun.Transfer, crowd)
	errs := make([]error, crowd)
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() { answers[i], errs[i] = t.answer(c) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%s at once: %w", what, err)
	}
	for _, answer := range answers {
		if err := same(what+" at once", answers[0], answer); err != nil {
			return err
		}
	}
	return nil
}

func atOnce(t *trial) error {
	h, gone := t.newHold("hold", 1000), t.newHold("gone", 1000)
	p, r := t.newPayment("payment", 300), t.newRefund("refund", h, 700)
	for _, step := range []struct {
		what string
		call call
	}{
		{"hold", t.hold(h)}, {"capture", t.capture(h.ID)}, {"pay", t.pay(p)}, {"refund", t.refund(r)},
		{"hold", t.hold(gone)}, {"void", t.void(gone.ID)},
	} {
		if err := t.together(step.what, step.call); err != nil {
			return err
		}
	}
	return t.remains("the hold after that", h.ID, escrowrun.Captured)
}

// manyAtOnce gives a hold back in as many parts as fit and two more, all at once.
func manyAtOnce(t *trial) error {
	h, err := t.captured("hold", crowd-2)
	if err != nil {
		return err
	}
	calls := make([]call, crowd)
	for i := range calls {
		calls[i] = t.refund(t.newRefund(fmt.Sprintf("part-%d", i), h, 1))
	}
	answers := make([]escrowrun.Transfer, crowd)
	errs := make([]error, crowd)
	var all sync.WaitGroup
	for i, c := range calls {
		all.Go(func() { answers[i], errs[i] = t.answer(c) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("refunds at once: %w", err)
	}
	paid := 0
	for _, x := range answers {
		if x.State == escrowrun.Paid {
			paid++
		}
	}
	if paid != crowd-2 {
		return fmt.Errorf("refunds of 1 at once, of a hold of %d: %d are paid", crowd-2, paid)
	}
	return nil
}

func endedContext(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	next, p, r := t.newHold("next", 1000), t.newPayment("payment", 300), t.newRefund("refund", h, 700)
	live := t.ctx
	ended, cancel := context.WithCancel(live)
	cancel()
	for what, c := range map[string]call{
		"hold": t.hold(next), "capture": t.capture(h.ID), "void": t.void(h.ID), "pay": t.pay(p), "refund": t.refund(r), "lookup": t.lookup(h.ID),
	} {
		t.ctx = ended
		out, err := c()
		t.ctx = live
		if err == nil {
			return fmt.Errorf("%s with a context that has ended: an error expected, the answer is %s", what, told(out))
		}
	}
	t.ctx = ended
	_, err = t.listedOnce(time.Time{})
	t.ctx = live
	if err == nil {
		return errors.New("list with a context that has ended: an error expected")
	}
	return t.afterwards(h, next, p, r)
}

// afterwards asks again for what was asked with a context that had ended.
func (t *trial) afterwards(h, next escrowrun.Hold, p, r escrowrun.Payment) error {
	if err := t.remains("the hold after that", h.ID, escrowrun.Captured); err != nil {
		return err
	}
	if _, err := t.held(next); err != nil && !errors.Is(err, errNotOffered) {
		return err
	}
	if _, err := t.twice("pay", t.pay(p), escrowrun.Paid); err != nil {
		return err
	}
	_, err := t.twice("refund", t.refund(r), escrowrun.Paid)
	return err
}
