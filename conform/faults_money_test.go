package conform_test

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	escrow "github.com/escrow-go/escrow/next"
	oc "github.com/escrow-go/escrow/opencontract"
	ot "github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
)

// whole is how many smallest units a ratio of 1 is counted in.
var whole = big.NewInt(1_000_000_000_000_000_000)

// exactly returns what a movement's basis comes to before it is rounded: units, and
// what is left of one in 10^-18.
func exactly(m *escrow.Movement) (units, rest *big.Int) {
	product := new(big.Int).Mul(m.Basis.Of.BigInt(), m.Basis.Ratio.Decimal().Shift(18).BigInt())
	return product.QuoRem(product, whole, new(big.Int))
}

// collects changes what a movement puts into custody, and what is then held.
func collects(d, c object, m *escrow.Movement, i int, units *big.Int) {
	amount, _ := escrow.AmountOf(units)
	text := m.Asset.Text(amount)
	d.objects("movements")[i]["amount"] = text
	for _, held := range c.objects("custody") {
		if held["account"] == m.To.String() {
			held["amount"] = text
		}
	}
	posted := map[string]string{"stake": "workerStake", "dispute-bond": "disputeBond"}
	if name, is := posted[m.To.Kind]; is {
		c[name] = text
	}
}

// rounds rounds deposits and charges of a kind its own way.
func rounds(reason escrow.MovementReason, up func(units, rest *big.Int) bool) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		answer := ask(q)
		for i, m := range answer.Movements() {
			if m.Reason != reason || m.Basis.Times > 0 {
				continue
			}
			units, rest := exactly(&m)
			if up(units, rest) {
				units.Add(units, big.NewInt(1))
			}
			if amount, _ := escrow.AmountOf(units); amount != m.Amount {
				answer = answer.but(func(d, c object) { collects(d, c, &m, i, units) })
			}
		}
		return answer
	}
}

// half is half of a smallest unit.
var half = new(big.Int).Rsh(whole, 1)

func down(_, _ *big.Int) bool { return false }

func halfDown(_, rest *big.Int) bool { return rest.Cmp(half) > 0 }

// halfEven is how banks round, and several decimal libraries.
func halfEven(units, rest *big.Int) bool {
	return rest.Cmp(half) > 0 || rest.Cmp(half) == 0 && units.Bit(0) == 1
}

// wideDown has a way of its own for what does not fit 64 bits, which rounds down.
func wideDown(units, rest *big.Int) bool { return units.IsUint64() && rest.Cmp(half) >= 0 }

// losesUnit rounds both parts of a split down.
func losesUnit(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	for i, m := range answer.Movements() {
		if m.Kind() != escrow.PaidOut || m.Basis.Ratio == (escrow.Ratio{}) {
			continue
		}
		units, _ := exactly(&m)
		if amount, _ := escrow.AmountOf(units); amount != m.Amount {
			answer = answer.but(func(d, _ object) { d.objects("movements")[i]["amount"] = m.Asset.Text(amount) })
		}
	}
	return answer
}

// bondOnce collects one bond, whatever the number of criteria.
func bondOnce(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	for i, m := range answer.Movements() {
		if n := m.Basis.Times; n > 1 {
			one := m.Amount.BigInt()
			one.Quo(one, big.NewInt(int64(n)))
			answer = answer.but(func(d, c object) { collects(d, c, &m, i, one) })
		}
	}
	return answer
}

// feeOfPrice takes the fee from the whole price, whatever was earned.
func feeOfPrice(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.To != oc.SettledPartiallyMet {
		return answer
	}
	v := q.Contract.View()
	fee := escrow.Movement{Basis: escrow.Basis{Of: oc.Price.In(v), Ratio: oc.ProtocolFee.In(v)}}
	units, _ := exactly(&fee)
	for i, m := range answer.Movements() {
		switch m.Reason {
		case "payout":
			answer = answer.paying(i, &m, new(big.Int).Sub(m.Basis.Of.BigInt(), units))
		case "protocol_fee":
			answer = answer.paying(i, &m, units)
		}
	}
	return answer
}

// paying returns a decision that moves another amount.
func (s said) paying(i int, m *escrow.Movement, units *big.Int) said {
	amount, err := escrow.AmountOf(units)
	if err != nil {
		return s
	}
	return s.but(func(d, _ object) { d.objects("movements")[i]["amount"] = m.Asset.Text(amount) })
}

