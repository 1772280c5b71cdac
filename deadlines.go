package escrow

import (
	"iter"
	"slices"
	"time"
)

type momentKind uint8

const (
	momentNone momentKind = iota
	momentMatch
	momentWithdrawal
	momentDelivery
	momentReview
	momentDraw
	momentVoting
	momentApproval
	momentData
)

// Moment is an instant that a contract's terms or its past fix.
type Moment struct {
	name string
	kind momentKind
	of   func(any) time.Time
	fit  fit
}

// String returns the moment's name, as in "deliveryDeadline".
func (m Moment) String() string { return m.name }

// The moments.
var (
	// MatchDeadline is until when a worker must have accepted.
	MatchDeadline = Moment{name: "matchDeadline", kind: momentMatch}
	// WithdrawalDeadline is until when the worker may withdraw.
	WithdrawalDeadline = Moment{name: "withdrawalDeadline", kind: momentWithdrawal}
	// DeliveryDeadline is until when the worker must have delivered.
	DeliveryDeadline = Moment{name: "deliveryDeadline", kind: momentDelivery}
	// ReviewDeadline is until when the client may approve or dispute.
	ReviewDeadline = Moment{name: "reviewDeadline", kind: momentReview}
	// DrawDeadline is until when backup agents must have been drawn:
	// baVotingWindow after the dispute, in standard mode after the delivery.
	DrawDeadline = Moment{name: "drawDeadline", kind: momentDraw}
	// VotingDeadline is until when backup agents may vote: baVotingWindow after
	// the draw.
	VotingDeadline = Moment{name: "votingDeadline", kind: momentVoting}
	// ApprovalExpiry is when the approval that the status waits for expires.
	ApprovalExpiry = Moment{name: "expiresAt", kind: momentApproval}
)

// MomentIn returns a moment that stands in the lifecycle's own data. The zero
// time means that there is none.
func MomentIn[D comparable](name string, at func(D) time.Time) Moment {
	return Moment{name: name, kind: momentData, fit: fitData[D](), of: func(data any) time.Time { return at(data.(D)) }}
}

// at returns the moment in a contract, unset when it has none.
func (m *Moment) at(c *Contract) instant {
	if m.kind <= momentReview {
		return c.terms.fixed[m.kind]
	}
	return m.reckoned(c)
}

// reckoned returns a moment that follows from what has happened.
func (m *Moment) reckoned(c *Contract) instant {
	switch m.kind {
	case momentDraw:
		if called := c.juryCalled(); !called.isZero() {
			return called.plus(c.terms.policy.BAVotingWindow)
		}
	case momentVoting:
		if c.jury != nil {
			return c.jury.deadline
		}
	case momentApproval:
		if i := c.awaited(); i >= 0 {
			return instantOf(c.book.approvals[i].ExpiresAt)
		}
	case momentData:
		if t := m.of(c.data); !t.IsZero() {
			return instantOf(t)
		}
	}
	return instant{}
}

// juryCalled is the instant from which the draw is awaited.
func (c *Contract) juryCalled() instant {
	if c.disputedAt.isZero() {
		return c.deliveredAt
	}
	return c.disputedAt
}

type windowKind uint8

const (
	windowAlways windowKind = iota
	windowBefore
	windowDue
)

// Window is when a rule applies. All windows are half-open: at the exact
// instant of a moment, Before is over and Due has begun.
type Window struct {
	kind   windowKind
	moment Moment
}

// Before is the window that a moment closes: now < moment.
func Before(m Moment) Window { return Window{windowBefore, m} }

// Due is the window that a moment opens: now >= moment. A rule for [Advance]
// has one; it makes the moment a deadline of its status.
func Due(m Moment) Window { return Window{windowDue, m} }

// String returns the window as the rule book prints it, "" for always.
func (w Window) String() string {
	switch w.kind {
	case windowBefore:
		return "before " + w.moment.name
	case windowDue:
		return w.moment.name + " due"
	}
	return ""
}

// due returns the earliest deadline of the contract's status and the rule that
// applies it, nil when time alone changes nothing.
func (c *Contract) due() (*rule, instant) {
	var first *rule
	var at instant
	for _, r := range c.law.timed[c.status] {
		if !allHold(r.When, c) {
			continue
		}
		if m := r.Window.moment.at(c); !m.isZero() && (first == nil || m.before(at)) {
			first, at = r, m
		}
	}
	return first, at
}

