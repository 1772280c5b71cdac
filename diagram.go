package escrow

import (
	"fmt"
	"slices"
	"strings"
)

// edge is an arrow of the state diagram with the rules that take it.
type edge struct {
	from, to Status
	labels   []string
	byTime   bool // by nothing else
}

// edges returns the arrows of the state diagram, in the order of the table.
func (l *Lifecycle) edges() []*edge {
	var all []*edge
	add := func(from, to Status, label string, byTime bool) {
		i := slices.IndexFunc(all, func(e *edge) bool { return e.from == from && e.to == to })
		if i < 0 {
			all = append(all, &edge{from: from, to: to, byTime: true})
			i = len(all) - 1
		}
		if !slices.Contains(all[i].labels, label) {
			all[i].labels = append(all[i].labels, label)
		}
		all[i].byTime = all[i].byTime && byTime
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
// arrows are taken by time alone; double circles are terminal.
func (l *Lifecycle) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %q {\n", l.name)
	b.WriteString("    rankdir=TB; nodesep=0.4; ranksep=0.7;\n")
	b.WriteString("    node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef3fb\", fontname=\"Helvetica\", fontsize=12];\n")
	b.WriteString("    edge [fontname=\"Helvetica\", fontsize=10];\n")
	b.WriteString("    \"draft\" [shape=circle, label=\"\", width=0.25, fillcolor=black];\n")
	for s, status := range l.statuses[1:] {
		label := string(status)
		if held := l.held[s+1].String(); held != "" {
			label += "\\n" + held
		}
		look := ""
		if l.IsTerminal(status) {
			look = ", peripheries=2, fillcolor=\"#f4f4f4\""
		}
		fmt.Fprintf(&b, "    %q [label=\"%s\"%s];\n", status, label, look)
	}
	for _, e := range l.edges() {
		look := ""
		if e.byTime {
			look = ", style=dashed"
		}
		fmt.Fprintf(&b, "    %q -> %q [label=\"%s\"%s];\n", e.from.label(), e.to, strings.Join(e.labels, "\\n"), look)
	}
	b.WriteString("}\n")
	return b.String()
}
