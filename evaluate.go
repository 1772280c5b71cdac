package escrow

// view returns what a lifecycle's functions may look at for the question, in a
// snapshot: the one before the rule, or the one under construction.
func (q *ask) view(c *Contract) View {
	if q.stage == nil {
		q.stage = new(stage)
	}
	if q.stage.viewState == nil {
		q.stage.viewState = new(viewState)
	}
	s := q.stage.viewState
	if c != q.c || !q.stage.set {
		s.c, q.stage.set = *c, c == q.c
	}
	s.now, s.account, s.kind = q.now, q.actor.account(), q.actor.Kind
	s.confirms, s.named, s.direct = q.onBehalf, q.named, q.direct
	s.own, s.ownParams = nil, nil
	v := View{viewState: s, list: -1, index: -1}
	if q.cmd.act != nil {
		v.given, v.params = q.cmd.payload, q.cmd.act.layout
	}
	switch {
	case !q.onBehalf:
		s.own, s.ownParams = v.given, v.params
	case q.own != nil:
		s.own, s.ownParams = q.own.payload, q.own.act.layout
	}
	if q.item >= 0 && q.list >= 0 && q.item < len(c.items(q.list)) {
		v.list, v.index, v.item = int8(q.list), int32(q.item), c.items(q.list)[q.item]
	}
	return v
}

// at returns the record that a place is in: of an item the question's.
func (q *ask) at(c *Contract, r *ref) *record {
	if r.home != homeItem {
		return c.home(*r)
	}
	if items := c.items(r.list); q.list == r.list && q.item >= 0 && q.item < len(items) {
		return items[q.item]
	}
	return nil
}

// cell returns a stored scalar, nothing when it is not there.
func (q *ask) cell(c *Contract, r *ref) cell {
	if rec := q.at(c, r); rec != nil {
		return rec.cells[r.index]
	}
	return cell{}
}

// holds reports whether all cases hold for the question.
func (q *ask) allHold(tests []test) bool {
	for i := range tests {
		if !q.holds(&tests[i]) {
			return false
		}
	}
	return true
}

// holds reports whether a case holds for the question.
func (q *ask) holds(t *test) bool {
	if t.shared == 0 || !q.picking {
		return q.find(t)
	}
	bit := uint64(1) << t.shared
	if q.asked&bit == 0 {
		if q.asked, q.held = q.asked|bit, q.held&^bit; q.find(t) {
			q.held |= bit
		}
	}
	return q.held&bit != 0
}

// find finds out whether a case holds.
func (q *ask) find(t *test) bool {
	switch t.op {
	case testSet, testUnset:
		return q.isSet(t) == (t.op == testSet)
	case testEqual:
		return q.cellOf(t).lo == t.number
	case testAtMost, testMore:
		a, b := q.value(t.sums[0], q.c), q.value(t.sums[1], q.c)
		return a.amount.Cmp(b.amount) <= 0 == (t.op == testAtMost)
	case testWithin:
		return q.within(t)
	case testDiffer:
		return q.differ(t)
	case testAhead:
		return q.ahead(t)
	case testInOrder:
		return q.inOrder(t)
	case testLacks:
		return q.cell(q.c, &t.ref).count(t.number) == 0
	case testEmpty, testNone, testSome:
		return q.holdsOfItems(t)
	case testActing:
		return q.stranger(t.parties[0]) == nil
	case testAll:
		return q.allHold(t.subs)
	case testAny:
		for i := range t.subs {
			if q.holds(&t.subs[i]) {
				return true
			}
		}
		return false
	case testNot:
		return !q.holds(&t.subs[0])
	case testFunc:
		return t.decl.Func(q.view(q.c))
	}
	return false
}

func (q *ask) isSet(t *test) bool {
	if t.given {
		v := q.view(q.c)
		return v.Given().Has(t.wordOf())
	}
	r := q.at(q.c, &t.ref)
	return r != nil && r.has(t.ref.slot)
}

func (t *test) wordOf() Word {
	switch t.op {
	case testSet:
		return t.decl.IsSet
	case testUnset:
		return t.decl.Unset
	case testLacks:
		return t.decl.Lacks
	}
	return t.decl.Field
}

func (q *ask) cellOf(t *test) cell {
	if t.given {
		v := q.view(q.c).Given()
		return v.cell(t.decl.Field)
	}
	return q.cell(q.c, &t.ref)
}

// within reports whether ratios add up to at most 1.
func (q *ask) within(t *test) bool {
	total := uint64(0)
	for i := range t.ratios {
		if total += q.cell(q.c, &t.ratios[i]).lo; total > ratioOne {
			return false
		}
	}
	return true
}

// ahead reports whether a moment lies after now: as it is, or as the command
// leaves it.
func (q *ask) ahead(t *test) bool {
	c := q.c
	if t.given {
		c = q.amended()
	}
	at := t.moments[0].at(c, q.itemRecord(c))
	return at.isZero() || q.now.before(at)
}

// inOrder reports whether moments follow each other.
func (q *ask) inOrder(t *test) bool {
	var last instant
	item := q.itemRecord(q.c)
	for _, m := range t.moments {
		at := m.at(q.c, item)
		if at.isZero() {
			continue
		}
		if at.before(last) || t.decl.Strictly && at == last {
			return false
		}
		last = at
	}
	return true
}

