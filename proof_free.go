package escrow

import (
	"slices"
	"strings"
)

// proveFree checks that money in a status comes out of it: by time, by the system,
// or by the party of an open-ended status that owns it.
func (p *prover) proveFree(s uint8) {
	at := &p.at[s]
	held := []string{}
	if at.may != 0 {
		held = append(held, p.l.potNames(at.may))
	}
	for n := range at.items {
		if stuck := p.stuckItems(s, n); stuck != 0 {
			held = append(held, p.l.itemPot(n)+ofStatuses([]string{p.l.lists[n].names(stuck)}))
		}
	}
	free, unsure := p.freed(s)
	if free || len(held) == 0 {
		return
	}
	if open := p.l.spec.OpenEnded[p.l.statuses[s]]; open != nil {
		p.proveOpenEnded(s, p.l.partyOf(open))
		return
	}
	if unsure != nil {
		p.fail("rule %s from %s: its moment %s may be unset there, and nothing else frees %s: set it on every way into the status, or demand it in the terms", unsure.ID, p.l.statuses[s].label(), unsure.due.name, strings.Join(held, ", "))
		return
	}
	p.fail("status %s, where rule %s leads: holds %s, and neither time nor the system leaves it: add a row of advance, or name in OpenEnded who can end it", p.l.statuses[s].label(), p.leading(s), strings.Join(held, ", "))
}

// freed reports whether time or the system alone leaves a status, and else which
// row of time would if its moment were surely set.
func (p *prover) freed(s uint8) (free bool, unsure *rule) {
	for i := range p.l.rules {
		r := &p.l.rules[i]
		switch {
		case r.each >= 0 || r.to == sameStatus || !r.leaves(s, p.l):
		case r.due != nil && !p.sureMoment(r.due, p.at[s].fields, 0):
			unsure = r
		case r.due != nil || r.system():
			return true, nil
		}
	}
	return false, unsure
}

// system reports whether the system may take the rule at any time.
func (r *rule) system() bool {
	return r.by != nil && r.by.admitsSystem() && r.opens == nil && r.closes == nil && !r.cosigned
}

// stuckItems returns the item statuses that hold money in a status of the contract
// and that neither time nor the system moves on from.
func (p *prover) stuckItems(s uint8, n int) statusSet {
	stuck := p.at[s].items[n].hold
	for i := range p.l.rules {
		r := &p.l.rules[i]
		if r.each != n || !r.starts(s) || r.due == nil && !r.system() {
			continue
		}
		for status := range uint8(len(p.itemFields[n])) {
			moves := r.becomes != 0 && uint64(status) != r.becomes || r.paysItem(n)
			sure := r.due == nil || p.sureMoment(r.due, p.at[s].fields, p.itemFields[n][status])
			if moves && sure && (r.being == 0 || r.being.has(status)) {
				stuck &^= 1 << status
			}
		}
	}
	return stuck
}

// paysItem reports whether the rule pays its item's pot whole.
func (r *rule) paysItem(n int) bool {
	return slices.ContainsFunc(r.money, func(s step) bool { return s.pays() && s.part == nil && int(s.list) == n })
}

// proveOpenEnded checks an open-ended status: its party can end it by its own
// moves, and what it holds is the party's.
func (p *prover) proveOpenEnded(s uint8, party *party) {
	name := p.l.statuses[s].label()
	for i := range p.l.pots {
		pot := &p.l.pots[i]
		holds := pot.list < 0 && p.at[s].may.has(pot.n) || pot.list >= 0 && p.stuckItems(s, pot.list) != 0
		if holds && !sameAccount(pot.owner, party) {
			p.fail("status %s: is open-ended for %s, and holds %s, which belongs to %s: add a row of advance", name, party.decl.Name, pot.decl.Name, pot.owner.decl.Name)
		}
	}
	if !p.ends(s, party, map[uint8]bool{}) {
		p.fail("status %s: is open-ended, and %s cannot end it by moves of its own at any time", name, party.decl.Name)
	}
}

// ends reports whether a party can end the contract from a status by moves of its
// own, with time and the system.
func (p *prover) ends(s uint8, party *party, seen map[uint8]bool) bool {
	if p.l.terminal.has(s) {
		return true
	}
	seen[s] = true
	for i := range p.l.rules {
		r := &p.l.rules[i]
		if !r.starts(s) || r.to == sameStatus || r.to == s || seen[r.to] || r.each >= 0 {
			continue
		}
		if (r.due != nil || r.system() || r.movedBy(party)) && p.ends(r.to, party, seen) {
			return true
		}
	}
	return false
}

// movedBy reports whether a party can take the rule alone and at any time.
func (r *rule) movedBy(q *party) bool {
	if r.by == nil || r.opens != nil || r.closes != nil || slices.ContainsFunc(r.confirmers, func(c *party) bool { return !sameAccount(c, q) }) {
		return false
	}
	return sameAccount(r.by, q) || slices.ContainsFunc(r.by.options, func(o *party) bool { return r.by.sort == partyEither && sameAccount(o, q) })
}
