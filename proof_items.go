package escrow

// itemsIn is what the items of a list may be in a status of the contract: which
// item statuses there may be, and in which an item's pot may hold money.
type itemsIn struct{ have, hold statusSet }

func (a *itemsIn) join(b itemsIn) bool {
	was := *a
	a.have, a.hold = a.have|b.have, a.hold|b.hold
	return *a != was
}

// without says that no item is in one of the statuses.
func (a *itemsIn) without(mask statusSet) {
	a.have &^= mask
	a.hold &^= mask
}

// items follows the items and their pots through a rule.
func (p *prover) items(r *rule, s standing) standing {
	for n := range p.l.lists {
		p.list(r, n, &s.items[n])
	}
	return s
}

// list follows the items of one list through a rule: those that are paid all
// together, the row's own, one that is added, and those that an effect moves.
func (p *prover) list(r *rule, n int, in *itemsIn) {
	before := *in
	p.payEach(r, n, in)
	if r.each == n {
		p.own(r, n, before, in)
	}
	p.added(r, n, in)
	for i := range r.effects {
		if e := &r.effects[i]; e.op == effectEvery && e.list == n && in.have != 0 {
			in.have = p.l.lists[n].all()
			if in.hold != 0 {
				in.hold = in.have
			}
		}
	}
	p.confined(n, in)
}

// all returns what a rule records: what it does when agreement is asked for first.
func (r *rule) all() []effect {
	return append(r.early[:len(r.early):len(r.early)], r.effects...)
}

// all is the set of a list's item statuses.
func (l *itemList) all() statusSet {
	if n := len(l.decl.Statuses); n > 0 {
		return (1<<n - 1) << 1
	}
	return 1
}

// payEach follows the steps that pay every item's pot.
func (p *prover) payEach(r *rule, n int, in *itemsIn) {
	for i := range r.money {
		s := &r.money[i]
		if !s.each || int(s.list) != n {
			continue
		}
		if in.hold == 0 {
			p.tell("pays %s before any may hold money: fill them first", p.l.itemPot(n))
		}
		if s.part == nil {
			in.hold = 0
		}
	}
}

// own follows the row's own item: it starts in one of the row's item statuses,
// and takes what money it still has to the next.
func (p *prover) own(r *rule, n int, before itemsIn, in *itemsIn) {
	start := before.have
	if r.being != 0 {
		start &= r.being
	}
	if start == 0 {
		p.tell("acts on an item of %s%s, and no item ever is: %s", p.l.lists[n].decl.Name, ofStatuses(r.Being), p.present(n, before.have))
		return
	}
	full, filled := start&in.hold != 0, false
	for i := range r.money {
		if s := &r.money[i]; s.op != stepCharge && int(s.list) == n && !s.each && r.fills() != n {
			full = p.itemStep(n, s, full)
			filled = filled || s.op == stepDeposit || s.op == stepTopUp
		}
	}
	end := start
	if r.becomes != 0 {
		end = 1 << r.becomes
		in.have |= end
	}
	if full && (filled || r.becomes != 0) {
		in.hold |= end
	}
}

// itemStep follows one item's pot through a step, and reports whether it may hold
// money afterwards.
func (p *prover) itemStep(n int, s *step, full bool) bool {
	name := p.l.pots[s.pot].decl.Name
	switch {
	case s.op == stepDeposit && full && len(p.l.lists[n].decl.Statuses) > 0:
		p.tell("deposits into %s of an item that may hold money already: use TopUp, or say which items with Being", name)
	case s.op == stepDeposit, s.op == stepTopUp:
		return true
	case !full:
		p.tell("pays %s of an item before it may hold money: fill it first, or say which items with Being", name)
	}
	return full && (!s.pays() || s.part != nil)
}

// addedBy follows the items that effects add.
func addedBy(effects []effect, n int, in *itemsIn) {
	for i := range effects {
		if e := &effects[i]; (e.op == effectAdd || e.op == effectAddAll) && e.list == n {
			in.have |= 1 << e.number
		}
	}
}

// added follows an item that a rule adds, and what the rule pays into its pot.
func (p *prover) added(r *rule, n int, in *itemsIn) {
	addedBy(r.all(), n, in)
	if r.fills() != n {
		return
	}
	for i := range r.money {
		if s := &r.money[i]; (s.op == stepDeposit || s.op == stepTopUp) && int(s.list) == n {
			in.hold |= 1 << r.lastAdd().number
		}
	}
}

// lastAdd returns the last effect that adds items, nil when none does.
func (r *rule) lastAdd() (last *effect) {
	list := r.all()
	for i := range list {
		if e := &list[i]; e.op == effectAdd || e.op == effectAddAll {
			last = e
		}
	}
	return last
}

// fills returns the list whose new item the rule's deposits go to, -1 when they go
// to the row's own.
func (r *rule) fills() int {
	if e := r.lastAdd(); e != nil && e.op == effectAdd {
		return e.list
	}
	return -1
}

// confined checks that only items whose pot may hold money do.
func (p *prover) confined(n int, in *itemsIn) {
	pot := p.l.lists[n].pot
	if pot < 0 {
		return
	}
	own := &p.l.pots[pot]
	if strays := in.hold &^ own.holds; strays != 0 {
		p.tell("leaves money with an item that is %s, and %s holds money only%s: pay it out in this rule, or name the status in Holds", p.l.lists[n].names(strays), own.decl.Name, ofStatuses(own.decl.Holds))
		in.hold &= own.holds
	}
}

// names returns item statuses as a person would say them.
func (l *itemList) names(set statusSet) string {
	var list []string
	for i, name := range l.decl.Statuses {
		if set.has(uint8(i + 1)) {
			list = append(list, name)
		}
	}
	return orList(list)
}

// present says which items a status of the contract may have.
func (p *prover) present(n int, have statusSet) string {
	if have == 0 {
		return "the list has no items then"
	}
	return "they are " + p.l.lists[n].names(have)
}
