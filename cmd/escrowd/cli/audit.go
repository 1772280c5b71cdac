package cli

import (
	"github.com/escrow-go/escrow/escrowsql"
)

type auditCmd struct{}

// Help describes the command in detail.
func (auditCmd) Help() string {
	return `Every contract is lived again from its draft, with what was asked, by whom and
what the clock showed; decisions, money, approvals, snapshots and the chain of
digests must come out as they are stored. Nothing is changed.

Exit status: 0 all follows, 1 faults (a line each), 2 unusable.`
}

// Run audits the store.
func (auditCmd) Run(j *job) error {
	store, err := j.store()
	if err != nil {
		return err
	}
	return j.audit(store)
}

// faultLine is a fault as JSON.
type faultLine struct {
	Contract string `json:"contract"`
	Revision uint64 `json:"revision"`
	Fault    string `json:"fault"`
}

// audit audits a store and tells the faults.
func (j *job) audit(store *escrowsql.Store) error {
	line := newProgress(j.std.Err)
	stop := line.run("auditing")
	sum, err := store.Audit(j, func(f escrowsql.Fault) {
		j.out.tell(faultLine{f.ContractID, f.Revision, f.What}, "%s", f)
	})
	stop()
	if err != nil {
		return err
	}
	if !j.JSON {
		j.out.tell(nil, "audited %s, %s (%d erased): %s", many(sum.Contracts, "contract"), many(sum.Decisions, "decision"), sum.Erased, many(sum.Faults, "fault"))
	}
	if sum.Faults > 0 {
		return errFindings
	}
	return nil
}
