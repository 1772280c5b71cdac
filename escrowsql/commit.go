package escrowsql

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/escrow-go/escrow"
)

// Commit is one decision with all that is stored for it in one transaction.
type Commit struct {
	// Before is the snapshot that was decided from, of a founding the draft.
	Before escrow.Contract
	// Decision is what was decided. One that leaves the snapshot as it is, as a request
	// that is repeated, writes only what follows here.
	Decision escrow.Decision
	// Clock is what the clock showed.
	Clock time.Time
	// Key, if there is one, is answered by this commit.
	Key *KeyAnswer
	// Messages go to the outbox.
	Messages []Message
	// Intents are the holds that pay for the decision; each must be held still.
	Intents []string
	// Payments are what is to be paid because of it.
	Payments []Payment
	// Also writes rows of the embedder's own in the same transaction.
	Also func(ctx context.Context, tx *sql.Tx) error

	id string
}

// Commit stores a decision, whole or not at all. ErrStale says that the contract is at
// another revision, [ErrKeyLost] and [ErrIntentLost] that key or hold is somebody else's
// by now: nothing has happened then. ErrUnknown says that it may have: ask [Store.Landed].
func (s *Store) Commit(ctx context.Context, c *Commit) error {
	if c.id == "" {
		c.id = rand.Text()
	}
	l := c.Decision.Contract.Lifecycle()
	own, ok := s.known[l]
	if !ok {
		return fmt.Errorf("lifecycle %s version %d was not passed to Open", l.Name(), l.Version())
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		if c.Decision.Contract != c.Before {
			if err := s.advance(ctx, tx, c); err != nil {
				return err
			}
		}
		return s.beside(ctx, tx, c)
	})
	if err == nil && c.Before.IsDraft() {
		own.pinned.Store(true)
	}
	return err
}

// Landed reports whether a commit whose outcome was unknown is stored. A transaction
// that is still being committed, by a connection that was lost, is waited for.
func (s *Store) Landed(ctx context.Context, c *Commit) (landed bool, err error) {
	next := c.Decision.Contract
	if next == c.Before {
		return false, nil // writing it again does no harm
	}
	none := errors.New("nothing is to be written")
	err = s.write(ctx, func(tx *sql.Tx) error {
		// Whoever writes the same row is waited for, founders by a row of the same id.
		if _, err := tx.ExecContext(ctx, `INSERT INTO escrow_contracts
			(id, lifecycle, version, status, revision, created_at, decided_at, ended, due_at, lease_until, draft, snapshot, chain, salts)
			VALUES ($1, '', 0, '', 0, '', '', 0, '', '', '', '', '', '') ON CONFLICT (id) DO UPDATE SET chain = escrow_contracts.chain`, next.ID()); err != nil {
			return err
		}
		var id string
		err := tx.QueryRowContext(ctx, `SELECT commit_id FROM escrow_decisions WHERE contract_id = $1 AND revision = $2`, next.ID(), next.Revision()).Scan(&id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		landed = c.id != "" && id == c.id
		return none
	})
	if errors.Is(err, none) {
		err = nil
	}
	return landed, err
}

// advance moves the contract to its next revision.
func (s *Store) advance(ctx context.Context, tx *sql.Tx, c *Commit) error {
	next := c.Decision.Contract
	link, side, err := s.before(ctx, tx, c, s.known[next.Lifecycle()].personal)
	if err != nil {
		return err
	}
	r, err := newRevision(c, side, link)
	if err != nil {
		return err
	}
	for _, write := range []func(context.Context, *sql.Tx, *Commit, *revision) error{s.snapshot, s.accounts, s.decision, s.movements, s.approvals} {
		if err := write(ctx, tx, c, r); err != nil {
			return err
		}
	}
	return side.keep(ctx, tx, next.ID())
}

// before reads, and locks, what the next link of the chain hangs on.
func (s *Store) before(ctx context.Context, tx *sql.Tx, c *Commit, own members) (chain string, side *aside, err error) {
	side = &aside{members: own, salts: salts{}, known: map[string]string{}}
	if c.Before.IsDraft() {
		return "", side, nil
	}
	var stored string
	err = tx.QueryRowContext(ctx, `SELECT chain, salts FROM escrow_contracts WHERE id = $1 AND revision = $2`+s.dialect.lock,
		c.Before.ID(), c.Before.Revision()).Scan(&chain, &stored)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, ErrStale
	}
	if err != nil {
		return "", nil, err
	}
	if side.salts, err = readSalts(stored); err != nil {
		return "", nil, err
	}
	before, err := json.Marshal(c.Before)
	if err == nil {
		side.know(before)
	}
	return chain, side, err
}

// revision is a decision as it is stored.
type revision struct {
	draft, snapshot string
	actor, command  string
	approvals       []approvalRow
	digest, chain   string
	salts           string
}

