package explore

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/internal/sample"
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
	deposits escrowtest.Deposits
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
	if next, ok := w.x.keys.moments.next(&o.contract, o.now); ok {
		w.found(o, &o.contract, o.deposits, next, nil, everyone)
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
	unasked := w.x.scope.Unasked
	for _, command := range w.x.scope.Commands {
		if unasked != nil && unasked(*c, command) {
			continue
		}
		if id, _ := command.Approval(); id != "" || !answers[command.Action()] {
			w.moves = append(w.moves, command)
			continue
		}
		for _, id := range targets {
			w.moves = append(w.moves, sample.Answering(w.x.scope.Lifecycle(), command, id, ""))
		}
	}
	return w.moves
}

// answers are the actions that answer an approval.
var answers = map[escrow.Action]bool{"confirm": true, "decline_approval": true, "revoke_confirmation": true}

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
	d.Keep() // the worker's decision is made again and again
	q := escrowtest.Question{Command: command, Actor: *actor, Now: o.now}
	step := escrowtest.Step{Before: o.contract, Question: q, Answer: escrowtest.AnswerOf(*d, nil)}
	w.tally.decision(command.Action(), d)
	deposits, found := step.AuditAfter(o.deposits)
	for _, v := range found {
		w.violated(o, &q, v.Guarantee, v.Message)
	}
	w.text = w.x.keys.append(w.text[:0], o.draft, &d.Contract, o.now, deposits) // of the state that is reached
	if !w.sameTwice(o, d, deposits) {
		w.violated(o, &q, "G5", "the same question is answered with two decisions")
	}
	w.askedTwice(o, q, d, deposits)
	w.reached(o, &d.Contract, deposits, o.now, &q, w.x.circle.movers(&o.contract, command, actor))
}

// sameTwice reports whether the decision made into the worker's own is the same
// as the one by value.
func (w *expander) sameTwice(o *open, d *escrow.Decision, deposits escrowtest.Deposits) bool {
	e := &w.second
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
	w.again = w.x.keys.append(w.again[:0], o.draft, &e.Contract, o.now, deposits)
	return bytes.Equal(w.text, w.again)
}

// askedTwice checks G7: who asks twice comes to the state that asking once led to,
// the one of the worker's text. Only advance has more to do when a further deadline
// is due, and what says itself how much is moved may be asked again, unless whoever
// asks gets it.
func (w *expander) askedTwice(o *open, q escrowtest.Question, d *escrow.Decision, deposits escrowtest.Deposits) {
	if q.Command.Action() == escrow.Time.Action() || escrowtest.Repeats(w.x.scope.Lifecycle(), d.Rule) {
		return
	}
	if escrow.DecideInto(&w.second, &d.Contract, q.Command, &q.Actor, &w.clock) != nil {
		return
	}
	w.again = w.x.keys.append(w.again[:0], o.draft, &w.second.Contract, o.now, deposits)
	if w.second.NumMovements() > 0 || !bytes.Equal(w.text, w.again) {
		w.violated(o, &q, "G7", "the same request gains by being made again")
	}
}

// found adds the step to a state.
func (w *expander) found(o *open, c *escrow.Contract, d escrowtest.Deposits, now time.Time, by *escrowtest.Question, who parties) {
	w.text = w.x.keys.append(w.text[:0], o.draft, c, now, d)
	w.reached(o, c, d, now, by, who)
}

// reached is found for the state that the worker's text tells.
func (w *expander) reached(o *open, c *escrow.Contract, d escrowtest.Deposits, now time.Time, by *escrowtest.Question, who parties) {
	w.steps = append(w.steps, step{o.id, o.draft, w.x.hash.key(w.text), *c, d, now, by, who})
}

// violated keeps a violation.
func (w *expander) violated(o *open, q *escrowtest.Question, guarantee, message string) {
	w.tally.violate(Found{Violation: escrowtest.Violation{Guarantee: guarantee, Message: message}, state: o.id, last: q})
}
