package marketplace

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestClock: it goes on, forward only, and stays ahead when the sandbox is opened again.
func TestClock(t *testing.T) {
	sqltest.Each(t, func(t *testing.T, address string) {
		store := opened(t, address)
		wall := &watch{now: monday}
		c, err := openClock(ctx, store, wall)
		require.NoError(t, err)
		assert.Equal(t, monday, c.Now())

		friday := monday.AddDate(0, 0, 4).Add(time.Nanosecond)
		require.NoError(t, c.Forward(ctx, friday))
		assert.Equal(t, friday, c.Now())
		require.NoError(t, c.Forward(ctx, friday), "now is not back")
		err = c.Forward(ctx, friday.Add(-time.Nanosecond))
		require.ErrorIs(t, err, ErrBackwards)
		assert.ErrorContains(t, err, "it shows 2026-06-05T12:00:00.000000001Z")
		require.Error(t, c.Forward(ctx, latest.Add(time.Second)))
		require.Error(t, c.Forward(ctx, monday.AddDate(293, 0, 0)))
		assert.Equal(t, friday, c.Now())

		wall.set(monday.Add(time.Hour))
		again, err := openClock(ctx, store, wall)
		require.NoError(t, err)
		assert.Equal(t, friday.Add(time.Hour), again.Now())
	})
}
