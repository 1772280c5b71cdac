package marketplace

import (
	"encoding/json"
	"maps"
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

// file is all that is kept of one contract. It is never changed, but replaced by
// another.
type file struct {
	contract  escrow.Contract
	entries   []Entry
	approvals map[string]escrow.Approval
	booked    []Booking
	deposits  []Payment
	payouts   []Payment
	// keys are the answers by their idempotency keys.
	keys map[string]keyed
}

// keyed is a command that was asked under a key, and its answer.
type keyed struct{ body, answer string }

// clone returns a copy that can be changed.
func (f *file) clone() *file {
	c := *f
	c.approvals, c.keys = maps.Clone(f.approvals), maps.Clone(f.keys)
	c.entries, c.booked = slices.Clip(f.entries), slices.Clip(f.booked)
	c.deposits, c.payouts = slices.Clip(f.deposits), slices.Clip(f.payouts)
	return &c
}

// store keeps the files of all contracts. It stands for a database.
type store struct {
	mu    sync.Mutex
	files map[string]*file
	// at is told of every point that a command comes by.
	at  func(point string)
	bug Bug
}

// add keeps a draft, and reports whether its id is new.
func (s *store) add(draft escrow.Contract) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files[draft.ID()] != nil {
		return false
	}
	s.files[draft.ID()] = &file{contract: draft, approvals: map[string]escrow.Approval{}, keys: map[string]keyed{}}
	return true
}

// find returns what is kept of a contract, nil when there is nothing.
func (s *store) find(id string) *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[id]
}

// commit keeps what follows from a decision, all of it or nothing. It reports false
// when the contract is no longer the one that was decided on.
func (s *store) commit(before escrow.Contract, d *escrow.Decision, e Entry, key string, k keyed) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := before.ID()
	f := s.files[id]
	if !s.latest(f, before, d) {
		return false
	}
	if !s.has(NoTransaction) {
		f = f.clone()
	}
	if !s.idle(before, d) {
		s.write(f, d, e)
	}
	if key != "" {
		f.keys[key] = k
	}
	s.files[id] = f
	return true
}

// latest reports whether a contract is still stored as it was decided on.
func (s *store) latest(f *file, before escrow.Contract, d *escrow.Decision) bool {
	if s.has(DoubleConfirm) && f.confirmed(d) {
		return true
	}
	return f.contract.Revision() == before.Revision() || s.has(UncheckedRevision)
}

// idle reports whether a decision leaves nothing to write, as when a request is
// repeated and its approval is pending already.
func (s *store) idle(before escrow.Contract, d *escrow.Decision) bool {
	if s.has(SparedWrite) {
		return d.From == d.To && d.NumMovements() == 0 // the bug
	}
	return d.Contract == before
}

// write writes a decision into a file.
func (s *store) write(f *file, d *escrow.Decision, e Entry) {
	f.contract = d.Contract
	for _, a := range d.Contract.Approvals() {
		f.approvals[a.ID] = a
	}
	f.entries = append(f.entries, e)
	s.at("snapshot written")
	for _, m := range d.Movements() {
		f.booked = append(f.booked, s.booking(d.Contract.ID(), m))
	}
	s.at("movements written")
	if !s.has(OutboxApart) {
		s.enter(f, d)
	}
}

// enter writes the payouts of a decision, which wait until they are sent.
func (s *store) enter(f *file, d *escrow.Decision) {
	state := waiting
	if _, looked := d.Review(); looked && !s.has(EarlyPayout) {
		state = inReview
	}
	f.payouts = append(f.payouts, payouts(d, state)...)
}

// replace changes the file of a contract.
func (s *store) replace(id string, change func(*file)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[id].clone()
	change(f)
	s.files[id] = f
}

// all returns the files by the ids of their contracts.
func (s *store) all() (list []*file) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.files)) {
		list = append(list, s.files[id])
	}
	return list
}
