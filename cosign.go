package escrow

import (
	"encoding/json"
	"slices"
)

// sameMoney reports whether two proposals move the same money.
func sameMoney(a, b []Movement) bool {
	return slices.EqualFunc(a, b, func(x, y Movement) bool {
		return x.From == y.From && x.To == y.To && x.Amount == y.Amount && x.Reason == y.Reason
	})
}

// answer is one human's answer to an approval, on its way through the checks of
// AP-1 and AP-2.
type answer struct {
	*ask
	ap *rule
	i  int
	a  Approval
}

// answering checks who answers and whether the approval is still open: request,
// human, existence, due deadlines, approval status.
func (q *ask) answering(action Action, id string, terms *Confirm) (answer, finding) {
	ans := answer{ask: q, ap: q.c.law.group(action).rules[0], i: -1}
	ans.i = slices.IndexFunc(q.c.approvals(), func(a Approval) bool { return a.ID == id })
	if ans.i >= 0 {
		ans.a = q.c.approvals()[ans.i]
		if e := ans.termsFault(terms); e != nil {
			return ans, finding{refusal: ans.ap.own(e)}
		}
	}
	reason := ans.refusal()
	if reason != "" {
		return ans, finding{refusal: ans.ap.refusal(reason)}
	}
	if due, at := q.c.due(); due != nil && !q.now.before(at) {
		return ans, finding{ans.ap.refusal(DeadlineDue), &due.Window.moment, at}
	}
	if reason := resolved[ans.a.StatusAt(q.now.time())]; reason != "" {
		return ans, finding{refusal: ans.ap.refusal(reason)}
	}
	return ans, finding{}
}

// resolved says why an approval that has ended cannot be answered.
var resolved = map[ApprovalStatus]Reason{
	ApprovalIsConfirmed:  ApprovalConfirmed,
	ApprovalIsDeclined:   ApprovalDeclined,
	ApprovalIsExpired:    ApprovalExpired,
	ApprovalIsSuperseded: ApprovalSuperseded,
}

// refusal returns why this actor cannot answer this approval at all.
func (ans *answer) refusal() Reason {
	switch {
	case ans.c.status == 0:
		return WrongStatus
	case !ans.actor.isHuman() && (ans.actor.Kind == KindToken || ans.knowsContract()):
		return NotHuman
	case !ans.knowsContract():
		return ContractNotFound
	case ans.i < 0 || ans.a.Account != ans.actor.account():
		return ApprovalNotFound
	}
	return ""
}

// knowsContract reports whether the actor is one whose requests are co-signed here.
func (ans *answer) knowsContract() bool {
	for i := range ans.c.law.rules {
		r := &ans.c.law.rules[i]
		if r.CoSign.Type != "" && r.By.refuses(ans.ask) == "" {
			return true
		}
	}
	return false
}

// termsFault judges the terms of its own that a confirmation carries.
func (ans *answer) termsFault(terms *Confirm) *Error {
	if terms == nil {
		return nil
	}
	_, hire := ans.a.Command.(Hire)
	_, end := ans.a.Command.(End)
	open := ans.a.StatusAt(ans.now.time()) == ApprovalIsPending
	switch {
	case terms.Milestone != nil && !hire:
		return field(Malformed, "milestone", "belongs to the confirmation of a hire")
	case terms.Milestone != nil && terms.Milestone.ID != "":
		return field(Malformed, "milestone.id", "cannot be changed")
	case terms.Dispositions != nil && !end:
		return field(DispositionInvalid, "dispositions", "belong to the confirmation of an end")
	case hire && open && ans.c.status != 0:
		return ans.changedTermsFault(terms.Milestone)
	case end && open:
		own := *ans.ask
		own.onBehalf = true
		return own.dispositionsFault(terms.Dispositions)
	}
	return nil
}

// declineApproval is rule AP-2.
func (d *Decision) declineApproval(q *ask, cmd DeclineApproval) finding {
	ans, f := q.answering(actionDecline, cmd.ApprovalID, nil)
	if f.refusal != nil {
		return f
	}
	d.begin(q, ans.ap)
	b := d.Contract.openBook()
	resolve(&b.approvals[ans.i], ApprovalIsDeclined, q.now)
	d.approval = ans.i + 1
	if to := q.c.law.declinedTo(ans.a.Type, q.c.Status()); to != "" {
		d.Contract.enter(uint8(q.c.law.indexOf(to)))
	}
	d.supersede(q, cmd, ans.ap)
	return refused(d.stay(q))
}

// declinedTo returns where declining an approval leads from a status, "" when it
// leaves the status.
func (l *Lifecycle) declinedTo(kind string, from Status) Status {
	for i := range l.rules {
		if s := &l.rules[i].CoSign; s.Type == kind && s.While == from {
			return s.Declined
		}
	}
	return ""
}

