package erc8183_test

import (
	"os"
	"testing"

	"github.com/escrow-go/escrow/examples/erc8183"
	"github.com/escrow-go/escrow/explore"
	"github.com/stretchr/testify/require"
)

// TestExplore: all that can happen to the jobs of scope.json keeps the guarantees,
// and the client, whose money it is, can end every one alone. The scope need not
// reach window_closed: what the expiry closes, it also decides, so that it is due
// instead.
func TestExplore(t *testing.T) {
	text, err := os.ReadFile("scope.json")
	require.NoError(t, err)
	scope, err := explore.ParseScope(text, erc8183.Lifecycle())
	require.NoError(t, err)
	report, err := explore.Run(scope)
	require.NoError(t, err)
	t.Log(report)
	require.True(t, report.Passed())
	require.Zero(t, report.Stuck)
	for _, e := range report.Endings {
		require.Equal(t, e.Holding, e.Forced, e.Party)
	}
}
