package simulate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// parsed is a scenario that must be in order.
func parsed(t testing.TB, text string) *Scenario {
	t.Helper()
	s, err := ParseScenario([]byte(text))
	require.NoError(t, err)
	return s
}

// malformed are the scenarios of the transcript, and what they are refused for.
func malformed(t testing.TB) (scenarios, messages []string) {
	t.Helper()
	text, err := os.ReadFile("testdata/malformed.txt")
	require.NoError(t, err)
	for block := range strings.SplitSeq(string(text), "\n\n") {
		scenario, message, found := strings.Cut(block, "\n=> ")
		require.True(t, found, block)
		scenarios = append(scenarios, scenario)
		messages = append(messages, strings.TrimSuffix(message, "\n"))
	}
	return scenarios, messages
}

// TestParseScenarioRefuses reads a transcript: what is malformed, and line, field
// and message of the fault. -update writes the messages anew.
func TestParseScenarioRefuses(t *testing.T) {
	scenarios, messages := malformed(t)
	require.Greater(t, len(scenarios), 100)
	written := make([]string, len(scenarios))
	for i, scenario := range scenarios {
		s, err := ParseScenario([]byte(scenario))
		var fault *Fault
		require.ErrorAs(t, err, &fault, scenario)
		require.Nil(t, s)
		require.Positive(t, fault.Line)
		require.LessOrEqual(t, fault.Line, 1+strings.Count(scenario, "\n"))
		if !*update {
			require.Equal(t, messages[i], err.Error(), scenario)
		}
		written[i] = scenario + "\n=> " + err.Error()
	}
	if *update {
		kept(t, "testdata/malformed.txt", strings.Join(written, "\n\n")+"\n")
	}
}

func TestParseScenarioRefusesWhatIsTooLarge(t *testing.T) {
	for _, c := range []struct{ text, message string }{
		{`{"about": "` + strings.Repeat("x", 1<<20) + `"}`, "scenario: line 1: has 1048589 bytes; a scenario has at most 1048576"},
		{`{"about": "` + strings.Repeat("x", 2001) + `"}`, "it is text of 0 to 2000 bytes"},
		{`{"workers": [` + strings.Repeat(`{"behaviour": "late", "share": 0.01},`, 50) + `{"behaviour": "late", "share": 0.5}]}`, "workers: holds 51; it holds 1 to 50"},
		{`{"sweep": [{"field": "seed", "values": [` + strings.Repeat("1,", 1000) + `1]}]}`, "sweep[0].values: has more than 1000 entries"},
		{`{"value": ` + strings.Repeat("9", 1<<19) + `}`, "a part lies between 0 and 10"},
		{`{"value": 1e999999999}`, "written in plain notation"},
		{`{"` + strings.Repeat("k", 1<<19) + `": [[1], [2]]}`, "is no field"},
	} {
		began := time.Now()
		_, err := ParseScenario([]byte(c.text))
		require.ErrorContains(t, err, c.message)
		require.Less(t, len(err.Error()), 1000)
		require.Less(t, time.Since(began), 2*time.Second, c.message)
	}
}

// TestParseScenarioTellsTheLine puts a fault on every line of a scenario.
func TestParseScenarioTellsTheLine(t *testing.T) {
	lines := []string{"{", `"seed": 1,`, `"terms": {`, `"criteria": 3,`, `"review": "P1D"`, `},`, `"contracts": 5`, "}"}
	for i, bad := range map[int]string{1: `"seed": {},`, 3: `"criteria": 99,`, 4: `"review": "P1D ago"`, 6: `"contracts": "5"`} {
		list := append([]string{}, lines...)
		list[i] = bad
		_, err := ParseScenario([]byte(strings.Join(list, "\n")))
		var fault *Fault
		require.ErrorAs(t, err, &fault)
		require.Equal(t, i+1, fault.Line)
	}
}

