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
	return s.wrongDispositions()
}

// resolved: approval_confirmed, approval_declined, approval_expired, approval_superseded.
func (s *scene) resolved(a *approval) *refusal {
	if status := a.statusAt(s.now); status != "pending" {
		return s.conflict("approval_" + status)
	}
	return nil
}

// unseen: "confirm and decline_approval may carry hash, the hash of what was shown;
// one that is not the approval's own is approval_stale".
func (s *scene) unseen(a *approval) *refusal {
	if s.cmd.Hash != "" && s.cmd.Hash != a.Hash {
		return s.refuse("conflict", "approval_stale", map[string]any{"hash": a.Hash})
	}
	return nil
}

// declineApproval is AP-2: "Declining a hire makes the contract not-hired."
func (s *scene) declineApproval(a *approval) (*decision, *refusal) {
	d := s.decide("AP-2", moment{s.now})
	s.c.foldExpiries(s.now)
	a.resolve("declined", moment{s.now})
	d.Approval = a
	if a.Type == "proposal_hire" {
		d.To = "not-hired"
		s.c.supersedeAll(s.now)
	}
	s.c.forget()
	return s.finish(d)
}

// revokeConfirmation is AP-4: it "takes one's own confirmation back while the
// approval is pending; one not given is conflict not_confirmed_by_you".
func (s *scene) revokeConfirmation(a *approval) (*decision, *refusal) {
	i := slices.Index(a.ConfirmedBy, s.who.person())
	if i < 0 {
		return nil, s.conflict("not_confirmed_by_you")
	}
	d := s.decide("AP-4", moment{s.now})
	s.c.foldExpiries(s.now)
	a.ConfirmedBy = slices.Delete(slices.Clone(a.ConfirmedBy), i, i+1)
	d.Approval = a
	return s.finish(d)
}

// answer is what confirm, decline_approval and revoke_confirmation have in common.
func (s *scene) answer() (*decision, *refusal) {
	a := s.c.approval(s.cmd.ApprovalID)
	if a == nil { // "no longer kept is conflict approval_resolved"
		return nil, s.conflict("approval_resolved")
	}
	if no := s.resolved(a); no != nil {
		return nil, no
	}
	if no := s.unseen(a); no != nil {
		return nil, no
	}
	switch s.cmd.Action {
	case "confirm":
		return s.confirm(a)
	case "decline_approval":
		return s.declineApproval(a)
	}
	return s.revokeConfirmation(a)
}

// confirm is AP-1: engine.md, "confirm".
func (s *scene) confirm(a *approval) (*decision, *refusal) {
	c, me := s.c, s.who.person()
	if s.stale(a) {
		return nil, s.conflict("approval_stale")
	}
	p := s.propose(s.withOwnTerms(a))
	changed := *a
	changed.take(c, p)
	named := s.cmd.Milestone != nil || s.cmd.Dispositions != nil
	differs := named && !(changed.asks(a))
	termsBy := a.TermsBy
	if named {
		termsBy = s.ownTermsBy(a, differs)
	}
	// "disposition_required is asked only while nobody has named them".
	if a.Type == "contract_end" && termsBy == "" && s.leavesOut(nil) || named && a.TermsBy == "" && s.leavesOut(s.cmd.Dispositions) && a.Type == "contract_end" {
		return nil, s.invalid("disposition_required")
	}
	if differs && (c.ot.Quorum > 1 || c.ot.SeparateDuties) {
		return s.replace(a, p)
	}
	confirmedBy := slices.Clone(a.ConfirmedBy)
	if differs {
		confirmedBy = nil
	}
	if !slices.Contains(confirmedBy, me) {
		confirmedBy = append(confirmedBy, me)
	}
	enough := len(confirmedBy) >= int(a.Quorum)
	author := !slices.ContainsFunc(confirmedBy, func(who string) bool { return who != a.RequestedBy })
	// "under separateDuties one who is not the author". "A confirmation of unchanged
	// terms by which the author alone would reach the quorum is separate_duties".
	if c.ot.SeparateDuties && enough && author {
		return nil, s.conflict("separate_duties")
	}
	d := s.decide("AP-1", moment{s.now})
	d.Approval = a
	same := slices.Equal(confirmedBy, a.ConfirmedBy) && termsBy == a.TermsBy
	folded := c.foldExpiries(s.now)
	if same && !enough { // "confirming twice changes nothing"
		if folded {
			return s.finish(d)
		}
		return s.unchanged(d)
	}
	if differs {
		a.take(c, p)
	}
	a.ConfirmedBy, a.TermsBy = confirmedBy, termsBy
	if !enough {
		return s.finish(d)
	}
	return s.execute(d, a, p)
}

// ownTermsBy is who named terms of their own: "Terms that equal the proposal's change
// nothing", but who named them first, if nobody had.
func (s *scene) ownTermsBy(a *approval, differs bool) string {
	if a.TermsBy != "" && !differs {
		return a.TermsBy
	}
	return s.who.person()
}

// replace: "Otherwise it supersedes the approval by a new one with a new id
// (supersedes; supersededBy on the old one) with this human as requestedBy and first
// in confirmedBy, and waits".
func (s *scene) replace(a *approval, p *proposal) (*decision, *refusal) {
	d := s.decide("AP-1", moment{s.now})
	next := s.fresh(p)
	next.TermsBy, next.Account, next.Confirmers, next.Supersedes = s.who.person(), a.Account, a.Confirmers, a.ID
	next.ConfirmedBy = []string{s.who.person()}
	s.c.foldExpiries(s.now)
	a.resolve("superseded", moment{s.now})
	a.SupersededBy = next.ID
	return s.wait(d, next)
}

// execute: "when the approval is complete the command's transition and movements
// happen and it is confirmed, in the same decision".
func (s *scene) execute(d *decision, a *approval, p *proposal) (*decision, *refusal) {
	d.Executes = p.rule
	d.Movements = append(d.Movements, p.movements...)
	a.resolve("confirmed", moment{s.now})
	d.To = s.apply(p)
	if terminal(d.To) {
		s.c.supersedeAll(s.now)
	}
	a.Result = s.result(d, p)
	s.c.forget()
	return s.finish(d)
}

// stale: "the command is run again on the current snapshot. If it is now refused,
// or would move other money than the approval shows".
func (s *scene) stale(a *approval) bool {
	if s.state(a.Command.Action, a.MilestoneID) != nil {
		return true
	}
	p := s.propose(a.Command)
	if p.rule == "OT-5" || len(p.movements) != len(a.Movements) {
		return true
	}
	for i, m := range p.movements {
		shown := a.Movements[i]
		if m.From != shown.From || m.To != shown.To || m.Reason != shown.Reason || m.Amount.rat().Cmp(shown.Amount.rat()) != 0 {
			return true
		}
	}
	return false
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
func (s *scene) result(d *decision, p *proposal) json.RawMessage {
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
			ids = append(ids, s.movementID(d, i, s.c.Revision+1))
		}
		result = map[string]any{"movements": ids}
	}
	raw, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	return raw
}
