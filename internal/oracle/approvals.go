package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// approval is opentrain.md, "The approval record".
type approval struct {
	ID              string          `json:"id"`
	Type            string          `json:"type"`
	Status          string          `json:"status"`
	ContractID      string          `json:"contractId,omitempty"`
	MilestoneID     ident           `json:"milestoneId,omitempty"`
	JobID           string          `json:"jobId,omitempty"`
	ProposalID      string          `json:"proposalId,omitempty"`
	ApprovalURL     string          `json:"approvalUrl,omitempty"`
	ExpiresAt       moment          `json:"expiresAt,omitzero"`
	ResolvedAt      moment          `json:"resolvedAt,omitzero"`
	Result          json.RawMessage `json:"result,omitempty"`
	CreatedAt       moment          `json:"createdAt,omitzero"`
	RequestedBy     string          `json:"requestedBy,omitempty"`
	RequestedByKind string          `json:"requestedByKind,omitempty"`
	TermsBy         string          `json:"termsBy,omitempty"`
	Account         string          `json:"account,omitempty"`
	Confirmers      []string        `json:"confirmers"`

	Command      *command   `json:"command"`
	Movements    []movement `json:"movements"`
	Hash         string     `json:"hash"`
	Quorum       count      `json:"quorum"`
	ConfirmedBy  []string   `json:"confirmedBy"`
	Supersedes   string     `json:"supersedes,omitempty"`
	SupersededBy string     `json:"supersededBy,omitempty"`
}

// fillIn gives a stored approval what it may leave out.
func (a *approval) fillIn(c *contract) {
	if absent(a.Result) {
		a.Result = nil
	}
	if a.ConfirmedBy == nil {
		a.ConfirmedBy = []string{}
	}
	if a.Movements == nil {
		a.Movements = []movement{}
	}
	if a.Confirmers == nil {
		a.Confirmers = []string{a.Account}
	}
	a.ContractID, a.RequestedByKind = c.ID, orElse(a.RequestedByKind, "agent") // (chosen)
	if a.Hash == "" {
		a.Hash = a.hash(c)
	}
}

func (c *contract) approval(id string) *approval {
	for _, a := range c.Approvals {
		if a.ID == id {
			return a
		}
	}
	return nil
}

func (c *contract) pending(kind string, milestone ident) *approval {
	for _, a := range c.Approvals {
		if a.Status == "pending" && a.Type == kind && a.MilestoneID == milestone {
			return a
		}
	}
	return nil
}

// statusAt: "pending and now >= expiresAt is expired, whether or not anyone has looked".
func (a *approval) statusAt(now time.Time) string {
	if a.Status == "pending" && !now.Before(a.ExpiresAt.Time) {
		return "expired"
	}
	return a.Status
}

func (a *approval) resolve(status string, at moment) { a.Status, a.ResolvedAt = status, at }

// foldExpiries: "Every decision first folds in the expiries that are not after its
// own instant: status expired, resolvedAt = expiresAt."
func (c *contract) foldExpiries(now time.Time) (folded bool) {
	for _, a := range c.Approvals {
		if a.Status == "pending" && a.statusAt(now) == "expired" {
			a.resolve("expired", a.ExpiresAt)
			folded = true
		}
	}
	if folded {
		c.forget()
	}
	return folded
}

// forget: "Of resolved ones the snapshot keeps 100 (superseded, expired and declined
// ones go first, confirmed ones last)", of each the oldest.
func (c *contract) forget() {
	for _, goes := range []func(*approval) bool{
		func(a *approval) bool { return a.Status != "pending" && a.Status != "confirmed" },
		func(a *approval) bool { return a.Status == "confirmed" },
	} {
		for c.countResolved() > 100 {
			i := slices.IndexFunc(c.Approvals, goes)
			if i < 0 {
				break
			}
			c.Approvals = slices.Delete(c.Approvals, i, i+1)
		}
	}
}

func (c *contract) countResolved() (n int) {
	for _, a := range c.Approvals {
		if a.Status != "pending" {
			n++
		}
	}
	return n
}

func (c *contract) supersede(kind string, milestone ident, now time.Time) {
	if a := c.pending(kind, milestone); a != nil {
		a.resolve("superseded", moment{now})
	}
}

// supersedeAll: "A contract that becomes terminal leaves no pending approval".
func (c *contract) supersedeAll(now time.Time) {
	for _, a := range c.Approvals {
		if a.Status == "pending" {
			a.resolve("superseded", moment{now})
		}
	}
}

// asks: "Compared are type, target, account, completed command and movements,
// never the hash."
func (a *approval) asks(b *approval) bool {
	return a.Type == b.Type && a.MilestoneID == b.MilestoneID && a.Account == b.Account &&
		canonical(inJSON(a.Command)) == canonical(inJSON(b.Command)) && sameMoney(a.Movements, b.Movements)
}

