package escrow

// Policy is the numbers and choices that a contract is founded under, as a value:
// read, changed, checked and shown by itself. The zero Policy is none.
type Policy struct {
	lifecycle *Lifecycle
	asset     Asset
	record    *record
	review    review
}

// DefaultPolicy returns the policy of drafts that say nothing else.
func (l *Lifecycle) DefaultPolicy() Policy {
	return Policy{lifecycle: l, asset: l.spec.Asset, record: l.defaults}
}

// ParsePolicy reads a policy from JSON and checks it against every bound. Fields
// that it does not name have their default; one that the lifecycle does not have,
// or a value that cannot work, is [InvalidPolicy]. Amounts are of the lifecycle's
// asset.
func (l *Lifecycle) ParsePolicy(data []byte) (Policy, error) {
	r := &reader{s: string(data)}
	t := &terms{asset: l.spec.Asset}
	fault := l.readPolicy(r, t, false)
	r.end()
	if r.fault != nil {
		return Policy{}, r.fault
	}
	if fault == nil {
		fault = l.scratch(t).policyFault()
	}
	if fault != nil {
		return Policy{}, fault
	}
	return Policy{l, t.asset, t.policy, t.review}, nil
}

// scratch is a contract of nothing but terms, for checks of the policy alone.
func (l *Lifecycle) scratch(t *terms) *Contract {
	t.fixed = l.terms.newRecord()
	return &Contract{lifecycle: l, terms: t, state: l.state.newRecord()}
}

// Lifecycle returns whose policy it is, nil for the zero Policy.
func (p Policy) Lifecycle() *Lifecycle { return p.lifecycle }

// View returns a view in which the policy's fields can be read, and no others.
func (p Policy) View() View {
	if p.lifecycle == nil {
		return View{}
	}
	return p.lifecycle.scratch(&terms{asset: p.asset, policy: p.record, review: p.review}).View()
}

// Review returns the payout review of the policy: payouts of least or more wait
// for quorum people of the application. False when there is none.
func (p Policy) Review() (least Amount, quorum int, ok bool) {
	return p.review.least, int(p.review.quorum), p.review.quorum != 0
}

// With returns the policy with other values for some fields, checked as a whole.
// What cannot work is [InvalidPolicy].
func (p Policy) With(values ...Value) (Policy, error) {
	if p.lifecycle == nil {
		return p, refuseContract
	}
	p.record = p.record.clone()
	c := p.lifecycle.scratch(&terms{asset: p.asset, policy: p.record, review: p.review})
	for i := range values {
		v := values[i]
		if v.field == nil {
			continue
		}
		at := p.lifecycle.locate(v.field)
		if at == nil || at.home != homePolicy {
			return Policy{}, field(InvalidPolicy, v.field.Name, "is no policy field of "+p.lifecycle.spec.Name)
		}
		if e := c.fit(&v, at); e != nil {
			return Policy{}, e
		}
		p.lifecycle.policy.put(p.record, at.slot, &v)
	}
	if e := c.policyFault(); e != nil {
		return Policy{}, e
	}
	return p, nil
}

// WithReview returns the policy with a payout review; a quorum of 0 is none.
func (p Policy) WithReview(least Amount, quorum int) (Policy, error) {
	if e := reviewFault(least, quorum); e != nil {
		return Policy{}, e
	}
	p.review = review{least, uint64(quorum)}
	return p, nil
}

// reviewFault says what is wrong with a payout review.
func reviewFault(least Amount, quorum int) *Error {
	if quorum < 0 || quorum > 10 || least.Cmp(maxUnits) > 0 {
		return field(InvalidPolicy, "payoutReview", "needs a quorum of 1 to 10")
	}
	return nil
}

// Policy returns the policy that the contract was founded under.
func (c Contract) Policy() Policy {
	if c.lifecycle == nil {
		return Policy{}
	}
	return Policy{c.lifecycle, c.terms.asset, c.terms.policy, c.terms.review}
}

// WithPolicy returns the draft under a policy. One of another lifecycle, or one
// whose amounts the draft's asset cannot have, is for the founding to refuse.
func (c Contract) WithPolicy(p Policy) Contract {
	if c.status != 0 || c.lifecycle == nil || c.terms.text != "" {
		return c
	}
	t := c.terms.again()
	c.terms = t
	if p.lifecycle != c.lifecycle {
		t.fail(field(InvalidPolicy, "policy", "is one of another lifecycle"))
	} else {
		var e *Error
		if t.policy, e = p.lifecycle.rescaled(p.record, p.asset, t.asset); e != nil {
			t.fail(e)
		}
		if t.review = p.review; p.review.quorum != 0 {
			var ok bool
			if t.review.least, ok = p.review.least.rescaled(p.asset, t.asset); !ok {
				t.fail(field(InvalidPolicy, "payoutReview", "does not fit "+t.asset.Code))
			}
		}
	}
	t.early = t.fault
	c.judge()
	return c
}

// rescaled returns the same number of whole units in another asset.
func (a Amount) rescaled(from, to Asset) (Amount, bool) {
	if from.Scale <= to.Scale {
		a, ok := a.times(powersOfTen[to.Scale-from.Scale])
		return a, ok && a.Cmp(maxUnits) <= 0
	}
	n, reason := parseNumber(from.Text(a))
	if reason == "" {
		a, reason = n.units(to.Scale)
	}
	return a, reason == ""
}

// rescaled returns a policy's values in another asset, without those that do not
// fit it.
func (l *Lifecycle) rescaled(rec *record, from, to Asset) (own *record, fault *Error) {
	if from.Scale == to.Scale || l.wire.fixedAmounts {
		return rec, nil
	}
	own = rec.clone()
	for i := range l.policy.slots {
		s := &l.policy.slots[i]
		if s.field.Kind != AmountKind || s.field.Fixed || !rec.has(s) {
			continue
		}
		a, ok := Amount(rec.cells[s.index]).rescaled(from, to)
		if !ok {
			l.policy.clear(own, s)
			fault = field(InvalidPolicy, s.field.Name, "does not fit "+to.Code)
			continue
		}
		own.cells[s.index] = cell(a)
	}
	return own, fault
}

// MarshalJSON writes the policy whole: each field in the order declared, then the
// payout review.
func (p Policy) MarshalJSON() ([]byte, error) {
	if p.lifecycle == nil {
		return []byte("null"), nil
	}
	var w writer
	w.policy(p.lifecycle, &terms{asset: p.asset, policy: p.record, review: p.review})
	return w.buf, nil
}

// policy writes the policy of some terms.
func (w *writer) policy(l *Lifecycle, t *terms) {
	if len(t.late) == 0 && t.policy == l.defaults && t.review == (review{}) && (t.asset.Scale == l.spec.Asset.Scale || l.wire.fixedAmounts) {
		w.comma()
		w.buf = append(w.buf, l.policyText...)
		return
	}
	c := Contract{lifecycle: l, terms: t}
	w.open('{')
	for i := range l.policy.slots {
		if s := &l.policy.slots[i]; !w.late(t, -1, -1, s) {
			w.field(&c, l.policy, t.policy, s)
		}
	}
	if t.review.quorum == 0 {
		w.null(reviewName)
	} else {
		w.key(reviewName)
		w.open('{')
		w.amount("minPayout", t.review.least, t.asset)
		w.count("quorum", t.review.quorum)
		w.close('}')
	}
	w.close('}')
}

// reviewName is the one policy field that is the engine's own.
const reviewName = "payoutReview"
