package cli

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/escrow-go/escrow"
)

// pageWidth is how many columns a report takes.
const pageWidth = 100

// page is a report being written.
type page struct{ strings.Builder }

// columns are the widths that a report's actions and rules need.
type columns struct{ action, rule int }

func columnsOf(sheets []sheet) (c columns) {
	for _, s := range sheets {
		for _, r := range s.rows {
			c.action, c.rule = max(c.action, len(r.action)), max(c.rule, len(r.rule))
		}
	}
	return c
}

// head says which contract it is and what is held for it.
func (p *page) head(x *explanation) {
	c, l := x.contract, x.contract.Lifecycle()
	p.flow("", fmt.Sprintf("%s: %s, %s, revision %d", shortID(c.ID()), l.Name(), l.Label(c.Status()), c.Revision()))
	p.flow("", "as of "+x.now.UTC().Format(time.RFC3339Nano))
	var held []string
	for _, h := range c.Custody() {
		held = append(held, fmt.Sprintf("%s %s in %s", c.Asset().Text(h.Amount), c.Asset().Code, x.account(h.Account)))
	}
	if len(held) == 0 {
		held = []string{"nothing"}
	}
	p.flow("holds ", strings.Join(held, ", "))
}

// sheet writes what a party may do and not.
func (p *page) sheet(s sheet, c columns) {
	p.title(strings.Join(s.names, ", "))
	for _, r := range s.rows {
		p.flow(fmt.Sprintf("  %s %-*s  %-*s  ", r.mark, c.action, r.action, c.rule, r.rule), r.text)
	}
	if s.past != "" {
		p.flow("  past:  ", s.past)
	}
	if s.never != "" {
		p.flow("  never: ", s.never)
	}
}

// approvals writes what waits for somebody to agree.
func (p *page) approvals(x *explanation) {
	titled := false
	for _, a := range x.contract.Approvals() {
		if a.StatusAt(x.now) != escrow.ApprovalIsPending {
			continue
		}
		if !titled {
			p.title("waiting to be co-signed")
			titled = true
		}
		p.flow("  "+shortID(a.ID)+"  ", fmt.Sprintf("%s, asked for by %s, %s, expires %s%s", a.Type,
			shortID(a.RequestedBy), awaited(&a), when(a.ExpiresAt, x.now), x.moved(a.Movements)))
	}
}

// awaited says who has yet to confirm an approval: people of the account that
// asked, or other accounts, of which each must.
func awaited(a *escrow.Approval) string {
	if len(a.Confirmers) == 1 && a.Confirmers[0] == a.Account {
		return fmt.Sprintf("confirmed by %d of %d", len(a.ConfirmedBy), a.Quorum)
	}
	var open []string
	for _, account := range a.Confirmers {
		n := 0
		for _, confirmed := range a.ConfirmedFor {
			if confirmed == account {
				n++
			}
		}
		if n < a.Quorum {
			open = append(open, fmt.Sprintf("%s (%d of %d)", shortID(account), n, a.Quorum))
		}
	}
	return "waits for " + strings.Join(open, ", ")
}

// byItself writes what time does, and until when that takes at most.
func (p *page) byItself(x *explanation) {
	p.title("what happens by itself")
	next, timed := escrow.NextDeadline(x.contract)
	if timed {
		p.flow("  ", nextText(x, &next))
		if moves := x.moved(movementsOf(&next.Then)); moves != "" {
			p.flow("    ", moves[1:])
		}
	}
	end, alone := escrow.MaxTime(x.contract)
	switch {
	case alone && end.After(x.now):
		p.flow("  ", "from "+when(end, x.now)+" on, time and the system alone can end it")
	case alone:
		p.flow("  ", "from now on, time and the system alone can end it")
	default:
		p.flow("  ", "time alone does not end it: a party has to")
	}
}

func nextText(x *explanation, next *escrow.Deadline) string {
	to := x.leads(next.Then.To)
	if !next.At.After(x.now) {
		to += "; it is due: send advance"
	}
	return fmt.Sprintf("%s: %s  %s %s", when(next.At, x.now), next.Moment, next.Then.Rule, to)
}

func (p *page) title(text string) {
	p.WriteByte('\n')
	p.flow("", text)
}

// flow writes text behind a label, in lines of the page's width that hang below
// the text's beginning.
func (p *page) flow(label, text string) {
	indent := strings.Repeat(" ", utf8.RuneCountInString(label))
	for _, line := range strings.Split(text, "\n") {
		for _, part := range wrapped(line, pageWidth-len(indent)) {
			p.WriteString(strings.TrimRight(label+part, " ") + "\n")
			label = indent
		}
	}
}

// wrapped breaks a line at blanks; a word longer than the width stays whole.
func wrapped(line string, width int) (parts []string) {
	for utf8.RuneCountInString(line) > width {
		cut := len(string([]rune(line)[:width+1]))
		at := strings.LastIndexByte(line[:cut], ' ')
		if strings.TrimSpace(line[:max(at, 0)]) == "" {
			break
		}
		parts = append(parts, line[:at])
		line = line[at+1:]
	}
	return append(parts, line)
}
