package oracle

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// approval is opentrain.md, "The approval record".
type approval struct {
	ID           string          `json:"id"`
	Type         string          `json:"type"`
	Status       string          `json:"status"`
	ContractID   string          `json:"contractId,omitempty"`
	MilestoneID  ident           `json:"milestoneId,omitempty"`
	JobID        string          `json:"jobId,omitempty"`
	ProposalID   string          `json:"proposalId,omitempty"`
	ApprovalURL  string          `json:"approvalUrl,omitempty"`
	ExpiresAt    moment          `json:"expiresAt,omitzero"`
	ResolvedAt   moment          `json:"resolvedAt,omitzero"`
	Result       json.RawMessage `json:"result,omitempty"`
	CreatedAt    moment          `json:"createdAt,omitzero"`
	RequestedBy  string          `json:"requestedBy,omitempty"`
	AskedAs      string          `json:"requestedByKind"`
	TermsBy      string          `json:"termsBy,omitempty"`
	Account      string          `json:"account,omitempty"`
	Confirmers   []string        `json:"confirmers"`
	Command      *command        `json:"command"`
	Movements    []movement      `json:"movements"`
	Hash         string          `json:"hash"`
	Quorum       count           `json:"quorum"`
	ConfirmedBy  []string        `json:"confirmedBy"`
	Supersedes   string          `json:"supersedes,omitempty"`
	SupersededBy string          `json:"supersededBy,omitempty"`
}

// fillIn gives a stored approval what it may leave out. (chosen)
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
	a.Account, a.AskedAs = orElse(a.Account, string(c.Client)), orElse(a.AskedAs, "agent")
	a.Confirmers = []string{a.Account}
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

