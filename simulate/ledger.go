package simulate

import (
	"time"

	"github.com/escrow-go/escrow"
)

// ledger is what one contract came to: where it ended, when, and what every
// measure is.
type ledger struct {
	// ending is the position of its last status among the scenario's endings.
	ending int
	// settled is how long after the founding all money was out; negative when
	// some stays in.
	settled time.Duration
	values  [numMeasures]int64
	// held is what is in custody in the end, area the money times the nanoseconds
	// that it was there.
	held    int64
	area    wide
	changes []change
}

// change is money entering custody, or, when negative, leaving it.
type change struct {
	at    time.Duration
	money int64
}

// reset makes the ledger that of a contract of which nothing has happened.
func (o *ledger) reset() { *o = ledger{changes: o.changes[:0]} }

// record records a decision's movements. Payouts happen at paid, which is later
// than the decision when people have to look at them first.
func (o *ledger) record(d *escrow.Decision, known accounts, at, paid time.Duration) {
	var in, out int64
	for i := range d.NumMovements() {
		payer, payee, amount := d.Transfer(i)
		from, to := known[payer], known[payee]
		n, _ := amount.Uint64()
		units := int64(n)
		switch {
		case to.custody():
			in += units
		case from.custody():
			out += units
		}
		o.debit(from, units)
		o.credit(to, units)
		o.lose(from, to, units)
	}
	if in != 0 {
		o.change(at, in)
	}
	if out != 0 {
		o.change(paid, -out)
	}
}

// debit records what an account outside custody pays.
func (o *ledger) debit(from account, units int64) {
	switch from {
	case clientAccount:
		o.values[clientPays] += units
	case workerAccount:
		o.values[workerPays] += units
	case backupAccount:
		o.values[agentsNet] -= units
		o.values[backupBonds] += units
	}
}

// credit records what an account outside custody gets, and bonds posted.
func (o *ledger) credit(to account, units int64) {
	switch to {
	case clientAccount:
		o.values[clientGets] += units
	case workerAccount:
		o.values[workerGets] += units
	case backupAccount:
		o.values[agentsNet] += units
	case treasuryAccount:
		o.values[treasuryGets] += units
	case platformAccount:
		o.values[platformGets] += units
		o.values[fees] += units
	case disputePot:
		o.values[disputeBonds] += units
	}
}

// lose records what goes elsewhere than back to whom it came from. Of the price,
// the treasury gets nothing but its fee.
func (o *ledger) lose(from, to account, units int64) {
	switch {
	case from == escrowPot && to == treasuryAccount:
		o.values[fees] += units
	case from == stakePot && to != workerAccount:
		o.values[stakeSlashed] += units
	case from == disputePot && to != clientAccount:
		o.values[disputeForfeited] += units
	case from == backupPot && to != backupAccount:
		o.values[backupSlashed] += units
	}
}

// change records that custody changes: money that leaves has been there longer
// than money that enters, by the time between.
func (o *ledger) change(at time.Duration, money int64) {
	o.held += money
	o.area.addProduct(-money, uint64(at))
	o.changes = append(o.changes, change{at, money})
	o.settled = max(o.settled, at)
}

// leaveOpen says that nobody ends the contract: what is in custody stays, and is
// counted until an instant.
func (o *ledger) leaveOpen(until time.Duration) {
	for _, c := range o.changes {
		until = max(until, c.at)
	}
	o.area.addProduct(o.held, uint64(until))
	o.settled = -1
}

// close works out the measures that follow from others.
func (o *ledger) close(m *model) {
	v := &o.values
	v[clientNet] = v[clientGets] - v[clientPays]
	v[workerNet] = v[workerGets] - v[workerPays]
	v[workerIncome] = v[workerNet] - v[workCost]
	v[capitalDays] = o.area.days()
	v[capitalCost] = scaled(v[capitalDays]/365, m.capitalCost)
	v[welfareLost] += v[workCost] - v[workValue] + v[capitalCost]
}
