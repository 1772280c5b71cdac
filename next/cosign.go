package escrow

import (
	"slices"
	"strconv"
	"strings"
)

// answered is one person's answer to an approval, on its way through the checks of
// AP-1, AP-2 and AP-4.
type answered struct {
	*ask
	group *group
	id    string // the rule of the answer
	a     *Approval
	r     *rule // the rule that waits
}

// answering checks who answers and whether the approval is still open: request,
// person, existence, due deadlines, approval status, what was seen.
func (q *ask) answering(g *group) (*answered, finding) {
	ans := &answered{ask: q, group: g, id: answerRules[g.action]}
	if q.cmd.payload == nil || q.cmd.text(approvalID) == "" {
		return ans, ans.no(field(Malformed, "approvalId", "is missing"))
	}
	if ans.a = q.c.approvals.byID(q.cmd.text(approvalID)); ans.a != nil {
		ans.r = q.c.lifecycle.cosigner(ans.a)
		if e := ans.ownFault(); e != nil {
			return ans, ans.no(e)
		}
	}
	if e := ans.refusal(); e != nil {
		return ans, ans.no(e)
	}
	if due, at := q.due(); due != nil && !q.now.before(at) {
		return ans, finding{refusal: refuse(DeadlineDue, "").of(g.action, ans.id), note: &due.due.note, at: at}
	}
	if ans.a == nil {
		return ans, ans.no(refuse(ApprovalResolved, ""))
	}
	if reason := resolved[ans.a.StatusAt(q.now.time())]; reason != "" {
		return ans, ans.no(refuse(reason, ""))
	}
	if seen := q.cmd.text(seenHash); seen != "" && seen != ans.a.Hash {
		return ans, ans.no(refuse(ApprovalStale, "the approval is not the one that was shown").with("hash", ans.a.Hash))
	}
	return ans, finding{}
}

var answerRules = map[Action]string{actionConfirm: ruleConfirm, actionDecline: ruleDecline, actionRevoke: ruleRevoke}

// resolved says why an approval that has ended cannot be answered.
var resolved = map[ApprovalStatus]Reason{
	ApprovalIsConfirmed:  ApprovalConfirmed,
	ApprovalIsDeclined:   ApprovalDeclined,
	ApprovalIsExpired:    ApprovalExpired,
	ApprovalIsSuperseded: ApprovalSuperseded,
}

func (ans *answered) no(e *Error) finding { return refused(e.of(ans.group.action, ans.id)) }

// cosigner returns the rule that waits for an approval.
func (l *Lifecycle) cosigner(a *Approval) *rule {
	for i := range l.rules {
		if r := &l.rules[i]; r.cosigned && r.CoSign.Type == a.Type && r.action == a.Command.Action() {
			return r
		}
	}
	return nil
}

// refusal returns why this actor cannot answer this approval at all, nil when it
// can.
func (ans *answered) refusal() *Error {
	c := ans.c
	if c.status == 0 {
		return refuse(WrongStatus, "")
	}
	knows, hidden := false, (*Error)(nil)
	for i := range c.lifecycle.rules {
		r := &c.lifecycle.rules[i]
		if !r.cosigned {
			continue
		}
		e := ans.stranger(r.by)
		knows = knows || e == nil
		if e != nil && e.code == NotFound && hidden == nil {
			hidden = e
		}
	}
	mutual := ans.a != nil && ans.a.mutual()
	account := ans.actor.account()
	switch {
	case !mutual && !ans.actor.isHuman() && (ans.actor.Kind == KindToken || knows):
		return refuse(NotHuman, "")
	case !knows && hidden != nil:
		return hidden
	case ans.a == nil && ans.forgotten() && knows:
		return nil
	case ans.a == nil || account != ans.a.Account && !slices.Contains(ans.a.Confirmers, account):
		return refuse(ApprovalNotFound, "")
	case !slices.Contains(ans.a.Confirmers, account) && ans.group.action != actionDecline:
		return refuse(NotConfirmer, "")
	case mutual && !ans.mayConfirm(account):
		return refuse(ApprovalNotFound, "")
	}
	return nil
}

// mayConfirm reports whether the actor may act for a party that must agree, or for
// the one that asked.
func (ans *answered) mayConfirm(account string) bool {
	if ans.r == nil {
		return false
	}
	for _, p := range ans.r.confirmers {
		if ans.stranger(p) == nil {
			return true
		}
	}
	return account == ans.a.Account && ans.stranger(ans.r.by) == nil
}

