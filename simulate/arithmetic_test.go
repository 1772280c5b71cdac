package simulate

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestWideIsExact: sums, squares and products come out as big numbers do, in any
// order and over any number of parts.
func TestWideIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var parts [3]wide
		want := new(big.Int)
		for range rapid.IntRange(0, 50).Draw(t, "n") {
			x := rapid.Int64().Draw(t, "x")
			n := rapid.Uint64().Draw(t, "n")
			w := &parts[rapid.IntRange(0, 2).Draw(t, "part")]
			term := big.NewInt(x)
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				w.add(x)
			case 1:
				w.addSquare(x)
				term.Mul(term, term)
			case 2:
				w.addProduct(x, n)
				term.Mul(term, new(big.Int).SetUint64(n))
			}
			want.Add(want, term)
		}
		parts[2].merge(parts[0])
		parts[2].merge(parts[1])
		if parts[2].big().Cmp(want) != 0 {
			t.Fatalf("%s, want %s", parts[2].big(), want)
		}
	})
}

// TestDays: money times nanoseconds in money times days, cut off where it would
// not fit.
func TestDays(t *testing.T) {
	var w wide
	w.addProduct(50_000_000, uint64(36*time.Hour))
	assert.Equal(t, int64(75_000_000), w.days())
	for range 3 {
		w.addProduct(math.MaxInt64, math.MaxUint64)
	}
	assert.Equal(t, int64(math.MaxInt64>>2), w.days())
}

// TestScaled: a part of an amount is rounded half up.
func TestScaled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Int64Range(0, 1e17).Draw(t, "x")
		part := rapid.Int64Range(0, 10*One).Draw(t, "part")
		want := new(big.Int).Mul(big.NewInt(x), big.NewInt(part))
		want.Add(want, big.NewInt(One/2)).Div(want, big.NewInt(One))
		if got := scaled(x, part); got != want.Int64() {
			t.Fatalf("%d, want %d", got, want)
		}
	})
}

// TestBuckets: every length of time falls into a bucket whose middle is within
// 1/128 of it, and buckets follow one another.
func TestBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Int64Range(0, 1<<45).Draw(t, "x")
		if m := middle(bucketOf(x)); math.Abs(m-float64(x)) > float64(x)/128+0.5 {
			t.Fatalf("%d is in the bucket around %g", x, m)
		}
		if bucketOf(x) > bucketOf(x+1) {
			t.Fatalf("%d is in bucket %d, and %d in %d", x, bucketOf(x), x+1, bucketOf(x+1))
		}
	})
	assert.Equal(t, buckets-1, bucketOf(math.MaxInt64))
}

// TestQuantiles: those of a histogram are those of the sorted list, up to a
// bucket's width.
func TestQuantiles(t *testing.T) {
	var h, odd histogram
	var list []float64
	for i := range 10_001 {
		d := time.Duration(Exponential(int64(20*time.Hour), 0, int64(400*time.Hour)).at2(i))
		if i%2 == 1 {
			odd.add(d)
		} else {
			h.add(d)
		}
		list = append(list, d.Hours())
	}
	h.merge(&odd)
	slices.Sort(list)
	for p, at := range map[float64]int{0.5: 5_000, 0.9: 9_000, 0.99: 9_900} {
		q := h.quantile(p)
		assert.InEpsilon(t, list[at], q.Value, 1.0/64, "%g", p)
		assert.LessOrEqual(t, q.Low, q.Value)
		assert.GreaterOrEqual(t, q.High, q.Value)
	}
	curve := h.curve()
	assert.Equal(t, 1.0, curve[len(curve)-1].Share)
	assert.InEpsilon(t, list[10_000], curve[len(curve)-1].Hours, 1.0/64)
	assert.Equal(t, Estimate{}, (&histogram{}).quantile(0.5))
	var four histogram
	for _, hours := range []time.Duration{4, 1, 3, 2} {
		four.add(hours * 36 * time.Millisecond)
	}
	for p, want := range map[float64]float64{0.25: 1e-5, 0.5: 2e-5, 0.75: 3e-5, 1: 4e-5} {
		assert.Equal(t, want, four.quantile(p).Value, "a quarter of four is the first")
	}
}

// at2 draws by a number.
func (d Distribution) at2(i int) int64 { return d.at(mix(uint64(i) * gamma)) }

