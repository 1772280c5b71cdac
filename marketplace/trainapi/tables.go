package trainapi

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
)

// The tables, written for SQLite; words says what other words PostgreSQL has. Instants are
// text of fixed width, which sorts.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS trainapi_proposals (
		id           TEXT PRIMARY KEY,
		account      TEXT NOT NULL,
		job_id       TEXT NOT NULL,
		title        TEXT NOT NULL,
		trainer      TEXT NOT NULL,
		display_name TEXT NOT NULL,
		country      TEXT NOT NULL,
		profile_path TEXT NOT NULL,
		created_at   TEXT NOT NULL,
		contract_id  TEXT NOT NULL
	)`,
	`CREATE INDEX IF NOT EXISTS trainapi_proposals_job ON trainapi_proposals (job_id)`,
	// What has become of contracts, in the order of their decisions: each fact once.
	`CREATE TABLE IF NOT EXISTS trainapi_events (
		contract_id TEXT NOT NULL,
		revision    INTEGER NOT NULL,
		position    INTEGER NOT NULL,
		type        TEXT NOT NULL,
		resource    TEXT NOT NULL,
		status      TEXT NOT NULL,
		movement    TEXT NOT NULL,
		account     TEXT NOT NULL,
		job_id      TEXT NOT NULL,
		proposal_id TEXT NOT NULL,
		at          TEXT NOT NULL,
		PRIMARY KEY (contract_id, revision, position),
		UNIQUE (contract_id, type, resource, status)
	)`,
	`CREATE TABLE IF NOT EXISTS trainapi_webhooks (
		id              TEXT PRIMARY KEY,
		account         TEXT NOT NULL,
		url             TEXT NOT NULL,
		event_types     TEXT NOT NULL,
		secret          TEXT NOT NULL,
		status          TEXT NOT NULL,
		failures        INTEGER NOT NULL,
		created_at      TEXT NOT NULL,
		disabled_at     TEXT NOT NULL,
		disabled_reason TEXT NOT NULL
	)`,
	`CREATE INDEX IF NOT EXISTS trainapi_webhooks_account ON trainapi_webhooks (account)`,
}

var words = strings.NewReplacer("TEXT", `TEXT COLLATE "C"`, "INTEGER", "BIGINT")

func (s *Server) postgres() bool { return s.Dialect.String() == "postgres" }

// MakeTables makes the API's own tables in a store, as [Server.Open] does.
func MakeTables(ctx context.Context, store *escrowsql.Store, dialect *escrowsql.Dialect) error {
	return (&Server{Runner: &escrowrun.Runner{Store: store}, Dialect: dialect}).migrate(ctx)
}

// migrate makes the tables. Of processes that start at once one does.
func (s *Server) migrate(ctx context.Context) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		if s.postgres() {
			if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7310869)`); err != nil {
				return err
			}
		}
		for _, statement := range tables {
			if s.postgres() {
				statement = words.Replace(statement)
			}
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("the tables of the API: %w", err)
	}
	return nil
}

func (s *Server) db() *sql.DB { return s.store().DB() }

// write runs a function in a transaction.
func (s *Server) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// query returns what is read of every row.
func query[E any](ctx context.Context, q querier, read func(func(...any) error) (E, error), text string, args ...any) (list []E, err error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		e, err := read(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// marks returns placeholders for n values, the first of which has a number.
func marks(first, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(list, ", ")
}

const stampForm = "2006-01-02T15:04:05.000000000Z"

func stamp(t time.Time) string { return t.UTC().Format(stampForm) }

// instant reads what stamp has written; the zero time for nothing.
func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(stampForm, text)
}
