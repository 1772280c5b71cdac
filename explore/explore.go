package explore

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// Option changes how a scope is explored.
type Option func(*explorer)

// Workers sets how many goroutines explore; without it one for each processor.
// What is found does not depend on it.
func Workers(n int) Option { return func(x *explorer) { x.workers = n } }

// AtMost sets after how many states exploring stops; without it never. A report
// that was stopped is truncated, and proves less.
func AtMost(states int) Option { return func(x *explorer) { x.most = states } }

// Until has exploring stop when a context is done, with what it has found.
func Until(ctx context.Context) Option { return func(x *explorer) { x.ctx = ctx } }

// Watch has a function called, from one goroutine at a time, whenever some states
// are done, for showing progress.
func Watch(see func(Progress)) Option { return func(x *explorer) { x.see = see } }

// Progress is how far exploring has come.
type Progress struct {
	// Depth is how many steps the states that are explored now lie from a draft.
	Depth int
	// States are known, Waiting of them not explored yet; Edges were walked.
	States, Waiting int
	Edges           int64
}

// state is a state as it is remembered: how it was first reached.
type state struct {
	// from is the state before it, -1 for a draft; by is the question that led here,
	// nil when time passed.
	from int32
	by   *escrowtest.Question
	// holds are the parties whose money the contract holds, a bit each.
	holds parties
	ended bool
}

// edge is a step from one state to another, and who can take it.
type edge struct {
	from, to int32
	by       parties
	// passes says that only time passes.
	passes bool
}

// open is a state that is still to be explored.
type open struct {
	id       int32
	draft    uint16
	contract escrow.Contract
	deposits escrowtest.Deposits
	now      time.Time
}

// explorer explores one scope, a depth at a time.
type explorer struct {
	scope   Scope
	keys    *keys
	circle  *circle
	hash    hasher
	workers int
	most    int
	ctx     context.Context
	see     func(Progress)

	// What is known grows between two depths only, so that it needs no lock while one
	// is explored, and is the same however many explore.
	numbers map[key]int32
	states  []state
	edges   []edge
	next    []open
	tally   *tally
}

// Run explores a scope to the end, and returns what it found. An error is about
// the scope; what is wrong with the lifecycle is in the report.
func Run(scope Scope, options ...Option) (*Report, error) {
	if err := scope.fault(); err != nil {
		return nil, err
	}
	x := &explorer{scope: scope, keys: newKeys(scope.Lifecycle()), circle: newCircle(scope.Lifecycle()), hash: newHasher(), workers: runtime.GOMAXPROCS(0),
		ctx: context.Background(), see: func(Progress) {}, numbers: map[key]int32{}, tally: newTally()}
	for _, o := range options {
		o(x)
	}
	depth, truncated := x.explore()
	return x.report(depth, truncated), nil
}

// explore walks breadth first, so that every state is first reached the shortest
// way. It returns the depth, and whether it was stopped before the end.
func (x *explorer) explore() (depth int, truncated bool) {
	w := newExpander(x)
	for i := range x.scope.Drafts {
		w.found(&open{id: -1, draft: uint16(i)}, &x.scope.Drafts[i], escrowtest.Deposits{}, x.scope.Start, nil, 0)
	}
	x.add(&w.yield)
	for ; len(x.next) > 0; depth++ {
		if x.most > 0 && len(x.states) > x.most || x.ctx.Err() != nil {
			return depth, true
		}
		x.walk(depth)
	}
	return depth - 1, x.ctx.Err() != nil
}

// chunk is how many states a worker takes at once.
const chunk = 64

// walk explores the states of one depth, and then adds what was found in their
// order.
func (x *explorer) walk(depth int) {
	level := slices.Collect(slices.Chunk(x.next, chunk))
	waiting, yields := len(x.next), make([]yield, len(level))
	x.next = nil
	todo := make(chan int, len(level))
	for i := range level {
		todo <- i
	}
	close(todo)
	var group sync.WaitGroup
	var mu sync.Mutex
	edges := x.tally.edges
	for range x.workers {
		group.Go(func() {
			for i := range todo {
				if x.ctx.Err() != nil {
					return
				}
				yields[i] = newExpander(x).expandAll(level[i])
				mu.Lock()
				edges, waiting = edges+yields[i].tally.edges, waiting-len(level[i])
				x.see(Progress{Depth: depth, States: len(x.states), Waiting: waiting, Edges: edges})
				mu.Unlock()
			}
		})
	}
	group.Wait()
	for i := range yields {
		x.add(&yields[i])
	}
}

// add takes over what a worker found.
func (x *explorer) add(y *yield) {
	if y.tally == nil {
		return // stopped before it was explored
	}
	x.tally.add(y.tally)
	for i := range y.steps {
		s := &y.steps[i]
		to, known := x.numbers[s.key]
		if !known {
			to = int32(len(x.states))
			x.numbers[s.key] = to
			x.states = append(x.states, state{from: s.from, by: s.by, holds: x.circle.holders(&s.contract), ended: s.contract.IsTerminal()})
			x.tally.statuses[s.contract.Status()]++
			x.next = append(x.next, open{to, s.draft, s.contract, s.deposits, s.now})
		}
		if s.from >= 0 && s.from != to {
			x.edges = append(x.edges, edge{s.from, to, s.who, s.by == nil})
		}
	}
}
