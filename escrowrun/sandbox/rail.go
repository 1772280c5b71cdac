package sandbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// Rail is a rail with made-up money. It is safe for use by many goroutines, and by
// many processes on one database.
type Rail struct {
	db       *sql.DB
	clock    escrow.Clock
	faults   Faults
	sleep    func(context.Context, time.Duration)
	captures bool
	funded   bool
}

var _ escrowrun.Rail = (*Rail)(nil)

// Option changes how a rail behaves.
type Option func(*Rail)

// WithoutHolds makes a rail that collects at once: Hold answers Captured.
func WithoutHolds() Option { return func(r *Rail) { r.captures = true } }

// WithFunds makes a rail whose payers have no more than they were given and have got: a
// hold of more is refused. [Rail.Give] gives.
func WithFunds() Option { return func(r *Rail) { r.funded = true } }

// WithFaults makes calls go wrong as the faults say.
func WithFaults(f Faults) Option { return func(r *Rail) { r.faults = f } }

// WithSleep sets how late answers are waited for: until the duration is over or the
// context ends. Without it, on the wall clock.
func WithSleep(sleep func(context.Context, time.Duration)) Option {
	return func(r *Rail) { r.sleep = sleep }
}

// Open returns the rail whose transfers are kept in a database, and makes its tables
// where they are missing; all their names begin with "sandbox_". The database stays
// the caller's to close, and is asked on connections of the rail's own: no call takes
// part in a transaction of anybody else's. The clock says when transfers are made.
//
// PostgreSQL is opened as usual, with github.com/jackc/pgx/v5/stdlib. SQLite, with
// modernc.org/sqlite, wants to wait for other writers:
//
//	sql.Open("sqlite", "file:rail.db?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate")
func Open(ctx context.Context, db *sql.DB, clock escrow.Clock, options ...Option) (*Rail, error) {
	r := &Rail{db: db, clock: clock, sleep: sleep}
	for _, option := range options {
		option(r)
	}
	if err := createTables(ctx, db); err != nil {
		return nil, err
	}
	return r, nil
}

// sleep waits on the wall clock.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// request is a call as it goes over the network, and as one that arrives later is kept.
type request struct {
	Operation             Operation
	ID                    string
	Contract, Account, Of string
	Asset                 escrow.Asset `json:",omitzero"`
	Amount                escrow.Amount
	Proof                 json.RawMessage
}

// Hold implements escrowrun.Rail.
func (r *Rail) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	return r.ask(ctx, request{Operation: HoldCall, ID: h.ID, Contract: h.Contract, Account: h.Payer, Asset: h.Asset, Amount: h.Amount, Proof: h.Proof})
}

// Capture implements escrowrun.Rail.
func (r *Rail) Capture(ctx context.Context, id string) (escrowrun.Transfer, error) {
	return r.ask(ctx, request{Operation: CaptureCall, ID: id})
}

// Void implements escrowrun.Rail.
func (r *Rail) Void(ctx context.Context, id string) (escrowrun.Transfer, error) {
	return r.ask(ctx, request{Operation: VoidCall, ID: id})
}

// Pay implements escrowrun.Rail. It is refused as overdrawn when the contract has less
// left than its amount.
func (r *Rail) Pay(ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	return r.ask(ctx, request{Operation: PayCall, ID: p.ID, Contract: p.Contract, Account: p.To, Of: p.Of, Asset: p.Asset, Amount: p.Amount})
}

// Refund implements escrowrun.Rail. It is refused as overdrawn when the contract or the
// hold has less left than its amount.
func (r *Rail) Refund(ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	return r.ask(ctx, request{Operation: RefundCall, ID: p.ID, Contract: p.Contract, Account: p.To, Of: p.Of, Asset: p.Asset, Amount: p.Amount})
}

// Lookup implements escrowrun.Rail.
func (r *Rail) Lookup(ctx context.Context, id string) (escrowrun.Transfer, error) {
	return r.ask(ctx, request{Operation: LookupCall, ID: id})
}

// List implements escrowrun.Rail. Transfers of one instant come in the order of their
// ids. No connection is held while the caller looks at one.
func (r *Rail) List(ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	return func(yield func(escrowrun.Transfer, error) bool) {
		if _, err := r.ask(ctx, request{Operation: ListCall}); err != nil {
			yield(escrowrun.Transfer{}, err)
			return
		}
		after := position{at: instant(since)}
		for {
			page, err := listed(ctx, r.db, after)
			if err != nil {
				yield(escrowrun.Transfer{}, err)
				return
			}
			for _, t := range page {
				if !yield(t, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			last := page[len(page)-1]
			after = position{at: instant(last.At), id: last.ID}
		}
	}
}
