package cli

import (
	"os"

	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/marketplace"
)

type restoreCmd struct {
	File string `arg:"" help:"A backup, of a database of either kind."`
}

// Run restores a backup and audits what it was.
func (c *restoreCmd) Run(j *job) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	store, err := j.open(escrowsql.MigrateAuto)
	if err != nil {
		return err
	}
	if err := marketplace.MakeTables(j, store, j.dialect); err != nil {
		return err
	}
	stop := newProgress(j.std.Err).run("restoring")
	rows, err := store.Restore(j, f, marketplace.Tables()...)
	stop()
	if err != nil {
		return err
	}
	j.out.tell(rowsLine{c.File, rows}, "%s: %s restored", c.File, many(rows, "row"))
	return j.audit(store)
}
