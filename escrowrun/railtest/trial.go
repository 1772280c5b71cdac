package railtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// trial is one law being tried: a contract, and the ids that were asked for.
type trial struct {
	*suite
	ctx      context.Context
	rail     escrowrun.Rail
	contract string
	asked    []string
}

// id returns an id of the trial's own. What is made under others in the trial's
// contract breaks every law.
func (t *trial) id(name string) string {
	id := t.contract + "-" + name
	t.asked = append(t.asked, id)
	return id
}

// newHold is a hold of so many smallest units of the payer's.
func (t *trial) newHold(name string, units uint64) escrowrun.Hold {
	return escrowrun.Hold{ID: t.id(name), Contract: t.contract, Payer: t.payer, Asset: t.asset, Amount: escrow.Units(units)}
}

// newPayment is a payment of so many smallest units to the payee.
func (t *trial) newPayment(name string, units uint64) escrowrun.Payment {
	return escrowrun.Payment{ID: t.id(name), Contract: t.contract, To: t.payee, Asset: t.asset, Amount: escrow.Units(units)}
}

// newRefund is a refund of so many smallest units of a hold.
func (t *trial) newRefund(name string, h escrowrun.Hold, units uint64) escrowrun.Payment {
	return escrowrun.Payment{ID: t.id(name), Contract: t.contract, To: h.Payer, Of: h.ID, Asset: t.asset, Amount: escrow.Units(units)}
}

// call is one thing asked of the rail.
type call func() (escrowrun.Transfer, error)

func (t *trial) hold(h escrowrun.Hold) call {
	return func() (escrowrun.Transfer, error) { return t.rail.Hold(t.ctx, h) }
}

func (t *trial) capture(id string) call {
	return func() (escrowrun.Transfer, error) { return t.rail.Capture(t.ctx, id) }
}

func (t *trial) void(id string) call {
	return func() (escrowrun.Transfer, error) { return t.rail.Void(t.ctx, id) }
}

func (t *trial) pay(p escrowrun.Payment) call {
	return func() (escrowrun.Transfer, error) { return t.rail.Pay(t.ctx, p) }
}

func (t *trial) refund(p escrowrun.Payment) call {
	return func() (escrowrun.Transfer, error) { return t.rail.Refund(t.ctx, p) }
}

func (t *trial) lookup(id string) call {
	return func() (escrowrun.Transfer, error) { return t.rail.Lookup(t.ctx, id) }
}

// answer asks until the answer is known, or often enough.
func (t *trial) answer(c call) (out escrowrun.Transfer, err error) {
	for range t.attempts {
		if out, err = c(); !escrowrun.Unknown(err) {
			return out, err
		}
	}
	return out, err
}

// expect asks, and wants the answer in a state, and Lookup to say the same.
func (t *trial) expect(what string, c call, state escrowrun.TransferState) (escrowrun.Transfer, error) {
	out, err := t.answer(c)
	if err != nil {
		return out, fmt.Errorf("%s: %s expected, the answer is the error %w", what, state, err)
	}
	if out.State != state {
		return out, fmt.Errorf("%s: %s expected, the answer is %s", what, state, told(out))
	}
	stored, err := t.answer(t.lookup(out.ID))
	if err != nil {
		return out, fmt.Errorf("%s: %s answered, and lookup says %w", what, told(out), err)
	}
	return out, same(what+": lookup after the answer", out, stored)
}

// refused asks, and wants an error.
func (t *trial) refused(what string, c call, want error) error {
	out, err := t.answer(c)
	if err == nil {
		return fmt.Errorf("%s: the error %q expected, the answer is %s", what, want, told(out))
	}
	if !errors.Is(err, want) {
		return fmt.Errorf("%s: the error %q expected, the error is %w", what, want, err)
	}
	return nil
}

// captured makes a hold of so many smallest units and captures it.
func (t *trial) captured(name string, units uint64) (escrowrun.Hold, error) {
	h := t.newHold(name, units)
	if _, err := t.held(h); err != nil && !errors.Is(err, errNotOffered) {
		return h, err
	}
	_, err := t.expect("capture", t.capture(h.ID), escrowrun.Captured)
	return h, err
}

// held makes a hold. The error is errNotOffered when the rail collects at once.
func (t *trial) held(h escrowrun.Hold) (escrowrun.Transfer, error) {
	out, err := t.answer(t.hold(h))
	if err != nil {
		return out, fmt.Errorf("hold: %w", err)
	}
	want := ofHold(h)
	want.State, want.At = out.State, out.At
	if err := same("hold", want, out); err != nil {
		return out, err
	}
	switch out.State {
	case escrowrun.Held:
		return out, nil
	case escrowrun.Captured:
		return out, errNotOffered
	}
	return out, fmt.Errorf("hold: held or captured expected, the answer is %s", told(out))
}

// ofHold is the transfer that a hold makes, without what the rail decides.
func ofHold(h escrowrun.Hold) escrowrun.Transfer {
	return escrowrun.Transfer{ID: h.ID, Kind: escrowrun.HoldKind, Contract: h.Contract, Account: h.Payer, Asset: h.Asset, Amount: h.Amount}
}

// ofPayment is the transfer that a payment or refund makes when it is paid.
func ofPayment(p escrowrun.Payment, kind escrowrun.TransferKind) escrowrun.Transfer {
	return escrowrun.Transfer{ID: p.ID, Kind: kind, State: escrowrun.Paid, Contract: p.Contract, Account: p.To, Of: p.Of, Asset: p.Asset, Amount: p.Amount}
}

// same compares two transfers, but for what a rail may put in other words.
func same(what string, want, got escrowrun.Transfer) error {
	at := want.At.Equal(got.At)
	want.At, want.Challenge, want.Reason = time.Time{}, nil, ""
	shown := got
	got.At, got.Challenge, got.Reason = time.Time{}, nil, ""
	if !at || told(want) != told(got) {
		return fmt.Errorf("%s: %s expected, not %s", what, told(want), told(shown))
	}
	return nil
}

// told is a transfer as text.
func told(t escrowrun.Transfer) string {
	text, err := t.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(text)
}
