package measured

import (
	"math"
	"slices"
	"strconv"
)

// Median returns the middle of the values, of two middles their mean.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Number writes three figures, whole numbers in full.
func Number(v float64) string {
	switch {
	case v == math.Trunc(v) || v >= 100:
		return thousands(int(math.Round(v)))
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// thousands writes a whole number with its commas.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Span writes the lowest and the highest value.
func Span(values []float64) string {
	return Number(slices.Min(values)) + " to " + Number(slices.Max(values))
}

// Verdict says whether a target was reached.
func Verdict(reached bool) string {
	if reached {
		return "reached"
	}
	return "**missed**"
}
