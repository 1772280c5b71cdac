package payoff

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/escrow-go/escrow"
)

// Table is every way in which the contract of a case can end, and what a backup
// agent's vote comes to.
type Table struct {
	Case    Case
	Endings []Ending
	// Votes are empty where the lifecycle has no backup agents.
	Votes []Vote
	// Worker and Client are what rational people choose between.
	Worker Worker
	Client Client
}

// Ending is one way in which a contract ends.
type Ending struct {
	// Name says in plain words what happened.
	Name string
	// Status is the terminal status, Visited every status on the way to it.
	Status  escrow.Status
	Visited []escrow.Status
	// Rules are the rules that decided, in the order in which they first did.
	Rules []string
	// Flows have one entry for everybody who can be touched in the lifecycle.
	Flows []Flow
}

// Flow is what an ending means for one party. Amounts are in smallest units.
type Flow struct {
	// Party is [ClientAccount], [WorkerAccount], a [Backup], [TreasuryAccount]
	// or [PlatformAccount].
	Party string
	// Pays is all that the party puts in, Gets all that it receives.
	Pays, Gets escrow.Amount
	// Locked is what the party has put in and cannot touch meanwhile.
	Locked []Lock
}

// Net returns what the party gets less what it pays, in smallest units.
func (f Flow) Net() *big.Int { return new(big.Int).Sub(f.Gets.BigInt(), f.Pays.BigInt()) }

// Flow returns the ending's flow of a party; one of nothing for a stranger.
func (e *Ending) Flow(party string) Flow {
	for _, f := range e.Flows {
		if f.Party == party {
			return f
		}
	}
	return Flow{Party: party}
}

// Of plays every ending of a case. The error is the engine's refusal when the
// contract cannot be founded, or says what of the case is out of bounds.
func Of(c Case) (*Table, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	t := &Table{Case: c}
	for _, p := range plansOf(c) {
		e, err := endingOf(c, p)
		if err != nil {
			return nil, err
		}
		t.Endings = append(t.Endings, e)
	}
	var err error
	if t.Worker, t.Client, err = Choices(c); err != nil || c.isTrain() {
		return t, err
	}
	t.Votes, err = votesOf(c)
	return t, err
}

// plansOf returns every way in which the case's contract can end.
func plansOf(c Case) []plan {
	if c.isTrain() {
		return hirePlans(c)
	}
	return taskPlans(c)
}

// partiesOf returns everybody whom the case's lifecycle can touch.
func partiesOf(c Case) []string {
	if c.isTrain() {
		return []string{ClientAccount, WorkerAccount, PlatformAccount}
	}
	parties := []string{ClientAccount, WorkerAccount}
	for n := range c.recruits() {
		parties = append(parties, Backup(n+1))
	}
	return append(parties, TreasuryAccount)
}

// endingOf plays one ending, and at every pace that can stretch or shorten a lock.
func endingOf(c Case, p plan) (Ending, error) {
	l, err := play(c, p.steps, atOnce)
	if err != nil {
		return Ending{}, err
	}
	if !l.contract.IsTerminal() {
		return Ending{}, fmt.Errorf("payoff: %q does not end the contract: it stays %s", p.name, l.contract.Status())
	}
	e := Ending{Name: p.name, Status: l.contract.Status(), Visited: l.statuses(), Rules: l.rules()}
	locks, err := locksOf(c, p, l)
	if err != nil {
		return Ending{}, err
	}
	for _, party := range partiesOf(c) {
		f := Flow{Party: party, Locked: locks.of(party)}
		if f.Pays, err = escrow.AmountOf(l.paid(party)); err != nil {
			return Ending{}, err
		}
		if f.Gets, err = escrow.AmountOf(l.got(party)); err != nil {
			return Ending{}, err
		}
		e.Flows = append(e.Flows, f)
	}
	return e, nil
}

// statuses returns the statuses of a life, rules the rules that decided it, each
// once.
func (l *life) statuses() (list []escrow.Status) {
	for _, e := range l.entries {
		if !slices.Contains(list, e.status) {
			list = append(list, e.status)
		}
	}
	return list
}

func (l *life) rules() (list []string) {
	for _, e := range l.entries {
		for _, id := range e.rules {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}
