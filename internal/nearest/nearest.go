// Package nearest finds the known name that somebody may have meant.
package nearest

import (
	"fmt"
	"strings"
)

// most is how many bytes of a name are looked at: it comes from outside.
const most = 64

// Name returns the known name that is most like a name, and false when none is
// like it. Letter case does not count.
func Name(name string, known []string) (best string, found bool) {
	least := min(max(2, len(name)/3), 6) + 1
	for _, k := range known {
		if d := Distance(name, k); d < least {
			best, least, found = k, d, true
		}
	}
	return best, found
}

// Suggestion says which known name may have been meant, or which there are.
func Suggestion(name string, known []string) string {
	if best, found := Name(name, known); found {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known are " + strings.Join(known, ", ")
}

// Distance is how many bytes must be changed, added or left out to make one name
// of the other, whatever their case. Only the first 64 bytes of each count.
func Distance(a, b string) int {
	a, b = strings.ToLower(a[:min(len(a), most)]), strings.ToLower(b[:min(len(b), most)])
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = min(diagonal, row[j], row[j+1]) + 1
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
