package simulate

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// with sets a field that can be set.
func with(t require.TestingT, s *Scenario, field, value string) *Scenario {
	next, err := s.With(field, value)
	require.NoError(t, err, field)
	return next
}

func TestWithSets(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	before := *s
	for _, c := range []struct {
		field, value string
		want, have   func(*Scenario) any
	}{
		{"seed", "7", func(*Scenario) any { return uint64(7) }, func(s *Scenario) any { return s.Seed }},
		{"policy.workerStakeRatio", `"0.2"`, func(*Scenario) any { return "0.2" }, func(s *Scenario) any { return opencontract.WorkerStakeRatio.In(s.Policies[0].Policy.View()).String() }},
		{"policy.payoutReview.quorum", `2`, func(*Scenario) any { return 2 }, func(s *Scenario) any { _, quorum, _ := s.Policies[0].Policy.Review(); return quorum }},
		{"terms.review", `"PT12H"`, func(*Scenario) any { return 12 * time.Hour }, func(s *Scenario) any { return s.Terms.Review }},
		{"price.lognormal.median", "60", func(*Scenario) any { return Lognormal(60_000_000, 0.8, 5_000_000, 5_000_000_000) }, func(s *Scenario) any { return s.Price }},
		{"price", "60", func(*Scenario) any { return Fixed(60_000_000) }, func(s *Scenario) any { return s.Price }},
		{"workers[1].delivers.uniform.to", "1.1", func(*Scenario) any { return Uniform(0.7*One, 1.1*One) }, func(s *Scenario) any { return s.Workers[1].Delivers }},
		{"approvers[1].after.exponential.mean", `"PT24H"`, func(*Scenario) any { return Exponential(int64(24*time.Hour), 0, int64(480*time.Hour)) }, func(s *Scenario) any { return s.Approvers[1].After }},
		{"workers", `[{"behaviour": "poor", "share": 1}]`, func(*Scenario) any { return 1 }, func(s *Scenario) any { return len(s.Workers) }},
	} {
		require.Equal(t, c.want(s), c.have(with(t, s, c.field, c.value)), c.field)
	}
	require.Equal(t, before, *s)
	require.Equal(t, `{"lifecycle":"opencontract"}`, s.document.json())
}

func TestWithSetsPolicyFieldsInAllPolicies(t *testing.T) {
	s := with(t, parsed(t, `{"policies": [{"name": "a"}, {"name": "b", "policy": {"protocolFee": "0.2"}}]}`), "policy.protocolFee", "0.3")
	require.Equal(t, "0.3", opencontract.ProtocolFee.In(s.Policies[0].Policy.View()).String())
	require.Equal(t, "0.3", opencontract.ProtocolFee.In(s.Policies[1].Policy.View()).String())
	s = with(t, s, "policies[1].policy.protocolFee", "0.4")
	require.Equal(t, "0.3", opencontract.ProtocolFee.In(s.Policies[0].Policy.View()).String())
	require.Equal(t, "0.4", opencontract.ProtocolFee.In(s.Policies[1].Policy.View()).String())
}

func TestWithKeepsSharesTogether(t *testing.T) {
	s := parsed(t, `{"clients": [{"behaviour": "honest", "share": 0.5}, {"behaviour": "negligent", "share": "0.3"},
		{"behaviour": "disputing", "share": 0.2}, {"behaviour": "rational", "share": 0}]}`)
	for _, c := range []struct{ field, value, want string }{
		{"clients[0].share", "0.6", "0.6 0.24 0.16 0"},
		{"clients[0].share", "0", "0 0.6 0.4 0"},
		{"clients[0].share", "1", "1 0 0 0"},
		{"clients[2].share", "0.1", "0.5625 0.3375 0.1 0"},
		{"clients[3].share", "0.5", "0.25 0.15 0.1 0.5"},
		{"clients[1].share", "0.1", "0.642857142857142857 0.1 0.257142857142857143 0"},
		{"clients[1].share", "0.3", "0.5 0.3 0.2 0"},
	} {
		var have []string
		for _, client := range with(t, s, c.field, c.value).Clients {
			have = append(have, client.Share.String())
		}
		require.Equal(t, c.want, strings.Join(have, " "), c.field)
	}
	d := with(t, parsed(t, `{"value": {"choice": [{"value": 1, "share": 0.5}, {"value": 2, "share": 0.5}]}}`), "value.choice[1].share", "0.25")
	require.Equal(t, Choice([]int64{One, 2 * One}, []uint64{3 << 61, 1 << 61}), d.Value)
}

// TestWithSharesAddUp sets shares at random, one after the other.
func TestWithSharesAddUp(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		s := Default(opencontract.Lifecycle)
		for range 3 {
			share := plainText(big.NewRat(random.Int64N(1e18), 1e18))
			group := random.IntN(len(s.Workers))
			s = with(t, s, "workers"+position(group)+".share", share)
			require.Equal(t, exactly(share), s.Workers[group].Share)
		}
		sum := new(big.Rat)
		for _, w := range s.Workers {
			sum.Add(sum, w.Share.Decimal().Rat())
		}
		require.Equal(t, "1", sum.RatString())
	}
}