// newRevision makes the rows of a decision. Its digest is that of the snapshot as it is
// stored; the chain's next link is over the one before, the decision and that digest.
func newRevision(c *Commit, side *aside, link string) (*revision, error) {
	var r revision
	actor, err := json.Marshal(c.Decision.Actor)
	r.actor = string(actor)
	for _, part := range []struct {
		to   *string
		from json.Marshaler
	}{{&r.snapshot, c.Decision.Contract}, {&r.command, c.Decision.Command}} {
		text, fault := part.from.MarshalJSON()
		if *part.to = ""; fault != nil {
			err = errors.Join(err, fault)
			continue
		}
		*part.to = side.take(text)
	}
	if c.Before.IsDraft() {
		draft, fault := json.Marshal(c.Before)
		if err = errors.Join(err, fault); fault == nil {
			r.draft = side.take(draft)
			link = hexDigest(r.draft)
		}
	}
	if err != nil {
		return nil, err
	}
	if r.approvals, err = changedApprovals(c, side); err != nil {
		return nil, err
	}
	r.digest = hexDigest(r.snapshot)
	r.chain = hexDigest(link, c.Decision.Rule, stamp(c.Clock), r.actor, r.command, r.digest)
	r.salts = side.salts.String()
	return &r, nil
}

// hexDigest is SHA-256 over texts, a line each: none of them has a line feed.
func hexDigest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// snapshot founds the contract, or moves it on.
func (s *Store) snapshot(ctx context.Context, tx *sql.Tx, c *Commit, r *revision) error {
	next := c.Decision.Contract
	due := stamp(s.known[next.Lifecycle()].dueAt(next))
	ended := 0
	if next.IsTerminal() {
		ended = 1
	}
	if c.Before.IsDraft() {
		if err := s.pin(ctx, tx, next.Lifecycle(), c.Clock); err != nil {
			return err
		}
		return changed(ctx, tx, ErrStale, `INSERT INTO escrow_contracts
			(id, lifecycle, version, status, revision, created_at, decided_at, ended, due_at, lease_until, draft, snapshot, chain, salts)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`,
			next.ID(), next.Lifecycle().Name(), next.Lifecycle().Version(), string(next.Status()), next.Revision(), stamp(next.CreatedAt()),
			stamp(next.DecidedAt()), ended, due, r.draft, r.snapshot, r.chain, r.salts)
	}
	return changed(ctx, tx, ErrStale, `UPDATE escrow_contracts
		SET status = $3, revision = $4, decided_at = $5, ended = $6, due_at = $7, lease_until = '', snapshot = $8, chain = $9, salts = $10
		WHERE id = $1 AND revision = $2`,
		next.ID(), c.Before.Revision(), string(next.Status()), next.Revision(), stamp(next.DecidedAt()), ended, due, r.snapshot, r.chain, r.salts)
}

func (s *Store) decision(ctx context.Context, tx *sql.Tx, c *Commit, r *revision) error {
	d := &c.Decision
	_, err := tx.ExecContext(ctx, `INSERT INTO escrow_decisions
		(contract_id, revision, commit_id, rule, executes, action, from_status, to_status, at, clock, actor, command, digest, chain)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		d.Contract.ID(), d.Contract.Revision(), c.id, d.Rule, d.Executes, string(d.Action), string(d.From), string(d.To), stamp(d.At()), stamp(c.Clock),
		r.actor, r.command, r.digest, r.chain)
	return err
}

func (s *Store) movements(ctx context.Context, tx *sql.Tx, c *Commit, _ *revision) error {
	for i, m := range c.Decision.Movements() {
		text, err := json.Marshal(m)
		if err != nil {
			return err
		}
		var parts struct {
			Basis json.RawMessage `json:"basis"`
		}
		if err := json.Unmarshal(text, &parts); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO escrow_movements
			(id, contract_id, revision, position, kind, from_account, to_account, asset, scale, amount, reason, basis)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			m.ID(), c.Decision.Contract.ID(), c.Decision.Contract.Revision(), i, string(m.Kind()), m.From.String(), m.To.String(),
			m.Asset.Code, m.Asset.Scale, m.Asset.Text(m.Amount), string(m.Reason), string(parts.Basis))
		if err != nil {
			return err
		}
	}
	return nil
}

// beside writes what comes with a decision: what pays for it, what is paid because of
// it, messages, the answer of its key, and the embedder's own rows.
func (s *Store) beside(ctx context.Context, tx *sql.Tx, c *Commit) error {
	if err := s.spend(ctx, tx, c); err != nil {
		return err
	}
	if err := insertPayments(ctx, tx, c.Payments, c.Clock); err != nil {
		return err
	}
	if err := s.Enqueue(ctx, tx, c.Messages, c.Clock); err != nil {
		return err
	}
	if c.Key != nil {
		if err := s.answer(ctx, tx, c.Key); err != nil {
			return err
		}
	}
	if c.Also == nil {
		return nil
	}
	return c.Also(ctx, tx)
}
