package escrow

// pick returns the rule that answers for the question, and whether it fits: the
// first whose status, cases, item status and window do; else the first whose
// status and cases do; else the first whose cases do.
func (g *group) pick(q *ask) (r *rule, fits bool) {
	if len(g.rules) == 1 {
		r = g.rules[0]
		return r, r.starts(q.c.status) && q.allHold(r.cases)
	}
	q.picking, q.asked = true, 0
	r, fits = g.among(q)
	q.picking = false
	return r, fits
}

// among picks from several rules.
func (g *group) among(q *ask) (r *rule, fits bool) {
	var near *rule
	for _, r := range g.rules {
		if !r.starts(q.c.status) || !q.allHold(r.cases) {
			continue
		}
		if g.even || r.plain() || q.inItemStatus(r) && q.inWindow(r) {
			return r, true
		}
		if near == nil {
			near = r
		}
	}
	if near != nil {
		return near, true
	}
	for _, r := range g.rules {
		if q.allHold(r.cases) {
			return r, false
		}
	}
	return g.rules[0], false
}

// plain reports whether neither a window nor an item tells the row from others.
func (r *rule) plain() bool { return r.each < 0 && r.opens == nil && r.closes == nil }

// inItemStatus reports whether the row starts from the status of its item.
func (q *ask) inItemStatus(r *rule) bool {
	if r.each < 0 || r.being == 0 {
		return true
	}
	item := q.itemRecord(q.c)
	return item != nil && r.being.has(uint8(item.cells[itemStatus].lo))
}

// inWindow reports whether the time is within the row's window.
func (q *ask) inWindow(r *rule) bool {
	if r.opens != nil {
		if at := q.when(r.opens); at.isZero() || q.now.before(at) {
			return false
		}
	}
	if r.closes == nil {
		return true
	}
	at := q.when(r.closes)
	return at.isZero() || q.now.before(at)
}
