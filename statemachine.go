package escrow

import "time"

// Clock tells the engine the time. It is asked exactly once per decision. Any
// type with this method will do, such as github.com/benbjohnson/clock's.
type Clock interface{ Now() time.Time }

// At returns a clock that stands still at t.
func At(t time.Time) Clock { return fixed(instantOf(t)) }

// ask is one question to the engine: a snapshot, a command, who asks and when.
type ask struct {
	c     *Contract
	cmd   *Command
	actor *Actor
	// account and kind are the actor's, to compare; what keeps the account takes it
	// from the actor, so that the question needs no memory.
	account string
	kind    kindSet
	now     instant
	// list and item are the item that the question is about, -1 for none.
	list, item int
	// own is the confirmation whose own terms the command has.
	own *Command
	// stage has what functions of the lifecycle are handed, nil where none has
	// been yet.
	stage    *stage
	knownDue *rule
	knownAt  instant
	// onBehalf: a confirmed request is run again for the account that asked, so
	// grants and agreement are settled.
	onBehalf bool
	// trial: the request is only worked out, for a person to look at.
	trial bool
	// named: a person named terms of their own for the approval.
	named bool
	// known: the next deadline has been looked for already, and is knownDue.
	known bool
	// direct: the actor's word alone is enough.
	direct bool
	// picking: rows are looked through, so that a case which several of them have is
	// asked once: those that were, and those that hold.
	picking     bool
	asked, held uint64
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
		return d, f.error(&c, &actor)
	}
	return d, nil
}

// DecideInto is [Decide] into the caller's memory, for loops of millions. What
// the next snapshot records lives in d: it is good until d has decided twice more,
// and refused as [Malformed] from then on; [Decision.Keep] takes it out. A
// refusal that carries an instant lives in d until the next call. The snapshot may
// be d.Contract; two decisions by turns spare a copy of it. After a refusal
// nothing of d is to be used.
func DecideInto(d *Decision, c *Contract, cmd Command, actor *Actor, clock Clock) error {
	switch c {
	case nil:
		return refuseContract
	case &d.Contract:
		before := *c
		c = &before
	}
	if d.memory == nil {
		d.memory = new(memory)
	}
	f := d.decide(c, cmd, actor, clock)
	switch {
	case f.refusal == nil:
		return nil
	case f.note == nil:
		return f.refusal
	}
	if d.refusal == nil {
		d.refusal = new(Error)
	}
	f.into(d.refusal, c, actor)
	return d.refusal
}

func (d *Decision) decide(c *Contract, cmd Command, actor *Actor, clock Clock) finding {
	switch {
	case actor == nil || actor.ID == "":
		return refused(refuseActor)
	case clock == nil:
		return refused(refuseClock)
	}
	// Not made by question: a value that is made and then copied costs stalls.
	var q ask
	q.c, q.cmd, q.actor, q.account, q.kind = c, &cmd, actor, actor.account(), actor.Kind.bit()
	q.now, q.list, q.item = instantOf(clock.Now()), -1, -1
	var s stage
	if d.memory != nil {
		s.viewState = &d.memory.viewState
	}
	q.stage = &s
	if e := q.unusable(); e != nil {
		return refused(e)
	}
	g, e := q.group()
	f := finding{refusal: e}
	if e == nil {
		f = d.answerUsable(&q, g)
	}
	if f.refusal != nil {
		// An actor that is none comes before all else, and is looked for only now:
		// whoever was found to be a party of the contract is one.
		if fault := actorFault(actor, q.kind); fault != nil {
			return refused(fault)
		}
	}
	return f
}

// answerUsable answers a usable question, at its time or that of the latest decision.
func (d *Decision) answerUsable(q *ask, g *group) finding {
	if q.now.before(q.c.decidedAt) {
		q.now = q.c.decidedAt
	}
	if g.functions {
		return d.answerSafely(q, g)
	}
	return d.answerTo(q, g)
}

// question returns a question about no item yet.
func question(c *Contract, cmd *Command, actor *Actor, now instant) ask {
	return ask{c: c, cmd: cmd, actor: actor, account: actor.account(), kind: actor.Kind.bit(), now: now, list: -1, item: -1}
}

// answerSafely is answerTo for a lifecycle with functions: one that panics refuses.
func (d *Decision) answerSafely(q *ask, g *group) (f finding) {
	d.Rule = ""
	defer func() {
		if p := recover(); p != nil {
			f = refused(failed(p).of(g.action, d.Rule))
		}
	}()
	return d.answerTo(q, g)
}

