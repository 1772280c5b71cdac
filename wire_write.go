package escrow

import (
	"encoding/json"
	"maps"
	"slices"
)

// contract writes a snapshot, unset fields left out.
func (w *writer) contract(c *Contract) {
	t := c.terms
	if t.text != "" {
		w.comma()
		w.buf = append(w.buf, t.text...)
		return
	}
	w.open('{')
	w.text("id", t.id)
	w.text("lifecycle", c.law.name)
	w.optional("status", string(c.Status()))
	if c.status != 0 {
		w.count("revision", c.revision)
	}
	w.instant("createdAt", c.createdAt)
	w.instant("endDate", c.endDate)
	w.optional("client", t.client)
	w.optional("worker", c.worker)
	w.key("asset")
	w.open('{')
	w.text("code", t.asset.Code)
	w.count("scale", uint64(t.asset.Scale))
	w.close('}')
	w.key("policy")
	if t.policy == c.law.policy {
		w.buf = append(w.buf, c.law.policyText...)
	} else {
		c.law.writePolicy(w, &t.policy)
	}
	w.work(c)
	w.proceedings(c)
	w.optional("title", t.title)
	w.optional("jobId", t.jobID)
	w.optional("proposalId", t.proposalID)
	w.milestones(c)
	if approvals := c.approvals(); len(approvals) > 0 {
		w.key("approvals")
		w.open('[')
		for i := range approvals {
			w.approval(&approvals[i])
		}
		w.close(']')
	}
	if c.status != 0 {
		w.custody(c)
	}
	w.close('}')
}

// work writes what the contract is about.
func (w *writer) work(c *Contract) {
	t := c.terms
	w.optional("taskDescription", t.task)
	w.optional("supplementaryMaterials", t.materials)
	w.optional("delivery", c.delivered)
	w.instant("deliveredAt", c.deliveredAt)
	w.instant("disputedAt", c.disputedAt)
	if c.data != nil {
		if body, err := json.Marshal(c.data); err == nil {
			w.raw("data", body)
		}
	}
	if len(t.criteria) > 0 {
		w.texts("acceptanceCriteria", t.criteria)
	}
	if c.tallied() {
		w.key("criteriaMet")
		w.open('[')
		for i := range t.criteria {
			w.item(string(verdicts[c.results.at(i)]))
		}
		w.close(']')
	}
	w.optional("contractType", string(t.contractType))
	w.optional("awardMethod", string(t.award))
	w.optional("verificationMode", string(t.mode))
	switch faulty, is := faultyNumbers[t.priceFault]; {
	case is && t.asked == number{}:
		w.text("budgetOrPrice", faulty)
	case c.law.judged || t.asked != (number{}):
		w.number("budgetOrPrice", t.asked)
	}
}

// proceedings writes deadlines, votes and what was posted.
func (w *writer) proceedings(c *Contract) {
	t := c.terms
	w.instant("matchDeadline", t.fixed[momentMatch])
	w.instant("withdrawalDeadline", t.fixed[momentWithdrawal])
	w.instant("deliveryDeadline", t.fixed[momentDelivery])
	w.instant("reviewDeadline", t.fixed[momentReview])
	if c.jury != nil {
		w.instant("votingDeadline", c.jury.deadline)
		w.texts("backupAgents", c.jury.agents)
		w.votes(c)
	}
	for k := potEscrow; k < singlePots; k++ {
		if c.filled.has(k) {
			w.amount(postedNames[k], c.posted[k], t.asset)
		}
	}
}

func (w *writer) votes(c *Contract) {
	w.key("votes")
	w.open('[')
	for _, v := range c.Votes() {
		w.open('{')
		w.text("backupAgent", v.BackupAgent)
		w.count("criterionIndex", uint64(v.CriterionIndex))
		w.text("vote", string(v.Vote))
		w.optional("majorityOutcome", string(v.MajorityOutcome))
		w.optional("bondOutcome", v.BondOutcome)
		w.optional("reward", v.Reward)
		w.close('}')
	}
	w.close(']')
}

func (w *writer) milestones(c *Contract) {
	list := c.milestones()
	if len(list) == 0 && len(c.terms.drafted) == 0 {
		return
	}
	w.key("milestones")
	w.open('[')
	if c.status == 0 {
		for i := range c.terms.drafted {
			w.open('{')
			w.terms(&c.terms.drafted[i])
			w.close('}')
		}
	}
	for i := range list {
		w.milestone(&list[i], c.terms.asset)
	}
	w.close(']')
}

func (w *writer) milestone(m *Milestone, asset Asset) {
	w.open('{')
	w.text("id", m.ID)
	w.optional("name", m.Name)
	w.optional("description", m.Description)
	w.count("milestoneNumber", uint64(m.Number))
	w.amount("amount", m.Amount, asset)
	w.time("dueDate", m.DueDate)
	w.text("status", string(m.Status))
	w.close('}')
}

