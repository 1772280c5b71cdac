package simulation

import (
	"math/big"
	"math/bits"
	"time"
)

const day = int64(24 * time.Hour)

// wide is a number of 128 bits, in two's complement.
type wide struct{ hi, lo uint64 }

// product returns the product of two numbers that are not negative.
func product(x, y int64) wide {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	return wide{hi, lo}
}

func (w *wide) add(o wide) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, o.lo, 0)
	w.hi += o.hi + carry
}

func (w *wide) sub(o wide) {
	var borrow uint64
	w.lo, borrow = bits.Sub64(w.lo, o.lo, 0)
	w.hi -= o.hi + borrow
}

// over returns the quotient, rounded down.
func (w wide) over(divisor int64) int64 {
	quotient, _ := bits.Div64(w.hi, w.lo, uint64(divisor))
	return int64(quotient)
}

func (w wide) big() *big.Int {
	n := big.NewInt(int64(w.hi))
	return n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(w.lo))
}

// share returns so many billionths of a number, rounded half up.
func share(x, billionths int64) int64 {
	w := product(x, billionths)
	w.add(wide{lo: one / 2})
	if w.hi == 0 {
		return int64(w.lo / one)
	}
	return w.over(one)
}

// portion returns part of total of a number, rounded half up.
func portion(x, part, total int64) int64 {
	w := product(x, part)
	w.add(wide{lo: uint64(total / 2)})
	return w.over(total)
}
