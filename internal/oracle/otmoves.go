package oracle

// proposal is what a command comes to on the current snapshot: the command with
// all its terms, and the movements that it would make.
type proposal struct {
	rule, kind  string // kind is the approval's type
	milestoneID ident
	command     *command
	movements   []movement
}

// propose works out the command that was asked. The snapshot stays as it is.
func (s *scene) propose(asked *command) *proposal {
	d := &decision{}
	p := &proposal{command: &command{Action: asked.Action}}
	m := s.c.milestone(asked.MilestoneID)
	switch asked.Action {
	case "hire":
		p.rule, p.kind = "OT-1", "proposal_hire"
		t := s.c.Milestones[0].terms().with(asked.Milestone)
		p.command.Milestone = t
		s.fund(d, t)
		fee := s.c.ot.InitiationFee
		d.move(s.c.clientAccount(), "platform", fee.rat(), "initiation_fee", basis{Of: fee, Policy: "initiationFee"})
	case "fund_milestone":
		p.rule, p.kind = "OT-3", "milestone_fund"
		p.milestoneID, p.command.MilestoneID = m.ID, m.ID
		s.fund(d, m.terms())
	case "approve_milestone":
		p.rule, p.kind = "OT-4", "milestone_approve"
		p.milestoneID, p.command.MilestoneID = m.ID, m.ID
		s.release(d, m)
	case "end":
		p.rule, p.kind = "OT-6", "contract_end"
		if len(s.c.funded()) == 0 {
			p.rule = "OT-5"
		}
		for _, m := range s.c.funded() {
			x := s.dispositionOf(m.ID, asked.Dispositions)
			p.command.Dispositions = append(p.command.Dispositions, &disposition{string(m.ID), x})
			if x == "release" {
				s.release(d, m)
			} else {
				d.move("milestone:"+string(m.ID), s.c.clientAccount(), m.Amount.rat(), "milestone_refund", all(m.Amount.rat()))
			}
		}
	}
	p.movements = d.Movements
	return p
}

// fund: "deposit client -> milestone; marketplace_fee client -> platform".
func (s *scene) fund(d *decision, t *terms) {
	amount, fee := t.Amount.rat(), s.c.ot.MarketplaceFee
	d.move(s.c.clientAccount(), "milestone:"+string(t.ID), amount, "milestone_deposit", all(amount))
	d.move(s.c.clientAccount(), "platform", share(amount, fee.rat(), s.c.scale()), "marketplace_fee", part(amount, fee, "marketplaceFee"))
}

func (s *scene) release(d *decision, m *milestone) {
	d.move("milestone:"+string(m.ID), s.c.workerAccount(), m.Amount.rat(), "milestone_release", all(m.Amount.rat()))
}

// dispositionOf is what was named for a milestone, else what endDisposition says;
// require "shows refunds".
func (s *scene) dispositionOf(id ident, named []*disposition) string {
	for _, x := range named {
		if x.MilestoneID == string(id) {
			return x.Disposition
		}
	}
	if s.c.ot.EndDisposition == "release" {
		return "release"
	}
	return "refund"
}

// apply makes the effect of a proposal's rule, and says to which status.
func (s *scene) apply(p *proposal) (to string) {
	c := s.c
	switch p.rule {
	case "OT-1":
		c.Milestones[0].take(p.command.Milestone)
		*c.Milestones[0].Status = "ACTIVE_FUNDED"
	case "OT-3":
		*c.milestone(p.milestoneID).Status = "ACTIVE_FUNDED"
	case "OT-4":
		*c.milestone(p.milestoneID).Status = "PAID"
	default: // OT-5, OT-6
		for _, x := range p.command.Dispositions {
			*c.milestone(ident(x.MilestoneID)).Status = map[string]string{"release": "PAID", "refund": "REFUNDED"}[x.Disposition]
		}
		for _, m := range c.Milestones {
			if m.is("NOT_FUNDED") {
				*m.Status = "CANCELLED"
			}
		}
		c.EndDate = moment{s.now}
		return "ended"
	}
	return "active"
}

// executeOrAsk: the rules that need a co-sign, and OT-5.
func (s *scene) executeOrAsk() (*decision, *refusal) {
	p := s.propose(s.cmd)
	// "co-sign: never" for OT-5; a human who acts directly needs none.
	if p.rule == "OT-5" || (s.who.Kind == "human" && s.direct()) {
		if p.rule == "OT-6" && s.leavesOut(s.cmd.Dispositions) {
			return nil, s.invalid("disposition_required")
		}
		d := s.decide(p.rule, moment{s.now})
		s.found()
		s.c.foldExpiries(s.now)
		// "and supersedes a pending one of the same type and target".
		if a := s.c.pending(p.kind, p.milestoneID, s.who.Account, s.now); a != nil {
			a.resolve("superseded", moment{s.now})
		}
		d.Movements = append(d.Movements, p.movements...)
		d.To = s.apply(p)
		if terminal(d.To) {
			s.c.supersedeAll(moment{s.now})
		}
		return s.finish(d)
	}
	return s.ask(p)
}

// leavesOut: under require, "a confirmation must name every funded milestone".
func (s *scene) leavesOut(named []*disposition) bool {
	return s.c.ot.EndDisposition == "require" && len(named) < len(s.c.funded())
}

// found makes a draft a contract: "the first hire, which founds the proposed
// contract".
func (s *scene) found() {
	if s.c.Status != "" {
		return
	}
	s.c.CreatedAt = moment{s.now}
	n, status := thousandth(1), "NOT_FUNDED"
	s.c.Milestones[0].Number, s.c.Milestones[0].Status = &n, &status
}
