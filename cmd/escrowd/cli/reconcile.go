package cli

import (
	"time"

	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowsql"
)

type reconcileCmd struct {
	railFlag
	Since time.Time `format:"2006-01-02T15:04:05Z07:00" placeholder:"TIME" help:"Only transfers first made from then on, as in 2026-06-01T00:00:00Z (default: all)."`
}

// Help describes the command in detail.
func (reconcileCmd) Help() string {
	return `What is held for no decision is let go; what was decided and given up is tried
again under the same id; what the rail has and the store does not know is told
and never touched.

Exit status: 0 the same, 1 differences (a line each), 2 unusable.`
}

// differenceLine is a difference as JSON.
type differenceLine struct {
	Contract   string `json:"contract"`
	Revision   uint64 `json:"revision"`
	Transfer   string `json:"transfer"`
	Difference string `json:"difference"`
	Mended     string `json:"mended,omitempty"`
}

// Run compares store and rail.
func (c *reconcileCmd) Run(j *job) error {
	if _, err := j.store(); err != nil {
		return err
	}
	runner, err := j.runner(c.Rail, escrowsql.MigrateCheck)
	if err != nil {
		return err
	}
	stop := newProgress(j.std.Err).run("reconciling")
	n, err := runner.Reconcile(j, c.Since, func(d escrowrun.Difference) {
		j.out.tell(differenceLine{d.ContractID, d.Revision, d.ID, d.What, d.Mended}, "%s", d)
	})
	stop()
	if err != nil {
		return err
	}
	if !j.JSON {
		j.out.tell(nil, "store and rail compared: %s", many(n, "difference"))
	}
	if n > 0 {
		return errFindings
	}
	return nil
}
