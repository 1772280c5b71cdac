package x402_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/railtest"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/marketplace/x402"
)

// rails is a rail and the sandbox by which it moves the money, each on a database of its
// own.
type rails struct {
	*x402.Rail
	inner *sandbox.Rail
	clock *clock
}

func open(t testing.TB, own, money string, options ...sandbox.Option) rails {
	c := &clock{now: noon}
	return rails{clock: c, inner: innerOf(t, money, c, append(options, sandbox.WithoutHolds())...)}.with(t, own)
}

func innerOf(t testing.TB, address string, c escrow.Clock, options ...sandbox.Option) *sandbox.Rail {
	db, _, err := escrowsql.Connect(address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	options = append([]sandbox.Option{sandbox.WithSleep(func(context.Context, time.Duration) {})}, options...)
	inner, err := sandbox.Open(ctx, db, c, options...)
	require.NoError(t, err)
	return inner
}

func (r rails) with(t testing.TB, own string) rails {
	db, _, err := escrowsql.Connect(own)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	r.Rail, err = x402.Open(ctx, db, r.inner, x402.Config{Network: x402.Base, PayTo: platform, Clock: r.clock})
	require.NoError(t, err)
	return r
}

// each runs a test on each kind of database.
func each(t *testing.T, test func(t *testing.T, r rails), options ...sandbox.Option) {
	sqltest.Each(t, func(t *testing.T, address string) {
		money := filepath.Join(t.TempDir(), "money.db")
		if strings.HasPrefix(address, "postgres") {
			money = sqltest.Postgres(t)
		}
		test(t, open(t, address, money, options...))
	})
}

// signing is a rail whose payers sign whatever they are asked for.
type signing struct {
	*x402.Rail
	clock escrow.Clock
}

func (s signing) Hold(ctx context.Context, h escrowrun.Hold) (escrowrun.Transfer, error) {
	t, err := s.Rail.Hold(ctx, h)
	if err != nil || t.State != escrowrun.NeedsAction || h.Payer == asksPayer || len(h.Proof) > 0 {
		return t, err
	}
	var q x402.Quote
	if err := json.Unmarshal(t.Challenge, &q); err != nil {
		return t, err
	}
	for _, name := range []string{"payer", "stranger"} {
		if key := keyOf(name); strings.EqualFold(x402.AddressOf(key).String(), h.Payer) {
			h.Proof, err = json.Marshal(x402.Pay(key, q, 1, nonceOf(h.ID), s.clock.Now()))
			if err != nil {
				return t, err
			}
		}
	}
	return s.Rail.Hold(ctx, h)
}

// asksPayer has to be asked for a signature by the suite itself.
var asksPayer = x402.AddressOf(keyOf("asked")).String()

func TestRailKeepsTheLaws(t *testing.T) {
	most, err := escrow.AmountOf(new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil))
	require.NoError(t, err)
	options := func(r rails) []railtest.Option {
		proof, err := json.Marshal(x402.Pay(keyOf("asked"), quote(1000), 1, nonceOf("asked"), noon))
		require.NoError(t, err)
		return []railtest.Option{railtest.Asset(usdc), railtest.Accounts(payer.String(), stranger.String()), railtest.Greatest(most),
			railtest.Challenged(asksPayer, proof), railtest.Declined("acct_without_address")}
	}
	t.Run("calm", func(t *testing.T) {
		each(t, func(t *testing.T, r rails) { railtest.Run(t, signing{r.Rail, r.clock}, options(r)...) })
	})
	t.Run("over a rail with holds", func(t *testing.T) {
		sqltest.Each(t, func(t *testing.T, address string) {
			c := &clock{now: noon}
			r := rails{clock: c, inner: innerOf(t, sqltest.SQLite(t), c)}.with(t, address)
			railtest.Run(t, signing{r.Rail, r.clock}, options(r)...)
		})
	})
	bad := func(c sandbox.Call) sandbox.Fault {
		if c.Count%2 == 0 {
			return sandbox.Fault{}
		}
		kinds := []sandbox.FaultKind{sandbox.Twice, sandbox.AnswerLost, sandbox.RequestLost, sandbox.ArrivesLater, sandbox.Late}
		return sandbox.Fault{Kind: kinds[(len(c.ID)+len(c.Operation)+c.Count/2)%len(kinds)], After: c.Count % 3}
	}
	t.Run("on a bad network", func(t *testing.T) {
		each(t, func(t *testing.T, r rails) {
			railtest.Run(t, signing{r.Rail, r.clock}, append(options(r), railtest.Attempts(20))...)
		}, sandbox.WithFaults(sandbox.Faults{Choose: bad}))
	})
}

// hold is a hold of so many units of the payer's.
func hold(id string, units uint64) escrowrun.Hold {
	return escrowrun.Hold{ID: id, Contract: "c1", Payer: payer.String(), Asset: usdc, Amount: escrow.Units(units)}
}

