package simulation

import (
	"context"
	"runtime/debug"
	"testing"

	"github.com/escrow-go/escrow/simulate"
	"github.com/stretchr/testify/require"
)

// BenchmarkContract is the time for one contract of the default scenario, in runs
// long enough for what is made once not to count. SimPy is measured by the command
// that writes README.md.
func BenchmarkContract(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(GCPercent))
	for name, goroutines := range map[string]int{"1": 1, "2": 2} {
		b.Run("floor/"+name, func(b *testing.B) {
			f, err := NewFloor(scenario(b, 1, 1))
			require.NoError(b, err)
			b.ReportAllocs()
			f.Figures(f.Run(b.N, goroutines))
		})
		b.Run("simulate/"+name, func(b *testing.B) {
			b.ReportAllocs()
			_, err := simulate.Run(context.Background(), scenario(b, 1, b.N), simulate.Workers(goroutines))
			require.NoError(b, err)
		})
	}
}
