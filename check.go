package escrow

import "fmt"

// check is the one check of a rule: terms, payload, grants, party, existence,
// status, due deadline, window, state. Decide stops at the first failure,
// Explain collects all.
func (q *ask) check(r *rule, fits bool, all *findings) finding {
	c := q.c
	if c.status == 0 && !r.starts(0) {
		f := finding{refusal: r.wrong}
		all.stop(f)
		return f
	}
	if c.status == 0 && c.terms.fault != nil {
		if f := refused(r.own(c.terms.fault)); all.stop(f) {
			return f
		}
	}
	if all == nil && q.cmd.payload != nil && !q.onBehalf {
		if f := q.needs(r, turnShape, nil); f.refusal != nil {
			return f
		}
		if e := q.payloadFault(); e != nil {
			return refused(r.own(e))
		}
	}
	// What a founding demands is asked of a draft only.
	if c.status == 0 || r.from != 1 {
		if f := q.needs(r, turnRequest, all); f.refusal != nil {
			return f
		}
	}
	if f := q.mayAsk(r, fits, all); f.refusal != nil {
		return f
	}
	if f := q.exists(r, all); f.refusal != nil {
		return f
	}
	if !fits {
		if f := q.wrongStatus(r); all.stop(f) {
			return f
		}
	} else if f := q.timely(r, all); f.refusal != nil {
		return f
	}
	if r.each >= 0 {
		if f := refused(q.unlike(r)); all.stop(f) {
			return f
		}
	}
	if f := q.needs(r, turnState, all); f.refusal != nil || q.trial {
		return f
	}
	return q.needs(r, turnLast, all)
}

// turn is when a requirement is checked; a set of turns has one bit each.
type turn uint8

const (
	turnShape turn = 1 << iota // before the payload is held to its bounds
	turnRequest
	turnExistence
	turnState
	turnLast   // after everything else
	turnStatus // answered together with the status
)

// needs checks the requirements of one stage.
func (q *ask) needs(r *rule, at turn, all *findings) finding {
	if r.turns&at == 0 {
		return finding{}
	}
	return q.demands(r, at, all)
}

func (q *ask) demands(r *rule, at turn, all *findings) finding {
	for i := range r.needs {
		n := &r.needs[i]
		if n.at != at || all != nil && n.given || n.fixed && q.c.terms.sound {
			continue
		}
		if f := refused(q.unmet(r, n)); all.stop(f) {
			return f
		}
	}
	return finding{}
}

// unmet returns the refusal of a requirement that is not met, nil when it is.
func (q *ask) unmet(r *rule, n *requirement) *Error {
	if n.test == nil {
		return r.own(q.c.lifecycle.remedied(n.decl.Check(q.view(q.c))))
	}
	if q.holds(n.test) {
		return nil
	}
	e := n.refusal
	if n.decl.Detail != nil {
		for k, v := range n.decl.Detail(q.view(q.c)) {
			e = e.with(k, v)
		}
	}
	return e
}

// mayAsk checks who asks: a token's grants, then the party.
func (q *ask) mayAsk(r *rule, fits bool, all *findings) finding {
	if q.onBehalf {
		return finding{}
	}
	if r.granted && q.kind == tokens {
		if f := refused(r.own(r.Grant.missing(q.actor))); all.stop(f) {
			return f
		}
	}
	e := q.stranger(r.by)
	if e == nil && !q.identified(r.by) {
		if fault := actorFault(q.actor, q.kind); fault != nil {
			return refused(fault)
		}
	}
	if e != nil && (fits || !q.another(r)) {
		if f := q.explained(r, e); all.stop(f) {
			return f
		}
	}
	if r.cosigned && !q.direct && r.hasDuties && q.kind == tokens && q.actor.User == "" && q.cell(q.c, &r.duties).lo != 0 {
		if f := refused(r.refusal(UserMissing)); all.stop(f) {
			return f
		}
	}
	return finding{}
}

// identified reports whether the actor, who is the party, must be one: a contract has
// its account, and there is nothing else of it to be wrong.
func (q *ask) identified(p *party) bool {
	return p.sort <= partyOfState && q.account != "" && q.actor.Account == "" && q.actor.User == ""
}

