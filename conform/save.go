package conform

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// Requests returns the requests that are answered differently, a line each, as
// the program can be sent them again.
func (r *Report) Requests() []byte {
	var b bytes.Buffer
	for _, d := range r.Differs {
		b.Write(bytes.TrimSpace(d.Request))
		b.WriteByte('\n')
	}
	if q, found := r.last(); found {
		if text, err := q.MarshalJSON(); err == nil {
			b.Write(append(text, '\n'))
		}
	}
	return b.Bytes()
}

// saved is a difference as it is saved.
type saved struct {
	Name        string                  `json:"name"`
	Lifecycle   string                  `json:"lifecycle,omitempty"`
	Rule        string                  `json:"rule,omitempty"`
	Request     json.RawMessage         `json:"request"`
	Expected    json.RawMessage         `json:"expected"`
	Got         string                  `json:"got,omitempty"`
	Err         string                  `json:"error,omitempty"`
	Differences []escrowtest.Difference `json:"differences,omitempty"`
}

// Differences returns every difference of the corpus as a line of JSON: the request,
// the answer that was expected, the one that the program gave, and where they differ.
func (r *Report) Differences() []byte {
	var b bytes.Buffer
	lines := json.NewEncoder(&b)
	lines.SetEscapeHTML(false)
	for _, d := range r.Differs {
		_ = lines.Encode(saved{d.Name, d.Lifecycle, d.subject().rule, d.Request, d.Answer, d.Got, d.Err, d.Differences})
	}
	if q, found := r.last(); found {
		f := r.Lives.Failure
		request, _ := q.MarshalJSON()
		d, err := q.Decide()
		line := saved{Name: fmt.Sprintf("random life of seed %d", f.Seed), Lifecycle: q.Contract.Lifecycle().Name(), Rule: f.Want.Rule,
			Request: request, Expected: escrow.AppendAnswer(nil, &d, err), Differences: f.Differences}
		if f.Err != nil {
			line.Err = f.Err.Error()
		}
		_ = lines.Encode(line)
	}
	return b.Bytes()
}

// last returns the last question of a life that fails.
func (r *Report) last() (q escrow.Request, found bool) {
	if r.Lives == nil || r.Lives.Failure == nil {
		return q, false
	}
	steps := r.Lives.Failure.Story.Steps
	last := &steps[len(steps)-1]
	return escrow.Request{Contract: last.Before, Command: last.Command, Actor: last.Actor, Now: last.Now}, true
}
