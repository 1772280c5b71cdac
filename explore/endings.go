package explore

import (
	"fmt"
	"math/bits"
)

// endings works out, for each party, from which states it can bring a contract to
// an end alone: backwards from the ends, over the edges that are its own. What it
// has in custody and cannot get out is a violation of G9.
func (x *explorer) endings(r *Report) {
	into := x.edgesBy(func(e edge) int32 { return e.to })
	all := x.reaching(into, 0)
	for i := range x.states {
		if !all[i] && !x.draft(int32(i)) {
			r.Stuck++
			r.Violations = append(r.Violations, x.locked(int32(i), "nobody reaches an end from here"))
		}
	}
	var holds parties
	for i := range x.states {
		holds |= x.states[i].holds
	}
	for ; holds != 0; holds &= holds - 1 {
		x.ending(r, into, bits.TrailingZeros32(uint32(holds)))
	}
}

// draft reports whether a state is one that nothing has founded yet: nothing is
// held there, and it need not end.
func (x *explorer) draft(id int32) bool {
	for ; x.states[id].from >= 0; id = x.states[id].from {
		if x.states[id].by != nil {
			return false
		}
	}
	return true
}

// ending works out what one party can end alone.
func (x *explorer) ending(r *Report, into [][]edge, bit int) {
	mine := x.reaching(into, 1<<bit)
	e := Ending{Party: x.circle.name(bit)}
	for i := range x.states {
		s := &x.states[i]
		if mine[i] && !s.ended {
			e.All++
		}
		if s.holds&(1<<bit) == 0 {
			continue
		}
		e.Holding++
		if mine[i] {
			e.Forced++
		} else if e.Holding-e.Forced == 1 {
			r.Violations = append(r.Violations, x.locked(int32(i), fmt.Sprintf("the %s has money here, and cannot end the contract alone", e.Party)))
		}
	}
	r.Endings = append(r.Endings, e)
}

func (x *explorer) locked(id int32, message string) Found {
	f := Found{state: id}
	f.Guarantee, f.Message = "G9", message
	return f
}

// edgesBy returns the edges by one of their ends.
func (x *explorer) edgesBy(end func(edge) int32) [][]edge {
	counts := make([]int32, len(x.states))
	for _, e := range x.edges {
		counts[end(e)]++
	}
	lists, all := make([][]edge, len(x.states)), make([]edge, len(x.edges))
	for i, n := range counts {
		lists[i], all = all[:0:n], all[n:]
	}
	for _, e := range x.edges {
		lists[end(e)] = append(lists[end(e)], e)
	}
	return lists
}

// reaching returns from which states an end is reached over edges that one of the
// parties can take; parties 0 stands for all edges.
func (x *explorer) reaching(into [][]edge, who parties) []bool {
	reaches := make([]bool, len(x.states))
	var waiting []int32
	for i := range x.states {
		if x.states[i].ended {
			reaches[i] = true
			waiting = append(waiting, int32(i))
		}
	}
	for len(waiting) > 0 {
		to := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for _, e := range into[to] {
			if (who == 0 || e.by&who != 0) && !reaches[e.from] {
				reaches[e.from] = true
				waiting = append(waiting, e.from)
			}
		}
	}
	return reaches
}
