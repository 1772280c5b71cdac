package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/bench/internal/measured"
	"github.com/stretchr/testify/require"
)

// output is what go test prints when every row is measured.
func output() string {
	var b strings.Builder
	b.WriteString("goos: linux\ncpu: none\n")
	for round := range rounds {
		for _, s := range sections {
			for i, row := range s.rows {
				fmt.Fprintf(&b, "BenchmarkSample/round=%d/%s/%s-2   \t  1000\t  %d.5 ns/op\t  16 B/op\t  %d allocs/op\n",
					round+1, s.key, row.key, 10*(i+1)+round, i)
			}
		}
	}
	return b.String()
}

func TestParse(t *testing.T) {
	r, err := parse(strings.NewReader(output()))
	require.NoError(t, err)
	require.Equal(t, []float64{10.5, 11.5, 12.5, 13.5, 14.5, 15.5}, r["accepted/floor"].ns)
	require.Equal(t, 13.0, measured.Median(r["accepted/floor"].ns))
	require.Equal(t, 5.0, measured.Median(r["accepted/expr-fresh"].allocs))
}

func TestRender(t *testing.T) {
	r, err := parse(strings.NewReader(output()))
	require.NoError(t, err)
	tables, err := render(surroundings{machine: "abacus, 2 cores", modules: []string{"m v1"}}, r)
	require.NoError(t, err)
	require.Contains(t, tables, "abacus, 2 cores")
	require.Contains(t, tables, "| hand-written, int64 | switch that moves the money | 13 | 10.5 to 15.5 | 16 | 0 | 1x | 0.39x |")
}

// TestRowsAndBenchmarksMatch sees that neither can be left out.
func TestRowsAndBenchmarksMatch(t *testing.T) {
	r, err := parse(strings.NewReader(output()))
	require.NoError(t, err)
	r["accepted/unheard-of"] = &samples{}
	require.ErrorContains(t, complete(r), "has no row")
	delete(r, "accepted/unheard-of")
	delete(r, "accepted/floor")
	require.ErrorContains(t, complete(r), "was not measured")
}
