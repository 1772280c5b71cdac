package escrow

import (
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads an ISO 8601 duration of weeks, days, hours, minutes and
// whole seconds, as in "PT24H" or "P1DT12H", up to a hundred years. Years and
// months have no fixed length. The error is an [*Error] with reason [Malformed].
func ParseDuration(text string) (time.Duration, error) {
	d, ok := parseDuration(text)
	switch {
	case !ok:
		return 0, refuse(Malformed, `"`+truncate(text)+`" is no ISO 8601 duration of weeks, days, hours, minutes and whole seconds, as in "PT24H"`)
	case d > maxDuration:
		return 0, refuse(Malformed, `"`+truncate(text)+`" is longer than a hundred years`)
	}
	return d, nil
}

// FormatDuration writes a duration as hours, minutes and seconds, as in "PT24H".
// Fractions of a second are left out; what is negative is "PT0S".
func FormatDuration(d time.Duration) string { return formatDuration(d) }

// parseDuration reads an ISO 8601 duration of weeks, days, hours, minutes and
// whole seconds, as in "PT24H" or "P7D". Years and months have no fixed length
// and are refused. What exceeds a hundred years comes out as maxDuration + 1.
func parseDuration(text string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(text, "P")
	if !ok || rest == "" || strings.HasSuffix(rest, "T") {
		return 0, false
	}
	units, clock := "WD", false
	var total time.Duration
	for rest != "" {
		if after, found := strings.CutPrefix(rest, "T"); found && !clock {
			rest, units, clock = after, "HMS", true
		}
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits == 0 || digits > 10 || digits == len(rest) {
			return 0, false
		}
		n, _ := strconv.ParseInt(rest[:digits], 10, 64)
		at := strings.IndexByte(units, rest[digits])
		if at < 0 {
			return 0, false
		}
		size := unitSizes[rest[digits]]
		// Both addends are at most a hundred years and one, so nothing wraps.
		total += min(time.Duration(min(n, int64(maxDuration/size)+1))*size, maxDuration+1)
		total = min(total, maxDuration+1)
		units, rest = units[at+1:], rest[digits+1:]
	}
	return total, true
}

const year = 365 * 24 * time.Hour

// maxDuration is longer than any window may be.
const maxDuration = 100 * year

var unitSizes = map[byte]time.Duration{
	'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second,
}

// formatDuration writes a duration as hours, minutes and seconds, as in "PT24H".
func formatDuration(d time.Duration) string { return string(appendDuration(nil, d)) }
