// Package walk goes through every state that a lifecycle reaches from some drafts,
// breadth first, for the tests of lifecycle packages: every actor asks for every
// command just before, at and just after each moment of the contract.
package walk

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
)

// Walk is what is walked.
type Walk struct {
	Drafts []escrow.Contract
	Actors []escrow.Actor
	// Commands are what may be asked for in a state.
	Commands func(escrow.Contract) []escrow.Command
	// Key tells states apart: those of one key are looked at once.
	Key func(escrow.Contract) string
	// Start is the time at which the drafts are founded.
	Start time.Time
}

// Found is what a walk came upon.
type Found struct {
	States   []escrow.Contract
	Statuses map[escrow.Status]int
	Rules    map[string]int
	Reasons  map[escrow.Reason]int
	Asked    int
}

// Run walks until no state is new. The error is the first state or decision that
// breaks a rule of the engine: one that does not balance, a pot that no status
// may hold, a terminal status with money.
func (w Walk) Run() (Found, error) {
	f := Found{Statuses: map[escrow.Status]int{}, Rules: map[string]int{}, Reasons: map[escrow.Reason]int{}}
	seen := map[string]bool{}
	f.States = append(f.States, w.Drafts...)
	for i := 0; i < len(f.States); i++ {
		c := f.States[i]
		commands := append(w.Commands(c), escrow.Advance())
		for _, at := range w.instants(c) {
			for _, cmd := range commands {
				for _, actor := range w.Actors {
					next, err := f.ask(c, cmd, actor, at)
					if err != nil {
						return f, err
					}
					if key := w.keyOf(next); key != "" && !seen[key] {
						seen[key] = true
						f.States = append(f.States, next)
						f.Statuses[next.Status()]++
					}
				}
			}
		}
	}
	return f, nil
}

// keyOf returns the key of a state that was reached, "" of none.
func (w Walk) keyOf(c escrow.Contract) string {
	if c.Lifecycle() == nil {
		return ""
	}
	return string(c.Status()) + " " + w.Key(c)
}

// instants returns the start of a state, and those around each moment after it.
// Past the next deadline nothing but its advance is accepted, so what comes later is
// looked at from the states that follow.
func (w Walk) instants(c escrow.Contract) []time.Time {
	from := c.DecidedAt()
	if c.IsDraft() {
		from = w.Start
	}
	list := []time.Time{from}
	deadline, timed := escrow.NextDeadline(c)
	for _, at := range c.Moments() {
		for _, d := range []time.Duration{-1, 0, 1} {
			if near := at.Add(d); near.After(from) && (!timed || !near.After(deadline.At.Add(1))) && !slices.ContainsFunc(list, near.Equal) {
				list = append(list, near)
			}
		}
	}
	return list
}

// ask decides one command, and checks what came of it; the zero contract when it
// was refused.
func (f *Found) ask(c escrow.Contract, cmd escrow.Command, actor escrow.Actor, at time.Time) (escrow.Contract, error) {
	f.Asked++
	d, err := escrow.Decide(c, cmd, actor, escrow.At(at))
	if err != nil {
		e := err.(*escrow.Error)
		f.Reasons[e.Reason()]++
		if e.Code() == escrow.InternalError {
			return escrow.Contract{}, fmt.Errorf("%s by %s in %s: %w", cmd.Action(), actor.ID, c.Status(), err)
		}
		return escrow.Contract{}, nil
	}
	f.Rules[d.Rule]++
	if d.Executes != "" {
		f.Rules[d.Executes]++
	}
	return d.Contract, balanced(c, &d)
}

// balanced checks that what came in is what went out and what is held, and that a
// contract that ended holds nothing.
func balanced(c escrow.Contract, d *escrow.Decision) error {
	before, after := total(c), total(d.Contract)
	for _, m := range d.Movements() {
		switch m.Kind() {
		case escrow.Deposited:
			before += units(m.Amount)
		case escrow.PaidOut:
			after += units(m.Amount)
		}
	}
	switch {
	case before != after:
		return fmt.Errorf("rule %s from %s: %d came in or was held, %d went out or is held", d.Rule, d.From, before, after)
	case d.Contract.IsTerminal() && total(d.Contract) != 0:
		return fmt.Errorf("rule %s: terminal status %s holds money", d.Rule, d.To)
	}
	return nil
}

func total(c escrow.Contract) (sum uint64) {
	for _, h := range c.Custody() {
		sum += units(h.Amount)
	}
	return sum
}

func units(a escrow.Amount) uint64 {
	n, _ := a.Uint64()
	return n
}

// Unreached returns the statuses and rules of a lifecycle that the walk did not
// come upon.
func (f Found) Unreached(l *escrow.Lifecycle) (missing []string) {
	for _, s := range l.Statuses() {
		if f.Statuses[s] == 0 {
			missing = append(missing, string(s))
		}
	}
	for _, r := range l.Spec().Rules {
		if f.Rules[r.ID] == 0 {
			missing = append(missing, r.ID)
		}
	}
	return missing
}

// Alone plays on with one actor's commands and time alone, and returns the state
// that it comes to: in each state the first command that is accepted, else the
// next deadline. It gives up where neither changes anything.
func Alone(c escrow.Contract, actor escrow.Actor, commands func(escrow.Contract) []escrow.Command) escrow.Contract {
	for range 100 {
		next, ok := step(c, actor, commands(c))
		if c.IsTerminal() || !ok {
			return c
		}
		c = next
	}
	return c
}

func step(c escrow.Contract, actor escrow.Actor, commands []escrow.Command) (escrow.Contract, bool) {
	for _, cmd := range commands {
		if d, err := escrow.Decide(c, cmd, actor, escrow.At(c.DecidedAt())); err == nil && d.Contract != c {
			return d.Contract, true
		}
	}
	deadline, ok := escrow.NextDeadline(c)
	return deadline.Then.Contract, ok
}
