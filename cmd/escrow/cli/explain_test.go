package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExplain compares what explain prints with transcripts.
func TestExplain(t *testing.T) {
	for name, args := range map[string][]string{
		"withdrawal":     {examples + "explain.json"},
		"withdrawal-due": {examples + "contract.json", "--now", "2026-06-06T00:00:00Z"},
		"locked-in":      {examples + "contract.json", "--now", "2026-06-05T06:07:08Z"},
		"worker-only":    {examples + "withdraw.json", "--actor-only"},
		"end":            {examples + "end.json"},
		"confirm":        {examples + "confirm.json"},
		"draft":          {"testdata/draft.json"},
		"tender":         {"testdata/tender.json"},
		"standard":       {"testdata/standard.json"},
		"votes":          {"testdata/votes.json"},
		"resolved":       {"testdata/resolved.json"},
		"ended":          {"testdata/ended.json"},
		"hire":           {"testdata/hire.json"},
		"token":          {"testdata/token.json", "--actor-only"},
		"job":            {"testdata/job.json"},
		"division":       {"testdata/division.json"},
		"pledges":        {"testdata/pledges.json"},
		"long-ids":       {"testdata/long.json"},
		"json":           {"testdata/job.json", "--json"},
	} {
		t.Run(name, func(t *testing.T) {
			got := call("", append([]string{"explain"}, args...)...)
			require.Equal(t, 0, got.status, got.err)
			assert.Empty(t, got.err)
			golden(t, "testdata/explain/"+name+".txt", got.out)
			if name == "json" {
				return
			}
			for line := range strings.Lines(got.out) {
				assert.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), pageWidth, line)
			}
		})
	}
}

// TestExplainNow: without a time, explain speaks of the present.
func TestExplainNow(t *testing.T) {
	got := call("", "explain", examples+"contract.json")
	require.Equal(t, 0, got.status, got.err)
	assert.Contains(t, got.out, "✓ advance   OC-9   → cancelled-absent")
}

// TestExplainJSON: programs get every party with what it can do.
func TestExplainJSON(t *testing.T) {
	got := call("", "explain", "--json", examples+"withdraw.json")
	require.Equal(t, 0, got.status, got.err)
	var x struct {
		Contract, Lifecycle, Status, Now, MaxTime string
		Parties                                   []struct {
			Party       string
			Actor       struct{ ID string }
			Explanation struct {
				Options []struct {
					Action  string
					Allowed bool
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &x))
	assert.Equal(t, "2026-06-06T00:00:00Z", x.MaxTime)
	var names, allowed []string
	for _, p := range x.Parties {
		names = append(names, p.Party)
		for _, o := range p.Explanation.Options {
			if o.Allowed {
				allowed = append(allowed, p.Party+" "+o.Action)
			}
		}
	}
	assert.Equal(t, []string{"client", "worker", "system", "anyone else"}, names)
	assert.Equal(t, []string{"worker withdraw", "worker deliver"}, allowed)

	resolved := call("", "explain", "--json", "testdata/resolved.json")
	require.NoError(t, json.Unmarshal([]byte(resolved.out), &x))
	assert.Equal(t, x.Now, x.MaxTime, "the system can end it at once")
}

func TestWrapped(t *testing.T) {
	for line, want := range map[string][]string{
		"":                     {""},
		"one two":              {"one two"},
		"one two three four":   {"one two", "three four"},
		"tooooooooooolong":     {"tooooooooooolong"},
		"  tooooooooolong two": {"  tooooooooolong two"},
		"→→→→→ →→→→ →→":        {"→→→→→ →→→→", "→→"},
	} {
		assert.Equal(t, want, wrapped(line, 10), line)
	}
}
