package escrow

import (
	"fmt"
	"slices"
	"strings"
)

// Rulebook returns the lifecycle's documentation as Markdown, printed from its
// table: state diagram, rules, settlement, custody, policy fields and refusals.
func (l *Lifecycle) Rulebook() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# The %s rule book\n\n%s\n\n", l.name, l.spec.About)
	b.WriteString("Printed from the code's own tables; do not edit.\n\n")
	fmt.Fprintf(&b, "Asset: %s, %d decimal places, unless a contract's terms say otherwise.\n\n", l.asset.Code, l.asset.Scale)
	fmt.Fprintf(&b, "## States\n\n```mermaid\n%s```\n\n", l.Mermaid())
	l.printRules(&b)
	l.printSettlement(&b)
	l.printCustody(&b)
	l.printPolicy(&b)
	l.printRefusals(&b)
	return b.String()
}

// printRow writes one row of a Markdown table.
func printRow(b *strings.Builder, cells ...string) {
	for i, cell := range cells {
		if cell == "" {
			cell = "–"
		}
		cells[i] = strings.ReplaceAll(cell, "|", "\\|")
	}
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

func printHead(b *strings.Builder, title string, columns ...string) {
	fmt.Fprintf(b, "## %s\n\n", title)
	printRow(b, columns...)
	b.WriteString("|" + strings.Repeat(" --- |", len(columns)) + "\n")
}

// joined prints the names of a list's elements.
func joined[T fmt.Stringer](list []T, between string) string {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.String()
	}
	return strings.Join(names, between)
}

func (l *Lifecycle) printRules(b *strings.Builder) {
	printHead(b, "Rules", "rule", "action", "who", "from", "when", "window", "needs", "to", "money", "records", "co-sign")
	for i := range l.rules {
		r := &l.rules[i]
		to := string(r.To)
		if r.To == Same {
			to = "same"
		}
		printRow(b, r.ID, code(string(r.action)), r.By.name+r.Grant.text(), codes(labels(r.From)), joined(r.When, ", "),
			r.Window.String(), joined(r.Needs, "; "), code(to), joined(r.Money, "; "), joined(r.allSets(), "; "), r.CoSign.text())
	}
	if l.spec.coSigned() {
		printRow(b, approvalExpiry, code(string(actionAdvance)), Anyone.name, "", "no deadline of the status due", "expiresAt due", "",
			code("same"), "", "approvals expired", "")
	}
	b.WriteString("\nAll windows are half-open: an action is allowed while now is before its deadline, and the deadline is due from that instant on. ")
	b.WriteString("While a deadline of the status is due, every other action that the status allows waits for `advance`.\n\n")
}

// allSets returns what a rule records, at the request or at the execution.
func (r *Rule) allSets() Effects { return append(slices.Clone(r.CoSign.Sets), r.Sets...) }

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func codes(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(s)
	}
	return strings.Join(out, ", ")
}

// text prints what a token needs.
func (g Grant) text() string {
	if g == (Grant{}) {
		return ""
	}
	both := strings.Join(slices.DeleteFunc([]string{code(g.Scope), code(g.Feature)}, func(s string) bool { return s == "" }), " and ")
	return "; a token with " + both + " of a claimed account"
}

// text prints the approval a rule waits for.
func (s CoSign) text() string {
	if s.Type == "" {
		return ""
	}
	text := code(s.Type)
	if s.While != "" {
		text += "; until then " + code(string(s.While))
	}
	if s.Declined != "" {
		text += "; declined: " + code(string(s.Declined))
	}
	return text
}

// printSettlement writes, for actions that end a contract in several ways, what
// each pot does in each.
func (l *Lifecycle) printSettlement(b *strings.Builder) {
	for _, g := range l.groups {
		ways := slices.DeleteFunc(slices.Clone(g.rules), func(r *rule) bool { return !l.IsTerminal(r.To) || len(r.When) == 0 || len(r.Money) == 0 })
		if len(ways) < 2 {
			continue
		}
		pots := potsOf(ways)
		columns := []string{"when", "to"}
		for _, p := range pots {
			columns = append(columns, p.name)
		}
		printHead(b, "Settlement by "+code(string(g.action)), columns...)
		for _, r := range ways {
			row := []string{joined(r.When, ", "), code(string(r.To))}
			for _, p := range pots {
				row = append(row, r.Money.of(p))
			}
			printRow(b, row...)
		}
		b.WriteString("\nThe first row whose case holds counts. A pot is divided in one way only: each share is floored to the smallest unit, and the units left over go to the shares with the largest remainder, on a tie to the one named first.\n\n")
	}
}

// potsOf returns the pots that rules pay out, in their order.
func potsOf(rules []*rule) (pots []Pot) {
	for _, r := range rules {
		for _, s := range r.Money {
			if s.kind >= stepAll && !slices.Contains(pots, s.pot) {
				pots = append(pots, s.pot)
			}
		}
	}
	return pots
}

