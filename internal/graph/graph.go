// Package graph explores a lifecycle to the end of its play: every state that some
// actors reach with some commands, asked just before, at and just after every
// moment of a contract. It checks each decision against what a table may do, by
// the exported parts of the engine alone.
package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// Move is one thing that somebody may ask.
type Move struct {
	// Who is the party that asks, for [Graph.Ends].
	Who     string
	Actor   escrow.Actor
	Command escrow.Command
}

// Walk says what is explored.
type Walk struct {
	// Drafts are where it begins, at Begin.
	Drafts []escrow.Contract
	Begin  time.Time
	// Moves are all that is asked in a state; time's own is added.
	Moves func(escrow.Contract) []Move
	// Most is how many states there may be.
	Most int
}

// Graph is what was found.
type Graph struct {
	// Faults are what no decision may do, each once.
	Faults []string
	// States, Edges and Refusals count; Rules and Statuses are those reached.
	States, Edges, Refusals int
	Rules                   map[string]int
	Statuses                map[escrow.Status]int
	// Reasons are the refusals met.
	Reasons map[escrow.Reason]int

	spec  escrow.Spec
	nodes []*node
	index map[string]int
	// here are the moments that rows of a status compare the time with, ahead those
	// that rows from there on do.
	here, ahead map[escrow.Status][]string
}

type node struct {
	c     escrow.Contract
	owed  ledger // who put how much into which pot, and has not been paid
	edges []edge
}

type edge struct {
	who string
	to  int
}

// ledger is what each pot has of whom.
type ledger map[string]map[string]bool

// Run explores.
func (w Walk) Run() *Graph {
	g := &Graph{Rules: map[string]int{}, Statuses: map[escrow.Status]int{}, Reasons: map[escrow.Reason]int{}, index: map[string]int{}}
	g.spec = w.Drafts[0].Lifecycle().Spec()
	g.moments()
	for _, c := range w.Drafts {
		g.add(&node{c: c, owed: ledger{}})
	}
	for i := 0; i < len(g.nodes) && len(g.nodes) <= w.Most; i++ {
		g.explore(w, i)
	}
	if len(g.nodes) > w.Most {
		g.fault("more than %d states", w.Most)
	}
	g.States = len(g.nodes)
	return g
}

func (g *Graph) fault(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); len(g.Faults) < 50 && !slices.Contains(g.Faults, text) {
		g.Faults = append(g.Faults, text)
	}
}

// add returns the place of a state, known or new.
func (g *Graph) add(n *node) int {
	k := g.key(n.c)
	if at, known := g.index[k]; known {
		return at
	}
	g.index[k] = len(g.nodes)
	g.nodes = append(g.nodes, n)
	g.Statuses[n.c.Status()]++
	g.stored(n.c)
	return len(g.nodes) - 1
}

// stored checks that a state is read back byte for byte.
func (g *Graph) stored(c escrow.Contract) {
	written, err := json.Marshal(c)
	if err != nil {
		g.fault("in %s: %v", c.Status(), err)
		return
	}
	read, err := escrow.ReadStored(written, c.Lifecycle())
	if err != nil {
		g.fault("in %s: %v: %s", c.Status(), err, written)
		return
	}
	if again, _ := json.Marshal(read); string(again) != string(written) {
		g.fault("in %s: %s is read back as %s", c.Status(), written, again)
	}
}

func (g *Graph) explore(w Walk, i int) {
	n := g.nodes[i]
	moves := append(w.Moves(n.c), Move{"time", escrow.Agent("scheduler"), escrow.Advance()})
	never := make([]bool, len(moves)) // whatever the time
	for _, now := range g.instants(n.c, w.Begin) {
		for j, m := range moves {
			if never[j] {
				continue
			}
			d, err := escrow.Decide(n.c, m.Command, m.Actor, escrow.At(now))
			if err != nil {
				never[j] = g.refused(m, n.c, err)
				continue
			}
			g.Edges++
			g.Rules[d.Rule]++
			if d.Executes != "" {
				g.Rules[d.Executes]++
			}
			owed := g.check(n, &d, m)
			n.edges = append(n.edges, edge{m.Who, g.add(&node{c: d.Contract, owed: owed})})
		}
	}
}

