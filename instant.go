package escrow

import (
	"strings"
	"time"
)

// instant is a point in time as seconds since the year 1 and nanoseconds. It is
// comparable with ==, holds every time that RFC 3339 can write, and is unset
// when zero.
type instant struct {
	sec  int64
	nsec int32
}

// yearOne is the Unix time of the first instant of the year 1.
const yearOne = -62135596800

// endOfTime is the last instant that RFC 3339 can write. Deadlines that are
// computed from others stop there.
var endOfTime = instantOf(time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC))

func instantOf(t time.Time) instant {
	return instant{t.Unix() - yearOne, int32(t.Nanosecond())}
}

// isZero reports whether the instant is unset.
func (i instant) isZero() bool { return i == instant{} }

// valid reports whether the instant is set and can be written.
func (i instant) valid() bool { return i.sec >= 0 && !i.isZero() && !endOfTime.before(i) }

func (i instant) before(j instant) bool {
	return i.sec < j.sec || i.sec == j.sec && i.nsec < j.nsec
}

// plus returns the instant d later, at most the end of time.
func (i instant) plus(d time.Duration) instant {
	nsec := int64(i.nsec) + int64(d%time.Second)
	sec := i.sec + int64(d/time.Second)
	if nsec >= int64(time.Second) {
		sec, nsec = sec+1, nsec-int64(time.Second)
	}
	later := instant{sec, int32(nsec)}
	if endOfTime.before(later) {
		return endOfTime
	}
	return later
}

// time returns the instant in UTC, the zero time when unset.
func (i instant) time() time.Time {
	if i.isZero() {
		return time.Time{}
	}
	return time.Unix(i.sec+yearOne, int64(i.nsec)).UTC()
}

// String returns the instant as RFC 3339 in UTC, "" when unset.
func (i instant) String() string {
	if i.isZero() {
		return ""
	}
	return string(i.appendText(nil))
}

func (i instant) appendText(dst []byte) []byte {
	if i.nsec != 0 || i.sec < 0 {
		return i.time().AppendFormat(dst, time.RFC3339Nano)
	}
	year, month, day := civil(i.sec / secondsOfDay)
	second := uint64(i.sec % secondsOfDay)
	dst = append(appendTwo(appendTwo(dst, year/100), year%100), '-')
	dst = append(appendTwo(dst, month), '-')
	dst = append(appendTwo(dst, day), 'T')
	dst = append(appendTwo(dst, second/3600), ':')
	dst = append(appendTwo(dst, second/60%60), ':')
	return append(appendTwo(dst, second%60), 'Z')
}

const secondsOfDay = 24 * 60 * 60

func appendTwo(dst []byte, n uint64) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

// Days are counted from the first of January of year one; within a cycle of 400 years
// they are counted from the first of March, which is day 306 of a year that ends in
// February.
const (
	cycleDays = 146097
	marchDay  = 306
)

// civil returns the date of a day.
func civil(days int64) (year, month, day uint64) {
	n := uint64(days) + marchDay
	cycle, n := n/cycleDays, n%cycleDays
	y := (n - n/1460 + n/36524 - n/146096) / 365
	n -= 365*y + y/4 - y/100
	m := (5*n + 2) / 153
	day = n - (153*m+2)/5 + 1
	if month = m + 3; month > 12 {
		month, y = month-12, y+1
	}
	return cycle*400 + y, month, day
}

// dayOf returns the day of a date.
func dayOf(year, month, day uint64) int64 {
	m := month + 9
	if month > 2 {
		m = month - 3
	} else {
		year--
	}
	cycle, y := year/400, year%400
	return int64(cycle*cycleDays+365*y+y/4-y/100+(153*m+2)/5+day) - 1 - marchDay
}

// parseWhole reads RFC 3339 in UTC without places of a second, the form in which
// most instants are written; false for any other text.
func parseWhole(text string) (instant, bool) {
	const shape = "0000-00-00T00:00:00Z"
	if len(text) != len(shape) || !shaped(text, shape) {
		return instant{}, false
	}
	two := func(i int) uint64 { return uint64(text[i]-'0')*10 + uint64(text[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	if year == 0 || month == 0 || month > 12 || day == 0 || hour > 23 || minute > 59 || second > 59 {
		return instant{}, false
	}
	days := dayOf(year, month, day)
	if y, m, d := civil(days); y != year || m != month || d != day { // no 30th of February
		return instant{}, false
	}
	return instant{days*secondsOfDay + int64(hour*3600+minute*60+second), 0}, true
}

// parseInstant reads RFC 3339 with at most nine decimal places of a second.
func parseInstant(text string) (instant, bool) {
	if i, whole := parseWhole(text); whole {
		return i, i.valid()
	}
	if !isRFC3339(text) {
		return instant{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return instant{}, false
	}
	i := instantOf(t)
	return i, i.valid()
}

// isRFC3339 reports whether text has the shape of RFC 3339 with at most nine
// decimal places; package time reads more than that.
func isRFC3339(text string) bool {
	const shape = "0000-00-00T00:00:00"
	if len(text) <= len(shape) || !shaped(text[:len(shape)], shape) {
		return false
	}
	zone := text[len(shape):]
	if zone[0] == '.' {
		digits := len(zone) - 1 - len(strings.TrimLeft(zone[1:], "0123456789"))
		if digits == 0 || digits > 9 {
			return false
		}
		zone = zone[1+digits:]
	}
	return zone == "Z" || len(zone) == 6 && (zone[0] == '+' || zone[0] == '-') &&
		shaped(zone[1:], "00:00") && zone[1:3] < "24" && zone[4:] < "60"
}

// shaped reports whether text has a digit wherever the shape has a 0, and
// elsewhere what the shape has.
func shaped(text, shape string) bool {
	for i := range len(shape) {
		digit := text[i] >= '0' && text[i] <= '9'
		if shape[i] == '0' && !digit || shape[i] != '0' && text[i] != shape[i] {
			return false
		}
	}
	return true
}

// fixed is a clock that stands still.
type fixed instant

func (f fixed) Now() time.Time { return instant(f).time() }
