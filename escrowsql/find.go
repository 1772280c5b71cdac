package escrowsql

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/escrow-go/escrow"
)

// Find returns a contract as it was last committed, ErrNotFound when there is none.
func (s *Store) Find(ctx context.Context, id string) (escrow.Contract, error) {
	all, err := s.FindAll(ctx, id)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("contract %q: %w", id, ErrNotFound)
	}
	if err != nil {
		return escrow.Contract{}, err
	}
	return all[0], nil
}

// FindAll returns the contracts of some ids, in the order of the ids; those that do not
// exist are left out.
func (s *Store) FindAll(ctx context.Context, ids ...string) ([]escrow.Contract, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	// Texts are read after the snapshots, so none that a snapshot names can be missing
	// but for an erasure.
	snapshots := map[string]string{}
	_, err := query(ctx, s.db, func(r row) (none struct{}, err error) {
		var id, snapshot string
		err = r.Scan(&id, &snapshot)
		snapshots[id] = snapshot
		return none, err
	}, `SELECT id, snapshot FROM escrow_contracts WHERE id IN `+list(len(ids), 1), anys(ids)...)
	if err != nil {
		return nil, err
	}
	texts, err := s.textsOf(ctx, s.db, ids...)
	if err != nil {
		return nil, err
	}
	all := make([]escrow.Contract, 0, len(snapshots))
	for _, id := range ids {
		snapshot, found := snapshots[id]
		if !found {
			continue
		}
		c, err := s.read(snapshot, texts[id])
		if err != nil {
			return nil, fmt.Errorf("contract %q: %w", id, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// read reads a stored snapshot.
func (s *Store) read(snapshot string, t texts) (escrow.Contract, error) {
	var head struct {
		Lifecycle string `json:"lifecycle"`
		Version   int    `json:"lifecycleVersion"`
	}
	if err := json.Unmarshal([]byte(snapshot), &head); err != nil {
		return escrow.Contract{}, err
	}
	l, own, err := s.declaration(head.Lifecycle, head.Version)
	if err != nil {
		return escrow.Contract{}, err
	}
	return escrow.ReadStored(t.put(own.personal, snapshot), l)
}
