// Package runtest puts a runner under the harness of package escrowtest, with all that the
// harness can look at: reads, approvals, history, lists, books, payments, keys, races and
// kills. It is for trying a rail, a database or an API of your own:
//
//	system := &runtest.System{Runner: runner, Clock: clock, Wall: wall, Rail: rail, Empty: empty}
//	escrowtest.Run(t, system, escrowtest.Playing(play.Of(l)), escrowtest.AppliesDeadlinesFirst(), escrowtest.HidesContracts())
//
// With a Front it is asked over an API.
package runtest

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowrun"
	"github.com/escrow-go/escrow/escrowrun/sandbox"
	"github.com/escrow-go/escrow/escrowtest"
)

// System is a runner as the harness sees it: an [escrowtest.System]. Drafts are the
// asker's until they are founded.
type System struct {
	// Runner is tried. Clock and Wall are its clocks; its rail works on what Rail keeps.
	Runner      *escrowrun.Runner
	Clock, Wall *Clock
	// Rail tells what has moved, without faults.
	Rail *sandbox.Rail
	// Empty forgets all that store and rail have.
	Empty func() error
	// Front is how the runner is asked and its store is read; nil is directly.
	Front Front

	draft escrow.Contract
	// founding is what founded the contract.
	founding escrowtest.Question
}

// Front is how a runner is asked.
type Front interface {
	// Found asks the question that founds a contract, Ask one about a contract.
	Found(draft escrow.Contract, q escrowtest.Question) (escrowtest.Answer, error)
	Ask(contract string, q escrowtest.Question) (escrowtest.Answer, error)
	// Taken reports whether an error says that the key was used for another question,
	// Running that the first under it is not answered yet.
	Taken(error) bool
	Running(error) bool

	escrowtest.Reader
	escrowtest.ApprovalReader
	// List is that of [escrowtest.Lister].
	List(actor escrow.Actor, cursor string, limit int, now time.Time) (ids []string, next string, err error)
}

// Clock is a clock that tests set.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns what it was set to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set sets it.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

func (s *System) front() Front {
	if s.Front == nil {
		return direct{s.Runner}
	}
	return s.Front
}

// Begin forgets all that there was.
func (s *System) Begin(draft escrow.Contract) error {
	if !draft.IsDraft() {
		return errors.New("a contract that nobody has founded is not stored")
	}
	s.draft, s.founding = draft, escrowtest.Question{}
	return s.Empty()
}

// Ask has the runner answer, and what is to be paid because of it paid.
func (s *System) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	a, err := s.answer(q)
	_, paid := s.Runner.Pay(context.Background())
	return a, errors.Join(err, paid)
}

func (s *System) answer(q escrowtest.Question) (escrowtest.Answer, error) {
	s.Clock.Set(q.Now)
	empty, err := s.Runner.Store.Empty(context.Background())
	if err != nil {
		return escrowtest.Answer{}, err
	}
	if empty {
		s.founding = q
	}
	if reflect.DeepEqual(q, s.founding) { // the draft is of the request
		return s.front().Found(s.draft, q)
	}
	return s.front().Ask(s.draft.ID(), q)
}

// Read makes it an [escrowtest.Reader].
func (s *System) Read(actor escrow.Actor, contract string, now time.Time) (escrow.Contract, error) {
	if empty, err := s.Runner.Store.Empty(context.Background()); err == nil && empty && contract == s.draft.ID() && escrow.Visible(s.draft, actor) {
		return s.draft, nil
	}
	return s.front().Read(actor, contract, now)
}

// ReadApproval makes it an [escrowtest.ApprovalReader].
func (s *System) ReadApproval(actor escrow.Actor, id string, now time.Time) ([]byte, error) {
	return s.front().ReadApproval(actor, id, now)
}

// Keep makes it an [escrowtest.Lister]: a further draft is founded as the first was.
func (s *System) Keep(draft escrow.Contract) error {
	q := s.founding
	q.Key = ""
	_, err := s.front().Found(draft, q)
	return err
}

// List returns a page of an account's contracts.
func (s *System) List(actor escrow.Actor, cursor string, limit int, now time.Time) (ids []string, next string, err error) {
	return s.front().List(actor, cursor, limit, now)
}

// KeyTaken makes it an [escrowtest.Keyed].
func (s *System) KeyTaken(err error) bool { return s.front().Taken(err) }

// Race makes it an [escrowtest.Racer]: the second is asked when the first is decided and
// not committed. Whom the first's key keeps out asks again.
func (s *System) Race(first, second escrowtest.Question) (a, other escrowtest.Answer, err error) {
	var lost error
	sent := false
	send := func() {
		sent = true
		other, lost = s.Ask(second)
	}
	s.Runner.Reached = func(point string) {
		if point == "decided" && !sent {
			send()
		}
	}
	a, err = s.Ask(first)
	s.Runner.Reached = nil
	if !sent || s.front().Running(lost) {
		send()
	}
	return a, other, errors.Join(err, lost)
}

// Crash makes it an [escrowtest.Crasher]: the runner panics at a point of its way. What
// comes after it waits for its leases. The payments that follow the answer are not
// stopped here.
func (s *System) Crash(q escrowtest.Question, step int) (stopped bool, err error) {
	s.Runner.Reached = func(string) {
		if step--; step < 0 {
			stopped = true
			panic(errStopped)
		}
	}
	err = s.stoppable(q)
	s.Runner.Reached = nil
	if stopped {
		err = nil // nobody is there to be answered
	}
	s.Wall.Set(s.Wall.Now().Add(time.Hour))
	_, paid := s.Runner.Pay(context.Background())
	return stopped, errors.Join(err, paid)
}

// stoppable asks a question, whatever stops it.
func (s *System) stoppable(q escrowtest.Question) (err error) {
	defer func() {
		if p := recover(); p != nil && p != errStopped {
			panic(p)
		}
	}()
	_, err = s.answer(q)
	return err
}

// errStopped stops the runner.
var errStopped = errors.New("stopped")
