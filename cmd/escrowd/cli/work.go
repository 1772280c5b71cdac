package cli

import (
	"context"
	"errors"

	"github.com/escrow-go/escrow/escrowsql"
)

type workCmd struct{ railFlag }

// Help describes the command in detail.
func (workCmd) Help() string {
	return `Deadlines that are due, what the system does by itself, payments, messages. On
PostgreSQL any number of processes may; on SQLite one, and a second is refused.

Exit status: 0 interrupted, 2 unusable.`
}

// Run does the timed work until the call is interrupted.
func (c *workCmd) Run(j *job) error {
	runner, err := j.runner(c.Rail, escrowsql.MigrateAuto)
	if err != nil {
		return err
	}
	err = runner.Run(j)
	if errors.Is(err, context.Canceled) && j.Err() != nil {
		return nil
	}
	return err
}
