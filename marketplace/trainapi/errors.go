package trainapi

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowhttp"
	"github.com/escrow-go/escrow/opentrain"
)

// Reasons of this API besides the engine's and those of package escrowhttp.
const (
	PaymentMethodRequired = "payment_method_required" // the account cannot pay: see billingUrl
	AlreadyHired          = "proposal_already_hired"  // the proposal's contract is under way, or has ended
	TooManyWebhooks       = "webhook_limit_reached"   // an account has at most ten
)

// reasons are what this API calls the engine's reasons, where it does not use their names.
// Empty is no reason: status, code and the other details say it.
var reasons = map[escrow.Reason]string{
	escrow.ScopeMissing:         "", // details.requiredScopes
	escrow.FeatureDisabled:      "", // details.featureKey
	escrow.NoActor:              "",
	escrow.ContractNotFound:     "", // details.resource
	escrow.ApprovalNotFound:     "",
	opentrain.MilestoneNotFound: "",
	escrow.Malformed:            "", // details.field
	escrow.InvalidTerms:         "",
	escrow.AmountScale:          "",
	escrow.AmountBounds:         "",
	opentrain.InvalidMilestone:  "",
	escrowhttp.Internal:         "",
	escrowhttp.NoSuchRoute:      "",
}

// codeOf returns the code of a status: each is one of seven.
func codeOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "UNAUTHORIZED"
	case http.StatusForbidden:
		return "FORBIDDEN"
	case http.StatusNotFound:
		return "NOT_FOUND"
	case http.StatusConflict:
		return "CONFLICT"
	case http.StatusTooManyRequests:
		return "RATE_LIMITED"
	}
	if status >= http.StatusInternalServerError {
		return "INTERNAL_ERROR"
	}
	return "BAD_REQUEST"
}

// unnamed stands in a problem for the id of its request until the answer is written.
const unnamed = "00000000000000000000000000"

// envelope returns the body of a problem.
func envelope(p *escrowhttp.Problem) []byte {
	details := map[string]any{}
	maps.Copy(details, p.Details)
	reason, renamed := reasons[escrow.Reason(p.Reason)]
	if !renamed {
		reason = p.Reason
	}
	if reason != "" {
		details["reason"] = reason
	}
	type body struct {
		Error     string         `json:"error"`
		Code      string         `json:"code"`
		RequestID string         `json:"requestId"`
		Details   map[string]any `json:"details"`
	}
	text, err := json.Marshal(body{p.Message, codeOf(p.Status), unnamed, details})
	if err != nil { // details that are no JSON are left out
		text, _ = json.Marshal(body{p.Message, codeOf(p.Status), unnamed, map[string]any{}})
	}
	return text
}

// named returns a handler whose problems carry the id of their request, which only the
// guards know.
func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&naming{ResponseWriter: w}, r) })
}

// naming is an answer that may be a problem.
type naming struct {
	http.ResponseWriter
	problem bool
}

func (n *naming) WriteHeader(status int) {
	if n.problem = status >= http.StatusBadRequest; n.problem {
		n.Header().Del("Content-Length")
	}
	n.ResponseWriter.WriteHeader(status)
}

func (n *naming) Write(p []byte) (int, error) {
	if !n.problem {
		return n.ResponseWriter.Write(p)
	}
	id := []byte(n.Header().Get(escrowhttp.RequestIDHeader))
	_, err := n.ResponseWriter.Write(bytes.Replace(p, []byte(`"requestId":"`+unnamed+`"`), []byte(`"requestId":"`+string(id)+`"`), 1))
	return len(p), err
}

// Unwrap lets the guards set deadlines.
func (n *naming) Unwrap() http.ResponseWriter { return n.ResponseWriter }

func refuse(status int, reason escrow.Reason, message string, details map[string]any) *escrowhttp.Problem {
	return &escrowhttp.Problem{Status: status, Reason: string(reason), Message: message, Details: details}
}

// nothing is the refusal of what does not exist, or not for this account.
func nothing(resource, field, id string) error {
	return refuse(http.StatusNotFound, escrow.ContractNotFound, "there is no such thing among the account's "+resource, map[string]any{"resource": resource, field: id})
}

func noContract(id string) error  { return nothing("contracts", "contractId", id) }
func noMilestone(id string) error { return nothing("milestones", "milestoneId", id) }
func noApproval(id string) error  { return nothing("approvals", "approvalId", id) }
func noProposal(id string) error  { return nothing("proposals", "proposalId", id) }

// badField is the refusal of a field that is not as it should be.
func badField(field, message string) error {
	return refuse(http.StatusBadRequest, escrow.Malformed, field+": "+message, map[string]any{"field": field})
}

// renamed returns the problem of an engine's refusal with its field as the call names it.
func renamed(err error, names map[string]string) error {
	p := escrowhttp.ProblemOf(err)
	field, _ := p.Details["field"].(string)
	name, ok := names[field]
	if p.Status != http.StatusBadRequest || !ok {
		return err
	}
	own := *p
	own.Details = maps.Clone(p.Details)
	own.Details["field"] = name
	return &own
}
