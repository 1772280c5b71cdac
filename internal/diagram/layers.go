package diagram

// layers is in which layer each node stands, and which arrows lead back up.
type layers struct {
	of   map[string]int
	back map[*Edge]bool
	out  map[string][]*Edge
	// open are the nodes of the path being walked; done lists those left, last
	// first once reversed.
	open map[string]bool
	seen map[string]bool
	done []string
}

// layersOf puts each node below all that lead to it, as far as the longest path.
// Arrows that close a circle do not count.
func layersOf(g *Graph) *layers {
	l := &layers{of: map[string]int{}, back: map[*Edge]bool{}, out: map[string][]*Edge{}, open: map[string]bool{}, seen: map[string]bool{}}
	for _, e := range g.Edges {
		if e.From != e.To {
			l.out[e.From] = append(l.out[e.From], e)
		}
	}
	for _, n := range g.Nodes {
		l.visit(n.ID)
	}
	for i := len(l.done) - 1; i >= 0; i-- {
		l.push(l.done[i])
	}
	return l
}

// visit walks depth first and finds the arrows that lead back.
func (l *layers) visit(id string) {
	if l.seen[id] {
		return
	}
	l.seen[id], l.open[id] = true, true
	for _, e := range l.out[id] {
		if l.open[e.To] {
			l.back[e] = true
		} else {
			l.visit(e.To)
		}
	}
	l.open[id] = false
	l.done = append(l.done, id)
}

// push moves what a node leads to below it.
func (l *layers) push(id string) {
	for _, e := range l.out[id] {
		if !l.back[e] {
			l.of[e.To] = max(l.of[e.To], l.of[id]+1)
		}
	}
}
