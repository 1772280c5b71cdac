package escrowsql_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestList: page after page, every contract of an account is told once, newest first,
// also when others are founded meanwhile.
func TestList(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		var want []string
		for i := range 25 {
			id := fmt.Sprintf("c%02d", i)
			commit(t, s, task(id), opencontract.Create{}.Command(), client, monday.Add(time.Duration(i/5)*time.Hour)) // five each at one instant
			want = append(want, id)
		}
		slices.Reverse(want)
		for _, limit := range []int{1, 4, 5, 24, 25, 26, 0} {
			var got []string
			for q := (escrowsql.Query{Account: "0xClient", Limit: limit}); ; {
				page, err := s.List(ctx, q)
				require.NoError(t, err)
				for _, c := range page.Contracts {
					got = append(got, c.ID)
				}
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
				commit(t, s, task(fmt.Sprintf("new%d-%d", limit, len(got))), opencontract.Create{}.Command(), escrow.Agent("0xClient"), day(0).Add(23*time.Hour))
			}
			got = slices.DeleteFunc(got, func(id string) bool { return id[0] == 'n' })
			assert.Equal(t, want, got, "limit %d", limit)
		}
		page, err := s.List(ctx, escrowsql.Query{Account: "0xStranger"})
		require.NoError(t, err)
		assert.Empty(t, page)

		c, err := s.Find(ctx, "c00")
		require.NoError(t, err)
		commit(t, s, c, opencontract.Accept{}.Command(), worker, monday)
		page, err = s.List(ctx, escrowsql.Query{Lifecycle: "opencontract", Status: "matched"})
		require.NoError(t, err)
		assert.Equal(t, []escrowsql.Summary{{ID: "c00", Lifecycle: "opencontract", Status: "matched", Revision: 2, CreatedAt: monday, DecidedAt: monday}}, page.Contracts)

		hired(t, s, 1)
		for lifecycle, want := range map[string]int{"opentrain": 1, "opencontract": 0, "": 1} {
			page, err = s.List(ctx, escrowsql.Query{Account: "acct_1", Lifecycle: lifecycle})
			require.NoError(t, err)
			assert.Len(t, page.Contracts, want, "of %q", lifecycle)
		}
		for q, want := range map[escrowsql.Query]int{
			{Account: "0xWorker", Lifecycle: "opencontract", Status: "matched"}: 1, {Account: "0xClient", Status: "matched"}: 1, {Account: "0xClient", Lifecycle: "opencontract", Status: "matched"}: 1,
			{Account: "0xClient", Lifecycle: "opentrain"}: 0, {Account: "0xStranger", Status: "matched"}: 0,
		} {
			page, err = s.List(ctx, q)
			require.NoError(t, err)
			assert.Len(t, page.Contracts, want, "%+v", q)
		}

		for _, cursor := range []string{"x", "!", "eA"} {
			_, err = s.List(ctx, escrowsql.Query{Account: "0xClient", Cursor: cursor})
			require.ErrorIs(t, err, escrowsql.ErrCursor)
		}
		all, err := s.FindAll(ctx, "c03", "none", "c01")
		require.NoError(t, err)
		require.Len(t, all, 2)
		assert.Equal(t, "c03", all[0].ID())
	})
}