func (w *writer) custody(c *Contract) {
	w.key("custody")
	w.open('[')
	for k := range potKinds {
		for i := range c.pots(k) {
			a := accountID{k.account().kind, uint16(i)}
			if held := c.holds(a); !held.IsZero() {
				w.open('{')
				w.text("account", c.account(a).String())
				w.amount("amount", held, c.terms.asset)
				w.close('}')
			}
		}
	}
	w.close(']')
}

func (w *writer) approval(a *Approval) {
	w.open('{')
	w.text("id", a.ID)
	w.text("type", a.Type)
	w.text("status", string(a.Status))
	w.text("contractId", a.ContractID)
	w.optional("milestoneId", a.MilestoneID)
	w.optional("jobId", a.JobID)
	w.optional("proposalId", a.ProposalID)
	w.optional("approvalUrl", a.ApprovalURL)
	w.time("expiresAt", a.ExpiresAt)
	w.time("resolvedAt", a.ResolvedAt)
	if a.Result != nil {
		w.raw("result", a.Result)
	}
	w.time("createdAt", a.CreatedAt)
	w.text("requestedBy", a.RequestedBy)
	w.text("account", a.Account)
	w.key("command")
	w.command(a.Command)
	w.proposals(a.Movements)
	w.text("hash", a.Hash)
	w.count("quorum", uint64(a.Quorum))
	w.texts("confirmedBy", a.ConfirmedBy)
	w.close('}')
}

// actor writes an actor, empty fields left out.
func (w *writer) actor(a *Actor) {
	w.open('{')
	w.text("id", a.ID)
	w.optional("kind", string(a.Kind))
	w.optional("account", a.Account)
	w.optional("user", a.User)
	if a.Scopes != nil {
		w.texts("scopes", a.Scopes)
	}
	if a.Features != nil {
		w.texts("features", a.Features)
	}
	if a.Claimed {
		w.flag("claimed", true)
	}
	w.optional("claimUrl", a.ClaimURL)
	w.close('}')
}

// decision writes what follows.
func (w *writer) decision(d *Decision) {
	w.open('{')
	w.text("rule", d.Rule)
	w.optional("executes", d.Executes)
	w.text("action", string(d.Action))
	w.text("from", string(d.From))
	w.text("to", string(d.To))
	w.text("actor", d.Actor)
	w.instant("at", d.at)
	w.key("movements")
	w.open('[')
	for _, m := range d.Movements() {
		w.movement(&m)
	}
	w.close(']')
	w.rewards(d)
	if d.approval > 0 {
		w.key("approval")
		w.approval(&d.Contract.book.approvals[d.approval-1])
	} else {
		w.null("approval")
	}
	w.review(d)
	w.key("contract")
	w.contract(&d.Contract)
	w.close('}')
}

func (w *writer) movement(m *Movement) {
	w.open('{')
	w.text("id", m.ID())
	w.text("from", m.From.String())
	w.text("to", m.To.String())
	w.amount("amount", m.Amount, m.Asset)
	w.text("reason", string(m.Reason))
	w.key("basis")
	w.open('{')
	w.amount("of", m.Basis.Of, m.Asset)
	if m.Basis.HasRatio {
		w.ratio("ratio", m.Basis.Ratio)
	}
	w.optional("policy", m.Basis.Policy)
	if m.Basis.Times > 1 {
		w.count("times", uint64(m.Basis.Times))
	}
	w.close('}')
	w.close('}')
}

func (w *writer) rewards(d *Decision) {
	w.key("rewards")
	w.open('[')
	for _, r := range d.Rewards() {
		w.open('{')
		w.text("backupAgent", r.BackupAgent)
		w.count("criterionIndex", uint64(r.CriterionIndex))
		w.text("tokens", r.Tokens)
		w.close('}')
	}
	w.close(']')
}

func (w *writer) review(d *Decision) {
	review, ok := d.Review()
	if !ok {
		w.null("review")
		return
	}
	w.key("review")
	w.open('{')
	w.amount("amount", review.Amount, d.Contract.terms.asset)
	w.amount("minPayout", review.MinPayout, d.Contract.terms.asset)
	w.count("quorum", uint64(review.Quorum))
	w.close('}')
}

// refusal writes why nothing follows.
func (w *writer) refusal(e *Error) {
	w.open('{')
	w.text("code", string(e.code))
	w.text("reason", string(e.reason))
	w.optional("action", string(e.action))
	w.optional("rule", e.rule)
	w.text("message", e.message)
	w.optional("remedy", e.remedy)
	details := e.Details()
	w.key("details")
	w.open('{')
	for _, k := range slices.Sorted(maps.Keys(details)) {
		switch v := details[k].(type) {
		case string:
			w.text(k, v)
		case []string:
			w.texts(k, v)
		case int:
			w.count(k, uint64(v))
		}
	}
	w.close('}')
	w.close('}')
}
