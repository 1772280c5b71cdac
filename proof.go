package escrow

// standing is what is surely true of a contract in a status, whatever way it came
// there: which single pots may hold money, which were surely filled, which may
// have been paid out, which fields of the state surely have a value and which may
// have one, and what the items of each list may be. A status that nothing has
// reached is the zero value.
type standing struct {
	reached         bool
	may, sure, paid potSet
	fields, maybe   uint64
	items           []itemsIn
}

// clone returns a standing whose items can be changed.
func (a standing) clone() standing {
	a.items = append([]itemsIn(nil), a.items...)
	return a
}

// join learns of another way into the status, and reports whether that was news.
func (a *standing) join(b standing) bool {
	if !a.reached {
		*a = b.clone()
		a.reached = true
		return true
	}
	was := *a
	a.may, a.sure, a.paid = a.may|b.may, a.sure&b.sure, a.paid|b.paid
	a.fields, a.maybe = a.fields&b.fields, a.maybe|b.maybe
	news := a.may != was.may || a.sure != was.sure || a.paid != was.paid || a.fields != was.fields || a.maybe != was.maybe
	for i := range a.items {
		news = a.items[i].join(b.items[i]) || news
	}
	return news
}

// prover follows pots, fields and items through the table.
type prover struct {
	*compiler
	at []standing
	// itemFields are the fields that an item surely has, by list and item status.
	itemFields [][]uint64
	// telling says that faults are told: once nothing new is learnt.
	telling bool
	from    string
}

// prove proves the table: it follows every pot, field and item through the
// statuses until nothing new is learnt, and tells what is wrong. What it learns
// is which pots each status holds.
func (k *compiler) prove() {
	p := &prover{compiler: k, at: make([]standing, len(k.l.statuses))}
	p.proveRows()
	p.proveTime()
	p.at[0] = p.draft()
	p.follow()
	p.followItemFields()
	p.telling = true
	p.sweep()
	p.telling = false
	p.proveStatuses()
	p.proveCoSigns()
	p.note()
}

// draft is what is true of every draft: its amendable terms stand in the state.
func (p *prover) draft() standing {
	s := standing{reached: true, items: make([]itemsIn, len(p.l.lists))}
	for _, f := range declarations(p.l.spec.Terms) {
		if at := p.l.locate(f); f.Amendable && !f.Optional && at != nil {
			s.fields |= 1 << at.slot.bit
		}
	}
	for i := range p.l.state.slots {
		if at := &p.l.state.slots[i]; at.field.Amendable || p.l.founding(at.field) {
			s.maybe |= 1 << at.bit
		}
	}
	for i := range p.l.lists {
		if list := p.l.lists[i].decl; list.Most > 0 {
			s.items[i].have = 1 << p.l.lists[i].number(list.Initial)
		}
	}
	return s
}

// follow takes every rule from every status until nothing new is learnt.
func (p *prover) follow() {
	for p.sweep() {
	}
}

// sweep takes every rule from every status once, and reports what was news.
func (p *prover) sweep() (news bool) {
	for i := range p.l.rules {
		r := &p.l.rules[i]
		p.where = "rule " + r.ID
		for s := range p.l.statuses {
			if r.starts(uint8(s)) && p.at[s].reached {
				p.from = p.l.statuses[s].label()
				news = p.take(r, uint8(s)) || news
			}
		}
	}
	p.where = ""
	return news
}

// tell collects a fault of the rule at hand, from the status at hand.
func (p *prover) tell(format string, args ...any) {
	if p.telling {
		p.fail("from "+p.from+" "+format, args...)
	}
}

// take takes a rule from a status: what it asks for, and what it does.
func (p *prover) take(r *rule, s uint8) (news bool) {
	before := p.knowing(r, p.at[s].clone())
	if r.cosigned {
		news = p.ask(r, s, before.clone())
	}
	to := s
	if r.to != sameStatus {
		to = r.to
	}
	after := p.items(r, p.money(r, p.effects(r, before, before.clone()), before))
	return p.arrive(to, p.enter(after, s, to)) || news
}

// ask follows a request to co-sign, and one that is declined.
func (p *prover) ask(r *rule, s uint8, before standing) (news bool) {
	while := s
	if r.CoSign.While != "" {
		while = uint8(p.l.indexOf(r.CoSign.While))
	}
	for i := range r.early {
		before.fields, before.maybe = set(before.fields, &r.early[i]), mayset(before.maybe, &r.early[i])
	}
	for n := range before.items {
		addedBy(r.early, n, &before.items[n])
	}
	p.replacing(r, r.early, before, nil)
	news = p.arrive(while, p.enter(before, s, while))
	if r.CoSign.Declined != "" && p.at[while].reached {
		declined := uint8(p.l.indexOf(r.CoSign.Declined))
		news = p.arrive(declined, p.enter(p.at[while].clone(), while, declined)) || news
	}
	return news
}

// enter adds the fields that the engine writes when a status is entered.
func (p *prover) enter(s standing, from, to uint8) standing {
	if from != to {
		for _, e := range p.l.entered[to] {
			s.fields, s.maybe = s.fields|1<<e.slot.bit, s.maybe|1<<e.slot.bit
		}
	}
	return s
}

// arrive learns how a status may be entered. Terminal means empty.
func (p *prover) arrive(to uint8, s standing) bool {
	if !p.l.terminal.has(to) {
		return p.at[to].join(s)
	}
	name := p.l.statuses[to]
	if s.may != 0 {
		p.tell("leaves money in terminal status %s: %s; pay it out in this rule", name, p.l.potNames(s.may))
	}
	for i := range s.items {
		if s.items[i].hold != 0 {
			p.tell("leaves money in terminal status %s: %s; pay Each, or add a case that none holds any", name, p.l.itemPot(i))
			s.items[i].hold = 0
		}
	}
	s.may, s.sure = 0, 0
	return p.at[to].join(s)
}

// money follows the single pots through the steps of a rule.
func (p *prover) money(r *rule, after, before standing) standing {
	p.replacing(r, r.effects, after, r.money)
	for i := range r.money {
		s := &r.money[i]
		p.known(r, s, before, after)
		if s.op == stepCharge || p.l.pots[s.pot].list >= 0 {
			continue
		}
		p.pot(s, &p.l.pots[s.pot], &after)
	}
	return after
}

// pot follows a single pot through a step.
func (p *prover) pot(s *step, pot *pot, a *standing) {
	bit := potSet(1) << pot.n
	switch {
	case s.op == stepDeposit && a.may&bit != 0:
		p.tell("deposits into %s, which may hold money already: use TopUp, or pay it out first", pot.decl.Name)
	case s.op == stepDeposit, s.op == stepTopUp:
		a.may, a.sure, a.paid = a.may|bit, a.sure|bit, a.paid&^bit
	case a.may&bit == 0:
		p.tell("pays %s before it may hold money: fill it first%s", pot.decl.Name, p.heldInstead(a.may))
	case s.op == stepDifference:
		a.sure &^= bit
	case s.part != nil:
		a.sure &^= bit
	default:
		a.may, a.sure, a.paid = a.may&^bit, a.sure&^bit, a.paid|bit
	}
}

// heldInstead says which pots a status may hold, where one is paid that it cannot.
func (p *prover) heldInstead(may potSet) string {
	if may == 0 {
		return ""
	}
	return " (what may hold money is " + p.l.potNames(may) + ")"
}
