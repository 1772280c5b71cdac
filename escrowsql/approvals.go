package escrowsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/escrow-go/escrow"
)

// approvalRow is an approval as it is stored.
type approvalRow struct {
	id, account, status, record string
	created, expires            time.Time
}

// changedApprovals returns the approvals that a decision made, changed or dropped from
// the snapshot.
func changedApprovals(c *Commit, side *aside) ([]approvalRow, error) {
	was := map[string]string{}
	kept := map[string]bool{}
	var rows []approvalRow
	before, next := c.Before.Approvals(), c.Decision.Contract.Approvals()
	if len(before)+len(next) == 0 {
		return nil, nil
	}
	for i := range before {
		text, err := json.Marshal(before[i])
		if err != nil {
			return nil, err
		}
		was[before[i].ID] = string(text)
	}
	add := func(a *escrow.Approval) error {
		text, err := json.Marshal(a)
		if err == nil && string(text) != was[a.ID] {
			rows = append(rows, approvalRow{a.ID, a.Account, string(a.Status), side.take(text), a.CreatedAt, a.ExpiresAt})
		}
		return err
	}
	for i := range next {
		kept[next[i].ID] = true
		if err := add(&next[i]); err != nil {
			return nil, err
		}
	}
	for i := range before {
		if !kept[before[i].ID] {
			if err := add(ended(&before[i], &c.Decision)); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// ended returns an approval that a decision ended and dropped at once, as it ended: the
// snapshot keeps no more than so many that have. The decision tells the one that it is
// about; any other has run out of time or was superseded.
func ended(a *escrow.Approval, d *escrow.Decision) *escrow.Approval {
	if about, ok := d.Approval(); ok && about.ID == a.ID {
		return &about
	}
	if a.Status != escrow.ApprovalIsPending {
		return a
	}
	a.Status, a.ResolvedAt = escrow.ApprovalIsSuperseded, d.At()
	if !d.At().Before(a.ExpiresAt) {
		a.Status, a.ResolvedAt = escrow.ApprovalIsExpired, a.ExpiresAt
	}
	return a
}

func (s *Store) approvals(ctx context.Context, tx *sql.Tx, c *Commit, r *revision) error {
	for _, a := range r.approvals {
		_, err := tx.ExecContext(ctx, `INSERT INTO escrow_approvals (id, contract_id, revision, account, status, created_at, expires_at, record)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status, record = excluded.record`,
			a.id, c.Decision.Contract.ID(), c.Decision.Contract.Revision(), a.account, a.status, stamp(a.created), stamp(a.expires), a.record)
		if err != nil {
			return err
		}
	}
	return nil
}

// Approval is an approval as it was last stored, also when its contract's snapshot does
// not keep it any more.
type Approval struct {
	ID, ContractID, Account string
	// Revision is that of the decision which changed it last.
	Revision uint64
	// Status is as last recorded: one that is pending has expired all the same from
	// ExpiresAt on.
	Status               escrow.ApprovalStatus
	CreatedAt, ExpiresAt time.Time
	// Record is its JSON form.
	Record json.RawMessage
}
