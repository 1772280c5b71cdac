package escrow

import (
	"crypto/sha256"
	"encoding/hex"
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

// Approval is a human co-signature that an action waits for. It is bound to the
// exact command and movements by its hash: it can be spent once, never after its
// expiry, never for other terms and never on another contract.
type Approval struct {
	ID   string
	Type string
	// Status is as last recorded; [Approval.StatusAt] tells it at an instant.
	Status      ApprovalStatus
	ContractID  string
	MilestoneID string
	JobID       string
	ProposalID  string
	// ApprovalURL is the application's to fill.
	ApprovalURL string
	ExpiresAt   time.Time
	// ResolvedAt is when it ended, for an expiry ExpiresAt; zero while pending.
	ResolvedAt time.Time
	// Result is what a confirmation led to, as JSON; the application may add
	// its own evidence.
	Result    json.RawMessage
	CreatedAt time.Time

	// RequestedBy is the user who asked, Account the account asked for.
	RequestedBy string
	Account     string
	// Command is the action with all its terms, Movements what it would move.
	Command   Command
	Movements []Movement
	// Hash is SHA-256 over contract, type, milestone, command and movements, in
	// hexadecimal.
	Hash string
	// Quorum is how many humans must confirm, ConfirmedBy who has.
	Quorum      int
	ConfirmedBy []string
}

// StatusAt returns the status at an instant: pending and not before ExpiresAt is
// expired, whether or not anyone has looked.
func (a Approval) StatusAt(now time.Time) ApprovalStatus {
	if a.Status == ApprovalIsPending && !now.Before(a.ExpiresAt) {
		return ApprovalIsExpired
	}
	return a.Status
}

// Approvals returns the approvals, oldest first.
func (c *Contract) Approvals() []Approval {
	list := slices.Clone(c.approvals())
	for i := range list {
		list[i] = list[i].clone()
	}
	return list
}

func (a Approval) clone() Approval {
	a.Movements, a.ConfirmedBy = slices.Clone(a.Movements), slices.Clone(a.ConfirmedBy)
	a.Result = slices.Clone(a.Result)
	switch cmd := a.Command.(type) {
	case Hire:
		t := *cmd.Milestone
		a.Command = Hire{&t}
	case End:
		a.Command = End{slices.Clone(cmd.Dispositions)}
	}
	return a
}

// hasPending reports whether an approval is recorded as pending.
func (c *Contract) hasPending() bool {
	return slices.ContainsFunc(c.approvals(), func(a Approval) bool { return a.Status == ApprovalIsPending })
}

// nextExpiry returns when the next pending approval expires, unset when none is.
func (c *Contract) nextExpiry() (at instant) {
	for _, a := range c.approvals() {
		if e := instantOf(a.ExpiresAt); a.Status == ApprovalIsPending && (at.isZero() || e.before(at)) {
			at = e
		}
	}
	return at
}

// awaited returns the position of the approval that the contract's status waits
// for, -1 when there is none.
func (c *Contract) awaited() int {
	for i := range c.law.rules {
		r := &c.law.rules[i]
		if r.CoSign.While == "" || r.CoSign.While != c.Status() {
			continue
		}
		for i, a := range c.approvals() {
			if a.Type == r.CoSign.Type && a.Status == ApprovalIsPending {
				return i
			}
		}
	}
	return -1
}

// fold records the approvals that have expired by now.
func (c *Contract) fold(now instant) {
	expiry := c.nextExpiry()
	if expiry.isZero() || now.before(expiry) {
		return
	}
	b := c.openBook()
	for i := range b.approvals {
		a := &b.approvals[i]
		if a.StatusAt(now.time()) != a.Status {
			a.Status, a.ResolvedAt = ApprovalIsExpired, a.ExpiresAt
		}
	}
}

// expire is rule AP-3: it records all approvals that are past, at the earliest
// of their instants.
func (d *Decision) expire(q *ask, earliest instant) *Error {
	first := slices.IndexFunc(q.c.approvals(), func(a Approval) bool {
		return a.Status == ApprovalIsPending && instantOf(a.ExpiresAt) == earliest
	})
	d.begin(q, &rule{Rule: Rule{ID: approvalExpiry}, action: actionAdvance})
	d.at, d.approval = earliest, first+1
	return d.stay(q)
}

// stay closes a decision that leaves the status and moves nothing. The revision
// grows only if something was recorded.
func (d *Decision) stay(q *ask) *Error {
	if d.Contract.book != q.c.book || d.Contract.status != q.c.status {
		d.Contract.revision++
	}
	d.To = d.Contract.Status()
	if !d.audit(q.c) {
		return refuse(Unbalanced, "").of(d.Action, d.Rule)
	}
	return nil
}

// direct reports whether the actor is a human whose word alone is enough.
func (q *ask) direct() bool {
	p := &q.c.terms.policy
	return q.actor.isHuman() && p.Quorum <= 1 && !p.SeparateDuties
}

// waits reports whether the rule has to wait for a human.
func (q *ask) waits(r *rule) bool { return r.CoSign.Type != "" && !q.onBehalf && !q.direct() }

// proposed works out what a command with all its terms would move.
func (q *ask) proposed(r *rule, cmd Command) ([]Movement, *Error) {
	var trial Decision
	own := *q
	own.proposal = true
	trial.begin(&own, r)
	trial.transition(&own, cmd, r)
	if e := trial.finish(&own, cmd, r); e != nil {
		return nil, e
	}
	moves := make([]Movement, 0, trial.moved)
	for _, m := range trial.Movements() {
		moves = append(moves, m)
	}
	return moves, nil
}

// complete returns a command with all the terms that it leaves to the contract.
func (q *ask) complete(cmd Command) Command {
	switch cmd.(type) {
	case Hire:
		m, _ := q.c.milestoneOf(q.firstMilestone(cmd), "milestone")
		t := q.c.termsOf(m)
		return Hire{&t}
	case End:
		all := []Disposition{}
		for _, m := range q.c.milestones() {
			if m.Status == ActiveFunded {
				all = append(all, Disposition{m.ID, q.disposition(cmd, &m)})
			}
		}
		return End{all}
	}
	return cmd
}

// request records that a rule waits for its co-signature. The same request
// again returns the same approval; other terms or other money supersede it.
func (d *Decision) request(q *ask, asked Command, r *rule) *Error {
	cmd := q.complete(asked)
	moves, e := q.proposed(r, cmd)
	if e != nil {
		return e
	}
	d.begin(q, r)
	fresh := q.approvalOf(r, cmd, moves)
	if i := d.Contract.pending(fresh.Type, fresh.MilestoneID, fresh.Account); i >= 0 {
		if d.Contract.book.approvals[i].Hash == fresh.Hash {
			d.approval = i + 1
			return d.stay(q)
		}
		resolve(&d.Contract.openBook().approvals[i], ApprovalIsSuperseded, q.now)
	}
	next := &d.Contract
	if len(next.approvals()) >= maxApprovals && !next.makeRoom(r) {
		return r.refusal(TooMany)
	}
	for i := range r.CoSign.Sets {
		r.CoSign.Sets[i].apply(q, cmd, next)
	}
	if q.c.status == 0 {
		next.createdAt = q.now
	}
	if r.CoSign.While != "" {
		next.enter(uint8(next.law.indexOf(r.CoSign.While)))
	}
	b := next.openBook()
	b.approvals = append(b.approvals, fresh)
	d.approval = len(b.approvals)
	return d.stay(q)
}

// makeRoom reports whether a full contract takes one more approval: only one that
// ends it, for no number of approvals may lock money. The oldest that is resolved
// makes room; if all are pending, it is one more than the others may be.
func (c *Contract) makeRoom(r *rule) bool {
	if r.to == sameStatus || c.law.terminal&(1<<r.to) == 0 {
		return false
	}
	b := c.openBook()
	if i := slices.IndexFunc(b.approvals, func(a Approval) bool { return a.Status != ApprovalIsPending }); i >= 0 {
		b.approvals = slices.Delete(b.approvals, i, i+1)
	}
	return true
}

// approvalOf returns the pending approval for a command with all its terms.
func (q *ask) approvalOf(r *rule, cmd Command, moves []Movement) Approval {
	c, expires := q.c, q.now.plus(q.c.terms.policy.ApprovalTTL)
	if r.Window.kind == windowBefore {
		if end := r.Window.moment.at(c); !end.isZero() && end.before(expires) {
			expires = end
		}
	}
	a := Approval{
		ID:   c.terms.id + "-ap-" + strconv.FormatUint(c.revision+1, 10),
		Type: r.CoSign.Type, Status: ApprovalIsPending,
		ContractID: c.terms.id, JobID: c.terms.jobID,
		ExpiresAt: expires.time(), CreatedAt: q.now.time(),
		RequestedBy: q.actor.user(), Account: q.actor.account(),
		Command: cmd, Movements: moves, Quorum: max(c.terms.policy.Quorum, 1),
	}
	if _, hire := cmd.(Hire); hire {
		a.ProposalID = c.terms.proposalID
	} else if i := q.milestone(cmd); i >= 0 {
		a.MilestoneID = c.milestones()[i].ID
	}
	a.Hash = a.hash()
	return a
}

// hash binds an approval to what it is for.
func (a *Approval) hash() string {
	w := writer{}
	w.open('{')
	w.text("contractId", a.ContractID)
	w.text("type", a.Type)
	w.text("milestoneId", a.MilestoneID)
	w.key("command")
	w.command(a.Command)
	w.proposals(a.Movements)
	w.close('}')
	sum := sha256.Sum256(w.buf)
	return hex.EncodeToString(sum[:])
}

// pending returns the position of the pending approval of a type for a target
// and account, -1 when there is none.
func (c *Contract) pending(kind, milestone, account string) int {
	return slices.IndexFunc(c.approvals(), func(a Approval) bool {
		return a.Status == ApprovalIsPending && a.Type == kind && a.MilestoneID == milestone && a.Account == account
	})
}

func resolve(a *Approval, to ApprovalStatus, now instant) { a.Status, a.ResolvedAt = to, now.time() }

// supersede resolves what a transition made pointless: the pending approval of
// what a human has now done directly and, once the contract has ended, all.
func (d *Decision) supersede(q *ask, cmd Command, r *rule) {
	next := &d.Contract
	if r.CoSign.Type != "" && !q.onBehalf {
		target := ""
		if _, hire := cmd.(Hire); !hire && q.milestone(cmd) >= 0 {
			target = next.milestones()[q.milestone(cmd)].ID
		}
		if i := next.pending(r.CoSign.Type, target, q.actor.account()); i >= 0 {
			resolve(&next.openBook().approvals[i], ApprovalIsSuperseded, q.now)
		}
	}
	if next.IsTerminal() && next.hasPending() {
		b := next.openBook()
		for i := range b.approvals {
			if b.approvals[i].Status == ApprovalIsPending {
				resolve(&b.approvals[i], ApprovalIsSuperseded, q.now)
			}
		}
	}
}
