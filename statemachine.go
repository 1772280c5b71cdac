package escrow

import (
	"iter"
	"reflect"
	"time"
)

// Clock tells the engine the time. It is asked exactly once per decision. Any
// type with this method will do, such as github.com/benbjohnson/clock's.
type Clock interface{ Now() time.Time }

// inlineMovements is how many movements a decision holds without allocating.
const inlineMovements = 4

// Decision is what follows from a command: one transition, the movements, and
// the next snapshot. Commit it whole, on the expected revision of the contract
// it was made from, or drop it, and nothing has happened.
type Decision struct {
	// Rule is the row of the table that decided.
	Rule string
	// Executes is the rule that a confirmation carried out, empty otherwise.
	Executes string
	Action   Action
	From, To Status
	// Actor is the id of who asked.
	Actor string
	// Contract is the next snapshot.
	Contract Contract

	at       instant
	refusal  *Error // of [DecideInto], kept for the next
	moved    int
	inline   [inlineMovements]movement
	spilled  []movement
	approval int // position + 1
}

// At returns when the transition happened: now, or for an advance the instant of
// the deadline it applied.
func (d *Decision) At() time.Time { return d.at.time() }

// NumMovements returns how many movements follow.
func (d *Decision) NumMovements() int { return d.moved }

// Movement returns the i-th movement, counted from 0.
func (d *Decision) Movement(i int) Movement {
	m := d.movement(i)
	basis := m.basis()
	if m.reason() == BackupBondDeposit {
		basis.Times = len(d.Contract.terms.criteria)
	}
	return Movement{
		From: d.Contract.account(m.from), To: d.Contract.account(m.to),
		Amount: m.amount, Asset: d.Contract.terms.asset, Reason: m.reason(),
		Basis:    basis,
		contract: d.Contract.terms.id, revision: d.Contract.revision, position: i,
	}
}

// Transfer returns the kinds of account and the amount of the i-th movement: what
// loops of millions need of it.
func (d *Decision) Transfer(i int) (from, to AccountKind, amount Amount) {
	m := d.movement(i)
	return m.from.kind, m.to.kind, m.amount
}

// Movements returns the movements in the order in which they were made.
func (d *Decision) Movements() iter.Seq2[int, Movement] {
	return func(yield func(int, Movement) bool) {
		for i := range d.moved {
			if !yield(i, d.Movement(i)) {
				return
			}
		}
	}
}

// Approval returns the approval that the decision made, repeated or resolved;
// false when there is none.
func (d *Decision) Approval() (Approval, bool) {
	if d.approval == 0 {
		return Approval{}, false
	}
	return d.Contract.book.approvals[d.approval-1].clone(), true
}

// Review is the look that a large payout waits for. The decision is final all
// the same: a review can delay money, never change whose it is.
type Review struct {
	// Amount is all that the decision pays out of custody.
	Amount    Amount
	MinPayout Amount
	// Quorum is how many people of the application must release it.
	Quorum int
}

// Review returns the payout review that the policy asks for; false when none.
func (d *Decision) Review() (Review, bool) {
	p := &d.Contract.said().policy.PayoutReview
	if p.Quorum == 0 {
		return Review{}, false
	}
	var paid Amount
	for i := range d.moved {
		if m := d.movement(i); m.from.kind.Custody() {
			paid, _ = paid.plus(m.amount)
		}
	}
	least := d.Contract.terms.minPayout
	return Review{paid, least, p.Quorum}, !paid.IsZero() && paid.Cmp(least) >= 0
}

// Reward is tokens that a backup agent has earned. The application mints them;
// they are no escrow money.
type Reward struct {
	BackupAgent    string
	CriterionIndex int
	// Tokens is in plain notation.
	Tokens string
}

