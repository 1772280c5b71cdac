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
}

// Option changes a server.
type Option func(*Server)

// WithBug plants a bug, for seeing the harness find it: the store spares the write
// when neither the status nor any money has moved. Then a jury is drawn, the
// answer says so, and nobody remembers.
func WithBug() Option { return func(s *Server) { s.store.sparing = true } }

// New returns a server without contracts that tells the time by a clock, for
// contracts of every lifecycle that ships.
func New(clock escrow.Clock, options ...Option) *Server {
	mux := http.NewServeMux()
	s := &Server{Handler: mux, clock: clock, store: newStore(), known: lifecycles.All()}
	mux.HandleFunc("POST /contracts", handler(http.StatusCreated, s.draft))
	mux.HandleFunc("GET /contracts/{id}", handler(http.StatusOK, s.contract))
	mux.HandleFunc("POST /contracts/{id}/commands", handler(http.StatusOK, s.command))
	mux.HandleFunc("GET /contracts/{id}/history", handler(http.StatusOK, s.history))
	mux.HandleFunc("GET /balances", handler(http.StatusOK, s.balances))
	for _, o := range options {
		o(s)
	}
	return s
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

func (s *Server) contract(r *http.Request, _ []byte) (any, error) {
	return s.store.find(r.PathValue("id"))
}

// command has the engine decide on the contract as it stands, and commits what
// follows. When another decision came first, it decides again.
func (s *Server) command(r *http.Request, body []byte) (any, error) {
	e := Entry{Now: s.clock.Now()}
	if err := json.Unmarshal(body, &e.asked); err != nil {
		return nil, err
	}
	for {
		c, err := s.store.find(r.PathValue("id"))
		if err != nil {
			return nil, err
		}
		command, err := c.Lifecycle().ParseCommand(e.Command)
		if err != nil {
			return nil, err
		}
		d, err := escrow.Decide(c, command, e.Actor, escrow.At(e.Now))
		if err != nil {
			return nil, err
		}
		e.Answer = escrow.AppendAnswer(nil, &d, nil)
		if s.store.commit(c, d, e) {
			return e.Answer, nil
		}
	}
}

func (s *Server) history(r *http.Request, _ []byte) (any, error) {
	return s.store.history(r.PathValue("id")), nil
}

func (s *Server) balances(*http.Request, []byte) (any, error) { return s.store.balances(), nil }

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
