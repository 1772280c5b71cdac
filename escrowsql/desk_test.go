package escrowsql_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPendingApprovals: whoever is a party of the contract finds what waits, page after
// page, and nobody finds what was answered.
func TestPendingApprovals(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		c := hired(t, s, 1)
		pending := func(account, after string) (ids []string) {
			list, err := s.PendingApprovals(ctx, account, after, 1)
			require.NoError(t, err)
			for _, a := range list {
				whole, err := s.Approval(ctx, a.ID)
				require.NoError(t, err)
				assert.Equal(t, whole, a)
				ids = append(ids, a.ID)
			}
			return ids
		}
		assert.Empty(t, pending("acct_1", ""))
		c = commit(t, s, c, opentrain.End{}.Command(), token, monday)
		c = commit(t, s, c, opentrain.ApproveMilestone{MilestoneID: "m0"}.Command(), token, monday)
		first, second := c.Approvals()[len(c.Approvals())-2].ID, c.Approvals()[len(c.Approvals())-1].ID
		assert.Equal(t, []string{first}, pending("acct_1", ""))
		assert.Equal(t, []string{second}, pending("acct_1", first))
		assert.Empty(t, pending("acct_1", second))
		assert.Equal(t, []string{first}, pending("trainer_9", ""), "a party of the contract")
		assert.Empty(t, pending("acct_2", ""))
		commit(t, s, c, escrow.DeclineApproval(first, ""), ann, monday)
		assert.Equal(t, []string{second}, pending("acct_1", ""))
	})
}

// TestDesk: operators find what was not captured, what has not been answered, and who
// has released what.
func TestDesk(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		for _, id := range []string{"i1", "i2"} {
			require.NoError(t, s.Place(ctx, escrowsql.Intent{ID: id, Request: "r", ContractID: "c1", Revision: 1, Movements: []string{"a"}, Payer: "0xClient",
				Asset: escrow.Asset{Code: "USDC", Scale: 6}, Amount: "50", State: escrowsql.IntentPlaced, CreatedAt: monday, Until: monday}))
		}
		short, err := s.Shortfalls(ctx, "", 10)
		require.NoError(t, err)
		assert.Empty(t, short)
		_, err = s.Turn(ctx, "i2", escrowsql.IntentPlaced, escrowsql.IntentShortfall, "card blocked")
		require.NoError(t, err)
		short, err = s.Shortfalls(ctx, "", 10)
		require.NoError(t, err)
		require.Len(t, short, 1)
		assert.Equal(t, "i2", short[0].ID)
		assert.Equal(t, "card blocked", short[0].Problem)
		short, err = s.Shortfalls(ctx, "i2", 10)
		require.NoError(t, err)
		assert.Empty(t, short)

		keys := []escrowsql.Key{{Account: "b", Key: "k1", Fingerprint: "f"}, {Account: "a", Key: "k2", Fingerprint: "f"}}
		for i := range keys {
			_, err := s.BeginKey(ctx, &keys[i], monday.Add(time.Duration(i)), monday.Add(time.Minute))
			require.NoError(t, err)
		}
		require.NoError(t, s.FinishKey(ctx, &escrowsql.KeyAnswer{Key: keys[1], Answer: escrowsql.Answer{Status: 409}}))
		open, err := s.OpenKeys(ctx, 10)
		require.NoError(t, err)
		assert.Equal(t, []escrowsql.OpenKey{{Account: "b", Key: "k1", CreatedAt: monday, Until: monday.Add(time.Minute)}}, open)

		who, err := s.Releasers(ctx, "c1", 2)
		require.NoError(t, err)
		assert.Empty(t, who)
	})
}