// proof is a payment of so many units, signed by the payer.
func proof(t testing.TB, units uint64, nonce string) json.RawMessage {
	text, err := json.Marshal(x402.Pay(keyOf("payer"), quote(units), 1, nonceOf(nonce), noon))
	require.NoError(t, err)
	return text
}

// collected is how much the sandbox has collected for a contract, in units.
func (r rails) collected(t testing.TB, contract string) string {
	all, err := r.inner.Balances(ctx)
	require.NoError(t, err)
	for _, b := range all {
		if b.Contract == contract {
			return b.Units.String()
		}
	}
	return "0"
}

func (r rails) ask(t testing.TB, h escrowrun.Hold) escrowrun.Transfer {
	out, err := r.Hold(ctx, h)
	require.NoError(t, err)
	return out
}

func TestQuoteIsTheChallenge(t *testing.T) {
	each(t, func(t *testing.T, r rails) {
		asked := r.ask(t, hold("h", 100))
		require.Equal(t, escrowrun.NeedsAction, asked.State)
		var q x402.Quote
		require.NoError(t, json.Unmarshal(asked.Challenge, &q))
		want, err := r.Quote(hold("h", 100))
		require.NoError(t, err)
		assert.Equal(t, want, q)
		assert.Equal(t, "escrow c1", q.Description)
		assert.Equal(t, "0", r.collected(t, "c1"))
	})
}

// TestOneAuthorizationPaysOnce: under its hold it is the same, under another it is
// refused, and nothing else is collected by it.
func TestOneAuthorizationPaysOnce(t *testing.T) {
	each(t, func(t *testing.T, r rails) {
		first, second := hold("first", 100), hold("second", 100)
		first.Proof = proof(t, 100, "n")
		second.Proof = first.Proof
		paid := r.ask(t, first)
		assert.Equal(t, escrowrun.Captured, paid.State)
		assert.Equal(t, paid, r.ask(t, first))
		refused := r.ask(t, second)
		assert.Equal(t, escrowrun.Refused, refused.State)
		assert.Equal(t, x402.ReasonNonceUsed, refused.Reason)
		second.Proof = proof(t, 100, "another")
		assert.Equal(t, refused, r.ask(t, second), "what was refused stays refused")
		assert.Equal(t, "100", r.collected(t, "c1"))

		found, err := r.Paid(ctx, first.Proof)
		require.NoError(t, err)
		assert.Equal(t, paid, found)
		_, err = r.Paid(ctx, second.Proof)
		assert.ErrorIs(t, err, escrowrun.ErrNoTransfer)
	})
}

// TestOneAuthorizationPaysOnceAtOnce: of many holds that show it at once, one is paid.
func TestOneAuthorizationPaysOnceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, r rails) {
		shown := proof(t, 100, "n")
		states := make([]escrowrun.TransferState, 8)
		var all sync.WaitGroup
		for i := range states {
			all.Go(func() {
				h := hold(fmt.Sprint("h", i/2), 100)
				h.Proof = shown
				out, err := r.Hold(ctx, h)
				if assert.NoError(t, err) {
					states[i] = out.State
				}
			})
		}
		all.Wait()
		count := map[escrowrun.TransferState]int{}
		for _, s := range states {
			count[s]++
		}
		assert.Equal(t, map[escrowrun.TransferState]int{escrowrun.Captured: 2, escrowrun.Refused: 6}, count)
		assert.Equal(t, "100", r.collected(t, "c1"))
	})
}

// TestProofsAreJudged: what does not pay the hold is refused with its word, for good, and
// nothing is collected. An authorization that was refused is not used up.
func TestProofsAreJudged(t *testing.T) {
	forged := x402.Pay(keyOf("stranger"), quote(100), 1, nonceOf("forged"), noon)
	forged.Authorization.From = payer
	old := x402.Pay(keyOf("payer"), quote(100), 1, nonceOf("old"), noon.Add(-time.Hour))
	others := x402.Pay(keyOf("stranger"), quote(100), 1, nonceOf("others"), noon)
	cases := map[string]struct {
		proof any
		want  string
	}{
		"more":           {x402.Pay(keyOf("payer"), quote(101), 1, nonceOf("more"), noon), x402.ReasonValue},
		"forged":         {forged, x402.ReasonSignature},
		"old":            {old, x402.ReasonValidBefore},
		"another payer":  {others, x402.ReasonPayer},
		"something else": {"yes", x402.ReasonPayload},
		"nothing":        {nil, x402.ReasonVersion},
	}
	each(t, func(t *testing.T, r rails) {
		for name, c := range cases {
			h := hold(name, 100)
			var err error
			h.Proof, err = json.Marshal(c.proof)
			require.NoError(t, err)
			out := r.ask(t, h)
			assert.Equal(t, escrowrun.Refused, out.State, name)
			assert.Equal(t, c.want, out.Reason, name)
		}
		assert.Equal(t, "0", r.collected(t, "c1"))
		h := hold("its own", 100)
		h.Payer = stranger.String()
		h.Proof, _ = json.Marshal(others)
		assert.Equal(t, escrowrun.Captured, r.ask(t, h).State)
	})
}

