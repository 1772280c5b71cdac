package marketplace

import (
	"context"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/crowdfund"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestJury: the same jury for the same contract whoever is asked first, never a party, and
// none while there are too few.
func TestJury(t *testing.T) {
	drawn := func(accounts ...string) (string, bool) {
		jury := juryOf(func(context.Context) ([]string, error) { return accounts, nil })
		command, ok, err := jury(ctx, task("c1"), draw)
		require.NoError(t, err)
		text, _ := command.MarshalJSON()
		return string(text), ok
	}
	_, ok := drawn("0xAda", "0xBob", "0xClient", "0xBob")
	assert.False(t, ok, "one is the client, and one stands twice")
	first, ok := drawn("0xAda", "0xBob", "0xCyd", "0xDan", "0xEve", "0xClient")
	require.True(t, ok)
	assert.NotContains(t, first, "0xClient")
	again, _ := drawn("0xEve", "0xClient", "0xDan", "0xCyd", "0xBob", "0xAda")
	assert.Equal(t, first, again)
	seen := map[string]bool{}
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		jury := juryOf(func(context.Context) ([]string, error) { return []string{"0xAda", "0xBob", "0xCyd", "0xDan"}, nil })
		command, _, err := jury(ctx, task(id), draw)
		require.NoError(t, err)
		text, _ := command.MarshalJSON()
		seen[string(text)] = true
	}
	assert.Greater(t, len(seen), 1, "not always the same three")

	jury := juryOf(nil)
	command, ok, err := jury(ctx, task("c1"), "settle")
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, escrow.Action("settle"), command.Action())
	_, ok, err = jury(ctx, crowdfund.Terms{}.Draft(), "draw")
	require.NoError(t, err)
	assert.False(t, ok)
}
