package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// settlement prints, for actions that end a contract in several ways, what each
// pot does in each.
func (b *book) settlement() {
	for _, act := range b.l.Acts() {
		ways := b.ways(act)
		if len(ways) < 2 {
			continue
		}
		pots := potsOf(ways)
		columns := []string{"when", "to"}
		for _, p := range pots {
			columns = append(columns, p.Name)
		}
		b.head("Settlement by "+code(string(act.Action())), columns...)
		for _, r := range ways {
			row := []string{joined(r.When, ", "), code(string(r.To))}
			for _, p := range pots {
				row = append(row, moneyOf(r, p))
			}
			b.row(row...)
		}
		b.printf("\nThe first row whose case holds counts. A pot is divided in one way only: each share is floored to the smallest unit, and the units left over go to the shares with the largest remainder, on a tie to the one named first.\n\n")
	}
}

// ways returns the rules of an action that end a contract and tell their cases.
func (b *book) ways(act *escrow.Act) (ways []*escrow.Rule) {
	for i := range b.spec.Rules {
		if r := &b.spec.Rules[i]; r.On == act && b.l.IsTerminal(r.To) && len(r.When) > 0 && len(r.Money) > 0 {
			ways = append(ways, r)
		}
	}
	return ways
}

// potsOf returns the pots that rules pay out, in their order.
func potsOf(rules []*escrow.Rule) (pots []*escrow.Pot) {
	for _, r := range rules {
		for _, s := range r.Money {
			if s.Pay && !slices.Contains(pots, s.Pot) {
				pots = append(pots, s.Pot)
			}
		}
	}
	return pots
}

// moneyOf prints what a rule does with a pot.
func moneyOf(r *escrow.Rule, p *escrow.Pot) string {
	var steps []string
	for _, s := range r.Money {
		if s.Pay && s.Pot == p {
			_, text, _ := strings.Cut(s.String(), " -> ")
			steps = append(steps, text)
		}
	}
	return strings.Join(steps, "; ")
}

func (b *book) custody() {
	b.head("Custody", "status", "may hold", "ends by")
	for _, s := range b.l.Statuses() {
		ends := "ended"
		if !b.l.IsTerminal(s) {
			ends = b.endings(s)
		}
		b.row(code(string(s)), joined(b.l.MayHold(s), ", "), ends)
	}
	b.printf("\nWhat a status may hold follows from the rules; the proof of the table works it out, and every decision is audited against it.\n\n")
}

// endings prints the rules by which time, the system or the open-ended party leave
// a status.
func (b *book) endings(s escrow.Status) string {
	var ways []string
	for i := range b.spec.Rules {
		r := &b.spec.Rules[i]
		if !slices.Contains(r.From, s) {
			continue
		}
		leaves := r.To != escrow.Same && r.To != s
		alone := r.On == escrow.Time || r.By == escrow.System && leaves
		open := b.spec.OpenEnded[s] != nil && r.By == b.spec.OpenEnded[s] && b.l.IsTerminal(r.To)
		if way := r.ID + " (" + string(r.On.Action()) + ")"; (alone || open) && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	if p := b.spec.OpenEnded[s]; p != nil {
		ways = append(ways, "open-ended: the "+p.Name+" can end it")
	}
	return strings.Join(ways, ", ")
}

func (b *book) policy() {
	b.head("Policy", "field", "default", "meaning")
	for _, w := range b.spec.Policy {
		f := w.Declaration()
		b.row(code(f.Name), code(f.Default), f.Meaning)
	}
	b.row(code("payoutReview"), code("null"), "{minPayout, quorum}: payouts of minPayout or more wait for quorum people of the application; null for none")
	b.printf("\nRatios lie between 0 and 1 with at most 18 decimal places. The policy is written whole into a contract at its founding.\n\n")
}

func (b *book) refusals() {
	b.head("Refusals", "code", "HTTP", "reason", "meaning", "remedy")
	for _, e := range b.l.Reasons() {
		b.row(code(string(e.Code)), fmt.Sprint(e.Code.HTTP()), code(string(e.Reason)), e.Meaning, e.Remedy)
	}
	b.printf("\nChecks run in this order; the first that fails answers.\n")
}
