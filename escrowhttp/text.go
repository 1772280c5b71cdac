package escrowhttp

import (
	"strconv"
	"time"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// truncate shortens what a caller wrote, to be told back.
func truncate(text string) string {
	const most = 100
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// or returns a value, or what it is when it was not set.
func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// system is the clock that nobody has set.
type system struct{}

func (system) Now() time.Time { return time.Now() }
