package simulation

import (
	"math"
	"math/bits"
	"time"

	"github.com/escrow-go/escrow/simulate"
)

// histogram counts milliseconds in the buckets of package simulate: as many to
// each power of two.
type histogram struct {
	counts  [41 * perDouble]int
	n       int
	longest int64
}

const perDouble = 64

func (h *histogram) add(ms int64) {
	h.counts[bucketOf(ms)]++
	h.n++
	h.longest = max(h.longest, ms)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.n += o.n
	h.longest = max(h.longest, o.longest)
}

// bucketOf returns the bucket of a number below 2^46: so many milliseconds do not
// fit a time in nanoseconds.
func bucketOf(x int64) int {
	if x < 2*perDouble {
		return int(x)
	}
	drop := bits.Len64(uint64(x) / (2 * perDouble))
	return drop*perDouble + int(x>>drop)
}

// hours returns the middle of a bucket.
func (h *histogram) hours(bucket int) float64 {
	least, wide := int64(bucket), int64(1)
	if bucket >= 2*perDouble {
		wide <<= bucket/perDouble - 1
		least = int64(perDouble+bucket%perDouble) * wide
	}
	middle := float64(least) + float64(wide-1)/2
	return nine(min(middle, float64(h.longest)) / perHour)
}

// perHour is how many milliseconds an hour has.
const perHour = float64(time.Hour / time.Millisecond)

// at returns the time of a rank.
func (h *histogram) at(rank float64) float64 {
	seen, last := 0, 0
	for i, n := range h.counts {
		if n == 0 {
			continue
		}
		seen, last = seen+n, i
		if float64(seen) >= max(rank, 1) {
			break
		}
	}
	return h.hours(last)
}

// quantile returns the time that a part of all do not exceed.
func (h *histogram) quantile(p float64) simulate.Estimate {
	rank := p * float64(h.n)
	off := z95 * math.Sqrt(rank*(1-p))
	return simulate.Estimate{Value: h.at(rank), Low: h.at(rank - off), High: h.at(rank + off)}
}

// curve returns how many take at most so long, in steps of a hundredth.
func (h *histogram) curve() (points []simulate.CurvePoint) {
	seen, next := 0, 0.0
	for i, n := range h.counts {
		if seen += n; n == 0 || float64(seen) < next*float64(h.n) && seen < h.n {
			continue
		}
		part := float64(seen) / float64(h.n)
		points = append(points, simulate.CurvePoint{Hours: h.hours(i), Share: nine(part)})
		next = part + 0.01
	}
	return points
}
