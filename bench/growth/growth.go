package growth

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/bench/before/loops"
	"github.com/escrow-go/escrow/opentrain"
)

// sizes are how many milestones contracts have. The exponent is fitted over those
// from fitFrom on: below, what does not grow outweighs what does.
var sizes = []int{1, 10, 30, 100, 300, 1000}

const fitFrom = 30

// work is something that is done with a contract of a size.
type work struct {
	name, about string
	// bound is the greatest exponent that it may grow with.
	bound   float64
	prepare func(n int) (step func() error, err error)
}

var works = []work{
	{"decide", "a person pays the last milestone", 1.1, on(funded, func(c escrow.Contract, n int) error {
		_, err := decided(c, opentrain.ApproveMilestone{MilestoneID: id(n)}.Command(), client)
		return err
	})},
	{"end", "a person ends the contract: every milestone is refunded", 1.1, on(funded, func(c escrow.Contract, _ int) error {
		_, err := decided(c, opentrain.End{}.Command(), client)
		return err
	})},
	{"propose", "a token asks for the end: an approval shows every refund", 1.1, on(funded, func(c escrow.Contract, _ int) error {
		_, err := decided(c, opentrain.End{}.Command(), token)
		return err
	})},
	{"explain", "`Explain`, with approvals", 1.1, on(awaiting, func(c escrow.Contract, _ int) error {
		_, err := escrow.Explain(c, client, clock)
		return err
	})},
	{"write", "JSON is written, with approvals", 1.1, on(awaiting, func(c escrow.Contract, _ int) error {
		_, err := json.Marshal(c)
		return err
	})},
	{"read", "JSON is read, with approvals", 1.1, read},
	{"life", "a whole life: each milestone added, funded and paid; the end", 2.1, live},
}

// on does something with a contract of the size.
func on(contract func(int) (escrow.Contract, error), do func(escrow.Contract, int) error) func(int) (func() error, error) {
	return func(n int) (func() error, error) {
		c, err := contract(n)
		return func() error { return do(c, n) }, err
	}
}

func read(n int) (func() error, error) {
	c, err := awaiting(n)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(c)
	return func() error { _, err := escrow.ReadStored(text, opentrain.Lifecycle); return err }, err
}

func live(n int) (func() error, error) {
	return func() error {
		c, err := funded(n)
		for i := 1; i <= n && err == nil; i++ {
			c, err = decided(c, opentrain.ApproveMilestone{MilestoneID: id(i)}.Command(), client)
		}
		if err == nil {
			_, err = decided(c, opentrain.End{}.Command(), client)
		}
		return err
	}, nil
}

// Growth is what work took by size, and the exponents that fit it.
type Growth struct {
	Name, About string
	Bound       float64
	Samples     []loops.Sample
	// Time and Bytes are the exponents of processor time and of allocated memory.
	Time, Bytes float64
}

// Measure measures all work at all sizes, each for at least so long.
func Measure(atLeast time.Duration, progress io.Writer) (list []Growth, err error) {
	for _, w := range works {
		g := Growth{Name: w.name, About: w.about, Bound: w.bound}
		for _, n := range sizes {
			l := loops.Loop{Name: w.name, Prepare: func() (func() error, error) { return w.prepare(n) }}
			s, err := l.Measure(atLeast)
			if err != nil {
				return nil, fmt.Errorf("%s of %d: %w", w.name, n, err)
			}
			g.Samples = append(g.Samples, s)
		}
		g.Time = exponent(g.Samples, func(s *loops.Sample) float64 { return s.Nanoseconds })
		g.Bytes = exponent(g.Samples, func(s *loops.Sample) float64 { return s.Bytes })
		fmt.Fprintf(progress, "%s grows with n^%.2f\n", g.Name, g.Time)
		list = append(list, g)
	}
	return list, nil
}

// exponent returns the b of a·n^b that fits best: least squares of the logarithms.
func exponent(samples []loops.Sample, of func(*loops.Sample) float64) float64 {
	var n, sx, sy, sxx, sxy float64
	for i, size := range sizes {
		if size < fitFrom {
			continue
		}
		x, y := math.Log(float64(size)), math.Log(math.Max(of(&samples[i]), 1))
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