// forgotten reports whether the id is one that this contract may have given to an
// approval it keeps no longer.
func (ans *answered) forgotten() bool {
	text, ok := strings.CutPrefix(ans.cmd.text(approvalID), ans.c.terms.id+"-ap-")
	n, err := strconv.ParseUint(text, 10, 64)
	return ok && err == nil && strconv.FormatUint(n, 10) == text && n > 0 && n <= ans.c.revision
}

// ownFault judges the terms of its own that a confirmation carries.
func (ans *answered) ownFault() *Error {
	if ans.group.action != actionConfirm {
		return nil
	}
	var allowed []*Field
	if ans.r != nil {
		allowed = declarations(ans.r.CoSign.Adjusts)
	}
	for i := range ans.cmd.act.layout.slots {
		s := &ans.cmd.act.layout.slots[i]
		if s.field == approvalID || s.field == seenHash || !ans.cmd.payload.has(s) {
			continue
		}
		if !slices.Contains(allowed, s.field) {
			return field(s.field.reason(Malformed), s.field.Name, "does not belong to the confirmation of a "+ans.a.Type)
		}
	}
	if ans.a.StatusAt(ans.now.time()) != ApprovalIsPending || len(allowed) == 0 {
		return nil
	}
	run := ans.rerun()
	merged := ans.merged()
	run.cmd, run.own = &merged, ans.cmd
	if e := run.payloadFault(); e != nil {
		return e
	}
	return run.needs(ans.r, turnRequest, nil).refusal
}

// rerun returns the question whether the approval's command still does what the
// approval shows, asked for the account that asked.
func (ans *answered) rerun() *ask {
	requester := Actor{ID: ans.a.RequestedBy, Kind: ans.a.RequestedByKind, Account: ans.a.Account}
	if requester.ID == "" {
		requester.ID = ans.a.Account
	}
	run := &ask{c: ans.c, cmd: &ans.a.Command, actor: &requester, now: ans.now, list: -1, item: -1,
		onBehalf: true, direct: true, named: ans.a.TermsBy != ""}
	if g := ans.c.lifecycle.groupOf(ans.a.Command.act); g != nil {
		run.target(g)
	}
	return run
}

// answer is rules AP-2 and AP-4: a refusal to co-sign, and a confirmation that is
// taken back.
func (d *Decision) answer(q *ask, g *group) finding {
	ans, f := q.answering(g)
	if f.refusal != nil {
		return f
	}
	who := q.actor.person()
	if g.action == actionRevoke && !ans.a.confirmed(who, q.actor.account()) {
		return ans.no(refuse(NotConfirmedByYou, ""))
	}
	d.begin(q, ans.id, g.action)
	d.approval = d.Contract.change(ans.a.ID, func(a *Approval) {
		if g.action == actionRevoke {
			a.unconfirm(who, q.actor.account())
		} else {
			a.Status, a.ResolvedAt = ApprovalIsDeclined, q.now.time()
		}
	})
	if ans.r != nil && g.action == actionDecline && ans.r.CoSign.Declined != "" && ans.r.CoSign.While == q.c.place() {
		d.enter(uint8(q.c.lifecycle.indexOf(ans.r.CoSign.Declined)))
	}
	if d.Contract.ended() {
		d.Contract.resolve(ApprovalIsSuperseded, q.now, func(*Approval) bool { return true })
	}
	d.Contract.forget()
	if kept := d.Contract.approvals.byID(ans.a.ID); kept != nil {
		d.approval = kept
	}
	return refused(d.stay(q))
}

// confirm is rule AP-1: the command is run again on the contract as it is now; if
// it is refused or would move other money, the approval is stale. Otherwise the
// person is counted, and when the approval is complete it executes.
func (d *Decision) confirm(q *ask, g *group) finding {
	ans, f := q.answering(g)
	if f.refusal != nil {
		return f
	}
	run := ans.rerun()
	if !ans.fresh(run) {
		return ans.no(refuse(ApprovalStale, ""))
	}
	a, changed, e := ans.retermed(run)
	if e != nil {
		return ans.no(e)
	}
	run.cmd, run.own, run.named = &a.Command, q.cmd, a.TermsBy != ""
	if f := run.needs(ans.r, turnLast, nil); f.refusal != nil {
		return ans.no(unruled(f.refusal))
	}
	who, account := q.actor.person(), q.actor.account()
	quorum, separate := a.Quorum, run.separate(ans.r)
	if changed && (quorum > 1 || separate || len(a.Confirmers) > 1) {
		return refused(d.reterm(ans, run, a, who))
	}
	a.confirm(who, account)
	switch {
	case separate && !changed && a.reached(account) && a.onlyAuthor(account):
		return ans.no(refuse(SeparateDuties, ""))
	case a.complete(separate && !changed):
		return refused(d.spend(ans, run, &a))
	}
	d.begin(q, ans.id, g.action)
	kept := d.Contract.approvals.byID(a.ID)
	if d.approval = kept; kept == nil || len(kept.ConfirmedBy) != len(a.ConfirmedBy) || kept.TermsBy != a.TermsBy {
		d.approval = d.Contract.change(a.ID, func(old *Approval) { *old = a })
	}
	return refused(d.stay(q))
}

