package escrow

// contract writes a snapshot, unset fields left out.
func (w *writer) contract(c *Contract) {
	t, l := c.terms, c.lifecycle
	if t.text != "" {
		w.comma()
		w.buf = append(w.buf, t.text...)
		return
	}
	w.open('{')
	w.text("id", t.id)
	w.comma()
	w.buf = append(w.buf, l.wire.head...)
	if c.status != 0 {
		w.text("status", string(c.Status()))
		w.count("revision", c.revision)
	}
	w.instant("createdAt", c.createdAt)
	w.instant("decidedAt", c.decidedAt)
	w.instant("enteredAt", c.enteredAt)
	for i := range l.wire.parties {
		w.member(c, &l.wire.members[i])
	}
	w.key("asset")
	w.asset(t.asset)
	w.key("policy")
	w.policy(l, t)
	for i := l.wire.parties; i < len(l.wire.members); i++ {
		w.member(c, &l.wire.members[i])
	}
	if list := c.approvals.all(); len(list) > 0 {
		w.approvals(c, list)
	}
	if c.status != 0 {
		w.custody(c)
	}
	w.close('}')
}

func (w *writer) asset(a Asset) {
	w.open('{')
	w.text("code", a.Code)
	w.count("scale", uint64(a.Scale))
	w.close('}')
}

// member writes one member of a lifecycle's own.
func (w *writer) member(c *Contract, m *member) {
	l := c.lifecycle
	switch m.kind {
	case memberField:
		from := l.terms
		if m.ref.home == homeState {
			from = l.state
		}
		if !w.late(c.terms, -1, -1, m.ref.slot) {
			w.field(c, from, c.home(m.ref), m.ref.slot)
		}
	case memberList:
		if items := c.items(m.n); len(items) > 0 {
			w.key(m.name)
			w.items(c, &l.lists[m.n], items)
		}
	case memberForm:
		w.form(c, m)
	case memberPosted:
		if p := &l.pots[m.n]; c.filled.has(p.n) {
			w.amount(m.name, c.pots[p.n], c.terms.asset)
		}
	}
}

// late writes a draft's value that is none of its field's as it was given, so that
// it is refused for the same when it is read back, and reports whether there is one.
func (w *writer) late(t *terms, list, item int, s *slot) bool {
	for i := range t.late {
		if l := &t.late[i]; l.field == s.field && l.list == list && l.item == item && l.text != "" {
			w.known(s.key)
			w.buf = appendString(w.buf, l.text)
			return true
		}
	}
	return false
}

// items writes the items of a list; of a draft's what rules set is left out.
func (w *writer) items(c *Contract, l *itemList, items []*record) {
	w.open('[')
	for i, item := range items {
		w.open('{')
		w.field(c, l.layout, item, &l.layout.slots[0])
		if l.decl.Numbered != "" && c.status != 0 {
			w.count(l.decl.Numbered, uint64(i+1))
		}
		for j := 1; j < len(l.layout.slots); j++ {
			if s := &l.layout.slots[j]; !w.late(c.terms, l.index, i, s) {
				w.field(c, l.layout, item, s)
			}
		}
		if len(l.decl.Statuses) > 0 && c.status != 0 {
			w.text("status", l.statusText(item))
		}
		w.close('}')
	}
	w.close(']')
}

// form writes a member that a function of the lifecycle writes.
func (w *writer) form(c *Contract, m *member) {
	defer func() {
		if p := recover(); p != nil {
			w.fail(failed(p))
		}
	}()
	w.foreign(m.name, c.lifecycle.spec.Forms[m.n].Write(w.view(c), m.name))
}

// foreign writes JSON that a function of the lifecycle made; nothing for none.
func (w *writer) foreign(name string, json []byte) {
	if len(json) == 0 {
		return
	}
	r := &reader{s: string(json), path: name}
	r.skip()
	r.end()
	if r.fault != nil {
		w.fail(refuse(RuleFailed, "a function of the lifecycle wrote no JSON: "+r.fault.message))
		return
	}
	w.raw(name, json)
}

// fail notes the first fault of a lifecycle's own functions.
func (w *writer) fail(e *Error) {
	if w.fault == nil {
		w.fault = e
	}
}

func (w *writer) custody(c *Contract) {
	w.key("custody")
	w.open('[')
	c.eachPot(func(a accountID, held Amount) bool {
		if !held.IsZero() {
			w.open('{')
			w.text("account", c.account(a).String())
			w.amount("amount", held, c.terms.asset)
			w.close('}')
		}
		return true
	})
	w.close(']')
}
