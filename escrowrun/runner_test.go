package escrowrun_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/purchase"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWithdrawal: what a documented withdrawal moves arrives, by refunds as far as the
// payer has holds of its own.
func TestWithdrawal(t *testing.T) {
	for name, options := range map[string][]sandbox.Option{"holds": nil, "no holds": {sandbox.WithoutHolds()}} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, s *shop) {
				s.found(t, "c1", "0xWorker")
				s.do(t, "c1", opencontract.Accept{}.Command(), worker)
				s.do(t, "c1", opencontract.Withdraw{}.Command(), worker)
				s.settle(t)
				assert.Equal(t, map[string]string{"0xClient": "0.75", "0xWorker": "-0.75"}, s.balances(t))
				kinds := map[escrowsql.PaymentKind]int{}
				payments, err := s.Store.PaymentsOf(ctx, "c1")
				require.NoError(t, err)
				for _, p := range payments {
					assert.Equal(t, escrowsql.PaymentDone, p.State)
					kinds[p.Kind]++
				}
				assert.Equal(t, map[escrowsql.PaymentKind]int{escrowsql.Capture: 2, escrowsql.Refund: 2, escrowsql.Pay: 1}, kinds)
				s.sound(t)
			}, options...)
		})
	}
}

// TestKey: asked again under its key, a request is answered by the same bytes and done
// once.
func TestKey(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1", "0xWorker")
		first := s.do(t, "c1", opencontract.Accept{}.Command(), worker)
		again := s.do(t, "c1", opencontract.Accept{}.Command(), worker)
		assert.True(t, again.Replayed)
		assert.Equal(t, string(first.Body), string(again.Body))
		assert.Equal(t, first.Status, again.Status)

		_, err := s.Do(ctx, "c1", opencontract.Withdraw{}.Command(), worker, "c1-accept")
		require.ErrorIs(t, err, escrowsql.ErrKeyReused)

		// A refusal about the contract is kept, too; one about the request is not.
		refused := func(command escrow.Command, key string) (escrowrun.Answer, *escrow.Error) {
			a, err := s.Do(ctx, "c1", command, worker, key)
			var refusal *escrow.Error
			require.ErrorAs(t, err, &refusal)
			return a, refusal
		}
		a, refusal := refused(opencontract.Accept{}.Command(), "late")
		assert.Equal(t, escrow.WrongStatus, refusal.Reason())
		b, same := refused(opencontract.Accept{}.Command(), "late")
		assert.True(t, b.Replayed)
		assert.Equal(t, string(a.Body), string(b.Body))
		assert.Equal(t, refusal.Reason(), same.Reason())
		a, _ = refused(opencontract.Deliver{Delivery: " "}.Command(), "blank")
		assert.Equal(t, http.StatusBadRequest, a.Status)
		b, _ = refused(opencontract.Deliver{Delivery: " "}.Command(), "blank")
		assert.False(t, b.Replayed)

		// Many at once under one key do it once.
		var group sync.WaitGroup
		var did, told atomic.Int32
		for range 8 {
			group.Go(func() {
				a, err := s.Do(ctx, "c1", opencontract.Withdraw{}.Command(), worker, "withdraw")
				switch {
				case errors.Is(err, escrowsql.ErrKeyRunning):
				case assert.NoError(t, err) && a.Replayed:
					told.Add(1)
				case err == nil:
					did.Add(1)
				}
			})
		}
		group.Wait()
		assert.EqualValues(t, 1, did.Load())
		s.settle(t)
		s.sound(t)
	})
}

// TestStranger: whoever has nothing to do with a contract learns nothing of it.
func TestStranger(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1", "0xWorker")
		answer := func(id string) string {
			a, err := s.Do(ctx, id, opencontract.Approve{}.Command(), escrow.Agent("0xStranger"), "")
			require.Error(t, err)
			return string(a.Body)
		}
		assert.Equal(t, answer("none"), answer("c1"))
		_, err := s.Found(ctx, task("c1", "0xWorker"), opencontract.Create{}.Command(), escrow.Agent("0xStranger"), "")
		var refusal *escrow.Error
		require.ErrorAs(t, err, &refusal)
		assert.EqualValues(t, "contract_exists", refusal.Reason())
		assert.Nil(t, refusal.Details()["status"])
	})
}

