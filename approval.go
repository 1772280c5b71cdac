package escrow

import (
	"encoding/json"
	"slices"
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
