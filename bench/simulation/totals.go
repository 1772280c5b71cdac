package simulation

import (
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// The measures, in the order of their names.
const (
	volume = iota
	clientPays
	clientGets
	clientNet
	workerPays
	workerGets
	workerNet
	workerIncome
	agentsNet
	treasuryGets
	fees
	stakeSlashed
	disputeBonds
	backupBonds
	backupSlashed
	disputeForfeited
	disputes
	disputesRight
	workCost
	workValue
	welfareLost
	capitalDays
	capitalCost
	numMeasures
)

// Measures are the names that package simulate has for what the floor adds up. Of
// its others, OpenContract without payout reviews has nothing.
var Measures = [numMeasures]string{
	"volume", "client.pays", "client.gets", "client.net", "worker.pays", "worker.gets", "worker.net", "worker.income",
	"agents.net", "treasury.gets", "fees", "stake.slashed", "dispute.bonds", "backup.bonds", "backup.slashed",
	"dispute.forfeited", "disputes", "disputes.right", "work.cost", "work.value", "welfare.lost", "capital.days", "capital.cost",
}

// The endings, in the order of their statuses.
const (
	settledFullyMet = iota
	settledPartiallyMet
	settledNoneMet
	cancelledByClient
	cancelledUnmatched
	cancelledWithdrawn
	cancelledAbsent
	numEndings
)

// Endings are the statuses in which contracts end.
var Endings = [numEndings]escrow.Status{
	opencontract.SettledFullyMet, opencontract.SettledPartiallyMet, opencontract.SettledNoneMet,
	opencontract.CancelledByClient, opencontract.CancelledUnmatched, opencontract.CancelledWithdrawn, opencontract.CancelledAbsent,
}

// Totals are what the floor counts: how contracts end and after how long, of every
// measure the sum and the sum of squares, and the money in custody. Sums of smallest units fit 63 bits for a billion
// contracts of the default scenario.
type Totals struct {
	Contracts int
	Endings   [numEndings]int
	Sums      [numMeasures]int64
	squares   [numMeasures]wide
	// waited is how long contracts take, in milliseconds.
	waited        int64
	waitedSquares wide
	times         histogram
	capital       [batches]batch
}

// add counts a contract.
func (t *Totals) add(s *sheet) {
	t.Contracts++
	t.Endings[s.ending]++
	for i, x := range s.values {
		t.Sums[i] += x
		t.squares[i].add(product(max(x, -x), max(x, -x)))
	}
	ms := s.settled / int64(time.Millisecond)
	t.waited += ms
	t.waitedSquares.add(product(ms, ms))
	t.times.add(ms)
}

func (t *Totals) merge(o *Totals) {
	t.Contracts += o.Contracts
	for i, n := range o.Endings {
		t.Endings[i] += n
	}
	for i := range t.Sums {
		t.Sums[i] += o.Sums[i]
		t.squares[i].add(o.squares[i])
	}
	t.waited += o.waited
	t.waitedSquares.add(o.waitedSquares)
	t.times.merge(&o.times)
	for i := range t.capital {
		t.capital[i].merge(&o.capital[i])
	}
}
