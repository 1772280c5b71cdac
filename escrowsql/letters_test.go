package escrowsql_test

import (
	"database/sql"
	"testing"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDeadLetters: what was given up is found, of one topic or of all, with why.
func TestDeadLetters(t *testing.T) {
	sqltest.Each(t, func(t *testing.T, address string) {
		s := open(t, address)
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
