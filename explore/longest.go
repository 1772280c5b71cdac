package explore

import "slices"

// longest works out how many decisions a life can have: the longest path, where
// there is one. Where decisions lead back to a state, lives can go on for ever.
func (x *explorer) longest(r *Report) {
	r.LongestLife = x.story(x.farthest(), nil)
	out := x.edgesBy(func(e edge) int32 { return e.from })
	order, ok := x.order(out)
	if !ok {
		return
	}
	most := make([]int, len(x.states))
	for _, from := range slices.Backward(order) {
		for _, e := range out[from] {
			most[from] = max(most[from], most[e.to]+decides(e))
		}
		if x.states[from].from < 0 {
			r.Longest = max(r.Longest, most[from])
		}
	}
}

// decides returns 1 for an edge that is a decision, 0 for time that passes: then
// the contract, and so its count of decisions, stays the same.
func decides(e edge) int {
	if e.passes {
		return 0
	}
	return 1
}

// farthest returns the ended state that lies farthest from a draft.
func (x *explorer) farthest() int32 {
	last := int32(0)
	for i := range x.states {
		if x.states[i].ended {
			last = int32(i) // breadth first: the later, the farther
		}
	}
	return last
}

// order returns the states so that every edge leads to a later one, false when
// there is a cycle.
func (x *explorer) order(out [][]edge) (order []int32, ok bool) {
	before := make([]int32, len(x.states))
	for _, e := range x.edges {
		before[e.to]++
	}
	for i, n := range before {
		if n == 0 {
			order = append(order, int32(i))
		}
	}
	for at := 0; at < len(order); at++ {
		for _, e := range out[order[at]] {
			if before[e.to]--; before[e.to] == 0 {
				order = append(order, e.to)
			}
		}
	}
	return order, len(order) == len(x.states)
}
