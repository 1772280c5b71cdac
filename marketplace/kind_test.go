package marketplace

import (
	"sync"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKind: a database stays what it was made, whoever opens it first, and one that has
// contracts already is live.
func TestKind(t *testing.T) {
	sqltest.Each(t, func(t *testing.T, address string) {
		store := opened(t, address)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				err := settle(ctx, store, SandboxKind)
				assert.NoError(t, err)
			})
		}
		group.Wait()
		err := settle(ctx, store, LiveKind)
		require.ErrorIs(t, err, ErrKind)
		assert.ErrorContains(t, err, "it is a sandbox database since it was made, and this is a live marketplace")
	})
	used := opened(t, sqltest.SQLite(t))
	draft := task("c1")
	d, err := escrow.Decide(draft, opencontract.Create{}.Command(), escrow.Agent("0xClient"), escrow.At(monday))
	require.NoError(t, err)
	require.NoError(t, used.Commit(ctx, &escrowsql.Commit{Before: draft, Decision: d, Clock: monday}))
	err = settle(ctx, used, SandboxKind)
	require.ErrorIs(t, err, ErrKind)
	err = settle(ctx, used, LiveKind)
	require.NoError(t, err)
}

// task is a draft of work that any worker may take.
func task(id string) escrow.Contract {
	day := func(n time.Duration) time.Time { return monday.Add(n * 24 * time.Hour) }
	return opencontract.Terms{
		ID: id, Client: "0xClient", Price: decimal.NewFromInt(50), TaskDescription: "sum up ten papers", AcceptanceCriteria: []string{"all ten"},
		ContractType: opencontract.Fixed, AwardMethod: opencontract.AwardOpenTender, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(2), DeliveryDeadline: day(3), ReviewDeadline: day(4),
	}.Draft()
}
