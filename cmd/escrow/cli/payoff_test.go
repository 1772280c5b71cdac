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

// TestPayoff: the tables of both lifecycles, as a person reads them.
func TestPayoff(t *testing.T) {
	for name, args := range map[string][]string{
		"testdata/payoff-opencontract.txt": {"payoff"},
		"testdata/payoff-opentrain.txt":    {"payoff", "--lifecycle", "opentrain", "--milestones", "3"},
		"testdata/payoff-standard.txt":     {"payoff", "--mode", "standard", "--award", "open_tender", "--price", "9.99", "--criteria", "1", "--delivery", "P14D"},
	} {
		got := call("", args...)
		require.Equal(t, 0, got.status, got.err)
		golden(t, name, got.out)
	}
}

// TestPayoffPolicy: a policy of one's own is played, one that the engine refuses
// says which value is near.
func TestPayoffPolicy(t *testing.T) {
	got := call(`{"protocolFee": "0.2"}`, "payoff", "-", "--json")
	require.Equal(t, 0, got.status, got.err)
	var table struct {
		Policy  struct{ ProtocolFee string }
		Endings []struct {
			Name  string
			Flows []struct{ Party, Net string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &table))
	assert.Equal(t, "0.2", table.Policy.ProtocolFee)
	for _, e := range table.Endings {
		if e.Name == "the client approves" {
			assert.Equal(t, "40", e.Flows[1].Net)
		}
	}
	got = call(`{"baRecruitCount": 4}`, "payoff", "-")
	assert.Equal(t, 2, got.status)
	assert.Contains(t, got.err, "the nearest it takes is 5")
}

// TestPayoffPage: the page opens offline.
func TestPayoffPage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "payoff.html")
	got := call("", "payoff", "--html", path)
	require.Equal(t, 0, got.status, got.err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(text), "<svg")
	assert.Contains(t, string(text), "</html>")
}

// TestPayoffUnusable: a call that cannot be carried out says what would be right.
func TestPayoffUnusable(t *testing.T) {
	for want, args := range map[string][]string{
		"acceptanceCriteria: must be 1 to 10": {"--criteria", "11"},
		"1 to 10":                             {"--lifecycle", "opentrain", "--milestones", "0"},
		"PT24H":                               {"--match", "a day"},
		"price":                               {"--price", "0.0000001"},
		"must be one of":                      {"--mode", "loose"},
		"a JSON file":                         {"nowhere.json"},
		"deliveryDeadline":                    {"--delivery", "PT0S", "--withdrawal", "PT0S"},
		`"protocolFee"`:                       {"-"},
		"is a directory":                      {"--html", t.TempDir()},
	} {
		got := call(`{"protocolfee": 1}`, append([]string{"payoff"}, args...)...)
		assert.Equal(t, 2, got.status, strings.Join(args, " "))
		assert.Contains(t, got.err, want, strings.Join(args, " "))
	}
}