// TestWithTheDefaultChangesNothing sets every field to what it is anyway.
func TestWithTheDefaultChangesNothing(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{opencontract.Lifecycle, opentrain.Lifecycle} {
		want := Default(l)
		set := 0
		for _, f := range Fields() {
			preset := f.Default
			if f.OpenTrain != "" && l == opentrain.Lifecycle {
				preset = f.OpenTrain
			}
			if preset == "" || f.Path == "lifecycle" || strings.Contains(f.Path, "[]") || f.Path == "frontier.less" ||
				f.Only != "" && f.Only != l.Name() || strings.HasPrefix(f.Path, "matching.") && l == opentrain.Lifecycle {
				continue
			}
			have := with(t, want, f.Path, preset)
			require.Contains(t, have.document.json(), strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(preset))
			have.document = want.document
			require.Equal(t, want, have, f.Path)
			set++
		}
		require.Greater(t, set, 20)
	}
}

func TestWithRefuses(t *testing.T) {
	s := parsed(t, `{
		"workers": [
			{"behaviour": "late", "share": 1}],
		"price": 5
	}`)
	for _, c := range []struct{ field, value, message string }{
		{"", "1", `scenario: line 1: is no path of a field, as in "policy.workerStakeRatio" or "workers[0].share"`},
		{"terms.", "1", `scenario: line 1: terms.: is no path of a field, as in "policy.workerStakeRatio" or "workers[0].share"`},
		{"workers[x].share", "1", `scenario: line 1: workers[x].share: is no path of a field, as in "policy.workerStakeRatio" or "workers[0].share"`},
		{"workers[0]share", "1", `scenario: line 1: workers[0]share: is no path of a field, as in "policy.workerStakeRatio" or "workers[0].share"`},
		{"workers[-1].share", "1", `scenario: line 1: workers[-1].share: is no path of a field, as in "policy.workerStakeRatio" or "workers[0].share"`},
		{"workers[1].share", "1", `scenario: line 2: workers: has 1 entries, counted from [0]; there is no [1]`},
		{"workers.share", "1", `scenario: line 2: workers: is a list; it has no field "share"`},
		{"terms[0]", "1", `scenario: line 1: terms: is an object; it has no entries`},
		{"price.lognormal.median", "1", `scenario: line 4: price: is 5; it has no field "lognormal"`},
		{"seed", "PT5H", `scenario: line 1: seed: cannot be set to PT5H: it is no JSON value, as in 0.3 or "PT12H"`},
		{"workers[0].share", "0.5", `scenario: line 2: workers: has shares that add up to 0.5; shares add up to 1`},
		{"workers[0].share", "2", `scenario: line 3: workers[0].share: is 2; a share lies between 0 and 1`},
		{"workers[0].qualty", "1", `scenario: line 3: workers[0].qualty: is no field; did you mean "quality"?`},
		{"policy.protocolFee", "2", `scenario: line 1: policy.protocolFee: is 2, out of its bounds: a ratio between 0 and 1, cut of the worker's gross payout, to the treasury`},
		{"sweep", `[{"field": "seed", "values": [-1]}]`, `scenario: line 1: sweep[0].values[0]: cannot set seed to -1: seed is -1; a seed is a whole number from 0 to 2^64-1`},
	} {
		next, err := s.With(c.field, c.value)
		require.EqualError(t, err, c.message)
		require.Nil(t, next)
		require.IsType(t, &Fault{}, err)
	}
	_, err := parsed(t, `{"sweep": [{"field": "seed", "values": [1]}, {"field": "value", "values": [1]}]}`).With("sweep[0].share", "1")
	require.EqualError(t, err, "scenario: line 1: sweep[0].share: is no field; known are field, values, from, to, steps")
	_, err = (&Scenario{}).With("seed", "1")
	require.EqualError(t, err, "scenario: line 1: seed: cannot be set: the scenario has no document; ParseScenario and Default make one")
}

func TestWithNeverPanics(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.StringOf(rapid.SampledFrom([]rune("ab[]0.1"))).Draw(t, "noise")
		if rapid.Bool().Draw(t, "known") {
			f := rapid.SampledFrom(Fields()).Draw(t, "field")
			field = strings.ReplaceAll(f.Path, "[]", "[0]") + rapid.SampledFrom([]string{"", ".share", "[0]", ".uniform.to"}).Draw(t, "more")
		}
		next, err := s.With(field, rapid.SampledFrom([]string{"1", `"a"`, "[]", "{}", "[{}]", "null", "x", ""}).Draw(t, "value"))
		require.Equal(t, err == nil, next != nil)
	})
}
