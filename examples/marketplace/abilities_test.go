package marketplace_test

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

// get reads what the backend serves an actor; a refusal is an error.
func (b *backend) get(actor escrow.Actor, path string) ([]byte, error) {
	r := httptest.NewRequest("GET", path, nil)
	who, err := json.Marshal(actor)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Actor", string(who))
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		return w.Body.Bytes(), nil
	}
	answer, err := escrowtest.ParseAnswer(w.Body.Bytes())
	if err != nil {
		return nil, err
	}
	return nil, answer.Refusal()
}

// read reads what the backend serves into a value.
func (b *backend) read(actor escrow.Actor, path string, v any) error {
	text, err := b.get(actor, path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// Read makes the backend an escrowtest.Reader.
func (b *backend) Read(actor escrow.Actor, contract string, now time.Time) (escrow.Contract, error) {
	b.now = now
	text, err := b.get(actor, "/contracts/"+url.PathEscape(contract))
	if err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ParseContract(text, lifecycles.All()...)
}

// ReadApproval makes it an escrowtest.ApprovalReader.
func (b *backend) ReadApproval(actor escrow.Actor, id string, now time.Time) ([]byte, error) {
	b.now = now
	return b.get(actor, "/approvals/"+url.PathEscape(id))
}

// History makes it an escrowtest.Historian.
func (b *backend) History(actor escrow.Actor, contract string, now time.Time) (list []escrowtest.Answer, err error) {
	b.now = now
	var entries []marketplace.Entry
	if err := b.read(actor, "/contracts/"+url.PathEscape(contract)+"/history", &entries); err != nil {
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

// Keep and List make it an escrowtest.Lister.
func (b *backend) Keep(draft escrow.Contract) error {
	if w := b.post("/contracts", "", draft); w.Code != http.StatusCreated {
		return fmt.Errorf("the draft is not taken: %s", w.Body)
	}
	return nil
}

func (b *backend) List(actor escrow.Actor, cursor string, limit int, now time.Time) (ids []string, next string, err error) {
	b.now = now
	var page marketplace.Page
	query := url.Values{"cursor": {cursor}, "limit": {strconv.Itoa(limit)}}
	err = b.read(actor, "/contracts?"+query.Encode(), &page)
	return page.IDs, page.Next, err
}

// Books makes it an escrowtest.Ledger.
func (b *backend) Books(string) (books escrowtest.Books, err error) {
	var served marketplace.Books
	var balances []marketplace.Balance
	if err := b.read(escrow.SystemActor(), b.path+"/books", &served); err != nil {
		return books, err
	}
	if err := b.read(escrow.SystemActor(), "/balances", &balances); err != nil {
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
func (b *backend) Payments(string) (deposits, payouts []escrowtest.Payment, err error) {
	var served marketplace.Books
	if err := b.read(escrow.SystemActor(), b.path+"/books", &served); err != nil {
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
func (b *backend) KeyTaken(err error) bool { return err == errKeyTaken }

// Race makes it an escrowtest.Racer: the second command is sent when the first has
// come to its decision, or was refused.
func (b *backend) Race(first, second escrowtest.Question) (a, other escrowtest.Answer, err error) {
	var lost error
	sent := false
	send := func() {
		sent = true
		other, lost = b.Ask(second)
	}
	b.at = func(point string) {
		if point == "decided" && !sent {
			send()
		}
	}
	if a, err = b.Ask(first); !sent {
		send()
	}
	b.at = func(string) {}
	return a, other, errors.Join(err, lost)
}

// Crash makes it an escrowtest.Crasher: the server panics at a point of the
// command's way, and comes up again with what is stored.
func (b *backend) Crash(q escrowtest.Question, step int) (stopped bool, err error) {
	b.at = func(string) {
		if step--; step < 0 {
			panic(errStopped)
		}
	}
	defer func() {
		if recover() == errStopped {
			stopped = true
		}
		b.at = func(string) {}
		b.server = b.server.Restarted()
	}()
	_, err = b.Ask(q)
	return false, err
}

// errStopped stops the server.
var errStopped = errors.New("stopped")
