package sandbox_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

// first lets a fault happen to the first call of an operation on each id.
func first(o sandbox.Operation, f sandbox.Fault) sandbox.Option {
	return sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
		if c.Operation == o && c.Count == 1 {
			return f
		}
		return sandbox.Fault{}
	}})
}

func hold(id string, units uint64) escrowrun.Hold {
	return escrowrun.Hold{ID: id, Contract: "sale-1", Payer: "acct_b", Asset: euro, Amount: escrow.Units(units)}
}

func payment(id string, units uint64) escrowrun.Payment {
	return escrowrun.Payment{ID: id, Contract: "sale-1", To: "acct_s", Asset: euro, Amount: escrow.Units(units)}
}

func refund(id, of string, units uint64) escrowrun.Payment {
	return escrowrun.Payment{ID: id, Contract: "sale-1", To: "acct_b", Of: of, Asset: euro, Amount: escrow.Units(units)}
}

// state is that of a transfer, "none" when there is none.
func state(t *testing.T, r escrowrun.Rail, id string) escrowrun.TransferState {
	transfer, err := r.Lookup(t.Context(), id)
	if err != nil {
		require.ErrorIs(t, err, escrowrun.ErrNoTransfer)
		return "none"
	}
	return transfer.State
}

func TestLostRequestsDoNothing(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.RequestLost}))
	_, err := r.Hold(t.Context(), hold("h", 100))
	assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
	assert.True(t, escrowrun.Unknown(err))
	assert.EqualValues(t, "none", state(t, r, "h"))
}

func TestLostAnswersAreOfWhatIsDone(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.AnswerLost}))
	_, err := r.Hold(t.Context(), hold("h", 100))
	assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
	assert.Equal(t, escrowrun.Held, state(t, r, "h"))
}

func TestLateRequestsArriveBeforeTheNextCall(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.ArrivesLater}))
	_, err := r.Hold(t.Context(), hold("h", 100))
	assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
	assert.Equal(t, escrowrun.Held, state(t, r, "h"))
}

func TestEveryKindOfRequestMayArriveLater(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		r := rail(t, db, sandbox.WithFaults(sandbox.Faults{Choose: func(c sandbox.Call) sandbox.Fault {
			if c.Operation == sandbox.LookupCall {
				return sandbox.Fault{}
			}
			return sandbox.Fault{Kind: sandbox.ArrivesLater}
		}}))
		ctx := t.Context()
		later := func(_ escrowrun.Transfer, err error) { assert.ErrorIs(t, err, sandbox.ErrNoAnswer) }
		later(r.Hold(ctx, hold("h", 100)))
		later(r.Hold(ctx, hold("gone", 100)))
		later(r.Capture(ctx, "h"))
		later(r.Void(ctx, "gone"))
		later(r.Pay(ctx, payment("p", 60)))
		later(r.Refund(ctx, refund("r", "h", 30)))
		assert.Equal(t, escrowrun.Voided, state(t, r, "gone"))
		assert.Equal(t, []string{"acct_b -70", "acct_s 60", "sale-1 10"}, balances(t, r))
	})
}

func TestLateRequestsMayLetCallsGoFirst(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.ArrivesLater, After: 2}))
	_, err := r.Hold(t.Context(), hold("h", 100))
	assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
	assert.EqualValues(t, "none", state(t, r, "h"))
	assert.EqualValues(t, "none", state(t, r, "h"))
	assert.Equal(t, escrowrun.Held, state(t, r, "h"))
}

func TestLateRequestsArriveAtWhoeverComesNext(t *testing.T) {
	db := sqlite(t)
	dead := rail(t, db, first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.ArrivesLater}))
	_, err := dead.Hold(t.Context(), hold("h", 100))
	assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
	assert.Equal(t, escrowrun.Held, state(t, rail(t, db), "h"))
}