// pending is the approval that waits for the same type, target and account.
func (c *contract) pending(kind string, milestone ident, account string, now time.Time) *approval {
	for _, a := range c.Approvals {
		if a.Type == kind && a.MilestoneID == milestone && a.Account == account && a.statusAt(now) == "pending" {
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

// foldExpiries: "Every decision first folds in the expiries that are not after its own
// instant: status expired, resolvedAt = expiresAt."
func (c *contract) foldExpiries(at time.Time) (folded bool) {
	for _, a := range c.Approvals {
		if a.Status == "pending" && a.statusAt(at) == "expired" {
			a.resolve("expired", a.ExpiresAt)
			folded = true
		}
	}
	return folded
}

// supersedeAll: "A contract that becomes terminal leaves no pending approval".
func (c *contract) supersedeAll(at moment) {
	for _, a := range c.Approvals {
		if a.Status == "pending" {
			a.resolve("superseded", at)
		}
	}
}

// forget: "Of resolved ones the snapshot keeps 100 (superseded, expired and declined
// ones go first, confirmed ones last)"; of those the oldest. (chosen)
func (c *contract) forget() {
	resolved := 0
	for _, a := range c.Approvals {
		if a.Status != "pending" {
			resolved++
		}
	}
	for ; resolved > 100; resolved-- {
		i := slices.IndexFunc(c.Approvals, func(a *approval) bool { return a.Status != "pending" && a.Status != "confirmed" })
		if i < 0 {
			i = slices.IndexFunc(c.Approvals, func(a *approval) bool { return a.Status == "confirmed" })
		}
		c.Approvals = slices.Delete(c.Approvals, i, i+1)
	}
}

// forgotten: "an id of this contract's own form, not after its revision, that is no
// longer kept".
func (c *contract) forgotten(id string) bool {
	text, own := strings.CutPrefix(id, c.ID+"-ap-")
	n, err := strconv.ParseUint(text, 10, 64)
	return own && err == nil && n > 0 && strconv.FormatUint(n, 10) == text && n <= uint64(c.Revision)
}

// ask is engine.md, "Approvals": "the decision moves no money and no status (a first
// hire … excepted). It adds a pending approval".
func (s *scene) ask(p *proposal) (*decision, *refusal) {
	c := s.c
	d := s.decide(p.rule, moment{s.now})
	folded := c.foldExpiries(s.now)
	old := c.pending(p.kind, p.milestoneID, s.who.Account, s.now)
	if old != nil && s.repeats(p, old) {
		d.Approval = old
		if folded {
			return s.finish(d)
		}
		return s.unchanged(d)
	}
	if old != nil { // "Different terms, or different money, … supersede"
		old.resolve("superseded", moment{s.now})
	}
	if !s.room(p) {
		return nil, s.conflict("too_many")
	}
	d.Approval = s.newApproval(p)
	s.found()
	c.Approvals = append(c.Approvals, d.Approval)
	if p.kind == "proposal_hire" {
		d.To = "proposed"
		c.Milestones[0].take(p.command.Milestone)
	}
	return s.finish(d)
}

// newApproval is a proposal as it waits from now on, asked for by the actor.
func (s *scene) newApproval(p *proposal) *approval {
	c := s.c
	a := &approval{
		ID: fmt.Sprintf("%s-ap-%d", c.ID, c.Revision+1), Type: p.kind, Status: "pending", ContractID: c.ID,
		MilestoneID: p.milestoneID, JobID: c.JobID,
		ExpiresAt: c.ot.ApprovalTTL.after(s.now), CreatedAt: moment{s.now},
		RequestedBy: s.who.asker(), AskedAs: s.who.Kind, Account: s.who.Account, Confirmers: []string{s.who.Account},
		Quorum: c.ot.Quorum, ConfirmedBy: []string{},
	}
	if p.kind == "proposal_hire" {
		a.ProposalID = c.ProposalID
	}
	a.take(p, c)
	return a
}

// take writes a proposal into the approval: command, movements and hash.
func (a *approval) take(p *proposal, c *contract) {
	a.Command = p.command
	a.Movements = []movement{}
	for _, m := range p.movements {
		a.Movements = append(a.Movements, movement{From: m.From, To: m.To, Amount: m.Amount, Reason: m.Reason})
	}
	a.Hash = a.hash(c)
}

// shows: "Compared are type, target, account, completed command and movements, never
// the hash."
func (a *approval) shows(p *proposal) bool {
	return canonical(a.Command) == canonical(p.command) && a.moves(p)
}

// moves reports whether a proposal moves the money that the approval shows.
func (a *approval) moves(p *proposal) bool {
	return slices.EqualFunc(p.movements, a.Movements, func(m, shown movement) bool {
		return m.From == shown.From && m.To == shown.To && m.Reason == shown.Reason && m.Amount.rat().Cmp(shown.Amount.rat()) == 0
	})
}

// repeats: "The same request again returns the same approval". "A request equal to one
// that a person's own terms superseded returns its successor while that is pending".
func (s *scene) repeats(p *proposal, pending *approval) bool {
	for _, a := range s.c.Approvals {
		if !a.shows(p) || a.Account != s.who.Account || a.Type != p.kind || a.MilestoneID != p.milestoneID {
			continue
		}
		for heir := a; heir != nil; heir = s.c.approval(heir.SupersededBy) {
			if heir == pending {
				return true
			}
		}
	}
	return false
}

// room: "At most 100 pending approvals for each asking account (too_many); a human's
// request supersedes the oldest of the same account that no human asked for, never one
// that the status waits for; a request whose rule ends the contract comes on top."
func (s *scene) room(p *proposal) bool {
	var own []*approval
	for _, a := range s.c.Approvals {
		if a.Status == "pending" && a.Account == s.who.Account {
			own = append(own, a)
		}
	}
	if len(own) < 100 || p.kind == "contract_end" {
		return true
	}
	for _, a := range own {
		if s.who.Kind == "human" && a.AskedAs != "human" && a.Type != "proposal_hire" {
			a.resolve("superseded", moment{s.now})
			return true
		}
	}
	return false
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
	// "it records those of the earliest instant, at that instant".
	d := s.decide(next.rule, latest(next.at, s.c.DecidedAt))
	if next.rule == "OT-7" {
		d.To = "not-hired"
	}
	s.c.foldExpiries(d.At.Time)
	d.Approval = first
	return s.finish(d)
}