// exists checks that the item which the command names is there, and what else is
// asked of existence.
func (q *ask) exists(r *rule, all *findings) finding {
	if r.each >= 0 && r.group.target != nil && q.item < 0 && (q.cmd.payload != nil || all != nil) {
		if f := refused(r.refusal(q.c.lifecycle.lists[r.each].missing())); all.stop(f) {
			return f
		}
	}
	return q.needs(r, turnExistence, all)
}

func (l *itemList) missing() Reason {
	if l.decl.Missing != "" {
		return l.decl.Missing
	}
	return ItemNotFound
}

// unlike refuses when the row does not start from its item's status.
func (q *ask) unlike(r *rule) *Error {
	if q.inItemStatus(r) || q.item < 0 {
		return nil
	}
	list := &q.c.lifecycle.lists[r.each]
	item := q.itemRecord(q.c)
	e := r.unlike.with("status", list.statusText(item))
	if target := r.group.target; target != nil {
		e = e.with(target.field.Name, item.texts[itemKey])
	}
	return e
}

// another reports whether the actor could ask by another rule of the action than
// one that does not fit: the status, then, is what is wrong.
func (q *ask) another(r *rule) bool {
	fits := q.allHold(r.cases)
	for _, other := range r.group.rules {
		if other != r && (!fits || q.allHold(other.cases)) && q.stranger(other.by) == nil {
			return true
		}
	}
	return false
}

// wrongStatus says that no row of the action starts here, or which case it would
// need.
func (q *ask) wrongStatus(r *rule) finding {
	if r.turns&turnStatus != 0 {
		for i := range r.needs {
			if n := &r.needs[i]; n.at == turnStatus && !q.holds(n.test) {
				return refused(n.refusal)
			}
		}
	}
	for _, other := range r.group.rules {
		if !other.starts(q.c.status) {
			continue
		}
		for i := range other.cases {
			if !q.holds(&other.cases[i]) {
				return refused(other.missed[i])
			}
		}
	}
	return refused(r.wrong)
}

// timely checks the deadlines of the status, then the rule's own window.
func (q *ask) timely(r *rule, all *findings) finding {
	due, end := q.overdue()
	if due != nil {
		if f := (finding{refusal: r.refusal(DeadlineDue), note: &due.due.note, at: end}); all.stop(f) {
			return f
		}
	}
	if r.opens != nil {
		at := q.when(r.opens)
		if at.isZero() || q.now.before(at) {
			if f := (finding{refusal: r.refusal(WindowClosed), note: &r.opens.note, at: at}); all.stop(f) {
				return f
			}
		}
	}
	if r.closes != nil {
		at := q.when(r.closes)
		if !at.isZero() && !q.now.before(at) && !(due != nil && at == end) {
			if f := (finding{refusal: r.refusal(WindowClosed), note: &r.closes.note, at: at}); all.stop(f) {
				return f
			}
		}
	}
	return finding{}
}

// own returns a refusal as the rule's.
func (r *rule) own(e *Error) *Error { return e.of(r.action, r.ID) }

// refusal returns the rule's refusal for a reason.
func (r *rule) refusal(reason Reason) *Error {
	for _, e := range r.refusals {
		if e.reason == reason {
			return e
		}
	}
	return r.group.lifecycle.refuse(reason).of(r.action, r.ID)
}

// prepared returns the rule's own copy of a refusal that was made beforehand.
func (r *rule) prepared(e *Error) *Error {
	for _, own := range r.refusals {
		if own.reason == e.reason {
			return own
		}
	}
	return r.own(e)
}

// recoverInto turns the panic of a lifecycle's function into a refusal.
func recoverInto(e **Error, r *rule) {
	if p := recover(); p != nil {
		*e = r.own(failed(p))
	}
}

// silence lets a question that no decision follows from go without an answer when
// a lifecycle's function panics.
func (l *Lifecycle) silence() {
	if l.functions {
		_ = recover()
	}
}

// failed is the refusal for a function of a lifecycle that panicked.
func failed(p any) *Error {
	return refuse(RuleFailed, fmt.Sprintf("a function of the lifecycle failed: %v", p))
}
