package escrowtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
)

// trial is what is tried with the last question of a story instead of just asking
// it.
type trial struct {
	Kind trialKind
	// Rival is the other question: of a race the second one, of a key the one that
	// takes it again, of a crowd the answer that declines.
	Rival *Question
	// Step is where a crash stops the system.
	Step int
}

type trialKind string

const (
	tryRace    trialKind = "race"    // with a rival in the middle
	tryKeyRace trialKind = "keyrace" // with itself in the middle, both under one key
	tryKey     trialKind = "key"     // twice under one key, and another under it
	tryCrash   trialKind = "crash"   // stopped on its way
	tryCrowd   trialKind = "crowd"   // made and declined until the snapshot drops the first
	tryList    trialKind = "list"    // listed among many contracts
)

// tried is what is tried with the last question, "" when it is just asked.
func (st *Story) tried() trialKind {
	if st == nil || st.trial == nil {
		return ""
	}
	return st.trial.Kind
}

// later returns the trial with its other question at another time.
func (t *trial) later(by time.Duration) *trial {
	if t == nil || t.Rival == nil {
		return t
	}
	later, q := *t, *t.Rival
	q.Now = q.Now.Add(by)
	later.Rival = &q
	return &later
}

// trialKey is the key of trials.
const trialKey = "escrowtest-key"

// try tries something with the last question.
func (l *telling) try(q Question, t *trial) *Failure {
	switch t.Kind {
	case tryRace:
		return l.race(q, *t.Rival)
	case tryKeyRace:
		return l.keyRace(q)
	case tryKey:
		return l.keep(q, *t.Rival)
	case tryCrash:
		return l.crash(q, t.Step)
	case tryCrowd:
		return l.crowd(q, *t.Rival)
	}
	return l.list(q)
}

// prefix returns a story up to a step, with a trial of its last question.
func (st *Story) prefix(steps int, t trial) *Story {
	return &Story{Begin: st.Begin, Steps: slices.Clip(st.Steps[:steps]), start: st.start, habits: st.habits, trial: &t}
}

// changing returns the places of the steps that change the snapshot.
func (st *Story) changing() (places []int) {
	for i := range st.Steps {
		s := &st.Steps[i]
		if s.Answer.Accepted() && s.Answer.Contract.Revision() != s.Before.Revision() {
			places = append(places, i)
		}
	}
	return places
}

// trials returns what is tried with a life of a seed: one thing with one of its
// questions, so that a run takes about twice as long as without.
func (t *teller) trials(p *Play, st *Story, seed int) (list []*Story) {
	kinds := t.kinds()
	places := st.changing()
	if len(kinds) == 0 || len(places) == 0 {
		return nil
	}
	kind, n := kinds[(seed+len(kinds)-1)%len(kinds)], max(seed-1, 0)/len(kinds)
	at := places[n%len(places)]
	try := trial{Kind: kind}
	switch kind {
	case tryRace:
		try.Rival = rival(p, &st.Steps[at], n/len(places))
	case tryKey:
		try.Rival = another(p, &st.Steps[at])
	}
	return []*Story{st.prefix(at+1, try)}
}

// kinds are the trials that the system can be put to in every life.
func (t *teller) kinds() (list []trialKind) {
	if t.able.racer != nil {
		list = append(list, tryRace)
	}
	if t.able.racer != nil && t.able.keyed != nil {
		list = append(list, tryKeyRace)
	}
	if t.able.keyed != nil {
		list = append(list, tryKey)
	}
	if t.able.crasher != nil {
		list = append(list, tryCrash)
	}
	return list
}

// rival returns a question that is asked in the middle of a step's: the same once
// more, the same by somebody else, or another, each of which the engine accepts as
// well while the step's is not committed.
func rival(p *Play, s *Step, n int) *Question {
	same := s.Question
	scene := Scene{s.Before, s.Now}
	switch n % 3 {
	case 1:
		for _, actor := range p.Cast {
			q := Question{Command: s.Command, Actor: actor, Now: s.Now}
			if a := ask(s.Before, q); a.Accepted() && !sameActor(actor, s.Actor) {
				return &q
			}
		}
	case 2:
		for i := range 8 {
			m := Moves(p, scene).Example(n + i)
			q := Question{Command: m.Command, Actor: m.Actor, Now: s.Now}
			if a := ask(s.Before, q); a.Accepted() && !sameQuestion(q, same) {
				return &q
			}
		}
	}
	return &same
}

// another returns a question of the same actor with another body.
func another(p *Play, s *Step) *Question {
	q := Question{Command: escrow.Advance(), Actor: s.Actor, Now: s.Now}
	for i := 0; sameQuestion(q, s.Question); i++ {
		q.Command = Moves(p, Scene{s.Before, s.Now}).Example(i).Command
	}
	return &q
}

// called names a question in a sentence.
func called(q Question) string { return fmt.Sprintf("%s by %s", q.Command.Action(), nameOf(q.Actor)) }
