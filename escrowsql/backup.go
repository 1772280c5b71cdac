package escrowsql

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Table is a table that a backup has, with the columns that its rows are ordered by.
type Table struct{ Name, Order string }

// tables are what a backup has, and in which order. Decisions are numbered anew in the
// order that they had; the rest is as it was.
var tables = []Table{
	{"escrow_settings", "name"}, {"escrow_lifecycles", "name, version"}, {"escrow_contracts", "id"}, {"escrow_accounts", "account, created_at, contract_id"},
	{"escrow_decisions", "number"}, {"escrow_movements", "contract_id, revision, position"}, {"escrow_approvals", "id"}, {"escrow_texts", "contract_id, hash"},
	{"escrow_keys", "account, key"}, {"escrow_outbox", "id"}, {"escrow_intents", "id"}, {"escrow_payments", "id"}, {"escrow_releases", "contract_id, revision, operator"},
}

// backupHead is the first line of a backup, tableHead that of each table, backupEnd the
// last line. Between them a line is a row.
type (
	backupHead struct {
		Escrow int `json:"escrow"` // the version of the database
	}
	tableHead struct {
		Table   string   `json:"table"`
		Columns []string `json:"columns"`
	}
	backupEnd struct {
		Rows int `json:"rows"`
	}
)

// ErrBackup: what is read is no backup, or not all of one.
var ErrBackup = errors.New("not a whole backup")

// Backup writes all that the store has, as it is at one instant, while others go on
// writing: JSON, a row a line, compressed. A backup of either database can be restored
// into the other. More are tables of the embedder's in the same database, whose values
// are texts and whole numbers; those that are not there are left out. It returns the
// number of rows.
func (s *Store) Backup(ctx context.Context, w io.Writer, more ...Table) (rows int, err error) {
	all := append(tables[:len(tables):len(tables)], s.there(ctx, more)...)
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot})
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }()
	z := gzip.NewWriter(w)
	lines := json.NewEncoder(z)
	lines.SetEscapeHTML(false)
	steps, err := migrations(schemas)
	if err != nil {
		return 0, err
	}
	if err := lines.Encode(backupHead{len(steps)}); err != nil {
		return 0, err
	}
	for _, t := range all {
		n, err := backupTable(ctx, tx, lines, t.Name, t.Order)
		if rows += n; err != nil {
			return rows, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	if err := lines.Encode(backupEnd{rows}); err != nil {
		return rows, err
	}
	return rows, z.Close()
}

// there returns the tables that the database has.
func (s *Store) there(ctx context.Context, more []Table) (list []Table) {
	for _, t := range more {
		rows, err := s.db.QueryContext(ctx, `SELECT 1 FROM `+t.Name+` LIMIT 1`)
		if err == nil && rows.Close() == nil {
			list = append(list, t)
		}
	}
	return list
}

func backupTable(ctx context.Context, tx *sql.Tx, lines *json.Encoder, table, order string) (n int, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table+` ORDER BY `+order)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err == nil {
		err = lines.Encode(tableHead{table, columns})
	}
	if err != nil {
		return 0, err
	}
	values := make([]any, len(columns))
	to := make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(to...); err != nil {
			return n, err
		}
		if err := lines.Encode(values); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// Restore reads a backup into a store that has nothing in it, whole or not at all, and
// returns the number of rows. More are the tables of the embedder's that the backup may
// have; they must be there. [Store.Audit] tells whether the store is sound.
func (s *Store) Restore(ctx context.Context, r io.Reader, more ...Table) (rows int, err error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrBackup, err)
	}
	steps, err := migrations(schemas)
	if err != nil {
		return 0, err
	}
	lines := json.NewDecoder(bufio.NewReader(z))
	lines.UseNumber()
	var head backupHead
	if err := lines.Decode(&head); err != nil || head.Escrow != len(steps) {
		return 0, fmt.Errorf("%w: version %d, and this program writes %d", ErrBackup, head.Escrow, len(steps))
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		var contracts int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM escrow_contracts`).Scan(&contracts); err != nil || contracts > 0 {
			return errors.Join(err, fmt.Errorf("a backup is restored into an empty database, and this one has %d contracts", contracts))
		}
		rows, err = restore(ctx, tx, lines, append(tables[:len(tables):len(tables)], more...))
		return err
	})
	return rows, err
}

// restore reads table after table up to the last line.
func restore(ctx context.Context, tx *sql.Tx, lines *json.Decoder, all []Table) (rows int, err error) {
	var insert string
	var skip int // the column that is given anew
	for {
		var line json.RawMessage
		if err := lines.Decode(&line); err != nil {
			return rows, fmt.Errorf("%w: after %d rows: %w", ErrBackup, rows, err)
		}
		if line[0] == '{' {
			var end backupEnd
			var table tableHead
			if err := errors.Join(json.Unmarshal(line, &end), json.Unmarshal(line, &table)); err != nil {
				return rows, fmt.Errorf("%w: %w", ErrBackup, err)
			}
			if table.Table == "" {
				if end.Rows != rows {
					return rows, fmt.Errorf("%w: %d rows of %d", ErrBackup, rows, end.Rows)
				}
				if _, err := lines.Token(); err != io.EOF { // the checksum comes last
					return rows, fmt.Errorf("%w: its end: %w", ErrBackup, err)
				}
				return rows, nil
			}
			if insert, skip, err = insertion(table, all); err != nil {
				return rows, err
			}
			continue
		}
		values, err := rowOf(line, skip)
		if err != nil || insert == "" {
			return rows, fmt.Errorf("%w: row %d: %w", ErrBackup, rows+1, err)
		}
		if _, err := tx.ExecContext(ctx, insert, values...); err != nil {
			return rows, fmt.Errorf("row %d: %w", rows+1, err)
		}
		rows++
	}
}

// insertion returns the statement that inserts a row of a table, and the column whose
// value the database gives, -1 for none.
func insertion(t tableHead, all []Table) (statement string, skip int, err error) {
	if !slices.ContainsFunc(all, func(known Table) bool { return known.Name == t.Table }) {
		return "", 0, fmt.Errorf("%w: there is no table %q", ErrBackup, t.Table)
	}
	skip = -1
	columns := ""
	for i, c := range t.Columns {
		switch {
		case !plainName(c):
			return "", 0, fmt.Errorf("%w: %q is no column", ErrBackup, c)
		case c == "number":
			skip = i
		case columns == "":
			columns = c
		default:
			columns += ", " + c
		}
	}
	n := len(t.Columns)
	if skip >= 0 {
		n--
	}
	return `INSERT INTO ` + t.Table + ` (` + columns + `) VALUES ` + list(n, 1) + ` ON CONFLICT DO NOTHING`, skip, nil
}

// plainName reports whether a name of a column is made of small letters and lines.
func plainName(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && r != '_' {
			return false
		}
	}
	return s != ""
}

// rowOf reads the values of a row.
func rowOf(line []byte, skip int) ([]any, error) {
	var values []any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&values); err != nil {
		return nil, err
	}
	row := make([]any, 0, len(values))
	for i, v := range values {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return nil, err
			}
			v = whole
		}
		if i != skip {
			row = append(row, v)
		}
	}
	return row, nil
}
