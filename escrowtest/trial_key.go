package escrowtest

// keep asks a question twice under one key, then another one under it.
func (l *telling) keep(q, other Question) *Failure {
	l.able.used["Keyed"]++
	q.Key, other.Key = trialKey, trialKey
	want, mid, after, due := l.known.expect(q, l.told.habits)
	first, err := l.system.Ask(q)
	if f := l.answered(q, want, first, err, mid, after, due); f != nil {
		return f
	}
	if f := l.failure(l.look()); f != nil || !want.Accepted() { // a refusal need not be kept
		return f
	}
	if f := l.again(q, &first, "asked again under its key"); f != nil {
		return f
	}
	var found findings
	switch answer, err := l.system.Ask(other); {
	case err == nil:
		found.add("Keyed", "the key of %s was taken for %s as well, which was answered: %s", called(q), called(other), answer)
	case !l.able.keyed.KeyTaken(err):
		found.add("Keyed", "the key of %s is given to %s, and the system gives no answer: %v", called(q), called(other), err)
	}
	if kept := l.look(); len(found) == 0 && len(kept) > 0 {
		found.add("Keyed", "%s under the key of %s is refused, and has an effect", called(other), called(q))
		found = append(found, kept...)
	}
	return l.failure(found)
}

// again asks a question once more, whose answer is there: it must be that one, and
// nothing must follow.
func (l *telling) again(q Question, first *Answer, when string) *Failure {
	second, err := l.system.Ask(q)
	var found findings
	switch {
	case err != nil:
		found.add("Keyed", "%s, %s, has no answer: %v", called(q), when, err)
	case !second.same(first):
		found.add("Keyed", "%s, %s, has another answer: %q after %q", called(q), when, second, first)
	}
	if kept := append(l.look(), l.lookBack()...); len(kept) > 0 {
		found.add("Keyed", "%s, %s, has a second effect", called(q), when)
		found = append(found, kept...)
	}
	return l.failure(found)
}
