package payoff

import (
	"math/big"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// Outcome is what the backup agents together say of a criterion.
type Outcome string

// The outcomes: a quorum's majority for a verdict, none, or no quorum.
const (
	SaidMet     Outcome = "met"
	SaidNotMet  Outcome = "not met"
	SaidUnclear Outcome = "unclear"
	NoMajority  Outcome = "no majority"
	NoQuorum    Outcome = "no quorum"
)

var outcomes = []Outcome{SaidMet, SaidNotMet, SaidUnclear, NoMajority, NoQuorum}

// Vote is what becomes of one backup agent's bond on one criterion.
type Vote struct {
	// Own is what the agent says, empty for silence.
	Own string
	// Outcome is what all say together, the agent included.
	Outcome Outcome
	// Bond is what it posts, Kept what it gets back, Slashed what it loses, in
	// smallest units.
	Bond, Kept, Slashed escrow.Amount
	// Tokens is its reward, which is no escrow money.
	Tokens decimal.Decimal
}

// votesOf plays every own vote against every outcome that the others can make of
// it, on one criterion.
func votesOf(c Case) ([]Vote, error) {
	c.Criteria = 1
	var list []Vote
	for _, own := range []string{opencontract.Met, opencontract.NotMet, opencontract.Unclear, ""} {
		for _, o := range outcomes {
			others, possible := c.others(own, o)
			if !possible {
				continue
			}
			v, err := voteOf(c, own, o, others)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
	}
	return list, nil
}

// others returns what the other backup agents say so that with one's own vote
// there is that outcome, and false when nothing they say makes it so.
func (c Case) others(own string, o Outcome) ([]string, bool) {
	list := make([]string, max(c.recruits()-1, 0))
	if len(list) == 0 {
		return list, own == "" && o == NoQuorum || own != "" && Outcome(own) == o
	}
	for i := range list {
		switch o {
		case NoQuorum:
		case NoMajority:
			list[i] = apart(own, i)
		default:
			list[i] = string(o)
		}
	}
	return list, true
}

// apart returns the verdict by which the i-th of an even number of others keeps
// every verdict from a majority.
func apart(own string, i int) string {
	ring := []string{opencontract.Met, opencontract.NotMet, opencontract.Unclear}
	if own == "" {
		return ring[i%2]
	}
	for at, v := range ring {
		if v == own {
			return ring[(at+1+i)%3]
		}
	}
	return own
}

// voteOf plays one vote, by the first backup agent.
func voteOf(c Case, own string, o Outcome, others []string) (v Vote, err error) {
	jury := []opinion{all(own, 1)}
	for _, other := range others {
		jury = append(jury, all(other, 1))
	}
	l, err := play(c, c.judged(jury), atOnce)
	if err != nil {
		return v, err
	}
	v = Vote{Own: own, Outcome: o, Tokens: decimal.NewFromBigRat(l.tokens(Backup(1)), 18)}
	paid, got := l.paid(Backup(1)), l.got(Backup(1))
	if v.Bond, err = escrow.AmountOf(paid); err != nil {
		return v, err
	}
	if v.Kept, err = escrow.AmountOf(got); err != nil {
		return v, err
	}
	v.Slashed, err = escrow.AmountOf(paid.Sub(paid, got))
	return v, err
}

// tokens returns what a backup agent is rewarded with.
func (l *life) tokens(agent string) *big.Rat {
	total := new(big.Rat)
	for _, r := range l.rewards {
		if n, ok := new(big.Rat).SetString(r.Tokens); ok && r.BackupAgent == agent {
			total.Add(total, n)
		}
	}
	return total
}
