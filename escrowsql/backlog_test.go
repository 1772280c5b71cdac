package escrowsql_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBacklog: what waits is told: what is due first, the oldest message, what was given
// up, what people must look at.
func TestBacklog(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		b, err := s.Backlog(ctx)
		require.NoError(t, err)
		assert.Equal(t, escrowsql.Backlog{}, b)

		made := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		made.Messages = []escrowsql.Message{{ID: "m1", Topic: "t"}, {ID: "m2", Topic: "t"}}
		usdc := escrow.Asset{Code: "USDC", Scale: 6}
		made.Payments = []escrowsql.Payment{
			{ID: "p1", Kind: escrowsql.Pay, ContractID: "c1", Asset: usdc, Amount: "1", State: escrowsql.PaymentReview, Quorum: 1},
			{ID: "p2", Kind: escrowsql.Pay, ContractID: "c1", Asset: usdc, Amount: "1", State: escrowsql.PaymentWaiting},
			{ID: "p3", Kind: escrowsql.Capture, ContractID: "c1", Hold: "p3", Asset: usdc, Amount: "1", State: escrowsql.PaymentWaiting},
		}
		require.NoError(t, s.Commit(ctx, made))
		require.NoError(t, s.Refused(ctx, made.Payments[1], "no account"))
		require.NoError(t, s.Refused(ctx, made.Payments[2], "expired"))
		for n := range 12 {
			require.NoError(t, s.Unsent(ctx, escrowsql.Message{ID: "m1", Attempts: n}, "no answer", monday))
		}
		later := decided(t, task("c2"), opencontract.Create{}.Command(), client, monday.Add(time.Hour))
		later.Messages = []escrowsql.Message{{ID: "m3", Topic: "t"}}
		require.NoError(t, s.Commit(ctx, later))

		b, err = s.Backlog(ctx)
		require.NoError(t, err)
		assert.Equal(t, escrowsql.Backlog{DueSince: day(1), UnsentSince: monday, DeadLetters: 1, Shortfalls: 1, InReview: 1, DeadPayments: 1}, b)
		require.NoError(t, s.Sent(ctx, "m2"))
		b, err = s.Backlog(ctx)
		require.NoError(t, err)
		assert.Equal(t, monday.Add(time.Hour), b.UnsentSince)
	})
}

// TestReady: a store is ready while the database answers and is of a version that the
// program knows.
func TestReady(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		require.NoError(t, s.Ready(ctx))
		set := func(version int) {
			_, err := s.DB().Exec(`UPDATE escrow_schema SET version = $1`, version)
			require.NoError(t, err)
		}
		set(0)
		require.ErrorIs(t, s.Ready(ctx), escrowsql.ErrOlderSchema)
		set(1000)
		require.ErrorIs(t, s.Ready(ctx), escrowsql.ErrNewerSchema)
		require.NoError(t, s.DB().Close())
		require.Error(t, s.Ready(ctx))
	})
}
