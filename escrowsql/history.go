package escrowsql

import (
	"context"
	"encoding/json"
	"time"

	"github.com/escrow-go/escrow"
)

// Entry is a decision in a contract's history.
type Entry struct {
	ContractID string
	// Revision is that of the snapshot that the decision made.
	Revision       uint64
	Rule, Executes string
	Action         escrow.Action
	From, To       escrow.Status
	// At is when the transition happened, Clock what the clock showed.
	At, Clock time.Time
	Actor     escrow.Actor
	// Command is what was asked, as JSON, with "[erased]" for texts that are.
	Command json.RawMessage
	// Digest is that of the stored snapshot, Chain the link that it makes.
	Digest, Chain string
	// Event is its number among all decisions, 0 until it has one.
	Event int64
	// Movements are the money that it moved, in order.
	Movements []Movement
}

// Movement is a stored movement of money.
type Movement struct {
	ID       string
	Kind     escrow.MovementKind
	From, To string
	Asset    escrow.Asset
	Amount   string
	Reason   escrow.MovementReason
	Basis    json.RawMessage
}

// History returns up to n decisions of a contract after a revision, in their order.
func (s *Store) History(ctx context.Context, id string, after uint64, n int) ([]Entry, error) {
	return s.entries(ctx, `WHERE d.contract_id = $1 AND d.revision > $2 ORDER BY d.revision LIMIT $3`, id, after, n)
}

const (
	entryColumns = `SELECT d.contract_id, d.revision, d.rule, d.executes, d.action, d.from_status, d.to_status, d.at, d.clock,
		d.actor, d.command, d.digest, d.chain, COALESCE(d.event, 0), c.lifecycle, c.version
		FROM escrow_decisions d JOIN escrow_contracts c ON c.id = d.contract_id `
	movementColumns = `SELECT revision, id, kind, from_account, to_account, asset, scale, amount, reason, basis FROM escrow_movements `
)

// entries reads decisions with their movements.
func (s *Store) entries(ctx context.Context, where string, args ...any) ([]Entry, error) {
	rows, err := query(ctx, s.db, entry, entryColumns+where, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	moved := map[string][]movementRow{} // by contract
	kept := map[string]texts{}
	for id, span := range spans(rows) {
		if moved[id], err = query(ctx, s.db, movement, movementColumns+`WHERE contract_id = $1 AND revision >= $2 AND revision <= $3 ORDER BY revision, position`, id, span[0], span[1]); err != nil {
			return nil, err
		}
		texts, err := s.textsOf(ctx, s.db, id)
		if err != nil {
			return nil, err
		}
		kept[id] = texts[id]
	}
	entries := make([]Entry, len(rows))
	for i, r := range rows {
		_, own, err := s.declaration(r.lifecycle, r.version)
		if err != nil {
			return nil, err
		}
		entries[i] = r.Entry
		entries[i].Command = kept[r.ContractID].put(own.personal, string(r.Command))
		for _, m := range moved[r.ContractID] {
			if m.revision == r.Revision {
				entries[i].Movements = append(entries[i].Movements, m.Movement)
			}
		}
	}
	return entries, nil
}

// spans returns the first and the last revision of each contract among decisions.
func spans(rows []entryRow) map[string][2]uint64 {
	all := map[string][2]uint64{}
	for _, r := range rows {
		span, seen := all[r.ContractID]
		if !seen {
			span = [2]uint64{r.Revision, r.Revision}
		}
		all[r.ContractID] = [2]uint64{min(span[0], r.Revision), max(span[1], r.Revision)}
	}
	return all
}

// entryRow is a decision as it is stored.
type entryRow struct {
	Entry
	lifecycle string
	version   int
}

func entry(r row) (e entryRow, err error) {
	var at, clock, actor, command string
	err = r.Scan(&e.ContractID, &e.Revision, &e.Rule, &e.Executes, &e.Action, &e.From, &e.To, &at, &clock,
		&actor, &command, &e.Digest, &e.Chain, &e.Event, &e.lifecycle, &e.version)
	if err != nil {
		return e, err
	}
	e.Command = json.RawMessage(command)
	e.At, err = instant(at)
	if err == nil {
		e.Clock, err = instant(clock)
	}
	if err == nil {
		err = json.Unmarshal([]byte(actor), &e.Actor)
	}
	return e, err
}

// movementRow is a movement as it is stored.
type movementRow struct {
	Movement
	revision uint64
}

func movement(r row) (m movementRow, err error) {
	var basis string
	err = r.Scan(&m.revision, &m.ID, &m.Kind, &m.From, &m.To, &m.Asset.Code, &m.Asset.Scale, &m.Amount, &m.Reason, &basis)
	m.Basis = json.RawMessage(basis)
	return m, err
}
