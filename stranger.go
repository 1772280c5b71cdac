package escrow

// stranger returns why the actor is not the party, nil when it is.
func (q *ask) stranger(p *party) *Error {
	switch p.sort {
	case partyOfTerms, partyOfState:
		if p.kinds&q.kind != 0 && q.c.home(p.ref).texts[p.ref.index] == q.account {
			return nil
		}
		return p.stranger()
	case partyAnyone:
		return nil
	case partyPlatform:
		if q.kind == theSystem {
			return nil
		}
		return p.stranger()
	case partyEither:
		for _, o := range p.options {
			if q.stranger(o) == nil {
				return nil
			}
		}
		return p.stranger()
	}
	if p.kinds&q.kind == 0 {
		return p.stranger()
	}
	account := q.account
	if p.sort == partyBut {
		for _, o := range p.options {
			if account == q.c.partyID(o, -1) || o.sort == partyOfItem && findItem(q.c.items(o.list), account) >= 0 {
				return p.instead
			}
		}
		return nil
	}
	if p.sort == partyOfItem && q.list == p.list && q.item >= 0 {
		if q.c.items(q.list)[q.item].texts[itemKey] == account {
			return nil
		}
	} else if id := q.c.partyID(p, q.item); id != "" && id == account {
		return nil
	}
	return p.stranger()
}

// stranger returns the refusal of whoever is not the party. One that never asks
// needs none of its own.
func (p *party) stranger() *Error {
	if p.refusal == nil {
		return refuseStranger
	}
	return p.refusal
}

var refuseStranger = refuse(ContractNotFound, "")

// explained returns a refusal of the rule that tells both ids, where there are two and
// the actor may know.
func (q *ask) explained(r *rule, e *Error) finding {
	f := refused(r.prepared(e))
	if f.refusal.code == Forbidden && r.by.sort <= partyOfState && q.c.partyID(r.by, -1) != "" {
		f.note = &r.by.note
	}
	return f
}
