package escrowsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// PaymentKind is what the rail is asked to do.
type PaymentKind string

// What the rail is asked to do.
const (
	Capture PaymentKind = "capture" // take what is held
	Pay     PaymentKind = "pay"     // pay out of the platform's money
	Refund  PaymentKind = "refund"  // give back of what was captured
)

// PaymentState is where a payment stands.
type PaymentState string

// The states of a payment.
const (
	PaymentWaiting PaymentState = "waiting"
	PaymentReview  PaymentState = "review" // until people have released it
	PaymentDone    PaymentState = "done"
	PaymentDead    PaymentState = "dead" // refused, or tried in vain too often
)

// Payment is what the rail is to do because of a decision: at least once, under one id.
type Payment struct {
	// ID is that of the movement that is paid, of a capture the hold's.
	ID         string
	Kind       PaymentKind
	ContractID string
	Revision   uint64
	// Account is who is paid; Hold what is captured, or refunded from.
	Account, Hold string
	Asset         escrow.Asset
	Amount        string
	State         PaymentState
	// Quorum is how many people must release one under review.
	Quorum   int
	Attempts int
	Problem  string
}

func insertPayments(ctx context.Context, tx *sql.Tx, payments []Payment, now time.Time) error {
	for _, p := range payments {
		if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_payments
			(id, kind, contract_id, revision, account, hold, quorum, asset, scale, amount, state, attempts, created_at, next_at, problem)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, '', '')`,
			p.ID, string(p.Kind), p.ContractID, p.Revision, p.Account, p.Hold, p.Quorum, p.Asset.Code, p.Asset.Scale, p.Amount, string(p.State), stamp(now)); err != nil {
			return err
		}
	}
	return nil
}

const paymentColumns = `SELECT p.id, p.kind, p.contract_id, p.revision, p.account, p.hold, p.quorum, p.asset, p.scale, p.amount, p.state, p.attempts, p.problem FROM escrow_payments p `

func payment(r row) (p Payment, err error) {
	return p, r.Scan(&p.ID, &p.Kind, &p.ContractID, &p.Revision, &p.Account, &p.Hold, &p.Quorum, &p.Asset.Code, &p.Asset.Scale, &p.Amount, &p.State, &p.Attempts, &p.Problem)
}

// TakePayments returns up to n payments that are to be made now, and leaves them to the
// caller until an instant. Nothing is paid out of a contract before all that was paid
// into it is captured: until then only its captures are returned.
func (s *Store) TakePayments(ctx context.Context, n int, now, until time.Time) (payments []Payment, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		payments, err = query(ctx, tx, payment, paymentColumns+`WHERE p.state = 'waiting' AND p.next_at <= $1
			AND (p.kind = 'capture' OR NOT EXISTS (SELECT 1 FROM escrow_intents i WHERE i.contract_id = p.contract_id AND i.state IN ('committed', 'shortfall')))
			ORDER BY p.next_at LIMIT $2`+s.dialect.skip, stamp(now), n)
		if err != nil {
			return err
		}
		for _, p := range payments {
			if _, err := tx.ExecContext(ctx, `UPDATE escrow_payments SET next_at = $2 WHERE id = $1`, p.ID, stamp(until)); err != nil {
				return err
			}
		}
		return nil
	})
	return payments, err
}

// Paid records that a payment was made: of a capture, that its intent is captured.
func (s *Store) Paid(ctx context.Context, p Payment) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if p.Kind == Capture {
			if _, err := turn(ctx, tx, p.Hold, IntentCommitted, IntentCaptured, ""); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE escrow_payments SET state = 'done', problem = '' WHERE id = $1`, p.ID)
		return err
	})
}

// Unpaid records why a payment was not made. It is tried again, later each time, until
// it was tried twelve times.
func (s *Store) Unpaid(ctx context.Context, p Payment, why string, now time.Time) error {
	state := PaymentWaiting
	if p.Attempts+1 >= outboxAttempts {
		state = PaymentDead
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE escrow_payments SET state = $2, attempts = $3, next_at = $4, problem = $5 WHERE id = $1 AND state = 'waiting'`,
			p.ID, string(state), p.Attempts+1, stamp(now.Add(backoff(p.Attempts+1))), why)
		return err
	})
}

// Refused records that the rail never makes a payment. When it was a capture, nothing is
// paid out of the contract from now on: its intent is a shortfall.
func (s *Store) Refused(ctx context.Context, p Payment, why string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if p.Kind == Capture {
			if _, err := turn(ctx, tx, p.Hold, IntentCommitted, IntentShortfall, why); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE escrow_payments SET state = 'dead', problem = $2 WHERE id = $1`, p.ID, why)
		return err
	})
}

// Retry has a payment that was given up tried again. One whose hold fell short is
// captured first.
func (s *Store) Retry(ctx context.Context, id string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := changed(ctx, tx, fmt.Errorf("dead payment %q: %w", id, ErrNotFound),
			`UPDATE escrow_payments SET state = 'waiting', attempts = 0, next_at = '' WHERE id = $1 AND state = 'dead'`, id); err != nil {
			return err
		}
		_, err := turn(ctx, tx, id, IntentShortfall, IntentCommitted, "")
		return err
	})
}

// Payments returns the payments in a state, up to n after an id, in the order of ids.
func (s *Store) Payments(ctx context.Context, state PaymentState, after string, n int) ([]Payment, error) {
	return query(ctx, s.db, payment, paymentColumns+`WHERE p.state = $1 AND p.id > $2 ORDER BY p.id LIMIT $3`, string(state), after, n)
}

// PaymentsOf returns the payments of a contract, by revision.
func (s *Store) PaymentsOf(ctx context.Context, contract string) ([]Payment, error) {
	return query(ctx, s.db, payment, paymentColumns+`WHERE p.contract_id = $1 ORDER BY p.revision, p.id`, contract)
}

// Release records that a person has looked at the payouts of a decision, and lets them
// go when as many as their review asks for have: each person counts once. It reports
// whether they go now; ErrNotFound when none is under review.
func (s *Store) Release(ctx context.Context, contract string, revision uint64, operator string, now time.Time) (released bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		if s.dialect.exclusive != "" { // two who come at once see each other
			if _, err := tx.ExecContext(ctx, s.dialect.exclusive); err != nil {
				return err
			}
		}
		var quorum, people int
		if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(quorum), 0) FROM escrow_payments WHERE contract_id = $1 AND revision = $2 AND state = 'review'`,
			contract, revision).Scan(&quorum); err != nil {
			return err
		}
		if quorum == 0 {
			return fmt.Errorf("payouts under review of %q revision %d: %w", contract, revision, ErrNotFound)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_releases (contract_id, revision, operator, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (contract_id, revision, operator) DO NOTHING`, contract, revision, operator, stamp(now)); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM escrow_releases WHERE contract_id = $1 AND revision = $2`, contract, revision).Scan(&people); err != nil {
			return err
		}
		if released = people >= quorum; !released {
			return nil
		}
		_, err := tx.ExecContext(ctx, `UPDATE escrow_payments SET state = 'waiting' WHERE contract_id = $1 AND revision = $2 AND state = 'review'`, contract, revision)
		return err
	})
	return released, err
}

// Payment returns a payment, ErrNotFound when there is none.
func (s *Store) Payment(ctx context.Context, id string) (Payment, error) {
	p, err := payment(s.db.QueryRowContext(ctx, paymentColumns+`WHERE p.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("payment %q: %w", id, ErrNotFound)
	}
	return p, err
}
