package contractapi

import (
	"context"
	"database/sql"
	"fmt"
)

// tables make the package's own, one statement each, in words that SQLite and PostgreSQL
// share. Instants are nanoseconds since 1970; 0 is none. What a later version needs is
// appended: each statement runs whenever the keys are opened.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS contractapi_challenges (
		id TEXT PRIMARY KEY, address TEXT NOT NULL, message TEXT NOT NULL, expires_at BIGINT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS contractapi_challenges_expires ON contractapi_challenges (expires_at)`,
	`CREATE TABLE IF NOT EXISTS contractapi_keys (
		id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, address TEXT NOT NULL, label TEXT NOT NULL, created_at BIGINT NOT NULL, revoked_at BIGINT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS contractapi_keys_address ON contractapi_keys (address, created_at, id)`,
}

// createTables makes what is missing. Of those who make the same table at once,
// PostgreSQL lets one and refuses the others, for whom it is there afterwards.
func createTables(ctx context.Context, db *sql.DB) error {
	for _, statement := range tables {
		var err error
		for range 3 {
			if _, err = db.ExecContext(ctx, statement); err == nil {
				break
			}
		}
		if err != nil {
			return fmt.Errorf("contractapi: making tables: %w", err)
		}
	}
	return nil
}
