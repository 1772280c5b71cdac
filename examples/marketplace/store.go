package marketplace

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
)

// Entry is a line of a contract's history: what was asked, by whom and when, and
// the decision that followed. Refusals leave none.
type Entry struct {
	asked
	Now    time.Time       `json:"now"`
	Answer json.RawMessage `json:"answer"`
}

// asked is the body of a command.
type asked struct {
	Command json.RawMessage `json:"command"`
	Actor   escrow.Actor    `json:"actor"`
}

// store keeps contracts, their histories and the ledger. It stands for a database:
// all that a decision changes is committed in one step.
type store struct {
	mu        sync.Mutex
	contracts map[string]escrow.Contract
	entries   map[string][]Entry
	ledger    ledger
	sparing   bool
}

func newStore() *store {
	return &store{contracts: map[string]escrow.Contract{}, entries: map[string][]Entry{}, ledger: ledger{}}
}

// add keeps a draft, and reports whether its id is new.
func (s *store) add(draft escrow.Contract) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.contracts[draft.ID()]; known {
		return false
	}
	s.contracts[draft.ID()] = draft
	return true
}

// find returns a contract as it stands.
func (s *store) find(id string) (escrow.Contract, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, known := s.contracts[id]
	if !known {
		return c, escrow.NewRefusal(escrow.NotFound, escrow.ContractNotFound, "there is no contract of this id", nil)
	}
	return c, nil
}

// commit keeps the next snapshot, the decision and its movements. It reports false,
// and keeps nothing, when the contract is no longer the one decided on.
func (s *store) commit(before escrow.Contract, d escrow.Decision, e Entry) bool {
	if s.idle(before, &d) {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := before.ID()
	if c := s.contracts[id]; c.Revision() != before.Revision() {
		return false
	}
	s.contracts[id] = d.Contract
	s.entries[id] = append(s.entries[id], e)
	for _, m := range d.Movements() {
		s.ledger.book(id, m)
	}
	return true
}

// idle reports whether a decision leaves nothing to write, as when a request is
// repeated and its approval is pending already.
func (s *store) idle(before escrow.Contract, d *escrow.Decision) bool {
	if s.sparing {
		return d.From == d.To && d.NumMovements() == 0 // the bug
	}
	return d.Contract == before
}

// history returns what was asked of a contract and decided.
func (s *store) history(id string) []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.entries[id])
}

// balances returns all accounts of the ledger.
func (s *store) balances() []Balance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ledger.balances()
}
