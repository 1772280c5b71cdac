package cli

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const examples = "../../../examples/"

// moves reads an answer's movements as "50 escrow -> client:0xC".
func moves(t *testing.T, answer string) (list []string) {
	t.Helper()
	var got struct {
		Decision struct {
			Movements []struct{ From, To, Amount string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &got), answer)
	for _, m := range got.Decision.Movements {
		list = append(list, m.Amount+" "+m.From+" -> "+m.To)
	}
	return list
}

func TestDecideExamples(t *testing.T) {
	for file, want := range map[string]struct {
		moves    []string
		contains string
	}{
		"withdraw.json": {[]string{"50 escrow -> client:0xClientAgent...", "0.75 stake -> client:0xClientAgent...",
			"1.75 stake -> worker:0xWorkerAgent..."}, `"to": "cancelled-withdrawn"`},
		"end.json":     {nil, `"type": "contract_end",` + "\n      " + `"status": "pending"`},
		"confirm.json": {[]string{"500 milestone:m1 -> client:acct_1"}, `"executes": "OT-6"`},
	} {
		got := call("", "decide", examples+file)
		assert.Equal(t, 0, got.status, file)
		assert.Empty(t, got.err, file)
		assert.Equal(t, want.moves, moves(t, got.out), file)
		assert.Contains(t, got.out, want.contains, file)
	}
}

func readExample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(examples + name)
	require.NoError(t, err)
	return string(text)
}

func TestDecideCompact(t *testing.T) {
	request := readExample(t, "withdraw.json")
	plain := call(request, "decide", "-")
	compact := call(request, "decide", "--compact", "-")
	assert.Equal(t, 1, strings.Count(compact.out, "\n"))
	assert.JSONEq(t, plain.out, compact.out)
	assert.Equal(t, compact.out, call(string(sampleLine(t)), "decide", "--jsonl").out, "alone or in a stream, the answer is the same")
}

func TestDecideRefuses(t *testing.T) {
	late := strings.Replace(readExample(t, "withdraw.json"), "2026-06-04T12:00:00Z", "2026-06-05T00:00:00Z", 1)
	for request, reason := range map[string]string{
		late:                        "window_closed",
		"{}":                        "no_actor",
		`{"actor":{"id":"a"}}`:      "malformed",
		`{"surprise":1}`:            "malformed",
		`{"actor":{"id":"\u0000"}}`: "malformed",
	} {
		got := call(request, "decide", "-")
		assert.Equal(t, 1, got.status, request)
		assert.Empty(t, got.err, request)
		assert.Contains(t, got.out, `"reason": "`+reason+`"`, request)
	}
}

func TestUnusableCalls(t *testing.T) {
	for name, c := range map[string]struct {
		input string
		args  []string
		says  string
	}{
		"no command":          {"", nil, `expected one of "decide", "explain", "lifecycles"`},
		"unknown command":     {"", []string{"decode"}, "decode"},
		"unknown flag":        {"", []string{"decide", "--fast", "-"}, "--fast"},
		"two forms":           {"", []string{"decide", "--jsonl", "--compact"}, "can't be used together"},
		"no file":             {"", []string{"decide"}, "expected FILE"},
		"missing file":        {"", []string{"decide", "missing.json"}, "missing.json: no such file"},
		"missing stream":      {"", []string{"decide", "--jsonl", "missing.jsonl"}, "missing.jsonl: no such file"},
		"directory":           {"", []string{"decide", "testdata"}, "is a directory"},
		"streamed directory":  {"", []string{"decide", "--jsonl", "testdata"}, "is a directory"},
		"nothing":             {" \n", []string{"decide", "-"}, "standard input: empty; expected one request {"},
		"broken off":          {`{"contract": {`, []string{"decide", "-"}, "breaks off"},
		"no JSON":             {"hello", []string{"decide", "-"}, "no JSON: invalid character 'h'"},
		"no object":           {"[1]", []string{"decide", "-"}, "no JSON object"},
		"two requests":        {"{}\n{}", []string{"decide", "-"}, "--jsonl"},
		"too long":            {strings.Repeat(" ", maxRequest+1), []string{"decide", "-"}, "longer than 16777216 bytes"},
		"explain nothing":     {"", []string{"explain", "-"}, "a contract alone"},
		"explain a field":     {`{"contract": {}, "when": 1}`, []string{"explain", "-"}, `"when": no such field here`},
		"explain a bad time":  {`{"contract": {}, "now": "noon"}`, []string{"explain", "-"}, `"now": `},
		"explain no contract": {`{"contract": {"id": 5}}`, []string{"explain", "-"}, "(malformed); correct"},
		"explain a bad actor": {`{"contract": {"id": "c", "client": "a"}, "actor": {"id": "a", "kind": "cat"}}`,
			[]string{"explain", "-"}, "must be agent, token, human or system"},
		"explain without an actor": {"", []string{"explain", "--actor-only", examples + "contract.json"}, `needs an "actor"`},
		"explain at a bad time":    {"", []string{"explain", "--now", "noon", examples + "contract.json"}, "--now"},
		"rulebook of nothing":      {"", []string{"rulebook", "kickstarter"}, "known are opencontract, opentrain, erc8183, fixedprice, purchase"},
		"rulebook misspelt":        {"", []string{"rulebook", "openTrian"}, `did you mean "opentrain"?`},
		"schema of nothing":        {"", []string{"schema", "fixedprices"}, `did you mean "fixedprice"?`},
		"rulebook as text":         {"", []string{"rulebook", "opentrain", "--format", "text"}, "must be one of"},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(c.input, c.args...)
			assert.Equal(t, 2, got.status)
			assert.Empty(t, got.out)
			assert.True(t, strings.HasPrefix(got.err, "escrow: "), got.err)
			assert.Contains(t, got.err, c.says)
		})
	}
}

// TestWriteErrors: an answer that cannot be written is an unusable call, quiet
// when it is only that nobody reads any more.
func TestWriteErrors(t *testing.T) {
	for _, args := range [][]string{
		{"decide", examples + "withdraw.json"},
		{"decide", "--jsonl", "../../../testdata/vectors/cases.jsonl"},
		{"explain", examples + "explain.json"},
		{"explain", "--json", examples + "explain.json"},
		{"rulebook", "opencontract"},
		{"schema", "opencontract"},
		{"lifecycles"},
	} {
		for err, says := range map[error]string{syscall.EPIPE: "", errors.New("disk full"): "escrow: disk full\n"} {
			var complaint strings.Builder
			status := Run(args, Stdio{strings.NewReader(""), faulty{err}, &complaint}, lifecycles.All()...)
			assert.Equal(t, 2, status, "%v", args)
			assert.Equal(t, says, complaint.String(), "%v", args)
		}
	}
}
