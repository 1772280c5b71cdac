package simulate

import (
	"math/big"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// stream is the random numbers of one contract. Each quantity has a number of
// its own, whether or not others are asked for: so two policies are lived
// through by the same people, and what is compared is the policies.
//
// It is SplitMix64, entered at a place of its own for each contract.
type stream uint64

const gamma = 0x9e3779b97f4a7c15

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// streamOf returns the random numbers of the contract with a number.
func streamOf(seed uint64, contract int) stream {
	return stream(mix(mix(seed+gamma) + uint64(contract)*gamma))
}

// of returns a quantity's uniform random number of 64 bits.
func (s stream) of(q quantity) uint64 { return mix(uint64(s) + (uint64(q)+1)*gamma) }

// quantity is something that chance decides for a contract, once.
type quantity uint64

// The quantities that a contract has once.
const (
	ofPrice quantity = iota
	ofArrival
	ofValue
	ofMatch
	ofMatchTime
	ofCancel
	ofWorker
	ofClient
	ofDraw
	ofWithdraw
	ofWithdrawTime
	ofWork
	ofDelivery
	ofReview
	ofError

	// There are several of these: one for each criterion follows.
	ofTruth
)

// The blocks of quantities: one of each for every criterion or milestone, agent,
// or request to co-sign.
const (
	inMilestone  quantity = 1 << 8
	inJury       quantity = 1 << 12
	inSigning    quantity = 1 << 20
	signingBlock quantity = 1 << 12
)

// chance is a probability in 2^-63.
type chance uint64

// falls reports whether the event of the chance happens.
func (c chance) falls(u uint64) bool { return u>>1 < uint64(c) }

const certain = 1 << 63

// chanceOf returns a ratio as a chance, exactly but for what is below 2^-63.
func chanceOf(r escrow.Ratio) chance { return chance(partOf(r.Decimal())) }

// partOf returns a decimal between 0 and 1 in 2^-63, rounded down.
func partOf(d decimal.Decimal) uint64 {
	const places = 18
	e18 := d.Shift(places).BigInt()
	e18.Lsh(e18, 63)
	return e18.Div(e18, new(big.Int).Exp(big.NewInt(10), big.NewInt(places), nil)).Uint64()
}

// crowd picks among groups by their shares.
type crowd []chance

// crowdOf returns the crowd of groups with the given shares, which add up to 1.
func crowdOf(shares []escrow.Ratio) crowd {
	c := make(crowd, len(shares))
	sum := decimal.Zero
	for i, share := range shares {
		sum = sum.Add(share.Decimal())
		c[i] = chance(partOf(sum))
	}
	return c
}

// pick returns the position of the group that the number falls in.
func (c crowd) pick(u uint64) int {
	for i, until := range c {
		if until.falls(u) {
			return i
		}
	}
	return len(c) - 1
}
