package backtest

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"
)

// String tells the report for people.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %s\n", counted(r.Histories, "history", "histories"), counted(r.Lines, "line", "lines"))
	if r.Stopped {
		b.WriteString("STOPPED before the end of the record: what follows is of what was read\n")
	}
	for _, left := range []struct {
		n         int
		one, many string
	}{
		{r.MidLife, "history begins in mid-life, left out", "histories begin in mid-life, left out"},
		{r.Mismatched, "history does not follow from its own requests, left out", "histories do not follow from their own requests, left out"},
		{r.FaultyLines, "line is no request in order, skipped", "lines are no requests in order, skipped"},
		{r.LateLines, "line is about a contract that had ended, without effect", "lines are about contracts that had ended, without effect"},
	} {
		if left.n > 0 {
			fmt.Fprintln(&b, counted(left.n, left.one, left.many))
		}
	}
	for _, o := range r.LeftOut {
		fmt.Fprintf(&b, "  line %d", o.Line)
		if o.Contract != "" {
			fmt.Fprintf(&b, ", %s", o.Contract)
		}
		fmt.Fprintf(&b, ": %s\n", o.Why)
	}
	for i := range r.Policies {
		r.Policies[i].write(&b)
	}
	return b.String()
}

// counted writes a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// write tells what one policy comes to.
func (c *Comparison) write(b *strings.Builder) {
	fmt.Fprintf(b, "\nUNDER %s (%s)\n\n", c.Policy, c.Lifecycle)
	fmt.Fprintf(b, "%s compared, %d of another lifecycle\n", counted(c.Histories, "history", "histories"), c.OtherLifecycle)
	if c.Unfounded > 0 {
		fmt.Fprintf(b, "%d could not have been founded: %s\n", c.Unfounded, c.Why)
	}
	fmt.Fprintf(b, "%d would have gone another way", c.Parted)
	if c.Outlived > 0 {
		fmt.Fprintf(b, "; %d, still open when the record ends, ended by time and the system", c.Outlived)
	}
	b.WriteString("\n")
	for i := range c.Money {
		c.Money[i].write(b)
	}
	c.writeEndings(b)
	c.writePartings(b)
}

// table writes rows in columns; the first is flush left.
func table(b *strings.Builder, rows [][]string) {
	width := 0
	for _, row := range rows {
		width = max(width, len([]rune(row[0])))
	}
	w := tabwriter.NewWriter(b, 0, 0, 3, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		fmt.Fprintf(w, "%-*s\t%s\t\n", width, row[0], strings.Join(row[1:], "\t"))
	}
	w.Flush()
}

// write tells the money in one asset.
func (m *Money) write(b *strings.Builder) {
	rows := [][]string{{m.Asset, "paid in", "got", "net", "would pay in", "get", "net", "difference"}}
	for _, p := range m.Parties {
		if p.idle() {
			continue
		}
		rows = append(rows, []string{p.Party, p.Recorded.PaidIn.String(), p.Recorded.Got.String(), p.Recorded.Net.String(),
			p.Replayed.PaidIn.String(), p.Replayed.Got.String(), p.Replayed.Net.String(), signed(p.Difference)})
	}
	if was, is := m.Held.Recorded, m.Held.Replayed; !was.IsZero() || !is.IsZero() {
		rows = append(rows, []string{"held, open", "", "", was.String(), "", "", is.String(), signed(is.Sub(was))})
	}
	b.WriteString("\n")
	table(b, rows)
}

// idle reports whether nothing went to or from the party.
func (p *PartyMoney) idle() bool {
	return p.Recorded.PaidIn.IsZero() && p.Recorded.Got.IsZero() && p.Replayed.PaidIn.IsZero() && p.Replayed.Got.IsZero()
}

// signed writes a difference with its sign.
func signed(d decimal.Decimal) string {
	if d.IsPositive() {
		return "+" + d.String()
	}
	return d.String()
}

// writeEndings tells how the histories end, and which changed.
func (c *Comparison) writeEndings(b *strings.Builder) {
	if len(c.Endings) == 0 {
		return
	}
	rows := [][]string{{"ending", "recorded", "would be"}}
	for _, e := range c.Endings {
		rows = append(rows, []string{e.Ending, fmt.Sprint(e.Recorded), fmt.Sprint(e.Replayed)})
	}
	b.WriteString("\n")
	table(b, rows)
	rows = [][]string{{"ended otherwise", "histories"}}
	for _, x := range c.Changes {
		if x.Recorded != x.Replayed {
			rows = append(rows, []string{x.Recorded + " -> " + x.Replayed, fmt.Sprint(x.Histories)})
		}
	}
	if len(rows) > 1 {
		b.WriteString("\n")
		table(b, rows)
	}
}

// writePartings tells which histories went another way.
func (c *Comparison) writePartings(b *strings.Builder) {
	for i := range c.Partings {
		b.WriteString("\n")
		c.Partings[i].write(b)
	}
	if more := c.Parted - len(c.Partings); more > 0 {
		fmt.Fprintf(b, "\nand %d more\n", more)
	}
}

func (h *History) write(b *strings.Builder) {
	fmt.Fprintf(b, "%s (from line %d): %s", h.Contract, h.Line, h.Recorded)
	if h.Replayed != h.Recorded {
		fmt.Fprintf(b, " -> %s", h.Replayed)
	}
	if h.Outlived {
		b.WriteString(", by time")
	}
	b.WriteString("\n")
	if p := h.Parting; p != nil {
		p.write(b)
	} else {
		b.WriteString("  no request is answered otherwise, time alone makes the difference\n")
	}
	for i, d := range h.Differences {
		fmt.Fprintf(b, "%s%s %s", []string{"  ", ", "}[min(i, 1)], d.Party, signed(d.Amount))
	}
	if len(h.Differences) > 0 {
		fmt.Fprintf(b, " %s\n", h.Asset)
	}
}

func (p *Parting) write(b *strings.Builder) {
	if p.Lapse != "" {
		fmt.Fprintf(b, "  before that, time alone: %s\n", p.Lapse)
	}
	fmt.Fprintf(b, "  line %d, %s by %s: was %s; is %s", p.Line, p.Action, p.Actor, p.Was, p.Is)
	if p.Reason != "" {
		fmt.Fprintf(b, " (%s: %s)", p.Reason, p.Message)
	}
	b.WriteString("\n")
}
