package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/payoff"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const harmfulPolicy = `{"protocolFee": "0.7", "baRecruitCount": 4, "disputeBondRatio": 0, "earlyWithdrawalSlashRatio": "0.9999999999"}`

// TestLint: findings as a person reads them; the status tells whether something
// is refused.
func TestLint(t *testing.T) {
	for name, row := range map[string]struct {
		policy string
		args   []string
		status int
	}{
		"testdata/lint-default.txt":   {"", []string{"lint"}, 0},
		"testdata/lint-harmful.txt":   {harmfulPolicy, []string{"lint", "-", "--price-to", "5000", "--approval-life", "P2D", "--max-locked", "P5D"}, 1},
		"testdata/lint-opentrain.txt": {"", []string{"lint", "--lifecycle", "opentrain", "--price", "5", "--review", "P1D"}, 1},
		"testdata/lint-checks.txt":    {"", []string{"lint", "--checks"}, 0},
	} {
		got := call(row.policy, row.args...)
		require.Equal(t, row.status, got.status, got.err)
		golden(t, name, got.out)
	}
}

// TestLintStrict: warnings are enough for those who want it so.
func TestLintStrict(t *testing.T) {
	assert.Equal(t, 1, call("", "lint", "--strict").status)
	got := call(`{"disputeBondRatio": "0.1"}`, "lint", "-", "--strict")
	assert.Equal(t, 0, got.status)
	assert.Contains(t, got.out, "nothing that does harm was found")
}

// TestLintJSON: programs get findings and assumptions, an empty list for none.
func TestLintJSON(t *testing.T) {
	got := call(harmfulPolicy, "lint", "-", "--json", "--turnout", "0.8")
	require.Equal(t, 1, got.status, got.err)
	var told struct {
		Findings    []payoff.Finding
		Assumptions map[string]string
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &told))
	assert.NotEmpty(t, told.Findings)
	assert.Equal(t, "0.8", told.Assumptions["turnout"])
	assert.Contains(t, call(`{"disputeBondRatio": "0.1"}`, "lint", "-", "--json").out, `"findings": []`)
}

// TestLintUnusable: a call that cannot be carried out says what would be right.
func TestLintUnusable(t *testing.T) {
	for want, args := range map[string][]string{
		"--accuracy":         {"--accuracy", "2"},
		"--price-from":       {"--price-from", "-1"},
		"--token-value":      {"--token-value", "1e9"},
		"--max-locked":       {"--max-locked", "30"},
		"above the high":     {"--price-from", "3", "--price-to", "2"},
		"acceptanceCriteria": {"--criteria", "0"},
		`"baVotingWindow"`:   {"-"},
	} {
		got := call(`{"votingWindow": "PT1H"}`, append([]string{"lint"}, args...)...)
		assert.Equal(t, 2, got.status, strings.Join(args, " "))
		assert.Contains(t, got.err, want, strings.Join(args, " "))
	}
}
