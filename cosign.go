package escrow

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// answered is one person's answer to an approval, on its way through the checks of
// AP-1, AP-2 and AP-4. It has its own copy of all that the question points to, so that
// other questions need no memory.
type answered struct {
	ask
	group *group
	id    string // the rule of the answer
	// old is the approval as it stands, nil when the contract keeps none of the id,
	// and r the rule that waits for it.
	old *Approval
	r   *rule
	// run asks again what the approval is for, as whoever asked then.
	run ask

	contract         Contract
	command          Command
	actor, requester Actor
	stage            stage
	viewState        viewState
}

// answers is memory for answers, used again when the decision is made.
var answers = sync.Pool{New: func() any { return new(answered) }}

// release gives the answer's memory back.
func (ans *answered) release() {
	*ans = answered{}
	answers.Put(ans)
}

// answered takes the question up as an answer to the approval that it names.
func (q *ask) answered(g *group) *answered {
	ans := answers.Get().(*answered)
	ans.group, ans.id, ans.contract, ans.command, ans.actor = g, answerRules[g.action], *q.c, *q.cmd, *q.actor
	ans.stage.viewState = &ans.viewState
	ans.ask = question(&ans.contract, &ans.command, &ans.actor, q.now)
	ans.ask.stage = &ans.stage
	if ans.old = ans.c.approvals.byID(ans.cmd.text(approvalID)); ans.old != nil {
		ans.again()
	}
	return ans
}

// again makes the question whether the approval's command still does what the
// approval shows, asked for the account that asked, and finds the rule that waits.
func (ans *answered) again() {
	a := ans.old
	ans.requester = Actor{ID: a.RequestedBy, Kind: a.RequestedByKind, Account: a.Account}
	if ans.requester.ID == "" {
		ans.requester.ID = a.Account
	}
	ans.run = question(ans.c, &a.Command, &ans.requester, ans.now)
	ans.run.stage, ans.run.onBehalf, ans.run.direct, ans.run.named = &ans.stage, true, true, a.TermsBy != ""
	if ans.group.action == actionConfirm {
		ans.run.own = ans.cmd
	}
	g := ans.c.lifecycle.groupOf(a.Command.act)
	if g == nil {
		return
	}
	ans.run.target(g)
	if r, _ := g.pick(&ans.run); r.waitsFor(a) {
		ans.r = r
		return
	}
	if i := slices.IndexFunc(g.rules, func(r *rule) bool { return r.waitsFor(a) }); i >= 0 {
		ans.r = g.rules[i]
	}
}

// waitsFor reports whether an approval is one of the rule's.
func (r *rule) waitsFor(a *Approval) bool { return r.cosigned && r.CoSign.Type == a.Type }

