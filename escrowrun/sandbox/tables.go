package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// tables make the database, one statement each, in a dialect that SQLite and PostgreSQL
// share. Amounts are in smallest units and instants of fixed width, both as text. What
// a later version needs is appended: each statement runs whenever the rail is opened.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS sandbox_transfers (
		id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, contract TEXT NOT NULL, account TEXT NOT NULL, hold TEXT NOT NULL,
		asset TEXT NOT NULL, scale INTEGER NOT NULL, amount TEXT NOT NULL, made TEXT NOT NULL, challenge TEXT NOT NULL, reason TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS sandbox_transfers_contract ON sandbox_transfers (contract)`,
	`CREATE INDEX IF NOT EXISTS sandbox_transfers_made ON sandbox_transfers (made, id)`,
	`CREATE TABLE IF NOT EXISTS sandbox_contracts (contract TEXT PRIMARY KEY, turn BIGINT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS sandbox_calls (operation TEXT NOT NULL, id TEXT NOT NULL, asked BIGINT NOT NULL, PRIMARY KEY (operation, id))`,
	`CREATE TABLE IF NOT EXISTS sandbox_late (name TEXT PRIMARY KEY, waits BIGINT NOT NULL, request TEXT NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS sandbox_gifts (
		id TEXT PRIMARY KEY, account TEXT NOT NULL, asset TEXT NOT NULL, scale INTEGER NOT NULL, amount TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS sandbox_transfers_account ON sandbox_transfers (account)`,
}

// createTables makes what is missing.
func createTables(ctx context.Context, db *sql.DB) error {
	for _, statement := range tables {
		if err := create(ctx, db, statement); err != nil {
			return fmt.Errorf("sandbox: making tables: %w", err)
		}
	}
	return nil
}

// create runs a statement, and again when it fails: of those who make the same table at
// once, PostgreSQL lets one and refuses the others, for whom it is there afterwards.
func create(ctx context.Context, db *sql.DB, statement string) (err error) {
	for range 3 {
		if _, err = db.ExecContext(ctx, statement); err == nil {
			return nil
		}
	}
	return err
}

// querier is a database or a transaction of it.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// inTurn runs a function in a transaction that has a contract for itself: others of
// the same contract wait until it is over.
func inTurn(ctx context.Context, db *sql.DB, contract string, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	_, err = tx.ExecContext(ctx, `INSERT INTO sandbox_contracts (contract, turn) VALUES ($1, 1)
		ON CONFLICT (contract) DO UPDATE SET turn = sandbox_contracts.turn + 1`, contract)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// columns are those of a transfer, in the order in which they are written and read.
const columns = `id, kind, state, contract, account, hold, asset, scale, amount, made, challenge, reason`

// keep writes a transfer unless its id is taken, and returns what then stands under it.
func keep(ctx context.Context, q querier, t escrowrun.Transfer) (escrowrun.Transfer, error) {
	_, err := q.ExecContext(ctx, `INSERT INTO sandbox_transfers (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		t.ID, string(t.Kind), string(t.State), t.Contract, t.Account, t.Of, t.Asset.Code, int(t.Asset.Scale),
		t.Amount.String(), instant(t.At), string(t.Challenge), t.Reason)
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	return find(ctx, q, t.ID)
}

// find returns the transfer of an id.
func find(ctx context.Context, q querier, id string) (escrowrun.Transfer, error) {
	found, err := transfers(q.QueryContext(ctx, `SELECT `+columns+` FROM sandbox_transfers WHERE id = $1`, id))
	if err != nil {
		return escrowrun.Transfer{}, err
	}
	if len(found) == 0 {
		return escrowrun.Transfer{}, escrowrun.ErrNoTransfer
	}
	return found[0], nil
}

// findHold returns the hold of an id, whatever state it is in.
func findHold(ctx context.Context, q querier, id string) (escrowrun.Transfer, error) {
	t, err := find(ctx, q, id)
	if err == nil && t.Kind != escrowrun.HoldKind {
		return escrowrun.Transfer{}, escrowrun.ErrNoTransfer
	}
	return t, err
}

// ofContract returns the transfers of a contract.
func ofContract(ctx context.Context, q querier, contract string) ([]escrowrun.Transfer, error) {
	return transfers(q.QueryContext(ctx, `SELECT `+columns+` FROM sandbox_transfers WHERE contract = $1`, contract))
}

// pageSize is how many transfers are listed at a time.
const pageSize = 500

// position is a place in the order of the list.
type position struct{ at, id string }

// listed returns the next transfers after a position, oldest first. No id is empty, so
// an instant alone comes before all transfers of that instant.
func listed(ctx context.Context, q querier, after position) ([]escrowrun.Transfer, error) {
	return transfers(q.QueryContext(ctx, `SELECT `+columns+` FROM sandbox_transfers
		WHERE made > $1 OR (made = $1 AND id > $2) ORDER BY made, id LIMIT $3`, after.at, after.id, pageSize))
}

// transfers reads rows of transfers to their end.
func transfers(rows *sql.Rows, err error) ([]escrowrun.Transfer, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []escrowrun.Transfer
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// scan reads one row.
func scan(rows *sql.Rows) (t escrowrun.Transfer, err error) {
	var amount, made, challenge string
	err = rows.Scan(&t.ID, &t.Kind, &t.State, &t.Contract, &t.Account, &t.Of, &t.Asset.Code, &t.Asset.Scale, &amount, &made, &challenge, &t.Reason)
	if err != nil {
		return t, err
	}
	if challenge != "" {
		t.Challenge = []byte(challenge)
	}
	units, ok := new(big.Int).SetString(amount, 10)
	if !ok {
		return t, errors.New("sandbox: stored amount " + amount)
	}
	if t.Amount, err = escrow.AmountOf(units); err != nil {
		return t, err
	}
	t.At, err = time.Parse(instantForm, made)
	return t, err
}

// texts reads rows of one text to their end.
func texts(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}

// instantForm is how instants are stored: texts of it sort as the instants do.
const instantForm = "2006-01-02T15:04:05.000000000Z"

func instant(t time.Time) string { return t.UTC().Format(instantForm) }
