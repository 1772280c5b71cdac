package escrow

// divide pays an amount out in shares, with the cuts of the first receiver's part.
// Movements: the first receiver, the cuts in order, then the other receivers.
func (d *Decision) divide(q *ask, r *rule, s *step, from accountID, w worth) *Error {
	held := w.amount
	first, firstWorth := held, w
	var rest []Amount
	var pair [1]Amount
	ratio, policy := Ratio{}, (*Field)(nil)
	if s.shares != nil {
		e := (*Error)(nil)
		if first, rest, ratio, e = d.shared(q, s, from, held, pair[:0]); e != nil {
			return e
		}
		policy = s.shares.field
		firstWorth = worth{amount: first, of: held, ratio: ratio, policy: policy}
	}
	if len(s.cuts) > 0 {
		d.cut(q, s, from, first)
	} else {
		d.move(from, d.payee(q, s.payees[0], s.to), s.reasons[0], &firstWorth)
	}
	for i, part := range rest {
		w := worth{amount: part, of: held, ratio: ratio.restOf(policy), policy: policy}
		p := s.payees[i+1]
		d.move(from, d.payee(q, p, p.account()), s.reasons[i+1], &w)
	}
	return nil
}

// restOf returns 1 - r where a ratio made the division.
func (r Ratio) restOf(policy *Field) Ratio {
	if policy == nil {
		return Ratio{}
	}
	return r.rest()
}

// shared divides an amount among the receivers of a split: what the first gets,
// and the rest in order.
func (d *Decision) shared(q *ask, s *step, from accountID, held Amount, rest []Amount) (first Amount, _ []Amount, ratio Ratio, e *Error) {
	var second Amount
	decl := s.shares.decl
	switch {
	case decl.Ratio != nil && decl.Given:
		v := q.view(q.c)
		ratio = v.Given().Ratio(decl.Ratio)
		first, second = held.split(ratio)
	case decl.Ratio != nil:
		ratio = Ratio{q.cell(q.c, &s.shares.ratio).lo}
		first, second = held.split(ratio)
	case decl.Weights != nil:
		part, total := decl.Weights(q.view(q.c))
		if total == 0 || part > total {
			return first, nil, ratio, refuse(RuleFailed, "the weights of "+s.shares.decl.Name+" are no part of a whole")
		}
		first, second = held.splitOf(part, total)
	case decl.First != nil:
		if first = decl.First(q.view(q.c), held); first.Cmp(held) > 0 {
			first = held
		}
		second, _ = held.minus(first)
	case s.shares.becoming != 0:
		if d.Contract.items(int(s.list))[from.item].cells[itemStatus].lo == s.shares.becoming {
			first = held
		} else {
			second = held
		}
	default:
		return d.sharedByWeights(q, s, held)
	}
	return first, append(rest, second), ratio, nil
}

// sharedByWeights divides an amount by given percentages, or equally.
func (d *Decision) sharedByWeights(q *ask, s *step, held Amount) (Amount, []Amount, Ratio, *Error) {
	weights := make([]uint64, len(s.payees))
	var total uint64
	v := q.view(q.c)
	for i := range weights {
		weights[i] = 1
		if given := s.shares.decl.Percentages; given != nil {
			weights[i] = v.Given().Ratio(given[i]).e18
		}
		// Beyond the whole nothing is added: a sum that wraps is no whole.
		if total <= ratioOne {
			total += weights[i]
		}
	}
	if s.shares.decl.Percentages != nil && total != ratioOne {
		return Amount{}, nil, Ratio{}, d.Contract.lifecycle.refuse(SplitInvalid)
	}
	parts := make([]Amount, len(weights))
	if !allocate(parts, make([]uint64, len(weights)), held, weights) {
		return Amount{}, nil, Ratio{}, d.Contract.lifecycle.refuse(Unbalanced)
	}
	return parts[0], parts[1:], Ratio{}, nil
}

// cut pays the first receiver its part less the cuts, then the cuts: the fixed
// ones in order, each at most what is left, then the ratios in one division.
func (d *Decision) cut(q *ask, s *step, from accountID, part Amount) {
	if len(s.cuts) == 1 && s.cuts[0].amount == nil {
		c := &s.cuts[0]
		rate := Ratio{q.cell(q.c, &c.ratio).lo}
		cut, net := part.split(rate)
		w := worth{amount: net, of: part, ratio: rate.rest(), policy: c.field}
		d.move(from, d.payee(q, s.payees[0], s.to), s.reasons[0], &w)
		w = worth{amount: cut, of: part, ratio: rate, policy: c.field}
		d.move(from, d.payee(q, c.to, c.to.account()), c.reason, &w)
		return
	}
	left := part
	cuts := make([]worth, len(s.cuts))
	weights := make([]uint64, 0, len(s.cuts)+1)
	whole := uint64(ratioOne)
	for i := range s.cuts {
		c := &s.cuts[i]
		if c.amount == nil {
			rate := q.cell(q.c, &c.ratio).lo
			rate = min(rate, whole)
			whole -= rate
			weights = append(weights, rate)
			continue
		}
		cuts[i] = q.value(c.amount, q.c)
		if cuts[i].amount.Cmp(left) > 0 {
			cuts[i].amount = left
		}
		left, _ = left.minus(cuts[i].amount)
	}
	weights = append(weights, whole)
	shares := make([]Amount, len(weights))
	allocate(shares, make([]uint64, len(weights)), left, weights)
	net := worth{amount: shares[len(shares)-1], of: part}
	d.move(from, d.payee(q, s.payees[0], s.to), s.reasons[0], &net)
	n := 0
	for i := range s.cuts {
		c := &s.cuts[i]
		if c.amount == nil {
			cuts[i] = worth{amount: shares[n], of: left, ratio: Ratio{weights[n]}, policy: c.field}
			n++
		}
		d.move(from, d.payee(q, c.to, c.to.account()), c.reason, &cuts[i])
	}
}
