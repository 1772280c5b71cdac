package diagram

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
)

// Of returns the states of a lifecycle and the rules between them.
func Of(law *escrow.Lifecycle) *Graph {
	g := &Graph{Title: "States of " + law.Name(), unlisted: map[string]string{"AP-1": "AP-1 confirm", "AP-2": "AP-2 decline_approval", "AP-3": "AP-3 advance", "AP-4": "AP-4 revoke_confirmation"}}
	g.Nodes = append(g.Nodes, &Node{ID: "", Label: Status(escrow.Draft), Start: true})
	for _, s := range law.Statuses() {
		g.Nodes = append(g.Nodes, &Node{ID: string(s), Label: string(s), Terminal: law.IsTerminal(s)})
	}
	for _, r := range law.Spec().Rules {
		for _, from := range r.From {
			g.rule(&r, from)
		}
	}
	return g
}

// Status returns a status as people read it.
func Status(s escrow.Status) string {
	if s == escrow.Draft {
		return "draft"
	}
	return string(s)
}

// rule adds the arrows of a rule from one status.
func (g *Graph) rule(r *escrow.Rule, from escrow.Status) {
	action, to := r.On.Action(), r.To
	text := r.ID + " " + string(action)
	if to == escrow.Same {
		to = from
	}
	if r.CoSign.Type != "" {
		g.unlisted[r.ID] = text + " (asked)"
	}
	if wait := r.CoSign.While; wait != "" && from != wait {
		g.Edge(string(from), string(wait), false).Label(r.ID, text+" (asked)")
	}
	g.Edge(string(from), string(to), action == "advance").Label(r.ID, text)
	if no := r.CoSign.Declined; no != "" && from == r.CoSign.While {
		g.Edge(string(from), string(no), false).Label("AP-2", "AP-2 decline_approval")
	}
}

// ruleEdge returns the arrow of a rule between two statuses. One that the table
// does not have is added: a backend may go where no rule leads. Without a rule it
// is the first arrow there.
func (g *Graph) ruleEdge(from, to, rule string, byTime bool) *Edge {
	for _, e := range g.Edges {
		if e.From == from && e.To == to && (rule == "" || e.Has(rule)) {
			return e
		}
	}
	for _, id := range []string{from, to} {
		if g.Node(id) == nil {
			g.Nodes = append(g.Nodes, &Node{ID: id, Label: id, Tone: Wrong})
		}
	}
	e := g.Edge(from, to, byTime)
	if rule != "" {
		e.Label(rule, cmp.Or(g.unlisted[rule], rule))
	}
	return e
}

// Decision is one arrow taken: a decision of a rule that leads from one status to
// another.
type Decision struct {
	From, To escrow.Status
	Rule     string
	// ByTime says that time alone took it.
	ByTime bool
}

// Arrow returns the arrow of a decision.
func (g *Graph) Arrow(d Decision) *Edge {
	return g.ruleEdge(string(d.From), string(d.To), d.Rule, d.ByTime)
}

// Take marks the arrow of a decision with the number of its step.
func (g *Graph) Take(d Decision, step int, tone Tone) {
	e := g.Arrow(d)
	e.mark(step, tone)
	e.Tone = stronger(e.Tone, tone)
	for _, id := range []string{e.From, e.To} {
		n := g.Node(id)
		if n.Tone = stronger(n.Tone, Taken); id == e.To {
			n.Tone = stronger(n.Tone, tone)
		}
	}
}

func stronger(a, b Tone) Tone {
	if b.rank() > a.rank() {
		return b
	}
	return a
}

// mark adds the number of a step; steps in a row become one mark, as in "3–5".
func (e *Edge) mark(step int, tone Tone) {
	if n := len(e.Marks) - 1; n >= 0 && e.Marks[n].Tone == tone {
		first, last, run := strings.Cut(e.Marks[n].Text, "–")
		if !run {
			last = first
		}
		if last == strconv.Itoa(step-1) {
			e.Marks[n].Text = first + "–" + strconv.Itoa(step)
			return
		}
	}
	e.Marks = append(e.Marks, Mark{strconv.Itoa(step), tone})
}
