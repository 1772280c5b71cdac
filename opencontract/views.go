package opencontract

import "github.com/escrow-go/escrow"

// tokens is what rewards are counted in: no escrow money.
var tokens = escrow.Asset{Code: "tokens", Scale: 18}

// CastVote is one backup agent's vote on one criterion, and what it came to. The
// last three are empty until the tally.
type CastVote struct {
	BackupAgent    string `json:"backupAgent"`
	CriterionIndex int    `json:"criterionIndex"`
	// Vote and MajorityOutcome are Met, NotMet or Unclear.
	Vote            string `json:"vote"`
	MajorityOutcome string `json:"majorityOutcome,omitempty"`
	// BondOutcome is BondReturned, BondSlashed or BondPartiallySlashed.
	BondOutcome string `json:"bondOutcome,omitempty"`
	// Reward is in tokens, written in plain notation.
	Reward string `json:"reward,omitempty"`
}

// Votes returns the votes cast, by agent in drawn order, then by criterion.
func Votes(c escrow.Contract) []CastVote { return votesOf(c.View()) }

// BackupAgents returns the accounts drawn to judge, in drawn order; nil before the
// draw.
func BackupAgents(c escrow.Contract) []string { return agentsOf(c.View()) }

// Delivery returns what was delivered, empty before it was.
func Delivery(c escrow.Contract) string { return Delivered.In(c.View()) }

// CriteriaMet returns the outcome of every criterion, nil until the contract is
// resolved.
func CriteriaMet(c escrow.Contract) []string {
	v := c.View()
	if !v.Has(Outcomes) {
		return nil
	}
	list := make([]string, AcceptanceCriteria.Len(v))
	for i := range list {
		list[i] = verdicts[Outcomes.In(v).Entry(i)-1]
	}
	return list
}

// Reward is what a backup agent earns for one vote: tokens that the application
// mints, no escrow money.
type Reward struct {
	BackupAgent    string `json:"backupAgent"`
	CriterionIndex int    `json:"criterionIndex"`
	// Tokens are written in plain notation.
	Tokens string `json:"tokens"`
}

// Rewards returns what a settlement earns the backup agents, by agent in drawn
// order, then by criterion; nothing for any other decision.
func Rewards(d escrow.Decision) []Reward { return rewardsOf(d.Contract.View(), d.Action) }

func rewardsOf(v escrow.View, action escrow.Action) (list []Reward) {
	if action != settle.Action() {
		return nil
	}
	for _, cast := range votesOf(v) {
		if cast.Reward != "0" {
			list = append(list, Reward{cast.BackupAgent, cast.CriterionIndex, cast.Reward})
		}
	}
	return list
}

func agentsOf(v escrow.View) (agents []string) {
	for i := range v.Len(Jury) {
		agents = append(agents, v.At(Jury, i).Key())
	}
	return agents
}

func votesOf(v escrow.View) []CastVote {
	j := juryOf(v)
	return j.votes(v, agentsOf(v), v.Has(Outcomes))
}

// votes returns the votes cast, with what they came to once that is known.
func (j *jury) votes(v escrow.View, agents []string, tallied bool) (list []CastVote) {
	for seat := range j.drawn {
		for i := range j.criteria {
			if !j.voted(seat) {
				break
			}
			vote := j.sheets[seat].Entry(i)
			cast := CastVote{BackupAgent: agents[seat], CriterionIndex: i, Vote: verdicts[vote-1]}
			if tallied {
				outcome, majority := j.outcome(i)
				cast.MajorityOutcome = verdicts[outcome-1]
				cast.BondOutcome = bondFor(vote, outcome, majority)
				cast.Reward = tokens.Text(rewardFor(v, vote, outcome, majority))
			}
			list = append(list, cast)
		}
	}
	return list
}
