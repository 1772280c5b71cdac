// Package backend puts the marketplace under the harness: its [System] asks the
// server what package escrowtest wants to know, over HTTP.
package backend

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/lifecycles"
)

// System is the marketplace as the harness sees it: an escrowtest.System. It is also
// the clock of its server.
type System struct {
	options []marketplace.Option
	server  *marketplace.Server
	path    string
	now     time.Time
	// at is called at every point that a command comes by.
	at func(point string)
}

// New returns a marketplace with options, which each life gets anew.
func New(options ...marketplace.Option) *System { return &System{options: options} }

// Now is the time of the last question.
func (s *System) Now() time.Time { return s.now }

// Begin gives a new server a draft, so that nothing is left of the last life.
func (s *System) Begin(draft escrow.Contract) error {
	s.at = func(string) {}
	s.server = marketplace.New(s, append(slices.Clip(s.options), marketplace.WithPoints(func(point string) { s.at(point) }))...)
	s.path = "/contracts/" + url.PathEscape(draft.ID())
	return s.Keep(draft)
}

// Path is where the server has the contract of Begin.
func (s *System) Path() string { return s.path }

// Ask sets the clock, sends the command, and reads the answer.
func (s *System) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	s.now = q.Now
	w := s.Post(s.path+"/commands", q.Key, map[string]any{
		"command": q.Command,
		"actor":   q.Actor,
	})
	if w.Code == http.StatusUnprocessableEntity {
		return escrowtest.Answer{}, errKeyTaken
	}
	answer, err := escrowtest.ParseAnswer(w.Body.Bytes(), lifecycles.All()...)
	status := http.StatusOK
	if !answer.Accepted() {
		status = answer.Code.HTTP()
	}
	if err == nil && w.Code != status {
		err = fmt.Errorf("HTTP status %d instead of %d: %s", w.Code, status, w.Body)
	}
	return answer, err
}

// Post sends the server what is to be kept or commanded.
func (s *System) Post(path, key string, body any) *httptest.ResponseRecorder {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", path, bytes.NewReader(text))
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	return w
}

var errKeyTaken = errors.New("the key was used for another command")
