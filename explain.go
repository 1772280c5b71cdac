package escrow

import (
	"slices"
	"time"
)

// Option is one action as it stands for one actor: allowed, or why not and what
// would change that. Actions on an item or an approval have one option for each
// that the contract has.
type Option struct {
	Action Action
	// Rule is the row of the table that answers.
	Rule string
	// Target is the item or approval the option is about, empty otherwise.
	Target string
	// Allowed says that the actor may do this now, with a payload that is in
	// order.
	Allowed bool
	// CoSign is the type of the approval that the action would wait for; empty
	// when it would happen at once.
	CoSign string
	// Pending is the id of the approval that already waits for it.
	Pending string
	// To is the status the action leads to.
	To Status
	// Obstacles are all the guards that fail, in the order of the checks.
	Obstacles []*Error
	// Opens and Closes bound the action's window, as far as they lie ahead; Closed
	// is the deadline that has closed it. Zero when there is none.
	Opens, Closes, Closed time.Time

	starts []Status
}

// Statuses returns where the action starts, when the status is what is wrong.
func (o *Option) Statuses() []Status { return slices.Clone(o.starts) }

// Explanation is what one actor can do with a contract. What happens by itself
// is for [NextDeadline] to say.
type Explanation struct {
	Status  Status
	Options []Option
}

// Explain returns every action of the contract's lifecycle as it stands for one
// actor at the clock's time. It looks at everything but the payload of a
// command. The error is an [*Error] when the actor or the contract is unusable.
func Explain(c Contract, actor Actor, clock Clock) (Explanation, error) {
	if actor.ID == "" {
		return Explanation{}, refuseActor
	}
	if clock == nil {
		return Explanation{}, refuseClock
	}
	cmd := Advance()
	q := question(&c, &cmd, &actor, instantOf(clock.Now()))
	for _, e := range []*Error{q.unusable(), actorFault(&actor, q.kind)} {
		if e != nil {
			return Explanation{}, e
		}
	}
	if q.now.before(c.decidedAt) {
		q.now = c.decidedAt
	}
	l := listing{found: make(findings, 0, 8), options: make([]Option, 0, len(c.lifecycle.groups)+len(c.approvals.all()))}
	l.due, l.at = q.due()
	for i := range c.lifecycle.groups {
		l.add(q, &c.lifecycle.groups[i])
	}
	return Explanation{Status: c.place(), Options: l.options}, nil
}

// listing is the options of one explanation as they are found. The findings and
// the obstacles of all of them share two lists; the next deadline is looked for
// once.
type listing struct {
	options   []Option
	found     findings
	obstacles []*Error
	due       *rule
	at        instant
}

// add adds the options of one action.
func (l *listing) add(q ask, g *group) {
	q.cmd = &Command{act: g.act}
	q.known, q.knownDue, q.knownAt = true, l.due, l.at
	q.list, q.item = -1, -1
	switch g.action {
	case actionAdvance:
		l.addAdvance(&q, g)
	case actionConfirm, actionDecline, actionRevoke:
		l.addAnswers(&q, g)
	default:
		l.addTargets(&q, g)
	}
}

// addTargets adds an option for each item that the action may be about.
func (l *listing) addTargets(q *ask, g *group) {
	if g.target == nil {
		if g.seat >= 0 {
			q.list, q.item = g.seat, findItem(q.c.items(g.seat), q.account)
		}
		l.addOption(q, g)
		return
	}
	q.list = g.list
	for i := range q.c.items(g.list) {
		q.item = i
		l.addOption(q, g)
	}
	if len(q.c.items(g.list)) == 0 {
		l.addOption(q, g)
	}
}

// addOption explains one action with a command that lacks its payload.
func (l *listing) addOption(q *ask, g *group) {
	r := l.judge(q, g)
	o := Option{Action: g.action, Rule: r.ID, Allowed: len(l.found) == 0, To: q.c.place()}
	item := q.itemRecord(q.c)
	if item != nil && g.target != nil {
		o.Target = item.texts[itemKey]
	}
	if r.to != sameStatus {
		o.To = r.To
	}
	l.obstruct(q, &o, g)
	if r.starts(q.c.status) {
		o.bound(q, r, item)
	}
	o.coSign(q, r)
	l.options = append(l.options, o)
}

// judge finds the rule that answers, and all that it refuses; a function of the
// lifecycle that panics, too.
func (l *listing) judge(q *ask, g *group) (r *rule) {
	l.found = l.found[:0]
	r = g.rules[0]
	defer func() {
		if p := recover(); p != nil {
			l.found = append(l.found, refused(r.own(failed(p))))
		}
	}()
	var fits bool
	r, fits = g.pick(q)
	q.direct = q.alone(r)
	if f := q.check(r, fits, &l.found); f.refusal != nil && len(l.found) == 0 {
		l.found = append(l.found, f)
	}
	return r
}

