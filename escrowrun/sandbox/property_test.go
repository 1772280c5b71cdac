package sandbox_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

// walk is a random sequence of calls on a rail, and what was seen of it before each.
type walk struct {
	rail   *sandbox.Rail
	before map[string]escrowrun.Transfer
}

// askRandomly makes one call: the ids are few, so that they are asked again and again,
// and mostly stand for the same.
func (w *walk) askRandomly(t *rapid.T) {
	ctx := context.Background()
	n := rapid.IntRange(0, 3).Draw(t, "n")
	units := escrow.Units(uint64(10 * (n + 1)))
	if rapid.IntRange(0, 9).Draw(t, "other") == 0 {
		units = escrow.Units(7)
	}
	contract := fmt.Sprint("sale-", n%2)
	h := escrowrun.Hold{ID: fmt.Sprint("h", n), Contract: contract, Payer: "acct_b", Asset: euro, Amount: units}
	p := escrowrun.Payment{ID: fmt.Sprint("p", rapid.IntRange(0, 5).Draw(t, "payment")), Contract: contract, To: "acct_s", Asset: euro, Amount: units}
	var err error
	switch rapid.IntRange(0, 5).Draw(t, "call") {
	case 0:
		if rapid.Bool().Draw(t, "proof") {
			h.Proof = []byte(`1`)
		}
		_, err = w.rail.Hold(ctx, h)
	case 1:
		_, err = w.rail.Capture(ctx, h.ID)
	case 2:
		if rapid.IntRange(0, 3).Draw(t, "void") == 0 {
			_, err = w.rail.Void(ctx, h.ID)
		}
	case 3:
		_, err = w.rail.Pay(ctx, p)
	case 4:
		p.ID, p.To, p.Of = "r"+p.ID, "acct_b", h.ID
		_, err = w.rail.Refund(ctx, p)
	case 5:
		_, err = w.rail.Lookup(ctx, h.ID)
	}
	if escrowrun.Unknown(err) && !errors.Is(err, sandbox.ErrNoAnswer) {
		t.Fatalf("the rail itself failed: %v", err)
	}
}

// follows are the states that a transfer may go on to.
var follows = map[escrowrun.TransferState][]escrowrun.TransferState{
	escrowrun.NeedsAction: {escrowrun.Held, escrowrun.Voided, escrowrun.Captured, escrowrun.Refused},
	escrowrun.Held:        {escrowrun.Captured, escrowrun.Voided, escrowrun.Refused},
}

// look checks what the rail has become, on a rail of the same database without faults.
func (w *walk) look(t *rapid.T, calm *sandbox.Rail) {
	now := map[string]escrowrun.Transfer{}
	for x, err := range calm.List(context.Background(), start) {
		require.NoError(t, err)
		require.NotContains(t, now, x.ID, "an id has two effects")
		now[x.ID] = x
	}
	for id, old := range w.before {
		is := now[id]
		if is.State != old.State {
			require.Contains(t, follows[old.State], is.State, "%s was %s", id, old.State)
		}
		is.State, is.Reason, is.Challenge = old.State, old.Reason, old.Challenge
		require.Equal(t, old, is, "an id stands for something else")
	}
	w.checkMoney(t, calm, now)
	w.checkOverdrawn(t, calm, now)
	w.before = now
}

// inCustody is what is left of a contract, or of one hold of it, by the transfers.
func inCustody(of map[string]escrowrun.Transfer, contract, hold string) int64 {
	var sum int64
	for _, x := range of {
		units, _ := x.Amount.Uint64()
		switch {
		case x.Contract != contract, hold != "" && x.ID != hold && x.Of != hold:
		case x.State == escrowrun.Captured:
			sum += int64(units)
		case x.State == escrowrun.Paid:
			sum -= int64(units)
		}
	}
	return sum
}

// checkMoney wants balances to add up to nothing, none of a contract to be negative,
// and each to be what the transfers say.
func (w *walk) checkMoney(t *rapid.T, calm *sandbox.Rail, now map[string]escrowrun.Transfer) {
	all, err := calm.Balances(context.Background())
	require.NoError(t, err)
	sum := new(big.Int)
	for _, b := range all {
		sum.Add(sum, b.Units)
		if b.Contract != "" {
			require.GreaterOrEqual(t, b.Units.Sign(), 0, "%s is overdrawn", b.Contract)
			require.Equal(t, inCustody(now, b.Contract, ""), b.Units.Int64(), b.Contract)
		}
	}
	require.Zero(t, sum.Sign(), "balances add up to %s", sum)
	for _, x := range now {
		if x.Kind == escrowrun.HoldKind && x.State == escrowrun.Captured {
			require.GreaterOrEqual(t, inCustody(now, x.Contract, x.ID), int64(0), "%s is refunded beyond its amount", x.ID)
		}
	}
}

// checkOverdrawn wants what is new and overdrawn to be more than there was, and what is
// new and paid to be no more. Of requests that arrived later with another one there is
// no telling what was there in between.
func (w *walk) checkOverdrawn(t *rapid.T, calm *sandbox.Rail, now map[string]escrowrun.Transfer) {
	overdrawn, err := calm.Overdrawn(context.Background())
	require.NoError(t, err)
	changed := 0
	for id, x := range now {
		if old, ok := w.before[id]; !ok || old.State != x.State {
			changed++
		}
	}
	for _, x := range overdrawn {
		if _, old := w.before[x.ID]; old || changed > 1 {
			continue
		}
		units, _ := x.Amount.Uint64()
		left := inCustody(w.before, x.Contract, "")
		if x.Of != "" {
			left = min(left, inCustody(w.before, x.Contract, x.Of))
		}
		require.Greater(t, int64(units), left, "%s was there to be paid", x.ID)
	}
}

func TestWhateverGoesWrongMoneyAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		db, err := sql.Open("sqlite", ":memory:")
		require.NoError(t, err)
		defer func() { _ = db.Close() }()
		db.SetMaxOpenConns(1)
		faults := sandbox.RandomFaults(rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom([]int{0, 100, 500}).Draw(t, "per thousand"))
		faults.RefuseCaptures = rapid.Bool().Draw(t, "captures are refused")
		options := []sandbox.Option{sandbox.WithFaults(faults), sandbox.WithSleep(noSleep)}
		if rapid.Bool().Draw(t, "without holds") {
			options = append(options, sandbox.WithoutHolds())
		}
		clock := &ticking{now: start}
		r, err := sandbox.Open(context.Background(), db, clock, options...)
		require.NoError(t, err)
		calm, err := sandbox.Open(context.Background(), db, clock)
		require.NoError(t, err)
		w := &walk{rail: r, before: map[string]escrowrun.Transfer{}}
		for range rapid.IntRange(1, 40).Draw(t, "calls") {
			w.askRandomly(t)
			if rapid.Bool().Draw(t, "look") {
				w.look(t, calm)
			}
		}
		w.look(t, calm)
	})
}
