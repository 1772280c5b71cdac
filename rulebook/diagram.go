package rulebook

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// edge is an arrow of the state diagram with the rules that take it.
type edge struct {
	from, to escrow.Status
	labels   []string
	byTime   bool
}

// edges returns the arrows of the state diagram, in the order of the table: rules
// that lead from one status to another share theirs.
func edges(l *escrow.Lifecycle) []*edge {
	var all []*edge
	for _, a := range l.Arrows() {
		i := slices.IndexFunc(all, func(e *edge) bool { return e.from == a.From && e.to == a.To && e.byTime == a.ByTime })
		if i < 0 {
			all = append(all, &edge{from: a.From, to: a.To, byTime: a.ByTime})
			i = len(all) - 1
		}
		label := a.Rule + " " + string(a.Action)
		if a.Asked {
			label += " (asked)"
		}
		if !slices.Contains(all[i].labels, label) {
			all[i].labels = append(all[i].labels, label)
		}
	}
	return all
}

// Mermaid returns the lifecycle's state diagram in Mermaid's notation.
func Mermaid(l *escrow.Lifecycle) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	name := func(s escrow.Status) string {
		if s == escrow.Draft {
			return "[*]"
		}
		return strings.ReplaceAll(string(s), "-", "_")
	}
	for _, s := range l.Statuses() {
		if label := l.Label(s); label != name(s) {
			fmt.Fprintf(&b, "    state %q as %s\n", label, name(s))
		}
	}
	for _, e := range edges(l) {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", name(e.from), name(e.to), strings.Join(e.labels, ", "))
	}
	for _, s := range l.Spec().Terminal {
		fmt.Fprintf(&b, "    %s --> [*]\n", name(s))
	}
	return b.String()
}

// DOT returns the lifecycle's state diagram in Graphviz's notation. Dashed arrows
// are taken by time alone; grey boxes are terminal.
func DOT(l *escrow.Lifecycle) string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %q {\n", l.Name())
	b.WriteString("    rankdir=TB; nodesep=0.35; ranksep=0.55;\n")
	b.WriteString("    node [shape=box, style=\"rounded,filled\", color=\"#5b7fb5\", fillcolor=\"#eef3fb\", fontname=\"Helvetica\", fontsize=12, margin=\"0.15,0.08\"];\n")
	b.WriteString("    edge [color=\"#555555\", fontname=\"Helvetica\", fontsize=10, fontcolor=\"#333333\", arrowsize=0.7];\n")
	b.WriteString("    \"draft\" [shape=circle, style=filled, label=\"\", width=0.2, fixedsize=true, color=black, fillcolor=black];\n")
	for _, s := range l.Statuses() {
		look := ""
		if l.IsTerminal(s) {
			look = ", style=\"rounded,filled,bold\", color=\"#777777\", fillcolor=\"#f0f0f0\""
		}
		fmt.Fprintf(&b, "    %q [label=<%s>%s];\n", s, nodeLabel(l, s), look)
	}
	for _, e := range edges(l) {
		look := ""
		if e.byTime {
			look = ", style=dashed"
			if e.from == e.to {
				look += ", tailport=w, headport=w" // off the loop that parties take
			}
		}
		from := string(e.from)
		if e.from == escrow.Draft {
			from = "draft"
		}
		// The blanks keep a label off its arrow, \l sets its lines flush left.
		label := "  " + strings.Join(e.lines(), "  \\l  ") + "  \\l"
		fmt.Fprintf(&b, "    %q -> %q [label=\"%s\"%s];\n", from, e.to, label, look)
	}
	b.WriteString("}\n")
	return b.String()
}

// lines returns an arrow's labels by line: of a loop, whose label must not grow far
// beyond its status, three on each.
func (e *edge) lines() []string {
	if e.from != e.to {
		return e.labels
	}
	var lines []string
	for some := range slices.Chunk(e.labels, 3) {
		lines = append(lines, strings.Join(some, ", "))
	}
	return lines
}

// nodeLabel is a status in bold, and below it in small what it may hold.
func nodeLabel(l *escrow.Lifecycle, s escrow.Status) string {
	label := "<b>" + html.EscapeString(l.Label(s)) + "</b>"
	if held := joined(l.MayHold(s), ", "); held != "" {
		label += "<br/><font point-size=\"9\" color=\"#555555\">" + html.EscapeString(held) + "</font>"
	}
	return label
}
