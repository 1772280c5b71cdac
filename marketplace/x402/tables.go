package x402

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
)

// tables make the database, one statement each, in a dialect that SQLite and PostgreSQL
// share. Amounts are in smallest units and instants of fixed width, both as text. What a
// later version needs is appended: each statement runs whenever the rail is opened.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS x402_transfers (
		id TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, contract TEXT NOT NULL, account TEXT NOT NULL, hold TEXT NOT NULL,
		asset TEXT NOT NULL, scale INTEGER NOT NULL, amount TEXT NOT NULL, made TEXT NOT NULL, challenge TEXT NOT NULL, reason TEXT NOT NULL, payment TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS x402_transfers_made ON x402_transfers (made, id)`,
	`CREATE TABLE IF NOT EXISTS x402_nonces (
		network TEXT NOT NULL, payer TEXT NOT NULL, nonce TEXT NOT NULL, hold TEXT NOT NULL, PRIMARY KEY (network, payer, nonce))`,
}

// createTables makes what is missing. Of those who make the same table at once,
// PostgreSQL lets one and refuses the others, for whom it is there afterwards.
func createTables(ctx context.Context, db *sql.DB) (err error) {
	for _, statement := range tables {
		for range 3 {
			if _, err = db.ExecContext(ctx, statement); err == nil {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("x402: making tables: %w", err)
		}
	}
	return nil
}

// record is a transfer as it is stored, and the payment that it is bound to.
type record struct {
	escrowrun.Transfer
	payment json.RawMessage
}

// querier is a database or a transaction of it.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// within runs a function in a transaction.
func within(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// columns are those of a transfer, in the order in which they are written and read.
const columns = `id, kind, state, contract, account, hold, asset, scale, amount, made, challenge, reason, payment`

// register writes a transfer unless its id is taken, and returns what then stands under
// it, which nobody else changes until the transaction is over. ErrOtherTransfer when
// that is something else.
func register(ctx context.Context, tx *sql.Tx, t escrowrun.Transfer) (record, error) {
	_, err := tx.ExecContext(ctx, `INSERT INTO x402_transfers (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '') ON CONFLICT (id) DO NOTHING`,
		t.ID, string(t.Kind), string(t.State), t.Contract, t.Account, t.Of, t.Asset.Code, int(t.Asset.Scale),
		t.Amount.String(), instant(t.At), string(t.Challenge), t.Reason)
	if err != nil {
		return record{}, err
	}
	kept, err := locked(ctx, tx, t.ID)
	if err == nil && !(kept.Kind == t.Kind && kept.Contract == t.Contract && sameAccount(kept.Account, t.Account) && kept.Of == t.Of && kept.Asset == t.Asset && kept.Amount == t.Amount) {
		err = escrowrun.ErrOtherTransfer
	}
	return kept, err
}

// locked returns the transfer of an id, which nobody else changes until the transaction
// is over.
func locked(ctx context.Context, tx *sql.Tx, id string) (record, error) {
	if _, err := tx.ExecContext(ctx, `UPDATE x402_transfers SET id = id WHERE id = $1`, id); err != nil {
		return record{}, err
	}
	return find(ctx, tx, id)
}

// turn stores how a transfer stands.
func turn(ctx context.Context, q querier, kept record) error {
	_, err := q.ExecContext(ctx, `UPDATE x402_transfers SET state = $1, reason = $2, challenge = $3, payment = $4 WHERE id = $5`,
		string(kept.State), kept.Reason, string(kept.Challenge), string(kept.payment), kept.ID)
	return err
}

// bind lets a payment pay for one hold for good. What it pays for another is refused.
func bind(ctx context.Context, tx *sql.Tx, p Payment, hold string) error {
	network, payer, nonce := nonceOf(p)
	_, err := tx.ExecContext(ctx, `INSERT INTO x402_nonces (network, payer, nonce, hold) VALUES ($1, $2, $3, $4) ON CONFLICT (network, payer, nonce) DO NOTHING`,
		network, payer, nonce, hold)
	if err != nil {
		return err
	}
	bound, err := boundTo(ctx, tx, p)
	if err == nil && bound != hold {
		err = refuse(ReasonNonceUsed, "this authorization pays for something else already")
	}
	return err
}

// boundTo returns the hold that a payment pays for.
func boundTo(ctx context.Context, q querier, p Payment) (hold string, err error) {
	network, payer, nonce := nonceOf(p)
	rows, err := q.QueryContext(ctx, `SELECT hold FROM x402_nonces WHERE network = $1 AND payer = $2 AND nonce = $3`, network, payer, nonce)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return "", errors.Join(rows.Err(), escrowrun.ErrNoTransfer)
	}
	err = rows.Scan(&hold)
	return hold, err
}

// nonceOf is what names an authorization.
func nonceOf(p Payment) (network, payer, nonce string) {
	return p.Network.CAIP2(), p.Authorization.From.String(), fmt.Sprintf("%x", p.Authorization.Nonce)
}

// find returns the transfer of an id.
func find(ctx context.Context, q querier, id string) (record, error) {
	found, err := records(q.QueryContext(ctx, `SELECT `+columns+` FROM x402_transfers WHERE id = $1`, id))
	if err != nil {
		return record{}, err
	}
	if len(found) == 0 {
		return record{}, escrowrun.ErrNoTransfer
	}
	return found[0], nil
}

// pageSize is how many transfers are listed at a time.
const pageSize = 500

// position is a place in the order of the list.
type position struct{ at, id string }

// listed returns the next transfers after a position, oldest first. No id is empty, so
// an instant alone comes before all transfers of that instant.
func listed(ctx context.Context, q querier, after position) ([]record, error) {
	return records(q.QueryContext(ctx, `SELECT `+columns+` FROM x402_transfers
		WHERE made > $1 OR (made = $1 AND id > $2) ORDER BY made, id LIMIT $3`, after.at, after.id, pageSize))
}

// records reads rows of transfers to their end.
func records(rows *sql.Rows, err error) ([]record, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []record
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
func scan(rows *sql.Rows) (t record, err error) {
	var amount, made, challenge, payment string
	err = rows.Scan(&t.ID, &t.Kind, &t.State, &t.Contract, &t.Account, &t.Of, &t.Asset.Code, &t.Asset.Scale, &amount, &made, &challenge, &t.Reason, &payment)
	if err != nil {
		return t, err
	}
	if challenge != "" {
		t.Challenge = []byte(challenge)
	}
	if payment != "" {
		t.payment = []byte(payment)
	}
	units, ok := new(big.Int).SetString(amount, 10)
	if !ok {
		return t, errors.New("x402: stored amount " + amount)
	}
	if t.Amount, err = escrow.AmountOf(units); err != nil {
		return t, err
	}
	t.At, err = time.Parse(instantForm, made)
	return t, err
}

// instantForm is how instants are stored: texts of it sort as the instants do.
const instantForm = "2006-01-02T15:04:05.000000000Z"

func instant(t time.Time) string { return t.UTC().Format(instantForm) }

// keepable reports whether a transfer can be stored.
func keepable(t escrowrun.Transfer) bool {
	_, err := escrow.AmountOf(t.Amount.BigInt())
	return err == nil && !t.Amount.IsZero() && t.ID != ""
}
