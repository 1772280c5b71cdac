package escrowtest

import "github.com/escrow-go/escrow"

// history compares what the system says was decided with what was.
func (l *telling) history(k *known) (found findings) {
	if l.able.historian == nil || len(l.askers) == 0 || !escrow.Visible(k.contract, l.askers[0]) {
		return nil
	}
	l.able.used["Historian"]++
	list, err := l.able.historian.History(l.askers[0], k.contract.ID(), l.now())
	if err != nil {
		found.add("Historian", "%s cannot read the history: %v", nameOf(l.askers[0]), err)
		return found
	}
	l.decisions(&found, k.decisions, list)
	return found
}

// decisions finds the first decision that is told otherwise than it was made. Those
// that changed nothing may be told or not.
func (l *telling) decisions(found *findings, made, told []Answer) {
	last, at := l.told.Begin.Revision(), 0
	for i := range told {
		a := &told[i]
		if a.Contract == nil {
			found.add("Historian", "decision %d of the history has no contract", i+1)
			return
		}
		if a.Contract.Revision() == last && at > 0 {
			continue
		}
		last = a.Contract.Revision()
		if at == len(made) {
			found.add("Historian", "the history has a decision more: %s to revision %d", a.Rule, last)
			return
		}
		want := &made[at]
		if revision := want.Contract.Revision(); revision != last {
			found.add("Historian", "decision %d of the history is %s to revision %d instead of %s to revision %d: one is missing, or the order is not theirs", at+1, a.Rule, last, want.Rule, revision)
			return
		}
		if d := l.told.habits.compare(want, a); len(d) > 0 {
			found.add("Historian", "the decision to revision %d is not told as it was: %s", last, d[0])
			return
		}
		at++
	}
	if at < len(made) {
		found.add("Historian", "the history ends at revision %d: %s to revision %d is missing", last, made[at].Rule, made[at].Contract.Revision())
	}
}
