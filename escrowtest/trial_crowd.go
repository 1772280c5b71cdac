package escrowtest

import (
	"encoding/json"
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/sample"
)

// mostRequests is how often a request is made until the snapshot drops its first
// approval.
const mostRequests = 150

// crowding returns a life up to its first request that waits for an approval which
// somebody may decline, nil when there is none.
func crowding(p *Play, st *Story) *Story {
	for _, i := range st.changing() {
		s := &st.Steps[i]
		if s.Answer.Approval == "" || s.Command.Action() == actionConfirm || s.Answer.From != s.Answer.To {
			continue
		}
		text, _ := json.Marshal(map[string]string{"action": "decline_approval", "approvalId": s.Answer.Approval})
		command, err := p.Lifecycle.ParseCommand(text)
		if err != nil {
			continue
		}
		for _, actor := range p.Cast {
			q := Question{Command: command, Actor: actor, Now: s.Now}
			if declined := ask(s.After(), q); declined.Accepted() && waits(*declined.Contract, s.Question) {
				return st.prefix(i+1, trial{Kind: tryCrowd, Rival: &q})
			}
		}
	}
	return nil
}

// waits reports whether a question is answered by an approval.
func waits(c escrow.Contract, q Question) bool {
	a := ask(c, q)
	return a.Accepted() && a.Approval != ""
}

// crowd makes a request and has it declined, again and again, until the snapshot
// keeps the first approval no more: the system must.
func (l *telling) crowd(q, decline Question) *Failure {
	if f := l.ask(q); f != nil || len(l.known.decisions) == 0 {
		return f
	}
	told := l.story
	first := l.lastApproval()
	for range mostRequests {
		if _, kept := l.known.contract.Approval(first); !kept {
			break
		}
		a, ok := l.known.contract.Approval(l.lastApproval())
		if !ok || a.Status != escrow.ApprovalIsPending {
			break
		}
		decline.Command = sample.Answering(l.known.contract.Lifecycle(), decline.Command, a.ID, "")
		for _, next := range []Question{decline, q} {
			l.story = &Story{Begin: told.Begin, Steps: told.Steps[:len(told.Steps):len(told.Steps)], start: told.start, habits: told.habits}
			if f := l.put(next); f != nil {
				return f
			}
		}
	}
	found := l.either(l.readsApprovals)
	for i := range found {
		found[i].Message += fmt.Sprintf(" (after it was asked for and declined until revision %d)", l.known.contract.Revision())
	}
	l.story = told
	return l.failure(found)
}

// lastApproval is the id of the approval that the last answer is about.
func (l *telling) lastApproval() string {
	last := &l.known.decisions[len(l.known.decisions)-1]
	return last.Approval
}
