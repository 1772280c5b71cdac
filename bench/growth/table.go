package growth

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow/bench/internal/measured"
)

// Table writes what was measured as a table.
func Table(list []Growth) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nMicroseconds of the processor by number of milestones, and the exponents fitted from %d on. %s.\n\n| |", fitFrom, measured.Machine())
	for _, n := range sizes {
		fmt.Fprintf(&b, " %s |", measured.Number(float64(n)))
	}
	b.WriteString(" time | memory | at most | |\n| --- |" + strings.Repeat(" ---: |", len(sizes)+3) + " --- |\n")
	for i := range list {
		g := &list[i]
		fmt.Fprintf(&b, "| %s |", g.About)
		for _, s := range g.Samples {
			fmt.Fprintf(&b, " %s |", measured.Number(s.Nanoseconds/1000))
		}
		fmt.Fprintf(&b, " n^%.2f | n^%.2f | n^%.1f | %s |\n", g.Time, g.Bytes, g.Bound, measured.Verdict(max(g.Time, g.Bytes) <= g.Bound))
	}
	b.WriteString("\n")
	return b.String()
}
