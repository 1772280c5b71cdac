package escrow

var (
	voteNames      = fieldNames("backupAgent", "criterionIndex", "vote", "majorityOutcome", "bondOutcome", "reward")
	milestoneNames = fieldNames("id", "name", "description", "amount", "amountUsd", "dueDate", "milestoneNumber", "status")
	approvalNames  = fieldNames("id", "type", "status", "contractId", "milestoneId", "jobId", "proposalId", "approvalUrl",
		"expiresAt", "resolvedAt", "result", "createdAt", "requestedBy", "account", "command", "movements", "hash", "quorum", "confirmedBy")
	moveNames    = fieldNames("from", "to", "amount", "reason")
	custodyNames = fieldNames("account", "amount")
)

// readDrafted reads the milestones of a draft, and whether they hold anything
// that rules set.
func readDrafted(text string) (list []MilestoneTerms, ruled bool, fault *Error) {
	r := &reader{s: text, path: "milestones"}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		var t MilestoneTerms
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch i := r.field(milestoneNames, &seen); {
			case i == unknown:
				r.skip()
			case i <= 5:
				r.term(&t, i)
			case !r.null():
				ruled = true
				r.skip()
			}
		}
		if list = append(list, t); len(list) > maxMilestones {
			r.malformed("are more than 1,000")
		}
	}
	return list, ruled, r.fault
}

// readMilestones reads the milestones of a stored contract.
func (c *Contract) readMilestones(text string) ([]Milestone, *Error) {
	if text == "" {
		return nil, nil
	}
	r := &reader{s: text, path: "milestones"}
	var list []Milestone
	ids, total := map[string]bool{}, Amount{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		m := c.readMilestone(r, len(list)+1)
		if total, _ = total.plus(m.Amount); total.Cmp(maxTotal) > 0 {
			r.fail(AmountBounds, "together come to more than 10^38 smallest units")
		}
		if r.fault == nil && (ids[m.ID] || len(list) >= maxMilestones) {
			r.malformed("must be at most 1,000, of different ids")
		}
		ids[m.ID] = true
		list = append(list, m)
	}
	return list, r.fault
}

func (c *Contract) readMilestone(r *reader, number int) Milestone {
	var t MilestoneTerms
	var status MilestoneStatus
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch i := r.field(milestoneNames, &seen); {
		case i == unknown:
			r.skip()
		case i <= 5:
			r.term(&t, i)
		case i == 6:
			if n := r.count(maxMilestones); n != 0 {
				number = int(n)
			}
		default:
			status = MilestoneStatus(r.prose())
		}
	}
	if r.fault != nil {
		return Milestone{}
	}
	m, fault := c.milestoneOf(t, "milestones")
	if fault != nil {
		r.fail(Malformed, fault.message)
	}
	m.Number, m.Status = number, status
	r.path = "milestones.status"
	switch status {
	case NotFunded, Paid, Refunded, Cancelled:
	case ActiveFunded:
		if !c.held.has(potMilestone) {
			r.malformed("cannot be ACTIVE_FUNDED in this status")
		}
	default:
		r.malformed("must be NOT_FUNDED, ACTIVE_FUNDED, PAID, REFUNDED or CANCELLED")
	}
	return m
}

// amount reads an amount of an asset; null is nothing.
func (r *reader) amount(asset Asset) Amount {
	n, ok := r.number()
	if !ok {
		return Amount{}
	}
	a, reason := n.units(asset.Scale)
	if reason != "" {
		r.fail(reason, catalogueText(reason))
	}
	return a
}

// holding reads what a pot holds: a bond for each criterion may be more than any
// single amount.
func (r *reader) holding(asset Asset) Amount {
	n, ok := r.number()
	if !ok {
		return Amount{}
	}
	a, reason := n.unitsTo(asset.Scale, maxTotal)
	if reason != "" {
		r.fail(reason, catalogueText(reason))
	}
	return a
}

// readCustody reads what an input says is held, by account.
func (c *Contract) readCustody(text string) (map[string]Amount, *Error) {
	r := &reader{s: text, path: "custody"}
	said := map[string]Amount{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		account, amount := "", Amount{}
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch r.field(custodyNames, &seen) {
			case 0:
				account = r.text()
			case 1:
				amount = r.holding(c.terms.asset)
			default:
				r.skip()
			}
		}
		if _, twice := said[account]; twice {
			r.malformed("names an account twice")
		}
		said[account] = amount
	}
	return said, r.fault
}
