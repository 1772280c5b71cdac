package sqltest

import (
	"errors"
	"strings"

	"github.com/escrow-go/escrow/escrowsql"
)

// Empty deletes the rows of every table of a database, but for those that say which
// tables there are and which lifecycles they are for.
func Empty(address string) (err error) {
	db, dialect, err := escrowsql.Connect(address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if dialect == escrowsql.PostgreSQL {
		list = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	rows, err := db.Query(list)
	if err != nil {
		return err
	}
	var deletions []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return errors.Join(err, rows.Close())
		}
		if !strings.HasSuffix(table, "_schema") && !strings.HasSuffix(table, "lifecycles") {
			deletions = append(deletions, `DELETE FROM `+table)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	_, err = db.Exec(strings.Join(deletions, "; "))
	return err
}
