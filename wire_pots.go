package escrow

// wirePots finds out how each pot's balance is told from the rest of the object.
func (k *compiler) wirePots() {
	l := k.l
	l.wire.pots = make([]potForm, len(l.pots))
	for i := range l.pots {
		k.wirePot(&l.wire.pots[i], i)
	}
}

func (k *compiler) wirePot(form *potForm, n int) {
	p := &k.l.pots[n]
	use := k.potUse(n)
	if p.decl.HoldsWhen != nil {
		k.row = p.list
		t := k.test(p.decl.HoldsWhen)
		form.when = &t
		k.row = -1
	}
	if len(use.sums) == 1 {
		form.sum = use.sums[0]
	}
	if s := form.sum; s != nil && s.op == sumField && s.ref.home == homeTerms && !s.hasR && !s.hasN {
		form.plain = s.ref.slot
	}
	switch {
	case p.posted:
		form.exact = use.leaves
		form.sum = nil
	case !p.decl.Implied:
		form.sum = nil
	case form.sum == nil || !form.sum.stored():
		k.fail("pot %s: it is implied, so one sum of stored fields fills it", p.decl.Name)
	default:
		form.exact = !use.partial && k.lasting(form.sum) && use.leaves && !use.empty
	}
}

// potUse is what the rules do with a pot.
type potUse struct {
	sums    []*sum
	partial bool // topped up, paid in part, or moved with an amendment
	leaves  bool // whatever pays it leads to where it cannot hold money
	empty   bool // a rule leads an item to where it holds money without filling it
}

func (k *compiler) potUse(n int) potUse {
	use := potUse{leaves: true}
	for i := range k.l.rules {
		r := &k.l.rules[i]
		fills := false
		for j := range r.money {
			s := &r.money[j]
			fills = fills || s.op == stepDeposit && int(s.pot) == n
			if s.op == stepCharge || int(s.pot) != n {
				continue
			}
			switch {
			case s.pays():
				use.partial = use.partial || s.part != nil
				use.leaves = use.leaves && !k.mayHold(r, n)
			case s.op == stepDeposit:
				use.add(s.sum)
			default:
				use.partial = true
			}
		}
		use.empty = use.empty || !fills && k.l.pots[n].entered(r)
	}
	return use
}

// entered reports whether a rule leads an item to a status in which its pot holds
// money, from one in which it does not.
func (p *pot) entered(r *rule) bool {
	if p.list < 0 || ^p.holds == 0 {
		return false
	}
	for i := range r.effects {
		if e := &r.effects[i]; e.list == p.list && (e.op == effectEvery || e.number != 0 && p.holds.has(uint8(e.number))) {
			return true
		}
	}
	return r.each == p.list && r.becomes != 0 && p.holds.has(uint8(r.becomes)) && (r.being == 0 || r.being&^p.holds != 0)
}

// add notes a sum that fills the pot, each once.
func (u *potUse) add(s *sum) {
	for _, other := range u.sums {
		if other.like(s) {
			return
		}
	}
	u.sums = append(u.sums, s)
}

// mayHold reports whether a pot that a rule pays may hold money where the rule
// leads.
func (k *compiler) mayHold(r *rule, n int) bool {
	p := &k.l.pots[n]
	if p.list >= 0 {
		return !r.ends && (r.each != p.list || r.becomes == 0 || p.holds.has(uint8(r.becomes)))
	}
	for s := range k.l.statuses {
		leads := int(r.to) == s || r.to == sameStatus && r.starts(uint8(s))
		if leads && k.l.may[s].has(p.n) {
			return true
		}
	}
	return false
}

// like reports whether two sums are the same.
func (s *sum) like(o *sum) bool {
	if s == o {
		return true
	}
	if s == nil || o == nil || s.op != o.op || s.ref != o.ref || s.param != o.param || s.pot != o.pot || s.hasR != o.hasR ||
		s.hasN != o.hasN || s.ratio != o.ratio || s.times != o.times || s.op == sumFunc || len(s.lesser) != len(o.lesser) {
		return false
	}
	for i := range s.lesser {
		if !s.lesser[i].like(o.lesser[i]) {
			return false
		}
	}
	return s.op != sumOf || s.of.like(o.of)
}

// stored reports whether a sum is made of stored fields alone.
func (s *sum) stored() bool {
	switch s.op {
	case sumField:
		return true
	case sumOf:
		return s.of.stored()
	case sumLesser:
		for _, sub := range s.lesser {
			if !sub.stored() {
				return false
			}
		}
		return true
	}
	return false
}

// lasting reports whether no rule changes what a sum is made of.
func (k *compiler) lasting(s *sum) bool {
	for _, at := range []ref{s.ref, s.ratio, s.times} {
		if at.slot != nil && k.changes(at.slot) {
			return false
		}
	}
	for _, sub := range s.lesser {
		if !k.lasting(sub) {
			return false
		}
	}
	return s.of == nil || k.lasting(s.of)
}

// changes reports whether an effect sets a field.
func (k *compiler) changes(at *slot) bool {
	for i := range k.l.rules {
		for _, list := range [][]effect{k.l.rules[i].effects, k.l.rules[i].early} {
			for j := range list {
				if list[j].ref.slot == at {
					return true
				}
				for _, amended := range list[j].amends {
					if amended.slot == at {
						return true
					}
				}
			}
		}
	}
	return false
}
