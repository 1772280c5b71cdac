package escrowhttp

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

// Idempotency does requests that carry a key once, around any handler that answers with
// JSON: the answer is kept under key and account, and the same request again gets the
// same bytes. Kept are answers of success, 403, 404 and 409; after any other the key is
// free again.
//
// Answer and effect are not stored together. When the process dies between the two, the
// request is done again once the lease has run out. Where that matters hand the key on to
// the runner, which stores a decision with its answer: see [Idempotency.Wrap].
type Idempotency struct {
	Store *escrowsql.Store
	// Actor returns who asks; the caller was authenticated before.
	Actor func(*http.Request) escrow.Actor
	// Errors writes what is refused.
	Errors *Errors
	// Lease is how long a process that has died keeps others waiting, and the longest
	// that one request may take: 30 s when 0.
	Lease time.Duration
	// Wall is the processes' own time; the system's when nil.
	Wall escrow.Clock
}

// keyPrefix sets the keys of whole answers apart from those that runners use, so that a
// handler can hand its key on.
const keyPrefix = "http/"

// Wrap returns the handler with keys. Requests without one go through as they are.
// Within the handler [KeyOf] and [Fingerprint] may be used for a runner's request: its
// keys are others.
func (i *Idempotency) Wrap(next http.Handler) http.Handler {
	return i.Errors.Handler(func(w http.ResponseWriter, r *http.Request) error {
		key, err := KeyOf(r)
		if err != nil {
			return err
		}
		if key == "" {
			next.ServeHTTP(w, r)
			return nil
		}
		body, err := readAll(r)
		if err != nil {
			return err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		actor := i.Actor(r)
		k := &escrowsql.Key{Account: accountOf(actor), Key: keyPrefix + key, Fingerprint: Fingerprint(r, actor, body)}
		now := clockOr(i.Wall).Now()
		found, err := i.Store.BeginKey(r.Context(), k, now, now.Add(or(i.Lease, 30*time.Second)))
		if err != nil {
			return err
		}
		if found != nil {
			w.Header().Set(ReplayHeader, "true")
			WriteJSON(w, found.Status, found.Body)
			return nil
		}
		return i.first(w, r, next, k)
	})
}

// first answers the first request under a key, and keeps the answer.
func (i *Idempotency) first(w http.ResponseWriter, r *http.Request, next http.Handler, k *escrowsql.Key) error {
	answer := &recording{header: http.Header{}}
	about := new(string)
	kept := false
	own := context.WithoutCancel(r.Context()) // the answer is kept though nobody waits for it
	defer func() {
		if !kept {
			_ = i.Store.DropKey(own, k) // its lease runs out all the same
		}
	}()
	next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), aboutKey{}, about)))
	status := or(answer.status, http.StatusOK)
	if keeps(status) {
		err := i.Store.FinishKey(own, &escrowsql.KeyAnswer{Key: *k, Answer: escrowsql.Answer{Status: status, Body: answer.body.Bytes(), ContractID: *about}})
		kept = true // or it may be, and then nobody else may do it
		if err != nil {
			return err
		}
	}
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(answer.body.Bytes())
	return nil
}

// keeps reports whether an answer is kept under its key: success, and what depends on
// the contract; not what is about who asks, how, or how often.
func keeps(status int) bool {
	switch status {
	case http.StatusForbidden, http.StatusNotFound, http.StatusConflict:
		return true
	}
	return status >= 200 && status < 300
}

type aboutKey struct{}

// About says of which contract the answer to a request is, so that the answer that
// [Idempotency] keeps is forgotten when the contract's texts are erased.
func About(r *http.Request, contract string) {
	if about, ok := r.Context().Value(aboutKey{}).(*string); ok {
		*about = contract
	}
}

// recording is an answer that is kept before it is sent.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *recording) Header() http.Header { return a.header }

func (a *recording) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *recording) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func clockOr(c escrow.Clock) escrow.Clock {
	if c == nil {
		return system{}
	}
	return c
}
