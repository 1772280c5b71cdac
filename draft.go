package escrow

import (
	"slices"
	"strings"
)

// maxCount is the largest count: what every JSON implementation holds exactly.
const maxCount = 1<<53 - 1

// Draft returns a contract that is only terms, for its founding command. Values
// are of parties, terms and lists, and policy fields that differ from the
// default. What is wrong with them is for the founding to refuse.
func (l *Lifecycle) Draft(id string, values ...Value) Contract {
	return l.DraftIn(id, l.spec.Asset, values...)
}

// DraftIn is [Lifecycle.Draft] in an asset other than the lifecycle's.
func (l *Lifecycle) DraftIn(id string, asset Asset, values ...Value) Contract {
	t := &terms{id: id, asset: asset, fixed: l.terms.newRecord()}
	t.policy, _ = l.rescaled(l.defaults, l.spec.Asset, asset)
	c := Contract{lifecycle: l, terms: t, state: l.state.newRecord()}
	if !validID(id) || strings.Contains(id, "/") {
		t.fault = field(Malformed, "id", "must be 1 to 200 bytes of printable ASCII without blanks and slashes")
	} else if asset.Scale > maxScale || !validID(asset.Code) {
		t.fault = field(Malformed, "asset", "needs a code and a scale of 0 to 18")
	}
	own := t.policy != l.defaults
	for i := range values {
		v := values[i]
		if v.field == nil {
			continue
		}
		at := l.locate(v.field)
		if e := c.fit(&v, at); e != nil {
			t.late = append(t.late, lateFault{-1, -1, v.field, e, v.text})
			if at != nil && at.home == homePolicy { // nor is the default what was meant
				t.policy, own = l.ownPolicy(t, own), true
				l.policy.clear(t.policy, at.slot)
			}
			if e.reason != AmountScale && e.reason != InvalidPolicy { // else refused in the field's turn
				t.fail(e)
			}
			continue
		}
		switch {
		case at == nil || at.home == homeItem:
			t.fail(field(Malformed, v.field.Name, "is no field of "+l.spec.Name))
		case at.home == homePolicy:
			t.policy, own = l.ownPolicy(t, own), true
			l.policy.put(t.policy, at.slot, &v)
		case at.home == homeTerms:
			l.terms.put(t.fixed, at.slot, &v)
		case at.slot.field.Amendable || l.founding(at.slot.field):
			l.state.put(c.state, at.slot, &v)
		default:
			t.fail(field(Malformed, "contract", "a draft holds terms only, nothing that rules set: "+v.field.Name))
		}
	}
	t.early = t.fault
	c.judge()
	return c
}

// ownPolicy returns the record of a draft's policy for writing.
func (l *Lifecycle) ownPolicy(t *terms, own bool) *record {
	if own {
		return t.policy
	}
	return t.policy.clone()
}

// WithItems returns the draft with items of a list, each as its values.
func (c Contract) WithItems(list *List, items ...[]Value) Contract {
	n := c.lifecycle.listOf(list)
	if n < 0 || c.status != 0 || c.terms.text != "" {
		return c
	}
	t := c.terms.again()
	t.late = slices.Clone(t.late)
	c.terms, c.state = t, c.state.clone()
	l := &c.lifecycle.lists[n]
	var made []*record
	for place, values := range items {
		item := l.layout.newRecord()
		for i := range values {
			v := values[i]
			s := l.layout.find(v.field)
			if e := c.fit(&v, nil); e != nil {
				t.late = append(t.late, lateFault{n, place, v.field, e, v.text})
				if e.reason != AmountScale { // else refused in the field's turn
					t.fail(e.within(itemPath(l, place)))
				}
			} else if s == nil {
				t.fail(field(Malformed, v.field.Name, "is no field of "+list.Name))
			} else {
				l.layout.put(item, s, &v)
			}
		}
		item.cells[itemStatus].lo = l.number(list.Initial)
		made = append(made, item)
	}
	c.state.lists[n].items = made
	t.early = t.fault
	c.judge()
	return c
}

// WithReview returns the draft under a payout review: payouts of least or more
// wait for quorum people of the application. A quorum of 0 is none.
func (c Contract) WithReview(least Amount, quorum int) Contract {
	if c.lifecycle == nil || c.status != 0 || c.terms.text != "" {
		return c
	}
	t := c.terms.again()
	c.terms = t
	if e := reviewFault(least, quorum); e != nil {
		t.fail(e)
	} else {
		t.review = review{least, uint64(quorum)}
	}
	t.early = t.fault
	c.judge()
	return c
}

// lateFault is a value that is none of its field's, to be refused in that field's
// turn. The list is -1 for a field that is no item's.
type lateFault struct {
	list, item int
	field      *Field
	fault      *Error
	text       string // as it was given, to be written back
}

// lateFault returns the fault of a field's value, nil when it has none.
func (t *terms) lateFault(list, item int, f *Field) *Error {
	for i := range t.late {
		if l := &t.late[i]; l.field == f && l.list == list && l.item == item {
			return l.fault
		}
	}
	return nil
}

// fail notes a fault of the terms: first what cannot be read at all, then a fault
// of the policy, then any other; of several such the first.
func (t *terms) fail(e *Error) {
	if t.fault == nil || faultRank(e) < faultRank(t.fault) {
		t.fault = e
	}
}

func faultRank(e *Error) int {
	switch e.reason {
	case Malformed, AmountBounds:
		return 0
	case InvalidPolicy:
		return 1
	}
	return 2
}

// founding reports whether a field of the state is the account of a party that a
// draft may name.
func (l *Lifecycle) founding(f *Field) bool {
	return slices.ContainsFunc(l.parties, func(p party) bool { return p.sort == partyOfState && p.ref.slot.field == f })
}

// fit makes a value one of the contract's asset, or says why it is none.
func (c *Contract) fit(v *Value, at *fieldRef) *Error {
	if v.fault != nil {
		if at != nil && at.home == homePolicy {
			return field(InvalidPolicy, v.field.Name, strings.TrimPrefix(v.fault.message, v.field.Name+": "))
		}
		return v.fault
	}
	f := v.field
	if f.Kind == AmountKind && v.text != "" {
		a, reason := f.amount(v.text, c.terms.asset)
		if reason != "" {
			if at != nil && at.home == homePolicy {
				reason = InvalidPolicy
			}
			return field(reason, f.Name, "is no amount of "+c.terms.asset.Code)
		}
		v.cell, v.text = cell(a), ""
	}
	return nil
}