// unruled returns a refusal without the rule it names, for another to claim it.
func unruled(e *Error) *Error {
	own := *e.shape
	own.action, own.rule = "", ""
	return &Error{shape: &own}
}

// fresh reports whether an approval's command would still do what the approval
// shows.
func (ans *answered) fresh(run *ask) bool {
	g := ans.c.lifecycle.groupOf(ans.a.Command.act)
	if g == nil {
		return false
	}
	r, fits := g.pick(run)
	if !r.cosigned || r.CoSign.Type != ans.a.Type {
		return false
	}
	ans.r = r
	if !fits || run.inert(r) != nil {
		return false
	}
	moves, e := run.proposed(r)
	return e == nil && sameMoney(moves, ans.a.Movements)
}

// inert returns why a rule would now be refused, but for what a confirmation is
// still to name.
func (q *ask) inert(r *rule) *Error {
	own := *q
	own.trial = true
	return own.check(r, true, nil).refusal
}

// retermed returns the approval with the confirmation's own terms, and whether
// they differ from what was proposed.
func (ans *answered) retermed(run *ask) (a Approval, changed bool, e *Error) {
	a = ans.a.clone()
	if !ans.namesTerms() {
		return a, false, nil
	}
	a.TermsBy = ans.actor.person()
	own := *run
	merged := ans.merged()
	own.cmd = &merged
	moves, e := own.proposed(ans.r)
	if e != nil {
		return a, false, unruled(e)
	}
	if own.cmd.equal(a.Command) && sameMoney(moves, a.Movements) {
		return a, false, nil
	}
	a.Command, a.Movements = merged, moves
	return a, true, nil
}

// namesTerms reports whether the confirmation carries terms of its own.
func (ans *answered) namesTerms() bool {
	for i := range ans.cmd.act.layout.slots {
		s := &ans.cmd.act.layout.slots[i]
		if s.field != approvalID && s.field != seenHash && ans.cmd.payload.has(s) {
			return true
		}
	}
	return false
}

// merged returns the approval's command with the confirmation's own terms: a
// record changed field by field, rows by their first field, anything else whole.
func (ans *answered) merged() Command {
	base, own := ans.a.Command, *ans.cmd
	out := Command{act: base.act, payload: base.act.layout.newRecord()}
	if base.payload != nil {
		out.payload.copyFrom(base.payload)
	}
	for i := range own.act.layout.slots {
		from := &own.act.layout.slots[i]
		to := base.act.layout.find(from.field)
		if to == nil || !own.payload.has(from) {
			continue
		}
		out.payload.set |= 1 << to.bit
		switch {
		case from.inner != nil:
			given := own.payload.lists[from.index].items
			out.payload.lists[to.index] = list{items: mergeRows(to.inner, out.payload.lists[to.index].items, given, from.field.Kind == RecordKind)}
		case from.field.Kind == TextsKind:
			out.payload.lists[to.index] = own.payload.lists[from.index]
		case base.act.layout.texted(from.field):
			out.payload.texts[to.index] = own.payload.texts[from.index]
		default:
			out.payload.cells[to.index] = own.payload.cells[from.index]
		}
	}
	return out
}

// mergeRows returns rows with what others change of them: those of the same first
// field, or of a record the only one. New rows come last.
func mergeRows(l *layout, rows, changes []*record, only bool) []*record {
	out := slices.Clone(rows)
	for _, change := range changes {
		at := slices.IndexFunc(out, func(r *record) bool { return only || l.sameFirst(r, change) })
		if at < 0 {
			out = append(out, change)
			continue
		}
		own := out[at].clone()
		for i := range l.slots {
			if s := &l.slots[i]; change.has(s) {
				own.set |= 1 << s.bit
				switch {
				case s.field.Kind == TextsKind || s.inner != nil:
					own.lists[s.index] = change.lists[s.index]
				case l.texted(s.field):
					own.texts[s.index] = change.texts[s.index]
				default:
					own.cells[s.index] = change.cells[s.index]
				}
			}
		}
		out[at] = own
	}
	return out
}

