package sandbox_test

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

// fund captures a hold.
func fund(t *testing.T, r escrowrun.Rail, id string, units uint64) {
	_, err := r.Hold(t.Context(), hold(id, units))
	require.NoError(t, err)
	captured, err := r.Capture(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, escrowrun.Captured, captured.State)
}

// balances are those of a rail as text.
func balances(t *testing.T, r *sandbox.Rail) (out []string) {
	all, err := r.Balances(t.Context())
	require.NoError(t, err)
	for _, b := range all {
		out = append(out, fmt.Sprintf("%s%s %s", b.Account, b.Contract, b.Units))
	}
	return out
}

func TestOnlyWhatIsCapturedOrPaidCounts(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		r := rail(t, db)
		fund(t, r, "h", 100)
		_, err := r.Hold(t.Context(), hold("held", 1000))
		require.NoError(t, err)
		_, err = r.Pay(t.Context(), payment("p", 60))
		require.NoError(t, err)
		_, err = r.Refund(t.Context(), refund("r", "h", 30))
		require.NoError(t, err)
		assert.Equal(t, []string{"acct_b -70", "acct_s 60", "sale-1 10"}, balances(t, r))
	})
}

func TestNoMoreGoesOutThanCameIn(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		r := rail(t, db)
		fund(t, r, "h", 100)
		other := hold("other", 500)
		other.Contract = "sale-2"
		_, err := r.Hold(t.Context(), other)
		require.NoError(t, err)
		_, err = r.Capture(t.Context(), "other")
		require.NoError(t, err)
		_, err = r.Pay(t.Context(), payment("p", 80))
		require.NoError(t, err)

		dollars := payment("usd", 1)
		dollars.Asset.Code = "USD"
		for _, ask := range []func() (escrowrun.Transfer, error){
			func() (escrowrun.Transfer, error) { return r.Pay(t.Context(), payment("more", 21)) },
			func() (escrowrun.Transfer, error) { return r.Refund(t.Context(), refund("back", "h", 21)) },
			func() (escrowrun.Transfer, error) { return r.Pay(t.Context(), dollars) },
		} {
			out, err := ask()
			require.NoError(t, err)
			assert.Equal(t, escrowrun.Refused, out.State)
			assert.Equal(t, sandbox.ReasonOverdrawn, out.Reason)
		}
		fund(t, r, "later", 100)
		again, err := r.Pay(t.Context(), payment("more", 21))
		require.NoError(t, err)
		assert.Equal(t, escrowrun.Refused, again.State, "what was refused stays refused")

		overdrawn, err := r.Overdrawn(t.Context())
		require.NoError(t, err)
		require.Len(t, overdrawn, 3)
		assert.Equal(t, "more", overdrawn[0].ID)
		assert.Equal(t, "back", overdrawn[1].ID)
		assert.Equal(t, "usd", overdrawn[2].ID)
	})
}

func TestWhatMakesNoSenseIsRefused(t *testing.T) {
	r := rail(t, sqlite(t))
	fund(t, r, "h", 100)
	other, stranger, ofHold := refund("other", "h", 1), refund("stranger", "h", 1), payment("of", 1)
	other.Contract, stranger.To, ofHold.Of = "sale-2", "acct_x", "h"
	huge := hold("huge", 0)
	for range 128 {
		huge.Amount = huge.Amount.Plus(huge.Amount).Plus(escrow.Units(1))
	}
	ask := func(out escrowrun.Transfer, err error) string {
		require.NoError(t, err)
		require.Equal(t, escrowrun.Refused, out.State)
		return out.Reason
	}
	assert.Equal(t, sandbox.ReasonHold, ask(r.Refund(t.Context(), other)))
	assert.Equal(t, sandbox.ReasonHold, ask(r.Refund(t.Context(), stranger)))
	assert.Equal(t, sandbox.ReasonHold, ask(r.Pay(t.Context(), ofHold)))
	assert.Equal(t, sandbox.ReasonRequest, ask(r.Hold(t.Context(), hold("nothing", 0))))
	assert.Equal(t, sandbox.ReasonRequest, ask(r.Hold(t.Context(), hold("", 1))))
	assert.Equal(t, sandbox.ReasonRequest, ask(r.Hold(t.Context(), huge)))
	assert.Equal(t, sandbox.ReasonRequest, ask(r.Pay(t.Context(), payment("nothing", 0))))
	assert.EqualValues(t, "none", state(t, r, "nothing"))
}

func TestARefundGoesToThePayerWhenNobodyIsNamed(t *testing.T) {
	r := rail(t, sqlite(t))
	fund(t, r, "h", 100)
	p := refund("r", "h", 30)
	p.To = ""
	for _, to := range []string{"", "acct_b"} {
		p.To = to
		out, err := r.Refund(t.Context(), p)
		require.NoError(t, err)
		assert.Equal(t, "acct_b", out.Account)
		assert.Equal(t, escrowrun.Paid, out.State)
	}
}

func TestManyRailsShareADatabase(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		const many = 8
		rails := make([]*sandbox.Rail, many)
		errs := make([]error, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() { rails[i], errs[i] = sandbox.Open(t.Context(), db, escrow.At(start)) })
		}
		all.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		fund(t, rails[0], "h", 100)
		for i, r := range rails {
			all.Go(func() { _, errs[i] = r.Pay(t.Context(), payment(fmt.Sprint("p", i), 30)) })
		}
		all.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		assert.Equal(t, []string{"acct_b -100", "acct_s 90", "sale-1 10"}, balances(t, rails[1]))
		overdrawn, err := rails[2].Overdrawn(t.Context())
		require.NoError(t, err)
		assert.Len(t, overdrawn, many-3)
	})
}

func TestListsAreReadPageByPage(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		const many = 1100
		r := rail(t, db)
		for i := range many {
			_, err := r.Hold(t.Context(), hold(fmt.Sprint("h", i), 1))
			require.NoError(t, err)
		}
		seen, last := 0, time.Time{}
		for transfer, err := range r.List(t.Context(), start) {
			require.NoError(t, err)
			assert.False(t, transfer.At.Before(last))
			seen, last = seen+1, transfer.At
		}
		assert.Equal(t, many, seen)
	})
}

func TestTransfersSurviveTheRail(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		r := rail(t, db)
		fund(t, r, "h", 100)
		before, err := r.Lookup(t.Context(), "h")
		require.NoError(t, err)
		after, err := rail(t, db).Lookup(t.Context(), "h")
		require.NoError(t, err)
		assert.Equal(t, before, after)
	})
}