// TestRivals: of ten workers at once one gets the work; the others' stakes are let go.
func TestRivals(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1")
		var group sync.WaitGroup
		var matched atomic.Int32
		for i := range 10 {
			group.Go(func() {
				_, err := s.Do(ctx, "c1", opencontract.Accept{}.Command(), escrow.Agent(fmt.Sprintf("0xWorker%d", i)), "k")
				var refusal *escrow.Error
				if err == nil {
					matched.Add(1)
				} else {
					assert.ErrorAs(t, err, &refusal)
				}
			})
		}
		group.Wait()
		assert.EqualValues(t, 1, matched.Load())
		s.settle(t)
		c, err := s.Store.Find(ctx, "c1")
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"0xClient": "-50", c.Account(opencontract.Worker): "-2.5", "c1": "52.5"}, s.balances(t))
		s.sound(t)
	})
}

// TestNoMoney: a payer whose money is not to be had leaves nothing behind.
func TestNoMoney(t *testing.T) {
	refuse := sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if c.Operation == sandbox.HoldCall && c.Account == "0xClient" {
			return sandbox.Fault{Kind: sandbox.Refuse}
		}
		return sandbox.Fault{}
	}})
	each(t, func(t *testing.T, s *shop) {
		_, err := s.Found(ctx, task("c1"), opencontract.Create{}.Command(), client, "k")
		var payment *escrowrun.PaymentError
		require.ErrorAs(t, err, &payment)
		assert.Equal(t, escrowrun.Refused, payment.Transfer.State)
		assert.Contains(t, err.Error(), "50 of 0xClient cannot be held")
		_, err = s.Store.Find(ctx, "c1")
		require.ErrorIs(t, err, escrowsql.ErrNotFound)
		s.settle(t)
		assert.Empty(t, s.balances(t))
		s.sound(t)
	}, refuse)
}

// TestChallenge: a payer who has to act gets the challenge, and the same request with the
// proof goes on with the same hold.
func TestChallenge(t *testing.T) {
	ask := sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if c.Operation == sandbox.HoldCall && c.Account == "0xClient" {
			return sandbox.Fault{Kind: sandbox.AskPayer}
		}
		return sandbox.Fault{}
	}})
	each(t, func(t *testing.T, s *shop) {
		q := escrowrun.Request{Draft: task("c1"), Command: opencontract.Create{}.Command(), Actor: client, Key: "k"}
		_, err := s.Ask(ctx, q)
		var payment *escrowrun.PaymentError
		require.ErrorAs(t, err, &payment)
		assert.JSONEq(t, `{"sandbox":"confirm"}`, string(payment.Transfer.Challenge))
		s.wall.add(10 * time.Minute)
		done, err := s.Work(ctx)
		require.NoError(t, err)
		assert.Zero(t, done, "the payer has a quarter of an hour")
		q.Proof = json.RawMessage(`{"ok":true}`)
		a, err := s.Ask(ctx, q)
		require.NoError(t, err)
		assert.False(t, a.Replayed)
		intents, err := s.Store.IntentsOf(ctx, "c1")
		require.NoError(t, err)
		assert.Len(t, intents, 1)

		// One who never acts is let go.
		q.Draft, q.Key, q.Proof = task("c2"), "k2", nil
		_, err = s.Ask(ctx, q)
		require.ErrorAs(t, err, &payment)
		s.settle(t)
		intents, err = s.Store.IntentsOf(ctx, "c2")
		require.NoError(t, err)
		assert.Equal(t, escrowsql.IntentVoided, intents[0].State)
		q.Key = ""
		_, err = s.Ask(ctx, q)
		require.ErrorIs(t, err, escrowrun.ErrNoKey)
		s.settle(t)
		s.sound(t)
	}, ask)
}

