package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const scopeFile = "../../../examples/scope.json"

// TestExplore explores a lifecycle from outside to the end, and leaves the graphs
// that it is asked for.
func TestExplore(t *testing.T) {
	page, graph := filepath.Join(t.TempDir(), "found.html"), filepath.Join(t.TempDir(), "found.mmd")
	got := call("", "explore", "--lifecycle", scopeFile, "--html", page, "--mermaid", graph)
	require.Equal(t, 0, got.status, got.err+got.out)
	golden(t, "testdata/explore.txt", got.out)
	for path, want := range map[string]string{page: "</html>", graph: "stateDiagram-v2"} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Contains(t, string(text), want)
	}
}

func TestExploreJSON(t *testing.T) {
	got := call("", "explore", "--lifecycle", scopeFile, "--json")
	require.Equal(t, 0, got.status, got.err)
	var report struct {
		States     int
		Violations []any
		Statuses   []struct{ Status string }
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &report))
	assert.Greater(t, report.States, 100)
	assert.Empty(t, report.Violations)
	assert.Len(t, report.Statuses, 7)
}

// TestExplorePolicy explores under a policy of one's own, or says what is wrong
// with it.
func TestExplorePolicy(t *testing.T) {
	got := call(`{"platformFee": "0.9"}`, "explore", "--lifecycle", scopeFile, "--policy", "-")
	assert.Equal(t, 0, got.status, got.err)
	for _, lifecycle := range []string{scopeFile, "erc8183", "opencontract"} {
		got := call(`{"platfromFee": "0.9"}`, "explore", "--lifecycle", lifecycle, "--policy", "-", "--limit", "5")
		assert.Equal(t, 2, got.status, "what no policy of the lifecycle has is refused")
		assert.Contains(t, got.err, "platfromFee")
	}
	for policy, want := range map[string]string{`{"earlyWithdrawalSlashRatio": "1"}`: "earlyWithdrawalSlashRatio", `{"baVotingWindow": 5}`: "baVotingWindow", `[]`: "expected a policy"} {
		got := call(policy, "explore", "--lifecycle", "opencontract", "--policy", "-")
		assert.Equal(t, 2, got.status, policy)
		assert.Contains(t, got.err, want)
	}
}

// TestExploreDeclared explores a lifecycle by what follows from its declaration, also
// one of one's own.
func TestExploreDeclared(t *testing.T) {
	got := call("", "explore", "--lifecycle", "purchase")
	assert.Equal(t, 0, got.status, got.err+got.out)
	assert.Contains(t, got.out, "every state reaches an end")
	got = own("", "explore", "--lifecycle", "keys@1")
	assert.Equal(t, 0, got.status, got.err+got.out)
	assert.Contains(t, got.out, "every state reaches an end")
	got = call("", "explore", "--lifecycle", "purchases")
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.err, `no file, and no lifecycle is called "purchases"; did you mean "purchase"?`)
}

// TestExploreStopped: what was not explored is not proved.
func TestExploreStopped(t *testing.T) {
	got := call("", "explore", "--lifecycle", "opentrain", "--limit", "50")
	assert.Equal(t, 1, got.status)
	assert.Contains(t, got.out, "TRUNCATED")
	assert.NotContains(t, got.out, "every state reaches an end")
}

// TestExploreUnusable: a call that cannot be carried out says what would be right.
func TestExploreUnusable(t *testing.T) {
	for _, args := range [][]string{{"explore"}, {"explore", "--lifecycle", "nowhere.json"}, {"explore", "--lifecycle", "-"},
		{"explore", "--lifecycle", scopeFile, "--html", t.TempDir()}, {"explore", "--lifecycle", scopeFile, "--policy", "nowhere.json"}} {
		got := call(`{"start": "yesterday"}`, args...)
		assert.Equal(t, 2, got.status, strings.Join(args, " "))
		assert.NotEmpty(t, got.err)
	}
}
