package oracle

import (
	"encoding/json"
	"slices"
)

// wrongOwnTerms: "A confirmation with terms of its own (dispositions, an adjusted
// milestone)" on another type of approval is malformed or disposition_invalid.
// The terms themselves are judged while the approval is pending. (chosen)
func (s *scene) wrongOwnTerms() *refusal {
	a := s.c.approval(s.cmd.ApprovalID)
	if a == nil {
		return nil
	}
	if s.cmd.Milestone != nil && a.Type != "proposal_hire" {
		return s.invalidField("malformed", "milestone")
	}
	if s.cmd.Dispositions != nil && a.Type != "contract_end" {
		return s.invalidField("disposition_invalid", "dispositions")
	}
	if s.cmd.Milestone != nil && s.cmd.Milestone.ID != "" {
		return s.invalidField("malformed", "milestone.id")
	}
	if a.statusAt(s.now) != "pending" {
		return nil
	}
	if no := s.changedTerms(); no != nil {
		return no
	}
	if no := s.unreadableDispositions(); no != nil {
		return no
	}
	return s.wrongDispositions()
}

// answerable: approval_confirmed, approval_declined, approval_expired,
// approval_superseded, or approval_stale for a hash "that is not the approval's own".
func (s *scene) answerable(a *approval) *refusal {
	if status := a.statusAt(s.now); status != "pending" {
		return s.conflict("approval_" + status)
	}
	if s.cmd.Seen != "" && s.cmd.Seen != a.Hash {
		return s.conflict("approval_stale")
	}
	return nil
}

// answer is what people say to an approval.
func (s *scene) answer() (*decision, *refusal) {
	a := s.c.approval(s.cmd.ApprovalID)
	if a == nil {
		return nil, s.conflict("approval_resolved")
	}
	if no := s.answerable(a); no != nil {
		return nil, no
	}
	switch s.cmd.Action {
	case "decline_approval":
		return s.declineApproval(a)
	case "revoke_confirmation":
		return s.revoke(a)
	}
	return s.confirm(a)
}

// declineApproval is AP-2: "Declining a hire makes the contract not-hired."
func (s *scene) declineApproval(a *approval) (*decision, *refusal) {
	d := s.decide("AP-2", moment{s.now})
	s.c.foldExpiries(s.now)
	a.resolve("declined", moment{s.now})
	d.Approval = a
	if a.Type == "proposal_hire" {
		d.To = "not-hired"
		s.c.supersedeAll(moment{s.now})
	}
	return s.finish(d)
}

// revoke is AP-4: "takes one's own confirmation back while the approval is pending; one
// not given is conflict not_confirmed_by_you".
func (s *scene) revoke(a *approval) (*decision, *refusal) {
	i := slices.Index(a.ConfirmedBy, s.who.User)
	if i < 0 {
		return nil, s.conflict("not_confirmed_by_you")
	}
	d := s.decide("AP-4", moment{s.now})
	s.c.foldExpiries(s.now)
	a.ConfirmedBy = slices.Delete(a.ConfirmedBy, i, i+1)
	d.Approval = a
	return s.finish(d)
}

