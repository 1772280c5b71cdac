package escrow

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Code is the class of a refusal. It is an error, so that
// errors.Is(err, escrow.Conflict) asks for the class of any refusal. Codes are
// append-only.
type Code string

// The codes, in the order in which the checks that give them run.
const (
	Unauthorized   Code = "unauthorized"
	InvalidRequest Code = "invalid_request"
	Forbidden      Code = "forbidden"
	NotFound       Code = "not_found"
	Conflict       Code = "conflict"
	InternalError  Code = "internal_error"
)

// Error returns the code itself.
func (c Code) Error() string { return string(c) }

// HTTP returns the status code that fits the refusal, 500 for an unknown code.
func (c Code) HTTP() int {
	switch c {
	case Unauthorized:
		return 401
	case InvalidRequest:
		return 400
	case Forbidden:
		return 403
	case NotFound:
		return 404
	case Conflict:
		return 409
	}
	return 500
}

// Error is a refusal: nothing has happened, and the same request would be
// refused again. It is matched with errors.As, or with errors.Is against a
// [Code] or a [Reason]. Refusals are shared between calls and have no exported
// fields, so nobody can change one.
type Error struct {
	*shape
	moment string
	at     instant
	want   string // the party's account, of a refusal to another
	given  string
}

// shape is what does not depend on the moment of a refusal. It is never changed.
type shape struct {
	code    Code
	reason  Reason
	action  Action
	rule    string
	message string
	remedy  string
	details map[string]any
}

// Code returns the class of the refusal.
func (e *Error) Code() Code { return e.code }

// Reason returns why the request was refused.
func (e *Error) Reason() Reason { return e.reason }

// Action returns the action that was asked for, empty when it was not read.
func (e *Error) Action() Action { return e.action }

// Rule returns the id of the rule that refused, empty when none came into play.
func (e *Error) Rule() string { return e.rule }

// Remedy says what would make the request succeed.
func (e *Error) Remedy() string { return e.remedy }

// Message says to a person what was wrong, without code and reason.
func (e *Error) Message() string { return e.message }

// Error returns the message with reason and rule, as in
// "escrow: ship: deadline_due (S-2): a deadline of this status …".
func (e *Error) Error() string {
	text := "escrow: "
	if e.action != "" {
		text += string(e.action) + ": "
	}
	text += string(e.reason)
	if e.rule != "" {
		text += " (" + e.rule + ")"
	}
	text += ": " + e.message
	if e.moment != "" && !e.at.isZero() {
		text += ": " + e.moment + " is " + e.at.String()
	}
	return text
}

// Is reports whether target is the refusal's code or reason.
func (e *Error) Is(target error) bool {
	switch t := target.(type) {
	case Code:
		return e.code == t
	case Reason:
		return e.reason == t
	}
	return false
}

// Details returns what a program needs to act on the refusal, such as "field",
// "deadline" and "at", "requiredScopes", "claimUrl" or "statuses": a new map of
// strings and string lists.
func (e *Error) Details() map[string]any {
	d := maps.Clone(e.details)
	for k, v := range d {
		if list, ok := v.([]string); ok {
			d[k] = slices.Clone(list)
		}
	}
	if e.want != "" {
		if d == nil {
			d = map[string]any{}
		}
		d["want"], d["account"] = e.want, e.given
		if strings.EqualFold(e.want, e.given) {
			d["hint"] = "the two differ in letter case only"
		}
	}
	if e.moment != "" {
		if d == nil {
			d = map[string]any{}
		}
		d["deadline"], d["at"] = e.moment, e.at.String()
	}
	return d
}

// Deadline returns the instant that closed or will open the way, for refusals
// that carry one ([DeadlineDue], [WindowClosed], [NothingDue]).
func (e *Error) Deadline() (time.Time, bool) { return e.at.time(), !e.at.isZero() }

// codeRank is the place of a code in the order of checks, counted from 1; 0 for
// one that there is not.
func codeRank(c Code) int {
	return slices.Index([]Code{Unauthorized, InvalidRequest, Forbidden, NotFound, Conflict, InternalError}, c) + 1
}

// refuse makes the lifecycle's refusal of a reason in its catalogue.
func (l *Lifecycle) refuse(reason Reason) *Error {
	entry, known := l.catalogue[reason]
	if !known {
		return refuse(reason, "")
	}
	return newError(shape{code: entry.Code, reason: reason, message: entry.Meaning, remedy: entry.Remedy})
}

// field is the lifecycle's refusal that names the field at fault. A reason that
// the lifecycle does not declare is one of the request.
func (l *Lifecycle) field(reason Reason, name, message string) *Error {
	own := *l.refuse(reason).shape
	if own.message = name + ": " + message; own.code == "" {
		own.code = InvalidRequest
	}
	return newError(own).with("field", name)
}

// refuse makes a refusal of a reason in the catalogue. A specific message, when
// given, replaces the catalogue's general one.
func refuse(reason Reason, message string) *Error {
	entry := codeOf[reason]
	if message == "" {
		message = entry.Meaning
	}
	return newError(shape{code: entry.Code, reason: reason, message: message, remedy: entry.Remedy})
}

// NewRefusal returns a refusal of the application's own in the engine's form, such
// as one for a missing payment method. Details hold strings, string lists and
// whole numbers. A reason of the engine's own keeps its remedy.
func NewRefusal(code Code, reason Reason, message string, details map[string]any) *Error {
	return newError(shape{code: code, reason: reason, message: message, remedy: codeOf[reason].Remedy, details: maps.Clone(details)})
}

func newError(s shape) *Error { return &Error{shape: &s} }

// field is a refusal that names the field at fault. A reason of a lifecycle's own is
// one of the request.
func field(reason Reason, name, message string) *Error {
	s := shape{code: InvalidRequest, reason: reason, message: name + ": " + message, remedy: "correct the field that the details name"}
	if entry, known := codeOf[reason]; known {
		s.code, s.remedy = entry.Code, entry.Remedy
	}
	s.details = map[string]any{"field": name}
	return newError(s)
}

// remedied returns the refusal of a lifecycle's function with the remedy that its
// catalogue has for the reason.
func (l *Lifecycle) remedied(e *Error) *Error {
	if e == nil || e.remedy != "" {
		return e
	}
	own := *e.shape
	own.remedy = l.catalogue[e.reason].Remedy
	return newError(own)
}

// with returns the refusal with one more detail.
func (e *Error) with(key string, value any) *Error {
	own := *e.shape
	if own.details = maps.Clone(e.details); own.details == nil {
		own.details = map[string]any{}
	}
	own.details[key] = value
	return newError(own)
}

// of returns the refusal as that of an action under a rule.
func (e *Error) of(action Action, rule string) *Error {
	if e == nil || e.action != "" {
		return e
	}
	own := *e.shape
	own.action, own.rule = action, rule
	return newError(own)
}
