package escrow

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestParseInstant goes through RFC 3339 with at most nanoseconds, in the years
// 1 to 9999 of UTC.
func TestParseInstant(t *testing.T) {
	for text, want := range map[string]string{
		"2026-06-04T12:00:00Z":                "2026-06-04T12:00:00Z",
		"2026-06-04T12:00:00.000Z":            "2026-06-04T12:00:00Z",
		"2026-06-04T12:00:00.5Z":              "2026-06-04T12:00:00.5Z",
		"2026-06-04T12:00:00.123456789Z":      "2026-06-04T12:00:00.123456789Z",
		"2026-06-04T14:00:00+02:00":           "2026-06-04T12:00:00Z",
		"2026-06-04T06:30:00.25-05:30":        "2026-06-04T12:00:00.25Z",
		"0001-01-01T00:00:00.000000001Z":      "0001-01-01T00:00:00.000000001Z",
		"9999-12-31T23:59:59.999999999Z":      "9999-12-31T23:59:59.999999999Z",
		"0001-01-01T00:00:00-01:00":           "0001-01-01T01:00:00Z",
		"2024-02-29T00:00:00Z":                "2024-02-29T00:00:00Z",
		"2026-06-04T12:00:00.1234567890Z":     "",
		"2026-06-04T12:00:00.00000000000001Z": "",
		"0001-01-01T00:00:00Z":                "",
		"0001-01-01T00:30:00+01:00":           "",
		"9999-12-31T23:59:59-01:00":           "",
		"0000-01-01T00:00:00Z":                "",
		"10000-01-01T00:00:00Z":               "",
		"2026-02-29T00:00:00Z":                "",
		"2026-06-04T24:00:00Z":                "",
		"2026-06-04T23:59:60Z":                "",
		"2026-06-04T12:00:00,5Z":              "",
		"2026-06-04T12:00:00,1234567890Z":     "",
		"2026-06-04T1:00:00Z":                 "",
		"2026-06-04T12:00:00+24:00":           "",
		"2026-06-04T12:00:00+02:60":           "",
		"2026-06-04T12:00:00":                 "",
		"2026-06-04T12:00:00.5":               "",
		"2026-06-04T12:00:00+":                "",
		"2026-06-04T12:00:00x":                "",
		"2026-06-04 12:00:00Z":                "",
		"2026-06-04t12:00:00z":                "",
		"2026-6-4T12:00:00Z":                  "",
		"2026-06-04":                          "",
		"1780000000":                          "",
		"":                                    "",
	} {
		i, ok := parseInstant(text)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, i.String(), text)
		}
	}
}

// TestInstantBounds: only what RFC 3339 can write is valid, also when it comes
// as a time built in code.
func TestInstantBounds(t *testing.T) {
	for _, far := range []time.Time{{}, time.Unix(math.MaxInt64, 0), time.Unix(math.MinInt64, 0), time.Unix(1<<62, 0),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC)} {
		assert.False(t, instantOf(far).valid(), "%v", far.Year())
	}
	assert.True(t, endOfTime.valid())
	assert.Equal(t, "", instant{}.String())
	assert.True(t, instant{}.time().IsZero())
}

// TestInstantIsTheTime: an instant holds what the time says, wherever its zone,
// and reads neither the monotonic clock nor the local zone.
func TestInstantIsTheTime(t *testing.T) {
	now := time.Now()
	assert.True(t, instantOf(now).time().Equal(now))
	assert.Equal(t, instantOf(now), instantOf(now.In(time.FixedZone("far", 14*3600)).Round(0)))
	assert.Equal(t, time.UTC, instantOf(now).time().Location())
	assert.Equal(t, instantOf(now).time(), fixed(instantOf(now)).Now())
}

// TestInstantPlus adds to the nanosecond, and stops at the end of time.
func TestInstantPlus(t *testing.T) {
	start, ok := parseInstant("2026-06-04T12:00:00.6Z")
	require.True(t, ok)
	for d, want := range map[time.Duration]string{
		0:                                "2026-06-04T12:00:00.6Z",
		time.Hour:                        "2026-06-04T13:00:00.6Z",
		400 * time.Millisecond:           "2026-06-04T12:00:01Z",
		24*time.Hour + 500_000_001:       "2026-06-05T12:00:01.100000001Z",
		time.Nanosecond:                  "2026-06-04T12:00:00.600000001Z",
		time.Duration(math.MaxInt64):     start.time().Add(math.MaxInt64).Format(time.RFC3339Nano),
		100 * year:                       "2126-05-11T12:00:00.6Z",
		999*time.Millisecond + time.Hour: "2026-06-04T13:00:01.599Z",
	} {
		assert.Equal(t, want, start.plus(d).String(), d.String())
	}
	assert.Equal(t, endOfTime, endOfTime.plus(time.Nanosecond), "deadlines stop at the end of time")
	assert.Equal(t, endOfTime, instantOf(time.Date(9990, 1, 1, 0, 0, 0, 0, time.UTC)).plus(100*year))
}

// TestInstantOrder compares seconds, then nanoseconds.
func TestInstantOrder(t *testing.T) {
	a, b := instant{5, 0}, instant{5, 1}
	assert.True(t, a.before(b))
	assert.True(t, b.before(instant{6, 0}))
	assert.False(t, b.before(a))
	assert.False(t, a.before(a))
}

// FuzzInstant reads any text as a time: what is read is what the standard
// library reads, and is written back as the same instant.
func FuzzInstant(f *testing.F) {
	for _, text := range []string{"2026-06-04T12:00:00Z", "2026-06-04T12:00:00.123456789+02:00", "0001-01-01T00:00:00Z", "2026-06-04T12:00:00.1234567890Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, ok := parseInstant(text)
		if !ok {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || !want.Equal(i.time()) {
			t.Fatalf("%q is %s, want %v (%v)", text, i, want, err)
		}
		if again, ok := parseInstant(i.String()); !ok || again != i {
			t.Fatalf("%q is written as %q", text, i)
		}
	})
}

// TestShaped: a digit for a 0, and all else as it stands.
func TestShaped(t *testing.T) {
	for text, want := range map[string]bool{"12:34": true, "1a:34": false, "1/:34": false, "12-34": false, "12034": false, "1::34": false} {
		assert.Equal(t, want, shaped(text, "00:00"), text)
	}
}

// TestInstantPlusCarries a whole second over.
func TestInstantPlusCarries(t *testing.T) {
	half := instantOf(time.Date(2026, 6, 4, 12, 0, 0, 500_000_000, time.UTC))
	assert.Equal(t, instantOf(time.Date(2026, 6, 4, 12, 0, 1, 0, time.UTC)), half.plus(500*time.Millisecond))
	assert.Equal(t, instantOf(time.Date(2026, 6, 4, 12, 0, 0, 999_999_999, time.UTC)), half.plus(499_999_999))
}
