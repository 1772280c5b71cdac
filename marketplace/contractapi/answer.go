package contractapi

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
)

// meta is what every answer of success says of itself.
type meta struct {
	RequestID  string    `json:"requestId"`
	Timestamp  time.Time `json:"timestamp"`
	NextCursor string    `json:"nextCursor,omitempty"`
}

// answer writes what a call has come to: {"data", "meta"}.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, status int, data any) error {
	return s.page(w, r, status, data, "")
}

// page writes a page of a list; next is the cursor of the page that follows.
func (s *Server) page(w http.ResponseWriter, r *http.Request, status int, data any, next string) error {
	body, err := json.Marshal(struct {
		Data any  `json:"data"`
		Meta meta `json:"meta"`
	}{data, meta{escrowhttp.RequestID(r.Context()), s.now().UTC(), next}})
	if err != nil {
		return err
	}
	escrowhttp.WriteJSON(w, status, body)
	return nil
}

// envelope writes a problem: {"error": {"code", "message"}}.
func envelope(p *escrowhttp.Problem) []byte {
	type body struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	text, _ := json.Marshal(map[string]body{"error": {codeOf(p), p.Message}}) // two texts always can be written
	return text
}

// codeOf is the code of a problem: the documented one of its status, and those for what the
// source has no code for. That is the whole mapping: which status a refusal has is said by
// its class in the lifecycle (wrong caller 403, wrong status or past deadline 409, what is
// not as it should be 400, none or none to see 404).
func codeOf(p *escrowhttp.Problem) string {
	switch {
	case p.Reason == escrowhttp.PaymentPending:
		return escrowhttp.PaymentPending
	case p.Status == http.StatusUnauthorized:
		return "unauthorized"
	case p.Status == http.StatusPaymentRequired:
		return "payment_required"
	case p.Status == http.StatusForbidden:
		return "forbidden"
	case p.Status == http.StatusNotFound:
		return "not_found"
	case p.Status == http.StatusConflict:
		return "conflict"
	case p.Status == http.StatusTooManyRequests:
		return "rate_limited"
	case p.Status == http.StatusServiceUnavailable:
		return "unavailable"
	case p.Status >= http.StatusInternalServerError:
		return "internal_error"
	}
	return "invalid_request"
}

// codes are all that codeOf returns.
var codes = []string{"invalid_request", "unauthorized", "payment_required", "forbidden", "not_found", "conflict", escrowhttp.PaymentPending,
	"rate_limited", "internal_error", "unavailable"}

// invalid is the problem of what a caller has sent, at a place.
func invalid(place, message string) error {
	return &escrowhttp.Problem{Status: http.StatusBadRequest, Code: string(escrow.InvalidRequest), Reason: string(escrow.Malformed), Message: place + ": " + message}
}

// none is the problem of what does not exist, or not for who asks.
func none(what string) error {
	return &escrowhttp.Problem{Status: http.StatusNotFound, Code: string(escrow.NotFound), Reason: "none", Message: "there is no " + what}
}
