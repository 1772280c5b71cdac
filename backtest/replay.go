package backtest

import (
	"errors"
	"fmt"
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
	// unfounded is why no contract can be founded under the policy.
	unfounded error
	// parted is the first request that was answered otherwise than recorded.
	parted *Parting
	// outlived says that time and the system ended it after its record had.
	outlived bool
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

// ask brings the contract up to date and asks a request of it. Recorded is the
// approval that the recorded answer was about.
func (p *replay) ask(q *escrow.Request, recorded string) (answer, error) {
	p.lapse = ""
	p.catchUp(q.Now)
	if _, advance := q.Command.(escrow.Advance); advance {
		return answer{}, nil
	}
	d, err := escrow.Decide(p.contract, p.translated(q.Command), q.Actor, standing(q.Now))
	if err == nil {
		p.take(&d)
		p.link(recorded, &d)
	} else if p.contract.IsDraft() && errors.Is(err, escrow.InvalidPolicy) {
		p.unfounded = err
	}
	return answerOf(&d, err), err
}

// take goes on to the snapshot that a decision leads to.
func (p *replay) take(d *escrow.Decision) {
	for _, m := range d.Movements() {
		p.purse.move(m)
	}
	p.contract = d.Contract
}

// catchUp applies every deadline that is due.
func (p *replay) catchUp(now time.Time) {
	for {
		d, err := p.contract.Advance(standing(now))
		if err != nil {
			return
		}
		p.take(&d)
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
	p.catchUp(now)
	if d, err := p.contract.Settle(standing(now)); err == nil {
		p.take(&d)
	}
	p.outlived = p.contract.IsTerminal()
}

// link remembers which approval stands for a recorded one.
func (p *replay) link(recorded string, d *escrow.Decision) {
	a, ok := d.Approval()
	if !ok || recorded == "" {
		return
	}
	if p.approvals == nil {
		p.approvals = map[string]string{}
	}
	p.approvals[recorded] = a.ID
}

// translated returns a recorded command with the id that its approval has here.
func (p *replay) translated(command escrow.Command) escrow.Command {
	switch c := command.(type) {
	case escrow.Confirm:
		c.ApprovalID = p.approval(c.ApprovalID)
		return c
	case escrow.DeclineApproval:
		c.ApprovalID = p.approval(c.ApprovalID)
		return c
	}
	return command
}

// approval returns the id of the approval that stands for a recorded one. That of
// one which never came about here names none: revisions, and so ids, begin with 1.
func (p *replay) approval(recorded string) string {
	if id, ok := p.approvals[recorded]; ok {
		return id
	}
	return p.contract.ID() + "-ap-0"
}
