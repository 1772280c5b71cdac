package simulate

import (
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/require"
)

func TestParseScenarioDistributions(t *testing.T) {
	for text, want := range map[string]Distribution{
		`7`:                                     Fixed(7_000_000),
		`"0.07"`:                                Fixed(70_000),
		`0.000001`:                              Fixed(1),
		`{"uniform": {"from": 1, "to": "1.5"}}`: Uniform(1_000_000, 1_500_000),
		`{"exponential": {"mean": 2}}`:          Exponential(2_000_000, 1, 40_000_000),
		`{"exponential": {"mean": 2, "from": 1, "to": 3}}`:                                               Exponential(2_000_000, 1_000_000, 3_000_000),
		`{"exponential": {"mean": 9000000000}}`:                                                          Exponential(9_000_000_000_000_000, 1, maxPrice),
		`{"lognormal": {"median": 2, "spread": 0.5}}`:                                                    Lognormal(2_000_000, 0.5, 2_000, 2_000_000_000),
		`{"lognormal": {"median": 0.000002, "spread": 0.5, "to": 1}}`:                                    Lognormal(2, 0.5, 1, 1_000_000),
		`{"choice": [{"value": 5, "share": 1}]}`:                                                         Choice([]int64{5_000_000}, []uint64{1 << 63}),
		`{"choice": [{"value": 5, "share": 0.75}, {"value": 9, "share": "0.25"}]}`:                       Choice([]int64{5_000_000, 9_000_000}, []uint64{3 << 61, 1 << 61}),
		`{"choice": [{"value": 1, "share": 0.7}, {"value": 2, "share": 0}, {"value": 3, "share": 0.3}]}`: Choice([]int64{1_000_000, 2_000_000, 3_000_000}, []uint64{6456360425798343065, 0, 1<<63 - 6456360425798343065}),
	} {
		require.Equal(t, want, parsed(t, `{"price": `+text+`}`).Price, text)
	}
}

func TestParseScenarioPolicies(t *testing.T) {
	s := parsed(t, `{"policy": {"protocolFee": 0.1, "noQuorum": null, "payoutReview": {"minPayout": 100, "quorum": 2}}}`)
	want, err := opencontract.Lifecycle.DefaultPolicy().With(opencontract.ProtocolFee.To(exactly("0.1")))
	require.NoError(t, err)
	want, err = want.WithReview(escrow.Units(100_000_000), 2)
	require.NoError(t, err)
	require.Equal(t, want, s.Policies[0].Policy)

	s = parsed(t, `{"policies": [{"name": "a"}, {"name": "b", "policy": {"protocolFee": "0.2"}}]}`)
	require.Equal(t, "a", s.Policies[0].Name)
	require.Equal(t, opencontract.Lifecycle.DefaultPolicy(), s.Policies[0].Policy)
	require.Equal(t, "b", s.Policies[1].Name)
	require.Equal(t, "0.2", opencontract.ProtocolFee.In(s.Policies[1].Policy.View()).String())
}

// TestParseScenarioAsksTheEngine gives the engine terms that it founds nothing
// on: the parser's own bounds keep them from it otherwise.
func TestParseScenarioAsksTheEngine(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	r := &reader{lifecycle: s.Lifecycle, spec: s.Lifecycle.Spec()}
	n := presetNode(s.document, "policy", `{}`)
	r.founds(n, s, s.Policies[0].Policy)
	require.Nil(t, r.fault)
	s.Terms.Criteria = 11
	r.founds(n, s, s.Policies[0].Policy)
	require.EqualError(t, r.fault, "scenario: line 1: policy: founds no contract: escrow: create: invalid_terms (OC-1): acceptanceCriteria: must be 1 to 10")
}

func TestParseScenarioSweep(t *testing.T) {
	s := parsed(t, `{"sweep": [
		{"field": "policy.workerStakeRatio", "from": 0, "to": "0.3", "steps": 4},
		{"field": "terms.review", "from": "PT1H", "to": "PT2H", "steps": 3}],
		"frontier": {"x": "worker.income", "y": "welfare.lost", "less": ["y"]}}`)
	require.Equal(t, []Axis{
		{"policy.workerStakeRatio", []string{"0", "0.1", "0.2", "0.3"}},
		{"terms.review", []string{`"PT1H"`, `"PT1H30M"`, `"PT2H"`}},
	}, s.Sweep)
	require.Equal(t, &Frontier{X: "worker.income", Y: "welfare.lost", LessY: true}, s.Frontier)

	s = parsed(t, `{"sweep": [{"field": "value", "values": [1, {"uniform": {"from": 1.00, "to": 2}}]}]}`)
	require.Equal(t, []Axis{{"value", []string{"1", `{"uniform":{"from":1.00,"to":2}}`}}}, s.Sweep)

	for _, c := range []struct{ ends, want string }{
		{`"from": 0, "to": 1, "steps": 4`, `0 0.333333 0.666667 1`},
		{`"from": 1, "to": 0, "steps": 3`, `1 0.5 0`},
		{`"from": 0, "to": 0.0000001, "steps": 2`, `0 0.0000001`},
		{`"from": 2, "to": 10, "steps": 2`, `2 10`},
	} {
		s := parsed(t, `{"sweep": [{"field": "value", `+c.ends+`}]}`)
		require.Equal(t, c.want, strings.Join(s.Sweep[0].Values, " "))
	}
}