// TestCarried: a hold whose decision was overtaken pays for the next one.
func TestCarried(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1")
		rival := escrow.Agent("0xRival")
		var once sync.Once
		s.Also = func(ctx context.Context, _ *sql.Tx, d *escrow.Decision) error {
			overtaken := false
			if d.Action == "accept" {
				once.Do(func() { overtaken = true })
			}
			if overtaken {
				return escrowsql.ErrStale // as if the revision had moved on
			}
			return nil
		}
		s.do(t, "c1", opencontract.Accept{}.Command(), rival)
		intents, err := s.Store.IntentsOf(ctx, "c1")
		require.NoError(t, err)
		assert.Len(t, intents, 2, "the deposit and one stake")
		s.settle(t)
		s.sound(t)
	})
}

// TestDeadline: what is due is decided first, at its own instant.
func TestDeadline(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1", "0xWorker")
		s.clock.set(day(2))
		_, err := s.Do(ctx, "c1", opencontract.Accept{}.Command(), worker, "")
		var refusal *escrow.Error
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, escrow.WrongStatus, refusal.Reason())
		history, err := s.Store.History(ctx, "c1", 0, 10)
		require.NoError(t, err)
		require.Len(t, history, 2)
		assert.Equal(t, day(1), history[1].At)
		assert.Equal(t, day(2), history[1].Clock)
		assert.Equal(t, escrow.KindSystem, history[1].Actor.Kind)
		s.settle(t)
		assert.Empty(t, s.balances(t))
		s.sound(t)
	})
}

// TestSlowClock: what is due is applied first, also by a process whose clock is behind
// that of the one which decided last.
func TestSlowClock(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		customer := escrow.Agent("acct_c")
		draft := purchase.Terms{ID: "o1", Customer: "acct_c", Provider: "acct_p", Listing: "a bicycle"}.Draft()
		_, err := s.Found(ctx, draft, purchase.RequestPayment{Total: decimal.NewFromInt(80)}.Command(), customer, "")
		require.NoError(t, err)
		s.do(t, "o1", purchase.ConfirmPayment{}.Command(), customer)
		s.do(t, "o1", purchase.MarkReceived{}.Command(), customer)
		s.clock.add(-time.Second)
		_, err = s.Do(ctx, "o1", escrow.Advance(), escrow.SystemActor(), "")
		var refusal *escrow.Error
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, escrow.NothingDue, refusal.Reason(), "it was due, and applied, before the question")
		c, err := s.Store.Find(ctx, "o1")
		require.NoError(t, err)
		assert.Equal(t, purchase.Completed, c.Status())
	})
}

// TestTimedWork: deadlines, the drawing of a jury and settling are done by themselves.
func TestTimedWork(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1", "0xWorker")
		s.do(t, "c1", opencontract.Accept{}.Command(), worker)
		s.do(t, "c1", opencontract.Deliver{Delivery: "here"}.Command(), worker)
		s.do(t, "c1", opencontract.Dispute{}.Command(), client)
		s.settle(t)
		c, err := s.Store.Find(ctx, "c1")
		require.NoError(t, err)
		assert.Equal(t, []string{"0xAda", "0xBob", "0xCyd"}, opencontract.BackupAgents(c))
		s.clock.set(day(30))
		s.settle(t)
		c, err = s.Store.Find(ctx, "c1")
		require.NoError(t, err)
		assert.True(t, c.IsTerminal())
		events, err := s.Store.Events(ctx, 0, 100)
		require.NoError(t, err)
		assert.EqualValues(t, c.Revision(), len(events))
		assert.NotContains(t, s.balances(t), "c1", "nothing is left with the rail")
		s.sound(t)
	})
}

