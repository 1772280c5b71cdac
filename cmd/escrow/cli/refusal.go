package cli

import (
	"errors"
	"fmt"

	"github.com/escrow-go/escrow"
)

// atLine says of a line that is no request which one it is.
func atLine(err error, line int) *escrow.Error {
	message, details := err.Error(), map[string]any{}
	var e *escrow.Error
	if errors.As(err, &e) {
		message = e.Message()
		if d := e.Details(); d != nil {
			details = d
		}
	}
	details["line"] = line
	return escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, fmt.Sprintf("line %d: %s", line, message), details)
}

// tooLong refuses a line that was passed over.
func tooLong(line int) *escrow.Error {
	return escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed,
		fmt.Sprintf("line %d: longer than the limit of %d bytes; send each request on a line of its own", line, maxRequest),
		map[string]any{"line": line, "limit": maxRequest})
}

// appendRefusal appends the refusal as an answer without its line's end.
func appendRefusal(dst []byte, e *escrow.Error) []byte { return escrow.AppendAnswer(dst, nil, e) }
