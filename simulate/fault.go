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

// short cuts text from outside that is said back.
func short(text string) string {
	const most = 64
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