// answerTo answers a question of which the rules are known.
func (d *Decision) answerTo(q *ask, g *group) finding {
	if g.own != ownNone {
		if fault := actorFault(q.actor, q.kind); fault != nil {
			return refused(fault)
		}
	}
	switch g.own {
	case ownAdvance:
		return d.advance(q)
	case ownConfirm:
		return d.confirm(q, g)
	case ownAnswer:
		return d.answer(q, g)
	}
	if g.ofItem {
		q.target(g)
	}
	r, fits := g.pick(q)
	d.Rule = r.ID
	q.direct = !r.cosigned || q.alone(r)
	if f := q.check(r, fits, nil); f.refusal != nil {
		return f
	}
	if r.cosigned && !q.direct {
		return refused(d.request(q, r))
	}
	return refused(d.execute(q, r))
}

var (
	refuseActor     = refuse(NoActor, "")
	refuseIdle      = refuse(NothingDue, "").of(actionAdvance, "")
	refuseUnexpired = refuse(NothingDue, "").of(actionAdvance, ruleExpire)
	refuseClock     = refuse(Malformed, "the clock is nil or tells a time outside the years 1 to 9999")
	refuseContract  = refuse(UnknownLifecycle, "the contract is the zero value; decode one or draft one")
	refuseStale     = refuse(Malformed, "the snapshot lived in a Decision that has decided again since; take it out with Keep")
	refuseNoCommand = refuse(Malformed, "the command is the zero value; make one of the lifecycle's actions")
)

// unusable says what makes the question one that cannot be asked, whoever asks.
func (q *ask) unusable() *Error {
	switch {
	case q.c.lifecycle == nil:
		return refuseContract
	case q.c.stale():
		return refuseStale
	case !q.now.valid():
		return refuseClock
	case q.cmd.act == nil:
		return refuseNoCommand
	case q.c.revision >= maxCount:
		return refuse(TooMany, "the contract has been decided as often as can be counted")
	}
	return nil
}

// group returns the rules of the command's action, or why there are none.
func (q *ask) group() (*group, *Error) {
	if q.cmd.fault != nil {
		return nil, q.cmd.fault.of(q.cmd.act.action, "")
	}
	if f := q.cmd.aliased; f != nil {
		if e := f.aliasFault(q.c.terms.asset); e != nil {
			return nil, e.of(q.cmd.act.action, "")
		}
	}
	l := q.c.lifecycle
	if g := l.groupOf(q.cmd.act); g != nil {
		return g, nil
	}
	if q.cmd.act == actConfirm {
		if g := l.named(actionConfirm); g != nil { // one without terms of its own
			return g, nil
		}
	}
	// A confirmation with terms of one's own, or the action of another version of
	// the lifecycle, is laid out in its own way.
	action := q.cmd.act.action
	g := l.named(action)
	if g == nil {
		return nil, refuse(UnknownAction, "lifecycle "+l.spec.Name+" has no action "+truncate(action)+suggestion(string(action), l.actions())).of(Action(truncate(action)), "")
	}
	cmd, e := g.act.adopt(*q.cmd)
	if e != nil {
		return nil, e.of(action, "")
	}
	q.cmd = &cmd
	return g, nil
}

// actions returns the names of the lifecycle's actions.
func (l *Lifecycle) actions() []string {
	names := make([]string, len(l.groups))
	for i := range l.groups {
		names[i] = string(l.groups[i].action)
	}
	return names
}

// adopt returns a command that was laid out by another declaration of the action.
func (a *Act) adopt(from Command) (Command, *Error) {
	cmd := Command{act: a}
	if from.payload == nil {
		return cmd, nil
	}
	cmd.payload = a.layout.newRecord()
	for i := range from.act.layout.slots {
		given := &from.act.layout.slots[i]
		if !from.payload.has(given) {
			continue
		}
		s := a.layout.find(given.field)
		if s == nil {
			return cmd, field(Malformed, given.field.Name, "is no field of "+string(a.action))
		}
		cmd.payload.set |= 1 << s.bit
		switch {
		case given.field.Kind == TextsKind || given.inner != nil:
			cmd.payload.lists[s.index] = from.payload.lists[given.index]
		case a.layout.texted(given.field):
			cmd.payload.texts[s.index] = from.payload.texts[given.index]
		default:
			cmd.payload.cells[s.index] = from.payload.cells[given.index]
		}
	}
	return cmd, nil
}

// target finds the item that the question is about: the one that the command
// names, or the one that the actor is.
func (q *ask) target(g *group) {
	switch {
	case g.target != nil && q.cmd.payload != nil:
		q.list = g.list
		q.item = findItem(q.c.items(g.list), q.cmd.payload.texts[g.target.index])
	case g.first >= 0:
		if q.list = g.first; len(q.c.items(g.first)) > 0 {
			q.item = 0
		}
	case g.seat >= 0:
		q.list = g.seat
		q.item = findItem(q.c.items(g.seat), q.account)
	}
}

