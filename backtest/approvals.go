package backtest

import (
	"encoding/json"

	"github.com/escrow-go/escrow"
)

// link remembers which approval stands for a recorded one.
func (p *replay) link(recorded string, d *escrow.Decision) {
	a, ok := d.Approval()
	if !ok || recorded == "" {
		return
	}
	if p.approvals == nil {
		p.approvals = map[string]string{}
	}
	p.approvals[recorded] = a.ID
}

// translated returns a recorded command as it is asked here: an answer to an
// approval names the one that stands for the recorded one and, where the person saw
// what was recorded, shows the person what is here.
func (p *replay) translated(q *escrow.Request) escrow.Command {
	if !answers(q.Command) {
		return q.Command
	}
	text, err := q.Command.MarshalJSON()
	if err != nil {
		return q.Command
	}
	var fields map[string]json.RawMessage
	var named struct{ ApprovalID, Hash string }
	if json.Unmarshal(text, &fields) != nil || json.Unmarshal(text, &named) != nil {
		return q.Command
	}
	id := p.approval(named.ApprovalID)
	fields["approvalId"], _ = json.Marshal(id)
	was, recorded := q.Contract.Approval(named.ApprovalID)
	if is, ok := p.contract.Approval(id); ok && recorded && named.Hash == was.Hash {
		fields["hash"], _ = json.Marshal(is.Hash)
	}
	text, _ = json.Marshal(fields)
	if own, err := p.contract.Lifecycle().ParseCommand(text); err == nil {
		return own
	}
	return q.Command
}

// answers reports whether a command is the answer to an approval.
func answers(c escrow.Command) bool {
	switch c.Action() {
	case escrow.Confirm("", "").Action(), escrow.DeclineApproval("", "").Action(), escrow.RevokeConfirmation("").Action():
		return true
	}
	return false
}

// approval returns the id of the approval that stands for a recorded one. That of
// one which never came about here names none: revisions, and so ids, begin with 1.
func (p *replay) approval(recorded string) string {
	if id, ok := p.approvals[recorded]; ok {
		return id
	}
	return p.contract.ID() + "-ap-0"
}