// confirm is rule AP-1: the command is run again on the contract as it is now;
// if it is refused or would move other money, the approval is stale. Otherwise
// the human is counted, and with the quorum it executes.
func (d *Decision) confirm(q *ask, cmd Confirm) finding {
	ans, f := q.answering(actionConfirm, cmd.ApprovalID, &cmd)
	if f.refusal != nil {
		return f
	}
	requester := Actor{ID: ans.a.RequestedBy, Kind: KindHuman, Account: ans.a.Account}
	run := ask{c: q.c, actor: &requester, now: q.now, onBehalf: true, proposal: true}
	r, fresh := run.again(&ans.a)
	if !fresh {
		return refused(ans.ap.refusal(ApprovalStale))
	}
	changed, e := run.retermed(r, &ans.a, &cmd)
	if e != nil {
		return refused(e)
	}
	if reason := ans.unready(&cmd); reason != "" {
		return refused(ans.ap.refusal(reason))
	}
	if changed {
		ans.a.ConfirmedBy = nil
	}
	if !slices.Contains(ans.a.ConfirmedBy, q.actor.ID) {
		ans.a.ConfirmedBy = append(slices.Clone(ans.a.ConfirmedBy), q.actor.ID)
		changed = true
	}
	run.proposal = false
	if len(ans.a.ConfirmedBy) >= ans.a.Quorum {
		return refused(d.spend(&ans, &run, r))
	}
	d.begin(q, ans.ap)
	d.approval = ans.i + 1
	if changed {
		for i := range r.CoSign.Sets {
			r.CoSign.Sets[i].apply(&run, ans.a.Command, &d.Contract)
		}
		d.Contract.openBook().approvals[ans.i] = ans.a
	}
	return refused(d.stay(q))
}

// again runs an approval's command on the contract as it is, and reports whether
// it would still do what the approval shows.
func (q *ask) again(a *Approval) (*rule, bool) {
	r, fits := q.c.law.group(a.Command.Action()).pick(q.c)
	if r.CoSign.Type != a.Type {
		return nil, false
	}
	if f := q.check(a.Command, r, fits, nil); f.refusal != nil {
		return nil, false
	}
	moves, e := q.proposed(r, a.Command)
	return r, e == nil && sameMoney(moves, a.Movements)
}

// retermed takes the confirmation's own terms into the approval and reports
// whether they differ from what was proposed.
func (q *ask) retermed(r *rule, a *Approval, terms *Confirm) (changed bool, e *Error) {
	fresh := *a
	switch cmd := a.Command.(type) {
	case Hire:
		t := cmd.Milestone.changed(terms.Milestone)
		fresh.Command = Hire{&t}
	case End:
		fresh.Command = q.complete(End{append(slices.Clone(terms.Dispositions), cmd.Dispositions...)})
	}
	if fresh.Movements, e = q.proposed(r, fresh.Command); e != nil {
		return false, e
	}
	if fresh.Hash = fresh.hash(); fresh.Hash == a.Hash {
		return false, nil
	}
	*a = fresh
	return true, nil
}

// unready returns why a fitting confirmation still does not count.
func (ans *answer) unready(cmd *Confirm) Reason {
	p := &ans.c.terms.policy
	if p.SeparateDuties && ans.a.Quorum <= 1 && ans.actor.user() == ans.a.RequestedBy {
		return SeparateDuties
	}
	if _, end := ans.a.Command.(End); end {
		own := *ans.ask
		own.onBehalf = true
		if !own.dispositionsNamed(cmd.Dispositions) {
			return DispositionRequired
		}
	}
	return ""
}

// spend executes a command that its quorum has confirmed.
func (d *Decision) spend(ans *answer, run *ask, r *rule) *Error {
	d.begin(run, r)
	d.Rule, d.Executes, d.Action, d.Actor = ans.ap.ID, r.ID, ans.ap.action, ans.actor.ID
	d.transition(run, ans.a.Command, r)
	d.Contract.revision = run.c.revision + 1
	resolve(&ans.a, ApprovalIsConfirmed, run.now)
	ans.a.Result = d.result(ans.a.Command)
	d.Contract.openBook().approvals[ans.i] = ans.a
	d.approval = ans.i + 1
	return d.finish(run, ans.a.Command, r)
}

// result returns the evidence of what a confirmation led to.
func (d *Decision) result(cmd Command) json.RawMessage {
	w := writer{}
	w.open('{')
	switch cmd.(type) {
	case End:
		w.flag("contractEnded", true)
	case Hire:
		w.flag("hired", true)
		w.text("contractId", d.Contract.terms.id)
		w.optional("jobId", d.Contract.terms.jobID)
		w.text("freelancerUserId", d.Contract.worker)
	default:
		w.key("movements")
		w.open('[')
		for _, m := range d.Movements() {
			w.item(m.ID())
		}
		w.close(']')
	}
	w.close('}')
	return w.buf
}
