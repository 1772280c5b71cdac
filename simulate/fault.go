package simulate

import (
	"fmt"
	"strings"
)

// Fault is what is wrong with a scenario.
type Fault struct {
	// Line is where it stands, counted from 1.
	Line int
	// Field is the path of the field, as in "workers[2].share"; empty when the text
	// is no JSON at all.
	Field string
	// Message says what was wrong, and what would be right.
	Message string
}

// Error returns the fault in one line, as in "scenario: line 12:
// workers[2].share: is 1.2; a share lies between 0 and 1".
func (f *Fault) Error() string {
	where := fmt.Sprintf("scenario: line %d: ", f.Line)
	if f.Field != "" {
		where += f.Field + ": "
	}
	return where + f.Message
}

// nearest returns the known name that is most like a name, and false when none
// is like it.
func nearest(name string, known []string) (best string, found bool) {
	least := min(max(2, len(name)/3), 6) + 1
	for _, k := range known {
		if d := distance(strings.ToLower(short(name)), strings.ToLower(k)); d < least {
			best, least, found = k, d, true
		}
	}
	return best, found
}

// distance is how many letters must be changed, added or left out to make one
// word of the other.
func distance(a, b string) int {
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

// suggestion returns what to say about an unknown name: the nearest known one,
// or all there are.
func suggestion(name string, known []string) string {
	if best, found := nearest(name, known); found {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "known are " + strings.Join(known, ", ")
}

// short cuts text from outside that is said back.
func short(text string) string {
	const most = 64
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
