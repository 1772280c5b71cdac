package escrowsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// ErrIntentLost: what was held for a decision is being let go, for its lease ran out.
var ErrIntentLost = errors.New("the hold for this decision is being let go")

// IntentState is where an intent stands.
type IntentState string

// The states of an intent. Held becomes committed by the decision that it pays for, or
// voiding by whoever finds its lease run out: one of them, for good.
const (
	IntentPlaced    IntentState = "placed"    // stored before the rail is asked
	IntentHeld      IntentState = "held"      // the rail has the money
	IntentCommitted IntentState = "committed" // the decision that it pays for is stored
	IntentCaptured  IntentState = "captured"  // the money is the platform's
	IntentVoiding   IntentState = "voiding"   // no decision will be: to be let go
	IntentVoided    IntentState = "voided"
	IntentRefused   IntentState = "refused"
	IntentShortfall IntentState = "shortfall" // committed, and finally not captured
)

// Intent is money that a payer is asked for before a decision is committed.
type Intent struct {
	// ID is the hold's on the rail, for good.
	ID string
	// Request names who waits for it, as its idempotency key; Fingerprint is what is asked
	// and by whom, under whichever key.
	Request, Fingerprint string
	ContractID           string
	// Revision is that of the snapshot which the decision makes, Movements the ids of
	// what is paid in.
	Revision  uint64
	Movements []string
	Payer     string
	Asset     escrow.Asset
	Amount    string
	State     IntentState
	CreatedAt time.Time
	// Until is how long it is its placer's.
	Until   time.Time
	Problem string
}

const intentColumns = `SELECT id, request, fingerprint, contract_id, revision, movements, payer, asset, scale, amount, state, created_at, lease_until, problem FROM escrow_intents `

func intent(r row) (i Intent, err error) {
	var movements, created, until string
	if err = r.Scan(&i.ID, &i.Request, &i.Fingerprint, &i.ContractID, &i.Revision, &movements, &i.Payer, &i.Asset.Code, &i.Asset.Scale, &i.Amount, &i.State, &created, &until, &i.Problem); err != nil {
		return i, err
	}
	if i.CreatedAt, err = instant(created); err == nil {
		i.Until, err = instant(until)
	}
	return i, errors.Join(err, json.Unmarshal([]byte(movements), &i.Movements))
}

// Place stores intents before the rail is asked for them.
func (s *Store) Place(ctx context.Context, intents ...Intent) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, i := range intents {
			movements, _ := json.Marshal(i.Movements)
			if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_intents
				(id, request, fingerprint, contract_id, revision, movements, payer, asset, scale, amount, state, created_at, lease_until, problem)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'placed', $11, $12, '')`,
				i.ID, i.Request, i.Fingerprint, i.ContractID, i.Revision, string(movements), i.Payer, i.Asset.Code, i.Asset.Scale, i.Amount, stamp(i.CreatedAt), stamp(i.Until)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Paying reports whether an intent of a fingerprint waits to know whether it has its
// money, or has money that no decision has been committed with.
func (s *Store) Paying(ctx context.Context, fingerprint string) (waits bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM escrow_intents WHERE fingerprint = $1 AND state IN ('placed', 'held'))`, fingerprint).Scan(&waits)
	return waits, err
}

// Turn moves an intent from one state to another, and reports whether it was in the
// first. Of several that try one does it.
func (s *Store) Turn(ctx context.Context, id string, from, to IntentState, problem string) (turned bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		turned, err = turn(ctx, tx, id, from, to, problem)
		return err
	})
	return turned, err
}

func turn(ctx context.Context, tx *sql.Tx, id string, from, to IntentState, problem string) (bool, error) {
	missed := errors.New("not in that state")
	err := changed(ctx, tx, missed, `UPDATE escrow_intents SET state = $3, problem = $4 WHERE id = $1 AND state = $2`, id, string(from), string(to), problem)
	if errors.Is(err, missed) {
		return false, nil
	}
	return err == nil, err
}