// Rewards returns what backup agents earn by a settlement, zero ones left out.
func (d *Decision) Rewards() []Reward {
	if d.Action != (Settle{}).Action() {
		return nil
	}
	var rewards []Reward
	for _, v := range d.Contract.Votes() {
		if v.Reward != "0" {
			rewards = append(rewards, Reward{v.BackupAgent, v.CriterionIndex, v.Reward})
		}
	}
	return rewards
}

// ask is one question to the engine: a snapshot, a command, who asks and when.
type ask struct {
	c     *Contract
	actor *Actor
	now   instant
	// onBehalf: a confirmed request is run again for the account that asked, so
	// grants and co-sign are settled.
	onBehalf bool
	// proposal: the request is only worked out, for a human to look at.
	proposal bool
}

// detached returns the question with its own copy of what it points to. Answers
// that keep pointers are given one, so that all others need no memory.
func (q *ask) detached() *ask {
	c, actor := *q.c, *q.actor
	return &ask{c: &c, actor: &actor, now: q.now, onBehalf: q.onBehalf, proposal: q.proposal}
}

// Decide answers a command. It is pure: the same snapshot, command, actor and
// time give the same decision, and the snapshot is not changed. The error is
// always an [*Error]. Checks run in the order of the codes: actor, request,
// right to ask, existence, state; the first that fails answers.
func Decide(c Contract, cmd Command, actor Actor, clock Clock) (d Decision, err error) {
	if f := d.decide(&c, cmd, &actor, clock); f.refusal != nil {
		if d.Rule != "" {
			d = Decision{}
		}
		return d, f.error()
	}
	return d, nil
}

// DecideInto is [Decide] into the caller's memory, for loops of millions. A
// refusal that carries an instant lives in d until the next call. The snapshot
// may be d.Contract; two decisions by turns spare a copy of it. After a refusal
// nothing of d is to be used.
func DecideInto(d *Decision, c *Contract, cmd Command, actor *Actor, clock Clock) error {
	switch c {
	case nil:
		return refuseContract
	case &d.Contract:
		before := *c
		c = &before
	}
	f := d.decide(c, cmd, actor, clock)
	switch {
	case f.refusal == nil:
		return nil
	case f.at.isZero():
		return f.refusal
	}
	if d.refusal == nil {
		d.refusal = new(Error)
	}
	*d.refusal = Error{f.refusal.shape, f.moment, f.at}
	return d.refusal
}

func (d *Decision) decide(c *Contract, cmd Command, actor *Actor, clock Clock) finding {
	switch {
	case actor == nil || actor.ID == "":
		return refused(refuseActor)
	case clock == nil:
		return refused(refuseClock)
	}
	q := ask{c: c, actor: actor, now: instantOf(clock.Now())}
	g, refusal := q.group(cmd)
	if refusal != nil {
		return refused(refusal)
	}
	switch g.action {
	case actionAdvance:
		return d.advance(&q, cmd)
	case actionConfirm:
		return d.confirm(q.detached(), cmd.(Confirm))
	case actionDecline:
		return d.declineApproval(q.detached(), cmd.(DeclineApproval))
	}
	r, fits := g.pick(c)
	if f := q.check(cmd, r, fits, nil); f.refusal != nil {
		return f
	}
	if q.waits(r) {
		return refused(d.request(q.detached(), cmd, r))
	}
	return refused(d.execute(&q, cmd, r))
}

var (
	refuseActor     = refuse(NoActor, "")
	refuseIdle      = refuse(NothingDue, "").of(actionAdvance, "")
	refuseUnexpired = refuse(NothingDue, "").of(actionAdvance, approvalExpiry)
	refuseClock     = refuse(Malformed, "the clock is nil or tells a time outside the years 1 to 9999")
	refuseContract  = refuse(UnknownLifecycle, "the contract is the zero value; decode one or draft one")
	refuseNoCommand = refuse(Malformed, "the command is nil or a pointer; pass one of the lifecycle's commands by value")
)

