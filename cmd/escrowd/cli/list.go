package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
)

type listCmd struct {
	Account   string `placeholder:"ACCOUNT" help:"Contracts that the account is a party of."`
	Lifecycle string `placeholder:"NAME" help:"Contracts of the lifecycle, together with --status."`
	Status    string `placeholder:"STATUS" help:"The status that they are in."`
}

type summaryLine struct {
	Contract  string    `json:"contract"`
	Lifecycle string    `json:"lifecycle"`
	Status    string    `json:"status"`
	Revision  uint64    `json:"revision"`
	CreatedAt time.Time `json:"created_at"`
	DecidedAt time.Time `json:"decided_at"`
	Ended     bool      `json:"ended"`
}

// Run lists contracts, newest first.
func (c *listCmd) Run(j *job) error {
	if err := c.check(j.command.Lifecycles); err != nil {
		return err
	}
	store, err := j.store()
	if err != nil {
		return err
	}
	rows := [][]string{{"CONTRACT", "LIFECYCLE", "STATUS", "REVISION", "CREATED", "DECIDED"}}
	for q := (escrowsql.Query{Account: c.Account, Lifecycle: c.Lifecycle, Status: c.Status, Limit: 1000}); ; {
		page, err := store.List(j, q)
		if err != nil {
			return err
		}
		for _, s := range page.Contracts {
			if j.JSON {
				j.out.tell(summaryLine{s.ID, s.Lifecycle, s.Status, s.Revision, s.CreatedAt, s.DecidedAt, s.Ended}, "")
				continue
			}
			rows = append(rows, []string{s.ID, s.Lifecycle, s.Status, fmt.Sprint(s.Revision), when(s.CreatedAt), when(s.DecidedAt)})
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if !j.JSON {
		j.out.table(rows)
	}
	return nil
}

func (c *listCmd) check(known []*escrow.Lifecycle) error {
	if (c.Account == "") == (c.Lifecycle == "") || (c.Lifecycle == "") != (c.Status == "") {
		return errors.New("whose contracts? either --account ACCOUNT, or --lifecycle NAME and --status STATUS say")
	}
	var names []string
	for _, l := range known {
		names = append(names, l.Name())
	}
	if c.Lifecycle != "" && !slices.Contains(names, c.Lifecycle) {
		return fmt.Errorf("there is no lifecycle %q; there are %s", c.Lifecycle, strings.Join(slices.Compact(names), ", "))
	}
	return nil
}
