package escrow

import "strings"

// readPolicy reads the policy of some terms over the lifecycle's defaults; strictly
// every field must be named. What cannot work comes back, the first fault of all.
func (l *Lifecycle) readPolicy(r *reader, t *terms, strict bool) (fault *Error) {
	t.policy, _ = l.rescaled(l.defaults, l.spec.Asset, t.asset)
	if r.peek(); t.policy == l.defaults && strings.HasPrefix(r.s[r.i:], l.policyWhole) {
		r.i += len(l.policyWhole)
		return nil
	}
	if t.policy == l.defaults {
		t.policy = t.policy.clone()
	}
	c := &Contract{lifecycle: l, terms: t}
	var seen, named uint64
	var strangers keySet
	reviewed, strange := false, false
	note := func(e *Error) {
		if fault == nil && e != nil {
			fault = e
		}
	}
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		key := r.key()
		switch i, known := l.policy.names[key]; {
		case key == reviewName && reviewed, known && seen>>i&1 != 0:
			r.malformed("stands twice")
		case key == reviewName:
			reviewed = true
			note(r.review(t))
		case known:
			seen |= 1 << i
			if r.peek() != 'n' {
				named |= 1 << i
			}
			note(l.policyValue(r, c, &l.policy.slots[i]))
		default:
			if strangers.twice(key) {
				r.malformed("stands twice")
			}
			if strange = true; fault == nil {
				fault = field(InvalidPolicy, r.where(), "is no policy field of "+l.spec.Name+suggestion(truncate(key), append(l.policy.fieldNames(), reviewName)))
			}
			r.skip()
		}
	}
	// What is missing is malformed, which comes before what cannot work; but a field
	// that is misspelt is told first.
	if strict && !strange && (l.policy.demanded()&^named != 0 || !reviewed) {
		fault = field(Malformed, "policy", "does not name every field")
	}
	if l.policy.equal(t.policy, l.defaults) && (t.asset.Scale == l.spec.Asset.Scale || l.wire.fixedAmounts) {
		t.policy = l.defaults
	}
	return fault
}

// demanded is a set of the fields that must have a value.
func (l *layout) demanded() (set uint64) {
	for i := range l.slots {
		if !l.slots[i].field.Optional {
			set |= 1 << i
		}
	}
	return set
}

// policyValue reads one field of a policy. Null leaves the default; text that is
// empty is no value, and does not.
func (l *Lifecycle) policyValue(r *reader, c *Contract, s *slot) *Error {
	if r.null() {
		return nil
	}
	rec, was := c.terms.policy, c.terms.policy.set
	rec.set &^= 1 << s.bit
	e := r.value(c, l.policy, rec, s, InvalidPolicy)
	read := rec.has(s)
	if rec.set |= was; e == nil && (read || r.fault != nil) {
		return nil
	}
	return field(InvalidPolicy, s.field.Name, "is out of its bounds: "+s.field.Meaning)
}

var reviewNames = fieldNames("minPayout", "quorum")

// review reads the payout review of a policy.
func (r *reader) review(t *terms) (fault *Error) {
	if t.review = (review{}); r.null() {
		return nil
	}
	r.inside(reviewName)
	defer r.outside()
	var seen keysSeen
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch r.field(reviewNames, &seen) {
		case 0:
			n, _, reason := r.plainNumber()
			if reason == "" {
				t.review.least, reason = n.units(t.asset.Scale)
			}
			if reason != "" && r.fault == nil {
				fault = r.of(InvalidPolicy, "is no amount of "+t.asset.Code)
			}
		case 1:
			t.review.quorum = r.count(maxCount)
		default:
			fault = r.of(InvalidPolicy, "is no field of a payout review")
			r.skip()
		}
	}
	if fault == nil && (t.review.quorum < 1 || t.review.quorum > 10) {
		fault = field(InvalidPolicy, reviewName, "needs a quorum of 1 to 10")
	}
	return fault
}

// readDefaults makes the default policy of the fields' defaults, and says which of
// them cannot be one.
func (k *compiler) readDefaults() {
	l := k.l
	l.wire.fixedAmounts = true
	t := &terms{asset: l.spec.Asset, policy: l.policy.newRecord()}
	c := l.scratch(t)
	for i := range l.policy.slots {
		s := &l.policy.slots[i]
		if s.field.Kind == AmountKind && !s.field.Fixed {
			l.wire.fixedAmounts = false
		}
		k.readDefault(c, s)
	}
	l.defaults = t.policy
	w := writer{}
	w.open('{')
	w.fields(c, l.policy, l.defaults)
	w.null(reviewName)
	w.close('}')
	l.policyText, l.policyWhole = w.buf, string(w.buf)
	if len(k.faults) == 0 {
		if e := c.checkFault(func(n *requirement) bool { return n.decl.Reason == InvalidPolicy }); e != nil {
			k.fail("the default policy: %s", e.message)
		}
	}
}

func (k *compiler) readDefault(c *Contract, s *slot) {
	f := s.field
	r := &reader{s: f.Default, path: f.Name}
	if f.Default == "" {
		return
	}
	e := r.value(c, k.l.policy, c.terms.policy, s, InvalidPolicy)
	r.end()
	switch {
	case r.fault != nil:
		k.fail("policy field %s: its default %s: %s", f.Name, f.Default, r.fault.message)
	case e != nil || c.storedFault(f, s, c.terms.policy, InvalidPolicy) != nil:
		k.fail("policy field %s: its default %s is out of its bounds: %s", f.Name, f.Default, f.Meaning)
	}
}
