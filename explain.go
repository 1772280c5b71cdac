package escrow

import (
	"slices"
	"time"
)

// Option is one action as it stands for one actor: allowed, or why not and what
// would change that. Actions on a milestone or an approval have one option for
// each that the contract has.
type Option struct {
	Action Action
	// Rule is the row of the table that answers.
	Rule string
	// Target is the milestone or approval the option is about, empty otherwise.
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
	// Closes is the deadline of the action's window, Closed the one that has
	// closed it; zero when there is none.
	Closes, Closed time.Time

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
	q := ask{c: &c, actor: &actor, now: instantOf(clock.Now())}
	if _, refusal := q.group(Advance{}); refusal != nil {
		return Explanation{}, refusal
	}
	x := Explanation{Status: c.Status()}
	l := listing{found: make(findings, 0, 8),
		options: make([]Option, 0, len(c.law.groups)+len(c.approvals())+2*len(c.milestones()))}
	for i := range c.law.groups {
		l.add(&q, &c.law.groups[i])
	}
	x.Options = l.options
	return x, nil
}

// listing is the options of one explanation as they are found. The findings and
// the obstacles of all of them share two lists.
type listing struct {
	options   []Option
	found     findings
	obstacles []*Error
}

// add adds the options of one action.
func (l *listing) add(q *ask, g *group) {
	switch g.action {
	case actionAdvance:
		l.addAdvance(q, g)
		return
	case actionConfirm, actionDecline:
		l.addAnswers(q, g)
		return
	}
	switch g.rules[0].On.(type) {
	case FundMilestone:
		for _, id := range q.targets() {
			l.addOption(q, g, FundMilestone{id}, id)
		}
	case ApproveMilestone:
		for _, id := range q.targets() {
			l.addOption(q, g, ApproveMilestone{id}, id)
		}
	default:
		l.addOption(q, g, g.rules[0].On, "")
	}
}

// targets returns the ids of the milestones, one that does not exist when there
// are none.
func (q *ask) targets() []string {
	ids := make([]string, 0, 1)
	for _, m := range q.c.milestones() {
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		ids = append(ids, "")
	}
	return ids
}

// addOption explains one action with a command that lacks its payload.
func (l *listing) addOption(q *ask, g *group, cmd Command, target string) {
	r, fits := g.pick(q.c)
	l.found = l.found[:0]
	q.check(cmd, r, fits, &l.found)
	l.options = append(l.options, Option{Action: g.action, Rule: r.ID, Target: target, Allowed: len(l.found) == 0, To: q.c.Status()})
	o := &l.options[len(l.options)-1]
	if r.to != sameStatus {
		o.To = r.To
	}
	l.obstruct(q, o, g)
	if r.Window.kind == windowBefore && r.starts(q.c.status) {
		if at := r.Window.moment.at(q.c); q.now.before(at) {
			o.Closes = at.time()
		}
	}
	if r.CoSign.Type == "" {
		return
	}
	if q.waits(r) {
		o.CoSign = r.CoSign.Type
	}
	if i := q.c.pending(r.CoSign.Type, target, q.actor.account()); i >= 0 {
		if a := q.c.approvals()[i]; a.StatusAt(q.now.time()) == ApprovalIsPending {
			o.Pending = a.ID
		}
	}
}

// obstruct takes the failed checks over into an option.
func (l *listing) obstruct(q *ask, o *Option, g *group) {
	if l.obstacles == nil {
		l.obstacles = make([]*Error, 0, 2*len(q.c.law.groups))
	}
	start := len(l.obstacles)
	for _, f := range l.found {
		l.obstacles = append(l.obstacles, f.error())
		switch f.refusal.reason {
		case WrongStatus:
			o.starts = g.starts
		case WindowClosed, DeadlineDue:
			o.Closed = f.at.time()
		}
	}
	o.Obstacles = slices.Clip(l.obstacles[start:])
}

// addAdvance explains what time alone would do.
func (l *listing) addAdvance(q *ask, g *group) {
	o := Option{Action: g.action, To: q.c.Status()}
	r, at := q.c.due()
	expiry := q.c.nextExpiry()
	switch {
	case r != nil && !q.now.before(at):
		o.Rule, o.To, o.Allowed = r.ID, r.To, true
	case !expiry.isZero() && !q.now.before(expiry):
		o.Rule, o.Allowed = approvalExpiry, true
	default:
		f := q.undue()
		o.Rule = f.refusal.rule
		l.found = append(l.found[:0], f)
		l.obstruct(q, &o, g)
	}
	l.options = append(l.options, o)
}

// addAnswers explains confirm and decline_approval for every approval that is
// still recorded as pending.
func (l *listing) addAnswers(q *ask, g *group) {
	own, before := q.detached(), len(l.options)
	for _, a := range q.c.approvals() {
		if a.Status == ApprovalIsPending {
			l.addAnswer(q, g, own, &a)
		}
	}
	if len(l.options) == before {
		l.addAnswer(q, g, own, &Approval{})
	}
}

// addAnswer explains the answer to one approval; to none, when it has no id.
func (l *listing) addAnswer(q *ask, g *group, own *ask, a *Approval) {
	o := Option{Action: g.action, Rule: g.rules[0].ID, Target: a.ID, To: q.c.Status(), Closes: a.ExpiresAt}
	var cmd Command = DeclineApproval{a.ID}
	if g.action == actionConfirm {
		cmd = Confirm{ApprovalID: a.ID}
	}
	var d Decision
	f := d.decide(own.c, cmd, own.actor, fixed(q.now))
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
	w.time("closes", o.Closes)
	w.time("closed", o.Closed)
	if len(o.starts) > 0 {
		w.key("statuses")
		w.open('[')
		for _, s := range o.starts {
			w.item(s.label())
		}
		w.close(']')
	}
	w.key("obstacles")
	w.open('[')
	for _, e := range o.Obstacles {
		w.refusal(e)
	}
	w.close(']')
	w.close('}')
}