// refused counts a refusal, and reports whether another time would not help.
func (g *Graph) refused(m Move, c escrow.Contract, err error) bool {
	g.Refusals++
	var e *escrow.Error
	if !errors.As(err, &e) || e.Code() == escrow.InternalError {
		g.fault("%s in %s: %v", m.Command.Action(), c.Status(), err)
		return false
	}
	g.Reasons[e.Reason()]++
	return e.Code() != escrow.Conflict || e.Reason() == escrow.WrongStatus || e.Reason() == escrow.ContractEnded
}

// moments finds which moments rows compare the time with: in a status, and from it
// on.
func (g *Graph) moments() {
	g.here, g.ahead = map[escrow.Status][]string{}, map[escrow.Status][]string{}
	rules := g.spec.Rules
	for _, r := range rules {
		for _, from := range r.From {
			for _, m := range []*escrow.Moment{r.Window.Opens, r.Window.Closes} {
				if m != nil {
					g.here[from] = append(g.here[from], m.String())
					g.ahead[from] = append(g.ahead[from], m.String())
				}
			}
		}
	}
	for range rules {
		for _, r := range rules {
			for _, from := range r.From {
				if r.To != escrow.Same {
					g.ahead[from] = merge(g.ahead[from], g.ahead[r.To])
				}
			}
		}
	}
}

