package simulation

import (
	"math/big"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// stream is the random numbers of one contract, or of one juror: SplitMix64,
// entered at a place of its own. Each quantity has a number of its own.
type stream uint64

const gamma = 0x9e3779b97f4a7c15

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func streamOf(seed uint64, contract int) stream {
	return stream(mix(mix(seed+gamma) + uint64(contract)*gamma))
}

func (s stream) of(quantity uint64) uint64 { return mix(uint64(s) + (quantity+1)*gamma) }

// The quantities of a contract.
const (
	ofPrice = iota
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
	ofTruth
	ofJuror = 1 << 12
)

// The quantities of a juror; those of its ballots follow, two each.
const (
	ofAgent = iota
	ofTurnout
	ofVoteTime
	ofBallot
)

// chance is a probability in 2^-63.
type chance uint64

func (c chance) falls(u uint64) bool { return u>>1 < uint64(c) }

// chanceOf returns a probability, rounded down.
func chanceOf(p decimal.Decimal) chance {
	exact := new(big.Rat).Mul(p.Rat(), new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 63)))
	return chance(new(big.Int).Quo(exact.Num(), exact.Denom()).Uint64())
}

// crowd picks a group: the first whose number has not been passed.
type crowd []chance

// crowdOf returns the crowd of groups with the shares.
func crowdOf[G any](groups []G, share func(G) escrow.Ratio) (c crowd) {
	sum := decimal.Zero
	for _, g := range groups {
		sum = sum.Add(share(g).Decimal())
		c = append(c, chanceOf(sum))
	}
	return c
}

func (c crowd) pick(u uint64) int {
	for i := range len(c) - 1 {
		if c[i].falls(u) {
			return i
		}
	}
	return len(c) - 1
}
