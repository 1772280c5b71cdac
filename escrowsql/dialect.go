package escrowsql

import (
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// Dialect is what differs between the databases.
type Dialect struct {
	name string
	// words turns the schema into the database's own.
	words *strings.Replacer
	// begin is the first statement of a transaction that writes.
	begin string
	// lock makes the reader of a row wait for those who change it; skip passes rows
	// that somebody else has locked.
	lock, skip string
	// exclusive, in a transaction, makes everybody else who asks for it wait.
	exclusive string
	// snapshot is the isolation in which several queries see one instant.
	snapshot sql.IsolationLevel
	// oneWriter says that transactions that write come one after another.
	oneWriter bool
}

// String returns the dialect's name, "sqlite" or "postgres".
func (d *Dialect) String() string { return d.name }

var (
	// SQLite is for one process on one machine.
	SQLite = &Dialect{
		name:  "sqlite",
		words: strings.NewReplacer("NUMBERED", "INTEGER PRIMARY KEY AUTOINCREMENT"),
		// A transaction that reads first could not become one that writes once another
		// process has written.
		begin:     `UPDATE escrow_schema SET version = version WHERE version = 0`,
		oneWriter: true,
	}
	// PostgreSQL is for any number of processes.
	PostgreSQL = &Dialect{
		name: "postgres",
		words: strings.NewReplacer("NUMBERED", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
			" WITHOUT ROWID", "", "TEXT", `TEXT COLLATE "C"`, "INTEGER", "BIGINT"),
		lock:      " FOR UPDATE",
		skip:      " FOR UPDATE SKIP LOCKED",
		snapshot:  sql.LevelRepeatableRead,
		exclusive: `SELECT pg_advisory_xact_lock(7310868)`,
	}
)

// Connect opens the database at an address: "postgres://…" is PostgreSQL, anything else
// a file of SQLite, made when it is not there. SQLite writes ahead, waits up to ten
// seconds for another process, and reports a commit only when it is on the disk.
func Connect(address string) (*sql.DB, *Dialect, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		db, err := sql.Open("pgx", address)
		if err != nil {
			return nil, nil, fmt.Errorf("the address of the database: %w", err)
		}
		return db, PostgreSQL, nil
	}
	pragmas := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)"}, "_txlock": {"immediate"}}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: address}).EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		return nil, nil, fmt.Errorf("the file of the database: %w", err)
	}
	return db, SQLite, nil
}
