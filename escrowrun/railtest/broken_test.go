package railtest_test

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/railtest"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

// broken is a rail that does one thing wrong. What is nil is done right.
type broken struct {
	escrowrun.Rail
	hold    func(escrowrun.Rail, context.Context, escrowrun.Hold) (escrowrun.Transfer, error)
	capture func(escrowrun.Rail, context.Context, string) (escrowrun.Transfer, error)
	void    func(escrowrun.Rail, context.Context, string) (escrowrun.Transfer, error)
	pay     func(escrowrun.Rail, context.Context, escrowrun.Payment) (escrowrun.Transfer, error)
	refund  func(escrowrun.Rail, context.Context, escrowrun.Payment) (escrowrun.Transfer, error)
	lookup  func(escrowrun.Rail, context.Context, string) (escrowrun.Transfer, error)
	list    func(escrowrun.Rail, context.Context, time.Time) iter.Seq2[escrowrun.Transfer, error]
}

func (b broken) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	if b.hold != nil {
		return b.hold(b.Rail, ctx, h)
	}
	return b.Rail.Hold(ctx, h)
}

func (b broken) Capture(ctx context.Context, id string) (escrowrun.Transfer, error) {
	if b.capture != nil {
		return b.capture(b.Rail, ctx, id)
	}
	return b.Rail.Capture(ctx, id)
}

func (b broken) Void(ctx context.Context, id string) (escrowrun.Transfer, error) {
	if b.void != nil {
		return b.void(b.Rail, ctx, id)
	}
	return b.Rail.Void(ctx, id)
}

func (b broken) Pay(ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	if b.pay != nil {
		return b.pay(b.Rail, ctx, p)
	}
	return b.Rail.Pay(ctx, p)
}

func (b broken) Refund(ctx context.Context, p escrowrun.Payment) (escrowrun.Transfer, error) {
	if b.refund != nil {
		return b.refund(b.Rail, ctx, p)
	}
	return b.Rail.Refund(ctx, p)
}

func (b broken) Lookup(ctx context.Context, id string) (escrowrun.Transfer, error) {
	if b.lookup != nil {
		return b.lookup(b.Rail, ctx, id)
	}
	return b.Rail.Lookup(ctx, id)
}

func (b broken) List(ctx context.Context, since time.Time) iter.Seq2[escrowrun.Transfer, error] {
	if b.list != nil {
		return b.list(b.Rail, ctx, since)
	}
	return b.Rail.List(ctx, since)
}

// brokenRails are rails that do one thing wrong, each with a law that it must be found
// to break.
var brokenRails = map[string]struct {
	law  string
	rail broken
}{
	"forgets that it has held": {"a hold asked for again is the same hold", broken{hold: holdsAnew}},
	"pays twice":               {"a payment asked for again is the same payment", broken{pay: paysTwice}},
	"pays twice at once":       {"identical calls at once have one effect", broken{pay: paysTwice}},
	"pays another amount":      {"one smallest unit is moved exactly", broken{pay: paysOneMore}},
	"answers other content":    {"an id stands for one hold only", broken{hold: holdsAnything}},
	"answers other payments":   {"an id stands for one payment only", broken{pay: paysAnything}},
	"refunds above the hold":   {"a refund of more than the hold is refused", broken{refund: refundsAlways}},
	"refunds what is held":     {"what is not captured is not given back", broken{refund: refundsAlways}},
	"captures what is voided":  {"what is let go is never captured", broken{capture: capturesAlways}},
	"refuses what is captured": {"a capture asked for again is the same capture", broken{capture: capturesOnce}},
	"voids what is captured":   {"what is captured is not let go", broken{void: voidsAlways}},
	"loses from its list":      {"a hold asked for again is the same hold", broken{list: losesHolds}},
	"lists from just after":    {"a list begins with the very instant", broken{list: listsAfter}},
	"lists without an end":     {"a list begins with the very instant", broken{list: listsAll}},
	"knows every id":           {"an unknown id is known to be unknown", broken{lookup: knowsAll}},
	"does not know its errors": {"an unknown id is known to be unknown", broken{lookup: knowsNothing}},
	"does not hear the end":    {"a context that has ended is an error and leaves nothing half done", broken{pay: paysAfterTheEnd}},
	"passes without proof":     {"a hold waits for its payer's action, and proof passes it", broken{hold: holdsWithProof}},
	"forgets its refusals":     {"what was refused stays refused", broken{hold: holdsOnSecondAsking()}},
}

func TestBrokenRailsAreFound(t *testing.T) {
	for name, b := range brokenRails {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, railtest.Laws(), b.law)
			b.rail.Rail = newSandbox(t)
			assert.NoError(t, railtest.TryLaw(t.Context(), b.rail.Rail, b.law, offered...), "the rail under it")
			err := railtest.TryLaw(t.Context(), b.rail, b.law, offered...)
			assert.Error(t, err)
			t.Log(err)
		})
	}
}

func TestARailThatIsNotBrokenIsNotFound(t *testing.T) {
	assert.Empty(t, railtest.Try(t.Context(), broken{Rail: newSandbox(t)}, offered...))
}

func TestWhatIsNotKnownIsAskedAgain(t *testing.T) {
	asked := 0
	flaky := broken{Rail: newSandbox(t), lookup: func(r escrowrun.Rail, ctx context.Context, id string) (escrowrun.Transfer, error) {
		if asked++; asked%3 != 0 {
			return escrowrun.Transfer{}, errors.New("connection reset")
		}
		return r.Lookup(ctx, id)
	}}
	assert.Empty(t, railtest.Try(t.Context(), flaky, railtest.Attempts(3)))
	assert.NotEmpty(t, railtest.Try(t.Context(), flaky, railtest.Attempts(2)))
}

// offered are the payers with whom the sandbox of the tests shows all that it can.
var offered = []railtest.Option{railtest.Challenged("acct_ask", []byte(`1`)), railtest.Declined("acct_poor")}

func newSandbox(t *testing.T) escrowrun.Rail {
	db, err := sql.Open("sqlite", ":memory:")
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	rail, err := sandbox.Open(t.Context(), db, &ticking{}, sandbox.WithFaults(sandbox.Faults{Choose: payers}))
	require.NoError(t, err)
	return rail
}

// ticking is a clock that goes on by a nanosecond whenever it is asked.
type ticking struct{ asked atomic.Int64 }

func (c *ticking) Now() time.Time {
	return time.Date(2026, 6, 1, 9, 0, 0, int(c.asked.Add(1)), time.UTC)
}

func payers(c sandbox.Call) sandbox.Fault {
	if c.Operation == sandbox.HoldCall {
		return sandbox.Fault{Kind: map[string]sandbox.FaultKind{"acct_ask": sandbox.AskPayer, "acct_poor": sandbox.Refuse}[c.Account]}
	}
	return sandbox.Fault{}
}