// sameFirst reports whether the first fields of two rows are equal.
func (l *layout) sameFirst(a, b *record) bool {
	s := &l.slots[0]
	if l.texted(s.field) {
		return a.texts[s.index] == b.texts[s.index]
	}
	return a.cells[s.index] == b.cells[s.index]
}

// reterm supersedes an approval by a new one of a person's own terms, who is its
// author and the first to agree.
func (d *Decision) reterm(ans *answered, run *ask, terms Approval, who string) *Error {
	q := ans.ask
	d.begin(q, ans.id, ans.group.action)
	own := *run
	own.cmd = &terms.Command
	fresh := own.approvalOf(ans.r, terms.Movements)
	fresh.RequestedBy, fresh.RequestedByKind, fresh.TermsBy = who, q.actor.kind(), who
	fresh.Account, fresh.Confirmers, fresh.Supersedes = terms.Account, terms.Confirmers, ans.a.ID
	fresh.confirm(who, q.actor.account())
	d.Contract.change(ans.a.ID, func(a *Approval) {
		a.Status, a.ResolvedAt, a.SupersededBy = ApprovalIsSuperseded, q.now.time(), fresh.ID
	})
	own.c = q.c
	return d.wait(&own, ans.r, fresh)
}

// confirm adds a person to those who agreed.
func (a *Approval) confirm(who, account string) {
	if !a.confirmed(who, account) {
		a.ConfirmedBy = append(slices.Clip(a.ConfirmedBy), who)
		a.ConfirmedFor = append(slices.Clip(a.ConfirmedFor), account)
	}
}

// unconfirm takes a person away from those who agreed.
func (a *Approval) unconfirm(who, account string) {
	by, accounts := []string{}, []string{}
	for i := range a.ConfirmedBy {
		if a.ConfirmedBy[i] != who || a.ConfirmedFor[i] != account {
			by, accounts = append(by, a.ConfirmedBy[i]), append(accounts, a.ConfirmedFor[i])
		}
	}
	a.ConfirmedBy, a.ConfirmedFor = by, accounts
}

// confirmed reports whether a person of an account agreed.
func (a *Approval) confirmed(who, account string) bool {
	for i := range a.ConfirmedBy {
		if a.ConfirmedBy[i] == who && a.ConfirmedFor[i] == account {
			return true
		}
	}
	return false
}

// reached reports whether as many people of an account agreed as must.
func (a *Approval) reached(account string) bool {
	n := 0
	for _, of := range a.ConfirmedFor {
		if of == account {
			n++
		}
	}
	return n >= max(a.Quorum, 1)
}

// onlyAuthor reports whether nobody of the account but the author agreed.
func (a *Approval) onlyAuthor(account string) bool {
	for i, who := range a.ConfirmedBy {
		if a.ConfirmedFor[i] == account && (who != a.RequestedBy || account != a.Account) {
			return false
		}
	}
	return true
}

// complete reports whether all who must have agreed.
func (a *Approval) complete(separate bool) bool {
	for _, account := range a.Confirmers {
		if !a.reached(account) || separate && a.onlyAuthor(account) {
			return false
		}
	}
	return true
}

// spend executes a command that all who must have agreed to.
func (d *Decision) spend(ans *answered, run *ask, a *Approval) *Error {
	d.begin(run, ans.id, ans.group.action)
	d.Executes, d.Actor, d.Command = ans.r.ID, *ans.actor, *ans.cmd
	if e := d.transition(run, ans.r); e != nil {
		return e
	}
	next := &d.Contract
	next.revision = run.c.revision + 1
	a.Status, a.ResolvedAt = ApprovalIsConfirmed, run.now.time()
	if ans.a.Hash != "" {
		a.Hash = ans.c.hashOf(a)
	}
	var e *Error
	if a.Result, e = d.result(run, ans.r); e != nil {
		return e
	}
	d.approval = next.change(a.ID, func(old *Approval) { *old = *a })
	return d.finish(run, ans.r)
}

// result returns the evidence of what a confirmation led to.
func (d *Decision) result(run *ask, r *rule) (result []byte, e *Error) {
	if r.CoSign.Results != nil {
		defer recoverInto(&e, r)
		text := &reader{s: string(r.CoSign.Results(run.view(&d.Contract))), path: "result"}
		if text.s == "" {
			return nil, nil
		}
		result = text.json()
		if text.end(); text.fault != nil {
			return nil, r.own(refuse(RuleFailed, "a function of the lifecycle wrote no JSON: "+text.fault.message))
		}
		return result, nil
	}
	w := writer{}
	w.open('{')
	w.key("movements")
	w.open('[')
	for _, m := range d.Movements() {
		w.item(m.ID())
	}
	w.close(']')
	w.close('}')
	return w.buf, nil
}
