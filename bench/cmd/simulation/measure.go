package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"syscall"
	"time"

	"github.com/escrow-go/escrow/bench/simulation"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/simulate"
)

// rounds is how often every contender is measured, in turn.
const rounds = 7

// Long runs are those in which what is made once hardly counts; SimPy makes nothing
// once, and gets fewer.
const (
	long  = 1_000_000
	simpy = 40_000
)

// contender is one that lives through contracts of the default scenario. It may
// tell how long that took; otherwise it is looked at from outside.
type contender struct {
	name       string
	goroutines int
	contracts  int
	live       func(context.Context, *simulate.Scenario, int) (time.Duration, error)
}

// The contenders by position.
const (
	simulateTwo = iota
	simulateOne
	simulateShort
	floorTwo
	floorOne
	inSimPy
	numContenders
)

var contenders = [numContenders]contender{
	simulateTwo:   {"simulate", 2, long, simulated},
	simulateOne:   {"simulate", 1, long, simulated},
	simulateShort: {"simulate", 2, simulate.Default(opencontract.Lifecycle).Contracts, simulated},
	floorTwo:      {"the floor", 2, long, floored},
	floorOne:      {"the floor", 1, long, floored},
	inSimPy:       {"SimPy", 1, simpy, simpied},
}

func simulated(ctx context.Context, s *simulate.Scenario, goroutines int) (time.Duration, error) {
	_, err := simulate.Run(ctx, s, simulate.Workers(goroutines))
	return 0, err
}

func floored(_ context.Context, s *simulate.Scenario, goroutines int) (time.Duration, error) {
	f, err := simulation.NewFloor(s)
	if err == nil {
		f.Figures(f.Run(s.Contracts, goroutines))
	}
	return 0, err
}

func simpied(ctx context.Context, s *simulate.Scenario, _ int) (time.Duration, error) {
	found, err := simulation.SimPy(ctx, s)
	if err != nil {
		return 0, err
	}
	return time.Duration(found.Seconds * float64(time.Second)), nil
}

// samples are what one contract takes, a number for each round, and how many cores
// the machine spared for it.
type samples struct{ ns, bytes, allocs, cores []float64 }

// measure lets all contenders run in turn, rounds times, with another seed each.
func measure(ctx context.Context, progress io.Writer) (all [numContenders]samples, err error) {
	for round := range rounds {
		for i := range contenders {
			if err := all[i].take(ctx, &contenders[i], uint64(round+1)); err != nil {
				return all, err
			}
			fmt.Fprintf(progress, "round %d: %s on %d, %d contracts: %.1f ns each\n",
				round+1, contenders[i].name, contenders[i].goroutines, contenders[i].contracts, all[i].ns[round])
		}
	}
	return all, nil
}

// take measures one run.
func (s *samples) take(ctx context.Context, c *contender, seed uint64) error {
	scenario := defaultOf(seed, c.contracts)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began, busy := time.Now(), worked()
	took, err := c.live(ctx, scenario, c.goroutines)
	if took == 0 {
		took = time.Since(began)
	}
	s.cores = append(s.cores, (worked()-busy).Seconds()/took.Seconds())
	runtime.ReadMemStats(&after)
	n := float64(c.contracts)
	s.ns = append(s.ns, float64(took.Nanoseconds())/n)
	s.bytes = append(s.bytes, float64(after.TotalAlloc-before.TotalAlloc)/n)
	s.allocs = append(s.allocs, float64(after.Mallocs-before.Mallocs)/n)
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// worked is how long processors have worked for this process.
func worked() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func defaultOf(seed uint64, contracts int) *simulate.Scenario {
	s := simulate.Default(opencontract.Lifecycle)
	s.Seed, s.Contracts = seed, contracts
	return s
}
