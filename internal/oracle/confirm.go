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

// declineApproval is AP-2: "Declining a hire makes the contract not-hired."
func (s *scene) declineApproval() (*decision, *refusal) {
	a := s.c.approval(s.cmd.ApprovalID)
	if no := s.resolved(a); no != nil {
		return nil, no
	}
	d := s.decide("AP-2", moment{s.now})
	s.c.foldExpiries(s.now)
	a.resolve("declined", moment{s.now})
	d.Approval = a
	if a.Type == "proposal_hire" {
		d.To = "not-hired"
		s.c.supersedeAll(s.now)
	}
	return s.finish(d)
}

// confirm is AP-1: engine.md, "confirm".
func (s *scene) confirm() (*decision, *refusal) {
	c, me := s.c, s.who.ID
	a := c.approval(s.cmd.ApprovalID)
	if no := s.resolved(a); no != nil {
		return nil, no
	}
	if s.stale(a) {
		return nil, s.conflict("approval_stale")
	}
	// "changes the proposal first: command, movements and hash are recomputed, and
	// confirmedBy starts again with this human alone. Terms that equal the
	// proposal's change nothing."
	p := s.propose(s.withOwnTerms(a))
	changed := *a
	changed.take(p)
	confirmedBy := slices.Clone(a.ConfirmedBy)
	if changed.Hash != a.Hash {
		confirmedBy = nil
	}
	if !slices.Contains(confirmedBy, me) {
		confirmedBy = append(confirmedBy, me)
	}
	enough := len(confirmedBy) >= int(a.Quorum)
	// "the user who asked cannot be the only one to confirm"
	if c.ot.SeparateDuties && enough && len(confirmedBy) == 1 && confirmedBy[0] == a.RequestedBy {
		return nil, s.conflict("separate_duties")
	}
	if a.Type == "contract_end" && s.leavesOut(s.cmd.Dispositions) {
		return nil, s.invalid("disposition_required")
	}
	d := s.decide("AP-1", moment{s.now})
	d.Approval = a
	same := changed.Hash == a.Hash && slices.Equal(confirmedBy, a.ConfirmedBy)
	folded := c.foldExpiries(s.now)
	if same && !enough { // "confirming twice changes nothing"
		if folded {
			return s.finish(d)
		}
		return s.unchanged(d)
	}
	a.take(p)
	a.ConfirmedBy = confirmedBy
	if !enough {
		if p.kind == "proposal_hire" {
			c.Milestones[0].take(p.command.Milestone)
		}
		return s.finish(d)
	}
	return s.execute(d, a, p)
}

// execute: "when the quorum is reached the command's transition and movements
// happen and the approval is confirmed, in the same decision".
func (s *scene) execute(d *decision, a *approval, p *proposal) (*decision, *refusal) {
	d.Executes = p.rule
	d.Movements = append(d.Movements, p.movements...)
	a.resolve("confirmed", moment{s.now})
	d.To = s.apply(p)
	if terminal(d.To) {
		s.c.supersedeAll(s.now)
	}
	a.Result = s.result(p)
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
			ids = append(ids, s.movementID(i, s.c.Revision+1))
		}
		result = map[string]any{"movements": ids}
	}
	raw, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	return raw
}
