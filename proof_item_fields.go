package escrow

// followItemFields learns which fields an item surely has in each of its statuses,
// until nothing new is learnt.
func (p *prover) followItemFields() {
	p.itemFields = make([][]uint64, len(p.l.lists))
	for n := range p.l.lists {
		list := &p.l.lists[n]
		sure := make([]uint64, len(list.decl.Statuses)+1)
		for i := range sure {
			sure[i] = ^uint64(0)
		}
		p.itemFields[n] = sure
		if list.decl.Most > 0 {
			sure[list.number(list.decl.Initial)] &= list.demanded()
		}
		for p.moveItems(n, sure) {
		}
	}
}

// demanded are the fields that every item has.
func (l *itemList) demanded() (fields uint64) {
	for i := range l.layout.slots {
		if s := &l.layout.slots[i]; i == 0 || !s.field.Optional {
			fields |= 1 << s.bit
		}
	}
	return fields
}

// moveItems takes the items of a list through every rule once, and reports whether
// anything was learnt.
func (p *prover) moveItems(n int, sure []uint64) (news bool) {
	learn := func(status int, fields uint64) {
		news = news || sure[status]&fields != sure[status]
		sure[status] &= fields
	}
	for i := range p.l.rules {
		r := &p.l.rules[i]
		for _, own := range r.all() {
			switch e := &own; {
			case e.list != n:
			case e.op == effectAdd || e.op == effectAddAll:
				learn(int(e.number), p.carried(r, e))
			case e.op == effectEvery:
				for _, from := range sure {
					for to := range sure {
						learn(to, from)
					}
				}
			}
		}
		if r.each != n || r.fills() == n {
			continue
		}
		for from := range sure {
			to := from
			if r.becomes != 0 {
				to = int(r.becomes)
			}
			if r.being == 0 || r.being.has(uint8(from)) {
				learn(to, r.itemEffects(n, sure[from]))
			}
		}
	}
	return news
}

// carried are the fields that an added item surely has.
func (p *prover) carried(r *rule, e *effect) uint64 {
	fields := uint64(1)
	layout := r.group.act.layout
	if s := layout.find(e.param); e.param != nil && s != nil {
		layout = s.inner
	}
	if e.op == effectAdd && layout != nil {
		for i := range layout.slots {
			if to := p.l.lists[e.list].layout.find(layout.slots[i].field); to != nil && !to.field.Optional && !layout.slots[i].field.Optional {
				fields |= 1 << to.bit
			}
		}
	}
	return r.itemEffects(e.list, fields)
}

// itemEffects are the fields that an item surely has after the rule's effects.
func (r *rule) itemEffects(n int, fields uint64) uint64 {
	list := r.all()
	for i := range list {
		if e := &list[i]; e.ref.home == homeItem && e.ref.list == n {
			fields = setBit(fields, e)
		}
	}
	return fields
}
