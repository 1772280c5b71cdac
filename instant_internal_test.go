package escrow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestInstantsAsTimePackage: instants are read and written as package time does, at
// every day of more than four centuries and at the ends of time.
func TestInstantsAsTimePackage(t *testing.T) {
	day := time.Date(1599, 12, 31, 23, 59, 59, 0, time.UTC)
	days := []time.Time{time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(4, 2, 29, 12, 0, 0, 0, time.UTC)}
	for range 150_000 {
		days, day = append(days, day), day.Add(24*time.Hour+61*time.Second)
	}
	for _, at := range days {
		text := at.Format(time.RFC3339Nano)
		i, ok := parseWhole(text)
		require.True(t, ok, text)
		require.Equal(t, instantOf(at), i, text)
		require.Equal(t, text, i.String())
	}
}

// TestNoInstants: what is no date is none, whichever way it is read.
func TestNoInstants(t *testing.T) {
	for _, text := range []string{"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
		"0000-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01 00:00:00Z", "0001-01-01T00:00:00Z"} {
		_, ok := parseInstant(text)
		require.False(t, ok, text)
	}
	i, ok := parseInstant("2026-06-01T02:00:00+02:00")
	require.True(t, ok)
	require.Equal(t, "2026-06-01T00:00:00Z", i.String())
}
