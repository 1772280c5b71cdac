package diagram

import (
	"cmp"
	"slices"
)

// sweeps is how often the ranks are sorted; more has never made a difference.
const sweeps = 12

// order sorts the items of each rank by the middle of those they are joined with,
// down and up by turns, and keeps the order with the fewest crossings.
func (l *layout) order() {
	best, fewest := l.snapshot(), l.crossings()
	for i := range sweeps {
		l.sweep(i%2 == 0)
		l.swap()
		if n := l.crossings(); n < fewest {
			best, fewest = l.snapshot(), n
		}
	}
	l.ranks = best
}

func (l *layout) snapshot() [][]*item {
	ranks := make([][]*item, len(l.ranks))
	for i, r := range l.ranks {
		ranks[i] = slices.Clone(r)
	}
	return ranks
}

func (l *layout) sweep(down bool) {
	for i := range l.ranks {
		if down {
			sortBy(l.ranks[i], positions(l.ranks, i-1), func(it *item) []*item { return it.up })
		} else {
			i = len(l.ranks) - 1 - i
			sortBy(l.ranks[i], positions(l.ranks, i+1), func(it *item) []*item { return it.down })
		}
	}
}

// positions returns where each item of a rank stands.
func positions(ranks [][]*item, rank int) map[*item]int {
	at := map[*item]int{}
	if rank >= 0 && rank < len(ranks) {
		for i, it := range ranks[rank] {
			at[it] = i
		}
	}
	return at
}

// sortBy sorts a rank by the mean position of what its items are joined with. An
// item that is joined with nothing stays behind the one before it.
func sortBy(rank []*item, at map[*item]int, joined func(*item) []*item) {
	mean, last := map[*item]float64{}, 0.0
	for _, it := range rank {
		sum, list := 0, joined(it)
		for _, other := range list {
			sum += at[other]
		}
		if len(list) > 0 {
			last = float64(sum) / float64(len(list))
		}
		mean[it] = last
	}
	slices.SortStableFunc(rank, func(a, b *item) int { return cmp.Compare(mean[a], mean[b]) })
}

// swap exchanges neighbours wherever that saves crossings.
func (l *layout) swap() {
	for i, rank := range l.ranks {
		above, below := positions(l.ranks, i-1), positions(l.ranks, i+1)
		for k := range len(rank) - 1 {
			a, b := rank[k], rank[k+1]
			if inversions(b.up, a.up, above)+inversions(b.down, a.down, below) < inversions(a.up, b.up, above)+inversions(a.down, b.down, below) {
				rank[k], rank[k+1] = b, a
			}
		}
	}
}

// inversions counts the crossings of the arrows of two neighbours, the left one's
// first.
func inversions(left, right []*item, at map[*item]int) (n int) {
	for _, a := range left {
		for _, b := range right {
			if at[a] > at[b] {
				n++
			}
		}
	}
	return n
}

func (l *layout) crossings() (n int) {
	for i, rank := range l.ranks {
		below := positions(l.ranks, i+1)
		for k, a := range rank {
			for _, b := range rank[k+1:] {
				n += inversions(a.down, b.down, below)
			}
		}
	}
	return n
}
