package simulation

import "math/bits"

// best returns what pays a worker best who is accepted with a chance of so many
// billionths: to deliver, which costs the work, or to withdraw. Vanishing never pays
// better than that, under any policy that validates.
func (p *policy) best(price, cost, expects int64) act {
	stake := share(price, p.stake)
	accepted, rejected, withdrawn := price-share(price, p.fee), -stake, -share(stake, p.withdrawSlash)
	// The chance times what acceptance adds, rounded down as costs are whole.
	hi, lo := bits.Mul64(uint64(accepted-rejected), uint64(expects))
	more, _ := bits.Div64(hi, lo, one)
	if cost <= rejected+int64(more)-withdrawn {
		return deliver
	}
	return withdraw
}

// disputes reports whether disputing pays a client better than approving, when a
// jury is right with a chance of so many billionths.
func (p *policy) disputes(price, trusts int64, good bool) bool {
	wins := trusts
	if good {
		wins = one - trusts
	}
	won := share(share(price, p.stake), p.absentSlash)
	approved := -price
	lost := approved - share(price, p.disputeBond)
	// wins x won + (1 - wins) x lost > approved, by what each is above lost.
	hi, lo := bits.Mul64(uint64(won-lost), uint64(wins))
	least, less := bits.Mul64(uint64(approved-lost), one)
	return hi > least || hi == least && lo > less
}
