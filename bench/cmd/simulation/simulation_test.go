package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// found is what would be measured where contender i takes 100 x (i + 1) ns.
func found() *findings {
	f := &findings{simpy: "SimPy 2", memory: []memory{{100_000, 20 << 20, 1 << 20}, {10_000_000, 24 << 20, 1 << 20}}}
	for i := range f.samples {
		for round := range rounds {
			each := float64(100 * (i + 1) * (round + 1))
			f.samples[i].ns = append(f.samples[i].ns, each)
			s := &f.samples[i]
			s.bytes, s.allocs, s.cores = append(s.bytes, 5), append(s.allocs, 0.25), append(s.cores, 1.9)
		}
	}
	return f
}

func TestRender(t *testing.T) {
	text := found().render("abacus, 2 cores")
	require.Contains(t, text, "abacus, 2 cores; SimPy 2.")
	require.Contains(t, text, "| contracts a second on two cores, in a run of 1,000,000 | at least 2,000,000 | 2,500,000 | reached |")
	require.Contains(t, text, "| two cores beside SimPy, which has one | at least 100 times as fast | 6 | **missed** |")
	require.Contains(t, text, "| two cores beside the floor on two | at most 10 times as long | 0.25 | reached |")
	require.Contains(t, text, "| memory for each contract after the first 100,000 | less than 1 byte | 0.42 | reached |")
	require.Contains(t, text, "| **simulate** | 2 | 1.90 | 1,000,000 | 2,500,000 | 1,430,000 to 10,000,000 | 400 | 5 | 0.25 | 6x | 0.25x |")
	require.Contains(t, text, "| SimPy | 1 | – | 40,000 | 417,000 | 238,000 to 1,670,000 | 2,400 | – | – | 1x | 1.20x |")
	require.Contains(t, text, "| 10,000,000 | 24 MiB | 1 MiB |")
}

// TestTake measures the contenders that need no Python on a few contracts.
func TestTake(t *testing.T) {
	for i, c := range contenders[:inSimPy] {
		var s samples
		c.contracts = 1_000
		require.NoError(t, s.take(context.Background(), &c, 1), i)
		require.Len(t, s.ns, 1)
		require.Positive(t, s.ns[0])
	}
}
