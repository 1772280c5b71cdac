package payoff

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// WithoutLimit is the Longest of a lock that lasts until a party acts who need
// not: nothing bounds it.
const WithoutLimit time.Duration = -1

// Lock is money of a party that is held for the contract.
type Lock struct {
	// Account is where it is held, as in "escrow", "stake" or "milestone:m1".
	Account string
	// Amount is what was put in, in smallest units.
	Amount escrow.Amount
	// Shortest and Longest are how long it is held: exactly, over everybody's
	// choice to act at once or at the last nanosecond before the deadline.
	// The system settles at once. Longest is [WithoutLimit] when nothing bounds it.
	Shortest, Longest time.Duration
}

// Within reports whether the lock never lasts longer than a limit.
func (l Lock) Within(limit time.Duration) bool {
	return l.Longest != WithoutLimit && l.Longest <= limit
}

// held is a lock with its owner, while it lasts.
type held struct {
	Lock
	party string
	kind  string
	since time.Time
	// open says that the decision that put it in is past, ended that it is paid out.
	open, ended bool
}

// holdings are the locks of one ending.
type holdings []held

// of returns the locks of a party.
func (h holdings) of(party string) (list []Lock) {
	for i := range h {
		if h[i].party == party {
			list = append(list, h[i].Lock)
		}
	}
	return list
}

// locksOf returns the locks of an ending, over every pace that matters. A lock is
// longest when everything up to its deposit happens at once and everything
// after it as late as can be, and shortest the other way round: so the pace
// changes once, after each of the deposits.
func locksOf(c Case, p plan, once *life) (holdings, error) {
	locks := once.locks()
	for _, turn := range once.turns() {
		for _, late := range []pace{func(i int) bool { return i >= turn }, func(i int) bool { return i < turn }} {
			l, err := play(c, p.steps, late)
			if err != nil {
				return nil, err
			}
			locks.widen(l.locks())
		}
	}
	locks.level()
	return locks, nil
}

// turns returns the positions after which money has just been put in. Of the
// backup agents the first stands for all: they vote in any order.
func (l *life) turns() (list []int) {
	voted := false
	for i, e := range l.entries {
		for _, m := range e.moves {
			judge := m.To.Kind == opencontract.BackupBond.Name
			if m.To.Custody && !(judge && voted) {
				list = append(list, i+1)
				voted = voted || judge
				break
			}
		}
	}
	return list
}

// locks reads off a life what was held of whom and for how long.
func (l *life) locks() (list holdings) {
	for _, e := range l.entries {
		for _, m := range e.moves {
			if m.To.Custody {
				list = append(list, held{Lock: Lock{Account: m.To.String(), Amount: m.Amount}, party: partyOf(m.From), kind: m.To.Kind, since: e.at})
			}
		}
		for i := range list {
			list[i].pass(&e)
		}
	}
	return list
}

// pass takes a lock through a decision: it ends when its account is empty.
func (h *held) pass(e *entry) {
	if h.ended {
		return
	}
	if e.endless && h.open {
		h.Longest = WithoutLimit
	}
	h.open = true
	if slices.ContainsFunc(e.held, func(x escrow.Holding) bool { return x.Account.String() == h.Account }) {
		return
	}
	h.ended, h.Shortest = true, e.at.Sub(h.since)
	if h.Longest != WithoutLimit {
		h.Longest = h.Shortest
	}
}

// widen takes over what another play of the same ending has shorter or longer.
func (h holdings) widen(other holdings) {
	for i := range h {
		h[i].stretch(&other[i].Lock)
	}
}

func (l *Lock) stretch(other *Lock) {
	l.Shortest = min(l.Shortest, other.Shortest)
	if l.Longest == WithoutLimit || other.Longest == WithoutLimit {
		l.Longest = WithoutLimit
		return
	}
	l.Longest = max(l.Longest, other.Longest)
}

// level gives every backup agent's bond the range of all of them, since any
// could have voted first.
func (h holdings) level() {
	var all *Lock
	each := func(visit func(*Lock)) {
		for i := range h {
			if h[i].kind == opencontract.BackupBond.Name {
				visit(&h[i].Lock)
			}
		}
	}
	each(func(l *Lock) {
		if all == nil {
			all = l
		}
		all.stretch(l)
	})
	each(func(l *Lock) { l.stretch(all) })
}
