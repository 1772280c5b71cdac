package x402_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// witness is a rail that remembers which payment each hold was settled with.
type witness struct {
	escrowrun.Rail
	settled map[string]x402.Authorization
	odd     []string
}

func (w *witness) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	var p x402.Payment
	if err := json.Unmarshal(h.Proof, &p); err != nil {
		w.odd = append(w.odd, h.ID+" without a payment")
	}
	a := p.Authorization
	if before, again := w.settled[h.ID]; again && before != a {
		w.odd = append(w.odd, h.ID+" by two payments")
	}
	for id, other := range w.settled {
		if id != h.ID && other.From == a.From && other.Nonce == a.Nonce {
			w.odd = append(w.odd, "one payment for "+id+" and "+h.ID)
		}
	}
	if a.From.String() != h.Payer || a.Value != h.Amount || a.To != platform {
		w.odd = append(w.odd, h.ID+" by a payment of something else")
	}
	w.settled[h.ID] = a
	return w.Rail.Hold(ctx, h)
}

// TestWhateverIsAskedInWhateverOrder: on a bad network, with rails that come and go, a
// payment settles one hold, a hold is settled by one payment that is its own, and what
// the rail says is captured is what has been collected.
func TestWhateverIsAskedInWhateverOrder(t *testing.T) {
	own, _, err := escrowsql.Connect(sqltest.SQLite(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = own.Close() })
	money, _, err := escrowsql.Connect(sqltest.SQLite(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = money.Close() })
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		c := &clock{now: noon}
		seed := rapid.Uint64().Draw(t, "seed")
		calm, err := sandbox.Open(ctx, money, c, sandbox.WithoutHolds())
		require.NoError(t, err)
		bad, err := sandbox.Open(ctx, money, c, sandbox.WithoutHolds(), sandbox.WithSleep(func(context.Context, time.Duration) {}),
			sandbox.WithFaults(sandbox.Faults{Choose: func(call sandbox.Call) sandbox.Fault { return fault(seed, call) }}))
		require.NoError(t, err)
		w := &witness{Rail: bad, settled: map[string]x402.Authorization{}}
		var rail *x402.Rail
		open := func() {
			rail, err = x402.Open(ctx, own, w, x402.Config{Network: x402.Base, PayTo: platform, Clock: c})
			require.NoError(t, err)
		}
		open()
		name := func(kind string, n int) string {
			return fmt.Sprintf("%s-%d-%d", kind, run, rapid.IntRange(0, n-1).Draw(t, kind))
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			id, who := name("hold", 3), rapid.SampledFrom([]string{"payer", "stranger"}).Draw(t, "who")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				open()
			case 1:
				c.add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			case 2:
				_, _ = rail.Void(ctx, id)
			case 3:
				_, _ = rail.Capture(ctx, id)
			default:
				h := escrowrun.Hold{ID: id, Contract: fmt.Sprint("c", run), Payer: account(who), Asset: usdc, Amount: escrow.Units(uint64(rapid.IntRange(1, 2).Draw(t, "amount")))}
				q := quote(uint64(rapid.IntRange(1, 2).Draw(t, "paid")))
				h.Proof, _ = json.Marshal(x402.Pay(keyOf(rapid.SampledFrom([]string{"payer", "stranger"}).Draw(t, "signer")), q, 1, nonceOf(name("nonce", 3)), c.Now()))
				if rapid.IntRange(0, 3).Draw(t, "bare") == 0 {
					h.Proof = nil
				}
				_, _ = rail.Hold(ctx, h)
			}
			require.Empty(t, w.odd)
		}
		for range 5 {
			_, _ = calm.Lookup(ctx, "none") // what is on its way arrives
		}
		w.Rail = calm
		for n := range 3 {
			id := fmt.Sprintf("hold-%d-%d", run, n)
			told, err := rail.Lookup(ctx, id)
			is, missing := calm.Lookup(ctx, id)
			assert.Equal(t, err == nil && told.State == escrowrun.Captured, missing == nil && is.State == escrowrun.Captured, id)
		}
	})
}

// fault is what goes wrong with a call in a run of a seed.
func fault(seed uint64, c sandbox.Call) sandbox.Fault {
	sum := nonceOf(fmt.Sprint(seed, c.Operation, c.ID, c.Count))
	kinds := []sandbox.FaultKind{sandbox.NoFault, sandbox.NoFault, sandbox.NoFault, sandbox.Twice, sandbox.AnswerLost, sandbox.RequestLost, sandbox.ArrivesLater, sandbox.Refuse}
	return sandbox.Fault{Kind: kinds[sum[0]%8], After: int(sum[1] % 3)}
}
