package simulate

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// golden compares a text with a file under testdata, or rewrites the file.
func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test -update writes it")
	assert.Equal(t, string(want), text, "%s; go test -update rewrites it", path)
}

// toldOf is a result under policies of those names, with round numbers.
func toldOf(policies ...string) *Result {
	r := &Result{Scenario: "market", About: strings.Repeat("What is it good for? ", 8), Lifecycle: "opencontract", Asset: escrow.Asset{Code: "USDC", Scale: 6}, Seed: 7, Contracts: 20_000}
	for i, name := range policies {
		r.Policies = append(r.Policies, toldOutcome(name, float64(i)))
		if i > 0 {
			r.Differences = append(r.Differences, Difference{Policy: name, Against: policies[0], Changed: 1234, Measures: []MeasureValue{
				{"worker.net", "USDC", "-2000", 20_000, Estimate{-0.1, -0.2, 0}},
				{"fees", "USDC", "0", 20_000, Estimate{}},
				{"disputes", "share", "240", 20_000, Estimate{0.012, 0.001, 0.023}},
			}})
		}
	}
	return r
}

func toldOutcome(name string, more float64) Outcome {
	o := Outcome{Policy: name, Endings: []EndingShare{
		{"settled-fully-met", 16_000, Estimate{0.8, 0.7944, 0.8055}}, {"open", 4000, Estimate{0.2, 0.1945, 0.2056}}}}
	o.Measures = []MeasureValue{
		{"worker.net", "USDC", "1109600", 20_000, Estimate{55.48 + more, 54.61 + more, 56.35 + more}},
		{"fees", "USDC", "0", 20_000, Estimate{}},
		{"disputes", "share", "2200", 20_000, Estimate{0.11, 0.1057, 0.1144}},
		{"disputes.right", "share", "0", 0, Estimate{}},
		{"capital.days", "USDC days", "24691356", 20_000, Estimate{1234.5678, 1200, 1269.1356}},
		{"sign.wait", "hours", "40000", 20_000, Estimate{2, 1.9, 2.1}},
	}
	o.Settle = Times{Mean: Estimate{68.07, 67.76, 68.38}, P50: Estimate{72, 72, 72}, P90: Estimate{96, 95.2, 96.1}, P99: Estimate{105, 103, 107}, Max: 116.75,
		Curve: []CurvePoint{{24, 0.25}, {116.75, 1}}}
	o.Capital = []CapitalPoint{{0, 12 * time.Hour, Estimate{1000, 900, 1100}}, {12 * time.Hour, 24 * time.Hour, Estimate{2000.5, 1900, 2101}}}
	o.Minds = []Mind{{Worker: "workers[5]", Price: "50", DeliversUpTo: "45.75", Otherwise: "withdraw", Does: "deliver"}}
	return o
}

func toldSweep(policies ...string) *SweepResult {
	r := &SweepResult{Axes: []Axis{{"policy.protocolFee", []string{`"0.05"`, "0.1"}}, {"terms.review", []string{`"PT12H"`}}}, Frontier: &Frontier{X: "fees", Y: "worker.net", LessX: true},
		Thresholds: []Threshold{{Worker: "workers[5]", Field: "policy.protocolFee", Below: "deliver", Above: "withdraw", At: "0.0657"}}}
	for _, fee := range r.Axes[0].Values {
		r.Points = append(r.Points, SweepPoint{Values: []string{fee, `"PT12H"`}, Result: toldOf(policies...), Best: fee == "0.1"})
	}
	return r
}

// TestText: the text is as agreed, and no line is longer than the page.
func TestText(t *testing.T) {
	stopped := toldOf("default")
	stopped.Stopped = true
	stopped.Policies[0].Minds[0].DeliversUpTo = "never"
	for name, text := range map[string]string{
		"one.txt":         stopped.String(),
		"four.txt":        toldOf("default", "half of the stake", "a policy whose name is long", "ünïcödé").String(),
		"sweep.txt":       toldSweep("default").String(),
		"sweep_two.txt":   toldSweep("default", "half of the stake").String(),
		"sweep_empty.txt": (&SweepResult{Stopped: true}).String(),
		"nobody.txt":      (&Result{Scenario: "market", Policies: []Outcome{{Policy: "default"}}, Stopped: true}).String(),
	} {
		golden(t, name, text)
		for line := range strings.Lines(text) {
			assert.LessOrEqual(t, utf8.RuneCountInString(line)-1, pageWidth, line)
		}
	}
}

// TestNumber: as many decimals as two significant digits of the error need.
func TestNumber(t *testing.T) {
	for want, e := range map[string]Estimate{
		"1,234,568 ± 1,235":   {1234567.8, 1233332.8, 1235802.8},
		"-0.012 ± 0.034":      {-0.012, -0.046, 0.022},
		"0.00 ± 0.00":         {},
		"12.3 ± 4.6":          {12.34, 7.78, 13},
		"0 ± 150":             {-0.4, -150, 100},
		"5.000000 ± 0.000000": {5, 5 - 1e-9, 5},
	} {
		assert.Equal(t, want, e.Text("USDC"))
	}
	assert.Equal(t, "12.30 ± 0.45 %", Estimate{0.123, 0.1185, 0.1275}.Text("share"))
	for _, e := range []Estimate{{0, -1, 1}, {1, 0, 2}, {}} {
		assert.False(t, e.Clear())
	}
	assert.True(t, Estimate{-2, -3, -1}.Clear())
}

// TestCSV: a line a figure, all of the same length, under the same names.
func TestCSV(t *testing.T) {
	var result, sweep bytes.Buffer
	require.NoError(t, toldOf("default", `half, "of" it`).CSV(&result))
	require.NoError(t, toldSweep("default").CSV(&sweep))
	golden(t, "result.csv", result.String())
	golden(t, "sweep.csv", sweep.String())
	lines, err := csv.NewReader(&result).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"policy", "kind", "name", "unit", "value", "low", "high", "total", "of"}, lines[0])
	assert.Equal(t, []string{"default", "ending", "settled-fully-met", "share", "0.8", "0.7944", "0.8055", "16000", "20000"}, lines[1])
	lines, err = csv.NewReader(&sweep).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"policy.protocolFee", "terms.review", "best", "policy"}, lines[0][:4])
	assert.Equal(t, []string{"0.05", "PT12H", "false", "default"}, lines[1][:4])
	assert.Equal(t, []string{"", "", "", "workers[5]: deliver, then withdraw", "threshold", "policy.protocolFee", "", "0.0657", "", "", "", ""}, lines[len(lines)-1])
}

// full has no room.
type full struct{}

var errFull = errors.New("no room")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestCSVFails(t *testing.T) {
	assert.ErrorIs(t, toldOf("default").CSV(full{}), errFull)
	assert.ErrorIs(t, toldSweep("default").CSV(full{}), errFull)
}
