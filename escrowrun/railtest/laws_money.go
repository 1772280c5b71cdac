package railtest

import (
	"errors"
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// remains wants the transfer of an id to be in a state.
func (t *trial) remains(what, id string, state escrowrun.TransferState) error {
	_, err := t.expect(what, t.lookup(id), state)
	return err
}

// declines asks, and wants Refused. Unlike what expect wants, the transfer of the id
// may stay in another state.
func (t *trial) declines(what string, c call) error {
	out, err := t.answer(c)
	if err != nil {
		return fmt.Errorf("%s: refused expected, the answer is the error %w", what, err)
	}
	if out.State != escrowrun.Refused {
		return fmt.Errorf("%s: refused expected, the answer is %s", what, told(out))
	}
	return nil
}

func captureAfterVoid(t *trial) error {
	h := t.newHold("hold", 1000)
	if _, err := t.held(h); err != nil {
		return err
	}
	if _, err := t.expect("void", t.void(h.ID), escrowrun.Voided); err != nil {
		return err
	}
	if err := t.declines("capture after void", t.capture(h.ID)); err != nil {
		return err
	}
	return t.remains("lookup after that", h.ID, escrowrun.Voided)
}

func voidAfterCapture(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	if _, err := t.twice("void after capture", t.void(h.ID), escrowrun.Captured); err != nil {
		return err
	}
	_, err = t.expect("refund of all", t.refund(t.newRefund("refund", h, 1000)), escrowrun.Paid)
	return err
}

func refundUncaptured(t *trial) error {
	h := t.newHold("hold", 1000)
	if _, err := t.held(h); err != nil {
		return err
	}
	if _, err := t.twice("refund of what is only held", t.refund(t.newRefund("early", h, 1)), escrowrun.Refused); err != nil {
		return err
	}
	if _, err := t.expect("void", t.void(h.ID), escrowrun.Voided); err != nil {
		return err
	}
	_, err := t.twice("refund of what was let go", t.refund(t.newRefund("late", h, 1)), escrowrun.Refused)
	return err
}

func refundsAddUp(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	for name, units := range map[string]uint64{"most": 997, "two": 2, "one": 1} {
		if _, err := t.expect("refund in parts", t.refund(t.newRefund(name, h, units)), escrowrun.Paid); err != nil {
			return err
		}
	}
	if _, err := t.twice("refund when all is given back", t.refund(t.newRefund("above", h, 1)), escrowrun.Refused); err != nil {
		return err
	}
	return t.remains("the hold when all is given back", h.ID, escrowrun.Captured)
}

func refundAbove(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	if _, err := t.captured("second", 1000); err != nil {
		return err
	}
	if _, err := t.twice("refund of more than the hold", t.refund(t.newRefund("above", h, 1001)), escrowrun.Refused); err != nil {
		return err
	}
	if _, err := t.expect("refund of a part", t.refund(t.newRefund("part", h, 400)), escrowrun.Paid); err != nil {
		return err
	}
	if _, err := t.twice("refund of more than is left", t.refund(t.newRefund("more", h, 601)), escrowrun.Refused); err != nil {
		return err
	}
	_, err = t.expect("refund of what is left", t.refund(t.newRefund("left", h, 600)), escrowrun.Paid)
	return err
}

func unknownIDs(t *trial) error {
	nothing := t.newHold("nothing", 1000)
	refund := t.newRefund("refund", nothing, 1)
	p := t.newPayment("payment", 1)
	for what, c := range map[string]call{
		"lookup": t.lookup(nothing.ID), "capture": t.capture(nothing.ID), "void": t.void(nothing.ID), "refund": t.refund(refund),
	} {
		if err := t.refused(what+" of an unknown id", c, escrowrun.ErrNoTransfer); err != nil {
			return err
		}
	}
	if _, err := t.captured("hold", 1); err != nil {
		return err
	}
	if _, err := t.expect("pay", t.pay(p), escrowrun.Paid); err != nil {
		return err
	}
	refund.Of = p.ID
	for what, c := range map[string]call{"capture": t.capture(p.ID), "void": t.void(p.ID), "refund": t.refund(refund)} {
		if err := t.refused(what+" of a payment", c, escrowrun.ErrNoTransfer); err != nil {
			return err
		}
	}
	return t.refused("lookup of what was not made", t.lookup(refund.ID), escrowrun.ErrNoTransfer)
}

func smallest(t *trial) error { return t.throughAndBack(escrow.Units(1)) }

func greatest(t *trial) error { return t.throughAndBack(t.greatest) }

// throughAndBack collects an amount twice, pays it out once and gives it back once.
func (t *trial) throughAndBack(a escrow.Amount) error {
	for _, name := range []string{"paid", "returned"} {
		h := t.newHold(name, 0)
		h.Amount = a
		if _, err := t.held(h); err != nil && !errors.Is(err, errNotOffered) {
			return err
		}
		if _, err := t.expect("capture", t.capture(h.ID), escrowrun.Captured); err != nil {
			return err
		}
		p, kind, c := t.newPayment("payment", 0), escrowrun.PaymentKind, t.pay
		if name == "returned" {
			p, kind, c = t.newRefund("refund", h, 0), escrowrun.RefundKind, t.refund
		}
		p.Amount = a
		out, err := t.expect(string(kind), c(p), escrowrun.Paid)
		if err != nil {
			return err
		}
		want := ofPayment(p, kind)
		want.At = out.At
		if err := same(string(kind), want, out); err != nil {
			return err
		}
	}
	return nil
}

func challenged(t *trial) error {
	h, err := t.waiting()
	if err != nil {
		return err
	}
	if _, err := t.expect("capture before the payer has acted", t.capture(h.ID), escrowrun.NeedsAction); err != nil {
		return err
	}
	h.Proof = t.proof
	passed, err := t.answer(t.hold(h))
	if err != nil {
		return err
	}
	if passed.State != escrowrun.Held && passed.State != escrowrun.Captured {
		return fmt.Errorf("hold with proof: held or captured expected, the answer is %s", told(passed))
	}
	if _, err := t.expect("hold with proof again", t.hold(h), passed.State); err != nil {
		return err
	}
	h.Proof = nil
	if _, err := t.expect("hold without proof after it has passed", t.hold(h), passed.State); err != nil {
		return err
	}
	_, err = t.expect("capture", t.capture(h.ID), escrowrun.Captured)
	return err
}

// waiting makes a hold that waits for its payer.
func (t *trial) waiting() (escrowrun.Hold, error) {
	h := t.newHold("hold", 1000)
	h.Payer = t.challenged
	if t.challenged == "" {
		return h, errNotOffered
	}
	out, err := t.twice("hold of a payer who must act", t.hold(h), escrowrun.NeedsAction)
	if err == nil && len(out.Challenge) == 0 {
		err = errors.New("hold of a payer who must act: there is no challenge")
	}
	return h, err
}

func challengedVoid(t *trial) error {
	h, err := t.waiting()
	if err != nil {
		return err
	}
	if _, err := t.twice("void before the payer has acted", t.void(h.ID), escrowrun.Voided); err != nil {
		return err
	}
	h.Proof = t.proof
	_, err = t.expect("hold with proof after the void", t.hold(h), escrowrun.Voided)
	return err
}

func declined(t *trial) error {
	if t.declined == "" {
		return errNotOffered
	}
	h := t.newHold("hold", 1000)
	h.Payer = t.declined
	if _, err := t.twice("hold of a payer who is declined", t.hold(h), escrowrun.Refused); err != nil {
		return err
	}
	if _, err := t.expect("capture of what was refused", t.capture(h.ID), escrowrun.Refused); err != nil {
		return err
	}
	if _, err := t.expect("void of what was refused", t.void(h.ID), escrowrun.Refused); err != nil {
		return err
	}
	_, err := t.twice("refund of what was refused", t.refund(t.newRefund("refund", h, 1)), escrowrun.Refused)
	return err
}
