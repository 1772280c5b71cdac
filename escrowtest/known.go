package escrowtest

import (
	"maps"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// known is what a backend must have of a contract after some questions, by the
// engine. It is never changed.
type known struct {
	contract escrow.Contract
	// decisions are those that changed the snapshot.
	decisions []Answer
	// approvals are all that there ever were, as they were last seen.
	approvals map[string]seenApproval
}

// seenApproval is an approval with somebody who sees it.
type seenApproval struct {
	escrow.Approval
	by escrow.Actor
}

// after returns what is known once a question is answered.
func (k known) after(q Question, a *Answer) known {
	if !a.Accepted() || a.Contract.Revision() == k.contract.Revision() {
		return k
	}
	next := known{*a.Contract, append(slices.Clip(k.decisions), *a), k.approvals}
	list := a.Contract.Approvals()
	if len(list) > 0 {
		next.approvals = maps.Clone(k.approvals)
	}
	if next.approvals == nil {
		next.approvals = map[string]seenApproval{}
	}
	for _, approval := range list {
		seen, again := next.approvals[approval.ID]
		if seen.Approval = approval; !again {
			seen.by = q.Actor
		}
		next.approvals[approval.ID] = seen
	}
	return next
}

// movements yields all movements with the decision each belongs to.
func (k *known) movements(yield func(*Answer, Movement)) {
	for i := range k.decisions {
		for _, m := range k.decisions[i].Movements {
			yield(&k.decisions[i], m)
		}
	}
}

// sees reports whether who is remembered with an approval may look at it.
func (s *seenApproval) sees() bool {
	account := reading.AccountOf(s.by)
	return s.by.ID != "" && (account == s.Account || slices.Contains(s.Confirmers, account))
}

// expect returns the engine's answer to a question and what is known after it.
// Where the system applies due deadlines before it decides, they come first: due are
// the steps that they make, and mid what is known after them.
func (k known) expect(q Question, h habits) (want Answer, mid, after known, due []Step) {
	mid = k
	if h.DeadlinesFirst {
		_, decisions, _ := escrow.AsOf(k.contract, q.Now)
		for _, d := range decisions {
			advance := Question{Command: escrow.Advance(), Actor: escrow.SystemActor(), Now: q.Now}
			a := AnswerOf(d, nil)
			due = append(due, Step{Before: mid.contract, Question: advance, Answer: a})
			mid = mid.after(advance, &a)
		}
	}
	want = h.ask(mid.contract, q)
	return want, mid, mid.after(q, &want), due
}
