package escrow

import "strings"

// judge notes what is wrong with a draft's terms: what is malformed, then the
// policy, then each field in the order declared, then what the lifecycle checks
// across them, then the items.
func (c *Contract) judge() {
	t := c.terms
	for _, fault := range []func() *Error{c.malformed, c.policyFault} {
		if e := fault(); e != nil {
			t.fail(e)
		}
	}
	for _, fault := range []func() *Error{c.partiesFault, c.termsFault} {
		if t.fault == nil {
			t.fault = fault()
		}
	}
	for _, fault := range []func() *Error{c.across, c.listsFault} {
		if t.fault == nil {
			t.fault = fault()
		}
	}
	t.sound = t.fault == nil && c.isSound()
}

// isSound reports whether all is met that a founding demands of terms and policy
// alone.
func (c *Contract) isSound() bool {
	q := c.timeless()
	for i := range c.lifecycle.rules {
		if q.firstUnmet(&c.lifecycle.rules[i]) != nil {
			return false
		}
	}
	return true
}

// unfounded returns what keeps every founding from accepting terms and policy, nil
// when one may have.
func (c *Contract) unfounded() (e *Error) {
	q := c.timeless()
	defer recoverInto(&e, noRule)
	for i := range c.lifecycle.rules {
		r := &c.lifecycle.rules[i]
		if !r.from.has(0) {
			continue
		}
		n := q.firstUnmet(r)
		if n == nil {
			return nil
		}
		if e == nil {
			e = n.refusal
		}
	}
	return e
}

// firstUnmet returns the first thing that a founding demands of terms and policy
// alone and that is not met.
func (q *ask) firstUnmet(r *rule) *requirement {
	for i := range r.needs {
		if n := &r.needs[i]; n.fixed && !q.holds(n.test) {
			return n
		}
	}
	return nil
}

// across returns what the lifecycle's own checks refuse, but for those of the policy.
func (c *Contract) across() *Error {
	return c.checkFault(func(n *requirement) bool { return n.decl.Reason != InvalidPolicy })
}

// malformed returns what makes a draft's terms or items unreadable, whatever the
// lifecycle.
func (c *Contract) malformed() *Error {
	for _, part := range []struct {
		l *layout
		r *record
	}{{c.lifecycle.terms, c.terms.fixed}, {c.lifecycle.state, c.state}} {
		if e := c.unreadable(part.l, part.r); e != nil {
			return e
		}
	}
	for i := range c.lifecycle.lists {
		l := &c.lifecycle.lists[i]
		for n, item := range c.items(i) {
			if e := c.unreadable(l.layout, item); e != nil {
				return e.within(itemPath(l, n))
			}
		}
	}
	return nil
}

// unreadable returns the first value of a record that no draft can have.
func (c *Contract) unreadable(l *layout, r *record) *Error {
	for i := range l.slots {
		s := &l.slots[i]
		if !r.has(s) {
			continue
		}
		if e := c.storedFault(s.field, s, r, InvalidTerms); e != nil && faultRank(e) == 0 {
			return e
		}
	}
	return nil
}

// partiesFault returns the first party of the terms that they do not name.
func (c *Contract) partiesFault() *Error {
	for i := range c.lifecycle.parties {
		p := &c.lifecycle.parties[i]
		if p.sort != partyOfTerms || p.ref.slot.field.Optional || c.partyID(p, -1) != "" {
			continue
		}
		f := p.ref.slot.field
		return c.lifecycle.field(f.reason(InvalidTerms), f.Name, "is missing")
	}
	return nil
}

// termsFault returns what is wrong with a single field of the terms. A check that
// names a field is made in that field's turn.
func (c *Contract) termsFault() *Error {
	for _, f := range declarations(c.lifecycle.spec.Terms) {
		if e := c.terms.lateFault(-1, -1, f); e != nil {
			return e
		}
		at := c.lifecycle.locate(f)
		if e := c.storedFault(f, at.slot, c.home(at.ref), InvalidTerms); e != nil {
			return e
		}
		if e := c.turnFault(f, false); e != nil {
			return e
		}
	}
	return nil
}

