package escrowtest

import "fmt"

// crash stops the system on the way of a question and starts it again: it must be
// where it was before the question or where it is after it, and asking again must
// have the decision made once.
func (l *telling) crash(q Question, step int) *Failure {
	l.able.used["Crasher"]++
	if l.able.keyed != nil {
		q.Key = trialKey
	}
	want, mid, after, due := l.known.expect(q, l.told.habits)
	stopped, err := l.able.crasher.Crash(q, step)
	l.stopped = stopped
	if err != nil {
		return l.answered(q, want, Answer{}, fmt.Errorf("step %d of its way: %w", step, err), mid, after, due)
	}
	found, done := l.whole(q, &after, len(due) > 0)
	l.story.Steps = append(l.story.Steps, due...)
	if len(found) > 0 {
		l.story.Steps = append(l.story.Steps, Step{Before: mid.contract, Question: q, Answer: want})
		return l.failure(append(findings{{"Crasher", fmt.Sprintf("killed at step %d of %s and started again, the system has kept a part of it", step, called(q))}}, found...))
	}
	if !stopped && !done && len(l.seen()) > 0 && want.Accepted() && after.contract.Revision() != mid.contract.Revision() {
		l.story.Steps = append(l.story.Steps, Step{Before: mid.contract, Question: q, Answer: want})
		return l.failure(findings{{"Crasher", fmt.Sprintf("%s was carried out to its end and is not kept", called(q))}})
	}
	return l.recover(q, want, mid, after, step, done)
}

// seen are the ways to see what the system keeps.
func (l *telling) seen() (list []any) {
	if l.able.reader != nil && len(l.askers) > 0 {
		list = append(list, l.able.reader)
	}
	if l.able.ledger != nil {
		list = append(list, l.able.ledger)
	}
	return list
}

// whole looks whether the system is before a question or after it, and returns what
// is wrong where it is neither.
func (l *telling) whole(q Question, after *known, due bool) (found findings, done bool) {
	was := l.known
	look := func(k *known) findings {
		s := append(l.story.Steps[:len(l.story.Steps):len(l.story.Steps)], Step{Before: k.contract, Question: q})
		at := *l
		at.story = &Story{Begin: l.story.Begin, Steps: s}
		return append(at.lookAt(k), at.history(k)...)
	}
	before, behind := look(&was), findings(nil)
	if len(before) == 0 && was.contract.Revision() != after.contract.Revision() {
		return nil, false
	}
	if behind = look(after); len(behind) == 0 {
		return nil, true
	}
	if due {
		return nil, false // some of the deadlines may be there
	}
	if len(before) < len(behind) {
		return before, false
	}
	return behind, true
}

// recover asks once more what was asked when the system stopped.
func (l *telling) recover(q Question, want Answer, mid, after known, step int, done bool) *Failure {
	if done && l.able.keyed == nil {
		l.story.Steps = append(l.story.Steps, Step{Before: mid.contract, Question: q, Answer: want})
		l.known, l.behind = after, nil
		return nil
	}
	got, err := l.system.Ask(q)
	l.behind = nil
	if len(l.seen()) == 0 && l.able.keyed == nil { // it is not known where the system is
		again := l.told.habits.ask(after.contract, q)
		if err == nil && len(l.told.habits.compare(&again, &got)) == 0 {
			want, after = again, after.after(q, &again)
		}
	}
	if f := l.answered(q, want, got, err, mid, after, nil); f != nil {
		f.Findings = findings{{"Crasher", fmt.Sprintf("killed at step %d of %s, started again and asked again, the system does not answer by the one decision", step, called(q))}}
		return f
	}
	found := append(l.look(), l.lookBack()...)
	if len(found) == 0 {
		return nil
	}
	return l.failure(append(findings{{"Crasher", fmt.Sprintf("killed at step %d of %s, started again and asked again, the system has not done it once", step, called(q))}}, found...))
}
