package escrow

import "time"

// Contract is an immutable snapshot of one contract. Every decision returns the
// next; nothing ever changes one. It is a small value: pass it, keep it, use ==
// to see that nothing happened.
type Contract struct {
	law         *Lifecycle
	terms       *terms
	book        *book
	data        any
	worker      string
	delivered   string
	createdAt   instant
	deliveredAt instant
	disputedAt  instant
	endDate     instant
	posted      [singlePots]Amount
	jury        *jury
	revision    uint64
	results     sheet
	status      uint8
	filled      potSet
	held        potSet
}

// enter gives a snapshot under construction its status, and with it the pots
// that the status holds.
func (c *Contract) enter(status uint8) { c.status, c.held = status, c.law.held[status] }

// ID returns the contract's id.
func (c *Contract) ID() string { return c.said().id }

// Lifecycle returns the rule book the contract lives by.
func (c *Contract) Lifecycle() *Lifecycle { return c.law }

// Status returns where the contract stands; empty for a draft.
func (c *Contract) Status() Status {
	if c.law == nil {
		return Draft
	}
	return c.law.names[c.status%maxStatuses]
}

// IsDraft reports whether the contract is only terms.
func (c *Contract) IsDraft() bool { return c.status == 0 }

// IsTerminal reports whether the contract has ended for good.
func (c *Contract) IsTerminal() bool { return c.law != nil && c.law.terminal&(1<<c.status) != 0 }

// Revision grows by one with every decision that changes the snapshot; 0 in a
// draft. Commit a decision on the revision it was made from.
func (c *Contract) Revision() uint64 { return c.revision }

// Client returns the client's account.
func (c *Contract) Client() string { return c.said().client }

// Worker returns the worker's account, empty until an open tender is matched.
func (c *Contract) Worker() string { return c.worker }

// Asset returns what the contract is paid in.
func (c *Contract) Asset() Asset { return c.said().asset }

// Policy returns the policy the contract was founded under.
func (c *Contract) Policy() Policy { return c.said().policy }

// Price returns the price, nothing where the lifecycle has none.
func (c *Contract) Price() Amount { return c.said().price }

// Data returns the own data of a lifecycle from outside, nil otherwise.
func (c *Contract) Data() any { return c.data }

// CreatedAt returns when the contract was founded.
func (c *Contract) CreatedAt() time.Time { return c.createdAt.time() }

// EndDate returns when an OpenTrain contract ended, the zero time before.
func (c *Contract) EndDate() time.Time { return c.endDate.time() }

// Delivery returns what was delivered, empty before.
func (c *Contract) Delivery() string { return c.delivered }

// BackupAgents returns who was drawn to judge, in drawn order.
func (c *Contract) BackupAgents() []string {
	if c.jury == nil {
		return nil
	}
	return append([]string(nil), c.jury.agents...)
}

// CriteriaMet returns the outcome of every criterion, nil until resolved.
func (c *Contract) CriteriaMet() []Verdict {
	if !c.tallied() {
		return nil
	}
	results := make([]Verdict, len(c.said().criteria))
	for i := range results {
		results[i] = verdicts[c.results.at(i)]
	}
	return results
}
