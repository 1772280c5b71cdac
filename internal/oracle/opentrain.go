package oracle

import "slices"

// openTrain is opentrain.md, "Rules", with the checks in the order of engine.md,
// "Refusals", and of "Actors": payload, scope, feature, claimed account,
// ownership, milestone or approval, then state.
func (s *scene) openTrain() (*decision, *refusal) {
	if s.cmd.Action == "advance" {
		return s.otAdvance()
	}
	if no := s.otPayload(); no != nil {
		return nil, no
	}
	if no := s.otWho(); no != nil {
		return nil, no
	}
	if no := s.otFind(); no != nil {
		return nil, no
	}
	if no := s.otStatus(); no != nil {
		return nil, no
	}
	switch s.cmd.Action {
	case "confirm", "decline_approval", "revoke_confirmation":
		return s.answer()
	case "add_milestone":
		return s.addMilestone()
	}
	if no := s.state(s.cmd.Action, s.cmd.MilestoneID); no != nil {
		return nil, no
	}
	return s.executeOrAsk()
}

// otPayload: what is wrong by itself.
func (s *scene) otPayload() *refusal {
	cmd := s.cmd
	switch cmd.Action {
	case "hire":
		if s.c.Status == "" {
			if no := s.otTerms(); no != nil {
				return no
			}
			if cmd.Milestone != nil { // "when the contract is already proposed"
				return s.invalidField("malformed", "milestone")
			}
		}
		return s.changedTerms()
	case "add_milestone":
		given := cmd.Milestone
		if given == nil {
			given = &terms{}
		}
		if given.ID == "" {
			return s.invalidField("invalid_milestone", "milestone.id")
		}
		if no := s.givenTerms(given, given); no != nil {
			return no
		}
		if s.tooMuch(given.Amount) {
			return s.invalidField("amount_bounds", "milestone.amount")
		}
	case "fund_milestone", "approve_milestone":
		if cmd.MilestoneID == "" {
			return s.invalidField("malformed", "milestoneId")
		}
	case "end":
		// "a human's direct end may carry dispositions …; carrying them anywhere
		// else, or a token's end" is disposition_invalid.
		if no := s.unreadableDispositions(); no != nil {
			return no
		}
		if cmd.Dispositions != nil && !(s.who.Kind == "human" && s.direct()) {
			return s.invalidField("disposition_invalid", "dispositions")
		}
		return s.wrongDispositions()
	case "confirm", "decline_approval", "revoke_confirmation":
		return s.wrongOwnTerms()
	}
	return nil
}

// direct: "A human of the account who carries the action out directly (quorum 1,
// no separate duties) needs no approval".
func (s *scene) direct() bool { return s.c.ot.Quorum == 1 && !s.c.ot.SeparateDuties }

// changedTerms: "milestone with changed terms (…; never the id), fully checked".
func (s *scene) changedTerms() *refusal {
	if s.cmd.Milestone == nil {
		return nil
	}
	if s.cmd.Milestone.ID != "" {
		return s.invalidField("malformed", "milestone.id")
	}
	return s.givenTerms(s.cmd.Milestone, s.c.Milestones[0].terms().with(s.cmd.Milestone))
}

// givenTerms are those of a command, and what they make of the milestone: each by
// itself comes first, and then that it has a name or a description. (order chosen)
func (s *scene) givenTerms(given, whole *terms) *refusal {
	reason := given.Amount.fit(s.c.scale())
	switch {
	case !readable(given.Name, false):
		return s.invalidField("malformed", "milestone.name")
	case !readable(given.Description, true):
		return s.invalidField("malformed", "milestone.description")
	case whole.Amount.IsZero():
		return s.invalidField("invalid_milestone", "milestone.amount")
	case reason != "":
		return s.invalidField(reason, "milestone.amount")
	}
	return s.milestoneFault(whole, "milestone")
}

// unreadableDispositions: text that cannot be read comes before what it says.
func (s *scene) unreadableDispositions() *refusal {
	for _, x := range s.cmd.Dispositions {
		if !readable(x.MilestoneID, false) {
			return s.invalidField("malformed", "dispositions")
		}
	}
	return nil
}

// wrongDispositions: "each names a funded milestone, at most once".
func (s *scene) wrongDispositions() *refusal {
	seen := []ident{}
	for _, x := range s.cmd.Dispositions {
		m := s.c.milestone(ident(x.MilestoneID))
		known := x.Disposition == "release" || x.Disposition == "refund"
		if !known || m == nil || !m.is("ACTIVE_FUNDED") || slices.Contains(seen, m.ID) {
			return s.invalidField("disposition_invalid", "dispositions")
		}
		seen = append(seen, m.ID)
	}
	return nil
}

