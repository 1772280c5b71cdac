package escrowsql

import (
	"fmt"
	"time"
)

// width is how instants are written: of one width, so that they sort as text.
const width = "2006-01-02T15:04:05.000000000Z"

// stamp writes an instant, "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(width)
}

// instant reads what stamp wrote.
func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(width, text)
	if err != nil {
		return t, fmt.Errorf("a stored instant: %w", err)
	}
	return t, nil
}
