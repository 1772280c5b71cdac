package escrowtest

import (
	"fmt"

	"github.com/escrow-go/escrow"
)

// pays compares the payments with the decisions.
func (l *telling) pays(k *known) (found findings) {
	if l.able.payer == nil {
		return nil
	}
	l.able.used["Payer"]++
	deposits, payouts, err := l.able.payer.Payments(k.contract.ID())
	if err != nil {
		found.add("Payer", "the payments cannot be read: %v", err)
		return found
	}
	in := found.paid("deposit", k, deposits, func(m Movement) bool { return outside(m.From) })
	out := found.paid("payout", k, payouts, func(m Movement) bool { return outside(m.To) })
	uncaptured := ""
	k.movements(func(a *Answer, m Movement) {
		if p, ok := in[m.ID]; ok && p.State != PaymentCaptured && uncaptured == "" {
			uncaptured = m.ID
			found.add("Payer", "deposit %s of %s is %s instead of captured, though its decision is kept", m.ID, a.Rule, p.State)
		}
	})
	k.movements(func(a *Answer, m Movement) {
		if p := out[m.ID]; p.State == PaymentSent && a.review {
			found.add("Payer", "payout %s of %s is sent before its review has released it", m.ID, a.Rule)
		} else if p.State == PaymentSent && uncaptured != "" {
			found.add("Payer", "payout %s of %s is sent before deposit %s is captured", m.ID, a.Rule, uncaptured)
		}
	})
	return found
}

// outside reports whether an account is somebody's own: then money comes from there
// by a deposit, and gets there by a payout.
func outside(a escrow.Account) bool { return !a.Custody && a.ID != "" }

// paid finds payments that are missing, made twice, of another amount, or of no
// movement, and returns the others by their movements. A deposit of no movement is
// one that was given up: it must not be captured.
func (f *findings) paid(kind string, k *known, list []Payment, meant func(Movement) bool) map[string]Payment {
	byID, times := map[string]Payment{}, map[string]int{}
	for _, p := range list {
		byID[p.ID] = p
		times[p.ID]++
	}
	asset, wanted := k.contract.Asset(), map[string]bool{}
	k.movements(func(a *Answer, m Movement) {
		if !meant(m) {
			return
		}
		wanted[m.ID] = true
		switch p := byID[m.ID]; {
		case times[m.ID] == 0:
			f.add("Payer", "there is no %s for movement %s of %s (%s %s), though its decision is kept", kind, m.ID, a.Rule, asset.Text(m.Amount), asset.Code)
		case times[m.ID] > 1:
			f.add("Payer", "there are %d %ss for movement %s of %s", times[m.ID], kind, m.ID, a.Rule)
		case !sameUnits(p.Units, m.Amount):
			f.add("Payer", "%s %s of %s is %s", kind, m.ID, a.Rule, otherUnits(asset, p.Units, m.Amount))
		}
	})
	for _, p := range list {
		if wanted[p.ID] || kind != "payout" && p.State != PaymentCaptured {
			continue
		}
		what := "is of no movement of a decision that is kept"
		if first := twin(list, wanted, p); first != "" {
			what = fmt.Sprintf("is %s again under an id of its own", first)
		}
		f.add("Payer", "%s %s of %s %s is %s, and %s", kind, p.ID, unitsText(asset, p.Units), asset.Code, p.State, what)
	}
	return byID
}

// twin returns the payment of a movement that is as much, and has come as far, as one
// of none; empty when there is none.
func twin(list []Payment, wanted map[string]bool, p Payment) string {
	for _, other := range list {
		if wanted[other.ID] && other.State == p.State && other.Units != nil && p.Units != nil && other.Units.Cmp(p.Units) == 0 {
			return other.ID
		}
	}
	return ""
}
