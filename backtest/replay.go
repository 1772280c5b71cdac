package backtest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
)

// replay is one contract under one policy.
type replay struct {
	contract escrow.Contract
	purse    purse
	// approvals tells by its recorded id which approval the same requests led to.
	approvals map[string]string
	// lapse is what time alone did since the request before, empty for nothing.
	lapse string
	// lapsed is the instant of the latest deadline that was applied.
	lapsed time.Time
	// unfounded is why no contract can be founded under the policy.
	unfounded error
	// parted is the first request that was answered otherwise than recorded.
	parted *Parting
	// outlived says that time and the system ended it after its record had.
	outlived bool
}

func newReplay(draft escrow.Contract) *replay {
	r := &replay{contract: draft}
	if l := draft.Lifecycle(); l != nil {
		r.purse = newPurse(l)
	}
	return r
}

// answer is what of an answer leads one way or another.
type answer struct {
	refused, waits bool
	rule, executes string
	to             escrow.Status
}

// String tells the answer for people.
func (a answer) String() string {
	switch {
	case a.refused:
		return "refused"
	case a.waits:
		return a.rule + ", waiting for a human"
	case a.executes != "":
		return a.executes + " co-signed, to " + string(a.to)
	}
	return a.rule + ", to " + string(a.to)
}

// answerOf returns what of a decision or refusal counts.
func answerOf(d *escrow.Decision, err error) answer {
	if err != nil {
		return answer{refused: true}
	}
	a, ok := d.Approval()
	return answer{waits: ok && a.Status == escrow.ApprovalIsPending, rule: d.Rule, executes: d.Executes, to: d.To}
}

// told is how the record itself answered a request.
type told struct {
	// approval is the one that the answer was about, refusal why there is none.
	approval string
	refusal  error
	// behind says that it was refused because a deadline was due, since then.
	behind bool
	since  time.Time
}

// ask brings the contract up to date and asks a request of it, unless the record was
// too far behind for an answer and would have been here.
func (p *replay) ask(q *escrow.Request, was told) (answer, error) {
	p.lapse = ""
	p.catchUp(q.Now)
	if q.Command.Action() == escrow.Time.Action() {
		return answer{}, nil
	}
	if was.behind && !p.lapsed.Before(was.since) {
		return answer{refused: true}, was.refusal
	}
	d, err := escrow.Decide(p.contract, p.translated(q), q.Actor, escrow.At(q.Now))
	if err == nil {
		p.take(&d)
		p.link(was.approval, &d)
	} else if p.contract.IsDraft() && errors.Is(err, escrow.InvalidPolicy) {
		p.unfounded = err
	}
	return answerOf(&d, err), err
}

// take goes on to the snapshot that a decision leads to.
func (p *replay) take(d *escrow.Decision) {
	p.purse.enter(d)
	p.contract = d.Contract
}

// catchUp applies every deadline that is due.
func (p *replay) catchUp(now time.Time) {
	_, made, _ := escrow.AsOf(p.contract, now) // what cannot be applied stays due, and is refused as such
	for i := range made {
		d := &made[i]
		p.take(d)
		p.lapsed = d.At()
		if d.From != d.To {
			p.lapse = fmt.Sprintf("%s at %s, %s to %s", d.Rule, d.At().Format(time.RFC3339Nano), d.From, d.To)
		}
	}
}

// runOut has time and the system end the contract, if they can.
func (p *replay) runOut(now time.Time) {
	end, ok := escrow.MaxTime(p.contract)
	if !ok {
		return
	}
	if end.After(now) {
		now = end
	}
	for range p.contract.Lifecycle().Statuses() { // each is left once
		if p.catchUp(now); !p.settled(now) {
			break
		}
	}
	p.outlived = p.contract.IsTerminal()
}

// settled has the system take a step that leads to another status, and reports
// whether there was one.
func (p *replay) settled(now time.Time) bool {
	work := escrow.SystemWork(p.contract, now)
	for _, act := range p.contract.Lifecycle().Acts() {
		if !slices.Contains(work, act.Action()) {
			continue
		}
		d, err := escrow.Decide(p.contract, act.Command(), escrow.SystemActor(), escrow.At(now))
		if err == nil && d.From != d.To {
			p.take(&d)
			return true
		}
	}
	return false
}
