package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	historyFile = "../../../examples/history.jsonl"
	policyDir   = "../../../examples/policies/"
)

// policyFile writes a policy to a file.
func policyFile(t *testing.T, name, policy string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(policy), 0o644))
	return path
}

func TestBacktest(t *testing.T) {
	table := filepath.Join(t.TempDir(), "money.csv")
	got := call("", "backtest", historyFile, "--policy", policyDir+"short-vote.json", "--policy", "half="+policyDir+"withdrawal-half.json",
		"--policy", policyDir+"two-signatures.json", "--list", "2", "--csv", table)
	require.Equal(t, 0, got.status, got.err)
	assert.Empty(t, got.err)
	golden(t, "testdata/backtest.txt", got.out)
	text, err := os.ReadFile(table)
	require.NoError(t, err)
	golden(t, "testdata/backtest.csv", string(text))
}

func TestBacktestJSON(t *testing.T) {
	history, err := os.ReadFile(historyFile)
	require.NoError(t, err)
	got := call(string(history), "backtest", "-", "--policy", policyDir+"two-signatures.json", "--json")
	require.Equal(t, 0, got.status, got.err)
	var report struct {
		Histories int
		Policies  []struct {
			Policy, Lifecycle string
			Money             []struct {
				Parties []struct{ Difference string }
			}
			Partings []struct{ Parting struct{ Line int } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &report))
	require.Len(t, report.Policies, 1)
	p := report.Policies[0]
	assert.Equal(t, []string{"two-signatures", "opentrain", "868.3"}, []string{p.Policy, p.Lifecycle, p.Money[0].Parties[0].Difference})
	assert.Len(t, p.Partings, 6)
	assert.NotZero(t, p.Partings[0].Parting.Line)
}

// TestBacktestFaulty: a line that is no request ends the run, or is skipped.
func TestBacktestFaulty(t *testing.T) {
	policy := policyDir + "short-vote.json"
	got := call("\nnonsense\n", "backtest", "-", "--policy", policy)
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.err, "line 2: is no request")
	got = call("\nnonsense\n", "backtest", "-", "--policy", policy, "--skip-faulty")
	assert.Equal(t, 0, got.status, got.err)
	assert.Contains(t, got.out, "1 line is no request in order, skipped\n  line 2: is no request")
}

// TestBacktestWhichLifecycle: a policy is for the first lifecycle that has its
// fields, or the one that is named.
func TestBacktestWhichLifecycle(t *testing.T) {
	fee := policyFile(t, "fee.json", `{"platformFee": "0.01"}`)
	for want, args := range map[string][]string{"UNDER fee (erc8183)": nil, "UNDER fee (crowdfund)": {"--lifecycle", "crowdfund"}} {
		got := call("", append([]string{"backtest", "-", "--policy", fee}, args...)...)
		assert.Equal(t, 0, got.status, got.err)
		assert.Contains(t, got.out, want)
	}
}

// TestBacktestUnusable: a call that cannot be carried out says what would be right.
func TestBacktestUnusable(t *testing.T) {
	good := policyDir + "short-vote.json"
	for want, args := range map[string][]string{
		"--policy":                           {historyFile},
		"expected \"<history>\"":             {"--policy", good},
		"give the path of a file":            {"nowhere.jsonl", "--policy", good},
		"give the path of a JSON file":       {historyFile, "--policy", "nowhere.json"},
		"two policies are called short-vote": {historyFile, "--policy", good, "--policy", good},
		`did you mean "protocolFee"?`:        {historyFile, "--policy", policyFile(t, "p.json", `{"protocolfees": "0.05"}`)},
		"no lifecycle has all of the fields": {historyFile, "--policy", policyFile(t, "p.json", `{"protocolFee": "0.05", "quorum": 2}`)},
		"earlyWithdrawalSlashRatio":          {historyFile, "--policy", policyFile(t, "p.json", `{"earlyWithdrawalSlashRatio": "1"}`)},
		"expected a policy":                  {historyFile, "--policy", policyFile(t, "p.json", `[]`)},
		"known are opencontract":             {historyFile, "--policy", good, "--lifecycle", "nothing"},
		`did you mean "quorum"?`:             {historyFile, "--lifecycle", "opentrain", "--policy", policyFile(t, "p.json", `{"Quorum": 2}`)},
		"is a directory":                     {historyFile, "--policy", good, "--csv", t.TempDir()},
	} {
		got := call("", append([]string{"backtest"}, args...)...)
		assert.Equal(t, 2, got.status, strings.Join(args, " "))
		assert.Contains(t, got.err, want)
	}
}

// FuzzBacktest: whatever the record, every line and every history is accounted for,
// and no money is made or lost.
func FuzzBacktest(f *testing.F) {
	history, err := os.ReadFile(historyFile)
	require.NoError(f, err)
	for _, id := range []string{"task_07", "task_01", "job_27"} { // the shorter, the sooner they are varied
		var few []byte
		for line := range bytes.Lines(history) {
			if bytes.Contains(line, []byte(`{"id":"`+id+`"`)) {
				few = append(few, line...)
			}
		}
		require.NotEmpty(f, few)
		f.Add(few)
	}
	f.Add([]byte("\n{}\nnull\n"))
	var policies []backtest.Policy
	for _, l := range lifecycles.All() {
		policies = append(policies, backtest.Policy{Name: l.Name(), Policy: l.DefaultPolicy()})
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := backtest.Run(context.Background(), bytes.NewReader(in), policies, backtest.SkipFaulty(), backtest.Knowing(lifecycles.All()...))
		require.NoError(t, err)
		want := 0
		for line := range bytes.Lines(in) {
			if len(bytes.TrimSpace(line)) > 0 {
				want++
			}
		}
		assert.Equal(t, want, r.Lines)
		for _, c := range r.Policies {
			assert.Equal(t, r.Histories, c.Histories+c.OtherLifecycle+c.Unfounded)
			for _, m := range c.Money {
				was, is := m.Held.Recorded, m.Held.Replayed
				for _, p := range m.Parties {
					was, is = was.Add(p.Recorded.Net), is.Add(p.Replayed.Net)
				}
				assert.True(t, was.IsZero() && is.IsZero(), "%s", r)
			}
		}
	})
}
