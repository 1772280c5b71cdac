// Package diagram draws the pictures of the HTML pages: the states of a lifecycle
// and balances over steps, as SVG that the style of [CSS] colours. Nothing is
// fetched, and nothing but Go draws.
package diagram

import (
	_ "embed"
	"html/template"
	"slices"
)

// CSS is the style that pages and their drawings share.
//
//go:embed page.css
var CSS template.CSS

// Tone is how something stands out.
type Tone string

// The tones.
const (
	Plain Tone = ""
	// Taken is on the way that a story went.
	Taken Tone = "taken"
	// Wrong is where a story went wrong.
	Wrong Tone = "wrong"
	// Right is where it should have gone instead.
	Right Tone = "right"
	// Never is what nothing reached.
	Never Tone = "never"
	// Here is where a contract stands.
	Here Tone = "here"
)

// tones lists the tones, the strongest last.
var tones = []Tone{Plain, Never, Taken, Right, Wrong, Here}

func (t Tone) rank() int { return slices.Index(tones, t) }

// Node is a box.
type Node struct {
	// ID is what edges call the node, Label what is written on it, and Sub what in
	// small below.
	ID, Label, Sub string
	// Start and Terminal are where lives begin and end.
	Start, Terminal bool
	Tone            Tone
}

// Label is a line at an arrow. Where there are too many lines, their IDs stand
// for them.
type Label struct{ ID, Text string }

// Mark is a number at an arrow.
type Mark struct {
	Text string
	Tone Tone
}

// Edge is an arrow.
type Edge struct {
	From, To string
	Labels   []Label
	Marks    []Mark
	// Dashed arrows are taken by time.
	Dashed bool
	// Width is that of the line; 0 is the usual one.
	Width float64
	Tone  Tone
}

// Graph is a diagram of boxes and arrows. The first node is where it begins.
type Graph struct {
	Title string
	// Desc says in words what is drawn, for those who do not see it.
	Desc  string
	Nodes []*Node
	Edges []*Edge

	// unlisted names rules where the table draws no arrow of theirs: a co-signed
	// one is asked for there.
	unlisted map[string]string
}

// SVG draws the graph, from top to bottom.
func (g *Graph) SVG() template.HTML {
	l := newLayout(g)
	l.order()
	l.place()
	return l.draw(g.Title, g.Desc)
}

// Node returns a node by its ID, nil when there is none.
func (g *Graph) Node(id string) *Node {
	for _, n := range g.Nodes {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// Edge returns the arrow between two nodes, which is added when there is none.
func (g *Graph) Edge(from, to string, dashed bool) *Edge {
	for _, e := range g.Edges {
		if e.From == from && e.To == to && e.Dashed == dashed {
			return e
		}
	}
	e := &Edge{From: from, To: to, Dashed: dashed}
	g.Edges = append(g.Edges, e)
	return e
}

// Label adds a line to an arrow, once.
func (e *Edge) Label(id, text string) {
	for _, l := range e.Labels {
		if l.ID == id && l.Text == text {
			return
		}
	}
	e.Labels = append(e.Labels, Label{id, text})
}

// Has reports whether an arrow has a line of this ID.
func (e *Edge) Has(id string) bool {
	for _, l := range e.Labels {
		if l.ID == id {
			return true
		}
	}
	return false
}
