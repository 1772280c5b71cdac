package simulate

import (
	"math"
	"math/bits"
	"time"
)

// histogram counts lengths of time in buckets that are at most 1/64 of their
// value wide: milliseconds up to 300 million years, in 21 kB whatever the number
// of contracts.
type histogram struct {
	counts [buckets]int
	n      int
	max    int64
}

const (
	fine    = 6
	buckets = (40 + 1) << fine
)

// add counts a length of time.
func (h *histogram) add(d time.Duration) {
	ms := int64(d / time.Millisecond)
	h.counts[bucketOf(ms)]++
	h.n++
	h.max = max(h.max, ms)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.n += o.n
	h.max = max(h.max, o.max)
}

// bucketOf returns the bucket of a number: below 2^(fine+1) each has its own.
func bucketOf(x int64) int {
	shift := max(bits.Len64(uint64(x))-fine-1, 0)
	return min(shift<<fine+int(x>>shift), buckets-1)
}

// middle returns the middle of a bucket.
func middle(bucket int) float64 {
	shift := max(bucket>>fine-1, 0)
	low := int64(bucket-shift<<fine) << shift
	return float64(low) + float64(int64(1)<<shift-1)/2
}

// quantile returns the length of time, in hours, that a part of all do not
// exceed, with the interval that the ranks around it give.
func (h *histogram) quantile(p float64) Estimate {
	if h.n == 0 {
		return Estimate{}
	}
	rank := p * float64(h.n)
	off := z95 * math.Sqrt(rank*(1-p))
	return Estimate{h.hours(rank), h.hours(rank - off), h.hours(rank + off)}
}

// hours returns the length of time of a rank.
func (h *histogram) hours(rank float64) float64 {
	seen := 0
	for i, n := range h.counts {
		if seen += n; n > 0 && float64(seen) >= min(max(rank, 1), float64(h.n)) {
			return rounded(min(middle(i), float64(h.max)) / float64(time.Hour/time.Millisecond))
		}
	}
	return 0
}

// curve returns the distribution function at steps of one in a hundred.
func (h *histogram) curve() []CurvePoint {
	var points []CurvePoint
	seen, next := 0, 0.0
	for i, n := range h.counts {
		if seen += n; n > 0 && (float64(seen) >= next*float64(h.n) || seen == h.n) {
			share := float64(seen) / float64(h.n)
			points = append(points, CurvePoint{rounded(min(middle(i), float64(h.max)) / float64(time.Hour/time.Millisecond)), rounded(share)})
			next = share + 0.01
		}
	}
	return points
}
