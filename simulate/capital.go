package simulate

import (
	"math"
	"math/big"
	"time"
)

// capital is what is in custody over the horizon, in bins, by batches of
// contracts: how much the batches differ tells how certain the sum is.
type capital struct {
	batches [batches]batch
}

const (
	bins    = 60
	batches = 20
	// run is how many contracts in a row go to the same batch.
	run = 64
)

// batch is the part of the contracts whose numbers fall in it.
type batch struct {
	contracts int
	// areas are the money times nanoseconds within the bin in which it came or
	// went, steps the money that is there from the beginning of a bin on.
	areas [bins]wide
	steps [bins]wide
}

// add counts what a contract that arrives at an instant locks.
func (c *capital) add(contract int, arrival, width time.Duration, changes []change) {
	b := &c.batches[contract/run%batches]
	b.contracts++
	for _, ch := range changes {
		bin := (arrival + ch.at) / width
		if bin >= bins {
			continue
		}
		b.areas[bin].addProduct(ch.money, uint64((bin+1)*width-arrival-ch.at))
		if bin+1 < bins {
			b.steps[bin+1].add(ch.money)
		}
	}
}

func (c *capital) merge(o *capital) {
	for i := range c.batches {
		b, from := &c.batches[i], &o.batches[i]
		b.contracts += from.contracts
		for k := range bins {
			b.areas[k].merge(from.areas[k])
			b.steps[k].merge(from.steps[k])
		}
	}
}

// points returns what all contracts together have locked on average in each bin.
func (c *capital) points(width time.Duration, unit float64) []CapitalPoint {
	var levels [batches][bins]float64
	contracts := 0
	for i := range c.batches {
		levels[i] = c.batches[i].levels(width, unit)
		contracts += c.batches[i].contracts
	}
	points := make([]CapitalPoint, bins)
	for k := range points {
		from := time.Duration(k) * width
		points[k] = CapitalPoint{From: from, To: from + width, Locked: c.estimate(&levels, k, contracts)}
	}
	return points
}

// levels returns a batch's mean level in each bin, in whole units.
func (b *batch) levels(width time.Duration, unit float64) (levels [bins]float64) {
	var level wide
	for k := range levels {
		level.merge(b.steps[k])
		area := level.big()
		area.Mul(area, big.NewInt(int64(width)))
		area.Add(area, b.areas[k].big())
		whole, _ := new(big.Float).SetInt(area).Float64()
		levels[k] = whole / float64(width) / unit
	}
	return levels
}

// estimate sums the batches' levels in a bin. A batch that had more contracts
// than another is expected to have more locked.
func (c *capital) estimate(levels *[batches][bins]float64, k, contracts int) Estimate {
	var sum, squares float64
	for i := range levels {
		sum += levels[i][k]
	}
	for i := range levels {
		expected := sum * float64(c.batches[i].contracts) / float64(max(contracts, 1))
		squares += (levels[i][k] - expected) * (levels[i][k] - expected)
	}
	// t, not z: the batches are few.
	const t95 = 2.093
	off := t95 * math.Sqrt(squares*batches/(batches-1))
	return estimate(sum, off)
}
