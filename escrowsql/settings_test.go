package escrowsql_test

import (
	"sync"
	"testing"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSettings: of several that set first, one does, and all are told which.
func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		value, err := s.Setting(ctx, "colour")
		require.NoError(t, err)
		assert.Empty(t, value)
		var group sync.WaitGroup
		told := make([]string, 8)
		for i := range told {
			group.Go(func() {
				var err error
				told[i], err = s.SetFirst(ctx, "colour", string(rune('a'+i)))
				assert.NoError(t, err)
			})
		}
		group.Wait()
		for _, v := range told {
			assert.Equal(t, told[0], v)
		}
		require.NoError(t, s.Set(ctx, "colour", "red"))
		value, err = s.SetFirst(ctx, "colour", "blue")
		require.NoError(t, err)
		assert.Equal(t, "red", value)

		empty, err := s.Empty(ctx)
		require.NoError(t, err)
		assert.True(t, empty)
		require.NoError(t, s.Commit(ctx, decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)))
		empty, err = s.Empty(ctx)
		require.NoError(t, err)
		assert.False(t, empty)
	})
}
