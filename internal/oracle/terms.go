package oracle

import "math/big"

// draftHoldsTermsOnly: "no status, revision, custody, votes, approvals,
// milestones, backup agents, criteria results, delivery, posted amounts or dates
// set by rules".
func (s *scene) draftHoldsTermsOnly() *refusal {
	c := s.c
	set := c.Revision != 0 || len(c.Custody) > 0 || (c.Votes != nil && len(*c.Votes) > 0) || len(c.Approvals) > 0 ||
		len(c.BackupAgents) > 0 || c.CriteriaMet != nil || c.Delivery != "" ||
		!c.EscrowedFunds.IsZero() || !c.WorkerStake.IsZero() || !c.DisputeBond.IsZero() ||
		!c.CreatedAt.IsZero() || !c.DecidedAt.IsZero() || !c.EnteredAt.IsZero() || !c.EndDate.IsZero() || !c.DeliveredAt.IsZero() || !c.DisputedAt.IsZero() || !c.VotingDeadline.IsZero()
	for _, m := range c.Milestones {
		if m.Number != nil || m.Status != nil && *m.Status != "" {
			set = true
		}
	}
	if set {
		return s.invalidField("malformed", "contract")
	}
	if !contractID(c.ID) { // (order of id and asset chosen)
		return s.invalidField("malformed", "id")
	}
	if field := c.unreadableText(); field != "" {
		return s.invalidField("malformed", field)
	}
	// money.md: bounds are "checked on every decode and every command".
	if c.BudgetOrPrice.fit(c.scale()) == "amount_bounds" {
		return s.invalidField("amount_bounds", "budgetOrPrice")
	}
	for _, m := range c.Milestones {
		if m.Amount.fit(c.scale()) == "amount_bounds" {
			return s.invalidField("amount_bounds", "milestones")
		}
	}
	return nil
}

// unreadableText is the first text of a draft that people cannot read as it is.
func (c *contract) unreadableText() string {
	switch {
	case !readable(c.TaskDescription, true):
		return "taskDescription"
	case !readable(c.SupplementaryMaterials, true):
		return "supplementaryMaterials"
	case !readable(c.Title, false):
		return "title"
	case !readable(c.JobID, false):
		return "jobId"
	case !readable(c.ProposalID, false):
		return "proposalId"
	}
	for _, criterion := range c.AcceptanceCriteria {
		if !readable(criterion, false) {
			return "acceptanceCriteria"
		}
	}
	for _, m := range c.Milestones {
		if !readable(m.Name, false) || !readable(m.Description, true) {
			return "milestones"
		}
	}
	return ""
}

// ocTerms is opencontract.md, "Terms": "Checked by create, on a draft, in this order".
func (s *scene) ocTerms() *refusal {
	c := s.c
	if no := s.draftHoldsTermsOnly(); no != nil {
		return no
	}
	if c.policyFault != nil {
		return c.policyFault
	}
	if field := c.oc.fault(c.scale()); field != "" {
		return s.invalidField("invalid_policy", field)
	}
	switch {
	case c.Client == "":
		return s.invalidField("invalid_terms", "client")
	case blank(c.TaskDescription):
		return s.invalidField("invalid_terms", "taskDescription")
	case c.BudgetOrPrice.rat().Sign() <= 0:
		return s.invalidField("invalid_terms", "budgetOrPrice")
	case c.BudgetOrPrice.fit(c.scale()) != "":
		return s.invalidField(c.BudgetOrPrice.fit(c.scale()), "budgetOrPrice")
	case len(c.AcceptanceCriteria) < 1 || len(c.AcceptanceCriteria) > 10:
		return s.invalidField("invalid_terms", "acceptanceCriteria")
	}
	for _, criterion := range c.AcceptanceCriteria {
		if blank(criterion) {
			return s.invalidField("invalid_terms", "acceptanceCriteria")
		}
	}
	switch {
	case c.ContractType == "auction":
		return s.invalidField("unsupported_combination", "contractType")
	case c.ContractType != "fixed":
		return s.invalidField("invalid_terms", "contractType")
	case c.AwardMethod != "direct_award" && c.AwardMethod != "open_tender":
		return s.invalidField("invalid_terms", "awardMethod")
	case c.VerificationMode != "privacy-preserving" && c.VerificationMode != "standard":
		return s.invalidField("invalid_terms", "verificationMode")
	case (c.Worker != "") != (c.AwardMethod == "direct_award"):
		return s.invalidField("invalid_terms", "worker")
	case c.Worker == c.Client:
		return s.invalidField("invalid_terms", "worker")
	}
	if field := s.deadlinesOutOfOrder(); field != "" {
		return s.invalidField("invalid_terms", field)
	}
	return nil
}

