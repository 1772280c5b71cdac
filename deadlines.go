package escrow

import (
	"iter"
	"time"
)

// Due windows make deadlines: see [Window]. All windows are half-open: at the
// exact instant of a moment, what it closes is over and what it opens has begun.

// seconds returns a stored duration.
func seconds(n uint64) time.Duration { return time.Duration(n) }

// due returns the earliest deadline of the contract's status and the rule that
// applies it, nil when time alone changes nothing. For a row about an item it
// leaves the question of time with the item.
func (q *ask) due() (*rule, instant) {
	if q.known {
		return q.knownDue, q.knownAt
	}
	return q.earliest(false)
}

// overdue is due of what is not after now.
func (q *ask) overdue() (*rule, instant) {
	limit := q.c.lifecycle.limit[q.c.status]
	switch {
	case limit >= 0 && q.now.before(q.c.terms.fixed.cells[limit].instant()):
		return nil, instant{}
	case q.known && (q.knownDue == nil || q.now.before(q.knownAt)):
		return nil, instant{}
	case q.known:
		return q.knownDue, q.knownAt
	}
	return q.earliest(true)
}

// earliest looks for the first deadline, with reached of those that are not after
// now.
func (q *ask) earliest(reached bool) (first *rule, at instant) {
	asked, was := q.list, q.item
	list, item := -1, -1
	for _, r := range q.c.lifecycle.timed[q.c.status] {
		q.list, q.item = -1, -1
		if r.each < 0 {
			// Whichever is cheaper comes first: cases that can be looked up, or the moment.
			if r.lookedUp && !q.allHold(r.cases) {
				continue
			}
			if m, ok := q.comes(r, nil, reached); ok && (first == nil || m.before(at)) && (r.lookedUp || q.allHold(r.cases)) {
				first, at, list, item = r, m, -1, -1
			}
			continue
		}
		for i, it := range q.c.items(r.each) {
			if r.being != 0 && !r.being.has(uint8(it.cells[itemStatus].lo)) {
				continue
			}
			m, ok := q.comes(r, it, reached)
			if !ok || first != nil && !m.before(at) {
				continue
			}
			if q.list, q.item = r.each, i; q.allHold(r.cases) {
				first, at, list, item = r, m, r.each, i
			}
		}
	}
	if q.list, q.item = asked, was; q.cmd.act == actAdvance || q.cmd.act == nil {
		q.list, q.item = list, item
	}
	return first, at
}

// comes returns the moment of a row of time, false when it has none, or with reached
// one that is after now.
func (q *ask) comes(r *rule, item *record, reached bool) (instant, bool) {
	at := r.due.at(q.c, item)
	return at, !at.isZero() && !(reached && q.now.before(at))
}

// noCommand is what is asked by nobody.
var noCommand Command

// timeless is a question of nobody, for what depends on the snapshot alone.
func (c *Contract) timeless() ask {
	return question(c, &noCommand, &system, c.decidedAt)
}

// Deadline is when time alone next changes a contract, and what it then does.
type Deadline struct {
	At time.Time
	// Moment names the deadline: "deliveryDeadline", or "expiresAt" for
	// approvals.
	Moment string
	// Then is the decision that [Advance] makes at that instant. A deadline of the
	// status that has passed meanwhile takes the expiries before it along.
	Then Decision
}

// NextDeadline returns when time alone next changes the contract, and what it
// then does. It is false when time alone changes nothing, as for drafts and ended
// contracts.
func NextDeadline(c Contract) (Deadline, bool) {
	if c.lifecycle == nil || c.stale() {
		return Deadline{}, false
	}
	defer c.lifecycle.silence()
	name, at := c.nextDue()
	if at.isZero() {
		return Deadline{}, false
	}
	then, err := Decide(c, Advance(), system, fixed(at))
	return Deadline{At: at.time(), Moment: name, Then: then}, err == nil
}

// nextDue returns the next deadline or expiry, unset when there is none.
func (c *Contract) nextDue() (name string, at instant) {
	q := c.timeless()
	first, at := q.due()
	if first != nil {
		name = first.due.name
	}
	if expiry := c.nextExpiry(); !expiry.isZero() && (first == nil || expiry.before(at)) {
		name, at = expiryName, expiry
	}
	return name, at
}

// AsOf returns the contract with every deadline applied that is due at an instant,
// and the decisions that did it, in order: what anybody who looks at it then
// should see. Nothing is stored; committing the decisions is the application's.
func AsOf(c Contract, now time.Time) (Contract, []Decision, error) {
	var made []Decision
	clock := At(now)
	for {
		if c.lifecycle == nil || c.ended() || c.IsDraft() {
			return c, made, nil
		}
		d, err := Decide(c, Advance(), system, clock)
		if err != nil {
			if e, ok := err.(*Error); ok && e.reason == NothingDue {
				err = nil
			}
			return c, made, err
		}
		c, made = d.Contract, append(made, d)
	}
}

