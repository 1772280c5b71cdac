package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// approval is opentrain.md, "The approval record".
type approval struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Status      string          `json:"status"`
	ContractID  string          `json:"contractId,omitempty"`
	MilestoneID ident           `json:"milestoneId,omitempty"`
	JobID       string          `json:"jobId,omitempty"`
	ProposalID  string          `json:"proposalId,omitempty"`
	ApprovalURL string          `json:"approvalUrl,omitempty"`
	ExpiresAt   moment          `json:"expiresAt,omitzero"`
	ResolvedAt  moment          `json:"resolvedAt,omitzero"`
	Result      json.RawMessage `json:"result,omitempty"`
	CreatedAt   moment          `json:"createdAt,omitzero"`
	RequestedBy string          `json:"requestedBy,omitempty"`
	Account     string          `json:"account,omitempty"`
	Command     *command        `json:"command"`
	Movements   []movement      `json:"movements"`
	Hash        string          `json:"hash"`
	Quorum      count           `json:"quorum"`
	ConfirmedBy []string        `json:"confirmedBy"`
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
	a.ContractID = c.ID
	if a.Hash == "" {
		a.Hash = a.hash()
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

// foldExpiries: "Every decision first folds in the expiries that are past: status
// expired, resolvedAt = expiresAt."
func (c *contract) foldExpiries(now time.Time) (folded bool) {
	for _, a := range c.Approvals {
		if a.Status == "pending" && a.statusAt(now) == "expired" {
			a.resolve("expired", a.ExpiresAt)
			folded = true
		}
	}
	return folded
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

// ask is engine.md, "Approvals": "the decision moves no money and no status (the
// first hire excepted). It adds a pending approval to the snapshot".
func (s *scene) ask(p *proposal) (*decision, *refusal) {
	c := s.c
	d := s.decide(p.rule, moment{s.now})
	next := &approval{
		ID: fmt.Sprintf("%s-ap-%d", c.ID, c.Revision+1), Type: p.kind, Status: "pending", ContractID: c.ID,
		MilestoneID: p.milestoneID, JobID: c.JobID,
		ExpiresAt: c.ot.ApprovalTTL.after(s.now), CreatedAt: moment{s.now},
		RequestedBy: s.who.asker(), Account: s.who.Account, Quorum: c.ot.Quorum, ConfirmedBy: []string{},
	}
	if p.kind == "proposal_hire" {
		next.ProposalID = c.ProposalID
	}
	next.take(p)
	// "The same request again … returns the same approval, with no change to the snapshot."
	old := c.pending(p.kind, p.milestoneID)
	if old != nil && old.statusAt(s.now) == "pending" && old.Hash == next.Hash {
		d.Approval = old
		if c.foldExpiries(s.now) {
			return s.finish(d)
		}
		return s.unchanged(d)
	}
	// "At most 1,000 approvals: then too_many", but for the approval that ends the
	// contract, which takes the place of the oldest resolved one. (chosen)
	if len(c.Approvals) >= 1000 && p.kind != "contract_end" {
		return nil, s.conflict("too_many")
	}
	s.found()
	c.foldExpiries(s.now)
	c.supersede(p.kind, p.milestoneID, s.now)
	if len(c.Approvals) >= 1000 {
		oldest := slices.IndexFunc(c.Approvals, func(a *approval) bool { return a.Status != "pending" })
		if oldest >= 0 { // when all are pending, one more is kept (chosen)
			c.Approvals = slices.Delete(c.Approvals, oldest, oldest+1)
		}
	}
	c.Approvals = append(c.Approvals, next)
	d.Approval = next
	if p.kind == "proposal_hire" {
		d.To = "proposed"
		c.Milestones[0].take(p.command.Milestone)
	}
	return s.finish(d)
}

// take writes a proposal into the approval: command, movements and hash.
func (a *approval) take(p *proposal) {
	a.Command = p.command
	a.Movements = []movement{}
	for _, m := range p.movements {
		a.Movements = append(a.Movements, movement{From: m.From, To: m.To, Amount: m.Amount, Reason: m.Reason})
	}
	a.Hash = a.hash()
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
	// "An advance with nothing but expiries to record is rule AP-3: it records all
	// that are past, at the earliest of their instants."
	d := s.decide(next.rule, next.at)
	if next.rule == "OT-7" {
		d.To = "not-hired"
	}
	s.c.foldExpiries(s.now)
	d.Approval = first
	return s.finish(d)
}
