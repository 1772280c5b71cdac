package escrow

import (
	"slices"
	"time"
)

// MilestoneStatus is where a milestone stands.
type MilestoneStatus string

// The milestone statuses. A milestone holds money exactly while ACTIVE_FUNDED.
const (
	NotFunded    MilestoneStatus = "NOT_FUNDED"
	ActiveFunded MilestoneStatus = "ACTIVE_FUNDED"
	Paid         MilestoneStatus = "PAID"
	Refunded     MilestoneStatus = "REFUNDED"
	Cancelled    MilestoneStatus = "CANCELLED"
)

// Milestone is one part of the work with its own money.
type Milestone struct {
	ID                string
	Name, Description string
	// Number counts from 1 in the order of adding.
	Number  int
	Amount  Amount
	DueDate time.Time
	Status  MilestoneStatus
}

// A contract holds at most this many milestones, and as many approvals.
const (
	maxMilestones = 1000
	maxApprovals  = 1000
)

// maxTotal is 10^38: no pot and no sum of milestones of a contract is more, so
// that no sum of them exceeds 2^127.
var maxTotal = Amount{hi: 0x4b3b4ca85a86c47a, lo: 0x098a224000000000}

// withinTotal reports whether the contract's milestones may grow by an amount.
func (c *Contract) withinTotal(more Amount) bool {
	sum := more
	for i := range c.milestones() {
		sum, _ = sum.plus(c.milestones()[i].Amount)
	}
	return sum.Cmp(maxTotal) <= 0
}

// book is what a contract with milestones or approvals holds besides. A
// decision that changes it makes a new one; what is shared is never written.
type book struct {
	milestones []Milestone
	approvals  []Approval
}

// Milestones returns the milestones in the order of their numbers.
func (c *Contract) Milestones() []Milestone { return slices.Clone(c.milestones()) }

func (c *Contract) milestones() []Milestone {
	if c.book == nil {
		return nil
	}
	return c.book.milestones
}

func (c *Contract) approvals() []Approval {
	if c.book == nil {
		return nil
	}
	return c.book.approvals
}

// openBook gives a snapshot under construction a book of its own.
func (c *Contract) openBook() *book {
	own := book{}
	if c.book != nil {
		own = book{slices.Clone(c.book.milestones), slices.Clone(c.book.approvals)}
	}
	c.book = &own
	return c.book
}

// milestoneIndex returns where the milestone stands, -1 when there is none.
func (c *Contract) milestoneIndex(id string) int {
	return slices.IndexFunc(c.milestones(), func(m Milestone) bool { return m.ID == id })
}

// funded reports whether a milestone holds money.
func (c *Contract) funded() bool {
	return slices.ContainsFunc(c.milestones(), func(m Milestone) bool { return m.Status == ActiveFunded })
}

// milestone returns the position of the milestone a command names, -1 when
// there is none. A hire means the first.
func (q *ask) milestone(cmd Command) int {
	switch cmd := cmd.(type) {
	case FundMilestone:
		return q.c.milestoneIndex(cmd.MilestoneID)
	case ApproveMilestone:
		return q.c.milestoneIndex(cmd.MilestoneID)
	case Hire:
		return 0
	}
	return -1
}

// milestoneStanding refuses when the named milestone does not stand as wanted.
func (q *ask) milestoneStanding(cmd Command, want MilestoneStatus, reason Reason) *Error {
	i := q.milestone(cmd)
	if i < 0 {
		return refuse(MilestoneNotFound, "")
	}
	if m := q.c.milestones()[i]; m.Status != want {
		return refuse(reason, "").with("milestoneId", m.ID).with("status", string(m.Status))
	}
	return nil
}

// milestoneOf turns terms into a milestone of the contract, or says what is
// wrong with them.
func (c *Contract) milestoneOf(t MilestoneTerms, path string) (Milestone, *Error) {
	m := Milestone{ID: t.ID, Name: t.Name, Description: t.Description, Status: NotFunded}
	n, reason := numberOf(t.Amount.Decimal)
	if reason == AmountBounds || reason == Malformed {
		return m, field(reason, path+".amount", "is no amount within bounds")
	}
	due, ok := dueDateOf(t.DueDate)
	switch {
	case !ok:
		return m, field(Malformed, path+".dueDate", "lies outside the years 1 to 9999")
	case t.ID != "" && !validID(t.ID):
		return m, field(Malformed, path+".id", "must be 1 to 200 bytes of printable ASCII without blanks")
	case t.ID == "":
		return m, field(InvalidMilestone, path+".id", "is missing")
	case blank(t.Name) && blank(t.Description):
		return m, field(InvalidMilestone, path+".name", "a milestone needs a name or a description")
	case !t.Amount.Valid || reason == "" && n == number{}:
		return m, field(InvalidMilestone, path+".amount", "must be more than zero")
	}
	m.DueDate = due
	if reason == "" {
		m.Amount, reason = n.units(c.terms.asset.Scale)
	}
	if reason != "" {
		return m, field(reason, path+".amount", "does not fit the asset "+c.terms.asset.Code)
	}
	return m, nil
}

