package payoff

import (
	"math/big"
	"testing"

	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// everyJury yields every way in which a jury can vote on perfect work, with its
// chance: each agent silent, or right or wrong on each criterion.
func everyJury(c Case, o odds, visit func(jury []opinion, chance *big.Rat)) {
	ways := 1<<c.Criteria + 1
	total := 1
	for range c.recruits() {
		total *= ways
	}
	for code := range total {
		chance, jury := one(), []opinion(nil)
		for range c.recruits() {
			said, p := oneOpinion(c, o, code%ways)
			jury, code = append(jury, said), code/ways
			chance.Mul(chance, p)
		}
		visit(jury, chance)
	}
}

// oneOpinion returns the way in which one agent votes, and its chance.
func oneOpinion(c Case, o odds, way int) (opinion, *big.Rat) {
	if way == 1<<c.Criteria {
		return nil, new(big.Rat).Sub(one(), o.turnout)
	}
	said, p := opinion{}, new(big.Rat).Set(o.turnout)
	for i := range c.Criteria {
		if way>>i&1 == 1 {
			said, p = append(said, opencontract.Met), p.Mul(p, o.accuracy)
		} else {
			said, p = append(said, opencontract.NotMet), p.Mul(p, new(big.Rat).Sub(one(), o.accuracy))
		}
	}
	return said, p
}

// TestDisputeWorth: what a dispute is worth is the average over every single way
// in which three agents can vote, under any policy.
func TestDisputeWorth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ratios := rapid.SampledFrom([]string{"0", "0.05", "0.3", "0.333333333333333333", "0.9", "1"})
		c := DefaultCase(opencontract.Lifecycle)
		c.Criteria = rapid.IntRange(1, 2).Draw(t, "criteria")
		var err error
		for _, field := range []string{"protocolFee", "workerStakeRatio", "disputeBondRatio", "backupAgentBondRatio", "absentNoneMetClientShare", "unclearCredit"} {
			c, err = With(c, field, ratios.Draw(t, field))
			require.NoError(t, err)
		}
		c = set(t, c, "backupSlashTo", rapid.SampledFrom([]string{"client", "treasury"}).Draw(t, "slash to"),
			"noQuorum", rapid.SampledFrom([]string{"approve", "unclear"}).Draw(t, "no quorum"))
		o := odds{big.NewRat(rapid.Int64Range(0, 5).Draw(t, "turnout"), 5), big.NewRat(rapid.Int64Range(0, 7).Draw(t, "accuracy"), 7)}
		want := new(big.Rat)
		everyJury(c, o, func(jury []opinion, chance *big.Rat) {
			l, err := play(c, c.judged(jury), atOnce)
			require.NoError(t, err)
			want.Add(want, chance.Mul(chance, new(big.Rat).SetInt(l.net(ClientAccount))))
		})
		got, err := disputeWorth(c, o)
		require.NoError(t, err)
		if want.Cmp(got) != 0 {
			t.Fatalf("worth %s, every single way says %s", got, want)
		}
	})
}

// TestHonestVote: the same for a vote.
func TestHonestVote(t *testing.T) {
	c := set(t, DefaultCase(opencontract.Lifecycle), "criteria", "1")
	o, token := odds{big.NewRat(4, 5), big.NewRat(6, 7)}, big.NewRat(12345, 1)
	want := new(big.Rat)
	everyJury(c, o, func(jury []opinion, chance *big.Rat) {
		if jury[0] == nil {
			return
		}
		l, err := play(c, c.judged(jury), atOnce)
		require.NoError(t, err)
		worth := l.tokens(Backup(1))
		worth.Mul(worth, token).Add(worth, new(big.Rat).SetInt(l.net(Backup(1))))
		want.Add(want, worth.Mul(worth, chance))
	})
	want.Quo(want, o.turnout) // it does vote
	got, err := honestVote(c, o, token)
	require.NoError(t, err)
	assert.Zero(t, want.Cmp(got), "%s, every single way says %s", got, want)
}

// TestMajorityChance: three of three decide always, two of three when they agree.
func TestMajorityChance(t *testing.T) {
	got, err := majorityChance(DefaultCase(opencontract.Lifecycle), odds{big.NewRat(9, 10), big.NewRat(9, 10)})
	require.NoError(t, err)
	assert.Zero(t, big.NewRat(92826, 100000).Cmp(got), got.FloatString(6)) // 0.729 + 0.243 * (0.81 + 0.01)
}
