package growth

import (
	"io"
	"math"
	"testing"
	"time"

	"github.com/escrow-go/escrow/bench/before/loops"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMemoryGrowsWithTheContract: what work allocates is the same on any machine;
// how long it takes is for the measurement to say.
func TestMemoryGrowsWithTheContract(t *testing.T) {
	if testing.Short() {
		t.Skip("lives through contracts of a thousand milestones")
	}
	list, err := Measure(time.Microsecond, io.Discard)
	require.NoError(t, err)
	require.Len(t, list, len(works))
	for _, g := range list {
		assert.LessOrEqual(t, g.Bytes, g.Bound, g.Name)
	}
}

func TestExponent(t *testing.T) {
	for _, b := range []float64{0, 1, 2} {
		var samples []loops.Sample
		for _, n := range sizes {
			samples = append(samples, loops.Sample{Nanoseconds: 7 * math.Pow(float64(n), b)})
		}
		require.InDelta(t, b, exponent(samples, func(s *loops.Sample) float64 { return s.Nanoseconds }), 1e-9)
	}
}

func TestTable(t *testing.T) {
	samples := make([]loops.Sample, len(sizes))
	for i := range samples {
		samples[i].Nanoseconds = 2500
	}
	table := Table([]Growth{{Name: "end", About: "the end", Bound: 1.1, Samples: samples, Time: 1.2, Bytes: 1}})
	require.Contains(t, table, "| the end | 2.50 | 2.50 | 2.50 | 2.50 | 2.50 | 2.50 | n^1.20 | n^1.00 | n^1.1 | **missed** |")
}