// group returns the rules of the command's action, or why there are none.
func (q *ask) group(cmd Command) (*group, *Error) {
	switch {
	case q.c.law == nil:
		return nil, refuseContract
	case !q.now.valid():
		return nil, refuseClock
	case cmd == nil:
		return nil, refuseNoCommand
	}
	if fault := q.actor.fault(q.c); fault != nil {
		return nil, fault
	}
	if own := ownNumber(cmd); own != 0 {
		if g := q.c.law.at(q.c.law.own[own]); g != nil {
			return g, nil
		}
	}
	// A pointer may be nil, so its methods are not to be called.
	t := reflect.TypeOf(cmd)
	if t.Kind() == reflect.Pointer {
		return nil, refuseNoCommand
	}
	action := cmd.Action()
	for g := q.c.law.slot(action); g != nil; g = q.c.law.after(g) {
		if g.command == t {
			return g, nil
		}
	}
	return nil, refuse(UnknownAction, "lifecycle "+q.c.law.name+" has no action "+echo(action)+" of type "+t.String()).of(Action(echo(action)), "")
}

// execute carries a rule out at the time of the question.
func (d *Decision) execute(q *ask, cmd Command, r *rule) *Error {
	d.begin(q, r)
	d.transition(q, cmd, r)
	return d.finish(q, cmd, r)
}

// begin starts a decision from the snapshot with all past expiries folded in.
func (d *Decision) begin(q *ask, r *rule) {
	d.Rule, d.Action, d.From = r.ID, r.action, q.c.Status()
	d.Actor, d.at, d.moved, d.approval = q.actor.ID, q.now, 0, 0
	// Seldom set, and a store less is felt in loops of millions.
	if d.Executes != "" || d.spilled != nil {
		d.Executes, d.spilled = "", nil
	}
	d.Contract = *q.c
	if d.Contract.book != nil {
		d.Contract.fold(q.now)
	}
}

// transition records what a rule does, and moves its money.
func (d *Decision) transition(q *ask, cmd Command, r *rule) {
	next := &d.Contract
	if q.c.status == 0 {
		next.createdAt = q.now
	}
	for i := range r.CoSign.Sets {
		r.CoSign.Sets[i].apply(q, cmd, next)
	}
	for i := range r.Sets {
		r.Sets[i].apply(q, cmd, next)
	}
	if r.to != sameStatus {
		next.enter(r.to)
	}
	d.pay(q, cmd, r.Money)
}

// finish closes a decision: it supersedes what the transition made pointless,
// counts the revision and audits the whole.
func (d *Decision) finish(q *ask, cmd Command, r *rule) *Error {
	next := &d.Contract
	if next.book != nil {
		d.supersede(q, cmd, r)
	}
	next.revision = q.c.revision + 1
	d.To = next.Status()
	if !d.audit(q.c) {
		return r.refusal(Unbalanced)
	}
	return nil
}

// advance applies the earliest due deadline of the status, at its own instant;
// without one it records the approvals that have expired.
func (d *Decision) advance(q *ask, cmd Command) finding {
	r, at := q.c.due()
	if r != nil && !q.now.before(at) {
		q.now = at
		refusal := d.execute(q, cmd, r)
		if r.Window.moment.kind == momentApproval {
			d.approval = q.c.awaited() + 1
		}
		return refused(refusal)
	}
	expiry := q.c.nextExpiry()
	if !expiry.isZero() && !q.now.before(expiry) {
		return refused(d.expire(q, expiry))
	}
	return q.undue()
}

// undue says that nothing is due, and what will be next.
func (q *ask) undue() finding {
	r, at := q.c.due()
	expiry := q.c.nextExpiry()
	switch {
	case r != nil && (expiry.isZero() || !expiry.before(at)):
		return finding{r.refusal(NothingDue), &r.Window.moment, at}
	case !expiry.isZero():
		return finding{refuseUnexpired, &ApprovalExpiry, expiry}
	}
	return finding{refusal: refuseIdle}
}
