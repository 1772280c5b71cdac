package escrow

import (
	"slices"
	"strconv"
)

// stay closes a decision that leaves the status and moves nothing. The revision
// grows only if something was recorded.
func (d *Decision) stay(q *ask) *Error {
	next := &d.Contract
	d.forget()
	if next.approvals != q.c.approvals || next.status != q.c.status || next.state != q.c.state {
		next.revision++
		next.decidedAt = d.at
	}
	d.To = next.place()
	if !d.audit(q.c) {
		return refuse(Unbalanced, "").of(d.Action, d.Rule)
	}
	return nil
}

// alone reports whether the actor's word alone is enough for a rule: that of a
// person of the account, where one is asked for and no other party.
func (q *ask) alone(r *rule) bool {
	if !r.cosigned || q.onBehalf {
		return true
	}
	return len(r.confirmers) == 0 && q.actor.isHuman() && q.quorum(r) <= 1 && !q.separate(r)
}

// quorum returns how many people of an account must agree to a rule.
func (q *ask) quorum(r *rule) int {
	if !r.hasQuorum {
		return 1
	}
	return max(int(q.cell(q.c, &r.quorum).lo), 1)
}

// separate reports whether whoever asked is not enough.
func (q *ask) separate(r *rule) bool { return r.hasDuties && q.cell(q.c, &r.duties).lo != 0 }

// trial works out what the question's command would move, or that a pending approval
// is for the same.
func (d *Decision) trial(q *ask, r *rule, pending *Approval) (moves []Movement, repeated bool, e *Error) {
	m := d.borrow()
	defer d.giveBack(m)
	if e := d.propose(q, r); e != nil {
		return nil, false, e
	}
	if pending != nil && d.repeats(q, pending) {
		return nil, true, nil
	}
	return d.proposal(), false, nil
}

// propose works out, in the decision itself, what the question's command would do.
// Nothing of it stays when the decision begins again.
func (d *Decision) propose(q *ask, r *rule) *Error {
	d.begin(q, r.ID, r.action)
	if e := d.transition(q, r); e != nil {
		return e
	}
	d.Contract.approvals = nil
	if !d.audit(q.c) {
		return r.refusal(Unbalanced)
	}
	return nil
}

// proposal returns what the decision moves as what an approval shows: without ids,
// for nothing has moved.
func (d *Decision) proposal() []Movement {
	c := &d.Contract
	moves := make([]Movement, d.moved)
	for i := range moves {
		m := d.movement(i)
		moves[i] = Movement{From: d.account(m.from), To: d.account(m.to), Amount: m.amount, Asset: c.terms.asset, Reason: c.lifecycle.reasons[m.reason]}
	}
	return moves
}

// proposes reports whether the decision moves the money that an approval shows.
func (d *Decision) proposes(moves []Movement) bool {
	if len(moves) != d.moved {
		return false
	}
	for i := range moves {
		m, shown := d.movement(i), &moves[i]
		if m.amount != shown.Amount || d.Contract.lifecycle.reasons[m.reason] != shown.Reason ||
			d.account(m.from) != shown.From || d.account(m.to) != shown.To {
			return false
		}
	}
	return true
}

// complete returns the question's command with all the terms that it leaves to
// the contract.
func (q *ask) complete(r *rule) (Command, *Error) {
	if r.CoSign.Completes == nil {
		return *q.cmd, nil
	}
	values := r.CoSign.Completes(q.view(q.c))
	if values == nil {
		return *q.cmd, nil
	}
	cmd := q.cmd.act.Command(values...)
	own := *q
	if own.cmd = &cmd; cmd.fault == nil {
		cmd.fault = own.payloadFault()
	}
	if cmd.fault != nil {
		return cmd, r.own(refuse(RuleFailed, "the completed command: "+cmd.fault.message))
	}
	return cmd, nil
}

// request records that a rule waits for agreement. The same request again
// returns the same approval; other terms or other money supersede it.
func (d *Decision) request(q *ask, r *rule) *Error {
	asked := *q.cmd
	cmd, e := q.complete(r)
	if e != nil {
		return e
	}
	q.cmd = &cmd
	old := q.pending(r)
	moves, repeated, e := d.trial(q, r, old)
	if e != nil {
		return e
	}
	d.begin(q, r.ID, r.action)
	if d.Command = asked; repeated {
		d.approval = old
		return d.stay(q)
	}
	if old != nil {
		d.conclude(ApprovalIsSuperseded, func(a *Approval) bool { return a == old })
	}
	if !d.room(q, r) {
		return r.refusal(TooMany)
	}
	return d.wait(q, r, q.approvalOf(r, moves))
}

