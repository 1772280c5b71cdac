package simulate

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// signing is what comes of asking a team to co-sign, in memory of its own.
type signing struct {
	answers []answer
	// asked is how many requests the contract has made: each has its own people.
	asked int
}

// answer is what one of the team says, and how long after it was asked.
type answer struct {
	seat  int
	after time.Duration
	no    bool
}

func (s *signing) prepare(m *model) { s.answers = make([]answer, 0, m.team()) }

// The quantities of one of a team.
const (
	ofApprover quantity = iota
	ofAnswer
	ofAnswerTime
	ofAnswerNo
)

// poll asks the team, and puts those who answer in the order in which they do.
func (l *life) poll() []answer {
	s := &l.sign
	s.answers = s.answers[:0]
	request := inSigning + quantity(s.asked)*signingBlock
	s.asked++
	for seat := range l.m.team() {
		r := stream(l.random.of(request + quantity(seat)))
		group := l.m.approvers.pick(r.of(ofApprover))
		if c := l.m.approver[group]; c.answers.falls(r.of(ofAnswer)) {
			after := time.Duration(l.m.Approvers[group].After.at(r.of(ofAnswerTime)))
			s.answers = append(s.answers, answer{seat, after, c.declines.falls(r.of(ofAnswerNo))})
		}
	}
	slices.SortStableFunc(s.answers, func(a, b answer) int { return int(a.after - b.after) })
	return s.answers
}

// reviewTime returns how long a decision's payouts wait for people to look at
// them. A review does not expire: who does not answer is relieved.
func (l *life) reviewTime(d *escrow.Decision) time.Duration {
	review, needed := d.Review()
	if !needed {
		return 0
	}
	amount, _ := review.Amount.Uint64()
	l.out.values[reviewed] += int64(amount)
	wait := l.m.Approvals.Relieved
	if answers := l.poll(); len(answers) >= review.Quorum {
		wait = min(wait, answers[review.Quorum-1].after)
	}
	l.out.values[signWait] += int64(wait)
	return wait
}

// The ways in which a request to co-sign ends.
type signed int

const (
	isConfirmed signed = iota
	isDeclined
	isExpired
)

// cosign lets the team answer the approval that was asked for last, until it is
// confirmed or declined or expires, and tells when that was.
func (l *life) cosign(asked time.Duration) (time.Duration, signed, error) {
	approval, _ := l.now.Approval()
	expires := approval.ExpiresAt.Sub(founded)
	for _, a := range l.poll() {
		at := asked + a.after
		if at >= expires {
			break
		}
		if a.no {
			return at, isDeclined, l.waited(asked, at, l.ask(escrow.DeclineApproval(approval.ID, ""), &l.m.humans[a.seat], at))
		}
		if err := l.ask(l.confirmation(approval), &l.m.humans[a.seat], at); err != nil {
			return at, isExpired, err
		}
		if now, _ := l.now.Approval(); now.Status == escrow.ApprovalIsConfirmed {
			return at, isConfirmed, l.waited(asked, at, nil)
		}
	}
	return expires, isExpired, l.waited(asked, expires, l.ask(advance, &system, expires))
}

// waited counts the time that a request has taken.
func (l *life) waited(asked, answered time.Duration, err error) error {
	l.out.values[signWait] += int64(answered - asked)
	return err
}

// confirmation returns the command that co-signs an approval as it stands. Where
// the policy leaves the choice to whoever signs, the client's people refund.
func (l *life) confirmation(a escrow.Approval) escrow.Command {
	if !l.m.numbers.namesEach || a.Command.Action() != end.Action() {
		return escrow.Confirm(a.ID, "")
	}
	c := opentrain.Confirm{ApprovalID: a.ID}
	for _, milestone := range opentrain.Milestones(*l.at) {
		if milestone.Status == opentrain.ActiveFunded {
			c.Dispositions = append(c.Dispositions, opentrain.Disposition{MilestoneID: milestone.ID, Disposition: opentrain.Refund})
		}
	}
	return c.Command()
}
