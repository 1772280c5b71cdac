package escrowsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// FuzzTexts: texts are taken out of any JSON that the engine may write and put back to
// the byte.
func FuzzTexts(f *testing.F) {
	f.Add(`{"a":"x","b":["y",{"c":"z"},1.5e3],"policy":{"a":"kept"},"d":{"a":""}}`)
	f.Add(`{"a":"\"\\","b":[],"c":{},"d":null}`)
	f.Add(`["a"]`)
	f.Fuzz(func(t *testing.T, src string) {
		var value any
		if json.Unmarshal([]byte(src), &value) != nil {
			t.Skip()
		}
		plain, err := json.Marshal(value)
		require.NoError(t, err)
		m := members{"a": true, "b": true}
		side := &aside{members: m, salts: salts{}, known: map[string]string{}}
		stored := side.take(plain)
		kept := texts{}
		for _, x := range side.fresh {
			kept[x.hash] = x.text
		}
		require.Equal(t, string(plain), string(kept.put(m, stored)))
		require.True(t, json.Valid([]byte(stored)))
		require.Equal(t, stored, side.take(plain), "the same text is the same hash")
		require.True(t, json.Valid(texts{}.put(m, stored)))
	})
}

// TestPersonal: what identifies or is reckoned with is never taken for a person's words.
func TestPersonal(t *testing.T) {
	for _, l := range lifecycles.All() {
		m := personalMembers(l, nil)
		for name := range m {
			assert.False(t, engines[name], "%s: %s", l.Name(), name)
		}
		switch l.Name() {
		case "opencontract":
			assert.True(t, m["taskDescription"] && m["acceptanceCriteria"] && m["delivery"])
			assert.False(t, m["backupAgents"], "accounts, in the command that draws them")
		case "opentrain":
			assert.True(t, m["title"] && m["description"])
		}
	}
	assert.Empty(t, personalMembers(lifecycles.All()[0], func(*escrow.Lifecycle, *escrow.Field) bool { return false }))
}

// TestMigrate: an older database is brought up to date once, by whoever comes first; one
// a version ahead is used, one further ahead refused.
func TestMigrate(t *testing.T) {
	ctx := context.Background()
	address := filepath.Join(t.TempDir(), "escrow.db")
	db, dialect, err := Connect(address)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	_, err = Open(ctx, db, dialect, nil, Options{Migrate: MigrateCheck})
	require.ErrorIs(t, err, ErrOlderSchema)

	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			_, err := Open(ctx, db, dialect, nil)
			assert.NoError(t, err)
		})
	}
	group.Wait()
	s, err := Open(ctx, db, dialect, nil, Options{Migrate: MigrateCheck})
	require.NoError(t, err)

	steps, err := migrations(schemas)
	require.NoError(t, err)
	next := append(steps, `CREATE TABLE escrow_next (id TEXT PRIMARY KEY)`)
	require.ErrorIs(t, s.migrateTo(ctx, MigrateCheck, own, next), ErrOlderSchema)
	require.Error(t, s.migrateTo(ctx, MigrateAuto, own, append(steps, `CREATE TABLE escrow_next (id TEXT PRIMARY KEY); NONSENSE`)))
	version, err := s.version(ctx, own)
	require.NoError(t, err)
	require.Equal(t, len(steps), version, "a migration that fails leaves nothing")
	require.NoError(t, s.migrateTo(ctx, MigrateAuto, own, next))
	require.NoError(t, s.migrateTo(ctx, MigrateAuto, own, next))

	_, err = Open(ctx, db, dialect, nil)
	require.NoError(t, err, "a program of the version before goes on working")
	require.NoError(t, s.migrateTo(ctx, MigrateAuto, own, append(next, `CREATE TABLE escrow_after (id TEXT PRIMARY KEY)`)))
	_, err = Open(ctx, db, dialect, nil)
	require.ErrorIs(t, err, ErrNewerSchema)
}

// TestTables: an embedder's tables have versions of their own, and a name of their own.
func TestTables(t *testing.T) {
	ctx := context.Background()
	db, dialect, err := Connect(filepath.Join(t.TempDir(), "escrow.db"))
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	s, err := Open(ctx, db, dialect, nil)
	require.NoError(t, err)
	files := fstest.MapFS{"schema/0001.sql": {Data: []byte(`CREATE TABLE shop_goods (number NUMBERED, name TEXT NOT NULL)`)}}
	require.ErrorIs(t, s.Tables(ctx, MigrateCheck, "shop", files), ErrOlderSchema)
	require.NoError(t, s.Tables(ctx, MigrateAuto, "shop", files))
	require.NoError(t, s.Tables(ctx, MigrateCheck, "shop", files))
	for _, name := range []string{"", own, "Shop", "shop; DROP"} {
		require.Error(t, s.Tables(ctx, MigrateAuto, name, files), name)
	}
	require.ErrorIs(t, s.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`INSERT INTO shop_goods (name) VALUES ('chair')`)
		return errors.Join(err, ErrNotFound)
	}), ErrNotFound)
	var goods int
	require.NoError(t, db.QueryRow(`SELECT COUNT(*) FROM shop_goods`).Scan(&goods))
	require.Zero(t, goods, "what fails writes nothing")
}

// TestList: placeholders are counted from where they are told.
func TestPlaceholders(t *testing.T) {
	assert.Equal(t, "($3, $4)", list(2, 3))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 50).Draw(t, "n")
		require.Equal(t, n, strings.Count(list(n, 1), "$"))
	})
}