func TestDefaultScenario(t *testing.T) {
	s := Default(escrow.OpenContract)
	require.NotNil(t, s)
	day := 24 * time.Hour
	require.Equal(t, "opencontract", s.Name)
	require.Empty(t, s.About)
	require.Same(t, escrow.OpenContract, s.Lifecycle)
	require.Equal(t, []Policy{{"policy", escrow.OpenContract.DefaultPolicy()}}, s.Policies)
	require.EqualValues(t, 1, s.Seed)
	require.Equal(t, 100_000, s.Contracts)
	require.Equal(t, 30*day, s.Horizon)
	require.Equal(t, Uniform(0, One), s.Arrivals)
	require.Equal(t, Lognormal(50_000_000, 0.8, 5_000_000, 5_000_000_000), s.Price)
	require.EqualValues(t, 1_000_000, s.PriceStep)
	require.Equal(t, Fixed(1.4*One), s.Value)
	require.Equal(t, "0.05", s.CapitalCost.String())
	require.Equal(t, Terms{3, 2, escrow.AwardOpenTender, escrow.PrivacyPreserving, day, day, day, day}, s.Terms)
	require.Equal(t, Matching{ratio("0.97"), Exponential(0.15*One, 0, 3*One), Fixed(0.01 * One)}, s.Matching)
	require.Equal(t, Approvals{3, 3, 3 * day}, s.Approvals)
	require.Empty(t, s.Sweep)
	require.Nil(t, s.Frontier)

	s = Default(escrow.OpenTrain)
	require.Equal(t, "opentrain", s.Name)
	require.Equal(t, []Policy{{"policy", escrow.OpenTrain.DefaultPolicy()}}, s.Policies)
	require.Equal(t, Lognormal(50_000, 0.8, 5_000, 5_000_000), s.Price)
	require.EqualValues(t, 100, s.PriceStep)
	require.Equal(t, 7*day, s.Terms.Delivery)
	require.Equal(t, 2*day, s.Terms.Review)
	require.Nil(t, Default(nil))
}

