package payoff

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/declare"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ratio reads a ratio that is one.
func ratio(t testing.TB, text string) escrow.Ratio {
	t.Helper()
	r, err := escrow.ParseRatio(text)
	require.NoError(t, err)
	return r
}

// asserting is a test, or a draw of a property.
type asserting interface {
	require.TestingT
	Helper()
}

// set returns the case with fields set: name, value, name, value.
func set(t asserting, c Case, pairs ...string) Case {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		var err error
		c, err = With(c, pairs[i], pairs[i+1])
		require.NoError(t, err)
	}
	return c
}

// numbered returns the lifecycle with a rule id of its own for every row, so that
// decisions tell the row.
func numbered(t testing.TB, l *escrow.Lifecycle) *escrow.Lifecycle {
	t.Helper()
	spec := l.Spec()
	for i := range spec.Rules {
		spec.Rules[i].ID = rowID(i)
	}
	copied, err := escrow.Define(spec)
	require.NoError(t, err)
	return copied
}

func rowID(i int) string { return fmt.Sprintf("row %d", i) }

// variants are the cases under which, together, everything can happen.
func variants(t testing.TB, l *escrow.Lifecycle) []Case {
	c := DefaultCase(l)
	if c.isTrain() {
		return []Case{c, set(t, c, "quorum", "2", "separateDuties", "true", "endDisposition", "require")}
	}
	standard, tender := c, c
	standard.Mode, tender.Award = opencontract.Standard, opencontract.AwardOpenTender
	return []Case{c, standard, tender}
}

// TestComplete: every row of the table that ends a contract or resolves a
// dispute decides in some ending, and every status is visited.
func TestComplete(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		decided, visited := map[string]bool{}, map[escrow.Status]bool{}
		for _, c := range variants(t, numbered(t, l)) {
			for _, p := range plansOf(c) {
				e, err := endingOf(c, p)
				require.NoError(t, err, p.name)
				for _, id := range e.Rules {
					decided[id] = true
				}
				for _, s := range e.Visited {
					visited[s] = true
				}
			}
		}
		for i, r := range l.Spec().Rules {
			if slices.Contains(l.Spec().Terminal, r.To) || r.To == opencontract.Resolved {
				assert.True(t, decided[rowID(i)], "%s: nothing ends by %s to %s when %v", l.Name(), r.ID, r.To, r.When)
			}
		}
		for _, s := range l.Statuses() {
			assert.True(t, visited[s], "%s: nothing is ever %s", l.Name(), s)
		}
	}
}

// TestBalanced: in every ending what some have less others have more, and a name
// stands for one ending.
func TestBalanced(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		for _, c := range variants(t, l) {
			table, err := Of(c)
			require.NoError(t, err)
			names := map[string]bool{}
			for _, e := range table.Endings {
				sum := new(big.Int)
				for _, f := range e.Flows {
					sum.Add(sum, f.Net())
				}
				assert.Zero(t, sum.Sign(), e.Name)
				assert.True(t, l.IsTerminal(e.Status), e.Name)
				assert.False(t, names[e.Name], e.Name)
				names[e.Name] = true
			}
		}
	}
}

// TestDocumentedNumbers: the worked numbers of the documents.
func TestDocumentedNumbers(t *testing.T) {
	table, err := Of(DefaultCase(opencontract.Lifecycle))
	require.NoError(t, err)
	for name, want := range map[string][3]int64{
		"the client approves":                {-50_000000, 47_500000, 2_500000},
		"the worker withdraws in time":       {750000, -750000, 0},
		"the worker vanishes":                {2_000000, -2_500000, 500000},
		"disputed: all say 3 met":            {-52_500000, 50_000000, 2_500000},
		"disputed: all say 3 not met":        {2_000000, -2_500000, 500000},
		"disputed: all say 3 unclear":        {0, 0, 0},
		"disputed: none met, one says met":   {2_000000, -2_500000, 8_000000},
		"disputed: all say 2 met, 1 unclear": {-33_333333, 31_666666, 1_666667},
	} {
		e := ending(t, table, name)
		for i, party := range []string{ClientAccount, WorkerAccount, TreasuryAccount} {
			f := e.Flow(party)
			assert.Equal(t, want[i], f.Net().Int64(), "%s of %s", name, party)
		}
	}
	agent := ending(t, table, "disputed: none met, one says met").Flow(Backup(3))
	assert.Equal(t, escrow.Units(7_500000), agent.Pays)
	assert.True(t, agent.Gets.IsZero())
}

