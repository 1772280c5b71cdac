package escrow

import (
	"fmt"
	"html"
	"slices"
	"strings"
)

// edge is an arrow of the state diagram with the rules that take it.
type edge struct {
	from, to Status
	labels   []string
	byTime   bool
}

// edges returns the arrows of the state diagram, in the order of the table.
func (l *Lifecycle) edges() []*edge {
	var all []*edge
	add := func(from, to Status, label string, byTime bool) {
		i := slices.IndexFunc(all, func(e *edge) bool { return e.from == from && e.to == to && e.byTime == byTime })
		if i < 0 {
			all = append(all, &edge{from: from, to: to, byTime: byTime})
			i = len(all) - 1
		}
		if !slices.Contains(all[i].labels, label) {
			all[i].labels = append(all[i].labels, label)
		}
	}
	for _, r := range l.spec.Rules {
		for _, from := range r.From {
			to, label := r.To, r.ID+" "+string(r.On.Action())
			if to == Same {
				to = from
			}
			if r.CoSign.While != "" && from != r.CoSign.While {
				add(from, r.CoSign.While, label+" (asked)", false)
			}
			add(from, to, label, r.On.Action() == actionAdvance)
			if r.CoSign.Declined != "" && from == r.CoSign.While {
				add(from, r.CoSign.Declined, "AP-2 decline_approval", false)
			}
		}
	}
	return all
}

// Mermaid returns the lifecycle's state diagram in Mermaid's notation.
func (l *Lifecycle) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	name := func(s Status) string {
		if s == Draft {
			return "[*]"
		}
		return strings.ReplaceAll(string(s), "-", "_")
	}
	for _, s := range l.statuses[1:] {
		if plain := name(s); plain != string(s) {
			fmt.Fprintf(&b, "    state \"%s\" as %s\n", s, plain)
		}
	}
	for _, e := range l.edges() {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", name(e.from), name(e.to), strings.Join(e.labels, ", "))
	}
	for _, s := range l.spec.Terminal {
		fmt.Fprintf(&b, "    %s --> [*]\n", name(s))
	}
	return b.String()
}

// DOT returns the lifecycle's state diagram in Graphviz's notation. Dashed
// arrows are taken by time alone; grey boxes are terminal.
func (l *Lifecycle) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %q {\n", l.name)
	b.WriteString("    rankdir=TB; nodesep=0.35; ranksep=0.55;\n")
	b.WriteString("    node [shape=box, style=\"rounded,filled\", color=\"#5b7fb5\", fillcolor=\"#eef3fb\", fontname=\"Helvetica\", fontsize=12, margin=\"0.15,0.08\"];\n")
	b.WriteString("    edge [color=\"#555555\", fontname=\"Helvetica\", fontsize=10, fontcolor=\"#333333\", arrowsize=0.7];\n")
	b.WriteString("    \"draft\" [shape=circle, style=filled, label=\"\", width=0.2, fixedsize=true, color=black, fillcolor=black];\n")
	for s, status := range l.statuses[1:] {
		look := ""
		if l.IsTerminal(status) {
			look = ", style=\"rounded,filled,bold\", color=\"#777777\", fillcolor=\"#f0f0f0\""
		}
		fmt.Fprintf(&b, "    %q [label=<%s>%s];\n", status, nodeLabel(status, l.held[s+1].String()), look)
	}
	for _, e := range l.edges() {
		look := ""
		if e.byTime {
			look = ", style=dashed"
		}
		// The blanks keep a label off its arrow, \l sets its lines flush left.
		label := "  " + strings.Join(e.labels, "  \\l  ") + "  \\l"
		fmt.Fprintf(&b, "    %q -> %q [label=\"%s\"%s];\n", e.from.label(), e.to, label, look)
	}
	b.WriteString("}\n")
	return b.String()
}

// nodeLabel is a status in bold, and below it in small what it may hold.
func nodeLabel(s Status, held string) string {
	label := "<b>" + html.EscapeString(string(s)) + "</b>"
	if held != "" {
		label += "<br/><font point-size=\"9\" color=\"#555555\">" + html.EscapeString(held) + "</font>"
	}
	return label
}
