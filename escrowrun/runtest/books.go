package runtest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/shopspring/decimal"
)

// most is how many decisions of a life are looked at: more than any has.
const most = 10_000

// History makes it an escrowtest.Historian: what is stored of each decision, with the
// snapshot that comes of what was asked, by whom and when.
func (s *System) History(actor escrow.Actor, id string, now time.Time) (list []escrowtest.Answer, err error) {
	if _, err := s.Read(actor, id, now); err != nil {
		return nil, err
	}
	entries, err := s.Runner.Store.History(context.Background(), id, 0, most)
	c := s.draft
	for _, e := range entries {
		command, err := c.Lifecycle().ParseCommand(e.Command)
		if err != nil {
			return nil, err
		}
		d, err := escrow.Decide(c, command, e.Actor, escrow.At(e.Clock))
		if err != nil || d.Contract.Revision() != e.Revision {
			return nil, fmt.Errorf("revision %d does not follow from what was asked: %w", e.Revision, err)
		}
		next := d.Contract
		c = next
		a := escrowtest.Answer{Rule: e.Rule, Executes: e.Executes, From: e.From, To: e.To, At: e.At, Contract: &next}
		made := escrowtest.AnswerOf(d, nil)
		for at, m := range e.Movements {
			units, err := escrow.AmountOf(smallest(m.Asset, m.Amount))
			if err != nil || at >= len(made.Movements) || m.From != made.Movements[at].From.String() || m.To != made.Movements[at].To.String() {
				return nil, fmt.Errorf("movement %s from %s to %s of %s is none of the decision's: %w", m.ID, m.From, m.To, m.Amount, err)
			}
			a.Movements = append(a.Movements, escrowtest.Movement{ID: m.ID, From: made.Movements[at].From, To: made.Movements[at].To, Amount: units, Reason: m.Reason})
		}
		list = append(list, a)
	}
	return list, err
}

// Books makes it an escrowtest.Ledger: what is booked is stored, and the balances are
// the rail's.
func (s *System) Books(id string) (books escrowtest.Books, err error) {
	books.Held, books.Balances = map[string]*big.Int{}, map[string]*big.Int{}
	entries, err := s.Runner.Store.History(context.Background(), id, 0, most)
	if err != nil {
		return books, err
	}
	for _, e := range entries {
		for _, m := range e.Movements {
			units := smallest(m.Asset, m.Amount)
			books.Booked = append(books.Booked, escrowtest.Booking{ID: m.ID, From: m.From, To: m.To, Units: units})
			add(books.Held, m.From, new(big.Int).Neg(units))
			add(books.Held, m.To, units)
		}
	}
	c, err := s.Runner.Store.Find(context.Background(), id)
	if errors.Is(err, escrowsql.ErrNotFound) {
		return books, nil
	}
	pots := map[string]*big.Int{}
	for _, h := range c.Custody() {
		if name := h.Account.String(); books.Held[name] != nil {
			pots[name] = books.Held[name]
		}
	}
	books.Held = pots
	list, err := s.Rail.Balances(context.Background())
	for _, x := range list {
		books.Balances[x.Account+"/"+x.Contract+" in "+x.Asset.Code] = x.Units
	}
	return books, err
}

func add(sums map[string]*big.Int, name string, units *big.Int) {
	if sums[name] == nil {
		sums[name] = new(big.Int)
	}
	sums[name].Add(sums[name], units)
}

// smallest returns an amount in smallest units.
func smallest(asset escrow.Asset, amount string) *big.Int {
	if amount == "" { // of a movement that no decision has
		return new(big.Int)
	}
	return decimal.RequireFromString(amount).Shift(int32(asset.Scale)).BigInt()
}

// depositStates and payoutStates are what the harness calls the states.
var (
	depositStates = map[escrowsql.IntentState]escrowtest.PaymentState{
		escrowsql.IntentPlaced: escrowtest.PaymentHeld, escrowsql.IntentHeld: escrowtest.PaymentHeld, escrowsql.IntentCommitted: escrowtest.PaymentHeld,
		escrowsql.IntentCaptured: escrowtest.PaymentCaptured,
	}
	payoutStates = map[escrowsql.PaymentState]escrowtest.PaymentState{
		escrowsql.PaymentWaiting: escrowtest.PaymentWaiting, escrowsql.PaymentReview: escrowtest.PaymentInReview, escrowsql.PaymentDone: escrowtest.PaymentSent,
	}
)

// Payments makes it an escrowtest.Payer: what the runner has done, as the rail says.
func (s *System) Payments(id string) (deposits, payouts []escrowtest.Payment, err error) {
	entries, err := s.Runner.Store.History(context.Background(), id, 0, most)
	if err != nil {
		return nil, nil, err
	}
	booked := map[string]escrowsql.Movement{}
	for _, e := range entries {
		for _, m := range e.Movements {
			booked[m.ID] = m
		}
	}
	intents, err := s.Runner.Store.IntentsOf(context.Background(), id)
	if err != nil {
		return nil, nil, err
	}
	for _, i := range intents {
		state, ours := depositStates[i.State]
		if !ours { // given up, and of no movement then
			deposits = append(deposits, escrowtest.Payment{ID: i.ID, Units: smallest(i.Asset, i.Amount), State: escrowtest.PaymentVoided})
			continue
		}
		if t, err := s.Rail.Lookup(context.Background(), i.ID); state == escrowtest.PaymentCaptured && (err != nil || t.State != escrowrun.Captured) {
			return nil, nil, fmt.Errorf("%s is captured by the store, and %s by the rail: %w", i.ID, t.State, err)
		}
		sum := new(big.Int)
		for _, m := range i.Movements {
			units := smallest(booked[m].Asset, booked[m].Amount)
			sum.Add(sum, units)
			deposits = append(deposits, escrowtest.Payment{ID: m, Units: units, State: state})
		}
		if held := smallest(i.Asset, i.Amount); sum.Cmp(held) != 0 {
			return nil, nil, fmt.Errorf("%s holds %s for movements of %s", i.ID, held, sum)
		}
	}
	payments, err := s.Runner.Store.PaymentsOf(context.Background(), id)
	for _, p := range payments {
		if p.Kind == escrowsql.Capture || !strings.Contains(booked[p.ID].To, ":") {
			continue // what goes to one that has no account is not the harness's
		}
		payouts = append(payouts, escrowtest.Payment{ID: p.ID, Units: smallest(p.Asset, p.Amount), State: payoutStates[p.State]})
	}
	return deposits, payouts, err
}