// TestDistributions: values lie within bounds, at the ends of the uniform numbers
// too, and the mean of many is the one that is known.
func TestDistributions(t *testing.T) {
	cut := func(x float64) float64 { return 1 - math.Exp(-x) }
	for name, c := range map[string]struct {
		d        Distribution
		from, to int64
		mean     float64
	}{
		"nothing":   {Distribution{}, 0, 0, 0},
		"fixed":     {Fixed(7), 7, 7, 7},
		"uniform":   {Uniform(-3, 12), -3, 12, 4.5},
		"one value": {Uniform(5, 5), 5, 5, 5},
		"exponential, cut off": {Exponential(1000, 500, 2000), 500, 2000,
			1000 * (0.5*math.Exp(-0.5) - 2*math.Exp(-2) + cut(2) - cut(0.5)) / (cut(2) - cut(0.5))},
		"lognormal": {Lognormal(1e6, 0.5, 1, 1e12), 1, 1e12, 1e6 * math.Exp(0.125)},
		"choice":    {Choice([]int64{1, 10, 100}, []uint64{certain / 2, certain / 4, certain / 4}), 1, 100, 28},
	} {
		t.Run(name, func(t *testing.T) {
			const n = 200_000
			var sum, squares float64
			for i := range n {
				x := c.d.at2(i)
				require.GreaterOrEqual(t, x, c.from)
				require.LessOrEqual(t, x, c.to)
				sum += float64(x)
				squares += float64(x) * float64(x)
			}
			error4 := 4 * math.Sqrt((squares/n-sum/n*sum/n)/n)
			assert.InDelta(t, c.mean, sum/n, error4+1e-9)
			for _, u := range []uint64{0, 1, math.MaxUint64} {
				assert.GreaterOrEqual(t, c.d.at(u), c.from)
				assert.LessOrEqual(t, c.d.at(u), c.to)
			}
		})
	}
}

// TestShapes: a distribution can be made again from its shape.
func TestShapes(t *testing.T) {
	for _, d := range []Distribution{
		{}, Fixed(7), Uniform(-3, 12), Exponential(1000, 500, 2000), Lognormal(1_000_000, 0.5, 1, 1e12),
		Choice([]int64{1, 10, 100}, []uint64{certain / 2, certain / 4, certain / 4}),
	} {
		s := d.Shape()
		again := map[string]func() Distribution{
			"fixed":       func() Distribution { return Fixed(s.From) },
			"uniform":     func() Distribution { return Uniform(s.From, s.To) },
			"exponential": func() Distribution { return Exponential(s.Middle, s.From, s.To) },
			"lognormal":   func() Distribution { return Lognormal(s.Middle, s.Spread, s.From, s.To) },
			"choice":      func() Distribution { return Choice(s.Values, s.Chances) },
		}[s.Kind]()
		assert.Equal(t, d, again)
		assert.LessOrEqual(t, s.From, s.To)
	}
}

// TestChances: never, always, and exactly a half.
func TestChances(t *testing.T) {
	for _, u := range []uint64{0, 1, 1 << 63, math.MaxUint64} {
		assert.False(t, chanceOf(ratio(t, "0")).falls(u))
		assert.True(t, chanceOf(ratio(t, "1")).falls(u))
		assert.Equal(t, u < 1<<63, chanceOf(ratio(t, "0.5")).falls(u))
	}
	assert.Equal(t, uint64(1<<63/10), uint64(chanceOf(ratio(t, "0.1"))))
}

// TestGuide: the guide tells the price that the distribution would have told.
func TestGuide(t *testing.T) {
	for name, d := range map[string]Distribution{
		"fixed": Fixed(7_400_000), "uniform": Uniform(1_000_000, 9_000_000), "lognormal": Lognormal(50_000_000, 0.8, 5_000_000, 500_000_000),
		"exponential": Exponential(20_000_000, 1, 400_000_000), "choice": Choice([]int64{1e7, 2e7, 1e7}, []uint64{certain / 2, 1 << 40, certain/2 - 1<<40}),
	} {
		s := plain(t)
		s.Price = d
		m, guided := modelOf(s, s.Policies[0].Policy), 0
		for i := range 200_000 {
			r := streamOf(1, i)
			want := m.rounded(d.at(r.of(ofPrice)))
			require.Equal(t, want, m.price(r), name)
			if m.guide[r.of(ofPrice)>>guideShift] != 0 {
				guided++
			}
		}
		assert.Equal(t, name != "choice", guided > 100_000, name)
	}
}

// TestStreams: the quantities of a contract, and the same quantity of contracts
// that follow one another, are not related.
func TestStreams(t *testing.T) {
	const n = 100_000
	related := func(a, b func(i int) uint64) float64 {
		var sum float64
		for i := range n {
			x, y := float64(a(i)>>11)*0x1p-53-0.5, float64(b(i)>>11)*0x1p-53-0.5
			sum += x * y * 12
		}
		return sum / math.Sqrt(n)
	}
	of := func(q quantity) func(int) uint64 {
		return func(i int) uint64 { return streamOf(1, i).of(q) }
	}
	next := func(i int) uint64 { return streamOf(1, i+1).of(ofPrice) }
	otherSeed := func(i int) uint64 { return streamOf(2, i).of(ofPrice) }
	juror := func(seat int) func(int) uint64 {
		return func(i int) uint64 { return streamOf(1, i).juror(seat).of(ofBallot) }
	}
	for name, z := range map[string]float64{
		"price and worker": related(of(ofPrice), of(ofWorker)), "next contract": related(of(ofPrice), next),
		"other seed": related(of(ofPrice), otherSeed), "jurors": related(juror(0), juror(1)),
	} {
		assert.Less(t, math.Abs(z), 4.0, name)
	}
}

// TestQuantitiesDoNotMeet: no two quantities of a contract have the same number.
func TestQuantitiesDoNotMeet(t *testing.T) {
	assert.Less(t, int(ofTruth)+10, int(inMilestone))
	assert.Less(t, int(inMilestone)+10, int(inJury))
	assert.Less(t, int(inJury)+15, int(inSigning))
}
