package escrowtest

import (
	"fmt"
	"slices"
)

// order is what the engine answers to two questions one after the other.
type order struct {
	first, second Answer
	mid           [2]known
	after         known
	// due are the deadlines that come first, before each of the two.
	due [2][]Step
}

// serial returns the order of two questions.
func (k known) serial(a, b Question, h habits) (o order) {
	var between known
	o.first, o.mid[0], between, o.due[0] = k.expect(a, h)
	o.second, o.mid[1], o.after, o.due[1] = between.expect(b, h)
	return o
}

// race asks a question with another in its middle: both are answered as in one of
// the two orders, and what is kept is what that order leaves.
func (l *telling) race(q, other Question) *Failure {
	l.able.used["Racer"]++
	h := l.told.habits
	a, b, err := l.able.racer.Race(q, other)
	late, early := l.known.serial(other, q, h), l.known.serial(q, other, h)
	switch {
	case err != nil:
	case agree(h, &late, &b, &a):
		if f := l.settle(&late, other, q, b, a); f == nil || !agree(h, &early, &a, &b) {
			return f
		}
		return l.settle(&early, q, other, a, b)
	case agree(h, &early, &a, &b):
		return l.settle(&early, q, other, a, b)
	}
	l.story.Steps = append(l.story.Steps, Step{Before: late.mid[0].contract, Question: other, Answer: b}, Step{Before: late.mid[1].contract, Question: q, Answer: a})
	f := &Failure{Story: l.story, Want: late.second, Err: err}
	if err == nil {
		f.Findings = findings{{"Racer", unserial(q, other, &a, &b, &early, &late)}}
		f.Differences = h.compare(&late.second, &a)
	}
	return f
}

// agree reports whether two answers are those of an order.
func agree(h habits, o *order, first, second *Answer) bool {
	return len(h.compare(&o.first, first)) == 0 && len(h.compare(&o.second, second)) == 0
}

// settle takes down the order that a race had, and checks what it left.
func (l *telling) settle(o *order, first, second Question, a, b Answer) *Failure {
	n := len(l.story.Steps)
	l.story.Steps = slices.Concat(l.story.Steps[:n:n], o.due[0], []Step{{Before: o.mid[0].contract, Question: first, Answer: a}},
		o.due[1], []Step{{Before: o.mid[1].contract, Question: second, Answer: b}})
	was := l.known
	l.known, l.behind = o.after, nil
	if len(o.due[0])+len(o.due[1]) > 0 {
		l.behind = &was
	}
	found := append(l.look(), l.lookBack()...)
	if len(found) == 0 {
		return nil
	}
	f := l.failure(found)
	f.Findings = append(findings{{"Racer", fmt.Sprintf("%s and %s at once are answered as one after the other, but that is not what is kept", called(first), called(second))}}, f.Findings...)
	l.story = &Story{Begin: l.story.Begin, Steps: l.story.Steps[:n:n], start: l.story.start, habits: l.story.habits}
	l.known, l.behind = was, nil
	return f
}

// unserial says how two answers are those of no order.
func unserial(q, other Question, a, b *Answer, early, late *order) string {
	if text := confirmedTwice(q, other, a, b); text != "" {
		return text
	}
	text := fmt.Sprintf("while %s stood between its decision and its commit, %s was carried out; they are answered %q and %q", called(q), called(other), a, b)
	if a.Accepted() && b.Accepted() {
		text = fmt.Sprintf("both were accepted at once, %s and %s: the first decided on a revision that was no longer the latest when it was committed", called(q), called(other))
	}
	return fmt.Sprintf("%s; one after the other they are answered %q and %q, or %q and %q", text, early.first, early.second, late.second, late.first)
}

// confirmedTwice says how two confirmations of one approval were both taken, empty when
// that is not what happened: an approval is carried out once, and every person counts.
func confirmedTwice(q, other Question, a, b *Answer) string {
	if q.Command.Action() != actionConfirm || other.Command.Action() != actionConfirm || !a.Accepted() || !b.Accepted() {
		return ""
	}
	id, _ := q.Command.Approval()
	switch second, _ := other.Command.Approval(); {
	case id != second:
		return ""
	case a.Executes != "" && b.Executes != "":
		return fmt.Sprintf("approval %s was confirmed twice at once, by %s and by %s, and %s was carried out both times", id, nameOf(q.Actor), nameOf(other.Actor), a.Executes)
	}
	return fmt.Sprintf("approval %s was confirmed by %s and by %s at once, and each was counted as if the other had not been", id, nameOf(q.Actor), nameOf(other.Actor))
}

// keyRace asks a question in the middle of itself, both under one key.
func (l *telling) keyRace(q Question) *Failure {
	l.able.used["Racer"]++
	l.able.used["Keyed"]++
	q.Key = trialKey
	a, b, err := l.able.racer.Race(q, q)
	want, mid, after, due := l.known.expect(q, l.told.habits)
	if f := l.answered(q, want, b, err, mid, after, due); f != nil {
		return f
	}
	if !want.Accepted() { // a refusal need not be kept
		return nil
	}
	var found findings
	if !a.same(&b) {
		found.add("Keyed", "%s was asked twice at once under one key, and has two answers: %q, and %q of the one that lost the race, which looked the key up only before it", called(q), b, a)
	}
	if kept := l.look(); len(kept) > 0 {
		what := called(q) + " was asked twice at once under one key"
		if id, _ := q.Command.Approval(); q.Command.Action() == actionConfirm {
			what = fmt.Sprintf("approval %s was confirmed twice at once, under one key by %s", id, nameOf(q.Actor))
		}
		found.add("Racer", "%s, and is not carried out once", what)
		found = append(found, kept...)
	}
	return l.failure(found)
}
