package explore

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// stopped is a clock that a worker sets.
type stopped struct{ at time.Time }

func (c *stopped) Now() time.Time { return c.at }

// step is a step to a state, which may be new.
type step struct {
	from     int32
	draft    uint16
	key      key
	contract escrow.Contract
	now      time.Time
	by       *escrowtest.Question
	who      parties
}

// yield is what a worker found.
type yield struct {
	tally *tally
	steps []step
}

// expander explores states one after another.
type expander struct {
	x *explorer
	yield
	clock stopped
	// A question is decided twice: into the first, and by value into the second.
	first, second escrow.Decision
	text          []byte
	again         []byte
	moves         []escrow.Command
}

func newExpander(x *explorer) *expander { return &expander{x: x, yield: yield{tally: newTally()}} }

// expandAll explores some states, and returns what it found.
func (w *expander) expandAll(states []open) yield {
	for i := range states {
		w.expand(&states[i])
	}
	return w.yield
}

// expand asks everything of a state, and lets time pass.
func (w *expander) expand(o *open) {
	w.clock.at = o.now
	before := o.contract
	for _, v := range escrowtest.AuditContract(before) {
		w.violated(o, nil, v.Guarantee, v.Message)
	}
	commands := w.commands(&o.contract, o.now)
	for a := range w.x.scope.Actors {
		for m := range commands {
			w.ask(o, commands[m], &w.x.scope.Actors[a])
		}
	}
	if o.contract != before {
		w.violated(o, nil, "G5", "a question changed the snapshot that was asked")
	}
	if next, ok := w.x.keys.next(&o.contract, o.now); ok {
		w.found(o, &o.contract, next, nil, everyone)
	}
}

// commands returns the scope's commands for a state: answers that name no approval
// are asked for every pending one, and for one of each kind that has ended.
func (w *expander) commands(c *escrow.Contract, now time.Time) []escrow.Command {
	w.moves = w.moves[:0]
	var targets []string
	known := map[string]bool{}
	for _, a := range c.Approvals() {
		kind := a.Type + string(a.Status)
		if a.Status == escrow.ApprovalIsPending || !known[kind] {
			targets = append(targets, a.ID)
		}
		known[kind] = true
	}
	for _, command := range w.x.scope.Commands {
		switch cmd := command.(type) {
		case escrow.Confirm:
			if cmd.ApprovalID == "" {
				for _, id := range targets {
					cmd.ApprovalID = id
					w.moves = append(w.moves, cmd)
				}
				continue
			}
		case escrow.DeclineApproval:
			if cmd.ApprovalID == "" {
				for _, id := range targets {
					w.moves = append(w.moves, escrow.DeclineApproval{ApprovalID: id})
				}
				continue
			}
		}
		w.moves = append(w.moves, command)
	}
	return w.moves
}

// ask walks one edge: it asks the engine through both of its entrances.
func (w *expander) ask(o *open, command escrow.Command, actor *escrow.Actor) {
	err := escrow.DecideInto(&w.first, &o.contract, command, actor, &w.clock)
	var again error
	w.second, again = escrow.Decide(o.contract, command, *actor, &w.clock)
	if err != nil || again != nil {
		w.refused(o, command, actor, err, again)
		return
	}
	w.accepted(o, command, actor, &w.first)
}

// refused counts a refusal, which must be the same the second time and decide
// nothing.
func (w *expander) refused(o *open, command escrow.Command, actor *escrow.Actor, err, again error) {
	first, second := asRefusal(err), asRefusal(again)
	switch {
	case first == nil || second == nil || first.Reason() != second.Reason() || first.Code() != second.Code():
		w.violated(o, &escrowtest.Question{Command: command, Actor: *actor, Now: o.now}, "G8", fmt.Sprintf("answered %v, then %v", err, again))
		return
	case w.second.NumMovements() > 0 || w.second.Rule != "":
		w.violated(o, &escrowtest.Question{Command: command, Actor: *actor, Now: o.now}, "G8", "a refusal decides something")
	}
	w.tally.refusal(command.Action(), first.Reason())
}

func asRefusal(err error) *escrow.Error {
	if e, ok := err.(*escrow.Error); ok {
		return e
	}
	var e *escrow.Error
	errors.As(err, &e)
	return e
}

// accepted checks a decision and adds the state that it leads to.
func (w *expander) accepted(o *open, command escrow.Command, actor *escrow.Actor, d *escrow.Decision) {
	q := escrowtest.Question{Command: command, Actor: *actor, Now: o.now}
	step := escrowtest.Step{Before: o.contract, Question: q, Answer: escrowtest.AnswerOf(*d, nil)}
	w.tally.decision(command.Action(), d)
	for _, v := range step.Audit() {
		w.violated(o, &q, v.Guarantee, v.Message)
	}
	if !w.sameTwice(o, d) { // makes the key that reached looks for
		w.violated(o, &q, "G5", "the same question is answered with two decisions")
	}
	w.askedTwice(o, q, d)
	by := partiesOf(&o.contract, command, actor)
	w.reached(o, &d.Contract, o.now, &q, by)
}

// sameTwice reports whether the decision made into the worker's own is the same
// as the one by value.
func (w *expander) sameTwice(o *open, d *escrow.Decision) bool {
	e := &w.second
	w.text = w.x.keys.append(w.text[:0], o.draft, &d.Contract, o.now)
	if d.Rule != e.Rule || d.Executes != e.Executes || d.From != e.From || d.To != e.To || !d.At().Equal(e.At()) || d.NumMovements() != e.NumMovements() {
		return false
	}
	for i, m := range d.Movements() {
		if m != e.Movement(i) {
			return false
		}
	}
	if d.Contract == e.Contract {
		return true
	}
	w.again = w.x.keys.append(w.again[:0], o.draft, &e.Contract, o.now)
	return bytes.Equal(w.text, w.again)
}

// askedTwice checks G7: who asks twice comes to the state that asking once led to,
// the one of the worker's text. Only advance has more to do when a further deadline
// is due.
func (w *expander) askedTwice(o *open, q escrowtest.Question, d *escrow.Decision) {
	if _, advance := q.Command.(escrow.Advance); advance {
		return
	}
	if escrow.DecideInto(&w.second, &d.Contract, q.Command, &q.Actor, &w.clock) != nil {
		return
	}
	w.again = w.x.keys.append(w.again[:0], o.draft, &w.second.Contract, o.now)
	if w.second.NumMovements() > 0 || !bytes.Equal(w.text, w.again) {
		w.violated(o, &q, "G7", "the same request gains by being made again")
	}
}

// found adds the step to a state.
func (w *expander) found(o *open, c *escrow.Contract, now time.Time, by *escrowtest.Question, who parties) {
	w.text = w.x.keys.append(w.text[:0], o.draft, c, now)
	w.reached(o, c, now, by, who)
}

// reached is found for the state that the worker's text tells.
func (w *expander) reached(o *open, c *escrow.Contract, now time.Time, by *escrowtest.Question, who parties) {
	w.steps = append(w.steps, step{o.id, o.draft, w.x.hash.key(w.text), *c, now, by, who})
}

// violated keeps a violation.
func (w *expander) violated(o *open, q *escrowtest.Question, guarantee, message string) {
	w.tally.violate(Found{Violation: escrowtest.Violation{Guarantee: guarantee, Message: message}, state: o.id, last: q})
}
