package escrowhttp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
)

// Problem is why a request was not done, as its caller is told. It is an error, so that
// handlers can return it, and [ProblemOf] makes one of any other error.
type Problem struct {
	// Status is that of HTTP.
	Status int
	// Code is the class, one for each status; Reason says why, Message says it to a
	// person. Details are what a program needs to act on it.
	Code, Reason, Message string
	// Remedy says what would make the request succeed, where that is known.
	Remedy  string
	Details map[string]any
	// RetryAfter is when the same request may be sent again, 0 when that would not help.
	RetryAfter time.Duration
	// Header are further headers, as Allow; nil for none.
	Header http.Header
}

// Error returns the message with its reason.
func (p *Problem) Error() string { return p.Reason + ": " + p.Message }

// The classes of problems besides the engine's own ([escrow.Code]).
const (
	codePayment     = "payment_required"
	codeTooMany     = "too_many_requests"
	codeUnavailable = "unavailable"
)

// Reasons of this package, as callers are told them.
const (
	PaymentAction       = "payment_action"        // the payer must act: the challenge is in the details
	PaymentRefused      = "payment_refused"       // the payer's money is not to be had
	PaymentPending      = "payment_pending"       // nobody knows yet whether the payer's money is held
	KeyRunning          = "key_running"           // the first request under the key is not answered yet
	KeyReused           = "key_reused"            // the key belongs to another request
	KeyRequired         = "key_required"          // the request needs an idempotency key
	Busy                = "busy"                  // others were faster too often
	OutcomeUnknown      = "outcome_unknown"       // whether the decision is stored is not known
	NoSuchRoute         = "no_such_route"         // nothing is at this address
	MethodNotAllowed    = "method_not_allowed"    // the route has other methods
	UnsupportedType     = "unsupported_type"      // the body is no JSON, or encoded
	BodyTooLarge        = "body_too_large"        // more bytes than are read
	BodyTooSlow         = "body_too_slow"         // the body did not arrive in time
	TimedOut            = "timed_out"             // the request took too long
	CallerGone          = "caller_gone"           // nobody waits for the answer
	RateExceeded        = "rate_exceeded"         // too many requests
	OtherHost           = "other_host"            // the server does not answer for this host
	CrossSite           = "cross_site"            // a browser sent it from another site
	ForwardedNotAllowed = "forwarded_not_allowed" // the server is not behind a proxy
	Internal            = "internal_error"        // what went wrong is in the log
)

// ownReasons are those that requests to the runner can have.
var ownReasons = map[string]bool{PaymentAction: true, PaymentRefused: true, PaymentPending: true, KeyRunning: true, KeyReused: true, KeyRequired: true,
	Busy: true, OutcomeUnknown: true, TimedOut: true, CallerGone: true, Internal: true}

// retrySoon is when to send again what waits for something that takes a moment.
const retrySoon = time.Second

// known are the errors that callers are told, besides those that carry more.
var known = []struct {
	is      error
	problem Problem
}{
	{escrowrun.ErrPaymentPending, Problem{Status: http.StatusConflict, Code: string(escrow.Conflict), Reason: PaymentPending,
		Message: "whether the payment has been made is not known yet: send the same request under the same key again", RetryAfter: 5 * time.Second}},
	{escrowsql.ErrKeyRunning, Problem{Status: http.StatusConflict, Code: string(escrow.Conflict), Reason: KeyRunning,
		Message: "the first request under this idempotency key is not answered yet", RetryAfter: retrySoon}},
	{escrowsql.ErrKeyLost, Problem{Status: http.StatusConflict, Code: string(escrow.Conflict), Reason: KeyRunning,
		Message: "the first request under this idempotency key is not answered yet", RetryAfter: retrySoon}},
	{escrowsql.ErrKeyReused, Problem{Status: http.StatusUnprocessableEntity, Code: string(escrow.InvalidRequest), Reason: KeyReused,
		Message: "the idempotency key belongs to another request: use one key for one request"}},
	{escrowrun.ErrNoKey, Problem{Status: http.StatusBadRequest, Code: string(escrow.InvalidRequest), Reason: KeyRequired,
		Message: "the payer must act before this can be done: send it with a header " + KeyHeader}},
	{escrowsql.ErrUnknown, Problem{Status: http.StatusServiceUnavailable, Code: codeUnavailable, Reason: OutcomeUnknown,
		Message: "whether this was done is not known: send the same request under the same key again", RetryAfter: 5 * time.Second}},
	{escrowrun.ErrBusy, Problem{Status: http.StatusServiceUnavailable, Code: codeUnavailable, Reason: Busy,
		Message: "the contract changes too fast", RetryAfter: retrySoon}},
	{escrowsql.ErrStale, Problem{Status: http.StatusServiceUnavailable, Code: codeUnavailable, Reason: Busy,
		Message: "the contract changes too fast", RetryAfter: retrySoon}},
	{escrowsql.ErrNotFound, Problem{Status: http.StatusNotFound, Code: string(escrow.NotFound), Reason: string(escrow.ContractNotFound),
		Message: noContract}},
	{escrowsql.ErrCursor, Problem{Status: http.StatusBadRequest, Code: string(escrow.InvalidRequest), Reason: string(escrow.Malformed),
		Message: "cursor: is none that a page of this list has given", Details: map[string]any{"field": "cursor"}}},
	{os.ErrDeadlineExceeded, Problem{Status: http.StatusRequestTimeout, Code: string(escrow.InvalidRequest), Reason: BodyTooSlow,
		Message: "the body did not arrive in time", Header: http.Header{"Connection": {"close"}}}},
	{context.DeadlineExceeded, Problem{Status: http.StatusServiceUnavailable, Code: codeUnavailable, Reason: TimedOut,
		Message: "the request took too long", RetryAfter: retrySoon}},
	{context.Canceled, Problem{Status: http.StatusServiceUnavailable, Code: codeUnavailable, Reason: CallerGone,
		Message: "the request was given up", RetryAfter: retrySoon}},
}

