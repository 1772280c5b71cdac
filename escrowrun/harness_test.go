package escrowrun_test

import (
	"errors"
	"flag"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/lifecycles/play"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

// livesOf is how many lives the harness plays of each lifecycle on each database.
var livesOf = flag.Int("lives", 30, "how many lives the harness plays")

// TestHarness: the harness finds nothing: not in the answers, nor in what can be read,
// what is booked, paid, kept under keys, asked at once, or left by a kill.
func TestHarness(t *testing.T) {
	for _, l := range lifecycles.All() {
		t.Run(l.Name(), func(t *testing.T) {
			each(t, func(t *testing.T, s *shop) {
				report := escrowtest.Try(&backend{t: t, shop: s}, escrowtest.Playing(play.Of(l)), escrowtest.AppliesDeadlinesFirst(),
					escrowtest.HidesContracts(), escrowtest.AtLeast(*livesOf), escrowtest.AtMost(*livesOf))
				require.Nil(t, report.Failure, "%s", report.Failure)
				require.Empty(t, report.Checks.Missing())
			})
		})
	}
}

// backend is a runner as the harness sees it. Drafts are the asker's until they are founded.
type backend struct {
	t *testing.T
	*shop
	draft escrow.Contract
	// founding is what founded the contract.
	founding escrowtest.Question
}

// Begin forgets all that there was.
func (b *backend) Begin(draft escrow.Contract) error {
	if !draft.IsDraft() {
		return errors.New("a contract that nobody has founded is not stored")
	}
	b.empty(b.address)
	b.empty(b.railAddress)
	b.draft, b.founding = draft, escrowtest.Question{}
	return nil
}

// empty deletes the rows of every table that has any, but for what says which the tables
// are.
func (b *backend) empty(address string) {
	db, dialect, err := escrowsql.Connect(address)
	require.NoError(b.t, err)
	defer func() { _ = db.Close() }()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if dialect == escrowsql.PostgreSQL {
		list = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	rows, err := db.Query(list)
	require.NoError(b.t, err)
	var deletions []string
	for rows.Next() {
		var table string
		require.NoError(b.t, rows.Scan(&table))
		if !strings.HasSuffix(table, "_schema") && !strings.HasSuffix(table, "lifecycles") {
			deletions = append(deletions, `DELETE FROM `+table)
		}
	}
	require.NoError(b.t, rows.Close())
	_, err = db.Exec(strings.Join(deletions, "; "))
	require.NoError(b.t, err)
}

// Ask has the runner answer, and what is to be paid because of it paid.
func (b *backend) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	a, err := b.answer(q)
	_, paid := b.PayDue(ctx)
	return a, errors.Join(err, paid)
}

func (b *backend) answer(q escrowtest.Question) (escrowtest.Answer, error) {
	b.clock.set(q.Now)
	r := escrowrun.Request{Contract: b.draft.ID(), Command: q.Command, Actor: q.Actor, Key: q.Key}
	_, err := b.Store.Find(ctx, b.draft.ID())
	if errors.Is(err, escrowsql.ErrNotFound) {
		b.founding = q
	}
	if reflect.DeepEqual(q, b.founding) { // the draft is of the request
		r.Contract, r.Draft = "", b.draft
	}
	a, err := b.Runner.Ask(ctx, r)
	if a.Status == 0 {
		return escrowtest.Answer{}, err
	}
	return escrowtest.ParseAnswer(a.Body, lifecycles.All()...)
}

// seen returns a contract to those who may know of it.
func (b *backend) seen(actor escrow.Actor, id string) (escrow.Contract, error) {
	c, err := b.Store.Find(ctx, id)
	if errors.Is(err, escrowsql.ErrNotFound) && id == b.draft.ID() {
		c, err = b.draft, nil
	}
	if errors.Is(err, escrowsql.ErrNotFound) || err == nil && !escrow.Visible(c, actor) {
		return c, escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)
	}
	return c, err
}

// Read makes the backend an escrowtest.Reader.
func (b *backend) Read(actor escrow.Actor, id string, _ time.Time) (escrow.Contract, error) {
	return b.seen(actor, id)
}

// ReadApproval makes it an escrowtest.ApprovalReader.
func (b *backend) ReadApproval(actor escrow.Actor, id string, _ time.Time) ([]byte, error) {
	a, err := b.Store.Approval(ctx, id)
	if err == nil {
		_, err = b.seen(actor, a.ContractID)
	}
	var refusal *escrow.Error
	if errors.Is(err, escrowsql.ErrNotFound) || errors.As(err, &refusal) {
		err = escrow.NewRefusal(escrow.NotFound, escrow.ApprovalNotFound, "there is no approval of this id", nil)
	}
	return a.Record, err
}

