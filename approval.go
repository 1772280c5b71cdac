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
type approvals struct {
	list []*Approval
	few  [6]*Approval // room for most lists
}

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
	for _, r := range c.lifecycle.waiting[c.status] {
		for _, a := range c.approvals.list {
			if a.Type == r.CoSign.Type && a.Status == ApprovalIsPending {
				return a
			}
		}
	}
	return nil
}

// edit gives the snapshot under construction approvals of its own, once.
func (d *Decision) edit() *approvals {
	c := &d.Contract
	if d.owned&ownedApprovals == 0 {
		d.owned |= ownedApprovals
		own, old := new(approvals), c.approvals.all()
		if own.list = own.few[:0]; len(old) >= len(own.few) {
			own.list = make([]*Approval, 0, len(old)+1)
		}
		own.list = append(own.list, old...)
		c.approvals = own
	}
	return c.approvals
}

// change replaces an approval by a changed copy, nil when it is not kept.
func (d *Decision) change(id string, change func(*Approval)) *Approval {
	for i, a := range d.Contract.approvals.all() {
		if a.ID == id {
			own := *a
			change(&own)
			d.edit().list[i] = &own
			return &own
		}
	}
	return nil
}

// conclude ends every pending approval that is meant, at the decision's instant; one
// that expires, at its own.
func (d *Decision) conclude(to ApprovalStatus, meant func(*Approval) bool) {
	for i, a := range d.Contract.approvals.all() {
		if a.Status != ApprovalIsPending || !meant(a) {
			continue
		}
		own := *a
		own.Status, own.ResolvedAt = to, d.at.time()
		if to == ApprovalIsExpired {
			own.ResolvedAt = a.ExpiresAt
		}
		d.edit().list[i] = &own
	}
}

// fold records the approvals that have expired by the decision's instant.
func (d *Decision) fold() {
	d.conclude(ApprovalIsExpired, func(a *Approval) bool { return !d.at.before(instantOf(a.ExpiresAt)) })
}

// forget drops resolved approvals above what a snapshot keeps.
func (d *Decision) forget() {
	if b := d.Contract.approvals; b != nil && len(b.list) > maxResolved {
		d.Contract.approvals = b.kept()
	}
}

// kept returns the approvals without the resolved ones above what a snapshot keeps:
// the oldest of those that led to nothing go first, confirmed ones last.
func (b *approvals) kept() *approvals {
	over := len(b.list) - b.pending() - maxResolved
	if over <= 0 {
		return b
	}
	list := slices.Clone(b.list)
	for _, confirmed := range []bool{false, true} {
		list = slices.DeleteFunc(list, func(a *Approval) bool {
			drop := over > 0 && a.Status != ApprovalIsPending && (a.Status == ApprovalIsConfirmed) == confirmed
			if drop {
				over--
			}
			return drop
		})
	}
	return &approvals{list: list}
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
	q.now = q.c.notBefore(earliest)
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