// TestReview: payouts under review wait for as many people as the policy asks for.
func TestReview(t *testing.T) {
	each(t, func(t *testing.T, s *shop) {
		draft := task("c1", "0xWorker").WithReview(escrow.Units(1), 2)
		_, err := s.Found(ctx, draft, opencontract.Create{}.Command(), client, "")
		require.NoError(t, err)
		s.do(t, "c1", opencontract.Accept{}.Command(), worker)
		s.do(t, "c1", opencontract.Withdraw{}.Command(), worker)
		s.settle(t)
		held := map[string]string{"0xClient": "-50", "0xWorker": "-2.5", "c1": "52.5"}
		assert.Equal(t, held, s.balances(t))
		for range 2 { // one person counts once
			released, err := s.Release(ctx, "c1", 3, "olga")
			require.NoError(t, err)
			assert.False(t, released)
		}
		s.settle(t)
		assert.Equal(t, held, s.balances(t))
		released, err := s.Release(ctx, "c1", 3, "oleg")
		require.NoError(t, err)
		assert.True(t, released)
		_, err = s.Release(ctx, "c1", 2, "oleg")
		require.ErrorIs(t, err, escrowsql.ErrNotFound)
		s.settle(t)
		assert.Equal(t, map[string]string{"0xClient": "0.75", "0xWorker": "-0.75"}, s.balances(t))
		s.sound(t)
	})
}

// TestShortfall: when what was held is finally not captured, nothing is paid out of the
// contract, people are told, and its status stays as it was decided.
func TestShortfall(t *testing.T) {
	refuse := sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if c.Operation == sandbox.CaptureCall && c.Count == 1 {
			return sandbox.Fault{Kind: sandbox.Refuse}
		}
		return sandbox.Fault{}
	}})
	each(t, func(t *testing.T, s *shop) {
		s.found(t, "c1", "0xWorker")
		_, err := s.Do(ctx, "c1", opencontract.Cancel{}.Command(), client, "")
		require.NoError(t, err)
		s.settle(t)
		assert.Empty(t, s.balances(t), "nothing came in, and nothing went out")
		c, err := s.Store.Find(ctx, "c1")
		require.NoError(t, err)
		assert.True(t, c.IsTerminal())
		var told []string
		_, err = s.Reconcile(ctx, time.Time{}, func(d escrowrun.Difference) { told = append(told, d.What) })
		require.NoError(t, err)
		require.NotEmpty(t, told)
		assert.Contains(t, told[0], "shortfall")
	}, refuse)
}

// TestUnknown: an answer that never comes leaves a request that goes on later, and one
// hold.
func TestUnknown(t *testing.T) {
	var down atomic.Bool
	dead := sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if down.Load() && c.Operation == sandbox.HoldCall {
			return sandbox.Fault{Kind: sandbox.AnswerLost}
		}
		if down.Load() {
			return sandbox.Fault{Kind: sandbox.RequestLost}
		}
		return sandbox.Fault{}
	}})
	each(t, func(t *testing.T, s *shop) {
		q := escrowrun.Request{Draft: task("c1"), Command: opencontract.Create{}.Command(), Actor: client}
		holds, err := s.Quote(ctx, q)
		require.NoError(t, err)
		require.Len(t, holds, 1)
		assert.Equal(t, "0xClient c1 50", fmt.Sprintf("%s %s %s", holds[0].Payer, holds[0].Contract, holds[0].Asset.Text(holds[0].Amount)))
		assert.Empty(t, holds[0].ID)
		down.Store(true)
		_, err = s.Found(ctx, task("c1"), opencontract.Create{}.Command(), client, "k")
		require.ErrorIs(t, err, escrowrun.ErrPaymentPending)
		_, err = s.Quote(ctx, q)
		require.ErrorIs(t, err, escrowrun.ErrPaymentPending, "who is asked once more might pay twice")
		down.Store(false)
		_, err = s.Found(ctx, task("c1"), opencontract.Create{}.Command(), client, "k")
		require.NoError(t, err)
		intents, err := s.Store.IntentsOf(ctx, "c1")
		require.NoError(t, err)
		assert.Len(t, intents, 1)
		_, err = s.Quote(ctx, q)
		var refusal *escrow.Error
		require.ErrorAs(t, err, &refusal)
		assert.Equal(t, escrow.WrongStatus, refusal.Reason())

		down.Store(true)
		_, err = s.Found(ctx, task("c2"), opencontract.Create{}.Command(), client, "k2")
		require.ErrorIs(t, err, escrowrun.ErrPaymentPending)
		down.Store(false)
		s.settle(t) // nobody asks again
		assert.Equal(t, map[string]string{"0xClient": "-50", "c1": "50"}, s.balances(t))
		s.sound(t)
	}, dead)
}