func sameMoney(a, b []movement) bool {
	return slices.EqualFunc(a, b, func(x, y movement) bool {
		return x.From == y.From && x.To == y.To && x.Reason == y.Reason && x.Amount.rat().Cmp(y.Amount.rat()) == 0
	})
}

// repeated: "A request equal to one that a person's own terms superseded returns its
// successor while that is pending".
func (c *contract) repeated(pending, fresh *approval) bool {
	for a := pending; a != nil; a = c.approval(a.Supersedes) {
		if a.asks(fresh) {
			return true
		}
	}
	return false
}

// room: "At most 100 pending approvals for each asking account; a human's request
// supersedes the oldest of the same account that no human asked for, never one that
// the status waits for; a request whose rule ends the contract comes on top."
func (s *scene) room(kind string) bool {
	var oldest *approval
	n := 0
	for _, a := range s.c.Approvals {
		if a.Status != "pending" || a.Account != s.who.Account {
			continue
		}
		n++
		awaited := s.c.Status == "proposed" && a.Type == "proposal_hire"
		if oldest == nil && a.RequestedByKind != "human" && !awaited {
			oldest = a
		}
	}
	switch {
	case n < 100 || kind == "contract_end":
		return true
	case s.who.Kind == "human" && oldest != nil:
		oldest.resolve("superseded", moment{s.now})
		return true
	}
	return false
}

// fresh is a pending approval of a proposal.
func (s *scene) fresh(p *proposal) *approval {
	c := s.c
	a := &approval{
		ID: fmt.Sprintf("%s-ap-%d", c.ID, c.Revision+1), Type: p.kind, Status: "pending", ContractID: c.ID,
		MilestoneID: p.milestoneID, JobID: c.JobID,
		ExpiresAt: c.ot.ApprovalTTL.after(s.now), CreatedAt: moment{s.now},
		RequestedBy: s.who.person(), RequestedByKind: s.who.Kind, Account: s.who.Account, Confirmers: []string{s.who.Account},
		Quorum: c.ot.Quorum, ConfirmedBy: []string{},
	}
	if p.kind == "proposal_hire" {
		a.ProposalID = c.ProposalID
	}
	a.take(c, p)
	return a
}

// ask is engine.md, "Approvals": "the decision moves no money and no status (the
// first hire excepted). It adds a pending approval to the snapshot".
func (s *scene) ask(p *proposal) (*decision, *refusal) {
	c := s.c
	d := s.decide(p.rule, moment{s.now})
	next := s.fresh(p)
	folded := c.foldExpiries(s.now)
	// "The same request again returns the same approval, with no change to the snapshot."
	if old := c.pending(p.kind, p.milestoneID); old != nil && c.repeated(old, next) {
		d.Approval = old
		if folded {
			return s.finish(d)
		}
		return s.unchanged(d)
	}
	c.supersede(p.kind, p.milestoneID, s.now)
	if !s.room(p.kind) {
		return nil, s.conflict("too_many")
	}
	s.found()
	return s.wait(d, next)
}

// wait keeps a new pending approval.
func (s *scene) wait(d *decision, next *approval) (*decision, *refusal) {
	s.c.Approvals = append(s.c.Approvals, next)
	s.c.forget()
	d.Approval = next
	if next.Type == "proposal_hire" {
		d.To = "proposed"
		s.c.Milestones[0].take(next.Command.Milestone)
	}
	return s.finish(d)
}

// take writes a proposal into the approval: command, movements and hash.
func (a *approval) take(c *contract, p *proposal) {
	a.Command = p.command
	a.Movements = []movement{}
	for _, m := range p.movements {
		a.Movements = append(a.Movements, movement{From: m.From, To: m.To, Amount: m.Amount, Reason: m.Reason})
	}
	a.Hash = a.hash(c)
}

// otAdvance is OT-7 and AP-3.
func (s *scene) otAdvance() (*decision, *refusal) {
	next, first := s.hireDeadline(), (*approval)(nil)
	for _, a := range s.c.Approvals {
		if a.Status == "pending" && (first == nil || a.ExpiresAt.Before(first.ExpiresAt.Time)) {
			first = a
		}
	}
	if next == nil && first != nil {
		next = &deadline{"AP-3", "expiresAt", first.ExpiresAt}
	}
	if !next.due(s) {
		return nil, s.nothingDue(next)
	}
	// "An advance with nothing but expiries to record is rule AP-3: it records those
	// of the earliest instant, at that instant".
	d := s.decide(next.rule, next.at)
	if next.rule == "OT-7" {
		d.To = "not-hired"
		d.Approval = s.c.pending("proposal_hire", "")
		s.c.foldExpiries(next.at.Time)
		s.c.supersedeAll(next.at.Time)
		s.c.forget()
		return s.finish(d)
	}
	d.Approval = first
	s.c.foldExpiries(next.at.Time)
	return s.finish(d)
}