// SystemWork returns the actions that only the system can take and that are open
// to it now, in the order of the table.
func SystemWork(c Contract, now time.Time) []Action {
	if c.lifecycle == nil || c.stale() {
		return nil
	}
	defer c.lifecycle.silence()
	q := c.timeless()
	if at := instantOf(now); c.decidedAt.before(at) {
		q.now = at
	}
	var work []Action
	for i := range c.lifecycle.groups {
		g := &c.lifecycle.groups[i]
		if len(g.rules) == 0 || g.rules[0].by.sort != partyPlatform {
			continue
		}
		if q.cmd, q.direct = (&Command{act: g.act}), true; q.open(g) {
			work = append(work, g.action)
		}
	}
	return work
}

// open reports whether nothing but a payload stands in the way of an action: of one
// about an item, for any item.
func (q *ask) open(g *group) bool {
	items := 1
	if q.list, q.item = -1, -1; g.target != nil {
		q.list, items = g.list, len(q.c.items(g.list))
	}
	for i := range items {
		if g.target != nil {
			q.item = i
		}
		var found findings
		r, fits := g.pick(q)
		if q.check(r, fits, &found); len(found) == 0 {
			return true
		}
	}
	return false
}

// Visible reports whether an actor may know that the contract exists: the system,
// whoever acts for a party of it or for one of its items, and whoever may take a
// place that is still open. An application answers others as if it did not exist.
func Visible(c Contract, actor Actor) bool {
	if c.lifecycle == nil || c.stale() || actor.ID == "" {
		return false
	}
	if actor.isSystem() {
		return true
	}
	defer c.lifecycle.silence()
	q := question(&c, &noCommand, &actor, c.decidedAt)
	for i := range c.lifecycle.parties {
		p := &c.lifecycle.parties[i]
		switch p.sort {
		case partyOfTerms, partyOfState:
			if q.stranger(p) == nil {
				return true
			}
		case partyOfItem:
			if q.stands(p) {
				return true
			}
		}
	}
	for i := range c.lifecycle.rules {
		r := &c.lifecycle.rules[i]
		if r.by.sort == partyBut && r.starts(c.status) && q.stranger(r.by) == nil && q.allHold(r.cases) {
			return true
		}
	}
	return false
}

// Moments yields every instant that the contract's rules compare the time with,
// by name: in the order of the table, an item's moment once for each item, then
// the expiry of each pending approval. Past instants are among them; those that
// the contract does not have (yet) are not.
func (c Contract) Moments() iter.Seq2[string, time.Time] {
	return func(yield func(string, time.Time) bool) {
		if c.lifecycle == nil || c.stale() {
			return
		}
		for _, m := range c.lifecycle.moments {
			if !m.each(&c, yield) {
				return
			}
		}
		for _, a := range c.approvals.all() {
			if a.Status == ApprovalIsPending && !yield(expiryName, a.ExpiresAt) {
				return
			}
		}
	}
}

// each yields the moment, of an item's moment once for each item.
func (m *moment) each(c *Contract, yield func(string, time.Time) bool) bool {
	if !m.ofItem {
		at := m.at(c, nil)
		return at.isZero() || yield(m.name, at.time())
	}
	for _, item := range c.items(m.listOf()) {
		if at := m.at(c, item); !at.isZero() && !yield(m.name, at.time()) {
			return false
		}
	}
	return true
}

// listOf returns the list whose items have the moment, -1 for none.
func (m *moment) listOf() int {
	if m.ref.home == homeItem {
		return m.ref.list
	}
	for _, sub := range m.subs {
		if n := sub.listOf(); n >= 0 {
			return n
		}
	}
	return -1
}

// MaxTime returns the instant from which time and the system alone can end the
// contract as it stands: from it on, [Advance] and the system's own commands
// bring it to a terminal status, without any party. The zero time with true
// means that they can at once, or that it has ended. False means that no
// instant does: a draft, or a contract that only a party can end.
func MaxTime(c Contract) (time.Time, bool) {
	if c.lifecycle == nil || c.status == 0 || c.stale() {
		return time.Time{}, false
	}
	defer c.lifecycle.silence()
	var latest instant
	// Each step leaves a status or moves an item on, so there are no more.
	steps := len(c.lifecycle.statuses)
	for i := range c.lifecycle.lists {
		steps += len(c.items(i)) * (1 + len(c.lifecycle.lists[i].decl.Statuses))
	}
	for range steps + 1 {
		if c.ended() {
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
	q := c.timeless()
	if r, due := q.due(); r != nil {
		d, err := Decide(*c, Advance(), system, fixed(due))
		return d.Contract, due, err == nil
	}
	for i := range c.lifecycle.rules {
		r := &c.lifecycle.rules[i]
		if !r.by.admitsSystem() || !r.starts(c.status) || r.opens != nil || r.closes != nil || r.to == sameStatus {
			continue
		}
		if d, err := Decide(*c, Command{act: r.On}, system, fixed(c.decidedAt)); err == nil {
			return d.Contract, instant{}, true
		}
	}
	return Contract{}, instant{}, false
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
