package railtest

import (
	"errors"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// twice asks the same thing twice, and wants the same answer and Lookup to agree.
func (t *trial) twice(what string, c call, state escrowrun.TransferState) (escrowrun.Transfer, error) {
	first, err := t.expect(what, c, state)
	if err != nil {
		return first, err
	}
	second, err := t.expect(what+" again", c, state)
	if err != nil {
		return second, err
	}
	return first, same(what+" again", first, second)
}

func holdAgain(t *trial) error {
	h := t.newHold("hold", 1000)
	first, err := t.held(h)
	if err != nil && !errors.Is(err, errNotOffered) {
		return err
	}
	if _, err := t.twice("hold", t.hold(h), first.State); err != nil {
		return err
	}
	captured, err := t.expect("capture", t.capture(h.ID), escrowrun.Captured)
	if err != nil {
		return err
	}
	again, err := t.expect("hold again after the capture", t.hold(h), escrowrun.Captured)
	if err != nil {
		return err
	}
	return same("hold again after the capture", captured, again)
}

func captureAgain(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	out, err := t.twice("capture", t.capture(h.ID), escrowrun.Captured)
	if err != nil {
		return err
	}
	want := ofHold(h)
	want.State, want.At = escrowrun.Captured, out.At
	return same("capture", want, out)
}

func voidAgain(t *trial) error {
	h := t.newHold("hold", 1000)
	if _, err := t.held(h); err != nil {
		return err
	}
	if _, err := t.twice("void", t.void(h.ID), escrowrun.Voided); err != nil {
		return err
	}
	_, err := t.expect("hold again after the void", t.hold(h), escrowrun.Voided)
	return err
}

func payAgain(t *trial) error {
	if _, err := t.captured("hold", 1000); err != nil {
		return err
	}
	p := t.newPayment("payment", 400)
	out, err := t.twice("pay", t.pay(p), escrowrun.Paid)
	if err != nil {
		return err
	}
	want := ofPayment(p, escrowrun.PaymentKind)
	want.At = out.At
	return same("pay", want, out)
}

func refundAgain(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	p := t.newRefund("refund", h, 600)
	out, err := t.twice("refund", t.refund(p), escrowrun.Paid)
	if err != nil {
		return err
	}
	want := ofPayment(p, escrowrun.RefundKind)
	want.At = out.At
	if err := same("refund", want, out); err != nil {
		return err
	}
	_, err = t.expect("refund of the rest", t.refund(t.newRefund("rest", h, 400)), escrowrun.Paid)
	return err
}

// unmoved wants each call to be answered by ErrOtherTransfer, and the transfer of an id
// to stay as it is.
func (t *trial) unmoved(id string, calls map[string]call) error {
	before, err := t.answer(t.lookup(id))
	if err != nil {
		return err
	}
	for what, c := range calls {
		if err := t.refused(what+" under the same id", c, escrowrun.ErrOtherTransfer); err != nil {
			return err
		}
		after, err := t.answer(t.lookup(id))
		if err != nil {
			return err
		}
		if err := same("after "+what+" under the same id", before, after); err != nil {
			return err
		}
	}
	return nil
}

func otherHold(t *trial) error {
	h := t.newHold("hold", 1000)
	if _, err := t.held(h); err != nil && !errors.Is(err, errNotOffered) {
		return err
	}
	amount, payer, contract := h, h, h
	amount.Amount, payer.Payer, contract.Contract = escrow.Units(999), t.payee, h.Contract+"-other"
	p := escrowrun.Payment{ID: h.ID, Contract: h.Contract, To: h.Payer, Asset: h.Asset, Amount: h.Amount}
	return t.unmoved(h.ID, map[string]call{
		"another amount": t.hold(amount), "another payer": t.hold(payer), "another contract": t.hold(contract), "a payment": t.pay(p),
	})
}

func otherPayment(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	p := t.newPayment("payment", 300)
	if _, err := t.expect("pay", t.pay(p), escrowrun.Paid); err != nil {
		return err
	}
	amount, to, contract, refund := p, p, p, p
	amount.Amount, to.To, contract.Contract = escrow.Units(301), t.payer, p.Contract+"-other"
	refund.To, refund.Of = h.Payer, h.ID
	hold := escrowrun.Hold{ID: p.ID, Contract: p.Contract, Payer: p.To, Asset: p.Asset, Amount: p.Amount}
	return t.unmoved(p.ID, map[string]call{
		"another amount": t.pay(amount), "another account": t.pay(to), "another contract": t.pay(contract),
		"a refund": t.refund(refund), "a hold": t.hold(hold),
	})
}

func otherRefund(t *trial) error {
	h, err := t.captured("hold", 1000)
	if err != nil {
		return err
	}
	second, err := t.captured("second", 1000)
	if err != nil {
		return err
	}
	p := t.newRefund("refund", h, 300)
	if _, err := t.expect("refund", t.refund(p), escrowrun.Paid); err != nil {
		return err
	}
	amount, of, payment := p, p, p
	amount.Amount, of.Of, payment.Of = escrow.Units(301), second.ID, ""
	return t.unmoved(p.ID, map[string]call{
		"another amount": t.refund(amount), "another hold": t.refund(of), "a payment": t.pay(payment),
	})
}
