package opencontract

import (
	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// The verdicts on a criterion.
const (
	Met     = "met"
	NotMet  = "not met"
	Unclear = "unclear"
)

// verdicts are in the order of their numbers, counted from 1.
var verdicts = []string{Met, NotMet, Unclear}

const (
	met = iota + 1
	notMet
	unclear
)

// What becomes of the bond for one vote.
const (
	BondReturned         = "returned"
	BondSlashed          = "slashed"
	BondPartiallySlashed = "partially slashed"
)

// jury is what the tally looks at: how many were drawn, what each of those who
// voted said of each criterion, and what a silent majority means.
type jury struct {
	drawn, criteria, voters int
	sheets                  [maxAgents]escrow.Sheet
	silence                 int
}

// juryOf returns the jury as the contract has it.
func juryOf(v View) jury {
	j := emptyJury(v, v.Len(Jury))
	for i := range j.drawn {
		if j.sheets[i] = Ballots.In(v.At(Jury, i)); j.voted(i) {
			j.voters++
		}
	}
	return j
}

// emptyJury returns a jury of which nobody has voted yet.
func emptyJury(v View, drawn int) jury {
	j := jury{drawn: min(drawn, maxAgents), criteria: min(AcceptanceCriteria.Len(v), maxCriteria), silence: unclear}
	if NoQuorum.In(v) == "approve" {
		j.silence = met
	}
	return j
}

// cast notes a vote; an agent's first makes it a voter.
func (j *jury) cast(seat, criterion, verdict int) {
	if !j.voted(seat) {
		j.voters++
	}
	j.sheets[seat] = j.sheets[seat].With(criterion, verdict)
}

func (j *jury) voted(seat int) bool { return j.sheets[seat] != escrow.Sheet{} }

// outcome returns what the votes say of a criterion, and whether a quorum's
// majority says it. A quorum is more than half of those drawn.
func (j *jury) outcome(criterion int) (verdict int, majority bool) {
	if 2*j.voters <= j.drawn {
		return j.silence, false
	}
	var counts [unclear + 1]int
	for seat := range j.drawn {
		counts[j.sheets[seat].Entry(criterion)]++
	}
	for verdict := met; verdict <= unclear; verdict++ {
		if 2*counts[verdict] > j.voters {
			return verdict, true
		}
	}
	return unclear, false
}

// lastVote reports whether one backup agent has not voted yet.
func lastVote(v View) bool {
	voters := 0
	for i := range v.Len(Jury) {
		if v.At(Jury, i).ItemStatus() == voted {
			voters++
		}
	}
	return voters == v.Len(Jury)-1
}

// tally decides every criterion by the votes.
func tally(v View) Value {
	j := juryOf(v)
	var results escrow.Sheet
	for i := range j.criteria {
		verdict, _ := j.outcome(i)
		results = results.With(i, verdict)
	}
	return Outcomes.Is(results)
}

// upheld reports whether a quorum's majority found every criterion met.
func upheld(v View) bool {
	j := juryOf(v)
	for i := range j.criteria {
		if verdict, majority := j.outcome(i); verdict != met || !majority {
			return false
		}
	}
	return true
}

// whole is one criterion's credit: units of 10^-18.
const whole = 1_000_000_000_000_000_000

// credit returns what the outcomes earn and the most they could.
func credit(v View) (earned, most uint64) {
	outcomes := Outcomes.In(v)
	earned = uint64(outcomes.Count(met)) * whole
	if n := outcomes.Count(unclear); n > 0 {
		earned += uint64(n) * UnclearCredit.In(v).Units()
	}
	return earned, uint64(AcceptanceCriteria.Len(v)) * whole
}

// mostNotMet reports whether more than half of the criteria are not met.
func mostNotMet(v View) bool { return 2*Outcomes.In(v).Count(notMet) > AcceptanceCriteria.Len(v) }

// bondFor returns what becomes of the bond for one vote.
func bondFor(vote, outcome int, majority bool) string {
	switch {
	case !majority || vote == outcome || outcome == unclear:
		return BondReturned
	case vote == unclear:
		return BondPartiallySlashed
	}
	return BondSlashed
}

// bondsKept returns what the votes of one backup agent did not lose of its bond.
func bondsKept(v View, _ escrow.Amount) (kept escrow.Amount) {
	j, seat := juryOf(v), v.Index()
	bond := Price.In(v).Part(BackupAgentBondRatio.In(v))
	part := bond.Rest(BAUnclearSlashRatio.In(v))
	for i := range j.criteria {
		outcome, majority := j.outcome(i)
		switch bondFor(j.sheets[seat].Entry(i), outcome, majority) {
		case BondReturned:
			kept = kept.Plus(bond)
		case BondPartiallySlashed:
			kept = kept.Plus(part)
		}
	}
	return kept
}

// rewardFor returns the tokens that a vote earns, in units of 10^-18.
func rewardFor(v View, vote, outcome int, majority bool) escrow.Amount {
	switch {
	case !majority || vote != outcome:
		return escrow.Amount{}
	case vote == unclear:
		return TokenMintRewardReduced.In(v)
	}
	return TokenMintRewardFull.In(v)
}