// bound tells the row's window, as far as it lies ahead.
func (o *Option) bound(q *ask, r *rule, item *record) {
	if r.opens != nil {
		if at := r.opens.at(q.c, item); q.now.before(at) {
			o.Opens = at.time()
		}
	}
	if r.closes != nil {
		if at := r.closes.at(q.c, item); q.now.before(at) {
			o.Closes = at.time()
		}
	}
}

// coSign tells which approval the action would wait for, and which waits already.
func (o *Option) coSign(q *ask, r *rule) {
	if !r.cosigned {
		return
	}
	if !q.direct {
		o.CoSign = r.CoSign.Type
	}
	for _, a := range q.c.approvals.all() {
		if a.Status == ApprovalIsPending && a.Type == r.CoSign.Type && a.Target == o.Target &&
			(a.Account == q.account || len(r.confirmers) > 0) && q.now.before(instantOf(a.ExpiresAt)) {
			o.Pending = a.ID
			return
		}
	}
}

// obstruct takes the failed checks over into an option.
func (l *listing) obstruct(q *ask, o *Option, g *group) {
	start := len(l.obstacles)
	for _, f := range l.found {
		l.obstacles = append(l.obstacles, f.error(q.c, q.actor))
		switch f.refusal.reason {
		case WrongStatus:
			o.starts = g.starts
		case WindowClosed, DeadlineDue:
			if !q.now.before(f.at) {
				o.Closed = f.at.time()
			}
		}
	}
	o.Obstacles = slices.Clip(l.obstacles[start:])
}

// addAdvance explains what time alone would do.
func (l *listing) addAdvance(q *ask, g *group) {
	o := Option{Action: g.action, To: q.c.place()}
	expiry := q.c.nextExpiry()
	switch {
	case l.due != nil && !q.now.before(l.at):
		o.Rule, o.Allowed = l.due.ID, true
		if l.due.to != sameStatus {
			o.To = l.due.To
		}
	case !expiry.isZero() && !q.now.before(expiry):
		o.Rule, o.Allowed = ruleExpire, true
	default:
		f := q.undue(l.due, l.at, expiry)
		o.Rule = f.refusal.rule
		l.found = append(l.found[:0], f)
		l.obstruct(q, &o, g)
	}
	l.options = append(l.options, o)
}

// addAnswers explains the answers to every approval that is still recorded as
// pending and that the actor may know of.
func (l *listing) addAnswers(q *ask, g *group) {
	before := len(l.options)
	for _, a := range q.c.approvals.all() {
		if a.Status == ApprovalIsPending {
			l.addAnswer(q, g, a)
		}
	}
	if len(l.options) == before {
		l.addAnswer(q, g, &Approval{ID: noApproval})
	}
}

// noApproval is the id that is asked for where there is no approval.
const noApproval = "-"

// addAnswer explains the answer to one approval.
func (l *listing) addAnswer(q *ask, g *group, a *Approval) {
	o := Option{Action: g.action, Rule: answerRules[g.action], To: q.c.place(), Closes: a.ExpiresAt}
	if a.ID != noApproval {
		o.Target = a.ID
	}
	own, cmd := *q, answer(g.act, a.ID, "", nil)
	own.cmd = &cmd
	var d Decision
	f := d.answerSafely(&own, g)
	if o.Allowed = f.refusal == nil; o.Allowed {
		o.To = d.To
	} else {
		l.found = append(l.found[:0], f)
		l.obstruct(q, &o, g)
	}
	l.options = append(l.options, o)
}

// MarshalJSON writes the option for programs.
func (o Option) MarshalJSON() ([]byte, error) {
	var w writer
	w.option(&o)
	return w.buf, nil
}

// MarshalJSON writes the explanation for programs.
func (x Explanation) MarshalJSON() ([]byte, error) {
	var w writer
	w.open('{')
	w.text("status", string(x.Status))
	w.key("options")
	w.open('[')
	for i := range x.Options {
		w.option(&x.Options[i])
	}
	w.close(']')
	w.close('}')
	return w.buf, nil
}

func (w *writer) option(o *Option) {
	w.open('{')
	w.text("action", string(o.Action))
	w.optional("rule", o.Rule)
	w.optional("target", o.Target)
	w.flag("allowed", o.Allowed)
	w.text("to", string(o.To))
	w.optional("coSign", o.CoSign)
	w.optional("pendingApproval", o.Pending)
	w.time("opens", o.Opens)
	w.time("closes", o.Closes)
	w.time("closed", o.Closed)
	if len(o.starts) > 0 {
		w.texts("statuses", labels(o.starts))
	}
	w.key("obstacles")
	w.open('[')
	for _, e := range o.Obstacles {
		w.refusal(e)
	}
	w.close(']')
	w.close('}')
}
