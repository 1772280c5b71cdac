package escrowsql_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	ann   = escrow.Human("ann", "acct_1")
	token = escrow.Actor{ID: "tok_1", Kind: escrow.KindToken, Account: "acct_1", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
)

// hired stores a contract with some milestones.
func hired(t *testing.T, s *escrowsql.Store, milestones int) escrow.Contract {
	terms := opentrain.Terms{ID: "hire_1", Client: "acct_1", Worker: "trainer_9"}
	for i := range milestones {
		terms.Milestones = append(terms.Milestones, opentrain.MilestoneTerms{ID: fmt.Sprintf("m%d", i), Name: "Label", Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))})
	}
	return commit(t, s, terms.Draft(), opentrain.Hire{}.Command(), ann, monday)
}

// TestApprovals: the store keeps every approval as it ended, also those that the snapshot
// has long forgotten.
func TestApprovals(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		c := hired(t, s, 1)
		want := map[string]escrow.ApprovalStatus{}
		for i := range 130 {
			now := monday.Add(time.Duration(i) * time.Minute)
			c = commit(t, s, c, opentrain.End{}.Command(), token, now)
			approvals := c.Approvals()
			id := approvals[len(approvals)-1].ID
			want[id] = escrow.ApprovalIsPending
			if i < 129 {
				c = commit(t, s, c, escrow.DeclineApproval(id, ""), ann, now)
				want[id] = escrow.ApprovalIsDeclined
			}
		}
		require.Less(t, len(c.Approvals()), len(want), "the snapshot keeps them all: nothing is tried")
		for id, status := range want {
			a, err := s.Approval(ctx, id)
			require.NoError(t, err)
			require.Equal(t, status, a.Status)
			require.Equal(t, "hire_1", a.ContractID)
			require.Contains(t, string(a.Record), string(status))
		}
		_, err := s.Approval(ctx, "none")
		require.ErrorIs(t, err, escrowsql.ErrNotFound)
		sound(t, s)
	})
}

// TestAlone: on SQLite one process does the timed work, and the next may when it has
// left; on PostgreSQL any number.
func TestAlone(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		first, second := open(t, address), open(t, address)
		leave, err := first.Alone(ctx)
		require.NoError(t, err)
		again, err := second.Alone(ctx)
		if address[0] == '/' {
			require.ErrorIs(t, err, escrowsql.ErrNotAlone)
		} else {
			require.NoError(t, err)
			again()
		}
		founded(t, second, "c1") // others go on writing
		leave()
		leave, err = second.Alone(ctx)
		require.NoError(t, err)
		leave()
	})
}

