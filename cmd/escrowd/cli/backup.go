package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/escrow-go/escrow/marketplace"
)

type backupCmd struct {
	File string `arg:"" help:"The file that is written; it must not be there yet."`
}

type rowsLine struct {
	File string `json:"file"`
	Rows int    `json:"rows"`
}

// Run writes the backup; what is not whole is not left under its name.
func (c *backupCmd) Run(j *job) error {
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("%s is there already; a backup is written into a new file", c.File)
	}
	store, err := j.store()
	if err != nil {
		return err
	}
	part := c.File + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, of a backup that is being written or was interrupted; remove it first", part)
	}
	if err != nil {
		return err
	}
	stop := newProgress(j.std.Err).run("backing up")
	rows, err := store.Backup(j, f, marketplace.Tables()...)
	stop()
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(part, c.File) // unlike a rename, never over another's
	}
	if err = errors.Join(err, os.Remove(part)); err != nil {
		return fmt.Errorf("no backup was written: %w", err)
	}
	j.out.tell(rowsLine{c.File, rows}, "%s: %s", c.File, many(rows, "row"))
	return nil
}
