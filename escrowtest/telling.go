package escrowtest

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
)

// teller tells stories to a system, and to the engine next to it.
type teller struct {
	system System
	able   *abilities
	// stopped reports whether the last crash came to its step.
	stopped bool
}

func newTeller(system System) *teller { return &teller{system: system, able: abilitiesOf(system)} }

// telling is a story as it is told.
type telling struct {
	*teller
	// told is the story with its questions as they are asked: about the contract as it
	// is by then.
	told  *Story
	story *Story
	reach Reach
	// known is what the system must have by now. Behind is what it may have as well,
	// when it has applied deadlines for a question that changed nothing else.
	known  known
	behind *known
	// askers are the last two who were given an answer.
	askers []escrow.Actor
}

// replay asks the system the questions of a story, and the engine next to it. It
// returns the first difference, nil when there is none.
func (t *teller) replay(story *Story, reach Reach) *Failure {
	told := *story
	told.Steps = slices.Clone(story.Steps)
	l := &telling{teller: t, told: &told, reach: reach, known: known{contract: told.Begin},
		story: &Story{Begin: told.Begin, Finisher: told.Finisher, start: told.start, habits: told.habits}}
	if err := t.system.Begin(told.Begin); err != nil {
		return l.unbegun(err)
	}
	for i := range told.Steps {
		l.see(&told.Steps[i])
		l.address(i)
		if f := l.step(i); f != nil {
			f.told = cutAt(&told, i+1)
			return f
		}
	}
	if f := l.end(); f != nil {
		f.told = &told
		return f
	}
	return nil
}

// address has the next question, and what is tried with it, be about the contract as
// it is now.
func (l *telling) address(i int) {
	s, c, try := &l.told.Steps[i], l.known.contract, l.told.trial
	if i == len(l.told.Steps)-1 && try != nil && try.Rival != nil {
		own, rival := *try, Step{Before: s.Before, Question: *try.Rival}
		rival.Question = rival.about(&c)
		own.Rival, l.told.trial = &rival.Question, &own
	}
	s.Before, s.Question = c, s.about(&c)
}

// step asks the next question. What leads to a trial is looked at when the life is
// told without one; here only right before it.
func (l *telling) step(i int) *Failure {
	s, left := &l.told.Steps[i], len(l.told.Steps)-1-i
	switch {
	case l.told.trial == nil || left == 1:
		return l.ask(s.Question)
	case left > 1:
		return l.put(s.Question)
	}
	return l.try(s.Question, l.told.trial)
}

// cutAt returns the beginning of a story. What is tried with its last question is
// tried no more when that is another.
func cutAt(st *Story, steps int) *Story {
	short := *st
	if short.Steps = slices.Clip(st.Steps[:steps]); steps < len(st.Steps) {
		short.trial, short.Finisher = nil, "" // nobody has to end what is cut short
	}
	return &short
}

func (l *telling) unbegun(err error) *Failure {
	first := Question{Command: escrow.Advance(), Actor: escrow.SystemActor(), Now: l.told.start}
	l.story.Steps = []Step{{Before: l.told.Begin, Question: first}}
	return &Failure{Story: l.story, told: l.told, Want: ask(l.told.Begin, first), Err: fmt.Errorf("begin: %w", err)}
}

// see remembers who asks, when the engine has an answer for them.
func (l *telling) see(s *Step) {
	if !s.Answer.Accepted() || s.Actor.Kind == escrow.KindSystem || len(l.askers) > 0 && sameActor(l.askers[0], s.Actor) {
		return
	}
	l.askers = append([]escrow.Actor{s.Actor}, l.askers[:min(1, len(l.askers))]...)
}

// ask asks a question, and checks the answer and what can be seen after it.
func (l *telling) ask(q Question) *Failure {
	if f := l.put(q); f != nil {
		return f
	}
	return l.failure(l.look())
}

// put asks a question and checks the answer.
func (l *telling) put(q Question) *Failure {
	want, mid, after, due := l.known.expect(q, l.told.habits)
	got, err := l.system.Ask(q)
	return l.answered(q, want, got, err, mid, after, due)
}

// answered takes an answer down, and returns the failure when it is not the
// engine's.
func (l *telling) answered(q Question, want, got Answer, err error, mid, after known, due []Step) *Failure {
	for i := range due {
		l.reach.Note(due[i].Question, &due[i].Answer)
	}
	l.story.Steps = append(append(l.story.Steps, due...), Step{Before: mid.contract, Question: q, Answer: got})
	f := &Failure{Story: l.story, Want: want, Err: err}
	if err == nil || got.source != nil { // what cannot be, can be compared
		f.Differences = l.told.habits.compare(&want, &got)
	}
	if f.Err != nil || len(f.Differences) > 0 {
		l.story.Finisher = "" // the story is cut short
		f.Violations = Audit(l.story)
		return f
	}
	l.reach.Note(q, &want)
	l.behind = nil
	if len(due) > 0 && after.contract.Revision() == mid.contract.Revision() {
		l.behind = &l.known
	}
	l.known = after
	return nil
}

// failure returns the failure that findings are, nil when there are none.
func (l *telling) failure(found findings) *Failure {
	if len(found) == 0 {
		return nil
	}
	l.story.Finisher = ""
	return &Failure{Story: l.story, Want: l.story.Steps[len(l.story.Steps)-1].Answer, Findings: found, Violations: Audit(l.story)}
}

// end checks what only a whole story shows.
func (l *telling) end() *Failure {
	if l.told.trial == nil {
		if f := l.failure(l.lookBack()); f != nil {
			return f
		}
	}
	if found := Audit(l.story); len(found) > 0 {
		last := l.story.Steps[len(l.story.Steps)-1]
		return &Failure{Story: l.story, Want: last.Answer, Violations: found}
	}
	return nil
}

// look checks what can be seen besides the answer after every step.
func (l *telling) look() findings { return l.either(l.lookAt) }

// lookBack checks what needs to be seen once.
func (l *telling) lookBack() findings { return l.either(l.lookBackAt) }

// either returns what is found wrong, where the system may have one of two things.
func (l *telling) either(look func(*known) findings) findings {
	k := l.known
	found := look(&k)
	if len(found) == 0 || l.behind == nil {
		return found
	}
	if behind := look(l.behind); len(behind) == 0 {
		return nil
	}
	return found
}

func (l *telling) lookAt(k *known) findings {
	return slices.Concat(l.reads(k), l.readsApproval(k), l.books(k), l.pays(k))
}

func (l *telling) lookBackAt(k *known) findings {
	return slices.Concat(l.history(k), l.readsApprovals(k))
}
