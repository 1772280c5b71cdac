package escrow

import (
	"slices"
	"strings"
)

// proveStatuses checks every status: that it is reached and left as it should be,
// and that what it holds comes out again.
func (p *prover) proveStatuses() {
	l := p.l
	if l.terminal == 0 {
		p.fail("has no terminal status: list in Terminal where contracts end")
	}
	for s := range l.statuses {
		at := &p.at[s]
		if !at.reached {
			p.unreached(uint8(s))
			continue
		}
		if torn := at.may & at.paid & l.postedPots(); torn != 0 {
			p.fail("status %s: holds %s on one way into it and has paid it out on another, and what was posted stays in view: use two statuses, or a pot without Posted", l.statuses[s].label(), l.potNames(torn))
		}
		if leaver := p.leaver(uint8(s)); l.terminal.has(uint8(s)) {
			p.left(uint8(s))
		} else if leaver == nil {
			p.fail("status %s, where rule %s leads: is not terminal, and no rule leaves it%s", l.statuses[s].label(), p.leading(uint8(s)), p.meant(uint8(s), true))
		} else {
			p.proveFree(uint8(s))
		}
	}
}

// unreached says that nothing leads to a status, and which one was meant.
func (p *prover) unreached(s uint8) {
	who := ""
	for i := range p.l.rules {
		if r := &p.l.rules[i]; r.starts(s) {
			who = "rule " + r.ID + ": "
			break
		}
	}
	p.fail("%sstatus %s: no rule leads to it%s", who, p.l.statuses[s].label(), p.meant(s, false))
}

// left refuses the rules that start from a terminal status.
func (p *prover) left(s uint8) {
	for i := range p.l.rules {
		if r := &p.l.rules[i]; r.starts(s) {
			p.fail("rule %s: starts from %s, which is terminal: nothing follows there", r.ID, p.l.statuses[s].label())
		}
	}
}

// meant suggests the status that a misspelt one stands for: one that is not
// reached, or that is.
func (p *prover) meant(s uint8, reached bool) string {
	var names []string
	for i := range p.l.statuses {
		if uint8(i) != s && p.at[i].reached != reached {
			names = append(names, p.l.statuses[i].label())
		}
	}
	hint := suggestion(string(p.l.statuses[s]), names)
	if reached && hint == "" {
		return "; list it in Terminal, or write the rule"
	}
	return hint
}

// leaver returns a rule that leaves a status, nil when none does.
func (p *prover) leaver(s uint8) *rule {
	for i := range p.l.rules {
		if r := &p.l.rules[i]; r.leaves(s, p.l) {
			return r
		}
	}
	return nil
}

// leaves reports whether a rule leads from a status to another.
func (r *rule) leaves(s uint8, l *Lifecycle) bool {
	if !r.starts(s) {
		return false
	}
	waits := r.CoSign.While != "" && r.CoSign.While != l.statuses[s]
	return waits || r.to != sameStatus && r.to != s
}

// leading returns the id of a rule that leads to a status.
func (p *prover) leading(s uint8) string {
	for i := range p.l.rules {
		if r := &p.l.rules[i]; r.to == s || p.l.statuses[s] != Draft && (r.CoSign.While == p.l.statuses[s] || r.CoSign.Declined == p.l.statuses[s]) {
			return r.ID
		}
	}
	return "none"
}

// postedPots are the single pots that keep what was posted.
func (l *Lifecycle) postedPots() (set potSet) {
	for i := range l.pots {
		if p := &l.pots[i]; p.posted && p.list < 0 {
			set |= 1 << p.single
		}
	}
	return set
}

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
	return r.by != nil && r.by.sort == partyPlatform && r.opens == nil && r.closes == nil && !r.cosigned
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
		holds := pot.list < 0 && p.at[s].may.has(pot.single) || pot.list >= 0 && p.stuckItems(s, pot.list) != 0
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

// proveCoSigns checks what becomes of requests that wait.
func (p *prover) proveCoSigns() {
	for i := range p.l.rules {
		r := &p.l.rules[i]
		p.where = "rule " + r.ID
		c := &r.CoSign
		if r.amends() && len(r.confirmers) == 0 {
			p.fail("amends terms, which takes mutual consent: name in CoSign.From who must agree")
		}
		switch while := p.l.indexOf(c.While); {
		case !r.cosigned:
			p.uncosigned(r)
		case c.While == "" && c.Declined != "":
			p.fail("co-sign %s: Declined needs While, the status that waits", c.Type)
		case c.While == "" && r.starts(0):
			p.fail("co-sign %s: a draft cannot wait: name the status that does in While", c.Type)
		case c.While != "" && !r.starts(uint8(while)):
			p.fail("co-sign %s: waits in %s, from where the rule does not start: name it in From", c.Type, c.While)
		}
		for j := range i {
			if o := &p.l.rules[j]; o.cosigned && r.cosigned && o.CoSign.Type == c.Type && o.action != r.action {
				p.fail("co-sign %s: is of action %s already (rule %s): give it a type of its own", c.Type, o.action, o.ID)
			}
		}
	}
	p.where = ""
}

// uncosigned refuses what belongs to a co-sign without one.
func (p *prover) uncosigned(r *rule) {
	c := &r.CoSign
	if len(c.From)+len(c.Sets)+len(c.Adjusts) > 0 || c.While != "" || c.Declined != "" || c.Completes != nil || c.Results != nil || !isNil(c.TTL) || c.Lifetime != 0 || !isNil(c.Quorum) || !isNil(c.SeparateDuties) {
		p.fail("an empty CoSign: needs a Type")
	}
}
