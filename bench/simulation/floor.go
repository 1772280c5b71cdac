package simulation

import (
	"sync"
	"sync/atomic"
)

// Floor is the least that a program can do to live through the contracts of the
// default OpenContract scenario: straight code over int64 smallest units, with the
// random numbers of package simulate. It audits nothing, explains nothing, and
// knows no other lifecycle.
type Floor struct {
	seed     uint64
	horizon  int64
	arrivals law
	// step is what prices are rounded to.
	step                                int64
	price, value                        law
	capitalCost                         int64
	match, withdrawal, delivery, review int64
	criteria                            int
	policy                              policy
	matches                             chance
	matchTime, drawTime                 law
	workers                             []worker
	clients                             []client
	agents                              []agent
	workerOf, clientOf, agentOf         crowd
}

// policy is what the rules read: ratios in billionths, and what the policy
// chooses by default where it has a choice.
type policy struct {
	fee, stake, disputeBond, backupBond                     int64
	withdrawSlash, absentSlash, unclearSlash, unclearCredit int64
	jury                                                    int
	votingWindow                                            int64
	silenceApproves, forfeitToWorker, slashToTreasury       bool
}

type worker struct {
	absent, rational            bool
	quality, withdraws          chance
	delivers, withdrawsAt, cost law
	expects                     int64
}

type client struct {
	negligent, disputing, rational bool
	cancels, errs                  chance
	reviews                        law
	trusts                         int64
}

type agent struct {
	votes, accuracy, unclear chance
	votesAt                  law
}

// block is how many contracts a goroutine takes at a time.
const block = 1024

// Run lives through contracts on so many goroutines.
func (f *Floor) Run(contracts, goroutines int) *Totals {
	var next atomic.Int64
	var all sync.WaitGroup
	crews := make([]Totals, goroutines)
	for i := range crews {
		all.Go(func() { f.work(&crews[i], contracts, &next) })
	}
	all.Wait()
	for i := range crews[1:] {
		crews[0].merge(&crews[i+1])
	}
	return &crews[0]
}

// work lives through blocks of contracts until there are no more.
func (f *Floor) work(t *Totals, contracts int, next *atomic.Int64) {
	l, width := life{Floor: f}, f.binWidth()
	for from := int(next.Add(block)) - block; from < contracts; from = int(next.Add(block)) - block {
		for contract := from; contract < min(from+block, contracts); contract++ {
			l.live(contract)
			t.add(&l.sheet)
			t.capital[contract/inRow%batches].add(l.arrival, width, l.moves)
		}
	}
}
