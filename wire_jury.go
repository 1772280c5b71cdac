package escrow

import "slices"

// seat checks parties and seats the backup agents.
func (w *wireContract) seat(c *Contract) *Error {
	l, f := c.law, c.terms
	switch {
	case c.worker == "" && (l.sure[c.status].has(potStake) || l.hires() || l.judged && f.award == AwardDirect):
		return field(Malformed, "worker", "is missing in status "+w.status)
	case c.worker == f.client && c.worker != "" && (l.judged || l.hires()):
		return field(Malformed, "worker", "must not be the client")
	case l.judged && (len(f.criteria) == 0 || len(f.criteria) > maxCriteria):
		return field(Malformed, "acceptanceCriteria", "must be one to ten")
	case len(f.criteria) > maxCriteria:
		return field(Malformed, "acceptanceCriteria", "must be at most ten")
	case l.judged && f.award != AwardDirect && f.award != AwardOpenTender:
		return field(Malformed, "awardMethod", "must be direct_award or open_tender")
	case l.judged && f.mode != PrivacyPreserving && f.mode != Standard:
		return field(Malformed, "verificationMode", "must be privacy-preserving or standard")
	case len(w.agents) > 0 && l.hires():
		return field(Malformed, "backupAgents", "lifecycle "+l.name+" has none")
	case len(w.agents) > 0 && l.judged && !w.mayJudge(c):
		return field(Malformed, "backupAgents", "are not drawn in status "+w.status)
	case !w.disputedAt.isZero() && l.judged && slices.Contains([]Status{Created, Matched, UnderReview}, c.Status()):
		return field(Malformed, "disputedAt", "must be absent in status "+w.status)
	case len(w.agents) > maxAgents:
		return field(Malformed, "backupAgents", "must be at most fifteen")
	case len(w.agents) == 0:
		return nil
	}
	for i, a := range w.agents {
		if !validID(a) || a == f.client || a == c.worker || slices.Contains(w.agents[:i], a) {
			return field(Malformed, "backupAgents", "must be accounts, none a party, none twice")
		}
	}
	c.jury = &jury{agents: w.agents, deadline: w.votingDeadline}
	return nil
}

// mayJudge reports whether backup agents can have been drawn in the status.
func (w *wireContract) mayJudge(c *Contract) bool {
	switch c.Status() {
	case Created, Matched:
		return false
	case UnderReview:
		return c.terms.mode == Standard
	}
	return true
}

// judge reads votes and results.
func (w *wireContract) judge(c *Contract) *Error {
	votes, fault := readVotes(w.votes)
	if fault != nil {
		return fault
	}
	for _, v := range votes {
		seat := c.jury.seat(v.BackupAgent)
		if seat < 0 || v.CriterionIndex < 0 || v.CriterionIndex >= len(c.terms.criteria) || verdictOf(v.Vote) == unjudged ||
			c.jury.ballots[seat].at(v.CriterionIndex) != unjudged {
			return field(Malformed, "votes", "must be one per criterion of drawn backup agents, met, not met or unclear")
		}
		c.jury.ballots[seat] = c.jury.ballots[seat].with(v.CriterionIndex, verdictOf(v.Vote))
	}
	if len(votes) != c.jury.voters()*len(c.terms.criteria) {
		return field(Malformed, "votes", "must be complete for every backup agent that voted")
	}
	if w.criteriaMet != nil && len(w.criteriaMet) != len(c.terms.criteria) {
		return field(Malformed, "criteriaMet", "must be as many as there are criteria")
	}
	for i, v := range w.criteriaMet {
		if verdictOf(Verdict(v)) == unjudged {
			return field(Malformed, "criteriaMet", "must be met, not met or unclear")
		}
		c.results = c.results.with(i, verdictOf(Verdict(v)))
	}
	return w.tallied(c, votes)
}

// tallied checks that results are there exactly when the status has them, and
// that what is said of the votes is what follows from them.
func (w *wireContract) tallied(c *Contract, votes []CastVote) *Error {
	has := c.tallied()
	switch c.Status() {
	case Resolved:
		if !has && c.law.judged {
			return field(Malformed, "criteriaMet", "is missing in status resolved")
		}
	case SettledFullyMet, SettledPartiallyMet, SettledNoneMet:
	default:
		if has {
			return field(Malformed, "criteriaMet", "must be absent in status "+w.status)
		}
	}
	if has && len(votes) > 0 {
		told := c.results
		if c.tally(); c.results != told {
			return field(Malformed, "criteriaMet", "does not follow from the votes")
		}
	}
	for _, said := range votes {
		seat := c.jury.seat(said.BackupAgent)
		is := c.castVote(seat, said.BackupAgent, said.CriterionIndex)
		if said.MajorityOutcome != "" && said.MajorityOutcome != is.MajorityOutcome ||
			said.BondOutcome != "" && said.BondOutcome != is.BondOutcome ||
			said.Reward != "" && said.Reward != is.Reward {
			return field(Malformed, "votes", "say outcomes that do not follow from the votes")
		}
	}
	return nil
}

// readVotes reads the votes of a stored contract.
func readVotes(text string) ([]CastVote, *Error) {
	var votes []CastVote
	if text == "" {
		return nil, nil
	}
	r := &reader{s: text, path: "votes"}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		v := CastVote{CriterionIndex: -1}
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch r.field(voteNames, &seen) {
			case 0:
				v.BackupAgent = r.text()
			case 1:
				v.CriterionIndex = r.index()
			case 2:
				v.Vote = Verdict(r.text())
			case 3:
				v.MajorityOutcome = Verdict(r.text())
			case 4:
				v.BondOutcome = r.text()
			case 5:
				if n, ok := r.number(); ok {
					v.Reward = string(n.appendText(nil))
				}
			default:
				r.skip()
			}
		}
		votes = append(votes, v)
	}
	return votes, r.fault
}
