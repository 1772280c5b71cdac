package main

import (
	"fmt"
	"strings"
	"testing"

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
	require.Equal(t, 13.0, median(r["accepted/floor"].ns))
	require.Equal(t, 5.0, median(r["accepted/expr-fresh"].allocs))
}

func TestRender(t *testing.T) {
	r, err := parse(strings.NewReader(output()))
	require.NoError(t, err)
	tables, err := render(surroundings{processor: "abacus", cores: 2, modules: []string{"m v1"}}, r)
	require.NoError(t, err)
	require.Contains(t, tables, "abacus, 2 cores")
	require.Contains(t, tables, "| hand-written, int64 | switch that moves the money | 13 | 10.5 to 15.5 | 16 | 0 | 1x | 0.39x |")

	readme, err := insert([]byte("above\n"+begin+"old\n"+end+"below\n"), tables)
	require.NoError(t, err)
	require.Equal(t, "above\n"+begin+tables+end+"below\n", string(readme))
	_, err = insert([]byte("no markers"), tables)
	require.Error(t, err)
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

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.456: "0.46", 5: "5", 1.024: "1.02", 12.34: "12.3", 123.4: "123", 1544.6: "1,545", 12044: "12,044"} {
		require.Equal(t, want, number(v))
	}
}
