package diagram

import "math"

// settlings is how often the ranks are settled; stiff arrows take long.
const settlings = 800

// place gives every item its place: ranks one below the other, and in each rank
// the items as near to those they are joined with as their widths allow.
func (l *layout) place() {
	for _, rank := range l.ranks {
		pack(rank)
	}
	for i := range settlings {
		for k := range l.ranks {
			if i%2 == 1 {
				k = len(l.ranks) - 1 - k
			}
			settle(l.ranks[k])
		}
	}
	l.shift()
	l.stack()
}

// pack puts the items of a rank side by side.
func pack(rank []*item) {
	at := 0.0
	for _, it := range rank {
		it.x = at + it.left
		at = it.x + it.right + columnGap
	}
}

// pool is a run of items that touch, and move together.
type pool struct {
	sum, weight float64
	size        int
}

func (p pool) mean() float64 { return p.sum / p.weight }

// settle moves the items of a rank to where the squares of the distances to what
// they are joined with are least, without changing their order: it pools items
// that would overlap (isotonic regression).
func settle(rank []*item) {
	var pools []pool
	offset := offsets(rank)
	for i, it := range rank {
		want, weight := it.pull()
		p := pool{weight * (want - offset[i]), weight, 1}
		for n := len(pools) - 1; n >= 0 && pools[n].mean() > p.mean(); n-- {
			p = pool{p.sum + pools[n].sum, p.weight + pools[n].weight, p.size + pools[n].size}
			pools = pools[:n]
		}
		pools = append(pools, p)
	}
	i := 0
	for _, p := range pools {
		for range p.size {
			rank[i].x = p.mean() + offset[i]
			i++
		}
	}
}

// offsets returns how far the items of a rank stand apart at least, added up.
func offsets(rank []*item) []float64 {
	sums := make([]float64, len(rank))
	for i := 1; i < len(rank); i++ {
		sums[i] = sums[i-1] + rank[i-1].right + columnGap + rank[i].left
	}
	return sums
}

// pull returns where an item is drawn to, and how strongly.
func (it *item) pull() (x, weight float64) {
	for _, list := range [][]*item{it.up, it.down} {
		for _, other := range list {
			s := stiffness(it, other)
			x, weight = x+s*other.x, weight+s
		}
	}
	if weight == 0 {
		return it.x, 0.01
	}
	return x / weight, weight
}

// stiffness is how much a piece of an arrow wants to be upright: long arrows bend
// at their ends alone.
func stiffness(a, b *item) float64 {
	switch {
	case a.node == nil && b.node == nil:
		return 30
	case a.long || b.long:
		return 0.2
	}
	return 1
}

// shift moves everything to the right of the margin.
func (l *layout) shift() {
	least := 0.0
	for i, rank := range l.ranks {
		for k, it := range rank {
			if left := it.x - it.left; i+k == 0 || left < least {
				least = left
			}
		}
	}
	for _, rank := range l.ranks {
		for _, it := range rank {
			it.x += margin - least
		}
	}
}

// stack puts the ranks one below the other, farther apart where arrows go far to
// the side.
func (l *layout) stack() {
	at := margin
	for _, rank := range l.ranks {
		high, side := 0.0, 0.0
		for _, it := range rank {
			high = max(high, it.high)
			for _, below := range it.down {
				side = max(side, math.Abs(below.x-it.x))
			}
		}
		l.top, l.bottom = append(l.top, at), append(l.bottom, at+high)
		at += high + rowGap + min(side/7, 2*rowGap)
	}
}

// size returns how large the drawing is.
func (l *layout) size() (wide, high float64) {
	for _, rank := range l.ranks {
		for _, it := range rank {
			wide = max(wide, it.x+it.right)
		}
	}
	return wide + margin, l.bottom[len(l.bottom)-1] + margin
}
