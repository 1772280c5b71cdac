package marketplace

import (
	"bytes"
	"testing"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBackup: people and keys come along into a database of the other kind, and contracts
// are sound there.
func TestBackup(t *testing.T) {
	for name, addresses := range map[string]func(t *testing.T) (from, to string){
		"sqlite to postgres": func(t *testing.T) (string, string) { return sqltest.SQLite(t), sqltest.Postgres(t) },
		"postgres to sqlite": func(t *testing.T) (string, string) { return sqltest.Postgres(t), sqltest.SQLite(t) },
	} {
		t.Run(name, func(t *testing.T) {
			from, to := addresses(t)
			f := served(t, from)
			user, _, err := f.People.Add(ctx, "Ada", "acct_ada")
			require.NoError(t, err)
			key := f.key(t, signing(1).address)
			require.Equal(t, 200, f.ask(t, "GET", "/v1/agents/me/api-keys", "", key...).status)
			_, err = f.Runner.Work(ctx)
			require.NoError(t, err)
			var file bytes.Buffer
			rows, err := f.Runner.Store.Backup(ctx, &file, Tables()...)
			require.NoError(t, err)

			db, dialect, err := escrowsql.Connect(to)
			require.NoError(t, err)
			defer func() { require.NoError(t, db.Close()) }()
			store := opened(t, to)
			require.NoError(t, MakeTables(ctx, store, dialect))
			restored, err := store.Restore(ctx, &file, Tables()...)
			require.NoError(t, err)
			assert.Equal(t, rows, restored)
			_, err = store.Audit(ctx, func(fault escrowsql.Fault) { assert.Fail(t, fault.String()) })
			require.NoError(t, err)

			again := served(t, to)
			users, err := again.People.Users(ctx)
			require.NoError(t, err)
			require.Len(t, users, 1)
			assert.Equal(t, user.ID, users[0].ID)
			assert.Equal(t, 200, again.ask(t, "GET", "/v1/agents/me/api-keys", "", key...).status)
		})
	}
}
