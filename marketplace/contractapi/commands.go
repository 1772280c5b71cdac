package contractapi

import (
	"net/http"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// order is a call that carries nothing.
func (s *Server) order(command escrow.Command) handle {
	return func(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
		body, err := nothing(r)
		if err != nil {
			return err
		}
		return s.command(w, r, actor, body, command)
	}
}

// command asks a command of the contract that the address names, and tells the contract.
func (s *Server) command(w http.ResponseWriter, r *http.Request, actor escrow.Actor, body []byte, command escrow.Command) error {
	q, refused, err := s.request(r, actor, body)
	if err != nil {
		return err
	}
	q.Command = command
	return s.ask(w, r, call{q, http.StatusOK, func(c escrow.Contract) any { return contractOf(c) }}, refused)
}

// accept takes the work, or declines it.
func (s *Server) accept(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	var wants struct {
		Accept *bool `json:"accept"`
	}
	body, err := read(r, &wants)
	switch {
	case err != nil:
		return err
	case wants.Accept == nil:
		return invalid("accept", "must be true or false")
	case !*wants.Accept:
		return s.command(w, r, actor, body, opencontract.Decline{}.Command())
	}
	return s.command(w, r, actor, body, opencontract.Accept{}.Command())
}

// deliver hands the work over.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	var wants struct {
		Delivery string `json:"delivery"`
	}
	body, err := read(r, &wants)
	if err != nil {
		return err
	}
	return s.command(w, r, actor, body, opencontract.Deliver{Delivery: wants.Delivery}.Command())
}

// show shows a contract.
func (s *Server) show(w http.ResponseWriter, r *http.Request, actor escrow.Actor) error {
	c, err := s.visible(r.Context(), r.PathValue("id"), actor)
	if err != nil {
		return err
	}
	return s.answer(w, r, http.StatusOK, contractOf(c))
}
