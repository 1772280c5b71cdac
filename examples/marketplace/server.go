package marketplace

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/lifecycles"
)

// Server serves the contracts of a marketplace over HTTP.
type Server struct {
	http.Handler
	clock escrow.Clock
	store *store
	known []*escrow.Lifecycle
	// cache is what [StaleRead] reads from; it is lost when the server stops.
	cache map[string]escrow.Contract
}

// Option changes a server.
type Option func(*Server)

// WithPoints has a function called at every point that a command comes by, so that a
// test can do something in the middle, or stop the server there by a panic.
func WithPoints(at func(point string)) Option { return func(s *Server) { s.store.at = at } }

// New returns a server without contracts that tells the time by a clock, for
// contracts of every lifecycle that ships.
func New(clock escrow.Clock, options ...Option) *Server {
	s := over(&store{files: map[string]*file{}, at: func(string) {}}, clock)
	for _, o := range options {
		o(s)
	}
	return s
}

// over returns a server over a store.
func over(kept *store, clock escrow.Clock) *Server {
	mux := http.NewServeMux()
	s := &Server{Handler: mux, clock: clock, store: kept, known: lifecycles.All(), cache: map[string]escrow.Contract{}}
	mux.HandleFunc("POST /contracts", handler(http.StatusCreated, s.draft))
	mux.HandleFunc("POST /contracts/{id}/commands", handler(http.StatusOK, s.command))
	mux.HandleFunc("GET /contracts", handler(http.StatusOK, s.list))
	mux.HandleFunc("GET /contracts/{id}", handler(http.StatusOK, s.contract))
	mux.HandleFunc("GET /contracts/{id}/history", handler(http.StatusOK, s.history))
	mux.HandleFunc("GET /approvals/{id}", handler(http.StatusOK, s.approval))
	mux.HandleFunc("GET /contracts/{id}/books", handler(http.StatusOK, s.books))
	mux.HandleFunc("GET /balances", handler(http.StatusOK, s.balances))
	return s
}

// Restarted returns the server as it comes up after it was stopped: with what is
// stored, and nothing else. What is to be paid is paid.
func (s *Server) Restarted() *Server {
	again := over(s.store, s.clock)
	for _, f := range again.store.all() {
		if again.store.has(RepeatedPayout) {
			again.store.replace(f.contract.ID(), repeatPayouts)
		}
		again.pay(f.contract.ID())
	}
	return again
}

// draft takes a draft. Its terms are checked when it is founded.
func (s *Server) draft(_ *http.Request, body []byte) (any, error) {
	draft, err := escrow.ParseContract(body, s.known...)
	switch {
	case err != nil:
		return nil, err
	case !draft.IsDraft():
		return nil, escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, "contracts begin as drafts", nil)
	case !s.store.add(draft):
		return nil, escrow.NewRefusal(escrow.Conflict, "contract_exists", "there is a contract of this id", nil)
	}
	return draft, nil
}

// command has the engine decide on the contract as it stands, has deposits held, and
// commits what follows; then it pays. When another decision came first, the holds are
// voided, and it decides again.
func (s *Server) command(r *http.Request, body []byte) (any, error) {
	e, key := Entry{Now: s.clock.Now()}, r.Header.Get("Idempotency-Key")
	if err := json.Unmarshal(body, &e.asked); err != nil {
		return nil, err
	}
	s.store.at("asked")
	for try := 0; ; try++ {
		f := s.store.find(r.PathValue("id"))
		if f == nil {
			return nil, missing
		}
		if k, used := f.keys[key]; used && (try == 0 || !s.store.has(KeyBeforeRace)) {
			return s.replay(f, k, body)
		}
		before := f.contract
		d, err := s.decide(before, &e)
		if err != nil {
			return nil, err
		}
		s.store.at("decided")
		s.hold(&d)
		s.store.at("held")
		if s.store.commit(before, &d, e, key, keyed{string(body), string(e.Answer)}) {
			s.store.at("committed")
			if s.store.has(OutboxApart) {
				s.store.replace(before.ID(), func(f *file) { s.store.enter(f, &d) })
			}
			s.pay(before.ID())
			s.store.at("paid")
			return e.Answer, nil
		}
		s.void(&d)
	}
}

// decide asks the engine, and writes its answer into the entry.
func (s *Server) decide(c escrow.Contract, e *Entry) (escrow.Decision, error) {
	command, err := c.Lifecycle().ParseCommand(e.Command)
	if err != nil {
		return escrow.Decision{}, err
	}
	d, err := escrow.Decide(c, command, e.Actor, escrow.At(e.Now))
	e.Answer = escrow.AppendAnswer(nil, &d, err)
	if s.store.has(LateDeadline) && command.Action() == escrow.Advance().Action() {
		e.Answer = dated(e.Answer, e.Now)
	}
	return d, err
}

// errKeyTaken is the answer to another command under a key that was used.
var errKeyTaken = errors.New("the idempotency key was used for another command")

// replay answers a command once more that was asked under a key.
func (s *Server) replay(f *file, k keyed, body []byte) (any, error) {
	if k.body != string(body) && !s.store.has(KeyOfAnyBody) {
		return nil, errKeyTaken
	}
	if s.store.has(DoubleBooking) {
		s.store.replace(f.contract.ID(), bookTwice)
	}
	return json.RawMessage(k.answer), nil
}

// handler makes a handler of a function that returns what to answer with the status of
// success, or why not. A request may have a megabyte.
func handler(success int, answer func(r *http.Request, body []byte) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		status, v := success, any(nil)
		if err == nil {
			v, err = answer(r, body)
		}
		if err != nil {
			refusal := refusalOf(err)
			status, v = refusal.Code().HTTP(), json.RawMessage(escrow.AppendAnswer(nil, nil, refusal))
		}
		if errors.Is(err, errKeyTaken) {
			status = http.StatusUnprocessableEntity
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
}

// refusalOf returns an error as a refusal: one that is none is about a request that
// cannot be read.
func refusalOf(err error) *escrow.Error {
	var refusal *escrow.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	return escrow.NewRefusal(escrow.InvalidRequest, escrow.Malformed, err.Error(), nil)
}