func dueDateOf(t time.Time) (time.Time, bool) {
	if t.IsZero() {
		return time.Time{}, true
	}
	i := instantOf(t)
	return i.time(), i.valid()
}

// termsOf returns what was said of a milestone.
func (c *Contract) termsOf(m Milestone) MilestoneTerms {
	t := MilestoneTerms{ID: m.ID, Name: m.Name, Description: m.Description, DueDate: m.DueDate}
	t.Amount.Decimal, t.Amount.Valid = c.terms.asset.Decimal(m.Amount), true
	return t
}

// changed returns terms with what a change leaves open filled in.
func (t MilestoneTerms) changed(by *MilestoneTerms) MilestoneTerms {
	if by == nil {
		return t
	}
	if by.Name != "" {
		t.Name = by.Name
	}
	if by.Description != "" {
		t.Description = by.Description
	}
	if by.Amount.Valid {
		t.Amount = by.Amount
	}
	if !by.DueDate.IsZero() {
		t.DueDate = by.DueDate
	}
	return t
}

// hireFault returns what an OpenTrain founding is refused for.
func (c *Contract) hireFault() *Error {
	t := c.terms
	switch {
	case c.status != 0:
		return nil
	case t.worker == "":
		return field(InvalidTerms, "worker", "is missing")
	case t.worker == t.client:
		return field(InvalidTerms, "worker", "must not be the client")
	case len(t.drafted) != 1:
		return field(InvalidMilestone, "milestones", "a hire has exactly one milestone")
	}
	if _, fault := c.milestoneOf(t.drafted[0], "milestones[0]"); fault != nil {
		return fault
	}
	return t.scaleFault()
}

// changedTermsFault judges the changed terms that a hire may carry once the
// contract is proposed.
func (q *ask) changedTermsFault(by *MilestoneTerms) *Error {
	switch {
	case by == nil:
		return nil
	case q.c.status == 0:
		return field(Malformed, "milestone", "belongs to a hire of a contract that is already proposed")
	case by.ID != "" && !q.onBehalf:
		return field(Malformed, "milestone.id", "cannot be changed")
	case len(q.c.milestones()) == 0:
		return nil
	}
	_, fault := q.c.milestoneOf(q.c.termsOf(q.c.milestones()[0]).changed(by), "milestone")
	return fault
}

// dispositionsFault refuses dispositions that are not a human's own, or that
// name anything but a funded milestone once.
func (q *ask) dispositionsFault(given []Disposition) *Error {
	if given == nil {
		return nil
	}
	if !q.onBehalf && !q.direct() {
		return field(DispositionInvalid, "dispositions", "belong to a human who ends the contract directly, or to a confirmation")
	}
	if len(given) > len(q.c.milestones()) {
		return field(DispositionInvalid, "dispositions", "are more than there are milestones")
	}
	named := map[string]bool{}
	for _, d := range given {
		i := q.c.milestoneIndex(d.MilestoneID)
		switch {
		case d.Disposition != Release && d.Disposition != Refund:
			return field(DispositionInvalid, "dispositions", "a disposition is release or refund")
		case i < 0 || q.c.milestones()[i].Status != ActiveFunded:
			return field(DispositionInvalid, "dispositions", "milestone "+d.MilestoneID+" holds no money")
		case named[d.MilestoneID]:
			return field(DispositionInvalid, "dispositions", "milestone "+d.MilestoneID+" is named twice")
		}
		named[d.MilestoneID] = true
	}
	return nil
}

// dispositionsNamed reports whether a human's own decision names all it must.
func (q *ask) dispositionsNamed(given []Disposition) bool {
	if q.c.terms.policy.EndDisposition != Choose || !q.direct() && !q.onBehalf || q.proposal {
		return true
	}
	n := 0
	for _, m := range q.c.milestones() {
		if m.Status == ActiveFunded {
			n++
		}
	}
	return len(given) == n
}

// disposition returns what becomes of a funded milestone: what the command
// says, else what the policy proposes.
func (q *ask) disposition(cmd Command, m *Milestone) DispositionChoice {
	if end, ok := cmd.(End); ok {
		for _, d := range end.Dispositions {
			if d.MilestoneID == m.ID {
				return d.Disposition
			}
		}
	}
	if q.c.terms.policy.EndDisposition == Release {
		return Release
	}
	return Refund
}