// TestIntents: what is held for a decision is spent by it or let go, never both.
func TestIntents(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		until := monday.Add(time.Minute)
		placed := func(id string) escrowsql.Intent {
			i := escrowsql.Intent{ID: id, Request: "r", ContractID: "c1", Revision: 1, Movements: []string{"a", "b"}, Payer: "0xClient",
				Asset: escrow.Asset{Code: "USDC", Scale: 6}, Amount: "50", State: escrowsql.IntentPlaced, CreatedAt: monday, Until: until}
			require.NoError(t, s.Place(ctx, i))
			return i
		}
		turn := func(id string, from, to escrowsql.IntentState) bool {
			turned, err := s.Turn(ctx, id, from, to, "why")
			require.NoError(t, err)
			return turned
		}
		i := placed("i1")
		found, err := s.Intent(ctx, "i1")
		require.NoError(t, err)
		assert.Equal(t, i, found)
		_, err = s.Intent(ctx, "none")
		require.ErrorIs(t, err, escrowsql.ErrNotFound)

		c := decided(t, task("c1"), opencontract.Create{}.Command(), client, monday)
		c.Intents = []string{"i1"}
		require.ErrorIs(t, s.Commit(ctx, c), escrowsql.ErrIntentLost, "not held yet")
		assert.True(t, turn("i1", escrowsql.IntentPlaced, escrowsql.IntentHeld))
		assert.False(t, turn("i1", escrowsql.IntentPlaced, escrowsql.IntentHeld))
		i.Revision, i.Movements, i.Until = 2, []string{"c"}, until.Add(time.Minute)
		carried, err := s.Carry(ctx, i)
		require.NoError(t, err)
		assert.True(t, carried)

		reap := func(now time.Time) []escrowsql.Intent {
			all, err := s.Reap(ctx, 10, now, now.Add(time.Minute))
			require.NoError(t, err)
			return all
		}
		require.Empty(t, reap(until), "its lease was carried, too")
		extended, err := s.Extend(ctx, "i1", until.Add(2*time.Minute))
		require.NoError(t, err)
		assert.True(t, extended)
		require.Empty(t, reap(until.Add(time.Minute)))
		require.Len(t, reap(until.Add(2*time.Minute)), 1)
		require.Empty(t, reap(until.Add(2*time.Minute)), "leased to who lets it go")
		require.ErrorIs(t, s.Commit(ctx, c), escrowsql.ErrIntentLost)
		for _, late := range []func() (bool, error){
			func() (bool, error) { return s.Carry(ctx, i) }, func() (bool, error) { return s.Extend(ctx, "i1", day(9)) },
		} {
			ok, err := late()
			require.NoError(t, err)
			assert.False(t, ok)
		}

		placed("i2")
		turn("i2", escrowsql.IntentPlaced, escrowsql.IntentHeld)
		waiting, err := s.IntentsFor(ctx, "r")
		require.NoError(t, err)
		require.Len(t, waiting, 1)
		c.Intents = []string{"i2"}
		c.Payments = []escrowsql.Payment{
			{ID: "i2", Kind: escrowsql.Capture, ContractID: "c1", Revision: 1, Account: "0xClient", Hold: "i2", Asset: i.Asset, Amount: "50", State: escrowsql.PaymentWaiting},
			{ID: "p1", Kind: escrowsql.Pay, ContractID: "c1", Revision: 1, Account: "0xWorker", Asset: i.Asset, Amount: "1", State: escrowsql.PaymentWaiting},
			{ID: "p2", Kind: escrowsql.Pay, ContractID: "c1", Revision: 1, Account: "0xWorker", Asset: i.Asset, Amount: "2", State: escrowsql.PaymentReview, Quorum: 1},
		}
		require.NoError(t, s.Commit(ctx, c))
		assert.False(t, turn("i2", escrowsql.IntentHeld, escrowsql.IntentVoiding), "spent")
		all, err := s.Intents(ctx, "i1", 10)
		require.NoError(t, err)
		require.Len(t, all, 1)
		assert.Equal(t, escrowsql.IntentCommitted, all[0].State)
		payments(t, s)
	})
}

// payments goes on where what is to be paid is stored: a capture first, then the rest.
func payments(t *testing.T, s *escrowsql.Store) {
	now := monday
	take := func() (ids []string) {
		taken, err := s.TakePayments(ctx, 10, now, now.Add(time.Minute))
		require.NoError(t, err)
		for _, p := range taken {
			ids = append(ids, p.ID)
		}
		return ids
	}
	get := func(id string) escrowsql.Payment {
		p, err := s.Payment(ctx, id)
		require.NoError(t, err)
		return p
	}
	require.Equal(t, []string{"i2"}, take(), "nothing is paid out before")
	require.Empty(t, take(), "leased")
	require.NoError(t, s.Refused(ctx, get("i2"), "no cover"))
	now = now.Add(time.Hour)
	require.Empty(t, take(), "a shortfall: nothing is paid out")
	intent, err := s.Intent(ctx, "i2")
	require.NoError(t, err)
	assert.Equal(t, escrowsql.IntentShortfall, intent.State)
	assert.Equal(t, "no cover", intent.Problem)
	require.NoError(t, s.Retry(ctx, "i2"))
	require.ErrorIs(t, s.Retry(ctx, "i2"), escrowsql.ErrNotFound)
	require.Equal(t, []string{"i2"}, take())
	require.NoError(t, s.Paid(ctx, get("i2")))
	require.Equal(t, []string{"p1"}, take())
	require.NoError(t, s.Unpaid(ctx, get("p1"), "no answer", now))
	now = now.Add(9 * time.Second)
	require.Empty(t, take())
	now = now.Add(time.Second)
	require.Equal(t, []string{"p1"}, take())
	p := get("p1")
	p.Attempts = 11
	require.NoError(t, s.Unpaid(ctx, p, "no answer", now))
	dead, err := s.Payments(ctx, escrowsql.PaymentDead, "", 10)
	require.NoError(t, err)
	require.Len(t, dead, 1)
	assert.Equal(t, "no answer", dead[0].Problem)
	released, err := s.Release(ctx, "c1", 1, "olga", now)
	require.NoError(t, err)
	assert.True(t, released)
	require.Equal(t, []string{"p2"}, take())
	_, err = s.Payment(ctx, "none")
	require.ErrorIs(t, err, escrowsql.ErrNotFound)
}
