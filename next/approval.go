package escrow

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// ApprovalStatus is where an approval stands.
type ApprovalStatus string

// The approval statuses; all but pending are final.
const (
	ApprovalIsPending    ApprovalStatus = "pending"
	ApprovalIsConfirmed  ApprovalStatus = "confirmed"
	ApprovalIsDeclined   ApprovalStatus = "declined"
	ApprovalIsExpired    ApprovalStatus = "expired"
	ApprovalIsSuperseded ApprovalStatus = "superseded"
)

// Approval is an agreement that an action waits for. It is bound to the exact
// command and movements by its hash: it can be spent once, never after its
// expiry, never for other terms and never on another contract. What a pending
// one says never changes under its id.
type Approval struct {
	ID   string
	Type string
	// Status is as last recorded; [Approval.StatusAt] tells it at an instant.
	Status     ApprovalStatus
	ContractID string
	// Target is the key of the item that the command is about, if it is about one.
	Target string
	// ApprovalURL is the application's to fill.
	ApprovalURL string
	ExpiresAt   time.Time
	// ResolvedAt is when it ended, for an expiry ExpiresAt; zero while pending.
	ResolvedAt time.Time
	// Result is what a confirmation led to, as JSON; the application may add
	// its own evidence.
	Result    json.RawMessage
	CreatedAt time.Time

	// RequestedBy is the user who asked, RequestedByKind what sort of actor,
	// Account the account asked for. TermsBy is who named terms of their own.
	RequestedBy     string
	RequestedByKind Kind
	TermsBy         string
	Account         string
	// Confirmers are the accounts that must agree.
	Confirmers []string
	// Command is the action with all its terms, Movements what it would move.
	Command   Command
	Movements []Movement
	// Hash is SHA-256 over all that a person looks at, in hexadecimal.
	Hash string
	// Quorum is how many people of an account must confirm, ConfirmedBy the users
	// who have, ConfirmedFor their accounts.
	Quorum       int
	ConfirmedBy  []string
	ConfirmedFor []string
	// Supersedes and SupersededBy link an approval with the one that a person's
	// own terms made of it.
	Supersedes, SupersededBy string

	// lifecycle and terms are those of its contract, for its JSON form.
	lifecycle *Lifecycle
	terms     *terms
}

// StatusAt returns the status at an instant: pending and not before ExpiresAt is
// expired, whether or not anyone has looked.
func (a *Approval) StatusAt(now time.Time) ApprovalStatus {
	if a.Status == ApprovalIsPending && !now.Before(a.ExpiresAt) {
		return ApprovalIsExpired
	}
	return a.Status
}

// mutual reports whether another party must agree.
func (a *Approval) mutual() bool { return len(a.Confirmers) != 1 || a.Confirmers[0] != a.Account }

// clone returns an approval that shares nothing that can be changed.
func (a *Approval) clone() Approval {
	own := *a
	own.Movements, own.Result = slices.Clone(a.Movements), slices.Clone(a.Result)
	own.Confirmers, own.ConfirmedBy, own.ConfirmedFor = slices.Clone(a.Confirmers), slices.Clone(a.ConfirmedBy), slices.Clone(a.ConfirmedFor)
	return own
}

// approvals are a snapshot's approvals, oldest first. Neither the list nor what it
// points to is written once a snapshot shows it.
type approvals struct{ list []*Approval }

const (
	// maxPending is how many approvals of one account may be pending.
	maxPending = 100
	// maxResolved is how many that have ended a snapshot keeps.
	maxResolved = 100
)

// all returns the approvals, none of none.
func (b *approvals) all() []*Approval {
	if b == nil {
		return nil
	}
	return b.list
}

