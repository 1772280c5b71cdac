package marketplace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/lifecycles"
)

// backend is the marketplace as the harness sees it: an escrowtest.System. It is
// also the clock of its server.
type backend struct {
	options []marketplace.Option
	server  *marketplace.Server
	path    string
	now     time.Time
	// at is called at every point that a command comes by.
	at func(point string)
}

func (b *backend) Now() time.Time { return b.now }

// Begin gives a new server a draft, so that nothing is left of the last life.
func (b *backend) Begin(draft escrow.Contract) error {
	b.at = func(string) {}
	b.server = marketplace.New(b, append(b.options, marketplace.WithPoints(func(point string) { b.at(point) }))...)
	b.path = "/contracts/" + url.PathEscape(draft.ID())
	return b.Keep(draft)
}

// Ask sets the clock, sends the command, and reads the answer.
func (b *backend) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	b.now = q.Now
	w := b.post(b.path+"/commands", q.Key, map[string]any{
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

func (b *backend) post(path, key string, body any) *httptest.ResponseRecorder {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", path, bytes.NewReader(text))
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	return w
}

var errKeyTaken = errors.New("the key was used for another command")
