package sandbox_test

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
)

func TestPayersHaveNoMoreThanTheyWereGivenAndGot(t *testing.T) {
	databases(t, func(t *testing.T, db *sql.DB) {
		r := rail(t, db, sandbox.WithFunds())
		asset := hold("", 1).Asset
		has := func(account string) string {
			units, err := r.Funds(t.Context(), account, asset)
			require.NoError(t, err)
			return units.String()
		}
		poor, err := r.Hold(t.Context(), hold("poor", 1))
		require.NoError(t, err)
		assert.Equal(t, escrowrun.Refused, poor.State)
		assert.Equal(t, sandbox.ReasonFunds, poor.Reason)

		for range 2 {
			require.NoError(t, r.Give(t.Context(), "gift", "acct_b", asset, escrow.Units(100)))
		}
		require.ErrorIs(t, r.Give(t.Context(), "gift", "acct_b", asset, escrow.Units(101)), escrowrun.ErrOtherTransfer)
		require.ErrorIs(t, r.Give(t.Context(), "gift", "acct_s", asset, escrow.Units(100)), escrowrun.ErrOtherTransfer)
		assert.Equal(t, "100", has("acct_b"))

		// However many ask at once, no more is held than there is.
		const many = 8
		states := make([]escrowrun.TransferState, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				h := hold(fmt.Sprint("h", i), 30)
				h.Contract = fmt.Sprint("sale-", i) // contracts do not wait for each other
				out, err := r.Hold(t.Context(), h)
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
		assert.Equal(t, map[escrowrun.TransferState]int{escrowrun.Held: 3, escrowrun.Refused: many - 3}, count)
		assert.Equal(t, "10", has("acct_b"))

		// What is let go, given back and paid can be spent again.
		again := hold("again", 10)
		_, err = r.Hold(t.Context(), again)
		require.NoError(t, err)
		assert.Equal(t, "0", has("acct_b"))
		_, err = r.Capture(t.Context(), "again")
		require.NoError(t, err)
		same, err := r.Hold(t.Context(), again)
		require.NoError(t, err)
		assert.Equal(t, escrowrun.Captured, same.State, "asked again it is not a second hold")
		_, err = r.Refund(t.Context(), refund("back", "again", 4))
		require.NoError(t, err)
		_, err = r.Pay(t.Context(), payment("out", 6))
		require.NoError(t, err)
		assert.Equal(t, "4", has("acct_b"))
		assert.Equal(t, "6", has("acct_s"))
	})
}
