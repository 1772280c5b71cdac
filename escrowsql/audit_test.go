package escrowsql_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTampering: whatever is changed behind the store's back, the audit finds.
func TestTampering(t *testing.T) {
	for name, test := range map[string]struct{ statement, fault string }{
		"snapshot":        {`UPDATE escrow_contracts SET snapshot = REPLACE(snapshot, '"50"', '"49"')`, "the snapshot is not the one that the last decision made"},
		"command":         {`UPDATE escrow_decisions SET command = '{"action":"advance"}' WHERE revision = 2`, "revision 2: breaks the chain"},
		"actor":           {`UPDATE escrow_decisions SET actor = '{"id":"0xMallory"}' WHERE revision = 3`, "revision 3: breaks the chain"},
		"clock":           {`UPDATE escrow_decisions SET clock = '2026-06-01T13:00:00.000000000Z' WHERE revision = 3`, "revision 3: breaks the chain"},
		"draft":           {`UPDATE escrow_contracts SET draft = REPLACE(draft, '"50"', '"51"')`, "revision 1: breaks the chain"},
		"decision gone":   {`DELETE FROM escrow_decisions WHERE revision = 2`, "revision 3: breaks the chain"},
		"last gone":       {`DELETE FROM escrow_decisions WHERE revision = 3`, "the snapshot is not the one"},
		"amount":          {`UPDATE escrow_movements SET amount = '1.76' WHERE amount = '1.75'`, "movement is stored as"},
		"receiver":        {`UPDATE escrow_movements SET to_account = 'client:0xMallory' WHERE amount = '1.75'`, "movement is stored as"},
		"movement gone":   {`DELETE FROM escrow_movements WHERE amount = '0.75'`, "revision 3: movement"},
		"movement added":  {`INSERT INTO escrow_movements SELECT 'x', contract_id, 9, position, kind, from_account, to_account, asset, scale, amount, reason, basis FROM escrow_movements WHERE amount = '0.75'`, "belongs to no decision"},
		"text":            {`UPDATE escrow_texts SET text = '"sum up nine papers"' WHERE member = 'taskDescription'`, "the text of a taskDescription is not the one that was stored"},
		"text gone":       {`DELETE FROM escrow_texts WHERE member = 'taskDescription'`, "the text of a taskDescription is missing"},
		"status":          {`UPDATE escrow_contracts SET status = 'matched'`, `status is stored as "matched"`},
		"due":             {`UPDATE escrow_contracts SET due_at = '2026-06-01T13:00:00.000000000Z'`, "due_at is stored as"},
		"account missing": {`DELETE FROM escrow_accounts WHERE account = '0xWorker'`, "accounts is stored as"},
		"account strange": {`INSERT INTO escrow_accounts (account, created_at, contract_id) SELECT '0xMallory', created_at, id FROM escrow_contracts`, "accounts is stored as"},
		"rule":            {`UPDATE escrow_decisions SET rule = 'OC-9' WHERE revision = 3`, "revision 3: breaks the chain"},
		"status before":   {`UPDATE escrow_decisions SET from_status = 'created' WHERE revision = 3`, "is stored as"},
		"approval":        {`INSERT INTO escrow_approvals (id, contract_id, revision, account, status, created_at, expires_at, record) SELECT 'a', id, 1, '', '', '', '', '{}' FROM escrow_contracts`, "approval a was never decided"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, sqltest.SQLite(t))
			withdrawn(t, s, "c1")
			sound(t, s)
			result, err := s.DB().Exec(test.statement)
			require.NoError(t, err)
			n, _ := result.RowsAffected()
			require.NotZero(t, n, "nothing was tampered with")
			var faults []string
			sum, err := s.Audit(ctx, func(f escrowsql.Fault) { faults = append(faults, f.String()) })
			require.NoError(t, err)
			require.NotZero(t, sum.Faults)
			require.Contains(t, strings.Join(faults, "\n"), test.fault)
			require.Contains(t, faults[0], "c1")
		})
	}
}

