package simulate

import (
	"math"
	"strconv"
	"strings"
)

// share is the unit of what is a part of something.
const share = "share"

// absent stands for a measure that no contract has.
const absent = "–"

// Half returns the wider half of the interval.
func (e Estimate) Half() float64 { return max(e.High-e.Value, e.Value-e.Low) }

// Clear says that the interval leaves out 0.
func (e Estimate) Clear() bool { return e.Low > 0 || e.High < 0 }

// Text returns the mean ± the wider half of its interval, with two significant
// digits of the latter: a share in percent, anything else in its unit.
func (e Estimate) Text(unit string) string {
	scale, sign := 1.0, ""
	if unit == share {
		scale, sign = 100, " %"
	}
	half := e.Half() * scale
	d := digits(half)
	return Number(e.Value*scale, d) + " ± " + Number(half, d) + sign
}

// Text returns the mean as [Estimate.Text] does, or a dash where there was no
// case.
func (m *MeasureValue) Text() string {
	if m.Of == 0 {
		return absent
	}
	return m.Mean.Text(m.Unit)
}

// digits returns how many decimals show two significant digits, 0 to 6; 2 of
// what is exact.
func digits(half float64) int {
	if !(half > 0) {
		return 2
	}
	return min(max(1-int(math.Floor(math.Log10(half))), 0), 6)
}

// Number writes a number with so many decimals, its whole part in groups of
// three.
func Number(x float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, rest, found := strings.Cut(text, ".")
	if found {
		rest = "." + rest
	}
	for i := len(whole) - 3; i > 0 && !math.IsInf(x, 0); i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if x < 0 && strings.ContainsAny(text, "123456789") {
		whole = "-" + whole
	}
	return whole + rest
}

// count writes a whole number in groups of three.
func count(n int) string { return Number(float64(n), 0) }
