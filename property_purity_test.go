package escrow_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"pgregory.net/rapid"
)

// countingClock counts how often it is asked.
type countingClock struct {
	at    time.Time
	times int
}

func (c *countingClock) Now() time.Time {
	c.times++
	return c.at
}

// G5: the same inputs give the same bytes, also to concurrent callers; the inputs
// are as before; the clock is asked exactly once.
func TestG5Purity(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		q := drawn(t, l.questions)
		before := inputsOf(q)
		answers := make([]string, 2)
		var callers sync.WaitGroup
		for i := range answers {
			callers.Go(func() { answers[i] = asked(q.scene, q.move).answer() })
		}
		callers.Wait()
		if first := q.answer(); answers[0] != first || answers[1] != first {
			t.Fatalf("%s\nand then\n%s\nand\n%s", q, answers[0], answers[1])
		}
		if after := inputsOf(q); after != before {
			t.Fatalf("%s changes its inputs from\n%s\nto\n%s", q, before, after)
		}
		clock := &countingClock{at: q.Now}
		_, _ = escrow.Decide(q.Contract, q.Command, q.Actor, clock)
		if clock.times > 1 || clock.times == 0 && q.Actor.ID != "" {
			t.Fatalf("%s asks the clock %d times", q, clock.times)
		}
	})
}

// inputsOf returns contract, command and actor as text.
func inputsOf(q *question) string {
	text, _ := q.Contract.MarshalJSON()
	return string(text) + fmt.Sprintf("%#v %#v", q.Command, q.Actor)
}

// G5: nothing that a caller is given is shared with a snapshot, or with the refusals
// of other calls: writing into it changes nothing. No other test runs meanwhile.
func TestG5NothingIsShared(t *testing.T) {
	for _, play := range plays {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) { checkLives(t, play, scribbled) })
	}
}

// scribbled writes into all that one answer gives.
func scribbled(t *rapid.T, l *life) {
	q := drawn(t, l.questions)
	before := q.answer()
	if q.accepted() {
		scribble(&q.decision.Contract)
		if a, ok := q.decision.Approval(); ok {
			scribbleApproval(a)
		}
	} else {
		scribbleDetails(q.refusal)
	}
	if after := q.answer(); after != before {
		t.Fatalf("%s\nwas\n%s", q, before)
	}
	if again := asked(q.scene, q.move); again.answer() != before {
		t.Fatalf("%s\nwas\n%s", again, before)
	}
}

// scribbleDetails writes into the details of a refusal.
func scribbleDetails(e *escrow.Error) {
	for _, v := range e.Details() {
		if list, ok := v.([]string); ok {
			clear(list)
		}
	}
}

// scribble writes into everything that a contract hands out.
func scribble(c *escrow.Contract) {
	clear(c.BackupAgents())
	clear(c.CriteriaMet())
	clear(c.Milestones())
	clear(c.Votes())
	clear(c.Custody())
	for _, a := range c.Approvals() {
		scribbleApproval(a)
	}
}

func scribbleApproval(a escrow.Approval) {
	clear(a.Movements)
	clear(a.ConfirmedBy)
	clear(a.Result)
	scribbleCommand(a.Command)
}

// scribbleCommand writes into everything that a command points to.
func scribbleCommand(command escrow.Command) {
	var m *escrow.MilestoneTerms
	switch cmd := command.(type) {
	case escrow.Draw:
		clear(cmd.BackupAgents)
	case escrow.Vote:
		clear(cmd.Votes)
	case escrow.End:
		clear(cmd.Dispositions)
	case escrow.Hire:
		m = cmd.Milestone
	case escrow.Confirm:
		clear(cmd.Dispositions)
		m = cmd.Milestone
	}
	if m != nil {
		*m = escrow.MilestoneTerms{}
	}
}

// G5: commands that a caller writes into afterwards are no longer the contract's.
func TestG5InputsAreCopied(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		q := drawn(t, l.questions)
		q = asked(q.scene, by(q.Actor, copyOf(q.Command)))
		before := q.answer()
		scribbleCommand(q.Command)
		if after := q.answer(); after != before {
			t.Fatalf("%s\nwas\n%s", q, before)
		}
	})
}

// copyOf returns a command that shares nothing with another.
func copyOf(command escrow.Command) escrow.Command {
	switch cmd := command.(type) {
	case escrow.Draw:
		return escrow.Draw{BackupAgents: slices.Clone(cmd.BackupAgents)}
	case escrow.Vote:
		return escrow.Vote{Votes: slices.Clone(cmd.Votes)}
	case escrow.End:
		return escrow.End{Dispositions: slices.Clone(cmd.Dispositions)}
	case escrow.Hire:
		return escrow.Hire{Milestone: copyOfTerms(cmd.Milestone)}
	case escrow.Confirm:
		cmd.Dispositions, cmd.Milestone = slices.Clone(cmd.Dispositions), copyOfTerms(cmd.Milestone)
		return cmd
	}
	return command
}

func copyOfTerms(m *escrow.MilestoneTerms) *escrow.MilestoneTerms {
	if m == nil {
		return nil
	}
	own := *m
	return &own
}

// G5: nobody can change what Explain tells others.
func TestG5ExplanationsAreCopied(t *testing.T) {
	draft := plainHire(nil)
	x, _ := escrow.Explain(draft, token, clockAt(today))
	before, _ := x.MarshalJSON()
	for _, o := range x.Options {
		clear(o.Statuses())
		for _, e := range o.Obstacles {
			scribbleDetails(e)
		}
	}
	x, _ = escrow.Explain(draft, token, clockAt(today))
	if after, _ := x.MarshalJSON(); string(after) != string(before) {
		t.Fatalf("explained\n%s\nand then\n%s", before, after)
	}
}

// Decide and DecideInto are one engine: the same bytes into a decision that many
// lives have used, and into one whose own contract is asked; a copy of a decision
// stays what it was when the original is used again.
func TestDecideIntoAgrees(t *testing.T) {
	for _, play := range plays {
		t.Run(play.Lifecycle.Name(), func(t *testing.T) {
			var r reused
			everyLifeOf(t, play, func(t *rapid.T, l *life) {
				r.live(t, l)
				chain(t, l)
			})
		})
	}
}

// reused is a decision that is used again and again, and a copy of it from when
// it had many movements.
type reused struct {
	decision escrow.Decision
	copied   question
	text     string
}

// live asks all questions of a life again.
func (r *reused) live(t *rapid.T, l *life) {
	for _, q := range l.questions {
		if got := answerInto(&r.decision, &q.Contract, q); got != q.answer() {
			t.Fatalf("%s\ninto gave %s", q, got)
		}
		if r.text != "" && r.copied.answer() != r.text {
			t.Fatalf("the copy was\n%s\nand is\n%s", r.text, r.copied.answer())
		}
		if q.decision.NumMovements() > 4 {
			r.copied, r.text = question{decision: r.decision}, q.answer()
		}
	}
}

// chain lives a life in a single decision.
func chain(t *rapid.T, l *life) {
	d := escrow.Decision{Contract: l.Begin}
	for _, q := range l.questions {
		before := d
		if got := answerInto(&d, &d.Contract, q); got != q.answer() {
			t.Fatalf("%s\nchain gave %s", q, got)
		}
		if !q.accepted() {
			d = before
		}
	}
}

// answerInto decides into a decision and returns the answer as bytes.
func answerInto(d *escrow.Decision, c *escrow.Contract, q *question) string {
	err := escrow.DecideInto(d, c, q.Command, &q.Actor, clockAt(q.Now))
	return string(escrow.AppendAnswer(nil, d, err))
}
