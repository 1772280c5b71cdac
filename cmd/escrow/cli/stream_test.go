package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/declare"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sampleLine is the documented withdrawal on one line.
func sampleLine(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile("../../../examples/withdraw.json")
	require.NoError(t, err)
	var line bytes.Buffer
	require.NoError(t, json.Compact(&line, text))
	return append(line.Bytes(), '\n')
}

// said is what the tests look at in an answer.
type said struct {
	Decision *struct{ Rule string }
	Refusal  *struct {
		Code, Reason, Message string
		Details               map[string]any
	}
}

// answersTo streams an input and reads the answers.
func answersTo(t *testing.T, in io.Reader, also ...*escrow.Lifecycle) (list []said) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, stream(in, &out, append(lifecycles.All(), also...)))
	for line := range bytes.Lines(out.Bytes()) {
		var s said
		require.NoError(t, json.Unmarshal(line, &s), "%s", line)
		require.True(t, (s.Decision == nil) != (s.Refusal == nil), "%s", line)
		list = append(list, s)
	}
	return list
}

func TestStreamGoesOn(t *testing.T) {
	sample := string(sampleLine(t))
	in := sample + "\n  \t\r\n" + "nonsense\n" + sample + `{"contract": 5}` + "\r\n" + strings.TrimSpace(sample)
	got := answersTo(t, strings.NewReader(in))
	require.Len(t, got, 5)
	for _, i := range []int{0, 2, 4} {
		require.NotNil(t, got[i].Decision, "answer %d", i)
		assert.Equal(t, "OC-7", got[i].Decision.Rule)
	}
	require.NotNil(t, got[1].Refusal)
	assert.Equal(t, "invalid_request", got[1].Refusal.Code)
	assert.Equal(t, "malformed", got[1].Refusal.Reason)
	assert.Equal(t, float64(4), got[1].Refusal.Details["line"])
	assert.True(t, strings.HasPrefix(got[1].Refusal.Message, "line 4: "), got[1].Refusal.Message)
}

// TestStreamLimit: a line may have the limit's bytes, and not one more.
func TestStreamLimit(t *testing.T) {
	sample := bytes.TrimSpace(sampleLine(t))
	full := append(bytes.Clone(sample), bytes.Repeat([]byte{' '}, maxRequest-len(sample))...)
	for _, end := range []string{"", "\n"} {
		got := answersTo(t, io.MultiReader(bytes.NewReader(full), strings.NewReader(end)))
		require.Len(t, got, 1)
		assert.NotNil(t, got[0].Decision)
		got = answersTo(t, io.MultiReader(bytes.NewReader(full), strings.NewReader(" "+end)))
		require.Len(t, got, 1)
		require.NotNil(t, got[0].Refusal)
		assert.Equal(t, float64(maxRequest), got[0].Refusal.Details["limit"])
	}
}

// TestStreamPassesOverHugeLines: a line of 100 MB is refused without being held,
// and the next is answered.
func TestStreamPassesOverHugeLines(t *testing.T) {
	huge := io.LimitReader(endless('x'), 100_000_000)
	in := io.MultiReader(huge, strings.NewReader("\n"), bytes.NewReader(sampleLine(t)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := answersTo(t, in)
	runtime.ReadMemStats(&after)
	require.Len(t, got, 2)
	require.NotNil(t, got[0].Refusal)
	assert.Equal(t, "malformed", got[0].Refusal.Reason)
	assert.Equal(t, float64(1), got[0].Refusal.Details["line"])
	assert.NotNil(t, got[1].Decision)
	// What was ever allocated, freed or not, bounds what was held.
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(3*maxRequest))
}

// endless reads the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// TestStreamAnswersBeforeItWaits: whoever waits for an answer before it goes on
// asking gets it, even with the next request begun.
func TestStreamAnswersBeforeItWaits(t *testing.T) {
	in, ask := io.Pipe()
	answers, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- stream(in, out, lifecycles.All()) }()
	sample := sampleLine(t)
	read := bufio.NewReader(answers)
	for range 3 {
		_, err := ask.Write(sample[:100])
		require.NoError(t, err)
		_, err = ask.Write(append(bytes.Clone(sample[100:]), sample[:100]...))
		require.NoError(t, err)
		answer, err := read.ReadString('\n')
		require.NoError(t, err)
		assert.Contains(t, answer, "OC-7")
		_, err = ask.Write(sample[100:])
		require.NoError(t, err)
		_, err = read.ReadString('\n')
		require.NoError(t, err)
	}
	require.NoError(t, ask.Close())
	require.NoError(t, <-done)
}

