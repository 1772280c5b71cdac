package escrow

import "math/bits"

// A contract is judged by at most maxAgents on at most maxCriteria.
const (
	maxAgents   = 15
	maxCriteria = 10
)

// verdict is a [Verdict] in two bits.
type verdict uint32

const (
	unjudged verdict = iota
	met
	notMet
	unclear
)

var verdicts = [...]Verdict{"", Met, NotMet, Unclear}

func verdictOf(v Verdict) verdict {
	for i := met; i <= unclear; i++ {
		if verdicts[i] == v {
			return i
		}
	}
	return unjudged
}

// sheet holds one verdict for each criterion, two bits each.
type sheet uint32

func (s sheet) at(criterion int) verdict { return verdict(s>>(2*criterion)) & 3 }

func (s sheet) with(criterion int, v verdict) sheet { return s | sheet(v)<<(2*criterion) }

// jury is who judges a contract, until when, and what each said. A contract has
// none until the draw; a vote makes a new one.
type jury struct {
	// agents are in drawn order.
	agents []string
	// ballots are by agent; an agent that has not voted has 0.
	ballots  [maxAgents]sheet
	deadline instant
}

// size returns how many agents were drawn.
func (j *jury) size() int {
	if j == nil {
		return 0
	}
	return len(j.agents)
}

// seat returns the position of a drawn agent, -1 for anybody else.
func (j *jury) seat(account string) int {
	for i := range j.size() {
		if j.agents[i] == account {
			return i
		}
	}
	return -1
}

// voters returns how many agents have voted.
func (j *jury) voters() int {
	n := 0
	if j == nil {
		return 0
	}
	for _, b := range j.ballots {
		if b != 0 {
			n++
		}
	}
	return n
}

// count returns how many criteria came out as v.
func (s sheet) count(v verdict) int {
	const low = 0x55555555
	// A pair of bits is v where the difference to v is 00 in both.
	differs := uint32(s) ^ low*uint32(v)
	return 16 - bits.OnesCount32((differs|differs>>1)&low)
}

// quorum reports whether more than half of the drawn agents voted.
func (j *jury) quorum() bool { return 2*j.voters() > j.size() }

// outcome returns what the votes say of a criterion, and whether a quorum's
// majority says it.
func (j *jury) outcome(criterion int, p *Policy) (verdict, bool) {
	voters := j.voters()
	if 2*voters <= j.size() {
		if p.NoQuorum == "approve" {
			return met, false
		}
		return unclear, false
	}
	var counts [4]int
	for _, b := range j.ballots {
		if b != 0 {
			counts[b.at(criterion)]++
		}
	}
	for v := met; v <= unclear; v++ {
		if 2*counts[v] > voters {
			return v, true
		}
	}
	return unclear, false
}

// tally decides every criterion by the votes.
func (c *Contract) tally() {
	c.results = 0
	for i := range c.terms.criteria {
		v, _ := c.jury.outcome(i, &c.terms.policy)
		c.results = c.results.with(i, v)
	}
}

// upheld reports whether a quorum's majority found every criterion met.
func (c *Contract) upheld() bool {
	if !c.jury.quorum() {
		return false
	}
	for i := range c.terms.criteria {
		if v, majority := c.jury.outcome(i, &c.terms.policy); v != met || !majority {
			return false
		}
	}
	return true
}

// credit returns what the results earn and the most they could, in units of
// 10^-18 of a criterion.
func (c *Contract) credit() (earned, most uint64) {
	earned = uint64(c.results.count(met))*ratioOne + uint64(c.results.count(unclear))*c.terms.policy.UnclearCredit.e18
	return earned, uint64(len(c.terms.criteria)) * ratioOne
}

// grade returns which of the three results the credit amounts to.
func (c *Contract) grade() caseKind {
	switch earned, most := c.credit(); earned {
	case most:
		return caseFullyMet
	case 0:
		return caseNoneMet
	default:
		return casePartlyMet
	}
}

// bondOutcome is what becomes of the bond for one vote.
type bondOutcome uint8

const (
	returned bondOutcome = iota
	slashed
	partiallySlashed
)

var bondOutcomes = [...]string{"returned", "slashed", "partially slashed"}

// bondFor returns what a vote comes to when the criterion's outcome is known.
func bondFor(vote, outcome verdict, majority bool) bondOutcome {
	switch {
	case !majority || vote == outcome || outcome == unclear:
		return returned
	case vote == unclear:
		return partiallySlashed
	}
	return slashed
}

// rewardFor returns the tokens a vote earns.
func rewardFor(vote, outcome verdict, majority bool, p *Policy) number {
	if !majority || vote != outcome {
		return number{}
	}
	tokens := p.TokenMintRewardFull
	if vote == unclear {
		tokens = p.TokenMintRewardReduced
	}
	n, _ := numberOf(tokens)
	return n
}

// bondPerCriterion is what a backup agent posts for each criterion.
func (c *Contract) bondPerCriterion() Amount {
	bond, _ := c.terms.price.split(c.terms.policy.BackupAgentBondRatio)
	return bond
}

// backupBond is what an agent has posted: the bond for each criterion, once it
// has voted.
func (c *Contract) backupBond(agent int) Amount {
	if c.jury.ballots[agent] == 0 {
		return Amount{}
	}
	return c.bondPerCriterion().timesAtMost(uint64(len(c.terms.criteria)))
}

// bondSplit divides an agent's bond by what its votes came to.
func (c *Contract) bondSplit(agent int) (back, slash Amount) {
	bond := c.bondPerCriterion()
	for i := range c.terms.criteria {
		outcome, majority := c.jury.outcome(i, &c.terms.policy)
		lost, kept := Amount{}, bond
		switch bondFor(c.jury.ballots[agent].at(i), outcome, majority) {
		case slashed:
			lost, kept = bond, Amount{}
		case partiallySlashed:
			lost, kept = bond.split(c.terms.policy.BAUnclearSlashRatio)
		}
		back, _ = back.plus(kept)
		slash, _ = slash.plus(lost)
	}
	return back, slash
}

// tallied reports whether the outcomes of the votes are known.
func (c *Contract) tallied() bool { return c.results != 0 }

// CastVote is one backup agent's vote on one criterion, and what it came to.
// The last three are unset until the tally.
type CastVote struct {
	BackupAgent     string
	CriterionIndex  int
	Vote            Verdict
	MajorityOutcome Verdict
	// BondOutcome is returned, slashed or partially slashed.
	BondOutcome string
	// Reward is in tokens, written in plain notation.
	Reward string
}

// Votes returns the votes cast, by agent in drawn order, then by criterion.
func (c *Contract) Votes() []CastVote {
	var votes []CastVote
	if c.jury == nil {
		return nil
	}
	for seat, agent := range c.jury.agents {
		for i := range c.terms.criteria {
			if c.jury.ballots[seat] == 0 {
				break
			}
			votes = append(votes, c.castVote(seat, agent, i))
		}
	}
	return votes
}

func (c *Contract) castVote(seat int, agent string, criterion int) CastVote {
	vote := c.jury.ballots[seat].at(criterion)
	v := CastVote{BackupAgent: agent, CriterionIndex: criterion, Vote: verdicts[vote]}
	if c.tallied() {
		outcome, majority := c.jury.outcome(criterion, &c.terms.policy)
		v.MajorityOutcome = verdicts[outcome]
		v.BondOutcome = bondOutcomes[bondFor(vote, outcome, majority)]
		v.Reward = string(rewardFor(vote, outcome, majority, &c.terms.policy).appendText(nil))
	}
	return v
}