func merge(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// instants returns when a state is asked: as soon as may be, and around each moment
// that matters in it.
func (g *Graph) instants(c escrow.Contract, begin time.Time) []time.Time {
	now := c.DecidedAt()
	if now.Before(begin) {
		now = begin
	}
	list := []time.Time{now}
	for name, at := range c.Moments() {
		if name != "expiresAt" && !slices.Contains(g.here[c.Status()], name) {
			continue
		}
		for _, by := range []time.Duration{-1, 0, 1} {
			if t := at.Add(by); t.After(now) {
				list = append(list, t)
			}
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return slices.Compact(list)
}

// check holds a decision against what any may do, and returns who is owed after it.
func (g *Graph) check(n *node, d *escrow.Decision, m Move) ledger {
	rule := d.Rule
	if d.Executes != "" {
		rule = d.Executes
	}
	held, owed := custody(n.c), ledger{}
	for pot, who := range n.owed {
		owed[pot] = who
	}
	for _, mv := range d.Movements() {
		switch mv.Kind() {
		case escrow.Deposited:
			held[mv.To.String()], _ = sum(held[mv.To.String()], mv.Amount)
			who := map[string]bool{mv.From.ID: true}
			for other := range owed[mv.To.String()] {
				who[other] = true
			}
			owed[mv.To.String()] = who
		case escrow.PaidOut:
			from := mv.From.String()
			if mv.Amount.Cmp(held[from]) > 0 {
				g.fault("rule %s overdraws %s", rule, from)
			}
			held[from] = less(held[from], mv.Amount)
			if !owed[from][mv.To.ID] && !g.named(n.c, rule, mv) {
				g.fault("rule %s pays %s out of %s: neither its depositor nor named", rule, mv.To, mv.From)
			}
			if held[from].IsZero() {
				delete(owed, from)
			}
		}
	}
	after := custody(d.Contract)
	for pot, amount := range held {
		if after[pot] != amount {
			g.fault("rule %s: %s holds %s, and should %s", rule, pot, after[pot], amount)
		}
	}
	if d.Contract.DecidedAt().Before(n.c.DecidedAt()) {
		g.fault("rule %s: time runs backwards", rule)
	}
	if d.Contract.IsTerminal() {
		g.ended(rule, d.Contract)
	}
	if m.Who == "time" && rule != "AP-3" { // expiries fold into whatever comes next
		g.punctual(n.c, d)
	}
	return owed
}

// ended checks that a contract which has ended holds and awaits nothing.
func (g *Graph) ended(rule string, c escrow.Contract) {
	if len(c.Custody()) > 0 {
		g.fault("rule %s ends, and %v is held", rule, c.Custody())
	}
	for _, a := range c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			g.fault("rule %s ends, and an approval is pending", rule)
		}
	}
}

// punctual checks that time does late what it does on time.
func (g *Graph) punctual(c escrow.Contract, d *escrow.Decision) {
	late, err := escrow.Decide(c, escrow.Advance(), escrow.Agent("scheduler"), escrow.At(d.At().AddDate(1, 0, 0)))
	if err != nil || late.Rule != d.Rule || !late.At().Equal(d.At()) || late.To != d.To || !same(custody(late.Contract), custody(d.Contract)) {
		g.fault("rule %s: late is not as on time", d.Rule)
	}
}

func same(a, b map[string]escrow.Amount) bool {
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// named reports whether a row's receiver, as it was before the decision, is paid.
func (g *Graph) named(c escrow.Contract, rule string, mv escrow.Movement) bool {
	for _, r := range g.spec.Rules {
		if r.ID != rule {
			continue
		}
		for _, s := range r.Money {
			to := slices.Clone(s.To)
			for _, cut := range s.Cuts {
				to = append(to, cut.To)
			}
			for _, p := range to {
				if p.Name == mv.To.Kind && (p.Item != nil && mv.To.ID == mv.From.ID || p.Item == nil && c.Account(p) == mv.To.ID) {
					return true
				}
			}
		}
	}
	return false
}

func custody(c escrow.Contract) map[string]escrow.Amount {
	held := map[string]escrow.Amount{}
	for _, h := range c.Custody() {
		held[h.Account.String()] = h.Amount
	}
	return held
}

func sum(a, b escrow.Amount) (escrow.Amount, error) {
	n := a.BigInt()
	return escrow.AmountOf(n.Add(n, b.BigInt()))
}

func less(a, b escrow.Amount) escrow.Amount {
	n := a.BigInt()
	rest, _ := escrow.AmountOf(n.Sub(n, b.BigInt()))
	return rest
}

// key tells states apart: what a contract holds and records, who has agreed to
// what, and how far its moments lie ahead.
func (g *Graph) key(c escrow.Contract) string {
	var b strings.Builder
	fmt.Fprint(&b, c.ID(), c.Status(), c.Custody())
	v, spec := c.View(), &g.spec
	for _, w := range slices.Concat(spec.Terms, spec.State) {
		write(&b, v, w.Declaration())
	}
	for _, l := range spec.Lists {
		for i := range v.Len(l) {
			item := v.At(l, i)
			fmt.Fprint(&b, "|", item.Key(), item.ItemStatus())
			for _, w := range l.Fields {
				write(&b, item, w.Declaration())
			}
		}
	}
	now := c.DecidedAt()
	for name, at := range c.Moments() {
		if at.After(now) && slices.Contains(g.ahead[c.Status()], name) {
			fmt.Fprint(&b, "|", name, at.Sub(now))
		}
	}
	for _, a := range c.Approvals() {
		if a.Status == escrow.ApprovalIsPending {
			fmt.Fprint(&b, "|", a.Type, a.Target, a.Account, a.ExpiresAt.Sub(now), a.Movements, a.ConfirmedBy)
			for _, p := range params(c, a.Command) {
				write(&b, a.Command.View(), p)
			}
		}
	}
	return b.String()
}

func params(c escrow.Contract, cmd escrow.Command) []*escrow.Field {
	for _, act := range c.Lifecycle().Acts() {
		if act.Action() == cmd.Action() {
			return act.Params()
		}
	}
	return nil
}

// write writes a field's value; instants are told by the moments they make.
func write(b *strings.Builder, v escrow.View, f *escrow.Field) {
	switch {
	case !v.Has(f):
		b.WriteString("|-")
	case f.Kind == escrow.InstantKind:
		b.WriteString("|t")
	default:
		fmt.Fprint(b, "|", v.Text(f), v.Amount(f), v.Count(f), v.Texts(f))
	}
}

// Ends checks that every state that holds money comes to an end by moves of the
// given parties alone: "time" and "system" for what nobody needs to do. States that
// hold nothing are looked at when held is false.
func (g *Graph) Ends(held bool, by ...string) []string {
	back := make([][]int, len(g.nodes))
	good := make([]bool, len(g.nodes))
	var queue []int
	for i, n := range g.nodes {
		for _, e := range n.edges {
			if slices.Contains(by, e.who) {
				back[e.to] = append(back[e.to], i)
			}
		}
		if n.c.IsTerminal() {
			good[i] = true
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		for _, from := range back[queue[0]] {
			if !good[from] {
				good[from] = true
				queue = append(queue, from)
			}
		}
		queue = queue[1:]
	}
	var stuck []string
	for i, n := range g.nodes {
		if !good[i] && !n.c.IsDraft() && held == (len(n.c.Custody()) > 0) && !slices.Contains(stuck, string(n.c.Status())) {
			stuck = append(stuck, string(n.c.Status()))
		}
	}
	return stuck
}
