package escrow

import (
	"bytes"
	"encoding/json"
	"slices"
)

var (
	voteNames      = fieldNames("backupAgent", "criterionIndex", "vote", "majorityOutcome", "bondOutcome", "reward")
	milestoneNames = fieldNames("id", "name", "description", "amount", "amountUsd", "dueDate", "milestoneNumber", "status")
	approvalNames  = fieldNames("id", "type", "status", "contractId", "milestoneId", "jobId", "proposalId", "approvalUrl",
		"expiresAt", "resolvedAt", "result", "createdAt", "requestedBy", "account", "command", "movements", "hash", "quorum", "confirmedBy")
	moveNames    = fieldNames("from", "to", "amount", "reason")
	custodyNames = fieldNames("account", "amount")
)

func readVotes(text string) ([]CastVote, *Error) {
	var votes []CastVote
	if text == "" {
		return nil, nil
	}
	r := &reader{s: text, path: "votes"}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		v := CastVote{CriterionIndex: -1}
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch r.field(voteNames, &seen) {
			case 0:
				v.BackupAgent = r.text()
			case 1:
				v.CriterionIndex = r.index()
			case 2:
				v.Vote = Verdict(r.text())
			case 3:
				v.MajorityOutcome = Verdict(r.text())
			case 4:
				v.BondOutcome = r.text()
			case 5:
				if n, ok := r.number(); ok {
					v.Reward = string(n.appendText(nil))
				}
			default:
				r.skip()
			}
		}
		votes = append(votes, v)
	}
	return votes, r.fault
}

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
	ids := map[string]bool{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		m := c.readMilestone(r, len(list)+1)
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

// readApprovals reads the approvals of a stored contract.
func (c *Contract) readApprovals(text string) ([]Approval, *Error) {
	if text == "" {
		return nil, nil
	}
	r := &reader{s: text, path: "approvals"}
	var list []Approval
	ids, accounts := map[string]bool{}, c.accounts()
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		a := c.readApproval(r, accounts)
		if r.fault == nil && (ids[a.ID] || len(list) >= maxApprovals) {
			r.path = "approvals"
			r.malformed("must be at most 1,000, of different ids")
		}
		ids[a.ID] = true
		list = append(list, a)
	}
	return list, r.fault
}

func (c *Contract) readApproval(r *reader, accounts map[string]Account) Approval {
	a := Approval{ContractID: c.terms.id, Account: c.terms.client, Quorum: max(c.terms.policy.Quorum, 1)}
	command, moves := "", ""
	var seen uint64
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		switch i := r.field(approvalNames, &seen); i {
		case 14:
			command = r.raw()
		case 15:
			moves = r.raw()
		default:
			r.approvalField(&a, i)
		}
	}
	if r.fault != nil {
		return a
	}
	r.path = "approvals"
	if fault := c.bind(&a, command, moves, accounts); fault != nil {
		r.fault, r.i = fault, len(r.s)
	}
	return a
}

func (r *reader) approvalField(a *Approval, i int) {
	switch i {
	case 0:
		a.ID = r.prose()
	case 1:
		a.Type = r.prose()
	case 2:
		a.Status = ApprovalStatus(r.prose())
	case 3:
		a.ContractID = r.prose()
	case 4:
		a.MilestoneID = r.id()
	case 5:
		a.JobID = r.prose()
	case 6:
		a.ProposalID = r.prose()
	case 7:
		a.ApprovalURL = r.prose()
	case 8:
		a.ExpiresAt = r.instant().time()
	case 9:
		a.ResolvedAt = r.instant().time()
	case 10:
		if text := r.raw(); text != "" {
			var b bytes.Buffer
			if json.Compact(&b, []byte(text)) != nil {
				r.malformed("is no JSON")
			}
			a.Result = b.Bytes()
		}
	case 11:
		a.CreatedAt = r.instant().time()
	case 12:
		a.RequestedBy = r.id()
	case 13:
		if account := r.id(); account != "" {
			a.Account = account
		}
	case 16:
		a.Hash = r.prose()
	case 17:
		a.Quorum = int(r.count(1_000_000))
	case 18:
		a.ConfirmedBy = r.texts()
	default:
		r.skip()
	}
}

