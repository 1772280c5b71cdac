package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/simulate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var source = Source{Version: "v1.2.3", Scenario: "name: <script>alert(1)</script>\n", Seed: 7, Contracts: 20_000}

// pages are a page of each kind.
var pages = map[string]func(io.Writer) error{
	"one policy":      func(w io.Writer) error { return Result(w, madeUp(1, 0), source) },
	"three policies":  func(w io.Writer) error { return Result(w, madeUp(3, 0), source) },
	"sweep":           func(w io.Writer) error { return Sweep(w, madeSweep(1, 2), source) },
	"sweep over two":  func(w io.Writer) error { return Sweep(w, madeSweep(2, 1), source) },
	"sweep over more": func(w io.Writer) error { return Sweep(w, madeSweep(3, 1), source) },
	"nothing swept":   func(w io.Writer) error { return Sweep(w, &simulate.SweepResult{Stopped: true}, source) },
	"nothing moved":   func(w io.Writer) error { return Result(w, still(), source) },
	"nothing lived":   func(w io.Writer) error { return Result(w, nobody(), source) },
}

// still is the result of contracts in which nothing ever happens.
func still() *simulate.Result {
	r := nobody()
	r.Contracts, r.Stopped = 3, false
	for i := range r.Policies {
		r.Policies[i].Endings = []simulate.EndingShare{{Status: "open", Count: 3, Share: about(1, 0)}}
	}
	for i := range r.Differences {
		for k := range r.Differences[i].Measures {
			r.Differences[i].Measures[k].Mean = simulate.Estimate{}
		}
	}
	return r
}

// nobody is the result of a run that was stopped before its first contract.
func nobody() *simulate.Result {
	r := madeUp(2, 0)
	r.Contracts, r.Stopped = 0, true
	for i := range r.Policies {
		o := &r.Policies[i]
		o.Settle, o.Capital, o.Endings = simulate.Times{}, nil, nil
		for k := range o.Measures {
			o.Measures[k].Of, o.Measures[k].Mean = 0, simulate.Estimate{}
		}
	}
	return r
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	return b.String()
}

var drawing = regexp.MustCompile(`(?s)<svg class="chart".*?</svg>`)

// TestPages: whatever is shown is well formed, comes from the page itself, and is
// the same each time.
func TestPages(t *testing.T) {
	for name, write := range pages {
		t.Run(name, func(t *testing.T) {
			text := written(t, write)
			assert.Equal(t, text, written(t, write))
			saysNot(t, text, "<script")
			says(t, text, "&lt;script&gt;alert(1)&lt;/script&gt;")
			saysNot(t, strings.ReplaceAll(text, `xmlns="http://www.w3.org/2000/svg"`, ""), `https?://`)
			saysNot(t, text, `url\(|@import|NaN|Inf\b|ZgotmplZ`)
			saysNot(t, text[strings.Index(text, "<body>"):], `#[-0-9A-F]{3}`)
			for _, svg := range drawing.FindAllString(text, -1) {
				wellFormed(t, svg)
				assert.Regexp(t, `^<svg class="chart" role="img" aria-label="[^"]{20,}"`, svg)
				saysNot(t, svg, "font-family")
			}
			says(t, text, "v1.2.3")
			says(t, text, "<th scope=\"row\">seed</th><td class=\"n\">7</td>")
		})
	}
}

// says checks that a page says something, without printing the page.
func says(t *testing.T, text, what string) {
	t.Helper()
	assert.True(t, strings.Contains(text, what), what)
}

func saysNot(t *testing.T, text, pattern string) {
	t.Helper()
	assert.Empty(t, regexp.MustCompile(pattern).FindString(text))
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); err != nil {
			require.Equal(t, io.EOF, err)
			return
		}
	}
}

