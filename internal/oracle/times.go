package oracle

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// moment is a time of the wire form: RFC 3339, "with up to nanoseconds, written
// in UTC". Unset is the zero value.
type moment struct{ time.Time }

// the last instant that RFC 3339 can write; a deadline never lies beyond. (chosen)
var lastInstant = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)

func (m moment) MarshalJSON() ([]byte, error) {
	return []byte(m.UTC().Format(`"` + time.RFC3339Nano + `"`)), nil
}

func (m *moment) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	if text == "" { // null and "" are not set (chosen for "")
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	_, fraction, _ := strings.Cut(text, ".")
	nanos := len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
	t = t.UTC()
	// time.Parse also takes hours of one digit, and a comma.
	if err != nil || text[13] != ':' || strings.Contains(text, ",") || nanos > 9 || t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	m.Time = t
	return nil
}

// window is a duration in whole seconds, on the wire in ISO 8601 (PT24H).
type window int64

// after is the end of the window that starts at t.
func (w window) after(t time.Time) moment {
	end := time.Unix(t.Unix()+int64(w), int64(t.Nanosecond())).UTC()
	if end.After(lastInstant) {
		end = lastInstant
	}
	return moment{end}
}

// MarshalJSON writes hours, minutes and seconds, those that are not 0. (chosen)
func (w window) MarshalJSON() ([]byte, error) {
	text := "PT"
	if w >= 3600 {
		text += strconv.FormatInt(int64(w/3600), 10) + "H"
	}
	if w/60%60 > 0 {
		text += strconv.FormatInt(int64(w/60%60), 10) + "M"
	}
	if w%60 > 0 || w == 0 {
		text += strconv.FormatInt(int64(w%60), 10) + "S"
	}
	return []byte(`"` + text + `"`), nil
}

// UnmarshalJSON reads weeks, days, hours, minutes and seconds, each at most once
// and in this order; whole numbers, no years and no months. (chosen)
func (w *window) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	if text == "" { // null is not set, "" is no window
		if string(data) != "null" {
			*w = 0
		}
		return nil
	}
	date, clock, timed := strings.Cut(strings.TrimPrefix(text, "P"), "T")
	days, ok1 := parts(date, "WD", 7*86400, 86400)
	seconds, ok2 := parts(clock, "HMS", 3600, 60, 1)
	if !strings.HasPrefix(text, "P") || !ok1 || !ok2 || timed == (clock == "") || date+clock == "" {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	*w = window(days + seconds)
	return nil
}

// parts adds up "1W2D" for the letters "WD" and their worth in seconds.
func parts(text, letters string, worth ...int64) (sum int64, ok bool) {
	for i := range worth {
		number, rest, found := strings.Cut(text, letters[i:i+1])
		if !found {
			continue
		}
		n, err := strconv.ParseInt(number, 10, 64)
		if !digits(number) || err != nil || n > 1<<40 {
			return 0, false
		}
		sum += n * worth[i]
		text = rest
	}
	return sum, text == ""
}