// of prints what the steps do with a pot.
func (m Money) of(p Pot) string {
	var steps []string
	for _, s := range m {
		if s.kind >= stepAll && s.pot == p {
			steps = append(steps, strings.TrimPrefix(s.String(), p.name+" -> "))
		}
	}
	return strings.Join(steps, "; ")
}

func (l *Lifecycle) printCustody(b *strings.Builder) {
	printHead(b, "Custody", "status", "may hold", "ends by")
	for s, status := range l.statuses[1:] {
		next := ""
		if l.terminal&(1<<(s+1)) != 0 {
			next = "ended"
		} else {
			next = l.endings(uint8(s + 1))
		}
		printRow(b, code(string(status)), l.held[s+1].String(), next)
	}
	b.WriteString("\nWhat a status may hold follows from the rules; the proof of the table works it out, and every decision is audited against it.\n\n")
}

// endings prints the rules by which time, the system or the open-ended party
// leave a status.
func (l *Lifecycle) endings(s uint8) string {
	var ways []string
	for i := range l.rules {
		r := &l.rules[i]
		alone := r.action == actionAdvance || r.By.kind == partySystem && r.to != sameStatus
		open := l.spec.OpenEnded.kind != partyNone && r.By.kind == l.spec.OpenEnded.kind && r.to != sameStatus && l.terminal&(1<<r.to) != 0
		if way := r.ID + " (" + string(r.action) + ")"; r.starts(s) && (alone || open) && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	return strings.Join(ways, ", ")
}

func (l *Lifecycle) printPolicy(b *strings.Builder) {
	if len(l.fields) == 0 {
		return
	}
	printHead(b, "Policy", "field", "default", "meaning")
	for _, f := range l.fields {
		printRow(b, code(f.Name), code(f.Default), f.Meaning)
	}
	b.WriteString("\nRatios lie between 0 and 1 with at most 18 decimal places. The policy is written whole into a contract at its founding.\n\n")
}

func (l *Lifecycle) printRefusals(b *strings.Builder) {
	printHead(b, "Refusals", "code", "HTTP", "reason", "meaning", "remedy")
	for _, e := range l.Reasons() {
		printRow(b, code(string(e.Code)), fmt.Sprint(e.Code.HTTP()), code(string(e.Reason)), e.Meaning, e.Remedy)
	}
	b.WriteString("\nChecks run in this order; the first that fails answers.\n")
}

// Reasons returns the refusal reasons that the lifecycle can give: those of its
// own rules, and those of the engine that any can.
func (l *Lifecycle) Reasons() []CatalogueEntry {
	can := map[Reason]bool{NoActor: true, Malformed: true, UnknownAction: true, UnknownLifecycle: true, AmountBounds: true,
		AmountScale: true, InvalidPolicy: true, InvalidTerms: true, WrongStatus: true, NothingDue: true, Unbalanced: true}
	var own []CatalogueEntry
	add := func(e *Error) {
		if _, known := codeOf[e.reason]; !known && !can[e.reason] {
			own = append(own, CatalogueEntry{e.reason, e.code, e.message, e.remedy})
		}
		can[e.reason] = true
	}
	for i := range l.rules {
		r := &l.rules[i]
		for _, n := range r.Needs {
			add(n.refusal())
		}
		for _, p := range append([]Party{r.By}, r.By.either...) {
			if p.reason != "" {
				add(r.refusal(p.reason))
			}
		}
		can[DeadlineDue] = can[DeadlineDue] || r.action == actionAdvance
		can[WindowClosed] = can[WindowClosed] || r.Window.kind == windowBefore
		can[WorkerIsClient] = can[WorkerIsClient] || r.By.kind == partyNewWorker
		for _, reason := range []Reason{ScopeMissing, FeatureDisabled, AccountClaimRequired} {
			can[reason] = can[reason] || r.Grant != Grant{}
		}
	}
	can[UnsupportedCombination] = l.judged
	can[InvalidMilestone] = can[InvalidMilestone] || l.hires()
	for _, reason := range []Reason{ContractNotFound, ApprovalNotFound, TooMany, ApprovalConfirmed, ApprovalDeclined,
		ApprovalExpired, ApprovalSuperseded, ApprovalStale, SeparateDuties} {
		can[reason] = can[reason] || l.spec.coSigned()
	}
	var list []CatalogueEntry
	for _, e := range append(slices.Clone(catalogue), own...) {
		if can[e.Reason] {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b CatalogueEntry) int { return codeOrder(a) - codeOrder(b) })
	return list
}

// codeOrder is where an entry's check runs.
func codeOrder(e CatalogueEntry) int {
	if e.Reason == DispositionRequired {
		return 5
	}
	return slices.Index([]Code{Unauthorized, InvalidRequest, Forbidden, NotFound, Conflict, "", InternalError}, e.Code)
}