// deadlinesOutOfOrder: "details.field is the first that is out of order".
func (s *scene) deadlinesOutOfOrder() string {
	match, withdrawal := s.c.MatchDeadline, s.c.WithdrawalDeadline
	delivery, review := s.c.DeliveryDeadline, s.c.ReviewDeadline
	switch {
	case match.IsZero() || !s.now.Before(match.Time):
		return "matchDeadline"
	case withdrawal.IsZero() || withdrawal.Before(match.Time):
		return "withdrawalDeadline"
	case delivery.IsZero() || delivery.Before(withdrawal.Time) || !match.Before(delivery.Time):
		return "deliveryDeadline"
	case s.c.VerificationMode == "standard" && !review.IsZero():
		return "reviewDeadline"
	case s.c.VerificationMode != "standard" && !delivery.Before(review.Time):
		return "reviewDeadline"
	}
	return ""
}

// otTerms is opentrain.md, "Terms": "malformed, invalid_policy, invalid_terms,
// invalid_milestone, amount_scale, in this order".
func (s *scene) otTerms() *refusal {
	c := s.c
	if no := s.draftHoldsTermsOnly(); no != nil {
		return no
	}
	if c.policyFault != nil {
		return c.policyFault
	}
	if field := c.ot.fault(c.scale()); field != "" {
		return s.invalidField("invalid_policy", field)
	}
	switch {
	case c.Client == "":
		return s.invalidField("invalid_terms", "client")
	case c.Worker == "" || c.Worker == c.Client:
		return s.invalidField("invalid_terms", "worker")
	case len(c.Milestones) != 1:
		return s.invalidField("invalid_milestone", "milestones")
	}
	if no := s.milestoneFault(c.Milestones[0].terms(), "milestones[0]"); no != nil {
		return no
	}
	return nil
}

// milestoneFault: "a milestone with an id, a name or a description, and an amount
// > 0 that fits the scale".
func (s *scene) milestoneFault(t *terms, at string) *refusal {
	switch reason := t.Amount.fit(s.c.scale()); {
	case !readable(t.Name, false):
		return s.invalidField("malformed", at+".name")
	case !readable(t.Description, true):
		return s.invalidField("malformed", at+".description")
	case t.ID == "":
		return s.invalidField("invalid_milestone", at+".id")
	case blank(t.Name) && blank(t.Description):
		return s.invalidField("invalid_milestone", at+".name")
	case t.Amount.rat().Sign() <= 0:
		return s.invalidField("invalid_milestone", at+".amount")
	case reason != "":
		return s.invalidField(reason, at+".amount")
	}
	return nil
}

// tooMuch: all milestones together come to at most 10^38 units. (chosen)
func (s *scene) tooMuch(more number) bool {
	sum := new(big.Rat).Set(more.rat())
	for _, m := range s.c.Milestones {
		sum.Add(sum, m.Amount.rat())
	}
	return units(sum, s.c.scale()).Cmp(new(big.Rat).SetInt(power10(38))) > 0
}

// terms are the milestone as a command carries it.
func (m *milestone) terms() *terms {
	return &terms{ID: m.ID, Name: m.Name, Description: m.Description, Amount: m.Amount, DueDate: m.DueDate}
}

// with is the terms with those changed that other gives.
func (t *terms) with(other *terms) *terms {
	out := *t
	if other == nil {
		return &out
	}
	if other.Name != "" {
		out.Name = other.Name
	}
	if other.Description != "" {
		out.Description = other.Description
	}
	if !other.Amount.IsZero() {
		out.Amount = other.Amount
	}
	if !other.DueDate.IsZero() {
		out.DueDate = other.DueDate
	}
	return &out
}

func (m *milestone) take(t *terms) {
	m.Name, m.Description, m.Amount, m.DueDate = t.Name, t.Description, t.Amount, t.DueDate
}