// listsFault returns what is wrong with a draft's items: their number, a field of
// one, or two of one key.
func (c *Contract) listsFault() *Error {
	for i := range c.lifecycle.lists {
		l := &c.lifecycle.lists[i]
		items := c.items(i)
		if len(items) < l.decl.Least || len(items) > l.decl.Most {
			return l.miscounted
		}
		for n, item := range items {
			if e := c.itemFault(l, n, item); e != nil {
				return e.within(itemPath(l, n))
			}
		}
		if duplicate := duplicateOf(items); duplicate != "" {
			return c.lifecycle.field(l.miscounted.reason, l.decl.Name, "two have the "+l.key().Name+" "+truncate(duplicate))
		}
	}
	return nil
}

// itemPath is how a refusal names a draft's item, as in "parts[0].".
func itemPath(l *itemList, n int) string { return l.decl.Name + "[" + itoa(n) + "]." }

// within returns a refusal that names a field as one that names it with the path to
// it.
func (e *Error) within(path string) *Error {
	name, _ := e.details["field"].(string)
	if name == "" {
		return e
	}
	own := *e.shape
	own.message = path + e.message
	return newError(own).with("field", path+name)
}

// named returns a refusal that names a field by its path as one that names it alone.
func (e *Error) named(name string) *Error {
	own := *e.shape
	path, _ := e.details["field"].(string)
	own.message = name + ": " + strings.TrimPrefix(e.message, path+": ")
	return newError(own).with("field", name)
}

// duplicateOf returns a key that two items have, "" when none is.
func duplicateOf(items []*record) string {
	if len(items) <= 8 {
		for n, item := range items {
			if findItem(items[:n], item.texts[itemKey]) >= 0 {
				return item.texts[itemKey]
			}
		}
		return ""
	}
	seen := make(map[string]bool, len(items))
	for _, item := range items {
		if seen[item.texts[itemKey]] {
			return item.texts[itemKey]
		}
		seen[item.texts[itemKey]] = true
	}
	return ""
}

// itemFault returns what is wrong with an item's own fields.
func (c *Contract) itemFault(l *itemList, n int, item *record) *Error {
	for i := range l.layout.slots {
		s := &l.layout.slots[i]
		if e := c.terms.lateFault(l.index, n, s.field); e != nil {
			return e
		}
		if e := c.storedFault(s.field, s, item, InvalidTerms); e != nil {
			return e
		}
	}
	return nil
}

// policyFault returns the first policy field that is out of its bounds.
func (c *Contract) policyFault() *Error {
	t := c.terms
	if t.policy == c.lifecycle.defaults && len(t.late) == 0 && t.asset == c.lifecycle.spec.Asset && t.review == (review{}) {
		return nil
	}
	for i := range c.lifecycle.policy.slots {
		s := &c.lifecycle.policy.slots[i]
		if e := t.lateFault(-1, -1, s.field); e != nil {
			return e
		}
		if e := c.storedFault(s.field, s, t.policy, InvalidPolicy); e != nil {
			return field(InvalidPolicy, s.field.Name, strings.TrimPrefix(e.message, s.field.Name+": ")+": "+s.field.Meaning)
		}
		if e := c.turnFault(s.field, true); e != nil {
			return e
		}
	}
	return c.checkFault(func(n *requirement) bool { return n.decl.Reason == InvalidPolicy })
}

// turnFault returns what the lifecycle's own checks that name a field refuse, of the
// policy or of the terms.
func (c *Contract) turnFault(f *Field, policy bool) *Error {
	return c.checkFault(func(n *requirement) bool {
		return n.decl.Field == f.Name && (n.decl.Reason == InvalidPolicy) == policy
	})
}

// noRule is what refuses where no rule of the table does.
var noRule = &rule{Rule: &Rule{}}

// brokenPromise returns what those of the lifecycle's own checks refuse that hold of
// every contract, not of drafts alone.
func (c *Contract) brokenPromise() *Error {
	return c.checkFault(func(n *requirement) bool { return n.lasting })
}

// checkFault returns what those of the lifecycle's own checks refuse that are meant.
func (c *Contract) checkFault(meant func(*requirement) bool) (e *Error) {
	q := c.timeless()
	checks := &c.lifecycle.checks
	defer recoverInto(&e, noRule)
	for i := range checks.needs {
		n := &checks.needs[i]
		if !meant(n) {
			continue
		}
		if n.test != nil && !q.holds(n.test) {
			return n.refusal
		}
		if n.test == nil {
			if e := n.decl.Check(q.view(c)); e != nil {
				return c.lifecycle.remedied(e)
			}
		}
	}
	return nil
}