// TestWhatIsNotUSDCIsRefused: by name, and never asked of the rail that moves money.
func TestWhatIsNotUSDCIsRefused(t *testing.T) {
	r := open(t, sqltest.SQLite(t), sqltest.SQLite(t))
	for name, c := range map[string]struct {
		change func(*escrowrun.Hold)
		want   string
	}{
		"euros":            {func(h *escrowrun.Hold) { h.Asset.Code = "EUR" }, x402.ReasonAsset},
		"finer than USDC":  {func(h *escrowrun.Hold) { h.Asset.Scale = 7 }, x402.ReasonAsset},
		"no address":       {func(h *escrowrun.Hold) { h.Payer = "acct_b" }, x402.ReasonPayerAddress},
		"more than enough": {func(h *escrowrun.Hold) { h.Asset.Scale, h.Amount = 0, most(t) }, x402.ReasonAmount},
		"nothing":          {func(h *escrowrun.Hold) { h.Amount = escrow.Amount{} }, x402.ReasonAmount},
	} {
		h := hold(name, 100)
		c.change(&h)
		out := r.ask(t, h)
		assert.Equal(t, escrowrun.Refused, out.State, name)
		assert.Equal(t, c.want, out.Reason, name)
	}
	cents := hold("cents", 100)
	cents.Asset.Scale, cents.Proof = 2, proof(t, 1_000_000, "cents")
	assert.Equal(t, escrowrun.Captured, r.ask(t, cents).State, "a hundredth is 10000 units")
	out, err := r.Pay(ctx, escrowrun.Payment{ID: "euros out", Contract: "c1", To: "acct", Asset: escrow.Asset{Code: "EUR", Scale: 2}, Amount: escrow.Units(1)})
	require.NoError(t, err)
	assert.Equal(t, x402.ReasonAsset, out.Reason)
}

func most(t testing.TB) escrow.Amount {
	a, err := escrow.AmountOf(new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil))
	require.NoError(t, err)
	return a
}

// TestAddressesOfEitherCase: an account is the same in capitals.
func TestAddressesOfEitherCase(t *testing.T) {
	r := open(t, sqltest.SQLite(t), sqltest.SQLite(t))
	h := hold("h", 100)
	h.Payer = strings.ToLower(h.Payer)
	require.Equal(t, escrowrun.NeedsAction, r.ask(t, h).State)
	h.Payer, h.Proof = payer.String(), proof(t, 100, "n")
	assert.Equal(t, escrowrun.Captured, r.ask(t, h).State)
}

// TestUnknownSettlement: while nobody knows whether the payment is settled the answer is
// an error; the same hold goes on with the payment that was stored, though it is too old
// to be judged again by then.
func TestUnknownSettlement(t *testing.T) {
	for _, lost := range []sandbox.FaultKind{sandbox.AnswerLost, sandbox.RequestLost} {
		t.Run(string(lost), func(t *testing.T) {
			faults := sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
				if c.Operation == sandbox.HoldCall && c.Count == 1 {
					return sandbox.Fault{Kind: lost}
				}
				return sandbox.Fault{}
			}})
			each(t, func(t *testing.T, r rails) {
				h := hold("h", 100)
				h.Proof = proof(t, 100, "n")
				_, err := r.Hold(ctx, h)
				require.True(t, escrowrun.Unknown(err))
				other := hold("other", 100)
				other.Proof = h.Proof
				assert.Equal(t, x402.ReasonNonceUsed, r.ask(t, other).Reason, "it is bound before it is settled")
				r.clock.add(time.Hour)
				h.Proof = nil
				assert.Equal(t, escrowrun.Captured, r.ask(t, h).State)
				assert.Equal(t, "100", r.collected(t, "c1"))
			}, faults)
		})
	}
}

// TestWhatTheInnerRailHasBesides: its own transfers are listed, in order.
func TestWhatTheInnerRailHasBesides(t *testing.T) {
	each(t, func(t *testing.T, r rails) {
		want := []string{"a", "b", "c", "d"}
		for i, id := range want {
			r.clock.add(time.Second)
			if i%2 == 0 {
				_, err := r.inner.Hold(ctx, hold(id, 1))
				require.NoError(t, err)
				continue
			}
			h := hold(id, 100)
			h.Proof = proof(t, 100, id)
			require.Equal(t, escrowrun.Captured, r.ask(t, h).State)
		}
		var ids []string
		for x, err := range r.List(ctx, noon) {
			require.NoError(t, err)
			found, err := r.Lookup(ctx, x.ID)
			require.NoError(t, err)
			assert.Equal(t, found, x)
			ids = append(ids, x.ID)
		}
		assert.Equal(t, want, ids)
		captured, err := r.Capture(ctx, "a")
		require.NoError(t, err)
		assert.Equal(t, escrowrun.Captured, captured.State)
	})
}
