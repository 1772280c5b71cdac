package escrowhttp

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

// Errors writes problems in the form of one API. The zero value, and nil, write the form
// of this package and log nothing.
type Errors struct {
	// Envelope returns the body of a problem; nil is [ErrorBody].
	Envelope func(*Problem) []byte
	// Log is told the cause of what callers are only told is an internal error.
	Log *slog.Logger
}

// Handler returns a handler that writes the error of a function, if there is one. The
// function must not have written anything then.
func (e *Errors) Handler(f func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			e.Write(w, r, err)
		}
	})
}

// Write answers with what [ProblemOf] an error tells, and logs its cause when it is the
// server's.
func (e *Errors) Write(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err)
	if p.Status >= http.StatusInternalServerError && p.Reason != CallerGone && e != nil && e.Log != nil {
		e.Log.ErrorContext(r.Context(), "a request failed", "request", RequestID(r.Context()), "method", r.Method, "path", r.URL.Path, "reason", p.Reason, "problem", err)
	}
	envelope := ErrorBody
	if e != nil && e.Envelope != nil {
		envelope = e.Envelope
	}
	p.headers(w.Header())
	WriteJSON(w, p.Status, envelope(p))
}

// headers sets the headers of a problem.
func (p *Problem) headers(h http.Header) {
	for name, values := range p.Header {
		h[name] = values
	}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.RetryAfter+time.Second-1)/time.Second)))
	}
}

// ErrorBody returns a problem in the form of this package: {"error": {"code", "reason",
// "message", "remedy", "details"}}.
func ErrorBody(p *Problem) []byte {
	details := p.Details
	if details == nil {
		details = map[string]any{}
	}
	type body struct {
		Code    string         `json:"code"`
		Reason  string         `json:"reason"`
		Message string         `json:"message"`
		Remedy  string         `json:"remedy,omitempty"`
		Details map[string]any `json:"details"`
	}
	text, err := json.Marshal(map[string]body{"error": {p.Code, p.Reason, p.Message, p.Remedy, details}})
	if err != nil { // details that are no JSON are left out
		text, _ = json.Marshal(map[string]body{"error": {p.Code, p.Reason, p.Message, p.Remedy, map[string]any{}}})
	}
	return text
}

// WriteJSON writes a status and a body of JSON.
func WriteJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller may have gone
}
