package escrow

import (
	"iter"
	"sync"
	"time"
)

// inlineMovements is how many movements a decision holds without allocating.
const inlineMovements = 4

// Decision is what follows from a command: one transition, the movements, and
// the next snapshot. Commit it whole, on the expected revision of the contract
// it was made from, or drop it, and nothing has happened.
type Decision struct {
	// Rule is the row of the table that decided.
	Rule string
	// Executes is the rule that a confirmation carried out, empty otherwise.
	Executes string
	Action   Action
	From, To Status
	// Actor is who asked: for an advance the system, whoever sent it.
	Actor Actor
	// Command is what was asked.
	Command Command
	// Contract is the next snapshot.
	Contract Contract

	at       instant
	refusal  *Error // of [DecideInto], kept for the next
	memory   *memory
	moved    int
	added    int // position of an item that the rule added, -1 for none
	addedTo  int8
	owned    uint32  // lists that the snapshot under construction does not share
	forked   *record // the state that it was forked from, once it is
	inline   [inlineMovements]movement
	spilled  []movement
	outgoing []outgoing
	approval *Approval
}

// memory is what [DecideInto] uses again: the state of two snapshots by turns, and
// what functions of the lifecycle are handed.
type memory struct {
	states    [2]record
	viewState viewState
}

// trials is memory for what a request would do, which nobody keeps.
var trials = sync.Pool{New: func() any { return new(memory) }}

// borrow gives the decision memory for a trial, nil when it has some. What the trial
// leaves there is gone once the memory is given back.
func (d *Decision) borrow() *memory {
	if d.memory != nil {
		return nil
	}
	d.memory = trials.Get().(*memory)
	return d.memory
}

// giveBack ends a trial.
func (d *Decision) giveBack(m *memory) {
	if m != nil {
		d.memory = nil
		trials.Put(m)
	}
}

// outgoing is a party that the rule replaced, with its account before.
type outgoing struct {
	party   uint8
	account string
}

// At returns when the transition happened: now, or for an advance the instant of
// the deadline it applied.
func (d *Decision) At() time.Time { return d.at.time() }

// Keep moves the next snapshot out of the memory of decisions, so that it stays
// good whatever [DecideInto] does with this one and with those before it.
func (d *Decision) Keep() Contract {
	c := &d.Contract
	if c.generation != 0 {
		c.state, c.generation = c.state.clone(), 0
	}
	return *c
}

// fork returns the state of the snapshot under construction for writing.
func (d *Decision) fork() *record {
	next := &d.Contract
	if d.owned&ownedState != 0 {
		return next.state
	}
	d.owned |= ownedState
	d.forked = next.state
	if d.memory == nil {
		next.state, next.generation = next.state.clone(), 0
		return next.state
	}
	own := &d.memory.states[0]
	if next.state == own {
		own = &d.memory.states[1]
	}
	own.copyFrom(next.state)
	own.generation++
	next.state, next.generation = own, own.generation
	return own
}

// ownedState and ownedApprovals mark the state itself and the approvals among what a
// decision owns; below them is a bit for each list.
const (
	ownedState     = 1 << 31
	ownedApprovals = 1 << 30
)

// editItems returns the items of a list for writing, with room for more.
func (d *Decision) editItems(list, more int) []*record {
	state := d.fork()
	if d.owned>>list&1 == 0 {
		d.owned |= 1 << list
		items := state.lists[list].items
		state.lists[list].items = append(make([]*record, 0, len(items)+more), items...)
	}
	return state.lists[list].items
}

// editItem returns an item for writing: a copy, unless this decision has made one.
func (d *Decision) editItem(list, i int) *record {
	items := d.editItems(list, 0)
	if was := d.forked.lists[list].items; i < len(was) && items[i] == was[i] {
		items[i] = items[i].clone()
	}
	return items[i]
}

// NumMovements returns how many movements follow.
func (d *Decision) NumMovements() int { return d.moved }

// Movement returns the i-th movement, counted from 0.
func (d *Decision) Movement(i int) Movement { return d.movementOf(i, d.origin()) }

func (d *Decision) movementOf(i int, origin string) Movement {
	m, c := d.movement(i), &d.Contract
	return Movement{
		From: d.account(m.from), To: d.account(m.to),
		Amount: m.amount, Asset: c.terms.asset, Reason: c.lifecycle.reasons[m.reason],
		Basis:    Basis{Of: m.of, Ratio: m.ratio, Policy: m.policyName(), Times: m.times},
		contract: c.terms.id, revision: c.revision, position: i, origin: origin,
	}
}

// account gives a movement's end its text id: of a party that the rule replaced
// the one before.
func (d *Decision) account(a accountID) Account {
	if a.kind == partyAccount {
		for _, o := range d.outgoing {
			if o.party == a.n {
				return Account{Kind: d.Contract.lifecycle.parties[a.n].decl.Name, ID: o.account}
			}
		}
	}
	return d.Contract.account(a)
}

// Transfer returns the accounts, as numbers that are the same in every decision of
// a lifecycle, and the amount of the i-th movement: what loops of millions need of
// it. [Lifecycle.AccountKinds] tells what the numbers stand for.
func (d *Decision) Transfer(i int) (from, to int, amount Amount) {
	m, l := d.movement(i), d.Contract.lifecycle
	return l.accountNumber(m.from), l.accountNumber(m.to), m.amount
}

// accountNumber returns the number of an account's kind: that of its party, or
// counted on from the parties that of its pot.
func (l *Lifecycle) accountNumber(a accountID) int {
	if a.kind == potAccount {
		return len(l.parties) + int(a.n)
	}
	return int(a.n)
}

// AccountKinds returns the kinds of account that [Decision.Transfer] numbers, by
// number: the parties, then the pots, which are in custody. None has an ID.
func (l *Lifecycle) AccountKinds() []Account {
	var kinds []Account
	for i := range l.parties {
		kinds = append(kinds, Account{Kind: l.parties[i].decl.Name})
	}
	for i := range l.pots {
		kinds = append(kinds, Account{Kind: l.pots[i].decl.Name, Custody: true})
	}
	return kinds
}

// Movements returns the movements in the order in which they were made.
func (d *Decision) Movements() iter.Seq2[int, Movement] {
	return func(yield func(int, Movement) bool) {
		if d.moved == 0 {
			return
		}
		origin := d.origin()
		for i := range d.moved {
			if !yield(i, d.movementOf(i, origin)) {
				return
			}
		}
	}
}

// Approval returns the approval that the decision made, repeated or resolved;
// false when there is none.
func (d *Decision) Approval() (Approval, bool) {
	if d.approval == nil {
		return Approval{}, false
	}
	return d.approval.of(&d.Contract), true
}

// Review is the look that a large payout waits for. The decision is final all
// the same: a review can delay money, never change whose it is.
type Review struct {
	// Amount is all that the decision pays out of custody.
	Amount    Amount
	MinPayout Amount
	// Quorum is how many people of the application must release it.
	Quorum int
}

// Review returns the payout review that the policy asks for; false when none.
func (d *Decision) Review() (Review, bool) {
	if d.Contract.terms == nil || d.Contract.terms.review.quorum == 0 {
		return Review{}, false
	}
	p := d.Contract.terms.review
	var paid Amount
	for i := range d.moved {
		if m := d.movement(i); m.from.custody() {
			paid, _ = paid.plus(m.amount)
		}
	}
	return Review{paid, p.least, int(p.quorum)}, !paid.IsZero() && paid.Cmp(p.least) >= 0
}
