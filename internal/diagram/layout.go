package diagram

// Sizes of the drawing, in pixels.
const (
	nodeSize  = 13.0 // of the text
	lineSize  = 11.5
	subSize   = 11.0
	lineStep  = 15.0 // from line to line
	pillHigh  = 18.0
	rowGap    = 16.0 // between ranks, at least
	columnGap = 22.0 // between what stands side by side
	loopWide  = 34.0
	margin    = 10.0
)

// item is what takes a place in a rank: a box, the label of an arrow, or just the
// arrow that passes.
type item struct {
	node  *Node
	label *block
	loops []*loop
	rank  int
	// long says that it belongs to an arrow that passes other boxes.
	long bool
	// x is where the middle is; left and right is how far it reaches from there.
	x, left, right, high float64
	// wide and tall are those of the box itself.
	wide, tall float64
	up, down   []*item
}

// loop is an arrow from a box to itself.
type loop struct {
	edge  *Edge
	label *block
}

// wire is an arrow through the ranks, from the upper box to the lower one.
type wire struct {
	edge     *Edge
	reversed bool
	chain    []*item
}

// layout is a graph on its way to a drawing. Boxes stand in even ranks, labels in
// odd ones, so that none can lie on another.
type layout struct {
	boxes map[string]*item
	ranks [][]*item
	wires []*wire
	// top and bottom are where a rank begins and ends.
	top, bottom []float64
}

func newLayout(g *Graph) *layout {
	l := &layout{boxes: map[string]*item{}}
	layers := layersOf(g)
	for _, n := range g.Nodes {
		b := newBox(n)
		l.boxes[n.ID] = b
		l.add(b, 2*layers.of[n.ID])
	}
	for _, e := range g.Edges {
		if e.From == e.To {
			l.boxes[e.From].loop(e)
		} else {
			l.wire(e, layers.back[e])
		}
	}
	return l
}

// add puts an item at the end of a rank.
func (l *layout) add(i *item, rank int) *item {
	for len(l.ranks) <= rank {
		l.ranks = append(l.ranks, nil)
	}
	i.rank = rank
	l.ranks[rank] = append(l.ranks[rank], i)
	return i
}

func newBox(n *Node) *item {
	b := &item{node: n, wide: max(textWidth(n.Label, nodeSize)*1.1, textWidth(n.Sub, subSize)) + 26, tall: 30}
	if n.Sub != "" {
		b.tall = 42
	}
	b.left, b.right, b.high = b.wide/2, b.wide/2, b.tall
	return b
}

// loop adds an arrow from a box to itself: the first at the right, the second at
// the left.
func (b *item) loop(e *Edge) {
	lp := &loop{e, newBlock(e)}
	side := &b.right
	if len(b.loops)%2 == 1 {
		side = &b.left
	}
	*side = b.wide/2 + loopWide + 6 + lp.label.wide
	b.high = max(b.high, lp.label.high)
	b.loops = append(b.loops, lp)
}

// wire leads an arrow through the ranks between its boxes, past its label in the
// middle.
func (l *layout) wire(e *Edge, back bool) {
	from, to := l.boxes[e.From], l.boxes[e.To]
	if back {
		from, to = to, from
	}
	w := &wire{edge: e, reversed: back, chain: []*item{from}}
	middle := (from.rank+to.rank)/2 | 1
	for rank := from.rank + 1; rank < to.rank; rank++ {
		pass := &item{left: 5, right: 5, long: to.rank-from.rank > 2}
		if rank == middle {
			pass.label = newBlock(e)
			pass.left, pass.right, pass.high = pass.label.wide/2+2, pass.label.wide/2+2, pass.label.high
		}
		w.chain = append(w.chain, l.add(pass, rank))
	}
	w.chain = append(w.chain, to)
	for i, upper := range w.chain[:len(w.chain)-1] {
		lower := w.chain[i+1]
		upper.down, lower.up = append(upper.down, lower), append(lower.up, upper)
	}
	l.wires = append(l.wires, w)
}
