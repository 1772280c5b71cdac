package explore_test

import (
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/explore"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// passes explores a scope to the end and finds nothing wrong.
func passes(t *testing.T, s explore.Scope) *explore.Report {
	t.Helper()
	if testing.Short() {
		t.Skip("takes up to half a minute")
	}
	t.Parallel()
	r, err := explore.Run(s)
	require.NoError(t, err)
	t.Log(r)
	assert.False(t, r.Truncated)
	assert.Empty(t, r.Violations)
	assert.Empty(t, r.Unreached)
	assert.Zero(t, r.Stuck)
	for _, e := range r.Endings {
		assert.Equal(t, e.Holding, e.Forced, e.Party)
		assert.NotZero(t, e.Holding, e.Party)
	}
	return r
}

func TestOpenContract(t *testing.T) {
	r := passes(t, explore.OpenContract(nil))
	assert.Equal(t, 27035, r.States)
	assert.Equal(t, 9, r.Longest, "create, accept, deliver, dispute, draw, three votes, settle")
}

func TestOpenTrain(t *testing.T) {
	passes(t, explore.OpenTrain(nil))
}

// With two humans who must agree to the same.
func TestOpenTrainTogether(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.Quorum, p.EndDisposition = 2, escrow.Choose
	passes(t, explore.OpenTrain(&p))
}

// With another human than the one who asked.
func TestOpenTrainSeparately(t *testing.T) {
	p := escrow.OpenTrain.DefaultPolicy()
	p.SeparateDuties, p.EndDisposition = true, escrow.Release
	passes(t, explore.OpenTrain(&p))
}

// BenchmarkExplore tells the edges a second, with as many workers as processors.
func BenchmarkExplore(b *testing.B) {
	for _, s := range []explore.Scope{explore.OpenContract(nil), explore.OpenTrain(nil)} {
		b.Run(s.Lifecycle().Name(), func(b *testing.B) {
			edges := int64(0)
			for b.Loop() {
				r, err := explore.Run(s)
				require.NoError(b, err)
				edges += r.Edges
			}
			b.ReportMetric(float64(edges)/b.Elapsed().Seconds(), "edges/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}
