package escrow

import (
	"bytes"
	"encoding/json"
	"slices"
)

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
		if r.fault == nil && (ids[a.ID] || len(list) > maxApprovals) {
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
	case a.Quorum != max(c.terms.policy.Quorum, 1) || len(a.ConfirmedBy) > a.Quorum || pending && len(a.ConfirmedBy) == a.Quorum:
		return bad("confirmedBy", "does not fit the policy's quorum")
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
