package escrowsql_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/escrowsql/sqltest"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/require"
)

// BenchmarkCommit compares a commit with raw inserts of the same rows: one transaction
// each, the same database, pragmas and pool, turn about; the median of 7 rounds. It
// reports how many commits there are for a hundred raw transactions.
//
//	go test -run '^$' -bench Commit -benchtime 1x .
func BenchmarkCommit(b *testing.B) {
	for name, address := range map[string]string{"sqlite": sqltest.SQLite(b), "postgres": sqltest.Postgres(b)} {
		b.Run(name, func(b *testing.B) {
			s := open(b, address)
			const commits = 200
			var shares []float64
			for round := range 7 * b.N {
				made := make([]*escrowsql.Commit, commits)
				for i := range made {
					made[i] = decided(b, task(fmt.Sprintf("c%d-%d", round, i)), opencontract.Create{}.Command(), client, monday)
				}
				began := time.Now()
				for _, c := range made {
					require.NoError(b, s.Commit(ctx, c))
				}
				own := time.Since(began)
				rows := rowsOf(b, s.DB(), fmt.Sprintf("c%d-0", round), commits)
				began = time.Now()
				for _, r := range rows {
					require.NoError(b, r.insert(s.DB()))
				}
				shares = append(shares, 100*float64(time.Since(began))/float64(own))
			}
			slices.Sort(shares)
			b.ReportMetric(shares[len(shares)/2], "commits/100raw")
		})
	}
}

// rawRows are the rows of one commit, as statements.
type rawRows struct {
	statements []string
	args       [][]any
}

func (r *rawRows) insert(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for i, statement := range r.statements {
		if _, err := tx.Exec(statement, r.args[i]...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// rowsOf returns the rows of a contract's only commit, n times under ids of their own.
func rowsOf(b *testing.B, db *sql.DB, id string, n int) []rawRows {
	all := make([]rawRows, n)
	for _, table := range []struct{ name, key string }{{"contracts", "id"}, {"accounts", "contract_id"}, {"decisions", "contract_id"}, {"movements", "contract_id"}, {"texts", "contract_id"}} {
		rows, err := db.Query(`SELECT * FROM escrow_`+table.name+` WHERE `+table.key+` = $1`, id)
		require.NoError(b, err)
		columns, err := rows.Columns()
		require.NoError(b, err)
		for rows.Next() {
			values, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			require.NoError(b, rows.Scan(to...))
			for i := range all {
				all[i].add(table.name, columns, values, id, fmt.Sprintf("%s-raw%d", id, i))
			}
		}
		require.NoError(b, rows.Close())
	}
	return all
}

// add adds a row, of another contract and without the number that the database gives.
func (r *rawRows) add(table string, columns []string, values []any, id, own string) {
	var names, places []string
	var args []any
	for i, c := range columns {
		if c == "number" {
			continue
		}
		v := values[i]
		if text, ok := v.(string); ok {
			v = strings.ReplaceAll(text, id, own)
		}
		args = append(args, v)
		names, places = append(names, c), append(places, fmt.Sprintf("$%d", len(args)))
	}
	r.statements = append(r.statements, fmt.Sprintf(`INSERT INTO escrow_%s (%s) VALUES (%s)`, table, strings.Join(names, ", "), strings.Join(places, ", ")))
	r.args = append(r.args, args)
}

// BenchmarkMany reports the 99th percentile of 1,000 warm calls of List, at any depth
// of an account that is a party of a tenth of all contracts, and of Due, in a store of
// ESCROW_CONTRACTS contracts (100,000).
//
//	ESCROW_CONTRACTS=1000000 go test -run '^$' -bench Many -benchtime 1x .
func BenchmarkMany(b *testing.B) {
	n := 100_000
	if text := os.Getenv("ESCROW_CONTRACTS"); text != "" {
		_, err := fmt.Sscan(text, &n)
		require.NoError(b, err)
	}
	for name, address := range map[string]string{"sqlite": sqltest.SQLite(b), "postgres": sqltest.Postgres(b)} {
		b.Run(name, func(b *testing.B) {
			s := open(b, address)
			founded(b, s, "first")
			multiply(b, s, n)
			cursors := []string{""}
			for len(cursors) < 50 {
				page, err := s.List(ctx, escrowsql.Query{Account: "0xBig", Limit: max(n/10/50, 1), Cursor: cursors[len(cursors)-1]})
				require.NoError(b, err)
				cursors = append(cursors, page.Next)
			}
			for range b.N {
				b.ReportMetric(p99(b, func(i int) error {
					page, err := s.List(ctx, escrowsql.Query{Account: "0xBig", Cursor: cursors[i%len(cursors)]})
					if err == nil && len(page.Contracts) == 0 {
						err = fmt.Errorf("an empty page")
					}
					return err
				}), "List-p99-ms")
				b.ReportMetric(p99(b, func(int) error {
					ids, err := s.Due(ctx, day(2), 100)
					if err == nil && len(ids) != 100 {
						err = fmt.Errorf("%d are due", len(ids))
					}
					return err
				}), "Due-p99-ms")
			}
		})
	}
}

// multiply copies the only contract of a store until there are n.
func multiply(b *testing.B, s *escrowsql.Store, n int) {
	tx, err := s.DB().BeginTx(context.Background(), nil)
	require.NoError(b, err)
	defer func() { _ = tx.Rollback() }()
	for _, statement := range []string{
		`WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < %d)
		INSERT INTO escrow_contracts SELECT 'c' || k.n, lifecycle, version, status, revision, '2026-06-0' || (1 + k.n %% 9) || 'T12:00:00.000000000Z', decided_at, ended,
		CASE WHEN k.n %% 10 = 0 THEN due_at ELSE '' END, lease_until, draft, snapshot, chain, salts FROM escrow_contracts, k WHERE id = 'first'`,
		`INSERT INTO escrow_accounts SELECT '0x' || id, created_at, id FROM escrow_contracts WHERE id <> 'first' AND %d > 0`,
		`INSERT INTO escrow_accounts SELECT '0xBig', created_at, id FROM escrow_contracts WHERE id <> 'first' AND id LIKE '%%7' AND %d > 0`,
	} {
		_, err := tx.Exec(fmt.Sprintf(statement, n))
		require.NoError(b, err)
	}
	require.NoError(b, tx.Commit())
	_, err = s.DB().Exec(`ANALYZE`)
	require.NoError(b, err)
}

// p99 returns the 99th percentile of 1,000 calls, in milliseconds, after a hundred that
// warm up.
func p99(b *testing.B, call func(i int) error) float64 {
	for i := range 100 {
		require.NoError(b, call(i))
	}
	took := make([]time.Duration, 1000)
	for i := range took {
		began := time.Now()
		require.NoError(b, call(i))
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return float64(took[989].Microseconds()) / 1000
}
