package escrow

import "slices"

// sameAccount reports whether two parties are always the same account.
func sameAccount(a, b *party) bool {
	if a == nil || b == nil {
		return false
	}
	return a == b || a.sort == b.sort && (a.sort == partyOfTerms || a.sort == partyOfState) && a.ref.slot == b.ref.slot
}

// replacing checks that a rule which may replace a party first pays out whatever
// pot that party owns, and that nobody but the one who put it in is paid as the
// owner. Without steps, as when agreement is asked for, no such pot may hold
// money.
func (p *prover) replacing(r *rule, effects []effect, s standing, steps []step) {
	for i := range p.l.pots {
		pot := &p.l.pots[i]
		name, is := p.replaced(r, effects, pot.owner)
		holds := pot.list < 0 && s.may.has(pot.n) || pot.list >= 0 && s.items[pot.list].hold != 0
		if !is || !holds || paidFirst(steps, uint8(i), pot.list >= 0) {
			continue
		}
		p.tell("replaces %s, who owns what %s holds: pay it out first, with All(%s, %s) before anything is deposited", name, pot.decl.Name, pot.decl.Name, pot.owner.decl.Name)
	}
}

// paidFirst reports whether the first step that touches a pot pays it out whole,
// of a list's pot every one.
func paidFirst(steps []step, pot uint8, each bool) bool {
	i := slices.IndexFunc(steps, func(s step) bool { return s.op != stepCharge && s.pot == pot })
	return i >= 0 && steps[i].pays() && steps[i].part == nil && (steps[i].each || !each)
}

// replaced reports whether effects may make another account of a pot's owner, and
// which party it is. Whoever names themselves replaces nobody.
func (p *prover) replaced(r *rule, effects []effect, owner *party) (string, bool) {
	switch owner.sort {
	case partyOfState, partyChosen:
		own := owner.ref.home == homeState && slices.ContainsFunc(effects, func(e effect) bool {
			return changes([]effect{e}, owner.ref.slot) && !(e.op == effectActor && sameAccount(r.by, owner))
		})
		if own {
			return owner.decl.Name, true
		}
	}
	for _, o := range owner.options {
		if name, is := p.replaced(r, effects, o); is {
			return name, true
		}
	}
	return "", false
}

// proveOwners checks who pays into a pot and whom a step names: the owner's money
// is the owner's.
func (k *compiler) proveOwners(r *rule) {
	for i := range r.money {
		s := &r.money[i]
		if s.op == stepCharge {
			continue
		}
		pot := &k.l.pots[s.pot]
		if payer := s.payer; payer != nil {
			if payer.sort == partyIncoming && len(payer.options) == 1 {
				payer = payer.options[0]
			}
			if !sameAccount(payer, pot.owner) {
				k.fail("pot %s belongs to %s, and %s pays into it: deposit from %s, or declare a pot that %s owns", pot.decl.Name, pot.owner.decl.Name, payer.decl.Name, pot.owner.decl.Name, payer.decl.Name)
			}
		}
		for _, q := range s.payees {
			if q.sort == partyIncoming && len(q.options) == 1 && sameAccount(q.options[0], pot.owner) {
				k.fail("pays %s, which belongs to %s, to who comes after: name %s, who was there before the rule", pot.decl.Name, pot.owner.decl.Name, pot.owner.decl.Name)
			}
		}
	}
}

// provePots checks what a pot declares: an owner that can pay, and reasons for
// receivers that there are.
func (k *compiler) provePots() {
	for i := range k.l.pots {
		p := &k.l.pots[i]
		k.where = "pot " + p.decl.Name
		if p.owner == nil {
			continue
		}
		if p.owner.sort == partyReceives || p.owner.sort == partyIncoming {
			k.fail("%s cannot own a pot: name the party whose money it holds", p.owner.decl.Name)
		}
		k.payable(p.owner)
		if p.owner.sort == partyOfItem && p.owner.list != p.list {
			k.fail("belongs to each of %s, so it is a pot of each: declare Each", p.owner.decl.Item.Name)
		}
		for j, out := range p.decl.Out {
			if k.party(out.To) == nil {
				continue
			}
			if out.Reason == "" || out.Reason == p.decl.In {
				k.fail("payouts to %s need a reason of their own", out.To.Name)
			}
			if slices.ContainsFunc(p.decl.Out[:j], func(o PotReason) bool { return o.To == out.To }) {
				k.fail("two reasons for payouts to %s", out.To.Name)
			}
		}
	}
	k.where = ""
}
