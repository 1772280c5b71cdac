package escrow

func (r *reader) ballots() []Ballot {
	if r.null() {
		return nil
	}
	list := []Ballot{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		b := Ballot{CriterionIndex: -1}
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch r.field(ballotNames, &seen) {
			case 0:
				b.CriterionIndex = r.index()
			case 1:
				b.Vote = Verdict(r.prose())
			default:
				r.malformed("is no field of a vote")
			}
		}
		list = append(list, b)
	}
	return list
}

func (r *reader) dispositions() []Disposition {
	if r.null() {
		return nil
	}
	list := []Disposition{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		var d Disposition
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch r.field(dispositionNames, &seen) {
			case 0:
				d.MilestoneID = r.id()
			case 1:
				d.Disposition = DispositionChoice(r.prose())
			default:
				r.malformed("is no field of a disposition")
			}
		}
		list = append(list, d)
	}
	return list
}

func (r *reader) milestoneTerms() *MilestoneTerms {
	if r.null() {
		return nil
	}
	t := &MilestoneTerms{}
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		if i := r.field(termNames, &seen); i == unknown {
			r.malformed("is no field of a milestone")
		} else {
			r.term(t, i)
		}
	}
	return t
}

// term reads one field of a milestone's terms.
func (r *reader) term(t *MilestoneTerms, i int) {
	switch i {
	case 0:
		t.ID = r.id()
	case 1:
		t.Name = r.prose()
	case 2:
		t.Description = r.prose()
	case 3, 4:
		n, ok := r.number()
		if ok && t.Amount.Valid {
			r.malformed("stands twice, as amount and amountUsd")
		} else if ok {
			t.Amount.Decimal, t.Amount.Valid = n.decimal(), true
		}
	case 5:
		t.DueDate = r.instant().time()
	}
}

func (w *writer) ballots(votes []Ballot) {
	w.key("votes")
	w.open('[')
	for _, b := range votes {
		w.open('{')
		if b.CriterionIndex >= 0 {
			w.count("criterionIndex", uint64(b.CriterionIndex))
		}
		w.text("vote", string(b.Vote))
		w.close('}')
	}
	w.close(']')
}

func (w *writer) dispositions(list []Disposition) {
	if list == nil {
		return
	}
	w.key("dispositions")
	w.open('[')
	for _, d := range list {
		w.open('{')
		w.text("milestoneId", d.MilestoneID)
		w.text("disposition", string(d.Disposition))
		w.close('}')
	}
	w.close(']')
}

func (w *writer) milestoneTerms(t *MilestoneTerms) {
	if t == nil {
		return
	}
	w.key("milestone")
	w.open('{')
	w.terms(t)
	w.close('}')
}

// terms writes the fields of a milestone's terms.
func (w *writer) terms(t *MilestoneTerms) {
	w.optional("id", t.ID)
	w.optional("name", t.Name)
	w.optional("description", t.Description)
	if t.Amount.Valid {
		w.decimal("amount", t.Amount.Decimal)
	}
	w.time("dueDate", t.DueDate)
}

// proposals writes what an approval would move.
func (w *writer) proposals(moves []Movement) {
	w.key("movements")
	w.open('[')
	for _, m := range moves {
		w.open('{')
		w.text("from", m.From.String())
		w.text("to", m.To.String())
		w.amount("amount", m.Amount, m.Asset)
		w.text("reason", string(m.Reason))
		w.close('}')
	}
	w.close(']')
}