// otWho is "Actors": for a token scope, feature and claimed account; then
// ownership: "for any other account every contract is not_found". An agent and
// the system own none. (chosen)
func (s *scene) otWho() *refusal {
	who := s.who
	if who.Kind == "token" && s.signs() { // "a token that tries is not_human"
		return s.forbidden("not_human")
	}
	if who.Kind == "token" {
		scope, feature := "payments:write", "public_api_payments_write"
		if s.cmd.Action == "hire" {
			scope, feature = "proposals:write", "public_api_hiring"
		}
		switch {
		case !slices.Contains(who.Scopes, scope):
			return s.refuse("forbidden", "scope_missing", map[string]any{"requiredScopes": []string{scope}})
		case !slices.Contains(who.Features, feature):
			return s.refuse("forbidden", "feature_disabled", map[string]any{"featureKey": feature})
		case !who.Claimed:
			return s.refuse("forbidden", "account_claim_required", map[string]any{"claimUrl": who.ClaimURL})
		}
	}
	if (who.Kind != "token" && who.Kind != "human") || who.Account != string(s.c.Client) {
		return s.notFound("contract_not_found")
	}
	// "asked last of the forbidden checks, after ownership".
	if who.Kind == "token" && who.User == "" && s.c.ot.SeparateDuties && s.needsCoSign() {
		return s.forbidden("user_missing")
	}
	return nil
}

// signs: these are a signed-in human's commands.
func (s *scene) signs() bool {
	switch s.cmd.Action {
	case "confirm", "decline_approval", "revoke_confirmation":
		return true
	}
	return false
}

// needsCoSign is the column "co-sign".
func (s *scene) needsCoSign() bool {
	switch s.cmd.Action {
	case "hire", "fund_milestone", "approve_milestone":
		return true
	}
	return s.cmd.Action == "end" && len(s.c.funded()) > 0
}

func (s *scene) otFind() *refusal {
	switch s.cmd.Action {
	case "fund_milestone", "approve_milestone":
		if s.c.milestone(s.cmd.MilestoneID) == nil {
			return s.notFound("milestone_not_found")
		}
	case "confirm", "decline_approval", "revoke_confirmation":
		if s.c.approval(s.cmd.ApprovalID) == nil && !s.c.forgotten(s.cmd.ApprovalID) {
			return s.notFound("approval_not_found")
		}
	}
	return nil
}

// otStatus is "By state", then the due deadline of a proposed contract.
func (s *scene) otStatus() *refusal {
	switch s.cmd.Action {
	case "add_milestone", "fund_milestone", "approve_milestone", "end":
		if s.c.Status == "ended" {
			return s.conflict("contract_ended")
		}
		if s.c.Status != "active" {
			return s.wrongStatus()
		}
	case "hire":
		if s.c.Status != "" && s.c.Status != "proposed" {
			return s.wrongStatus()
		}
	}
	return s.deadlineDue(s.hireDeadline())
}

// hireDeadline is OT-7: "the expiry is this status's deadline".
func (s *scene) hireDeadline() *deadline {
	if s.c.Status != "proposed" {
		return nil
	}
	for _, a := range s.c.Approvals {
		if a.Type == "proposal_hire" && a.Status == "pending" {
			return &deadline{"OT-7", "expiresAt", a.ExpiresAt}
		}
	}
	return nil
}

// state: milestone_not_fundable and milestone_not_funded "carry details.milestoneId
// and details.status".
func (s *scene) state(action string, id ident) *refusal {
	m := s.c.milestone(id)
	if m == nil {
		return nil
	}
	details := map[string]any{"milestoneId": id, "status": *m.Status}
	if action == "fund_milestone" && !m.is("NOT_FUNDED") {
		return s.refuse("conflict", "milestone_not_fundable", details)
	}
	if action == "approve_milestone" && !m.is("ACTIVE_FUNDED") {
		return s.refuse("conflict", "milestone_not_funded", details)
	}
	return nil
}

// addMilestone is OT-2: "a further milestone, NOT_FUNDED, numbered on".
func (s *scene) addMilestone() (*decision, *refusal) {
	t := s.cmd.Milestone
	if s.c.milestone(t.ID) != nil {
		return nil, s.conflict("milestone_exists")
	}
	if len(s.c.Milestones) >= 1000 {
		return nil, s.conflict("too_many")
	}
	d := s.decide("OT-2", moment{s.now})
	n := thousandth(len(s.c.Milestones) + 1)
	m := &milestone{ID: t.ID, Number: &n, Status: new(string)}
	m.take(t)
	*m.Status = "NOT_FUNDED"
	s.c.Milestones = append(s.c.Milestones, m)
	s.c.foldExpiries(s.now)
	return s.finish(d)
}