func ending(t testing.TB, table *Table, name string) *Ending {
	t.Helper()
	i := slices.IndexFunc(table.Endings, func(e Ending) bool { return e.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return &table.Endings[i]
}

// TestLocks: locks as reckoned by hand from the windows.
func TestLocks(t *testing.T) {
	table, err := Of(set(t, DefaultCase(opencontract.Lifecycle), "match", "P1D", "withdrawal", "P2D", "delivery", "P4D", "review", "P8D", "baVotingWindow", "PT1H"))
	require.NoError(t, err)
	const ns = time.Nanosecond
	for _, want := range []struct {
		ending, party, account string
		shortest, longest      time.Duration
	}{
		{"nobody takes the task", ClientAccount, "escrow", day, day},
		{"the worker declines", ClientAccount, "escrow", 0, day - ns},
		{"the worker withdraws in time", WorkerAccount, "stake", 0, 3*day - ns},
		{"the worker vanishes", WorkerAccount, "stake", 6*day + ns, 7 * day},
		{"the client stays silent", ClientAccount, "escrow", 15 * day, 15 * day},
		{"disputed: no backup agents are drawn", ClientAccount, "dispute-bond", time.Hour, time.Hour},
		{"disputed: all backup agents stay silent", ClientAccount, "dispute-bond", time.Hour, 2*time.Hour - ns},
		{"disputed: all say 3 met", Backup(3), "backup-bond:backup-3", 0, time.Hour - ns},
		{"disputed: all met, one stays silent", Backup(1), "backup-bond:backup-1", ns, time.Hour},
	} {
		f := ending(t, table, want.ending).Flow(want.party)
		i := slices.IndexFunc(f.Locked, func(l Lock) bool { return l.Account == want.account })
		require.GreaterOrEqual(t, i, 0, want.ending)
		assert.Equal(t, want.shortest, f.Locked[i].Shortest, want.ending)
		assert.Equal(t, want.longest, f.Locked[i].Longest, want.ending)
	}
}

// TestEveryPace: no way of being early or late at each step makes a lock longer
// or shorter than told, nor moves other money.
func TestEveryPace(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		for _, c := range variants(t, l) {
			c.Criteria, c.Match = 1, 2*c.Match
			for _, p := range plansOf(c) {
				if len(p.steps) <= 9 {
					everyPace(t, c, p)
				}
			}
		}
	}
}

func everyPace(t *testing.T, c Case, p plan) {
	once, err := play(c, p.steps, atOnce)
	require.NoError(t, err)
	told, err := locksOf(c, p, once)
	require.NoError(t, err)
	found := once.locks()
	for set := range 1 << len(p.steps) {
		l, err := play(c, p.steps, func(i int) bool { return set>>i&1 == 1 })
		require.NoError(t, err)
		found.widen(l.locks())
		assert.Zero(t, l.net(ClientAccount).Cmp(once.net(ClientAccount)))
	}
	found.level()
	assert.Equal(t, locksOnly(found), locksOnly(told), p.name)
}

func locksOnly(h holdings) (list []Lock) {
	for _, one := range h {
		list = append(list, one.Lock)
	}
	return list
}

// TestWithoutLimit: where only the client goes on, nothing bounds the lock.
func TestWithoutLimit(t *testing.T) {
	table, err := Of(DefaultCase(opentrain.Lifecycle))
	require.NoError(t, err)
	l, party, ok := ending(t, table, "every milestone is paid").Worst()
	assert.True(t, ok)
	assert.Equal(t, ClientAccount, party)
	assert.Equal(t, WithoutLimit, l.Longest)
	assert.False(t, l.Within(1<<62))
	_, _, ok = ending(t, table, "the hire expires").Worst()
	assert.False(t, ok)
}

// TestVotes: what a vote comes to is the table of the specification.
func TestVotes(t *testing.T) {
	table, err := Of(DefaultCase(opencontract.Lifecycle))
	require.NoError(t, err)
	require.Len(t, table.Votes, 20)
	for _, v := range table.Votes {
		bond, slashed, tokens := uint64(2_500000), uint64(0), int64(0)
		decisive := v.Outcome == SaidMet || v.Outcome == SaidNotMet
		switch {
		case v.Own == "":
			bond = 0
		case v.Own == opencontract.Unclear && v.Outcome == SaidUnclear:
			tokens = 4
		case decisive && Outcome(v.Own) == v.Outcome:
			tokens = 10
		case decisive && v.Own == opencontract.Unclear:
			slashed = 750000
		case decisive:
			slashed = bond
		}
		what := fmt.Sprint(v.Own, " against ", v.Outcome)
		assert.Equal(t, escrow.Units(bond), v.Bond, what)
		assert.Equal(t, escrow.Units(slashed), v.Slashed, what)
		assert.Equal(t, escrow.Units(bond-slashed), v.Kept, what)
		assert.True(t, decimal.NewFromInt(tokens).Equal(v.Tokens), what)
	}
	alone, err := Of(set(t, DefaultCase(opencontract.Lifecycle), "baRecruitCount", "1"))
	require.NoError(t, err)
	assert.Len(t, alone.Votes, 4)
}

// TestOutcomes: the others say what makes the outcome, in juries of every size.
func TestOutcomes(t *testing.T) {
	for n := 1; n <= 15; n += 2 {
		c := DefaultCase(opencontract.Lifecycle)
		c.Criteria = 1
		c = set(t, c, "baRecruitCount", strconv.Itoa(n), "noQuorum", "approve")
		for _, own := range []string{opencontract.Met, opencontract.NotMet, opencontract.Unclear, ""} {
			for _, o := range outcomes {
				others, possible := c.others(own, o)
				if !possible {
					assert.Equal(t, 1, n)
					continue
				}
				assert.Equal(t, o, tallied(append(others, own), n), "%d agents, own %s", n, own)
			}
		}
	}
}

// tallied is the tally of the specification.
func tallied(votes []string, n int) Outcome {
	counts, voted := map[string]int{}, 0
	for _, v := range votes {
		if v != "" {
			counts[v]++
			voted++
		}
	}
	if 2*voted <= n {
		return NoQuorum
	}
	for v, times := range counts {
		if 2*times > voted {
			return Outcome(v)
		}
	}
	return NoMajority
}

// TestUnfit: what cannot be played is an error that says what would be right.
func TestUnfit(t *testing.T) {
	train, task := DefaultCase(opentrain.Lifecycle), DefaultCase(opencontract.Lifecycle)
	train.Milestones = 11
	_, err := Of(train)
	assert.ErrorContains(t, err, "1 to 10")
	_, err = Of(Case{})
	assert.ErrorContains(t, err, "opencontract.Lifecycle")
	spec := opentrain.Lifecycle.Spec()
	spec.Name = "other"
	other, err := escrow.Define(spec)
	require.NoError(t, err)
	_, _, err = Choices(Case{Lifecycle: other})
	assert.ErrorContains(t, err, `"other"`)
	task.Criteria = 0
	_, err = Of(task)
	assert.ErrorIs(t, err, escrow.InvalidTerms)
	task.Criteria, task.Policy = 1, escrow.Policy{}
	_, _, err = Choices(task)
	assert.ErrorIs(t, err, escrow.InvalidPolicy)
	task.Criteria = -1
	_, err = Of(task)
	assert.Error(t, err)
}

// TestRulesAreNotRepeated: under another rule for those who vanish the table says
// something else.
func TestRulesAreNotRepeated(t *testing.T) {
	spec := opencontract.Lifecycle.Spec()
	for i := range spec.Rules {
		if r := &spec.Rules[i]; r.To == opencontract.CancelledAbsent {
			r.Money = declare.Money{declare.All(opencontract.Escrow, opencontract.Client), declare.All(opencontract.Stake, opencontract.Treasury)}
		}
	}
	other, err := escrow.Define(spec)
	require.NoError(t, err)
	table, err := Of(DefaultCase(other))
	require.NoError(t, err)
	e := ending(t, table, "the worker vanishes")
	assert.Equal(t, int64(2_500000), e.Flow(TreasuryAccount).Net().Int64())
	assert.Zero(t, e.Flow(ClientAccount).Net().Sign())
}
