package escrowsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// PendingApprovals returns the approvals recorded as pending in contracts that an
// account is a party of, up to n after an id, in the order of ids. Those that have run
// out and that nobody has looked at since are among them.
func (s *Store) PendingApprovals(ctx context.Context, account, after string, n int) ([]Approval, error) {
	rows, err := query(ctx, s.db, storedApproval, approvalColumns+`JOIN escrow_accounts p ON p.contract_id = a.contract_id
		WHERE p.account = $1 AND a.status = 'pending' AND a.id > $2 ORDER BY a.id LIMIT $3`, account, after, n)
	if err != nil {
		return nil, err
	}
	list := make([]Approval, len(rows))
	for i := range rows {
		if list[i], err = s.approvalOf(ctx, &rows[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Releasers returns who has released the payouts of a decision so far, in the order in
// which they did.
func (s *Store) Releasers(ctx context.Context, contract string, revision uint64) ([]string, error) {
	return query(ctx, s.db, func(r row) (operator string, err error) { return operator, r.Scan(&operator) },
		`SELECT operator FROM escrow_releases WHERE contract_id = $1 AND revision = $2 ORDER BY at, operator`, contract, revision)
}

// approvalColumns are those of an approval with its contract's lifecycle.
const approvalColumns = `SELECT a.id, a.contract_id, a.account, a.revision, a.status, a.created_at, a.expires_at, a.record, c.lifecycle, c.version
	FROM escrow_approvals a JOIN escrow_contracts c ON c.id = a.contract_id `

// approvalFound is an approval as it is read, texts apart.
type approvalFound struct {
	Approval
	record, lifecycle string
	version           int
}

func storedApproval(r row) (a approvalFound, err error) {
	var created, expires string
	err = r.Scan(&a.ID, &a.ContractID, &a.Account, &a.Revision, &a.Status, &created, &expires, &a.record, &a.lifecycle, &a.version)
	if err != nil {
		return a, err
	}
	if a.CreatedAt, err = instant(created); err == nil {
		a.ExpiresAt, err = instant(expires)
	}
	return a, err
}

// approvalOf puts the texts back into an approval that was read.
func (s *Store) approvalOf(ctx context.Context, a *approvalFound) (Approval, error) {
	_, own, err := s.declaration(a.lifecycle, a.version)
	if err != nil {
		return Approval{}, err
	}
	texts, err := s.textsOf(ctx, s.db, a.ContractID)
	if err != nil {
		return Approval{}, err
	}
	a.Record = texts[a.ContractID].put(own.personal, a.record)
	return a.Approval, nil
}

// Approval returns an approval by its id, ErrNotFound when there never was one.
func (s *Store) Approval(ctx context.Context, id string) (Approval, error) {
	a, err := storedApproval(s.db.QueryRowContext(ctx, approvalColumns+`WHERE a.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Approval{}, fmt.Errorf("approval %q: %w", id, ErrNotFound)
	}
	if err != nil {
		return Approval{}, err
	}
	return s.approvalOf(ctx, &a)
}