// Carry hands an intent on to another attempt of the same request: to another revision
// and other movements of the same payer, asset and sum. False when it is neither placed
// nor held any more.
func (s *Store) Carry(ctx context.Context, i Intent) (carried bool, err error) {
	movements, _ := json.Marshal(i.Movements)
	err = s.write(ctx, func(tx *sql.Tx) error {
		err := changed(ctx, tx, ErrIntentLost, `UPDATE escrow_intents SET revision = $2, movements = $3, lease_until = $4 WHERE id = $1 AND state IN ('placed', 'held')`,
			i.ID, i.Revision, string(movements), stamp(i.Until))
		carried = err == nil
		if errors.Is(err, ErrIntentLost) {
			return nil
		}
		return err
	})
	return carried, err
}

// spend turns the holds that pay for a decision into its own.
func (s *Store) spend(ctx context.Context, tx *sql.Tx, c *Commit) error {
	for _, id := range c.Intents {
		turned, err := turn(ctx, tx, id, IntentHeld, IntentCommitted, "")
		if err != nil {
			return err
		}
		if !turned {
			return ErrIntentLost
		}
	}
	return nil
}

// Intent returns an intent, ErrNotFound when there is none.
func (s *Store) Intent(ctx context.Context, id string) (Intent, error) {
	i, err := intent(s.db.QueryRowContext(ctx, intentColumns+`WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("intent %q: %w", id, ErrNotFound)
	}
	return i, err
}

// IntentsOf returns the intents of a contract, in the order of their making.
func (s *Store) IntentsOf(ctx context.Context, contract string) ([]Intent, error) {
	return query(ctx, s.db, intent, intentColumns+`WHERE contract_id = $1 ORDER BY created_at, id`, contract)
}

// Reap returns up to n intents whose lease has run out before a decision was stored, and
// leases them to the caller until an instant. Those that were held are voiding by then:
// no commit can spend them any more.
func (s *Store) Reap(ctx context.Context, n int, now, until time.Time) (intents []Intent, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		intents, err = query(ctx, tx, intent, intentColumns+`WHERE state IN ('placed', 'held', 'voiding') AND lease_until <= $1 ORDER BY lease_until LIMIT $2`+s.dialect.skip, stamp(now), n)
		if err != nil {
			return err
		}
		for i := range intents {
			if _, err := tx.ExecContext(ctx, `UPDATE escrow_intents SET state = 'voiding', lease_until = $2 WHERE id = $1`, intents[i].ID, stamp(until)); err != nil {
				return err
			}
			intents[i].State = IntentVoiding
		}
		return nil
	})
	return intents, err
}

// IntentsFor returns the intents of a request that no decision has been stored for yet:
// those that are placed or held.
func (s *Store) IntentsFor(ctx context.Context, request string) ([]Intent, error) {
	return query(ctx, s.db, intent, intentColumns+`WHERE request = $1 AND state IN ('placed', 'held') ORDER BY created_at, id`, request)
}

// Extend leaves an intent to its placer until an instant. False when it is neither
// placed nor held any more.
func (s *Store) Extend(ctx context.Context, id string, until time.Time) (extended bool, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		err := changed(ctx, tx, ErrIntentLost, `UPDATE escrow_intents SET lease_until = $2 WHERE id = $1 AND state IN ('placed', 'held')`, id, stamp(until))
		if extended = err == nil; errors.Is(err, ErrIntentLost) {
			return nil
		}
		return err
	})
	return extended, err
}

// Intents returns up to n intents after an id, in the order of their ids.
func (s *Store) Intents(ctx context.Context, after string, n int) ([]Intent, error) {
	return query(ctx, s.db, intent, intentColumns+`WHERE id > $1 ORDER BY id LIMIT $2`, after, n)
}

// Shortfalls returns up to n intents after an id whose decision is stored and whose money
// was finally not captured, in the order of their ids.
func (s *Store) Shortfalls(ctx context.Context, after string, n int) ([]Intent, error) {
	return query(ctx, s.db, intent, intentColumns+`WHERE state = 'shortfall' AND id > $1 ORDER BY id LIMIT $2`, after, n)
}
