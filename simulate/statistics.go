package simulate

import "time"

// statistics is what is known of the contracts lived so far under one policy. It
// does not grow, and merging is exact.
type statistics struct {
	n       int
	endings [maxEndings]int
	sums    [numMeasures]wide
	squares [numMeasures]wide
	settle  histogram
	waited  moments
	capital capital
}

const maxEndings = 16

// moments are the sum and the sum of squares of lengths of time in milliseconds.
type moments struct{ sum, squares wide }

// add counts what a contract came to.
func (s *statistics) add(l *life, contract int) {
	s.n++
	s.endings[l.out.ending]++
	for i, x := range l.out.values {
		if x != 0 {
			s.sums[i].add(x)
			s.squares[i].addSquare(x)
		}
	}
	if settled := l.out.settled; settled >= 0 {
		s.settle.add(settled)
		ms := int64(settled / time.Millisecond)
		s.waited.sum.add(ms)
		s.waited.squares.addSquare(ms)
	}
	s.capital.add(contract, l.arrival, l.m.binWidth(), l.out.changes)
}

// binWidth is the length of one bin of the horizon, rounded up.
func (s *Scenario) binWidth() time.Duration { return s.Horizon/bins + 1 }

func (s *statistics) merge(o *statistics) {
	s.n += o.n
	for i := range s.endings {
		s.endings[i] += o.endings[i]
	}
	for i := range s.sums {
		s.sums[i].merge(o.sums[i])
		s.squares[i].merge(o.squares[i])
	}
	s.settle.merge(&o.settle)
	s.waited.sum.merge(o.waited.sum)
	s.waited.squares.merge(o.waited.squares)
	s.capital.merge(&o.capital)
}

// differences is how the outcomes under a policy differ from those under the
// first, contract by contract.
type differences struct {
	n, changed int
	sums       [numMeasures]wide
	squares    [numMeasures]wide
}

// add counts one contract, lived under the first policy and under another.
func (d *differences) add(first, other *ledger) {
	d.n++
	if first.ending != other.ending {
		d.changed++
	}
	for i := range d.sums {
		if x := other.values[i] - first.values[i]; x != 0 {
			d.sums[i].add(x)
			d.squares[i].addSquare(x)
		}
	}
}

func (d *differences) merge(o *differences) {
	d.n += o.n
	d.changed += o.changed
	for i := range d.sums {
		d.sums[i].merge(o.sums[i])
		d.squares[i].merge(o.squares[i])
	}
}