// TestStreamSurvivesPanics: a lifecycle that breaks down costs one answer.
func TestStreamSurvivesPanics(t *testing.T) {
	request := `{"contract":{"id":"c","lifecycle":"broken","client":"a"},"command":{"action":"begin"},"actor":{"id":"a"},"now":"2026-06-04T12:00:00Z"}` + "\n"
	got := answersTo(t, strings.NewReader(request+string(sampleLine(t))), brokenLifecycle())
	require.Len(t, got, 2)
	require.NotNil(t, got[0].Refusal)
	assert.Equal(t, "internal_error", got[0].Refusal.Code)
	assert.Equal(t, "rule_failed", got[0].Refusal.Reason)
	assert.NotNil(t, got[1].Decision)
}

// brokenLifecycle returns one whose only rule panics.
func brokenLifecycle() *escrow.Lifecycle {
	client := declare.Party("client", "not_client")
	return declare.Must(declare.Spec{
		Name: "broken", Version: 1, About: "Breaks down.", Asset: escrow.Asset{Code: "USD", Scale: 2},
		Parties: declare.Parties{client}, Terminal: declare.In("done"),
		Reasons: []escrow.CatalogueEntry{{Reason: "not_client", Code: escrow.Forbidden, Meaning: "only the client may", Remedy: "ask as the client"},
			{Reason: "boom", Code: escrow.Conflict, Meaning: "never", Remedy: "none"}},
		Rules: []escrow.Rule{{ID: "B-1", On: escrow.Do("begin"), By: client, From: declare.In(escrow.Draft), To: "done",
			Needs: declare.Needs{declare.Demand(escrow.Conflict, "boom", declare.When("never", func(escrow.View) bool { panic("boom") }))}}},
	})
}

// faulty fails to read and to write.
type faulty struct{ err error }

func (f faulty) Read([]byte) (int, error)  { return 0, f.err }
func (f faulty) Write([]byte) (int, error) { return 0, f.err }

func TestStreamErrors(t *testing.T) {
	gone := faulty{errors.New("gone")}
	var out bytes.Buffer
	assert.ErrorIs(t, stream(gone, &out, nil), gone.err)
	assert.Empty(t, out.String())
	for name, in := range map[string]io.Reader{
		"at the end":        bytes.NewReader(sampleLine(t)),
		"in the middle":     &repeated{line: sampleLine(t), left: 1000},
		"in a line":         io.MultiReader(bytes.NewReader(sampleLine(t)[:50]), gone),
		"in a line skipped": io.MultiReader(io.LimitReader(endless('x'), 2*maxRequest), gone),
		"after an answer":   io.MultiReader(bytes.NewReader(sampleLine(t)), gone),
	} {
		assert.ErrorIs(t, stream(in, gone, lifecycles.All()), gone.err, name)
	}
	big := &repeated{line: append(bytes.Repeat([]byte{'x'}, 3*bufferSize), '\n'), left: 1}
	assert.ErrorIs(t, stream(big, faulty{syscall.EPIPE}, nil), syscall.EPIPE)
}

// FuzzStream: whatever comes in, every line that is not blank gets one answer.
func FuzzStream(f *testing.F) {
	sample := sampleLine(f)
	f.Add(sample)
	f.Add(append(bytes.Clone(sample), sample[:300]...))
	f.Add([]byte("\n\r\n \t\n{}\n[]\nnull\n\x00\n\"\xff\"\n{\"contract\":{\"id\":\"\\ud800\"}}"))
	f.Add([]byte(`{"contract":{"id":"j","lifecycle":"erc8183","status":"open","client":"c","provider":"p","evaluator":"e","budget":"1","expiredAt":"2026-06-05T00:00:00Z"},"command":{"action":"fund","expectedBudget":"1"},"actor":{"id":"c"},"now":"2026-06-04T12:00:00Z"}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		want := 0
		for line := range bytes.Lines(in) {
			if strings.Trim(string(line), " \t\r\n") != "" {
				want++
			}
		}
		assert.Len(t, answersTo(t, bytes.NewReader(in)), want)
	})
}

// BenchmarkStream measures the whole way of a request: read, parse, decide,
// write. With -cpu 1 its rate is that of one core.
func BenchmarkStream(b *testing.B) {
	line := sampleLine(b)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	require.NoError(b, stream(&repeated{line: line, left: b.N}, io.Discard, lifecycles.All()))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
}

// repeated reads the same line so many times.
type repeated struct {
	line, rest []byte
	left       int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(r.rest) == 0 {
			if r.left == 0 {
				break
			}
			r.left--
			r.rest = r.line
		}
		c := copy(p[n:], r.rest)
		r.rest, n = r.rest[c:], n+c
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}
