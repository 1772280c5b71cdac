package payoff

import (
	"math/big"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// Backup agents who judge perfect work: each votes with the chance turnout, and a
// vote is met with the chance accuracy, else not met. Chances are exact; what the
// votes come to is asked of the engine.

// binomial returns the chance of k of n, each of which happens with chance p.
func binomial(n, k int, p *big.Rat) *big.Rat {
	r := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
	r.Mul(r, power(p, k))
	return r.Mul(r, power(new(big.Rat).Sub(one(), p), n-k))
}

func power(p *big.Rat, n int) *big.Rat {
	r := one()
	for range n {
		r.Mul(r, p)
	}
	return r
}

// multinomial returns the chance of an opinion's numbers of verdicts, when each
// criterion has them with those chances.
func (o opinion) multinomial(chances map[string]*big.Rat) *big.Rat {
	r, left := one(), len(o)
	for v, p := range chances {
		n := o.count(v)
		r.Mul(r, new(big.Rat).SetInt(new(big.Int).Binomial(int64(left), int64(n))))
		r.Mul(r, power(p, n))
		left -= n
	}
	return r
}

// panel returns a jury of so many who say met, not met and nothing, on one
// criterion.
func panel(right, wrong, silent int) []opinion {
	list := make([]opinion, 0, right+wrong+silent)
	for range right {
		list = append(list, opinion{opencontract.Met})
	}
	for range wrong {
		list = append(list, opinion{opencontract.NotMet})
	}
	return append(list, make([]opinion, silent)...)
}

// odds are the assumed chances of one backup agent.
type odds struct{ turnout, accuracy *big.Rat }

func (a Assumptions) odds() odds { return odds{ratOf(a.Turnout), ratOf(a.Accuracy)} }

// each yields every panel of n on perfect work with its chance, but for those
// that cannot be.
func (o odds) each(n int, visit func(chance *big.Rat, voters, right int) error) error {
	for voters := range n + 1 {
		for right := range voters + 1 {
			p := binomial(n, voters, o.turnout)
			if p.Mul(p, binomial(voters, right, o.accuracy)); p.Sign() == 0 {
				continue
			}
			if err := visit(p, voters, right); err != nil {
				return err
			}
		}
	}
	return nil
}

// majorityChance returns how likely a quorum's majority decides a criterion.
func majorityChance(c Case, o odds) (*big.Rat, error) {
	c.Criteria = 1
	// So that silence decides nothing, and a decided criterion means a majority.
	c, err := With(c, opencontract.NoQuorum.Name, opencontract.Unclear)
	if err != nil {
		return nil, err
	}
	total, n := new(big.Rat), c.recruits()
	drawn, err := play(c, c.drawn(n), atOnce)
	if err != nil {
		return nil, err
	}
	err = o.each(n, func(p *big.Rat, voters, right int) error {
		l, err := drawn.goOn(verdict(panel(right, voters-right, n-voters)), atOnce)
		if err == nil && opencontract.CriteriaMet(l.contract)[0] != opencontract.Unclear {
			total.Add(total, p)
		}
		return err
	})
	return total, err
}

// honestVote returns what a diligent vote on one criterion is worth on average,
// in smallest units, with so many smallest units for a reward token.
func honestVote(c Case, o odds, token *big.Rat) (*big.Rat, error) {
	c.Criteria = 1
	total, n := new(big.Rat), c.recruits()-1
	drawn, err := play(c, c.drawn(n+1), atOnce)
	if err != nil {
		return nil, err
	}
	err = o.each(n, func(p *big.Rat, voters, right int) error {
		others := panel(right, voters-right, n-voters)
		for own, chance := range map[string]*big.Rat{opencontract.Met: o.accuracy, opencontract.NotMet: new(big.Rat).Sub(one(), o.accuracy)} {
			l, err := drawn.goOn(verdict(append([]opinion{{own}}, others...)), atOnce)
			if err != nil {
				return err
			}
			worth := l.tokens(Backup(1))
			worth.Mul(worth, token).Add(worth, new(big.Rat).SetInt(l.net(Backup(1))))
			total.Add(total, worth.Mul(worth, p).Mul(worth, chance))
		}
		return nil
	})
	return total, err
}

// disputeWorth returns what disputing perfect work brings a client on average, in
// smallest units. Given who votes, criteria are judged apart from each other: so
// the outcomes of all follow from those of one, and slashed bonds add up.
func disputeWorth(c Case, o odds) (*big.Rat, error) {
	total, n := new(big.Rat), c.recruits()
	many, err := play(c, c.drawn(n), atOnce)
	if err != nil {
		return nil, err
	}
	single := c
	single.Criteria = 1
	one, err := play(single, c.drawn(n), atOnce)
	if err != nil {
		return nil, err
	}
	for voters := range n + 1 {
		p := binomial(n, voters, o.turnout)
		if p.Sign() == 0 {
			continue
		}
		worth, err := voterWorth(c, many, one, voters, o.accuracy)
		if err != nil {
			return nil, err
		}
		total.Add(total, worth.Mul(worth, p))
	}
	return total, nil
}

// voterWorth is [disputeWorth] when exactly so many vote, in lives of the case and
// of one criterion that have come to the draw.
func voterWorth(c Case, many, one *life, voters int, accuracy *big.Rat) (*big.Rat, error) {
	chances, total, err := oneCriterion(one, voters, c.recruits(), accuracy)
	if err != nil {
		return nil, err
	}
	total.Mul(total, big.NewRat(int64(c.Criteria), 1))
	for _, o := range splits(c.Criteria) {
		p := o.multinomial(chances)
		if p.Sign() == 0 {
			continue
		}
		jury := c.unanimous(nil)
		for i := range voters {
			jury[i] = o
		}
		l, err := many.goOn(verdict(jury), atOnce)
		if err != nil {
			return nil, err
		}
		total.Add(total, p.Mul(p, new(big.Rat).SetInt(l.net(ClientAccount))))
	}
	return total, nil
}

// oneCriterion returns how likely each outcome of one criterion is when so many
// of a jury vote, and what the client gets of slashed bonds for it on average.
func oneCriterion(one *life, voters, jury int, accuracy *big.Rat) (map[string]*big.Rat, *big.Rat, error) {
	chances := map[string]*big.Rat{opencontract.Met: new(big.Rat), opencontract.NotMet: new(big.Rat), opencontract.Unclear: new(big.Rat)}
	slashed := new(big.Rat)
	for right := range voters + 1 {
		l, err := one.goOn(verdict(panel(right, voters-right, jury-voters)), atOnce)
		if err != nil {
			return nil, nil, err
		}
		p := binomial(voters, right, accuracy)
		outcome := opencontract.CriteriaMet(l.contract)[0]
		chances[outcome].Add(chances[outcome], p)
		won := l.sum(func(m *escrow.Movement) bool {
			return m.Reason == backupBondSlash && partyOf(m.To) == ClientAccount
		})
		slashed.Add(slashed, p.Mul(p, new(big.Rat).SetInt(won)))
	}
	return chances, slashed, nil
}