// byID returns the approval of an id, nil when it is not kept.
func (b *approvals) byID(id string) *Approval {
	for _, a := range b.all() {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// pending counts the approvals recorded as pending.
func (b *approvals) pending() (n int) {
	for _, a := range b.all() {
		if a.Status == ApprovalIsPending {
			n++
		}
	}
	return n
}

// Approvals returns the approvals, oldest first.
func (c Contract) Approvals() []Approval {
	list := make([]Approval, len(c.approvals.all()))
	for i, a := range c.approvals.all() {
		list[i] = a.of(&c)
	}
	return list
}

// Approval returns the approval of an id; false when the contract does not keep
// it.
func (c Contract) Approval(id string) (Approval, bool) {
	if a := c.approvals.byID(id); a != nil {
		return a.of(&c), true
	}
	return Approval{}, false
}

// of returns an approval of a contract for others to keep.
func (a *Approval) of(c *Contract) Approval {
	own := a.clone()
	own.lifecycle, own.terms = c.lifecycle, c.terms
	return own
}

// nextExpiry returns when the next pending approval expires, unset when none is.
func (c *Contract) nextExpiry() (at instant) {
	for _, a := range c.approvals.all() {
		if a.Status != ApprovalIsPending {
			continue
		}
		if e := instantOf(a.ExpiresAt); at.isZero() || e.before(at) {
			at = e
		}
	}
	return at
}

// awaited returns the approval that the contract's status waits for, nil when
// there is none.
func (c *Contract) awaited() *Approval {
	if c.approvals == nil {
		return nil
	}
	for i := range c.lifecycle.rules {
		r := &c.lifecycle.rules[i]
		if !r.cosigned || r.CoSign.While == "" || r.CoSign.While != c.place() {
			continue
		}
		for _, a := range c.approvals.list {
			if a.Type == r.CoSign.Type && a.Status == ApprovalIsPending {
				return a
			}
		}
	}
	return nil
}

// edit gives a snapshot under construction approvals of its own.
func (c *Contract) edit() *approvals {
	c.approvals = &approvals{append(make([]*Approval, 0, len(c.approvals.all())+1), c.approvals.all()...)}
	return c.approvals
}

// change replaces an approval by a changed copy.
func (c *Contract) change(id string, change func(*Approval)) *Approval {
	b := c.edit()
	for i, a := range b.list {
		if a.ID == id {
			own := *a
			change(&own)
			b.list[i] = &own
			return &own
		}
	}
	return nil
}

// resolve ends every pending approval that is meant, at an instant.
func (c *Contract) resolve(to ApprovalStatus, at instant, meant func(*Approval) bool) {
	var b *approvals
	for i, a := range c.approvals.all() {
		if a.Status != ApprovalIsPending || !meant(a) {
			continue
		}
		if b == nil {
			b = c.edit()
		}
		own := *a
		own.Status, own.ResolvedAt = to, at.time()
		if to == ApprovalIsExpired {
			own.ResolvedAt = a.ExpiresAt
		}
		b.list[i] = &own
	}
}

// fold records the approvals that have expired by now.
func (c *Contract) fold(now instant) {
	if expiry := c.nextExpiry(); expiry.isZero() || now.before(expiry) {
		return
	}
	c.resolve(ApprovalIsExpired, now, func(a *Approval) bool { return !now.before(instantOf(a.ExpiresAt)) })
	c.forget()
}

// forget drops resolved approvals above what a snapshot keeps: the oldest of those
// that led to nothing first, confirmed ones last.
func (c *Contract) forget() {
	over := len(c.approvals.all()) - c.approvals.pending() - maxResolved
	if over <= 0 {
		return
	}
	b := c.edit()
	for _, confirmed := range []bool{false, true} {
		b.list = slices.DeleteFunc(b.list, func(a *Approval) bool {
			drop := over > 0 && a.Status != ApprovalIsPending && (a.Status == ApprovalIsConfirmed) == confirmed
			if drop {
				over--
			}
			return drop
		})
	}
}

// The rules of every lifecycle with co-signed actions.
const (
	ruleConfirm = "AP-1"
	ruleDecline = "AP-2"
	ruleExpire  = "AP-3"
	ruleRevoke  = "AP-4"
)

// expiryName is what an approval's expiry is called among the moments.
const expiryName = "expiresAt"

var expiryNote = note{name: expiryName}

// expire is rule AP-3: it records all approvals of the earliest instant.
func (d *Decision) expire(q *ask, earliest instant) *Error {
	q.now = earliest
	first := slices.IndexFunc(q.c.approvals.list, func(a *Approval) bool {
		return a.Status == ApprovalIsPending && instantOf(a.ExpiresAt) == earliest
	})
	id := q.c.approvals.list[first].ID
	d.begin(q, ruleExpire, actionAdvance)
	d.approval = d.Contract.approvals.byID(id)
	return d.stay(q)
}

// stay closes a decision that leaves the status and moves nothing. The revision
// grows only if something was recorded.
func (d *Decision) stay(q *ask) *Error {
	next := &d.Contract
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
	return max(int(q.cell(q.c, r.quorum).lo), 1)
}

// separate reports whether whoever asked is not enough.
func (q *ask) separate(r *rule) bool { return r.hasDuties && q.cell(q.c, r.duties).lo != 0 }

// proposed works out what the question's command would move.
func (q *ask) proposed(r *rule) ([]Movement, *Error) {
	var trial Decision
	own := *q
	own.trial = true
	if e := trial.execute(&own, r); e != nil {
		return nil, e
	}
	moves := make([]Movement, 0, trial.moved)
	for i := range trial.moved {
		m := trial.movementOf(i, "")
		m.revision, m.position, m.Basis = 0, 0, Basis{}
		moves = append(moves, m)
	}
	return moves, nil
}

// complete returns the question's command with all the terms that it leaves to
// the contract.
func (q *ask) complete(r *rule) (cmd Command, e *Error) {
	if r.CoSign.Completes == nil {
		return *q.cmd, nil
	}
	defer recoverInto(&e, r)
	values := r.CoSign.Completes(q.view(q.c))
	if values == nil {
		return *q.cmd, nil
	}
	cmd = q.cmd.act.Command(values...)
	if cmd.fault != nil || cmd.payload == nil {
		return cmd, cmd.fault
	}
	own := *q
	own.cmd = &cmd
	if e := own.payloadFault(); e != nil {
		return cmd, r.own(refuse(RuleFailed, "the completed command: "+e.message))
	}
	return cmd, nil
}

// request records that a rule waits for agreement. The same request again
// returns the same approval; other terms or other money supersede it.
func (d *Decision) request(q *ask, r *rule) *Error {
	cmd, e := q.complete(r)
	if e != nil {
		return e
	}
	asked := *q.cmd
	q.cmd = &cmd
	moves, e := q.proposed(r)
	if e != nil {
		return e
	}
	d.begin(q, r.ID, r.action)
	d.Command = asked
	fresh := q.approvalOf(r, moves)
	if old := d.Contract.matching(fresh, r); old != nil {
		if same := d.Contract.successor(old, fresh); same != nil {
			d.approval = same
			return d.stay(q)
		}
		if old.Status == ApprovalIsPending {
			d.Contract.resolve(ApprovalIsSuperseded, q.now, func(a *Approval) bool { return a == old })
		}
	}
	if !d.Contract.room(q, r) {
		return r.refusal(TooMany)
	}
	return d.wait(q, r, fresh)
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
	if r.CoSign.While != "" && next.place() != r.CoSign.While {
		d.enter(uint8(next.lifecycle.indexOf(r.CoSign.While)))
	}
	fresh.Hash = next.hashOf(fresh)
	b := next.edit()
	b.list = append(b.list, fresh)
	next.forget()
	d.approval = fresh
	return d.stay(q)
}

// matching returns the approval that a request takes up or supersedes: the pending
// one for the same, else the latest that a person's own terms superseded.
func (c *Contract) matching(fresh *Approval, r *rule) (found *Approval) {
	for _, a := range c.approvals.all() {
		if a.Type != fresh.Type || a.Target != fresh.Target || a.Account != fresh.Account && len(r.confirmers) == 0 {
			continue
		}
		if a.Status == ApprovalIsPending {
			found = a
		}
	}
	return found
}

// successor returns the approval that a repeated request is answered with: the
// pending one itself, or the one that a person's own terms made of its like.
func (c *Contract) successor(pending, fresh *Approval) *Approval {
	if pending.asks(fresh) {
		return pending
	}
	for a := c.approvals.byID(pending.Supersedes); a != nil; a = c.approvals.byID(a.Supersedes) {
		if a.asks(fresh) {
			return pending
		}
	}
	return nil
}

// asks reports whether two approvals are for the same.
func (a *Approval) asks(b *Approval) bool {
	return a.Type == b.Type && a.Target == b.Target && a.Account == b.Account &&
		a.Command.equal(b.Command) && sameMoney(a.Movements, b.Movements)
}

// room reports whether the account that asks may have one more pending approval. A
// person's request takes the place of the oldest that no person asked for, never
// of one that the status waits for; a request that ends the contract comes on top.
func (c *Contract) room(q *ask, r *rule) bool {
	n := 0
	var oldest *Approval
	awaited := c.awaited()
	for _, a := range c.approvals.all() {
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
		c.resolve(ApprovalIsSuperseded, q.now, func(a *Approval) bool { return a == oldest })
		return true
	}
	return false
}

// approvalOf returns the pending approval for the question's command.
func (q *ask) approvalOf(r *rule, moves []Movement) *Approval {
	c := q.c
	ttl := r.CoSign.Lifetime
	if r.hasTTL {
		ttl = seconds(q.cell(c, r.ttl).lo)
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
	if item := q.itemRecord(c); item != nil && r.group.target != nil {
		a.Target = item.texts[itemKey]
	}
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
	next := &d.Contract
	if r.cosigned && !q.onBehalf {
		target, account := "", q.actor.account()
		if item := q.itemRecord(q.c); item != nil && r.group.target != nil {
			target = item.texts[itemKey]
		}
		next.resolve(ApprovalIsSuperseded, q.now, func(a *Approval) bool {
			return a.Type == r.CoSign.Type && a.Target == target && a.Account == account
		})
	}
	if next.ended() || r.amends() {
		next.resolve(ApprovalIsSuperseded, q.now, func(*Approval) bool { return true })
	}
	next.forget()
}

// amends reports whether the rule changes terms.
func (r *rule) amends() bool {
	return slices.ContainsFunc(r.effects, func(e effect) bool { return e.op == effectAmend })
}

// sameMoney reports whether two proposals move the same money.
func sameMoney(a, b []Movement) bool {
	return slices.EqualFunc(a, b, func(x, y Movement) bool {
		return x.From == y.From && x.To == y.To && x.Amount == y.Amount && x.Reason == y.Reason
	})
}
