package explore

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/diagram"
)

// Mermaid returns the lifecycle's state diagram in Mermaid's notation, with the
// number of states of each status and of decisions on each arrow. Arrows that no
// decision took are left out.
func (r *Report) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range r.Statuses {
		if s.Status != escrow.Draft {
			fmt.Fprintf(&b, "    state \"%s (%d)\" as %s\n", s.Status, s.States, mermaidName(string(s.Status)))
		}
	}
	g := r.counted(func(a Arrow, text string) string { return fmt.Sprintf("%s %d", text, a.Times) })
	for _, e := range g.Edges {
		if e.Tone != diagram.Never {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", mermaidName(e.From), mermaidName(e.To), strings.Join(r.taken(e), ", "))
		}
	}
	for _, n := range g.Nodes {
		if n.Terminal {
			fmt.Fprintf(&b, "    %s --> [*]\n", mermaidName(n.ID))
		}
	}
	return b.String()
}

// taken returns the lines of an arrow whose rules were taken.
func (r *Report) taken(e *diagram.Edge) (lines []string) {
	for _, l := range e.Labels {
		for _, a := range r.Arrows {
			if string(a.From) == e.From && string(a.To) == e.To && a.Rule == l.ID {
				lines = append(lines, l.Text)
			}
		}
	}
	return lines
}

// mermaidName is a status as Mermaid takes it for a name.
func mermaidName(status string) string {
	if status == "" {
		return "[*]"
	}
	return strings.ReplaceAll(status, "-", "_")
}
