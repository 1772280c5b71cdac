package pages

import (
	"html/template"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/diagram"
)

// arrowView is a way on from a status, in words.
type arrowView struct {
	From, To, What, Rule string
	// Here says that the contract stands where it begins.
	Here, ByTime bool
}

// drawing draws where a contract stands and how it came there, and tells the same in
// words.
func drawing(c escrow.Contract, steps []diagram.Decision) (template.HTML, []arrowView) {
	l := c.Lifecycle()
	g := graph(l)
	for i, d := range steps {
		if d.From != d.To {
			g.Take(d, i+1, diagram.Taken)
		}
	}
	for _, e := range g.Edges {
		e.Marks = nil // the timeline tells the order
	}
	here := g.Node(string(c.Status()))
	if here == nil {
		return g.SVG(), arrows(l, c.Status())
	}
	here.Tone = diagram.Here
	if held := total(c); !isNothing(c) {
		here.Sub = held.Text + " " + held.Code + " held"
	}
	g.Desc = "The contract is " + l.Label(c.Status()) + ". The ways on are listed as text below the drawing."
	return g.SVG(), arrows(l, c.Status())
}

// graph is the lifecycle's states, as people call them.
func graph(l *escrow.Lifecycle) *diagram.Graph {
	g := diagram.Of(l)
	g.Title = "States of a contract of " + l.Name()
	for _, n := range g.Nodes {
		n.Label = l.Label(escrow.Status(n.ID))
	}
	return g
}

func isNothing(c escrow.Contract) bool { return len(c.Custody()) == 0 }

// arrows lists the ways between statuses, those from where a contract stands first.
func arrows(l *escrow.Lifecycle, at escrow.Status) (list []arrowView) {
	for _, a := range l.Arrows() {
		to := a.To
		if to == escrow.Same {
			to = a.From
		}
		list = append(list, arrowView{From: l.Label(a.From), To: l.Label(to), What: plain(a.Action), Rule: a.Rule, Here: a.From == at, ByTime: a.ByTime})
	}
	slices.SortStableFunc(list, func(a, b arrowView) int {
		switch {
		case a.Here == b.Here:
			return 0
		case a.Here:
			return -1
		}
		return 1
	})
	return list
}
