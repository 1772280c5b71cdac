package backend

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/lifecycles"
)

// fetch reads what the server serves an actor; a refusal is an error.
func (s *System) fetch(actor escrow.Actor, path string) ([]byte, error) {
	r := httptest.NewRequest("GET", path, nil)
	who, err := json.Marshal(actor)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Actor", string(who))
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		return w.Body.Bytes(), nil
	}
	answer, err := escrowtest.ParseAnswer(w.Body.Bytes())
	if err != nil {
		return nil, err
	}
	return nil, answer.Refusal()
}

// Get reads what the server serves an actor into a value; a refusal is an error.
func (s *System) Get(actor escrow.Actor, path string, v any) error {
	text, err := s.fetch(actor, path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// Read makes the system an escrowtest.Reader.
func (s *System) Read(actor escrow.Actor, contract string, now time.Time) (escrow.Contract, error) {
	s.now = now
	text, err := s.fetch(actor, "/contracts/"+url.PathEscape(contract))
	if err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ParseContract(text, lifecycles.All()...)
}

// ReadApproval makes it an escrowtest.ApprovalReader.
func (s *System) ReadApproval(actor escrow.Actor, id string, now time.Time) ([]byte, error) {
	s.now = now
	return s.fetch(actor, "/approvals/"+url.PathEscape(id))
}

// History makes it an escrowtest.Historian.
func (s *System) History(actor escrow.Actor, contract string, now time.Time) (list []escrowtest.Answer, err error) {
	s.now = now
	var entries []marketplace.Entry
	if err := s.Get(actor, "/contracts/"+url.PathEscape(contract)+"/history", &entries); err != nil {
		return nil, err
	}
	for _, e := range entries {
		answer, err := escrowtest.ParseAnswer(e.Answer, lifecycles.All()...)
		if err != nil {
			return nil, err
		}
		list = append(list, answer)
	}
	return list, nil
}

// Keep takes a further draft: it and List make it an escrowtest.Lister.
func (s *System) Keep(draft escrow.Contract) error {
	if w := s.Post("/contracts", "", draft); w.Code != http.StatusCreated {
		return fmt.Errorf("the draft is not taken: %s", w.Body)
	}
	return nil
}

// List reads a page of the contracts that an actor sees.
func (s *System) List(actor escrow.Actor, cursor string, limit int, now time.Time) (ids []string, next string, err error) {
	s.now = now
	var page marketplace.Page
	query := url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(limit)}}
	err = s.Get(actor, "/contracts?"+query.Encode(), &page)
	return page.IDs, page.Next, err
}

// Books makes it an escrowtest.Ledger.
func (s *System) Books(string) (books escrowtest.Books, err error) {
	var served marketplace.Books
	var balances []marketplace.Balance
	if err := s.Get(escrow.SystemActor(), s.path+"/books", &served); err != nil {
		return books, err
	}
	if err := s.Get(escrow.SystemActor(), "/balances", &balances); err != nil {
		return books, err
	}
	books.Held, books.Balances = served.Held, map[string]*big.Int{}
	for _, m := range served.Booked {
		books.Booked = append(books.Booked, escrowtest.Booking{ID: m.ID, From: m.From, To: m.To, Units: m.Units})
	}
	for _, x := range balances {
		books.Balances[x.Account+" in "+x.Asset] = x.Units
	}
	return books, nil
}

// Payments makes it an escrowtest.Payer.
func (s *System) Payments(string) (deposits, payouts []escrowtest.Payment, err error) {
	var served marketplace.Books
	if err := s.Get(escrow.SystemActor(), s.path+"/books", &served); err != nil {
		return nil, nil, err
	}
	paid := func(list []marketplace.Payment) (paid []escrowtest.Payment) {
		for _, p := range list {
			paid = append(paid, escrowtest.Payment{ID: p.ID, Units: p.Units, State: escrowtest.PaymentState(p.State)})
		}
		return paid
	}
	return paid(served.Deposits), paid(served.Payouts), nil
}

// KeyTaken makes it an escrowtest.Keyed.
func (s *System) KeyTaken(err error) bool { return err == errKeyTaken }

// Race makes it an escrowtest.Racer: the second command is sent when the first is
// about to be committed, or was refused.
func (s *System) Race(first, second escrowtest.Question) (a, other escrowtest.Answer, err error) {
	var lost error
	sent := false
	send := func() {
		sent = true
		other, lost = s.Ask(second)
	}
	s.at = func(point string) {
		if point == "held" && !sent {
			send()
		}
	}
	if a, err = s.Ask(first); !sent {
		send()
	}
	s.at = func(string) {}
	return a, other, errors.Join(err, lost)
}

// Crash makes it an escrowtest.Crasher: the server panics at a point of the
// command's way, and comes up again with what is stored.
func (s *System) Crash(q escrowtest.Question, step int) (stopped bool, err error) {
	s.at = func(string) {
		if step--; step < 0 {
			panic(errStopped)
		}
	}
	defer func() {
		if recover() == errStopped {
			stopped = true
		}
		s.at = func(string) {}
		s.server = s.server.Restarted()
	}()
	_, err = s.Ask(q)
	return false, err
}

// errStopped stops the server.
var errStopped = errors.New("stopped")