// TestErase: what people wrote can be forgotten, and all else stays sound.
func TestErase(t *testing.T) {
	each(t, func(t *testing.T, s *escrowsql.Store) {
		open := founded(t, s, "open")
		require.ErrorIs(t, s.Erase(ctx, "open"), escrowsql.ErrNotEnded)
		require.ErrorIs(t, s.Erase(ctx, "none"), escrowsql.ErrNotFound)

		key := escrowsql.Key{Account: "0xWorker", Key: "k", Fingerprint: "f"}
		_, err := s.BeginKey(ctx, &key, monday, monday)
		require.NoError(t, err)
		require.NoError(t, s.FinishKey(ctx, &escrowsql.KeyAnswer{Key: key, Answer: escrowsql.Answer{Status: 200, Body: []byte("ten papers"), ContractID: "c1"}}))
		ended := withdrawn(t, s, "c1")
		require.NoError(t, s.Erase(ctx, "c1", "taskDescription"))
		c, err := s.Find(ctx, "c1")
		require.NoError(t, err)
		assert.Equal(t, escrowsql.Erased, c.View().Text(opencontract.TaskDescription))
		assert.Equal(t, ended.View().Texts(opencontract.AcceptanceCriteria), c.View().Texts(opencontract.AcceptanceCriteria), "others are kept")
		require.NoError(t, s.Erase(ctx, "c1"))
		require.NoError(t, s.Erase(ctx, "c1"), "again")
		c, err = s.Find(ctx, "c1")
		require.NoError(t, err)
		assert.Equal(t, []string{escrowsql.Erased, escrowsql.Erased}, c.View().Texts(opencontract.AcceptanceCriteria))
		assert.Equal(t, ended.Status(), c.Status())

		var dump bytes.Buffer
		_, err = s.Backup(ctx, &dump)
		require.NoError(t, err)
		plain, err := gzip.NewReader(&dump)
		require.NoError(t, err)
		all, err := io.ReadAll(plain)
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(all), "ten papers"), "only in the contract that is open")
		assert.Equal(t, escrowsql.Audited{Contracts: 2, Decisions: 4, Erased: 1}, sound(t, s))
		found, err := s.Find(ctx, "open")
		require.NoError(t, err)
		same(t, open, found)

		// Money is looked at even so.
		_, err = s.DB().Exec(`UPDATE escrow_movements SET amount = '1.76' WHERE amount = '1.75'`)
		require.NoError(t, err)
		sum, err := s.Audit(ctx, func(escrowsql.Fault) {})
		require.NoError(t, err)
		assert.NotZero(t, sum.Faults)
	})
}

// TestBackup: what was backed up from one database is restored into another, of either
// kind, and is sound there.
func TestBackup(t *testing.T) {
	for _, from := range []string{"sqlite", "postgres"} {
		each(t, func(t *testing.T, to *escrowsql.Store) {
			address := sqltest.SQLite
			if from == "postgres" {
				address = sqltest.Postgres
			}
			s := open(t, address(t))
			for i := range 3 {
				withdrawn(t, s, fmt.Sprintf("c%d", i))
			}
			founded(t, s, "open")
			require.NoError(t, s.Erase(ctx, "c0"))
			_, err := s.NumberEvents(ctx, 5)
			require.NoError(t, err)
			var kept bytes.Buffer
			rows, err := s.Backup(ctx, &kept)
			require.NoError(t, err)

			for _, cut := range []int{0, 1, 20, kept.Len() / 2, kept.Len() - 1} {
				_, err := to.Restore(ctx, bytes.NewReader(kept.Bytes()[:cut]))
				require.ErrorIs(t, err, escrowsql.ErrBackup)
			}
			restored, err := to.Restore(ctx, bytes.NewReader(kept.Bytes()))
			require.NoError(t, err)
			assert.Equal(t, rows, restored)
			assert.Equal(t, sound(t, s), sound(t, to))
			a, err := s.Find(ctx, "open")
			require.NoError(t, err)
			b, err := to.Find(ctx, "open")
			require.NoError(t, err)
			same(t, a, b)
			commit(t, to, b, opencontract.Accept{}.Command(), worker, monday)
			_, err = to.NumberEvents(ctx, 100)
			require.NoError(t, err)
			events, err := to.Events(ctx, 0, 100)
			require.NoError(t, err)
			assert.Len(t, events, 11)
			_, err = to.Restore(ctx, bytes.NewReader(kept.Bytes()))
			require.ErrorContains(t, err, "4 contracts")
		})
	}
}

// TestRestoreStrange: what is no backup is refused, and nothing of it is kept.
func TestRestoreStrange(t *testing.T) {
	s := open(t, sqltest.SQLite(t))
	for name, lines := range map[string]string{
		"other program":  `{"some":1}`,
		"other version":  `{"escrow":99}`,
		"strange table":  `{"escrow":1}` + "\n" + `{"table":"users","columns":["id"]}`,
		"strange column": `{"escrow":1}` + "\n" + `{"table":"escrow_keys","columns":["id); DROP TABLE escrow_keys"]}`,
		"row first":      `{"escrow":1}` + "\n" + `["a"]`,
		"no end":         `{"escrow":1}` + "\n" + `{"table":"escrow_settings","columns":["name","value"]}` + "\n" + `["a","b"]`,
		"rows missing":   `{"escrow":1}` + "\n" + `{"table":"escrow_settings","columns":["name","value"]}` + "\n" + `["a","b"]` + "\n" + `{"rows":2}`,
		"no JSON":        `{"escrow":1}` + "\n" + `]`,
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = io.WriteString(z, lines)
			require.NoError(t, z.Close())
			_, err := s.Restore(ctx, &b)
			require.True(t, errors.Is(err, escrowsql.ErrBackup), "%v", err)
			var n int
			require.NoError(t, s.DB().QueryRow(`SELECT COUNT(*) FROM escrow_settings`).Scan(&n))
			assert.Zero(t, n)
		})
	}
}