func TestARequestThatArrivesAfterItsRepetitionHasNoEffect(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.PayCall, sandbox.Fault{Kind: sandbox.ArrivesLater, After: 1}))
	fund(t, r, "h", 100)
	_, err := r.Pay(t.Context(), payment("p", 60))
	assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
	paid, err := r.Pay(t.Context(), payment("p", 60))
	require.NoError(t, err)
	assert.Equal(t, escrowrun.Paid, paid.State)
	assert.Equal(t, escrowrun.Paid, state(t, r, "p"))
	assert.Equal(t, []string{"acct_b -100", "acct_s 60", "sale-1 40"}, balances(t, r))
}

func TestRepeatedRequestsHaveOneEffect(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.PayCall, sandbox.Fault{Kind: sandbox.Twice}))
	fund(t, r, "h", 100)
	paid, err := r.Pay(t.Context(), payment("p", 60))
	require.NoError(t, err)
	assert.Equal(t, escrowrun.Paid, paid.State)
	assert.Equal(t, []string{"acct_b -100", "acct_s 60", "sale-1 40"}, balances(t, r))
}

func TestLateAnswersWaitForTheirDelay(t *testing.T) {
	var waited time.Duration
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.Late, Delay: time.Minute}),
		sandbox.WithSleep(func(_ context.Context, d time.Duration) { waited += d }))
	held, err := r.Hold(t.Context(), hold("h", 100))
	require.NoError(t, err)
	assert.Equal(t, escrowrun.Held, held.State)
	assert.Equal(t, time.Minute, waited)
}

func TestLateAnswersAreNotHeardByWhoHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.Late, Delay: time.Minute}),
		sandbox.WithSleep(func(context.Context, time.Duration) { cancel() }))
	_, err := r.Hold(ctx, hold("h", 100))
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, escrowrun.Held, state(t, r, "h"))
}

func TestAnswersWithoutADelayAreLaterThanTheCallerWaits(t *testing.T) {
	late := first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.Late})
	r := rail(t, sqlite(t), late, sandbox.WithSleep(noSleep))
	_, err := r.Hold(t.Context(), hold("h", 100))
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, escrowrun.Held, state(t, r, "h"))

	_, err = rail(t, sqlite(t), late).Hold(context.Background(), hold("h", 100))
	assert.ErrorIs(t, err, context.DeadlineExceeded, "a caller who would wait for ever")

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = rail(t, sqlite(t), late).Hold(ctx, hold("h", 100))
	assert.True(t, escrowrun.Unknown(err), "%v", err)
}

func TestLateAnswersComeOnTheWallClock(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.Late, Delay: 1}))
	held, err := r.Hold(t.Context(), hold("h", 100))
	require.NoError(t, err)
	assert.Equal(t, escrowrun.Held, held.State)
}

func TestCapturesAreRefusedForGood(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.CaptureCall, sandbox.Fault{Kind: sandbox.Refuse}))
	_, err := r.Hold(t.Context(), hold("h", 100))
	require.NoError(t, err)
	for range 2 {
		refused, err := r.Capture(t.Context(), "h")
		require.NoError(t, err)
		assert.Equal(t, escrowrun.Refused, refused.State)
		assert.Equal(t, sandbox.ReasonFault, refused.Reason)
	}
	assert.Empty(t, balances(t, r))
}

func TestHoldsAndPaymentsAreRefusedForGood(t *testing.T) {
	for _, o := range []sandbox.Operation{sandbox.HoldCall, sandbox.PayCall, sandbox.RefundCall} {
		r := rail(t, sqlite(t), first(o, sandbox.Fault{Kind: sandbox.Refuse}))
		ask := map[sandbox.Operation]func() (escrowrun.Transfer, error){
			sandbox.HoldCall:   func() (escrowrun.Transfer, error) { return r.Hold(t.Context(), hold("x", 100)) },
			sandbox.PayCall:    func() (escrowrun.Transfer, error) { return r.Pay(t.Context(), payment("x", 100)) },
			sandbox.RefundCall: func() (escrowrun.Transfer, error) { return r.Refund(t.Context(), refund("x", "h", 100)) },
		}[o]
		if o != sandbox.HoldCall {
			fund(t, r, "h", 100)
		}
		for range 2 {
			refused, err := ask()
			require.NoError(t, err)
			assert.Equal(t, escrowrun.Refused, refused.State, o)
			assert.Equal(t, sandbox.ReasonFault, refused.Reason, o)
		}
		overdrawn, err := r.Overdrawn(t.Context())
		require.NoError(t, err)
		assert.Empty(t, overdrawn)
	}
}

