package simulate

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/payoff"
)

// life lives through contracts, one after the other, in memory of its own.
type life struct {
	m      *model
	offers *offers
	clock  standing
	// turns are two decisions in the memory of which snapshots live: now is the
	// latest, at its snapshot.
	turns [2]escrow.Decision
	turn  int
	now   *escrow.Decision
	at    *escrow.Contract

	random  stream
	arrival time.Duration
	offer   *offer
	who     people
	vote    voting
	sign    signing
	out     ledger
}

// people are the groups that a contract's worker and client belong to, and what
// the work costs the one and is worth to the other.
type people struct {
	worker, client int
	cost, value    int64
}

// standing is a clock that stands where it was put.
type standing struct{ now time.Time }

// Now returns where the clock stands.
func (s *standing) Now() time.Time { return s.now }

func newLife(o *offers) *life {
	m := o.model
	l := &life{m: m, offers: o}
	l.vote.prepare(m)
	l.sign.prepare(m)
	return l
}

// Who acts, whoever they are.
var (
	clientActor = escrow.Agent(payoff.ClientAccount)
	workerActor = escrow.Agent(payoff.WorkerAccount)
	system      = escrow.SystemActor()
)

// The commands without terms, or with the same terms always, made once.
var (
	create   = opencontract.Create{}.Command()
	accept   = opencontract.Accept{}.Command()
	cancel   = opencontract.Cancel{}.Command()
	withdraw = opencontract.Withdraw{}.Command()
	deliver  = opencontract.Deliver{Delivery: "the work"}.Command()
	approve  = opencontract.Approve{}.Command()
	dispute  = opencontract.Dispute{}.Command()
	settle   = opencontract.Settle{}.Command()
	hire     = opentrain.Hire{}.Command()
	end      = opentrain.End{}.Command()
	advance  = escrow.Advance()
)

// live lives through the contract with a number; what it came to is in l.out.
func (l *life) live(contract int) error {
	l.random = streamOf(l.m.Seed, contract)
	l.arrival = time.Duration(scaled(int64(l.m.Horizon), l.m.Arrivals.at(l.random.of(ofArrival))))
	price := l.m.price(l.random)
	l.offer = l.offers.at(price)
	l.at = &l.offer.draft
	l.out.reset()
	l.sign.asked = 0
	l.who = people{
		worker: l.m.workers.pick(l.random.of(ofWorker)),
		client: l.m.clients.pick(l.random.of(ofClient)),
	}
	w := &l.m.Workers[l.who.worker]
	l.who.cost = scaled(price, w.Cost.at(l.random.of(ofWork)))
	l.who.value = scaled(price, l.m.Value.at(l.random.of(ofValue)))
	err := l.run()
	if err == nil {
		l.out.ending, err = l.m.ending(l.at)
	}
	if err != nil {
		return fmt.Errorf("simulate: contract %d of seed %d: %w", contract, l.m.Seed, err)
	}
	l.out.close(l.m)
	return nil
}

// run lives through one contract of the lifecycle.
func (l *life) run() error {
	if l.m.Lifecycle == opentrain.Lifecycle {
		return l.openTrain()
	}
	return l.openContract()
}

// ending returns the position of the ending that a contract has come to.
func (m *model) ending(c *escrow.Contract) (int, error) {
	status := c.Status()
	if !c.IsTerminal() {
		status = open
	}
	i := slices.Index(m.ends, status)
	if i < 0 {
		return 0, fmt.Errorf("was left in %q, which is no ending", c.Status())
	}
	return i, nil
}

// ask puts a command to the engine at an instant after the founding, and records
// what moves.
func (l *life) ask(cmd escrow.Command, actor *escrow.Actor, at time.Duration) error {
	d := &l.turns[l.turn]
	l.turn ^= 1
	l.clock.now = founded.Add(at)
	if err := escrow.DecideInto(d, l.at, cmd, actor, &l.clock); err != nil {
		return err
	}
	l.now, l.at = d, &d.Contract
	if d.NumMovements() == 0 {
		return nil
	}
	paid := at
	if l.m.numbers.reviewers > 0 {
		paid += l.reviewTime(d)
	}
	l.out.record(d, l.m.accounts, at, paid)
	return nil
}

// part returns an instant between two, as a part of the time between.
func part(from, to time.Duration, part int64) time.Duration {
	return from + time.Duration(scaled(int64(to-from), part))
}
