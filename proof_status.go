package escrow

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
		if torn := at.may & at.paid & l.posted; torn != 0 {
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
