package simulation

import (
	"math"
	"math/big"
	"time"

	"github.com/escrow-go/escrow/simulate"
)

// The horizon has bins. Contracts, so many in a row, go to batches; how much these
// differ tells how certain their sum is.
const (
	bins    = 60
	batches = 20
	inRow   = 64
)

// binWidth is the length of a bin.
func (f *Floor) binWidth() int64 { return f.horizon/bins + 1 }

// batch is the money that some of the contracts have in custody.
type batch struct {
	contracts int
	// areas are of the bin in which money comes or goes, steps what is there more
	// or less from the beginning of a bin on.
	areas [bins]wide
	steps [bins]int64
}

func (b *batch) add(arrival, width int64, moves []move) {
	b.contracts++
	for _, m := range moves {
		at := arrival + m.at
		bin := at / width
		if bin >= bins {
			continue
		}
		left := (bin+1)*width - at
		if m.money >= 0 {
			b.areas[bin].add(product(m.money, left))
		} else {
			b.areas[bin].sub(product(-m.money, left))
		}
		if bin+1 < bins {
			b.steps[bin+1] += m.money
		}
	}
}

func (b *batch) merge(o *batch) {
	b.contracts += o.contracts
	for i := range b.areas {
		b.areas[i].add(o.areas[i])
		b.steps[i] += o.steps[i]
	}
}

// levels returns the mean level in each bin.
func (b *batch) levels(width int64) (levels [bins]float64) {
	level := int64(0)
	for i := range levels {
		level += b.steps[i]
		area := new(big.Int).Mul(big.NewInt(level), big.NewInt(width))
		whole, _ := new(big.Float).SetInt(area.Add(area, b.areas[i].big())).Float64()
		levels[i] = whole / float64(width) / million
	}
	return levels
}

// inCustody returns what is in custody over the horizon.
func (t *Totals) inCustody(width int64) (points [bins]simulate.CapitalPoint) {
	var levels [batches][bins]float64
	for i := range levels {
		levels[i] = t.capital[i].levels(width)
	}
	for bin := range points {
		from := time.Duration(int64(bin) * width)
		points[bin] = simulate.CapitalPoint{From: from, To: from + time.Duration(width), Locked: t.locked(&levels, bin)}
	}
	return points
}

// locked estimates the level of a bin by its batches.
func (t *Totals) locked(levels *[batches][bins]float64, bin int) simulate.Estimate {
	sum, squares := 0.0, 0.0
	for i := range levels {
		sum += levels[i][bin]
	}
	for i := range levels {
		off := levels[i][bin] - sum*float64(t.capital[i].contracts)/float64(t.Contracts)
		squares += off * off
	}
	const t95 = 2.093 // of 19 degrees of freedom
	return around(sum, t95*math.Sqrt(squares*batches/(batches-1)))
}