// confirm is AP-1: engine.md, "confirm". "People are counted by user."
func (s *scene) confirm(a *approval) (*decision, *refusal) {
	c, me := s.c, s.who.User
	if s.stale(a) {
		return nil, s.conflict("approval_stale")
	}
	// "Terms that equal the proposal's change nothing."
	p := s.propose(s.withOwnTerms(a))
	named := s.cmd.Milestone != nil || s.cmd.Dispositions != nil
	changed := !a.shows(p)
	users := slices.Clone(a.ConfirmedBy)
	if !slices.Contains(users, me) {
		users = append(users, me)
	}
	again := len(users) == len(a.ConfirmedBy) // "confirming twice changes nothing"
	enough := len(users) >= int(a.Quorum)
	others := slices.ContainsFunc(users, func(user string) bool { return user != a.RequestedBy })
	// "A confirmation of unchanged terms by which the author alone would reach the
	// quorum is separate_duties, and is not recorded."
	if !changed && !again && enough && c.ot.SeparateDuties && !others {
		return nil, s.conflict("separate_duties")
	}
	// "asked only while nobody has named them".
	if a.Type == "contract_end" && a.TermsBy == "" && s.leavesOut(s.cmd.Dispositions) {
		return nil, s.invalid("disposition_required")
	}
	d := s.decide("AP-1", moment{s.now})
	folded := c.foldExpiries(s.now)
	if changed && !s.direct() {
		return s.replace(d, a, p)
	}
	d.Approval = a
	// "termsBy names the human", also "where they equal the proposal's".
	author := named && a.TermsBy == ""
	if author || changed {
		a.TermsBy = me
	}
	complete := enough && (!c.ot.SeparateDuties || others)
	if again && !complete && !author && !folded {
		return s.unchanged(d)
	}
	a.ConfirmedBy = users
	if !complete {
		return s.finish(d)
	}
	a.take(p, c)
	return s.execute(d, a, p)
}

// replace: "Otherwise it supersedes the approval by a new one with a new id (supersedes;
// supersededBy on the old one) with this human as requestedBy and first in confirmedBy,
// and waits".
func (s *scene) replace(d *decision, a *approval, p *proposal) (*decision, *refusal) {
	fresh := s.newApproval(p)
	fresh.TermsBy, fresh.ConfirmedBy = s.who.User, []string{s.who.User}
	fresh.Supersedes, a.SupersededBy = a.ID, fresh.ID
	a.resolve("superseded", moment{s.now})
	s.c.Approvals = append(s.c.Approvals, fresh)
	if p.kind == "proposal_hire" {
		s.c.Milestones[0].take(p.command.Milestone)
	}
	d.Approval = fresh
	return s.finish(d)
}

// execute: "when the approval is complete the command's transition and movements
// happen and it is confirmed, in the same decision".
func (s *scene) execute(d *decision, a *approval, p *proposal) (*decision, *refusal) {
	d.Executes = p.rule
	d.Movements = append(d.Movements, p.movements...)
	a.resolve("confirmed", moment{s.now})
	d.To = s.apply(p)
	if terminal(d.To) {
		s.c.supersedeAll(moment{s.now})
	}
	a.Result = s.result(p)
	return s.finish(d)
}

// stale: "the command is run again on the current snapshot, acting for the account that
// asked. If it is now refused, or would move other money than the approval shows".
func (s *scene) stale(a *approval) bool {
	if s.state(a.Command.Action, a.MilestoneID) != nil {
		return true
	}
	p := s.propose(a.Command)
	return p.rule == "OT-5" || !a.moves(p)
}

// withOwnTerms is the approval's command with what the confirmation changes: "A
// milestone they leave out keeps the proposal's disposition"; "the human's values win".
func (s *scene) withOwnTerms(a *approval) *command {
	cmd := *a.Command
	switch a.Type {
	case "proposal_hire":
		cmd.Milestone = a.Command.Milestone.with(s.cmd.Milestone)
	case "contract_end":
		cmd.Dispositions = slices.Concat(s.cmd.Dispositions, a.Command.Dispositions)
	}
	return &cmd
}

// result is opentrain.md: "result after a confirmation".
func (s *scene) result(p *proposal) json.RawMessage {
	var result map[string]any
	switch p.kind {
	case "contract_end":
		result = map[string]any{"contractEnded": true}
	case "proposal_hire":
		result = map[string]any{"hired": true, "contractId": s.c.ID, "freelancerUserId": s.c.Worker}
		if s.c.JobID != "" {
			result["jobId"] = s.c.JobID
		}
	default:
		ids := []string{}
		for i := range p.movements {
			ids = append(ids, s.movementID("AP-1", i, s.c.Revision+1))
		}
		result = map[string]any{"movements": ids}
	}
	raw, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	return raw
}