// bind completes an approval with its command and movements, and refuses one
// that does not hang together.
func (c *Contract) bind(a *Approval, command, moves string, accounts map[string]Account) (fault *Error) {
	bad := func(name, message string) *Error { return field(Malformed, "approvals."+name, message) }
	if command == "" {
		return bad("command", "is missing")
	}
	if a.Command, fault = c.law.readCommand(command); fault != nil {
		return fault
	}
	if hire, is := a.Command.(Hire); is && hire.Milestone == nil {
		return bad("command", "needs the milestone with all its terms")
	}
	if a.Movements, fault = c.readMoves(moves, accounts); fault != nil {
		return fault
	}
	pending := a.Status == ApprovalIsPending
	hash := a.hash()
	switch {
	case a.ID == "" || a.ContractID != c.terms.id:
		return bad("id", "needs an id, and the contract's own contractId")
	case !c.law.coSigns(a.Type, a.Command.Action()):
		return bad("type", "no rule waits for "+a.Type+" of such a command")
	case !pending && resolved[a.Status] == "":
		return bad("status", "must be pending, confirmed, declined, expired or superseded")
	case pending != a.ResolvedAt.IsZero():
		return bad("resolvedAt", "is set exactly when the approval has ended")
	case a.ExpiresAt.IsZero() || a.CreatedAt.IsZero() || a.RequestedBy == "":
		return bad("expiresAt", "needs createdAt, expiresAt and requestedBy")
	case a.Quorum < 1 || len(a.ConfirmedBy) > a.Quorum || pending && len(a.ConfirmedBy) == a.Quorum:
		return bad("confirmedBy", "does not fit the quorum")
	case slices.ContainsFunc(a.ConfirmedBy, func(id string) bool { return !validID(id) }) || hasTwins(a.ConfirmedBy):
		return bad("confirmedBy", "must be different ids")
	case a.Hash != "" && a.Hash != hash:
		return bad("hash", "does not belong to the command and movements")
	}
	a.Hash = hash
	return nil
}

func hasTwins(list []string) bool {
	for i, s := range list {
		if slices.Contains(list[:i], s) {
			return true
		}
	}
	return false
}

// coSigns reports whether a rule of the action waits for an approval of the type.
func (l *Lifecycle) coSigns(kind string, action Action) bool {
	return slices.ContainsFunc(l.rules, func(r rule) bool { return kind != "" && r.CoSign.Type == kind && r.action == action })
}

// readMoves reads what an approval would move. The accounts must be the
// contract's own.
func (c *Contract) readMoves(text string, known map[string]Account) ([]Movement, *Error) {
	moves := []Movement{}
	if text == "" {
		return moves, nil
	}
	r := &reader{s: text, path: "approvals.movements"}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		m := Movement{Asset: c.terms.asset}
		var seen uint64
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			switch r.field(moveNames, &seen) {
			case 0:
				m.From = known[r.text()]
			case 1:
				m.To = known[r.text()]
			case 2:
				m.Amount = r.amount(m.Asset)
			case 3:
				m.Reason = MovementReason(r.prose())
			default:
				r.skip()
			}
		}
		if r.fault == nil && (m.From.Kind == 0 || m.To.Kind == 0 || m.Amount.IsZero()) {
			r.malformed("must move something between accounts of the contract")
		}
		moves = append(moves, m)
	}
	return moves, r.fault
}

// accounts returns every account of the contract by its text form.
func (c *Contract) accounts() map[string]Account {
	known := map[string]Account{}
	add := func(a accountID) {
		account := c.account(a)
		known[account.String()] = account
	}
	for kind := AccountClient; kind <= AccountDisputeBond; kind++ {
		if kind != AccountBackup {
			add(accountID{kind: kind})
		}
	}
	for i := range c.pots(potBackupBond) {
		add(accountID{AccountBackup, uint16(i)})
		add(accountID{AccountBackupBond, uint16(i)})
	}
	for i := range c.pots(potMilestone) {
		add(accountID{AccountMilestone, uint16(i)})
	}
	return known
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
				amount = r.amount(c.terms.asset)
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