// Deadline is when time alone next changes a contract, and what it then does.
type Deadline struct {
	At time.Time
	// Moment names the deadline: "deliveryDeadline", or "expiresAt" for
	// approvals.
	Moment string
	// Then is the decision that [Advance] makes from that instant on.
	Then Decision
}

// NextDeadline returns when time alone next changes the contract, and what it
// then does: the decision that any later advance makes first, but that a later
// one records all approvals that have expired by then. It is false when time
// alone changes nothing, as for drafts and ended contracts.
func NextDeadline(c Contract) (Deadline, bool) {
	if c.law == nil {
		return Deadline{}, false
	}
	name := ApprovalExpiry.name
	first, at := c.due()
	if first != nil {
		name = first.Window.moment.name
	}
	if expiry := c.nextExpiry(); !expiry.isZero() && (first == nil || expiry.before(at)) {
		name, at = ApprovalExpiry.name, expiry
	}
	if at.isZero() {
		return Deadline{}, false
	}
	then, err := Decide(c, Advance{}, SystemActor(), fixed(at))
	return Deadline{At: at.time(), Moment: name, Then: then}, err == nil
}

// Moments yields every instant that the contract's rules compare the time with,
// by name: the deadlines of its terms and of its past, in the order of the
// table, then the expiry of each pending approval. Past instants are among them;
// those that the contract does not have (yet) are not.
func (c *Contract) Moments() iter.Seq2[string, time.Time] {
	return func(yield func(string, time.Time) bool) {
		if c.law == nil {
			return
		}
		for i := range c.law.moments {
			m := &c.law.moments[i]
			if at := m.at(c); !at.isZero() && !yield(m.name, at.time()) {
				return
			}
		}
		for i := range c.approvals() {
			a := &c.approvals()[i]
			if a.Status == ApprovalIsPending && !yield(ApprovalExpiry.name, a.ExpiresAt) {
				return
			}
		}
	}
}

// moments returns the moments that open or close the rules' windows, each once.
// An approval's expiry is told of every pending one, whether or not a rule waits
// for it.
func (s *Spec) moments() (list []Moment) {
	for i := range s.Rules {
		m := s.Rules[i].Window.moment
		known := slices.ContainsFunc(list, func(other Moment) bool { return other.name == m.name })
		if m.kind != momentNone && m.kind != momentApproval && !known {
			list = append(list, m)
		}
	}
	return list
}

// MaxTime returns the instant from which time and the system alone can end the
// contract as it stands: from it on, [Advance] and the system's own commands
// bring it to a terminal status, without any party. The zero time with true
// means that they can at once, or that it has ended. False means that no
// instant does: a draft, or a contract that only a party can end.
func MaxTime(c Contract) (time.Time, bool) {
	if c.law == nil || c.status == 0 {
		return time.Time{}, false
	}
	var latest instant
	// Each step changes the status, so there are fewer steps than statuses.
	for range c.law.statuses {
		if c.IsTerminal() {
			return latest.time(), true
		}
		next, at, ok := c.alone()
		if !ok {
			break
		}
		if latest.before(at) {
			latest = at
		}
		c = next
	}
	return time.Time{}, false
}

// alone takes the next step that time or the system takes without a party.
func (c *Contract) alone() (next Contract, at instant, ok bool) {
	if r, due := c.due(); r != nil {
		d, err := Decide(*c, Advance{}, SystemActor(), fixed(due))
		return d.Contract, due, err == nil
	}
	for i := range c.law.rules {
		r := &c.law.rules[i]
		if r.By.kind != partySystem || !r.starts(c.status) || r.Window.kind != windowAlways {
			continue
		}
		if d, err := Decide(*c, r.On, SystemActor(), fixed(c.latest())); err == nil {
			return d.Contract, instant{}, true
		}
	}
	return Contract{}, instant{}, false
}

// latest returns an instant that is not before anything the contract records.
func (c *Contract) latest() instant {
	at := c.createdAt
	for _, i := range [...]instant{c.deliveredAt, c.disputedAt, VotingDeadline.at(c), c.endDate} {
		if at.before(i) {
			at = i
		}
	}
	return at
}

// MarshalJSON writes the deadline with the decision it leads to.
func (d Deadline) MarshalJSON() ([]byte, error) {
	var w writer
	w.open('{')
	w.time("at", d.At)
	w.text("deadline", d.Moment)
	w.key("then")
	w.decision(&d.Then)
	w.close('}')
	return w.buf, nil
}
