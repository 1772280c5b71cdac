package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/escrow-go/escrow"
)

// panicReason is why a request is refused that the engine broke down on.
const panicReason escrow.Reason = "panic"

// refusal is one that the command itself gives: what it says about a line, the
// engine cannot know.
type refusal struct {
	Code    escrow.Code    `json:"code"`
	Reason  escrow.Reason  `json:"reason"`
	Message string         `json:"message"`
	Remedy  string         `json:"remedy,omitempty"`
	Details map[string]any `json:"details"`
}

// atLine says of a line that is no request which one it is.
func atLine(err error, line int) refusal {
	r := refusal{Code: escrow.InvalidRequest, Reason: escrow.Malformed, Details: map[string]any{}}
	var e *escrow.Error
	if errors.As(err, &e) {
		r.Remedy = e.Remedy()
		r.Message = e.Message()
		r.Details = e.Details()
	}
	r.Message = fmt.Sprintf("line %d: %s", line, r.Message)
	r.Details["line"] = line
	return r
}

// tooLong refuses a line that was passed over.
func tooLong(line int) refusal {
	return refusal{
		Code: escrow.InvalidRequest, Reason: escrow.Malformed,
		Message: fmt.Sprintf("line %d: longer than the limit of %d bytes", line, maxRequest),
		Remedy:  "send each request on a line of its own, without what the contract does not need",
		Details: map[string]any{"line": line, "limit": maxRequest},
	}
}

// panicked refuses a request that the engine broke down on.
func panicked(cause any, line int) refusal {
	r := refusal{
		Code: escrow.InternalError, Reason: panicReason,
		Message: fmt.Sprintf("the engine broke down and did nothing: %v", cause),
		Remedy:  "report it with the request",
		Details: map[string]any{},
	}
	if line > 0 {
		r.Message = fmt.Sprintf("line %d: %s", line, r.Message)
		r.Details["line"] = line
	}
	return r
}

// appendRefusal appends the refusal as an answer without its line's end.
func appendRefusal(dst []byte, r refusal) []byte {
	// Strings, lists of strings and numbers always marshal.
	text, _ := json.Marshal(map[string]refusal{"refusal": r})
	return append(dst, text...)
}
