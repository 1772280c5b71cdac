package escrowsql_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOdd: what people have to look at is read without knowing where it is.
func TestOdd(t *testing.T) {
	sqltest.Each(t, func(t *testing.T, address string) {
		s := open(t, address)
		key := escrowsql.Key{Account: "0xClient", Key: "k", Fingerprint: "f"}
		_, err := s.BeginKey(ctx, &key, monday, monday.Add(time.Minute))
		require.NoError(t, err)
		keys, err := s.OpenKeys(ctx, 10)
		require.NoError(t, err)
		assert.Equal(t, []escrowsql.OpenKey{{Account: "0xClient", Key: "k", CreatedAt: monday, Until: monday.Add(time.Minute)}}, keys)
		require.NoError(t, s.FinishKey(ctx, &escrowsql.KeyAnswer{Key: key, Answer: escrowsql.Answer{Status: 409, Body: []byte("{}")}}))
		keys, err = s.OpenKeys(ctx, 10)
		require.NoError(t, err)
		assert.Empty(t, keys)

		require.NoError(t, s.Place(ctx, escrowsql.Intent{ID: "i1", ContractID: "c1", Amount: "50", CreatedAt: monday, Until: monday},
			escrowsql.Intent{ID: "i2", ContractID: "c1", Amount: "50", CreatedAt: monday, Until: monday}))
		_, err = s.Turn(ctx, "i2", escrowsql.IntentPlaced, escrowsql.IntentShortfall, "no money")
		require.NoError(t, err)
		short, err := s.Shortfalls(ctx, "", 10)
		require.NoError(t, err)
		require.Len(t, short, 1)
		assert.Equal(t, "i2", short[0].ID)
		short, err = s.Shortfalls(ctx, "i2", 10)
		require.NoError(t, err)
		assert.Empty(t, short)

		tx, err := s.DB().BeginTx(ctx, &sql.TxOptions{})
		require.NoError(t, err)
		require.NoError(t, s.Enqueue(ctx, tx, []escrowsql.Message{{ID: "m1", Topic: "webhook"}, {ID: "m2", Topic: "mail"}}, monday))
		require.NoError(t, tx.Commit())
		for _, m := range []escrowsql.Message{{ID: "m1", Attempts: 11}, {ID: "m2", Attempts: 11}} {
			require.NoError(t, s.Unsent(ctx, m, "404", monday))
		}
		dead, err := s.DeadLetters(ctx, "", 10)
		require.NoError(t, err)
		assert.Equal(t, []escrowsql.Message{{ID: "m1", Topic: "webhook", Attempts: 12, Problem: "404"}, {ID: "m2", Topic: "mail", Attempts: 12, Problem: "404"}}, dead)
		dead, err = s.DeadLetters(ctx, "mail", 10)
		require.NoError(t, err)
		assert.Len(t, dead, 1)
	})
}
