package escrowtest

import (
	"slices"

	"github.com/escrow-go/escrow"
)

// approvalOf returns the approval of an id.
func approvalOf(c *escrow.Contract, id string) (escrow.Approval, bool) {
	for _, a := range c.Approvals() {
		if a.ID == id {
			return a, true
		}
	}
	return escrow.Approval{}, false
}

// answered checks the rules that all lifecycles have in common: AP-1 and AP-2 are
// for signed-in humans of the client, about an approval that is pending and not
// past its time; AP-3 is part of advance and moves nothing.
func (v *violations) answered(s *Step) {
	var id string
	switch cmd := s.Command.(type) {
	case escrow.Confirm:
		id = cmd.ApprovalID
	case escrow.DeclineApproval:
		id = cmd.ApprovalID
	case escrow.Advance:
		if len(s.Answer.Movements) > 0 || s.Answer.From != s.Answer.To {
			v.add("G11", "an expiry moves something")
		}
		return
	default:
		v.add("G7", "%s is no answer to %s", s.Answer.Rule, s.Command.Action())
		return
	}
	if s.Actor.Kind != escrow.KindHuman || accountOf(s.Actor) != s.Before.Client() {
		v.add("G7", "%s answers for %s, and is no human of it", nameOf(s.Actor), s.Before.Client())
	}
	a, ok := approvalOf(&s.Before, id)
	if status := a.StatusAt(s.Now); !ok || status != escrow.ApprovalIsPending {
		v.add("G11", "approval %q is %s, and %s is accepted", id, status, s.Command.Action())
	}
	if _, decline := s.Command.(escrow.DeclineApproval); decline && len(s.Answer.Movements) > 0 {
		v.add("G11", "declining moves money")
	}
}

// coSigned checks that money of a rule that waits for a co-signature moves only
// when one human is enough, and is the one who asks.
func (v *violations) coSigned(s *Step, rows []*escrow.Rule) {
	if len(s.Answer.Movements) == 0 || !slices.ContainsFunc(rows, func(r *escrow.Rule) bool { return r.CoSign.Type != "" }) {
		return
	}
	if p := s.Before.Policy(); s.Actor.Kind != escrow.KindHuman || p.Quorum > 1 || p.SeparateDuties {
		v.add("G11", "%s moves money without its co-signatures", s.Answer.Rule)
	}
}

// approvals checks G11 on the records of a decision: one that had ended stays as
// it was, none is lost, none is pending past its time or twice for one target, and
// one that is executed has the confirmations and moves the money that it shows.
func (v *violations) approvals(s *Step) {
	before, after := s.Before.Approvals(), s.Answer.Contract.Approvals()
	pending := map[[2]string]bool{}
	for i, a := range after {
		if i < len(before) && before[i].ID == a.ID && before[i].Status != escrow.ApprovalIsPending && before[i].Status != a.Status {
			v.add("G11", "approval %s was %s, and is %s", a.ID, before[i].Status, a.Status)
		}
		if a.Status != escrow.ApprovalIsPending {
			continue
		}
		if target := [2]string{a.Type, a.MilestoneID}; pending[target] {
			v.add("G11", "two approvals of %s are pending", a.Type)
		} else {
			pending[target] = true
		}
		if !s.Answer.At.IsZero() && !s.Answer.At.Before(a.ExpiresAt) {
			v.add("G11", "approval %s is past its time, and pending", a.ID)
		}
	}
	if len(after) < len(before) {
		v.add("G11", "%d approvals are gone", len(before)-len(after))
	}
	v.executed(s)
}

// executed checks an approval that a decision carries out.
func (v *violations) executed(s *Step) {
	confirm, ok := s.Command.(escrow.Confirm)
	if !ok {
		return
	}
	a, _ := approvalOf(s.Answer.Contract, confirm.ApprovalID)
	p := s.Before.Policy()
	if s.Answer.Executes == "" {
		if a.Status != escrow.ApprovalIsPending || len(s.Answer.Movements) > 0 {
			v.add("G11", "approval %s is not executed, but %s, and %d movements follow", a.ID, a.Status, len(s.Answer.Movements))
		}
		return
	}
	others := slices.DeleteFunc(slices.Clone(a.ConfirmedBy), func(id string) bool { return id == a.RequestedBy })
	switch {
	case a.Status != escrow.ApprovalIsConfirmed:
		v.add("G11", "approval %s is executed, and %s", a.ID, a.Status)
	case len(a.ConfirmedBy) < p.Quorum:
		v.add("G11", "approval %s is executed when %d of %d have confirmed", a.ID, len(a.ConfirmedBy), p.Quorum)
	case p.SeparateDuties && len(others) == 0:
		v.add("G11", "approval %s is confirmed by nobody but %s, who asked", a.ID, a.RequestedBy)
	case !slices.EqualFunc(a.Movements, s.Answer.Movements, sameMovement):
		v.add("G11", "approval %s shows other money than moves", a.ID)
	}
}

func sameMovement(shown escrow.Movement, moved Movement) bool {
	return shown.From == moved.From && shown.To == moved.To && shown.Amount == moved.Amount && shown.Reason == moved.Reason
}
