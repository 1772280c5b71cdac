package explore_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	cfplay "github.com/escrow-go/escrow/crowdfund/play"
	acplay "github.com/escrow-go/escrow/erc8183/play"
	"github.com/escrow-go/escrow/explore"
	"github.com/escrow-go/escrow/fixedprice"
	fpplay "github.com/escrow-go/escrow/fixedprice/play"
	inplay "github.com/escrow-go/escrow/inspection/play"
	octplay "github.com/escrow-go/escrow/opencontract/play"
	"github.com/escrow-go/escrow/opentrain"
	otplay "github.com/escrow-go/escrow/opentrain/play"
	puplay "github.com/escrow-go/escrow/purchase/play"
)

// passes explores a scope to the end and finds nothing wrong.
func passes(t *testing.T, s explore.Scope) *explore.Report {
	t.Helper()
	if testing.Short() {
		t.Skip("takes up to some minutes")
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

// The states are 27,035 when two that differ only in what is in custody count as
// one: an approved delivery, and one whose dispute nobody was drawn for.
func TestOpenContract(t *testing.T) {
	r := passes(t, octplay.Scope(escrow.Policy{}))
	assert.Equal(t, 27051, r.States)
	assert.Equal(t, 9, r.Longest, "create, accept, deliver, dispute, draw, three votes, settle")
}

func TestOpenTrain(t *testing.T) {
	r := passes(t, otplay.Scope(escrow.Policy{}))
	assert.Equal(t, 16587, r.States)
}

// With two humans who must agree to the same.
func TestOpenTrainTogether(t *testing.T) {
	passes(t, otplay.Scope(trainPolicy(t, opentrain.Quorum.To(2), opentrain.EndDisposition.To("require"))))
}

// With another human than the one who asked.
func TestOpenTrainSeparately(t *testing.T) {
	passes(t, otplay.Scope(trainPolicy(t, opentrain.SeparateDuties.To(true), opentrain.EndDisposition.To("release"))))
}

func trainPolicy(t *testing.T, values ...escrow.Value) escrow.Policy {
	p, err := opentrain.Lifecycle.DefaultPolicy().With(values...)
	require.NoError(t, err)
	return p
}

// One milestone with all that can be asked for, and a lesser one beside it.
func TestFixedPrice(t *testing.T) { passes(t, fpplay.Scope(escrow.Policy{})) }

// Two milestones with all but what takes both parties.
func TestTwoOfFixedPrice(t *testing.T) { passes(t, fpplay.ScopeOfTwo(escrow.Policy{})) }

func TestPurchase(t *testing.T) { passes(t, puplay.Scope(escrow.Policy{})) }

func TestInspection(t *testing.T) { passes(t, inplay.Scope(escrow.Policy{})) }

func TestCrowdfund(t *testing.T) { passes(t, cfplay.Scope(escrow.Policy{})) }

func TestERC8183(t *testing.T) { passes(t, acplay.Scope(escrow.Policy{})) }

// What follows from a declaration alone: the first states of a lifecycle that has
// agreement, items and time, in every run of the tests.
func TestScopeOfADeclaration(t *testing.T) {
	s, err := explore.ScopeOf(fixedprice.Lifecycle)
	require.NoError(t, err)
	t.Parallel()
	r, err := explore.Run(s, explore.AtMost(300))
	require.NoError(t, err)
	assert.True(t, r.Truncated)
	assert.Empty(t, r.Violations)
}

// BenchmarkExplore tells the edges a second, with as many workers as processors.
func BenchmarkExplore(b *testing.B) {
	for _, s := range []explore.Scope{octplay.Scope(escrow.Policy{}), otplay.Scope(escrow.Policy{})} {
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