func ratio(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

func TestDefaultScenarioPeople(t *testing.T) {
	s := Default(escrow.OpenContract)
	in := Uniform(0.2*One, 0.9*One)
	looks := Uniform(0.05*One, 0.9*One)
	votes := Uniform(0.05*One, 0.8*One)
	require.Equal(t, []Worker{
		{ReliableWorker, ratio("0.80"), ratio("0.99"), in, ratio("0"), Fixed(One / 2), Fixed(0.6 * One), ratio("1")},
		{LateWorker, ratio("0.05"), ratio("0.95"), Uniform(0.7*One, 1.3*One), ratio("0"), Fixed(One / 2), Fixed(0.6 * One), ratio("1")},
		{AbsentWorker, ratio("0.02"), ratio("1"), Fixed(10 * One), ratio("0"), Fixed(One / 2), Fixed(0.6 * One), ratio("1")},
		{WithdrawingWorker, ratio("0.05"), ratio("0.99"), in, ratio("1"), Uniform(0.1*One, 0.9*One), Fixed(0.6 * One), ratio("1")},
		{PoorWorker, ratio("0.05"), ratio("0.5"), in, ratio("0"), Fixed(One / 2), Fixed(0.4 * One), ratio("1")},
		{RationalWorker, ratio("0.03"), ratio("0.97"), in, ratio("0"), Fixed(One / 10), Uniform(0.3*One, 1.5*One), ratio("0.95")},
	}, s.Workers)
	require.Equal(t, []Client{
		{HonestClient, ratio("0.85"), ratio("0.01"), looks, ratio("0.01"), ratio("1")},
		{NegligentClient, ratio("0.10"), ratio("0.01"), Fixed(10 * One), ratio("0"), ratio("1")},
		{DisputingClient, ratio("0.02"), ratio("0.01"), looks, ratio("0"), ratio("1")},
		{RationalClient, ratio("0.03"), ratio("0.01"), looks, ratio("0.01"), ratio("0.9")},
	}, s.Clients)
	require.Equal(t, []BackupAgent{
		{DiligentAgent, ratio("0.85"), ratio("0.98"), votes, ratio("0.95"), ratio("0.02"), ""},
		{LazyAgent, ratio("0.10"), ratio("0.5"), Uniform(0.3*One, 1.1*One), ratio("0.7"), ratio("0.1"), ""},
		{RandomAgent, ratio("0.05"), ratio("0.95"), votes, ratio("0.5"), ratio("0"), ""},
	}, s.BackupAgents)
	hour := int64(time.Hour)
	require.Equal(t, []Approver{
		{PromptApprover, ratio("0.7"), ratio("0.99"), Exponential(2*hour, 0, 40*hour), ratio("0.01")},
		{SlowApprover, ratio("0.25"), ratio("0.95"), Exponential(48*hour, 0, 960*hour), ratio("0.01")},
		{AbsentApprover, ratio("0.05"), ratio("0"), Fixed(0), ratio("0")},
	}, s.Approvers)
	colluding := parsed(t, `{"backupAgents": [{"behaviour": "colluding", "share": 1}]}`)
	require.Equal(t, []BackupAgent{{ColludingAgent, ratio("1"), ratio("1"), votes, ratio("1"), ratio("0"), ForClient}}, colluding.BackupAgents)
}

func TestParseScenarioDistributions(t *testing.T) {
	for text, want := range map[string]Distribution{
		`7`:                                     Fixed(7_000_000),
		`"0.07"`:                                Fixed(70_000),
		`0.000001`:                              Fixed(1),
		`{"uniform": {"from": 1, "to": "1.5"}}`: Uniform(1_000_000, 1_500_000),
		`{"exponential": {"mean": 2}}`:          Exponential(2_000_000, 1, 40_000_000),
		`{"exponential": {"mean": 2, "from": 1, "to": 3}}`:                                               Exponential(2_000_000, 1_000_000, 3_000_000),
		`{"exponential": {"mean": 900000000000}}`:                                                        Exponential(900_000_000_000_000_000, 1, maxPrice),
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
	want := escrow.OpenContract.DefaultPolicy()
	want.ProtocolFee = ratio("0.1")
	want.PayoutReview.Quorum = 2
	have := s.Policies[0].Policy
	require.Equal(t, "100", have.PayoutReview.MinPayout.String())
	have.PayoutReview.MinPayout = want.PayoutReview.MinPayout
	require.Equal(t, want, have)

	s = parsed(t, `{"policies": [{"name": "a"}, {"name": "b", "policy": {"protocolFee": "0.2"}}]}`)
	require.Equal(t, "a", s.Policies[0].Name)
	require.Equal(t, escrow.OpenContract.DefaultPolicy(), s.Policies[0].Policy)
	require.Equal(t, "b", s.Policies[1].Name)
	require.Equal(t, "0.2", s.Policies[1].Policy.ProtocolFee.String())
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

func TestExampleScenariosAreInOrder(t *testing.T) {
	files, err := filepath.Glob("../examples/scenarios/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		parsed(t, string(text))
	}
	page, err := os.ReadFile("../docs/scenario.md")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(page), "```json\n")
	example, _, _ := strings.Cut(rest, "```")
	parsed(t, example)
	_, rest, _ = strings.Cut(rest, "```\nscenario: ")
	message, _, _ := strings.Cut(rest, "\n")
	_, err = ParseScenario([]byte(strings.Replace(example, `"honest", "share"`, `"honest", "shar"`, 1)))
	require.EqualError(t, err, "scenario: "+message)
}

// TestParseScenarioNeverPanics changes scenarios at random.
func TestParseScenarioNeverPanics(t *testing.T) {
	scenarios, _ := malformed(t)
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.SampledFrom(scenarios).Draw(t, "scenario"))
		other := rapid.SampledFrom(scenarios).Draw(t, "other")
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			end := min(len(text), at+rapid.IntRange(0, 8).Draw(t, "cut"))
			piece := other[min(len(other), at):min(len(other), end)]
			if rapid.Bool().Draw(t, "byte") {
				piece = rapid.SampledFrom([]string{"{", "}", "[", "]", `"`, ",", ":", "0", "1", "-", "e", ".", "\n", "null", "\x00", "\xff"}).Draw(t, "piece")
			}
			text = append(text[:at:at], append([]byte(piece), text[end:]...)...)
		}
		answersAlways(t, text)
	})
}

// answersAlways checks what holds for every input: a fault with its line, or a
// scenario that stays what it is when it is written and read again.
func answersAlways(t require.TestingT, text []byte) {
	s, err := ParseScenario(text)
	if err != nil {
		var fault *Fault
		require.True(t, errors.As(err, &fault))
		require.Positive(t, fault.Line)
		require.NotEmpty(t, fault.Message)
		return
	}
	require.True(t, json.Valid(text))
	again, err := ParseScenario([]byte(s.document.json()))
	require.NoError(t, err)
	s.document, again.document = nil, nil
	require.Equal(t, fmt.Sprintf("%+v", s), fmt.Sprintf("%+v", again))
}

func FuzzParseScenario(f *testing.F) {
	scenarios, _ := malformed(f)
	for _, s := range scenarios {
		f.Add([]byte(s))
	}
	compare, err := os.ReadFile("../examples/scenarios/compare.json")
	require.NoError(f, err)
	f.Add(compare)
	f.Add([]byte(`{"sweep": [{"field": "workers[0].share", "from": 0, "to": 1, "steps": 3}]}`))
	f.Fuzz(func(t *testing.T, text []byte) { answersAlways(t, text) })
}