func TestPayersAreAskedAndPassWithAnyProof(t *testing.T) {
	r := rail(t, sqlite(t), first(sandbox.HoldCall, sandbox.Fault{Kind: sandbox.AskPayer}))
	h := hold("h", 100)
	for range 2 {
		asked, err := r.Hold(t.Context(), h)
		require.NoError(t, err)
		assert.Equal(t, escrowrun.NeedsAction, asked.State)
		assert.JSONEq(t, `{"sandbox":"confirm"}`, string(asked.Challenge))
	}
	h.Proof = []byte(`{"confirmed":true}`)
	passed, err := r.Hold(t.Context(), h)
	require.NoError(t, err)
	assert.Equal(t, escrowrun.Held, passed.State)
	assert.Empty(t, passed.Challenge)
}

func TestWhatOnlyReadsIsLostAtMost(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.RequestLost, sandbox.AnswerLost, sandbox.ArrivesLater} {
		r := rail(t, sqlite(t), sandbox.WithFaults(sandbox.Faults{Choose: func(sandbox.Call) sandbox.Fault { return sandbox.Fault{Kind: kind} }}))
		_, err := r.Lookup(t.Context(), "h")
		assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
		for _, err := range r.List(t.Context(), start) {
			assert.ErrorIs(t, err, sandbox.ErrNoAnswer)
		}
	}
}

// met counts which faults many calls meet by chance.
func met(t *testing.T, f sandbox.Faults, o sandbox.Operation) map[escrowrun.TransferState]int {
	db := sqlite(t)
	calm, r := rail(t, db), rail(t, db, sandbox.WithFaults(f), sandbox.WithSleep(noSleep))
	count := map[escrowrun.TransferState]int{}
	for i := range 150 {
		h := hold(string(rune('a'+i%26))+string(rune('a'+i/26)), 100)
		var out escrowrun.Transfer
		var err error
		if o == sandbox.CaptureCall {
			_, err = calm.Hold(t.Context(), h)
			require.NoError(t, err)
			out, err = r.Capture(t.Context(), h.ID)
		} else {
			out, err = r.Hold(t.Context(), h)
		}
		if err != nil {
			out.State = "none"
		}
		count[out.State]++
	}
	return count
}

func TestChanceIsOfItsSeed(t *testing.T) {
	calm := met(t, sandbox.RandomFaults(1, 0), sandbox.HoldCall)
	assert.Equal(t, map[escrowrun.TransferState]int{escrowrun.Held: 150}, calm)
	one, again, two := met(t, sandbox.RandomFaults(1, 500), sandbox.HoldCall), met(t, sandbox.RandomFaults(1, 500), sandbox.HoldCall), met(t, sandbox.RandomFaults(2, 500), sandbox.HoldCall)
	assert.Equal(t, one, again)
	assert.NotEqual(t, one, two)
	for _, state := range []escrowrun.TransferState{escrowrun.Held, escrowrun.Refused, escrowrun.NeedsAction, "none"} {
		assert.Positive(t, one[state], state)
	}
}

func TestChanceRefusesCapturesOnlyWhenAsked(t *testing.T) {
	faults := sandbox.RandomFaults(1, 1000)
	assert.Zero(t, met(t, faults, sandbox.CaptureCall)[escrowrun.Refused])
	faults.RefuseCaptures = true
	assert.Positive(t, met(t, faults, sandbox.CaptureCall)[escrowrun.Refused])
}
