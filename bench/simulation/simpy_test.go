package simulation

import (
	"context"
	"math"
	"testing"

	"github.com/escrow-go/escrow/simulate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSimPyAgrees: a third implementation, in another language and with random
// numbers of its own, comes to the same shares of endings, the same means, the same
// times and the same money in custody, within what chance explains: 99.9 %
// intervals for all of them together.
func TestSimPyAgrees(t *testing.T) {
	if _, err := SimPyVersion(); err != nil {
		t.Skip(err)
	}
	t.Run("default", func(t *testing.T) { assertAgree(t, scenario(t, 1, 200_000), scenario(t, 2, 40_000)) })
	for _, name := range []string{"lazy juries", "the other choices"} {
		t.Run(name, func(t *testing.T) {
			assertAgree(t, scenario(t, 1, 40_000, others[name]...), scenario(t, 2, 10_000, others[name]...))
		})
	}
}

func assertAgree(t *testing.T, s, small *simulate.Scenario) {
	theirs, err := SimPy(context.Background(), small)
	require.NoError(t, err)
	r, err := simulate.Run(context.Background(), s)
	require.NoError(t, err)
	own := &r.Policies[0]
	c := comparison{t, own, theirs, s.Contracts, small.Contracts, 0}
	require.Len(t, theirs.Tallies, numMeasures+1, "the measures, and the time")
	c.z = quantile(0.001 / float64(len(Endings)+len(theirs.Tallies)+len(levels)+len(middle)))
	c.endings()
	c.measures()
	c.times()
	c.capital()
}

// levels are the quantiles of times that are compared, middle the bins of the
// horizon, far enough from its ends and from each other.
var (
	levels = map[float64]func(*simulate.Times) simulate.Estimate{
		0.5:  func(s *simulate.Times) simulate.Estimate { return s.P50 },
		0.9:  func(s *simulate.Times) simulate.Estimate { return s.P90 },
		0.99: func(s *simulate.Times) simulate.Estimate { return s.P99 },
	}
	middle = []int{20, 25, 30, 35, 40}
)

// comparison is of so many own contracts and so many of theirs, with intervals of z
// standard errors to each side.
type comparison struct {
	*testing.T
	own    *simulate.Outcome
	theirs *Found
	n, m   int
	z      float64
}

func (c *comparison) endings() {
	all := 0
	for _, status := range Endings {
		k := c.theirs.Endings[status]
		all += k
		c.close(shareOf(c.own.Ending(status).Count, c.n), shareOf(k, c.m), c.z, string(status))
	}
	assert.Equal(c, c.m, all)
}

func (c *comparison) measures() {
	disputed, _ := c.own.Measure("disputes.right")
	for _, name := range Measures {
		m, known := c.own.Measure(name)
		require.True(c, known, name)
		tally := c.theirs.Tallies[name]
		if name == disputed.Name {
			assert.InDelta(c, c.theirs.Tallies["disputes"].Mean*float64(c.m), tally.Count, 1e-6, "one for each dispute")
		} else {
			assert.Equal(c, c.m, tally.Count, name)
		}
		c.close(meanIn(m.Mean), tally.mean(unitOf(m)), c.z, name)
	}
}

// times compares the mean, and looks where their quantiles lie whose ranks are as
// far from the own as chance may carry them. Buckets of both have a width.
func (c *comparison) times() {
	c.close(meanIn(c.own.Settle.Mean), c.theirs.Tallies["settle"].mean(1), c.z, "hours")
	for p, of := range levels {
		own := of(&c.own.Settle).Value
		off := c.z * math.Sqrt(p*(1-p)*(1/float64(c.n)+1/float64(c.m)))
		low, _ := c.theirs.hours(p - off)
		_, high := c.theirs.hours(p + off)
		assert.GreaterOrEqual(c, own*(1+1./perDouble), low, "quantile %g", p)
		assert.LessOrEqual(c, own*(1-1./perDouble), high, "quantile %g", p)
		c.Logf("quantile %-15g %12.6f %12.6f to %.6f hours", p, own, low, high)
	}
}

// hours returns between which times the quantile of a part lies.
func (f *Found) hours(p float64) (from, to float64) {
	seen, last := 0.0, len(f.Hours)-1
	for i, bin := range f.Hours[:last] {
		if seen += bin[1]; seen >= p*float64(f.Tallies["settle"].Count) {
			return bin[0], f.Hours[i+1][0]
		}
	}
	return f.Hours[last][0], math.Inf(1)
}

// capital compares what a contract has in custody. The standard errors are those
// of few batches.
func (c *comparison) capital() {
	t := student(c.z, batches-1)
	for _, bin := range middle {
		e := c.own.Capital[bin].Locked
		own := mean{e.Value / float64(c.n), e.Half() / 2.093 / float64(c.n)}
		c.close(own, c.theirs.level(bin, c.m), t, "capital in "+c.own.Capital[bin].From.String())
	}
}

// level estimates what a contract has in custody in a bin.
func (f *Found) level(bin, contracts int) mean {
	sum, squares := 0.0, 0.0
	for _, b := range f.Levels {
		sum += b[bin]
		squares += b[bin] * b[bin]
	}
	n := float64(len(f.Levels))
	return mean{sum, math.Sqrt((squares - sum*sum/n) * n / (n - 1))}.over(million * float64(contracts))
}

// mean is an estimate with its standard error.
type mean struct{ value, off float64 }

func (m mean) over(unit float64) mean { return mean{m.value / unit, m.off / unit} }

func meanIn(e simulate.Estimate) mean { return mean{e.Value, e.Half() / z95} }

func (t Tally) mean(unit float64) mean {
	return mean{t.Mean, math.Sqrt(t.Var / float64(t.Count-1))}.over(unit)
}

// shareOf estimates a share. One that was never seen may be rare.
func shareOf(k, n int) mean {
	p := float64(k) / float64(n)
	return mean{p, math.Sqrt(max(float64(k), 1)*(1-p)) / float64(n)}
}

// quantile returns how many standard errors a normal number is off with a chance.
func quantile(chance float64) float64 { return math.Sqrt2 * math.Erfinv(1-chance) }

// student returns how far a number with Student's distribution is off with the same
// chance as a normal one by z: Fisher's first terms.
func student(z, freedom float64) float64 {
	zz := z * z
	return z + z*(zz+1)/(4*freedom) + z*(5*zz*zz+16*zz+3)/(96*freedom*freedom)
}

func (c *comparison) close(a, b mean, z float64, what string) {
	c.Helper()
	off := math.Hypot(a.off, b.off)
	assert.InDelta(c, a.value, b.value, z*off, what)
	c.Logf("%-24s %12.6f %12.6f  off by %+.2f standard errors", what, a.value, b.value, (b.value-a.value)/off)
}
