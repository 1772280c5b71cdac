package simulate

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
		{`{"value": 1e999999999}`, "is 1e999999999; a part lies between 0 and 10"},
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
	require.Equal(t, s, again)
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