// answering checks who answers and whether the approval is still open: request,
// person, existence, due deadlines, approval status, what was seen.
func (ans *answered) answering() finding {
	q := &ans.ask
	if q.cmd.text(approvalID) == "" {
		return ans.no(field(Malformed, "approvalId", "is missing"))
	}
	if ans.old != nil {
		if e := ans.ownFault(); e != nil {
			return ans.no(unruled(e))
		}
	}
	if e := ans.refusal(); e != nil {
		return ans.no(e)
	}
	if due, at := q.due(); due != nil && !q.now.before(at) {
		return finding{refusal: refuse(DeadlineDue, "").of(ans.group.action, ans.id), note: &due.due.note, at: at}
	}
	if ans.old == nil {
		return ans.no(refuse(ApprovalResolved, ""))
	}
	if reason := resolved[ans.old.StatusAt(q.now.time())]; reason != "" {
		return ans.no(refuse(reason, ""))
	}
	if seen := q.cmd.text(seenHash); seen != "" && seen != ans.old.Hash {
		return ans.no(refuse(ApprovalStale, "the approval is not the one that was shown").with("hash", ans.old.Hash))
	}
	return finding{}
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

// refusal returns why this actor cannot answer this approval at all, nil when it
// can.
func (ans *answered) refusal() *Error {
	c := ans.c
	if c.status == 0 {
		return refuse(WrongStatus, "").with("statuses", labels(c.lifecycle.answerable()))
	}
	knows, mutual, hidden := ans.knows()
	account := ans.account
	if ans.old != nil {
		mutual = ans.old.mutual()
	}
	switch {
	case !mutual && !ans.actor.isHuman() && (ans.actor.Kind == KindToken || knows):
		return refuse(NotHuman, "")
	case !knows && hidden != nil:
		return hidden
	case ans.old == nil && ans.forgotten() && knows:
		return nil
	case ans.old == nil || account != ans.old.Account && !slices.Contains(ans.old.Confirmers, account):
		return refuse(ApprovalNotFound, "")
	case mutual && !ans.mayConfirm(account):
		return refuse(ApprovalNotFound, "")
	case ans.group.action == actionConfirm && !slices.Contains(ans.old.Confirmers, account):
		return refuse(NotConfirmer, "")
	}
	return nil
}

// knows reports whether the actor is one who asks for, or must agree to, anything
// here; whether some rule waits for another party; and what an actor is told for whom
// there is no such contract.
func (ans *answered) knows() (knows, mutual bool, hidden *Error) {
	l := ans.c.lifecycle
	for i := range l.rules {
		r := &l.rules[i]
		if !r.cosigned {
			continue
		}
		mutual = mutual || len(r.confirmers) > 0
		e := ans.stranger(r.by)
		knows = knows || e == nil
		if e != nil && e.code == NotFound && hidden == nil {
			hidden = e
		}
		for _, p := range r.confirmers {
			knows = knows || ans.stands(p)
		}
	}
	return knows, mutual, hidden
}

// stands reports whether the actor may act for a party: for one that every item is,
// of any item.
func (q *ask) stands(p *party) bool {
	if p.sort != partyOfItem {
		return q.stranger(p) == nil
	}
	return p.kinds&q.kind != 0 && findItem(q.c.items(p.list), q.account) >= 0
}

// mayConfirm reports whether the actor may act for a party that must agree, or for
// the one that asked.
func (ans *answered) mayConfirm(account string) bool {
	if ans.r == nil {
		return false
	}
	for _, p := range ans.r.confirmers {
		if ans.stands(p) {
			return true
		}
	}
	return account == ans.old.Account && ans.stands(ans.r.by)
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
	if ans.group.action != actionConfirm || !ans.namesTerms() {
		return nil
	}
	var allowed []Word
	if ans.r != nil {
		allowed = ans.r.CoSign.Adjusts
	}
	for i := range ans.cmd.act.layout.slots {
		s := &ans.cmd.act.layout.slots[i]
		if ans.isTerm(s) && !slices.ContainsFunc(allowed, func(w Word) bool { return w.Declaration().is(s.field) }) {
			return field(s.field.reason(Malformed), s.field.Name, "does not belong to the confirmation of a "+ans.old.Type)
		}
	}
	if ans.old.StatusAt(ans.now.time()) != ApprovalIsPending {
		return nil
	}
	if e := ans.ownRowsFault(); e != nil {
		return e
	}
	run, merged := ans.run, ans.merged()
	run.cmd = &merged
	if f := run.needs(ans.r, turnShape, nil); f.refusal != nil {
		return f.refusal
	}
	if e := run.payloadFault(); e != nil {
		return e
	}
	return run.needs(ans.r, turnRequest, nil).refusal
}

// ownRowsFault returns what is wrong with the rows that a confirmation carries: a row
// says all that it is to say, and takes nothing over from the proposal.
func (ans *answered) ownRowsFault() *Error {
	for i := range ans.cmd.act.layout.slots {
		s := &ans.cmd.act.layout.slots[i]
		if s.field.Kind != RowsKind || !ans.isTerm(s) {
			continue
		}
		if e := ans.c.rowsFault(s, ans.cmd.payload, ""); e != nil {
			return e
		}
	}
	return nil
}

// isTerm reports whether the confirmation carries a term of its own at a slot.
func (ans *answered) isTerm(s *slot) bool {
	return s.field != approvalID && s.field != seenHash && ans.cmd.payload.has(s)
}

// namesTerms reports whether the confirmation carries terms of its own.
func (ans *answered) namesTerms() bool {
	for i := range ans.cmd.act.layout.slots {
		if ans.isTerm(&ans.cmd.act.layout.slots[i]) {
			return true
		}
	}
	return false
}
