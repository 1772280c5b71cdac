package simulate

import (
	"math"
	"math/big"
	"math/bits"
	"time"
)

// wide is a signed sum of 192 bits: the squares of 10^10 amounts of 10^16 units
// fit. Adding is exact, so sums do not depend on the order, nor results on the
// number of processors.
type wide struct{ lo, mid, hi uint64 }

// add adds a number.
func (w *wide) add(x int64) {
	var carry uint64
	sign := uint64(x >> 63)
	w.lo, carry = bits.Add64(w.lo, uint64(x), 0)
	w.mid, carry = bits.Add64(w.mid, sign, carry)
	w.hi += sign + carry
}

// addSquare adds the square of a number.
func (w *wide) addSquare(x int64) {
	size := magnitude(x)
	hi, lo := bits.Mul64(size, size)
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.mid, carry = bits.Add64(w.mid, hi, carry)
	w.hi += carry
}

// addProduct adds x * n.
func (w *wide) addProduct(x int64, n uint64) {
	hi, lo := bits.Mul64(magnitude(x), n)
	if x >= 0 {
		w.merge(wide{lo, hi, 0})
		return
	}
	var borrow uint64
	w.lo, borrow = bits.Sub64(w.lo, lo, 0)
	w.mid, borrow = bits.Sub64(w.mid, hi, borrow)
	w.hi -= borrow
}

// merge adds another sum.
func (w *wide) merge(o wide) {
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, o.lo, 0)
	w.mid, carry = bits.Add64(w.mid, o.mid, carry)
	w.hi += o.hi + carry
}

// big returns the sum.
func (w wide) big() *big.Int {
	n := big.NewInt(int64(w.hi))
	for _, word := range []uint64{w.mid, w.lo} {
		n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(word))
	}
	return n
}

// day is the unit of time of locked capital.
const day = 24 * time.Hour

// days returns a sum of money times nanoseconds in money times days, rounded
// down. More than any window allows is cut off, so that measures can be added.
func (w wide) days() int64 {
	if w.hi != 0 || w.mid >= uint64(day)>>3 {
		return math.MaxInt64 >> 2
	}
	days, _ := bits.Div64(w.mid, w.lo, uint64(day))
	return int64(days)
}

// magnitude returns the absolute value, of any number.
func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// scaled returns x * part / One, rounded half up: a part of an amount or of a
// length of time. What a scenario may hold makes less than 2^63 of it. Taking the
// whole and the rest of x apart spares a division of 128 bits.
func scaled(x, part int64) int64 {
	whole, rest := uint64(x)/One, uint64(x)%One
	return int64(whole*uint64(part) + (rest*uint64(part)+One/2)/One)
}

// seconds returns a number of seconds as a length of time.
func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