// amended returns the contract with what the command carries for fields of the
// state. A value that is none is left out: it is refused elsewhere.
func (q *ask) amended() *Contract {
	own := *q.c
	if q.cmd.payload == nil {
		return &own
	}
	own.state = own.state.clone()
	for i := range q.cmd.act.layout.slots {
		s := &q.cmd.act.layout.slots[i]
		at := own.lifecycle.locate(s.field.declared())
		if at == nil || at.home != homeState || !q.cmd.payload.has(s) {
			continue
		}
		if v, fault := q.given(s.field, s.field.declared()); fault == nil {
			own.lifecycle.state.put(own.state, at.slot, &v)
		}
	}
	return &own
}

// differ reports whether no two of the parties have the same account; whoever is
// not set yet differs from all.
func (q *ask) differ(t *test) bool {
	for i, p := range t.parties {
		a := q.c.partyID(p, q.item)
		for _, other := range t.parties[:i] {
			if a != "" && a == q.c.partyID(other, q.item) {
				return false
			}
		}
	}
	return true
}

func (q *ask) holdsOfItems(t *test) bool {
	if t.op == testEmpty {
		if t.pot.list < 0 {
			return q.c.balance(t.pot).IsZero()
		}
		for _, item := range q.c.items(t.pot.list) {
			if item.cells[itemBalance] != (cell{}) {
				return false
			}
		}
		return true
	}
	found := false
	for _, item := range q.c.items(t.list) {
		if t.mask>>item.cells[itemStatus].lo&1 != 0 {
			found = true
			break
		}
	}
	return found == (t.op == testSome)
}

// itemRecord returns the question's item in a snapshot, nil without one.
func (q *ask) itemRecord(c *Contract) *record {
	if q.list >= 0 && q.item >= 0 && q.item < len(c.items(q.list)) {
		return c.items(q.list)[q.item]
	}
	return nil
}

// when returns a moment, of an item's moment that of the question's item.
func (q *ask) when(m *moment) instant {
	if m.ofItem {
		return m.at(q.c, q.itemRecord(q.c))
	}
	return m.at(q.c, nil)
}

// at returns the moment in a contract, of an item's moment the item's; unset when
// it has none.
func (m *moment) at(c *Contract, item *record) instant {
	if m.plain {
		return m.ref.of(c, item).instant()
	}
	return m.work(c, item)
}

// of returns a scalar of the contract or of an item, nothing when there is none.
func (r ref) of(c *Contract, item *record) cell {
	switch {
	case r.home != homeItem:
		return c.home(r).cells[r.index]
	case item != nil:
		return item.cells[r.index]
	}
	return cell{}
}

// work works the moment out.
func (m *moment) work(c *Contract, item *record) instant {
	var at instant
	switch m.op {
	case momentField:
		at = m.ref.of(c, item).instant()
	case momentEntered:
		at = c.enteredAt
	case momentAwaited:
		if a := c.awaited(); a != nil {
			at = instantOf(a.ExpiresAt)
		}
	default:
		for _, sub := range m.subs {
			s := sub.at(c, item)
			if m.op == momentFirst && !at.isZero() {
				break
			}
			if !s.isZero() && (at.isZero() || s.before(at) == (m.op == momentEarlier)) {
				at = s
			}
		}
	}
	switch {
	case at.isZero():
		return at
	case m.plus.slot != nil:
		return at.plus(seconds(m.plus.of(c, item).lo))
	case m.fixed != 0:
		return at.plus(m.fixed)
	}
	return at
}

// worth is what a sum comes to, and from what it was made.
type worth struct {
	amount, of Amount
	ratio      Ratio
	policy     *Field
	times      uint64
}

// value works out what a sum comes to in a snapshot.
func (q *ask) value(s *sum, c *Contract) (w worth) {
	q.worth(s, c, &w)
	return w
}

// worth is value into memory: large things are slow to return.
func (q *ask) worth(s *sum, c *Contract, w *worth) {
	switch s.op {
	case sumField:
		w.amount = Amount(q.cell(c, &s.ref))
	case sumGiven:
		v := q.view(c)
		w.amount = v.Given().Amount(s.param)
	case sumPot:
		w.amount = q.potBalance(c, s.pot)
	case sumTotal:
		for _, item := range c.items(c.lifecycle.pots[s.pot].list) {
			w.amount = w.amount.plusAtMost(Amount(item.cells[itemBalance]))
		}
	case sumOf:
		q.worth(s.of, c, w)
	case sumLesser:
		for i, sub := range s.lesser {
			if v := q.value(sub, c); i == 0 || v.amount.Cmp(w.amount) < 0 {
				*w = v
			}
		}
	case sumFunc:
		w.amount = s.decl.Func(q.view(c))
	}
	if s.op != sumOf {
		w.of = w.amount
	}
	if s.hasR {
		w.of, w.ratio, w.policy = w.amount, Ratio{q.cell(c, &s.ratio).lo}, s.policy
		w.amount, _ = w.amount.split(w.ratio)
	} else if s.policy != nil {
		w.policy = s.policy
	}
	if s.hasN {
		w.times = q.count(c, &s.times)
		w.amount = w.amount.timesAtMost(w.times)
	}
}

// count returns a count, or how many texts a field has.
func (q *ask) count(c *Contract, r *ref) uint64 {
	rec := q.at(c, r)
	switch {
	case rec == nil:
		return 0
	case r.slot.field.Kind == TextsKind:
		return uint64(len(rec.lists[r.index].texts))
	}
	return rec.cells[r.index].lo
}

// potBalance returns what a pot holds, of a list's pot the question's item's.
func (q *ask) potBalance(c *Contract, n int) Amount {
	p := &c.lifecycle.pots[n]
	if p.list < 0 {
		return c.balance(p)
	}
	if item := q.itemRecord(c); item != nil && q.list == p.list {
		return Amount(item.cells[itemBalance])
	}
	return Amount{}
}