// execute carries a rule out at the time of the question.
func (d *Decision) execute(q *ask, r *rule) *Error {
	d.begin(q, r.ID, r.action)
	if e := d.transition(q, r); e != nil {
		return e
	}
	return d.finish(q, r)
}

// begin starts a decision from the snapshot with all past expiries folded in.
func (d *Decision) begin(q *ask, id string, action Action) {
	d.Rule, d.Action, d.From = id, action, q.c.place()
	d.Actor = *q.actor
	d.Command = *q.cmd
	d.at, d.moved, d.approval = q.now, 0, nil
	// Seldom set, and a store less is felt in loops of millions.
	if d.Executes != "" || d.spilled != nil || d.outgoing != nil {
		d.Executes, d.spilled, d.outgoing = "", nil, nil
	}
	d.owned, d.added = 0, -1
	d.Contract = *q.c
	if d.Contract.approvals != nil {
		d.fold()
	}
}

// transition records what a rule does, and moves its money.
func (d *Decision) transition(q *ask, r *rule) *Error {
	next := &d.Contract
	if q.c.status == 0 {
		next.createdAt = q.now
	}
	for i := range r.replaces {
		d.replace(q, r.replaces[i])
	}
	for i := range r.early {
		if e := d.record(q, &r.early[i]); e != nil {
			return r.own(e)
		}
	}
	for i := range r.effects {
		if e := d.record(q, &r.effects[i]); e != nil {
			return r.own(e)
		}
	}
	if r.becomes != 0 {
		d.editItem(r.each, q.item).cells[itemStatus].lo = r.becomes
	}
	if r.to != sameStatus && r.to != next.status {
		d.enter(r.to)
	}
	for i := range r.money {
		if e := d.pay(q, r, &r.money[i]); e != nil {
			return r.own(e)
		}
	}
	return nil
}

// enter gives the snapshot under construction its status and the time of it.
func (d *Decision) enter(status uint8) {
	next := &d.Contract
	next.status, next.enteredAt = status, d.at
	for _, e := range next.lifecycle.entered[status] {
		if state := d.fork(); !e.first || !state.has(e.slot) {
			state.set |= 1 << e.slot.bit
			state.cells[e.slot.index] = d.at.cell()
		}
	}
}

// finish closes a decision: it supersedes what the transition made pointless,
// counts the revision and audits the whole.
func (d *Decision) finish(q *ask, r *rule) *Error {
	next := &d.Contract
	if next.approvals != nil {
		d.supersede(q, r)
	}
	next.revision, next.decidedAt = q.c.revision+1, d.at
	d.To = next.place()
	if !d.audit(q.c) {
		return r.refusal(Unbalanced)
	}
	return nil
}

// advance applies the earliest due deadline of the status, at its own instant;
// without one it records the approvals that have expired.
func (d *Decision) advance(q *ask) finding {
	q.actor, q.account, q.kind = &system, system.ID, theSystem
	r, at := q.due()
	if r != nil && !q.now.before(at) {
		q.now = q.c.notBefore(at)
		awaited := q.c.awaited()
		refusal := d.execute(q, r)
		if refusal == nil && awaited != nil && r.due.op == momentAwaited {
			d.approval = d.Contract.approvals.byID(awaited.ID)
		}
		return refused(refusal)
	}
	expiry := q.c.nextExpiry()
	if !expiry.isZero() && !q.now.before(expiry) {
		return refused(d.expire(q, expiry))
	}
	return q.undue(r, at, expiry)
}

// notBefore returns an instant, or that of the latest decision when it lies before
// that: a deadline may have been due already when its status was entered, and time
// never runs backwards in a contract.
func (c *Contract) notBefore(at instant) instant {
	if at.before(c.decidedAt) {
		return c.decidedAt
	}
	return at
}

// system is who an advance counts as, whoever sends it.
var system = Actor{ID: "system", Kind: KindSystem}

// undue says that nothing is due, and what will be next.
func (q *ask) undue(r *rule, at, expiry instant) finding {
	switch {
	case r != nil && (expiry.isZero() || !expiry.before(at)):
		return finding{refusal: r.refusal(NothingDue), note: &r.due.note, at: at}
	case !expiry.isZero():
		return finding{refusal: refuseUnexpired, note: &expiryNote, at: expiry}
	}
	return finding{refusal: refuseIdle}
}