// ProofHeader carries what a payer gives in answer to a challenge: JSON, in base64.
const ProofHeader = "Payment-Proof"

// noContract is what everybody is told who may not know of a contract.
const noContract = "there is no contract of this id"

// ProblemOf returns what a caller is told of an error: of what the engine, the runner,
// the store and this package answer. Any other is internal_error, and says nothing of
// its cause. It is nil for nil.
func ProblemOf(err error) *Problem {
	var (
		own     *Problem
		payment *escrowrun.PaymentError
		refusal *escrow.Error
		large   *http.MaxBytesError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.As(err, &payment):
		return ofPayment(payment)
	case errors.As(err, &large):
		return tooLarge(large.Limit)
	case errors.As(err, &refusal) && refusal.Code() != escrow.InternalError:
		return ofRefusal(refusal)
	}
	for i := range known {
		if errors.Is(err, known[i].is) {
			p := known[i].problem
			return &p
		}
	}
	return &Problem{Status: http.StatusInternalServerError, Code: string(escrow.InternalError), Reason: Internal,
		Message: "something went wrong here; the header " + RequestIDHeader + " names the request"}
}

// ofRefusal returns a refusal of the engine's, or one in its form.
func ofRefusal(e *escrow.Error) *Problem {
	p := &Problem{Status: e.Code().HTTP(), Code: string(e.Code()), Reason: string(e.Reason()), Message: e.Message(), Details: e.Details()}
	if p.Status == http.StatusUnauthorized {
		p.Header = http.Header{"WWW-Authenticate": {"Bearer"}}
	}
	return p
}

// ofPayment returns what the payer must know: the challenge, or that it was refused.
func ofPayment(e *escrowrun.PaymentError) *Problem {
	t := e.Transfer
	p := &Problem{Status: http.StatusPaymentRequired, Code: codePayment, Reason: PaymentRefused,
		Message: t.Asset.Text(t.Amount) + " " + t.Asset.Code + " of " + e.Payer + " is not to be had",
		Details: map[string]any{"payer": e.Payer, "amount": t.Asset.Text(t.Amount), "asset": t.Asset.Code}}
	if t.State != escrowrun.NeedsAction {
		if t.Reason != "" {
			p.Details["refusal"] = t.Reason
		}
		return p
	}
	p.Reason = PaymentAction
	p.Message = e.Payer + " must act before " + t.Asset.Text(t.Amount) + " " + t.Asset.Code +
		" can be held: send the same request under the same key again, with the proof in the header " + ProofHeader
	if json.Valid(t.Challenge) {
		p.Details["challenge"] = t.Challenge
	}
	return p
}

// tooLarge is the problem of a body with more bytes than are read.
func tooLarge(limit int64) *Problem {
	return &Problem{Status: http.StatusRequestEntityTooLarge, Code: string(escrow.InvalidRequest), Reason: BodyTooLarge,
		Message: "the body is larger than is read", Details: map[string]any{"limit": limit}, Header: http.Header{"Connection": {"close"}}}
}

// invalid is the problem of a request that is not as it should be, at a place.
func invalid(place, message string) *Problem {
	p := &Problem{Status: http.StatusBadRequest, Code: string(escrow.InvalidRequest), Reason: string(escrow.Malformed), Message: message}
	if place != "" {
		p.Message, p.Details = place+": "+message, map[string]any{"field": place}
	}
	return p
}