// inFloats reckons in 64-bit floating point.
func inFloats(q escrow.Request, ask func(escrow.Request) said) said {
	return ask(q).but(func(d, _ object) {
		for _, m := range d.objects("movements") {
			amount, _ := strconv.ParseFloat(m["amount"].(string), 64)
			m["amount"] = strconv.FormatFloat(amount, 'f', -1, 64)
		}
	})
}

// in64Bits reckons with 64-bit integers, which overflow.
func in64Bits(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	for i, m := range answer.Movements() {
		if units := m.Amount.BigInt(); units.BitLen() > 64 {
			answer = answer.paying(i, &m, new(big.Int).SetUint64(units.Uint64()))
		}
	}
	return answer
}

// inDecimals reckons with decimals of so many digits.
func inDecimals(digits int) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		answer := ask(q)
		for i, m := range answer.Movements() {
			units := decimal.NewFromBigInt(m.Amount.BigInt(), 0)
			if kept := units.Round(int32(digits - units.NumDigits())); !kept.Equal(units) {
				answer = answer.paying(i, &m, kept.BigInt())
			}
		}
		return answer
	}
}

// ofDefaultScale counts every asset in the smallest units of the lifecycle's own.
func ofDefaultScale(q escrow.Request, ask func(escrow.Request) said) said {
	right := q.Contract.Asset()
	answer, is := differently(q, ask, func(c object) {
		c.object("asset")["scale"] = q.Contract.Lifecycle().Spec().Asset.Scale
	})
	if !is {
		return answer
	}
	return answer.but(func(_, c object) { c.object("asset")["scale"] = right.Scale })
}

// refundsFee returns the marketplace's fee with a milestone that is refunded.
func refundsFee(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	fee := ot.MarketplaceFee.In(q.Contract.View())
	for _, m := range answer.Movements() {
		if m.Reason != "milestone_refund" {
			continue
		}
		units, _ := exactly(&escrow.Movement{Basis: escrow.Basis{Of: m.Amount, Ratio: fee}})
		amount, _ := escrow.AmountOf(units)
		answer = answer.but(func(d, _ object) {
			back := object{"from": "platform", "to": m.To.String(), "amount": m.Asset.Text(amount), "reason": "marketplace_fee"}
			d["movements"] = append(d["movements"].([]any), back)
		})
	}
	return answer
}

// paysTwo pays out no more milestones than that.
func paysTwo(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.To != ot.Ended || answer.NumMovements() <= 2 {
		return answer
	}
	return answer.but(func(d, _ object) { d["movements"] = d["movements"].([]any)[:2] })
}

// forgetsFifteenth pays no bond back to the last of fifteen backup agents.
func forgetsFifteenth(q escrow.Request, ask func(escrow.Request) said) said {
	agents := oc.BackupAgents(q.Contract)
	answer := ask(q)
	if !asks(&q, "settle") || len(agents) < 15 {
		return answer
	}
	return answer.but(func(d, _ object) {
		d["movements"] = slices.DeleteFunc(d["movements"].([]any), func(m any) bool {
			return object(m.(map[string]any))["from"] == "backup-bond:"+agents[14]
		})
	})
}

// paysByName pays backup agents in the order of their names, not of the draw.
func paysByName(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if !asks(&q, "settle") {
		return answer
	}
	return answer.but(func(d, _ object) {
		moves := d["movements"].([]any)
		from := func(m any) string { return object(m.(map[string]any))["from"].(string) }
		bonds := slices.IndexFunc(moves, func(m any) bool { return strings.HasPrefix(from(m), "backup-bond:") })
		if bonds >= 0 {
			slices.SortStableFunc(moves[bonds:], func(a, b any) int { return strings.Compare(from(a), from(b)) })
		}
	})
}

// reviewsAbove reviews what is more than the least payout, not what is as much.
func reviewsAbove(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if review, is := answer.Review(); is && review.Amount == review.MinPayout {
		return answer.but(func(d, _ object) { d["review"] = nil })
	}
	return answer
}

// sameRevision counts no revisions.
func sameRevision(q escrow.Request, ask func(escrow.Request) said) said {
	return ask(q).but(func(_, c object) { c["revision"] = q.Contract.Revision() })
}

// sameID gives every movement of a decision the id of its first.
func sameID(q escrow.Request, ask func(escrow.Request) said) said {
	return ask(q).but(func(d, _ object) {
		moves := d.objects("movements")
		for _, m := range moves {
			m["id"] = moves[0]["id"]
		}
	})
}
