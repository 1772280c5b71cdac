package escrow

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestParseDuration reads weeks, days, hours, minutes and seconds, in this order.
func TestParseDuration(t *testing.T) {
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"PT24H": day, "P1D": day, "PT1H30M": 90 * time.Minute, "P1DT1H1M1S": day + time.Hour + time.Minute + time.Second,
		"P2W": 14 * day, "P1W1D": 8 * day, "PT0S": 0, "P0D": 0, "PT90S": 90 * time.Second, "PT90M": 90 * time.Minute,
		"P3650D": 10 * year, "P36500D": 100 * year, "PT876000H": 100 * year, "PT0000000001S": time.Second,
	} {
		d, ok := parseDuration(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, d, text)
	}
	for _, text := range []string{
		"", "P", "PT", "T1H", "1H", "P1", "PT1", "P1H", "PT1D", "PT1W", "P1Y", "P1M", "P1Y2M", "P1DT", "PTT1H", "P1DT1HT1M",
		"PT1H1H", "PT1S1M", "P1D1W", "PT1.5H", "PT1,5H", "-PT1H", "PT-1H", "+PT1H", "P+1D", "pt1h", "PT1h", " PT1H", "PT1H ", "PT H",
		"PT99999999999S", "P٣D", "PT1H\x00", "P1T1H", "24h",
	} {
		_, ok := parseDuration(text)
		assert.False(t, ok, "%q", text)
	}
}

// TestFormatDuration writes hours, minutes and seconds.
func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "PT0S", time.Second: "PT1S", time.Minute: "PT1M", time.Hour: "PT1H", 24 * time.Hour: "PT24H",
		90 * time.Minute: "PT1H30M", time.Hour + time.Second: "PT1H1S", 100 * year: "PT876000H",
	} {
		assert.Equal(t, want, formatDuration(d))
	}
}

// FuzzDuration reads any text as a duration: what is read lies within a hundred
// years, in whole seconds, and is written back as the same duration.
func FuzzDuration(f *testing.F) {
	for _, text := range []string{"PT24H", "P1DT1H1M1S", "P2W", "PT0S", "PT", "P36500D", "P1DT"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := parseDuration(text)
		if !ok || d == maxDuration+1 { // no duration, or more than any window may be
			return
		}
		if d < 0 || d > maxDuration || d%time.Second != 0 {
			t.Fatalf("%q is %s", text, d)
		}
		if again, ok := parseDuration(formatDuration(d)); !ok || again != d {
			t.Fatalf("%q is written as %q", text, formatDuration(d))
		}
	})
}

// TestDurationBounds: a duration outside the documents' bounds is refused with
// what would be right, and what cannot be written is written as nothing.
func TestDurationBounds(t *testing.T) {
	for _, text := range []string{"36h", "", "P36501D", "PT-1H"} {
		d, err := ParseDuration(text)
		assert.Zero(t, d)
		assert.ErrorIs(t, err, Malformed, text)
	}
	d, err := ParseDuration("P36500D")
	assert.NoError(t, err)
	assert.Equal(t, maxDuration, d)
	assert.Equal(t, "PT0S", FormatDuration(-time.Hour))
	assert.Equal(t, "PT1S", FormatDuration(1999*time.Millisecond))
}

// TestAmountUint64 tells whether an amount fits 64 bits.
func TestAmountUint64(t *testing.T) {
	n, fits := Units(1<<64 - 1).Uint64()
	assert.True(t, fits)
	assert.Equal(t, uint64(1<<64-1), n)
	_, fits = Amount{hi: 1}.Uint64()
	assert.False(t, fits)
}
