package oracle

import "slices"

// wrongDraw: "exactly baRecruitCount accounts, none a party, no duplicates".
func (s *scene) wrongDraw() bool {
	agents := s.cmd.BackupAgents
	for i, agent := range agents {
		party := agent == string(s.c.Client) || agent == string(s.c.Worker)
		if !wellFormed(agent) || party || slices.Contains(agents[:i], agent) {
			return true
		}
	}
	return len(agents) != int(s.c.oc.BaRecruitCount)
}

// wrongBallots: "Fewer, more, repeated or out-of-range: votes_incomplete; then an
// unknown value: vote_invalid."
func (s *scene) wrongBallots() *refusal {
	for _, b := range s.cmd.Votes {
		if !readable(b.Vote, false) {
			return s.invalidField("malformed", "votes")
		}
	}
	n := len(s.c.AcceptanceCriteria)
	seen := make([]bool, n)
	for _, b := range s.cmd.Votes {
		if b.CriterionIndex == nil || int(*b.CriterionIndex) >= n || seen[*b.CriterionIndex] {
			return s.invalid("votes_incomplete")
		}
		seen[*b.CriterionIndex] = true
	}
	if len(s.cmd.Votes) != n {
		return s.invalid("votes_incomplete")
	}
	for _, b := range s.cmd.Votes {
		if b.Vote != "met" && b.Vote != "not met" && b.Vote != "unclear" {
			return s.invalid("vote_invalid")
		}
	}
	return nil
}

// cast keeps the votes "by agent in drawn order, then criterion".
func (c *contract) cast(agent string, ballots []*ballot) {
	list := *c.Votes
	for _, b := range ballots {
		list = append(list, vote{BackupAgent: agent, CriterionIndex: int(*b.CriterionIndex), Vote: b.Vote})
	}
	slices.SortFunc(list, func(a, b vote) int {
		if a.BackupAgent != b.BackupAgent {
			return slices.Index(c.BackupAgents, a.BackupAgent) - slices.Index(c.BackupAgents, b.BackupAgent)
		}
		return a.CriterionIndex - b.CriterionIndex
	})
	c.Votes = &list
}

// outcome is opencontract.md, "Tally", for one criterion: its outcome, and
// whether a quorum's majority made it.
func (c *contract) outcome(criterion int) (result string, majority bool) {
	counts := map[string]int{}
	v := 0
	if c.Votes != nil {
		for _, vote := range *c.Votes {
			if vote.CriterionIndex == criterion {
				counts[vote.Vote]++
				v++
			}
		}
	}
	if 2*v <= len(c.BackupAgents) { // no quorum, "nobody drawn included"
		if c.oc.NoQuorum == "approve" {
			return "met", false
		}
		return "unclear", false
	}
	for _, value := range []string{"met", "not met", "unclear"} {
		if 2*counts[value] > v {
			return value, true
		}
	}
	return "unclear", false
}

// tally sets the results of the criteria, and outcome, bond and reward of each vote.
func (c *contract) tally() {
	c.CriteriaMet = texts{}
	for i := range c.AcceptanceCriteria {
		result, _ := c.outcome(i)
		c.CriteriaMet = append(c.CriteriaMet, result)
	}
	if c.Votes == nil {
		return
	}
	for i := range *c.Votes {
		v := &(*c.Votes)[i]
		result, majority := c.outcome(v.CriterionIndex)
		v.MajorityOutcome = result
		v.BondOutcome, v.Reward = c.judge(v.Vote, result, majority)
	}
}

// judge is the second table of "Tally".
func (c *contract) judge(vote, result string, majority bool) (bond string, reward number) {
	none := decimal("0")
	decisive := vote != "unclear"
	switch {
	case !majority: // "any: no majority, or no quorum"
		return "returned", none
	case decisive && vote == result:
		return "returned", c.oc.TokenMintRewardFull
	case !decisive && vote == result:
		return "returned", c.oc.TokenMintRewardReduced
	case !decisive: // "unclear: a decisive majority"
		return "partially slashed", none
	case result == "unclear": // "decisive: a majority for unclear"
		return "returned", none
	}
	return "slashed", none // "decisive: a majority for the opposite"
}
