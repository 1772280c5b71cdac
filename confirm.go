package escrow

import "slices"

// answer is rules AP-2 and AP-4: a refusal to co-sign, and a confirmation that is
// taken back.
func (d *Decision) answer(q *ask, g *group) finding {
	ans := q.answered(g)
	defer ans.release()
	d.Rule = ans.id
	if f := ans.answering(); f.refusal != nil {
		return f
	}
	who, account := ans.actor.person(), ans.account
	if g.action == actionRevoke {
		if !ans.old.confirmed(who, account) {
			return ans.no(refuse(NotConfirmedByYou, ""))
		}
		d.begin(&ans.ask, ans.id, g.action)
		d.approval = d.change(ans.old.ID, func(a *Approval) { a.unconfirm(who, account) })
		return refused(d.stay(&ans.ask))
	}
	d.begin(&ans.ask, ans.id, g.action)
	d.approval = d.change(ans.old.ID, func(a *Approval) { a.Status, a.ResolvedAt = ApprovalIsDeclined, d.at.time() })
	if r := ans.r; r != nil && r.declined != 0 && r.while == ans.c.status {
		d.enter(r.declined)
	}
	if d.Contract.ended() {
		d.conclude(ApprovalIsSuperseded, func(*Approval) bool { return true })
	}
	return refused(d.stay(&ans.ask))
}

// confirm is rule AP-1: the command is run again on the contract as it is now; if
// it is refused or would move other money, the approval is stale. Otherwise the
// person is counted, and when the approval is complete it executes.
func (d *Decision) confirm(q *ask, g *group) finding {
	ans := q.answered(g)
	defer ans.release()
	d.Rule = ans.id
	if f := ans.answering(); f.refusal != nil {
		return f
	}
	if f := d.rerun(ans); f.refusal != nil {
		return f
	}
	a := *ans.old
	changed, e := d.reterm(ans, &a)
	if e != nil {
		return ans.no(unruled(e))
	}
	who, account := ans.actor.person(), ans.account
	separate := ans.run.separate(ans.r)
	again := !changed && a.confirmed(who, account)
	a.confirm(who, account)
	if separate && !changed && !again && a.reached(account) && a.onlyAuthor(account) {
		return ans.no(refuse(SeparateDuties, ""))
	}
	if f := ans.run.needs(ans.r, turnLast, nil); f.refusal != nil {
		return ans.no(unruled(f.refusal))
	}
	switch {
	case changed && (a.Quorum > 1 || separate):
		return refused(d.replaceBy(ans, &a, who))
	case a.complete(separate && !changed):
		return refused(d.spend(ans, &a, changed))
	}
	d.begin(&ans.ask, ans.id, g.action)
	if d.approval = ans.old; !again || a.TermsBy != ans.old.TermsBy {
		d.approval = d.change(a.ID, func(old *Approval) { *old = a })
	}
	return refused(d.stay(&ans.ask))
}

// unruled returns a refusal without the rule it names, for another to claim it.
func unruled(e *Error) *Error {
	own := *e.shape
	own.action, own.rule = "", ""
	return &Error{shape: &own}
}

// rerun carries the approval's command out in the decision, on the contract as it
// is. When it is refused now, or moves other money than was shown, it is stale.
func (d *Decision) rerun(ans *answered) finding {
	run, r := &ans.run, ans.r
	if r == nil || !r.starts(ans.c.status) || !run.allHold(r.cases) {
		return ans.no(refuse(ApprovalStale, ""))
	}
	run.trial = true
	f := run.check(r, true, nil)
	run.trial = false
	if f.refusal == nil {
		d.begin(run, ans.id, ans.group.action)
		f = refused(d.transition(run, r))
	}
	switch {
	case f.refusal != nil && f.refusal.code == InternalError:
		return ans.no(unruled(f.refusal))
	case f.refusal != nil || !d.proposes(ans.old.Movements):
		return ans.no(refuse(ApprovalStale, ""))
	}
	return finding{}
}

// reterm gives an approval the confirmation's own terms, and reports whether they
// differ from what was proposed. The decision then does what they say.
func (d *Decision) reterm(ans *answered, a *Approval) (changed bool, e *Error) {
	run := &ans.run
	if !ans.namesTerms() {
		return false, nil
	}
	cmd := ans.merged()
	if cmd.equal(a.Command) {
		if a.TermsBy == "" {
			a.TermsBy = ans.actor.person()
		}
		return false, nil
	}
	run.cmd = &cmd
	d.begin(run, ans.id, ans.group.action)
	if e := d.transition(run, ans.r); e != nil {
		return false, e
	}
	a.Command, a.Movements, a.TermsBy = cmd, d.proposal(), ans.actor.person()
	a.ConfirmedBy, a.ConfirmedFor = nil, nil
	return true, nil
}

// merged returns the approval's command with the confirmation's own terms: a
// record changed field by field, rows by their first field, anything else whole.
func (ans *answered) merged() Command {
	base, own := ans.old.Command, ans.command
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

// replaceBy supersedes an approval by a new one of a person's own terms, who is its
// author and the first to agree.
func (d *Decision) replaceBy(ans *answered, terms *Approval, who string) *Error {
	q := &ans.ask
	d.Contract.approvals = nil
	if !d.audit(q.c) {
		return refuse(Unbalanced, "").of(ans.group.action, ans.id)
	}
	d.begin(q, ans.id, ans.group.action)
	fresh := ans.run.approvalOf(ans.r, terms.Movements)
	fresh.RequestedBy, fresh.RequestedByKind, fresh.TermsBy = who, q.actor.kind(), who
	fresh.Account, fresh.Confirmers, fresh.Supersedes = terms.Account, terms.Confirmers, ans.old.ID
	fresh.confirm(who, q.actor.account())
	d.change(ans.old.ID, func(a *Approval) {
		a.Status, a.ResolvedAt, a.SupersededBy = ApprovalIsSuperseded, d.at.time(), fresh.ID
	})
	return d.wait(&ans.run, ans.r, fresh)
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

// spend closes the decision that has carried out a command to which all who must
// have agreed.
func (d *Decision) spend(ans *answered, a *Approval, changed bool) *Error {
	run, next := &ans.run, &d.Contract
	d.Executes, d.Actor, d.Command = ans.r.ID, ans.actor, ans.command
	next.revision = ans.c.revision + 1
	a.Status, a.ResolvedAt = ApprovalIsConfirmed, d.at.time()
	if changed {
		a.Hash = ans.c.hashOf(a)
	}
	var e *Error
	if a.Result, e = d.result(run, ans.r); e != nil {
		return e
	}
	d.approval = d.change(a.ID, func(old *Approval) { *old = *a })
	return d.finish(run, ans.r)
}

// result returns the evidence of what a confirmation led to.
func (d *Decision) result(run *ask, r *rule) ([]byte, *Error) {
	if r.CoSign.Results != nil {
		text := &reader{s: string(r.CoSign.Results(run.view(&d.Contract))), path: "result"}
		if text.s == "" {
			return nil, nil
		}
		result := text.json()
		if text.end(); text.fault != nil {
			return nil, r.own(refuse(RuleFailed, "a function of the lifecycle wrote no JSON: "+text.fault.message))
		}
		return result, nil
	}
	w := writer{buf: make([]byte, 0, 24+d.moved*(len(run.c.terms.id)+40))}
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
