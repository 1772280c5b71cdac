package simulate

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Option changes how a simulation runs, never what comes out.
type Option func(*runner)

// Workers sets how many goroutines live through contracts; by default as many as
// there are processors.
func Workers(n int) Option { return func(r *runner) { r.workers = max(n, 1) } }

// Progress is how far a simulation has come: how many contracts have been lived,
// under all policies and at all points of a sweep, of how many.
type Progress struct{ Done, Total int }

// Watch has progress shown, now and then, to one caller at a time.
func Watch(show func(Progress)) Option { return func(r *runner) { r.show = show } }

// Run lives through the contracts of a scenario under each of its policies. When
// the context ends it stops and returns what it has: the result of the same
// scenario with fewer contracts. Same scenario, same result, byte for byte,
// whatever the number of processors. The error is the engine's refusal of
// something that the scenario's people do, which no scenario that was parsed
// leads to.
func Run(ctx context.Context, s *Scenario, options ...Option) (*Result, error) {
	r := newRunner(options)
	r.total = s.Contracts * len(s.Policies)
	return r.run(ctx, s)
}

// runner is what runs of the same call share.
type runner struct {
	workers int
	show    func(Progress)
	showing sync.Mutex
	done    atomic.Int64
	total   int
}

func newRunner(options []Option) *runner {
	r := &runner{workers: runtime.GOMAXPROCS(0), show: func(Progress) {}}
	for _, option := range options {
		option(r)
	}
	return r
}

// block is how many contracts a goroutine takes at a time.
const block = 256

// run lives through a scenario with all workers.
func (r *runner) run(ctx context.Context, s *Scenario) (*Result, error) {
	var next atomic.Int64
	prices := s.offers()
	crews := make([]*crew, min(r.workers, s.Contracts/block+1))
	faults := make([]error, len(crews))
	var all sync.WaitGroup
	for i := range crews {
		crews[i] = newCrew(s, prices)
		all.Go(func() { faults[i] = crews[i].work(ctx, r, &next) })
	}
	all.Wait()
	for _, fault := range faults {
		if fault != nil {
			return nil, fault
		}
	}
	for _, c := range crews[1:] {
		crews[0].merge(c)
	}
	return crews[0].result(s)
}

// passed counts lives, and shows progress unless somebody is at it.
func (r *runner) passed(lives int) {
	done := r.done.Add(int64(lives))
	if r.showing.TryLock() {
		r.show(Progress{int(done), r.total})
		r.showing.Unlock()
	}
}

// crew is one goroutine's lives and what it knows of them.
type crew struct {
	s       *Scenario
	lives   []*life
	known   []statistics
	against []differences
}

// offers returns where the offers under each policy are kept.
func (s *Scenario) offers() (prices []*offers) {
	for _, p := range s.Policies {
		prices = append(prices, &offers{model: modelOf(s, p.Policy)})
	}
	return prices
}

func newCrew(s *Scenario, prices []*offers) *crew {
	c := &crew{s: s, known: make([]statistics, len(s.Policies)), against: make([]differences, len(s.Policies)-1)}
	for _, o := range prices {
		c.lives = append(c.lives, newLife(o))
	}
	return c
}

// work takes blocks of contracts until there are no more, or the context ends.
// Blocks are taken in order and finished, so what is there has no gaps.
func (c *crew) work(ctx context.Context, r *runner, next *atomic.Int64) error {
	for ctx.Err() == nil {
		from := int(next.Add(block)) - block
		if from >= c.s.Contracts {
			break
		}
		until := min(from+block, c.s.Contracts)
		for contract := from; contract < until; contract++ {
			if err := c.live(contract); err != nil {
				next.Store(int64(c.s.Contracts))
				return err
			}
		}
		r.passed((until - from) * len(c.lives))
	}
	return nil
}

// live lives through one contract under every policy.
func (c *crew) live(contract int) error {
	for i, l := range c.lives {
		if err := l.live(contract); err != nil {
			return err
		}
		c.known[i].add(l, contract)
		if i > 0 {
			c.against[i-1].add(&c.lives[0].out, &l.out)
		}
	}
	return nil
}

func (c *crew) merge(o *crew) {
	for i := range c.known {
		c.known[i].merge(&o.known[i])
	}
	for i := range c.against {
		c.against[i].merge(&o.against[i])
	}
}

// result returns what the crew knows.
func (c *crew) result(s *Scenario) (*Result, error) {
	r := &Result{
		Scenario: s.Name, About: s.About, Lifecycle: s.Lifecycle.Name(), Asset: s.Lifecycle.Spec().Asset, Seed: s.Seed,
		Contracts: c.known[0].n, Stopped: c.known[0].n < s.Contracts,
	}
	for i, p := range s.Policies {
		o := c.known[i].outcome(s, p.Name)
		var err error
		if o.Minds, err = s.Minds(p); err != nil {
			return nil, err
		}
		r.Policies = append(r.Policies, o)
	}
	for i := range c.against {
		d := &c.against[i]
		r.Differences = append(r.Differences, Difference{
			Policy: s.Policies[i+1].Name, Against: s.Policies[0].Name, Changed: d.changed,
			Measures: values(r.Asset, d.n, &d.sums, &d.squares, false),
		})
	}
	return r, nil
}