// TestResult: every chart and every figure is there.
func TestResult(t *testing.T) {
	text := written(t, pages["three policies"])
	charts := drawing.FindAllString(text, -1)
	require.Len(t, charts, 6)
	for _, want := range []string{"settled-approved", "cancelled-withdrawn", "expired", "open"} {
		says(t, charts[0], ">"+want+"</text>")
		says(t, text, "<td>"+want+"</td>")
	}
	for i, want := range []string{"share of contracts (%)", "mean of a contract (USDC)", "hours from founding to end", "days from the beginning of the horizon", "difference (USDC a contract)", "difference (of 100 contracts)"} {
		says(t, charts[i], ">"+want+"</text>")
	}
	for _, m := range simulate.Measures() {
		assert.Equal(t, 2, strings.Count(text, "<td>"+m.Name+"</td>"), m.Name)
	}
	says(t, text, "62.00 ± 0.67 % (12,400)")
	says(t, text, "market &lt;b&gt;: simulation</title>")
	says(t, text, "no &lt;fee&gt;</li>")
	assert.Equal(t, 6, strings.Count(text, "n = 20,000 contracts under each policy"))
	saysNot(t, text, "Stopped early")
	says(t, written(t, pages["nothing lived"]), "Stopped early")
}

// TestSweep: lines over one axis, maps over two, figures alone over more.
func TestSweep(t *testing.T) {
	text := written(t, pages["sweep"])
	assert.Equal(t, 1+2*5, strings.Count(text, `<svg class="chart"`))
	says(t, text, ">workers[1]: withdraw | deliver</text>")
	assert.Equal(t, 1, strings.Count(text, `<tr class="best">`))
	says(t, text, `<td>0.37</td>`)

	text = written(t, pages["sweep over two"])
	says(t, text, "client.net (USDC)")
	says(t, text, ">5.64 ± 0.60</text>")
	assert.Equal(t, 5, strings.Count(text, `<tr class="best">`))

	never := madeSweep(1, 1)
	never.Frontier.Y = "disputes.right"
	for _, p := range never.Points {
		for i := range p.Result.Policies[0].Measures {
			if m := &p.Result.Policies[0].Measures[i]; m.Name == never.Frontier.Y {
				m.Of, m.Mean = 0, simulate.Estimate{}
			}
		}
	}
	text = written(t, func(w io.Writer) error { return Sweep(w, never, source) })
	says(t, text, "There was no case of one of them at any point.")

	text = written(t, pages["sweep over more"])
	assert.Equal(t, 1, strings.Count(text, `<svg class="chart"`))
	says(t, text, "3 fields were varied")
}

// TestAxis: numbers and lengths of time have their place, words stand side by
// side.
func TestAxis(t *testing.T) {
	for _, c := range []struct {
		values         []string
		at             []float64
		numeric, hours bool
	}{
		{[]string{`"0.1"`, "2", "-3e1"}, []float64{0.1, 2, -30}, true, false},
		{[]string{`"PT12H"`, `"P2D"`}, []float64{12, 48}, true, true},
		{[]string{`"standard"`, "1"}, []float64{0, 1}, false, false},
		{[]string{`"PT1H"`, "1", "NaN"}, []float64{0, 1, 2}, false, false},
	} {
		a := axisOf(simulate.Axis{Field: "f", Values: c.values})
		assert.Equal(t, c.at, a.at)
		assert.Equal(t, []bool{c.numeric, c.hours}, []bool{a.numeric, a.hours}, "%s", c.values)
	}
}

// TestRoundTicks: few, round, and none outside.
func TestRoundTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		labels    string
	}{
		{0, 100, "0 20 40 60 80 100"}, {-4.1, 4.1, "-4 -2 0 2 4"}, {0, 0.00031, "0.00000 0.00005 0.00010 0.00015 0.00020 0.00025 0.00030"},
		{9_990, 10_010, "9,990 9,995 10,000 10,005 10,010"}, {0, 1e9, "0 200,000,000 400,000,000 600,000,000 800,000,000 1,000,000,000"},
	} {
		var labels []string
		for _, tick := range (roundTicks{}).Ticks(c.low, c.high) {
			labels = append(labels, tick.Label)
			assert.GreaterOrEqual(t, tick.Value, c.low)
			assert.LessOrEqual(t, tick.Value, c.high*(1+1e-9))
		}
		assert.Equal(t, c.labels, strings.Join(labels, " "))
	}
}
