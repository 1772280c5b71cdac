package escrow

import "slices"

// requirement compiles a requirement.
func (k *compiler) requirement(d *Requirement) requirement {
	n := requirement{decl: d, at: turnState}
	if d == nil || (d.Case == nil) == (d.Check == nil) {
		k.fail("an empty Requirement: needs a Case or a Check")
		n.decl = &Requirement{Check: func(View) *Error { return nil }}
		n.refusal = refuse(Malformed, "")
		return n
	}
	if d.Case != nil {
		t := k.test(d.Case)
		n.test = &t
		n.given = t.asks()
	} else {
		n.given = d.Given
		if d.Name == "" {
			k.fail("a requirement that is a Check needs a Name")
		}
	}
	if d.Case != nil && (d.Reason == "" || codeRank(d.Code) == 0) {
		k.fail("requirement %q needs a Reason and one of the codes", d.name())
	}
	if known, ok := k.l.catalogue[d.Reason]; ok && d.Code != "" && known.Code != d.Code {
		k.fail("requirement %q: reason %s is of code %s", d.name(), d.Reason, known.Code)
	}
	switch {
	case d.Last:
		n.at = turnLast
	case d.StatusToo:
		n.at = turnStatus
	case d.Code == InvalidRequest && d.Reason == Malformed && n.given:
		n.at = turnShape
	case d.Code == InvalidRequest:
		n.at = turnRequest
	case d.Code == NotFound || d.Code == Forbidden:
		n.at = turnExistence
	}
	n.refusal = k.l.requirementRefusal(d)
	return n
}

// requirementRefusal makes the refusal of a requirement that is a case.
func (l *Lifecycle) requirementRefusal(d *Requirement) *Error {
	e := l.refuse(d.Reason)
	if _, known := l.catalogue[d.Reason]; !known {
		e = newError(shape{code: d.Code, reason: d.Reason, message: "needs: " + d.name(), remedy: "make sure of: " + d.name()})
	}
	if d.Message != "" {
		own := *e.shape
		own.message = d.Message
		e = newError(own)
	}
	if d.Field != "" {
		own := *e.shape
		own.message = d.Field + ": " + own.message
		e = newError(own).with("field", d.Field)
	}
	return e
}

// name returns the requirement as people read it.
func (d *Requirement) name() string {
	if d.Name != "" {
		return d.Name
	}
	return d.Case.name()
}

// String returns the requirement as the rule book prints it.
func (d *Requirement) String() string { return d.name() }

// given reports whether a case looks at the command.
func (t *test) asks() bool {
	return t.given || slices.ContainsFunc(t.subs, func(sub test) bool { return sub.asks() }) || t.sums[0].given() || t.sums[1].given()
}

// fixed reports whether a case looks at terms and policy alone, as they were founded.
func (t *test) fixed() bool { return t.looksOnly(ref.fixed) }

// lasting reports whether a case looks at nothing that rules change but by amendment.
func (t *test) lasting() bool { return t.looksOnly(ref.lasting) }

// looksOnly reports whether all that a case looks at is of a kind. What a function
// looks at nobody knows.
func (t *test) looksOnly(at func(ref) bool) bool {
	other := func(r ref) bool { return !at(r) }
	switch {
	case t.given:
		return false
	case t.op == testSet, t.op == testUnset, t.op == testEqual:
		return at(t.ref)
	case t.op == testWithin:
		return !slices.ContainsFunc(t.ratios, other)
	case t.op == testDiffer:
		return !slices.ContainsFunc(t.parties, func(p *party) bool { return p.sort > partyOfState || !at(p.ref) })
	case t.op == testInOrder:
		return !slices.ContainsFunc(t.moments, func(m *moment) bool { return !m.plain || !at(m.ref) })
	case t.op == testAll, t.op == testAny, t.op == testNot:
		return !slices.ContainsFunc(t.subs, func(sub test) bool { return !sub.looksOnly(at) })
	}
	return false
}

func (r ref) fixed() bool { return r.home == homeTerms || r.home == homePolicy }

func (r ref) lasting() bool {
	return r.fixed() || r.home == homeState && r.slot.field.Amendable
}

func (s *sum) given() bool {
	if s == nil {
		return false
	}
	for _, sub := range s.lesser {
		if sub.given() {
			return true
		}
	}
	return s.op == sumGiven || s.of.given()
}
