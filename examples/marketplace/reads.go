package marketplace

import (
	"encoding/json"
	"math/big"
	"net/http"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
)

// missing is what is told of a contract that does not exist, or that is not for the
// actor to know of.
var missing = escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)

// actorOf reads who asks.
func actorOf(r *http.Request) (actor escrow.Actor, err error) {
	if err := json.Unmarshal([]byte(r.Header.Get("Actor")), &actor); err != nil || actor.ID == "" {
		return actor, escrow.NewRefusal(escrow.Unauthorized, escrow.NoActor, "the header Actor says who asks", nil)
	}
	return actor, nil
}

// seen returns a contract's file if the actor may know of it.
func (s *Server) seen(r *http.Request) (*file, error) {
	actor, err := actorOf(r)
	if err != nil {
		return nil, err
	}
	f := s.store.find(r.PathValue("id"))
	if f == nil {
		return nil, missing
	}
	if !escrow.Visible(f.contract, actor) {
		if s.store.has(ForeignForbidden) {
			return nil, escrow.NewRefusal(escrow.Forbidden, "not_party", "the contract is not yours", nil)
		}
		return nil, missing
	}
	return f, nil
}

func (s *Server) contract(r *http.Request, _ []byte) (any, error) {
	f, err := s.seen(r)
	if err != nil {
		return nil, err
	}
	if s.store.has(StaleRead) {
		return s.cached(f.contract), nil
	}
	return f.contract, nil
}

func (s *Server) history(r *http.Request, _ []byte) (any, error) {
	f, err := s.seen(r)
	if err != nil {
		return nil, err
	}
	return f.entries, nil
}

// approval returns an approval to the account that asked for it and to those who may
// confirm it.
func (s *Server) approval(r *http.Request, _ []byte) (any, error) {
	actor, err := actorOf(r)
	if err != nil {
		return nil, err
	}
	for _, f := range s.store.all() {
		a, found := f.approvals[r.PathValue("id")]
		if s.store.has(LostApproval) {
			a, found = f.contract.Approval(r.PathValue("id"))
		}
		if found && escrow.Visible(f.contract, actor) {
			return a, nil
		}
	}
	return nil, escrow.NewRefusal(escrow.NotFound, escrow.ApprovalNotFound, "there is no approval of this id", nil)
}

// Page is a part of a list. Next is the cursor of the page that follows, empty after
// the last.
type Page struct {
	IDs  []string `json:"ids"`
	Next string   `json:"next,omitempty"`
}

// list returns a page of the contracts that the actor sees, by their ids. The cursor
// is the id that the page begins with.
func (s *Server) list(r *http.Request, _ []byte) (any, error) {
	actor, err := actorOf(r)
	if err != nil {
		return nil, err
	}
	limit, err := strconv.Atoi(r.FormValue("limit"))
	if err != nil || limit < 1 || limit > 100 {
		limit = 100
	}
	p, cursor := Page{IDs: []string{}}, r.FormValue("cursor")
	for _, f := range s.store.all() {
		id := f.contract.ID()
		if id < cursor || s.store.has(SkippingCursor) && cursor != "" && id == cursor || !escrow.Visible(f.contract, actor) {
			continue
		}
		if len(p.IDs) == limit {
			p.Next = id
			break
		}
		p.IDs = append(p.IDs, id)
	}
	return p, nil
}

// Books is what is booked, held and paid for a contract, in smallest units.
type Books struct {
	Booked   []Booking           `json:"booked"`
	Held     map[string]*big.Int `json:"held"`
	Deposits []Payment           `json:"deposits"`
	Payouts  []Payment           `json:"payouts"`
}

func (s *Server) books(r *http.Request, _ []byte) (any, error) {
	f := s.store.find(r.PathValue("id"))
	if f == nil {
		return nil, missing
	}
	b := Books{f.booked, map[string]*big.Int{}, f.deposits, f.payouts}
	l, prefix := ledger{}, f.contract.ID()+"/"
	for _, m := range f.booked {
		l.book(m)
	}
	for a, units := range l {
		if pot, held := strings.CutPrefix(a.name, prefix); held {
			b.Held[pot] = units
		}
	}
	return b, nil
}

func (s *Server) balances(*http.Request, []byte) (any, error) {
	l := ledger{}
	for _, f := range s.store.all() {
		for _, m := range f.booked {
			l.book(m)
		}
	}
	return l.balances(), nil
}
