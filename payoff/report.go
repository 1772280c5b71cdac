package payoff

import (
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/escrow-go/escrow/opencontract"
)

// String returns the table for a terminal: a row for each ending with what
// everybody has more or less at its end and what is locked longest, a chart of
// that, what rational people choose between, and what votes come to.
func (t *Table) String() string {
	parts := []string{t.heading(), columned(t.rows()), t.chart(), t.rational()}
	if len(t.Votes) > 0 {
		parts = append(parts, "A backup agent's vote on one criterion, by what all say together\n\n"+columned(t.voteRows()))
	}
	return strings.Join(parts, "\n")
}

// heading says which case it is.
func (t *Table) heading() string {
	c := t.Case
	unit := c.Lifecycle.Spec().Asset.Code
	if c.isTrain() {
		return fmt.Sprintf("%s: %d endings of %s of %s %s\n", c.Lifecycle.Name(), len(t.Endings), counted(c.Milestones, "milestone", "milestones"), c.Price, unit)
	}
	text := fmt.Sprintf("%s: %d endings of a task of %s %s with %s, %s, %s\nwindows: match %s, withdrawal %s, delivery %s", c.Lifecycle.Name(), len(t.Endings),
		c.Price, unit, counted(c.Criteria, "criterion", "criteria"), c.award(), c.mode(), clockText(c.Match), clockText(c.Withdrawal), clockText(c.Delivery))
	if c.mode() == opencontract.PrivacyPreserving {
		text += ", review " + clockText(c.Review)
	}
	return text + ", votes " + clockText(opencontract.BAVotingWindow.In(c.Policy.View())) + "\n"
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// rows returns the table of endings: what each party has more at the end.
func (t *Table) rows() [][]string {
	head := []string{"ending, with its status and rules"}
	for _, p := range t.columns() {
		head = append(head, ">"+p.name)
	}
	rows := [][]string{append(head, "locked longest")}
	for i := range t.Endings {
		e := &t.Endings[i]
		row := []string{e.Name}
		for _, p := range t.columns() {
			row = append(row, ">"+t.span(e, p))
		}
		rows = append(rows, append(row, t.worst(e)), []string{"  " + string(e.Status) + ": " + strings.Join(e.Rules, " ")})
	}
	return rows
}

// column is one party of the table, or the backup agents together.
type column struct {
	name    string
	parties []string
}

func (t *Table) columns() (list []column) {
	agents := column{name: "each agent"}
	for _, p := range partiesOf(t.Case) {
		if strings.HasPrefix(p, "backup-") {
			agents.parties = append(agents.parties, p)
			continue
		}
		if p == TreasuryAccount {
			list = append(list, agents)
		}
		list = append(list, column{p, []string{p}})
	}
	return list
}

// span writes the net of a column, from the lowest to the highest where they differ.
func (t *Table) span(e *Ending, c column) string {
	low, high := e.nets(c)
	asset := t.Case.Lifecycle.Spec().Asset
	if low.Cmp(high) == 0 {
		return Text(asset, low)
	}
	return Text(asset, low) + " to " + Text(asset, high)
}

// nets returns the lowest and the highest net of a column.
func (e *Ending) nets(c column) (low, high *big.Int) {
	for _, p := range c.parties {
		f := e.Flow(p)
		n := f.Net()
		if low == nil || n.Cmp(low) < 0 {
			low = n
		}
		if high == nil || n.Cmp(high) > 0 {
			high = n
		}
	}
	if low == nil {
		return new(big.Int), new(big.Int)
	}
	return low, high
}

// Worst returns the lock of an ending that lasts longest, of several the
// largest, and whose it is; false when nothing is locked.
func (e *Ending) Worst() (worst Lock, party string, ok bool) {
	for _, f := range e.Flows {
		for _, l := range f.Locked {
			if !ok || l.outlasts(worst) {
				worst, party, ok = l, f.Party, true
			}
		}
	}
	return worst, party, ok
}

// outlasts reports whether a lock is longer, or as long and larger.
func (l Lock) outlasts(other Lock) bool {
	if l.Longest == other.Longest {
		return l.Amount.Cmp(other.Amount) > 0
	}
	return l.Longest == WithoutLimit || other.Longest != WithoutLimit && l.Longest > other.Longest
}

func (t *Table) worst(e *Ending) string {
	l, _, ok := e.Worst()
	if !ok {
		return "nothing"
	}
	return fmt.Sprintf("%s in %s, %s", t.Case.Lifecycle.Spec().Asset.Text(l.Amount), l.Account, Spell(l.Longest))
}

func (t *Table) voteRows() [][]string {
	asset := t.Case.Lifecycle.Spec().Asset
	rows := [][]string{{"its vote", "all together", ">bond", ">kept", ">slashed", ">tokens"}}
	for _, v := range t.Votes {
		own := string(v.Own)
		if own == "" {
			own = "silent"
		}
		rows = append(rows, []string{own, string(v.Outcome), ">" + asset.Text(v.Bond), ">" + asset.Text(v.Kept), ">" + asset.Text(v.Slashed), ">" + v.Tokens.String()})
	}
	return rows
}

// columned writes rows in columns as wide as they need to be; a cell that begins
// with ">" stands at the right. A row of one cell may be as long as it likes.
func columned(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if len(row) > 1 {
				widths[i] = max(widths[i], utf8.RuneCountInString(strings.TrimPrefix(cell, ">")))
			}
		}
	}
	var b strings.Builder
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			text, right := strings.CutPrefix(cell, ">")
			gap := strings.Repeat(" ", max(widths[i]-utf8.RuneCountInString(text), 0))
			if right {
				line += gap + text + "  "
			} else {
				line += text + gap + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