// wait records a pending approval, and what is recorded already when it is asked
// for.
func (d *Decision) wait(q *ask, r *rule, fresh *Approval) *Error {
	next := &d.Contract
	if q.c.status == 0 {
		next.createdAt = q.now
	}
	for i := range r.early {
		if e := d.record(q, &r.early[i]); e != nil {
			return r.own(e)
		}
	}
	if r.while != 0 && next.status != r.while {
		d.enter(r.while)
	}
	fresh.Hash = next.hashOf(fresh)
	b := d.edit()
	b.list = append(b.list, fresh)
	d.approval = fresh
	return d.stay(q)
}

// pending returns the approval that a request for a rule repeats or supersedes: the
// pending one of its type and target, by the same account or, where another party
// must agree, whoever asked.
func (q *ask) pending(r *rule) *Approval {
	target, account, now := q.targetKey(r), q.actor.account(), q.now.time()
	for _, a := range q.c.approvals.all() {
		if a.Type == r.CoSign.Type && a.Target == target && (a.Account == account || len(r.confirmers) > 0) && a.StatusAt(now) == ApprovalIsPending {
			return a
		}
	}
	return nil
}

// targetKey returns the key of the item that the command is about, empty when it
// names none.
func (q *ask) targetKey(r *rule) string {
	if item := q.itemRecord(q.c); item != nil && r.group.target != nil {
		return item.texts[itemKey]
	}
	return ""
}

// repeats reports whether the question's request, as the decision proposes it, asks
// for what a pending approval is for; or for what people's own terms made it of, so
// that a retry undoes no signature.
func (d *Decision) repeats(q *ask, pending *Approval) bool {
	for a := pending; a != nil; a = q.c.approvals.byID(a.Supersedes) {
		if a.Account == q.actor.account() && a.Command.equal(*q.cmd) && d.proposes(a.Movements) {
			return true
		}
	}
	return false
}

// room reports whether the account that asks may have one more pending approval. A
// person's request takes the place of the oldest that no person asked for, never
// of one that the status waits for; a request that ends the contract comes on top.
func (d *Decision) room(q *ask, r *rule) bool {
	n := 0
	var oldest *Approval
	awaited := d.Contract.awaited()
	for _, a := range d.Contract.approvals.all() {
		if a.Status != ApprovalIsPending || a.Account != q.actor.account() {
			continue
		}
		n++
		if oldest == nil && a.RequestedByKind != KindHuman && a != awaited {
			oldest = a
		}
	}
	switch {
	case n < maxPending || r.ends:
		return true
	case q.actor.isHuman() && oldest != nil:
		d.conclude(ApprovalIsSuperseded, func(a *Approval) bool { return a == oldest })
		return true
	}
	return false
}

// approvalOf returns the pending approval for the question's command.
func (q *ask) approvalOf(r *rule, moves []Movement) *Approval {
	c := q.c
	ttl := r.CoSign.Lifetime
	if r.hasTTL {
		ttl = seconds(q.cell(c, &r.ttl).lo)
	}
	expires := q.now.plus(ttl)
	if r.closes != nil {
		if end := r.closes.at(c, q.itemRecord(c)); !end.isZero() && end.before(expires) {
			expires = end
		}
	}
	a := &Approval{
		ID:   c.terms.id + "-ap-" + strconv.FormatUint(c.revision+1, 10),
		Type: r.CoSign.Type, Status: ApprovalIsPending, ContractID: c.terms.id,
		ExpiresAt: expires.time(), CreatedAt: q.now.time(),
		RequestedBy: q.actor.person(), RequestedByKind: q.actor.kind(), Account: q.actor.account(),
		Command: *q.cmd, Movements: moves, Quorum: q.quorum(r),
	}
	a.Target = q.targetKey(r)
	a.Confirmers = []string{a.Account}
	if len(r.confirmers) > 0 {
		a.Confirmers = nil
		for _, p := range r.confirmers {
			if id := c.partyID(p, q.item); id != "" && id != a.Account && !slices.Contains(a.Confirmers, id) {
				a.Confirmers = append(a.Confirmers, id)
			}
		}
	}
	return a
}

// supersede resolves what a transition made pointless: the pending approval of
// what a person has now done directly; with an amendment all others, and once the
// contract has ended, all.
func (d *Decision) supersede(q *ask, r *rule) {
	if r.cosigned && !q.onBehalf {
		target, account := q.targetKey(r), q.actor.account()
		d.conclude(ApprovalIsSuperseded, func(a *Approval) bool {
			return a.Type == r.CoSign.Type && a.Target == target && a.Account == account
		})
	}
	if d.Contract.ended() || r.amends() {
		d.conclude(ApprovalIsSuperseded, func(*Approval) bool { return true })
	}
	d.forget()
}

// amends reports whether the rule changes terms.
func (r *rule) amends() bool {
	return slices.ContainsFunc(r.effects, func(e effect) bool { return e.op == effectAmend })
}