// History makes it an escrowtest.Historian: what is stored of each decision, with the
// snapshot that comes of what was asked, by whom and when.
func (b *backend) History(actor escrow.Actor, id string, _ time.Time) (list []escrowtest.Answer, err error) {
	if _, err := b.seen(actor, id); err != nil {
		return nil, err
	}
	entries, err := b.Store.History(ctx, id, 0, 10_000)
	c := b.draft
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

// Keep makes it an escrowtest.Lister: a further draft is founded as the first was.
func (b *backend) Keep(draft escrow.Contract) error {
	_, err := b.Found(ctx, draft, b.founding.Command, b.founding.Actor, "")
	return err
}

// List returns a page of an account's contracts.
func (b *backend) List(actor escrow.Actor, cursor string, limit int, _ time.Time) (ids []string, next string, err error) {
	account := actor.Account
	if account == "" {
		account = actor.ID
	}
	page, err := b.Store.List(ctx, escrowsql.Query{Account: account, Cursor: cursor, Limit: limit})
	for _, c := range page.Contracts {
		ids = append(ids, c.ID)
	}
	return ids, page.Next, err
}

// Books makes it an escrowtest.Ledger: what is booked is stored, and the balances are
// the rail's.
func (b *backend) Books(id string) (books escrowtest.Books, err error) {
	books.Held, books.Balances = map[string]*big.Int{}, map[string]*big.Int{}
	entries, err := b.Store.History(ctx, id, 0, 10_000)
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
	c, err := b.Store.Find(ctx, id)
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
	list, err := b.rail.Balances(ctx)
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
func (b *backend) Payments(id string) (deposits, payouts []escrowtest.Payment, err error) {
	entries, err := b.Store.History(ctx, id, 0, 10_000)
	if err != nil {
		return nil, nil, err
	}
	booked := map[string]escrowsql.Movement{}
	for _, e := range entries {
		for _, m := range e.Movements {
			booked[m.ID] = m
		}
	}
	intents, err := b.Store.IntentsOf(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	for _, i := range intents {
		state, ours := depositStates[i.State]
		if !ours { // given up, and of no movement then
			deposits = append(deposits, escrowtest.Payment{ID: i.ID, Units: smallest(i.Asset, i.Amount), State: escrowtest.PaymentVoided})
			continue
		}
		if t, err := b.rail.Lookup(ctx, i.ID); state == escrowtest.PaymentCaptured && (err != nil || t.State != escrowrun.Captured) {
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
	payments, err := b.Store.PaymentsOf(ctx, id)
	for _, p := range payments {
		if p.Kind == escrowsql.Capture || !strings.Contains(booked[p.ID].To, ":") {
			continue // what goes to one that has no account is not the harness's
		}
		payouts = append(payouts, escrowtest.Payment{ID: p.ID, Units: smallest(p.Asset, p.Amount), State: payoutStates[p.State]})
	}
	return deposits, payouts, err
}

// KeyTaken makes it an escrowtest.Keyed.
func (b *backend) KeyTaken(err error) bool { return errors.Is(err, escrowsql.ErrKeyReused) }

// Race makes it an escrowtest.Racer: the second is asked when the first is decided. Whom
// the first's key keeps out asks again.
func (b *backend) Race(first, second escrowtest.Question) (a, other escrowtest.Answer, err error) {
	var lost error
	sent := false
	send := func() {
		sent = true
		other, lost = b.Ask(second)
	}
	b.OnReach(func(point string) {
		if point == "decided" && !sent {
			send()
		}
	})
	a, err = b.Ask(first)
	b.OnReach(func(string) {})
	if !sent || errors.Is(lost, escrowsql.ErrKeyRunning) {
		send()
	}
	return a, other, errors.Join(err, lost)
}

// Crash makes it an escrowtest.Crasher: the runner panics at a point of its way. What
// comes after it waits for its leases. Payments, which come after the answer, are killed
// by TestKilled.
func (b *backend) Crash(q escrowtest.Question, step int) (stopped bool, err error) {
	b.OnReach(func(string) {
		if step--; step < 0 {
			panic(errStopped)
		}
	})
	defer func() {
		if p := recover(); p == errStopped {
			stopped = true
		} else if p != nil {
			panic(p)
		}
		b.OnReach(func(string) {})
		b.wall.add(2 * leaseOf)
		_, paid := b.PayDue(ctx)
		err = errors.Join(err, paid)
	}()
	_, err = b.answer(q)
	return false, err
}

// errStopped stops the runner.
var errStopped = errors.New("stopped")
