package escrow

import "time"

// singlePots is how many single pots a lifecycle may have.
const singlePots = 8

// potSet is a set of single pots, one bit each.
type potSet uint8

func (s potSet) has(i uint8) bool { return s>>i&1 != 0 }

// Contract is an immutable snapshot of one contract. Every decision returns the
// next; nothing ever changes one. It is a small value: pass it, keep it, use ==
// to see that nothing happened. The zero Contract is none.
type Contract struct {
	lifecycle *Lifecycle
	terms     *terms
	state     *record
	approvals *approvals
	// pots is what single pots hold; of one that keeps what was posted, that sum,
	// held or not.
	pots       [singlePots]Amount
	revision   uint64
	createdAt  instant
	enteredAt  instant
	decidedAt  instant
	generation uint64 // of state
	status     uint8
	held       potSet // pots with a record of what was posted that hold it now
	filled     potSet // pots that something was ever posted into
}

// terms is what is agreed before anybody is bound; contracts share it.
type terms struct {
	id     string
	asset  Asset
	fixed  *record
	policy *record
	review review
	// fault is what the founding refuses, nil when the terms are in order; text is
	// then the draft as it was read, so that it is written back as it came.
	fault *Error
	text  string
	// early is a fault that the draft was made with, whatever is added to it.
	early *Error
	// late are values that their fields cannot hold.
	late []lateFault
	// sound: what a founding demands of terms and policy alone is met.
	sound bool
}

// again returns terms to be changed and judged once more.
func (t *terms) again() *terms {
	own := *t
	own.fault = t.early
	return &own
}

// review is the policy's payout review, none when the quorum is 0.
type review struct {
	least  Amount
	quorum uint64
}

// ID returns the contract's id, empty for the zero contract.
func (c Contract) ID() string {
	if c.terms == nil {
		return ""
	}
	return c.terms.id
}

// Lifecycle returns the rule book the contract lives by, nil for the zero
// contract.
func (c Contract) Lifecycle() *Lifecycle { return c.lifecycle }

// Status returns where the contract stands; empty for a draft.
func (c Contract) Status() Status {
	if c.lifecycle == nil {
		return Draft
	}
	return c.lifecycle.statuses[c.status]
}

// IsDraft reports whether the contract is only terms.
func (c Contract) IsDraft() bool { return c.status == 0 }

// IsTerminal reports whether the contract has ended for good.
func (c Contract) IsTerminal() bool { return c.lifecycle != nil && c.lifecycle.terminal.has(c.status) }

// Revision grows by one with every decision that changes the snapshot; 0 in a
// draft. Commit a decision on the revision it was made from.
func (c Contract) Revision() uint64 { return c.revision }

// Asset returns what the contract is paid in.
func (c Contract) Asset() Asset {
	if c.terms == nil {
		return Asset{}
	}
	return c.terms.asset
}

// CreatedAt returns when the contract was founded, the zero time for a draft.
func (c Contract) CreatedAt() time.Time { return c.createdAt.time() }

// EnteredAt returns when the contract entered its status.
func (c Contract) EnteredAt() time.Time { return c.enteredAt.time() }

// DecidedAt returns the instant of the latest decision that changed the
// snapshot. Time never runs backwards in a contract: a clock that shows an
// earlier instant counts as showing this one.
func (c Contract) DecidedAt() time.Time { return c.decidedAt.time() }

// Account returns who a party of the lifecycle is in the contract, empty while
// nobody is.
func (c Contract) Account(p *Party) string {
	if c.lifecycle == nil {
		return ""
	}
	return c.View().Account(p)
}

// Holding is an account in custody and what it holds now.
type Holding struct {
	Account Account
	Amount  Amount
	Asset   Asset
}

// Custody returns what is held for the contract now, only positive amounts, in
// the order of the declared pots, single ones first, then of the items.
func (c Contract) Custody() []Holding {
	var held []Holding
	c.eachPot(func(a accountID, amount Amount) bool {
		if !amount.IsZero() {
			held = append(held, Holding{c.account(a), amount, c.terms.asset})
		}
		return true
	})
	return held
}

// eachPot yields every pot of the contract with what it holds.
func (c *Contract) eachPot(yield func(accountID, Amount) bool) {
	if c.lifecycle == nil {
		return
	}
	for i := range c.lifecycle.pots {
		p := &c.lifecycle.pots[i]
		if p.list < 0 {
			if !yield(accountID{kind: potAccount, n: uint8(i)}, c.balance(p)) {
				return
			}
			continue
		}
		for n, item := range c.items(p.list) {
			if !yield(accountID{potAccount, uint8(i), uint16(n)}, Amount(item.cells[itemBalance])) {
				return
			}
		}
	}
}

// holds reports whether anything is held for the contract.
func (c *Contract) holds() bool {
	for i := range c.lifecycle.pots {
		p := &c.lifecycle.pots[i]
		if p.list < 0 {
			if b := c.balance(p); !b.IsZero() {
				return true
			}
			continue
		}
		for _, item := range c.items(p.list) {
			if b := Amount(item.cells[itemBalance]); !b.IsZero() {
				return true
			}
		}
	}
	return false
}

// balance returns what a single pot holds.
func (c *Contract) balance(p *pot) Amount {
	if p.posted && !c.held.has(p.n) {
		return Amount{}
	}
	return c.pots[p.n]
}

// items returns the items of a list.
func (c *Contract) items(list int) []*record { return c.state.lists[list].items }

// stale reports whether the memory of the snapshot has been used again.
func (c *Contract) stale() bool { return c.state != nil && c.state.generation != c.generation }

// ended is IsTerminal for the engine, which has no wish to copy contracts.
func (c *Contract) ended() bool { return c.lifecycle.terminal.has(c.status) }

// place is Status for the engine.
func (c *Contract) place() Status { return c.lifecycle.statuses[c.status] }
