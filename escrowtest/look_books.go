package escrowtest

import (
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// books compares the ledger with the decisions and the snapshot.
func (l *telling) books(k *known) (found findings) {
	if l.able.ledger == nil {
		return nil
	}
	l.able.used["Ledger"]++
	b, err := l.able.ledger.Books(k.contract.ID())
	if err != nil {
		found.add("Ledger", "the books cannot be read: %v", err)
		return found
	}
	found.booked(k, b.Booked)
	found.held(k, b.Held)
	sum := new(big.Int)
	for _, units := range b.Balances {
		sum.Add(sum, units)
	}
	if sum.Sign() != 0 {
		found.add("Ledger", "the balances of all accounts add up to %s smallest units instead of nothing", sum)
	}
	return found
}

// booked compares the bookings with the movements of the decisions.
func (f *findings) booked(k *known, bookings []Booking) {
	times := map[string]int{}
	byID := map[string]Booking{}
	for _, b := range bookings {
		times[b.ID]++
		byID[b.ID] = b
	}
	asset := k.contract.Asset()
	k.movements(func(a *Answer, m Movement) {
		b := byID[m.ID]
		switch {
		case times[m.ID] == 0:
			f.add("Ledger", "movement %s of %s (%s %s, %s) is not booked, though its decision is kept", m.ID, a.Rule, asset.Text(m.Amount), asset.Code, m.Reason)
		case times[m.ID] > 1:
			f.add("Ledger", "movement %s of %s (%s %s, %s) is booked %d times", m.ID, a.Rule, asset.Text(m.Amount), asset.Code, m.Reason, times[m.ID])
		case !sameUnits(b.Units, m.Amount):
			f.add("Ledger", "movement %s of %s is booked with %s", m.ID, a.Rule, otherUnits(asset, b.Units, m.Amount))
		case b.From != "" && b.From != m.From.String() || b.To != "" && b.To != m.To.String():
			f.add("Ledger", "movement %s of %s is booked from %s to %s instead of from %s to %s", m.ID, a.Rule, b.From, b.To, m.From, m.To)
		}
		delete(byID, m.ID)
	})
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		f.add("Ledger", "movement %s of %s %s is booked, and is of no decision that is kept", id, unitsText(asset, byID[id].Units), asset.Code)
	}
}

// held compares what is held with the snapshot's custody.
func (f *findings) held(k *known, held map[string]*big.Int) {
	rest, asset := maps.Clone(held), k.contract.Asset()
	for _, h := range k.contract.Custody() {
		pot := h.Account.String()
		if got := rest[pot]; !sameUnits(got, h.Amount) {
			f.add("Ledger", "%s holds %s %s, and by the snapshot %s", pot, unitsText(asset, got), asset.Code, asset.Text(h.Amount))
		}
		delete(rest, pot)
	}
	for _, pot := range slices.Sorted(maps.Keys(rest)) {
		if !sameUnits(rest[pot], escrow.Amount{}) {
			f.add("Ledger", "%s holds %s %s, and by the snapshot nothing", pot, unitsText(asset, rest[pot]), asset.Code)
		}
	}
}

// sameUnits reports whether an amount is as many units; nil are none.
func sameUnits(units *big.Int, a escrow.Amount) bool {
	return units == nil && a == (escrow.Amount{}) || units != nil && units.Cmp(a.BigInt()) == 0
}

// otherUnits says how units are not an amount. What is off by one, or from the digit on
// after which a float64 has no more, has been rounded on its way.
func otherUnits(asset escrow.Asset, units *big.Int, a escrow.Amount) string {
	text := fmt.Sprintf("%s %s instead of %s", unitsText(asset, units), asset.Code, asset.Text(a))
	if units == nil {
		return text
	}
	want := a.BigInt()
	off := new(big.Int).Sub(units, want)
	off.Abs(off)
	if exact := want.Rsh(want, 51); off.Cmp(exact) <= 0 || off.IsInt64() && off.Int64() == 1 {
		text += fmt.Sprintf(", off by %s, as money is that has been through floating point", unitsText(asset, off))
	}
	return text
}

// unitsText returns units as people read them. What is wrong may be negative.
func unitsText(asset escrow.Asset, units *big.Int) string {
	if units == nil {
		return "0"
	}
	return decimal.NewFromBigInt(units, -int32(asset.Scale)).String()
}
