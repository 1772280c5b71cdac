package escrowtest

import (
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// The actions of every lifecycle with co-signed rows.
const (
	actionAdvance escrow.Action = "advance"
	actionConfirm escrow.Action = "confirm"
	actionDecline escrow.Action = "decline_approval"
	actionRevoke  escrow.Action = "revoke_confirmation"
)

// mutual reports whether another account than the one that asked must agree.
func mutual(a *escrow.Approval) bool {
	return len(a.Confirmers) != 1 || a.Confirmers[0] != a.Account
}

// answered checks the rules that all lifecycles have in common: AP-1, AP-2 and AP-4
// are for those who must agree, about an approval that is pending and not past its
// time; AP-3 is part of advance and moves nothing.
func (v *violations) answered(s *Step) {
	action := s.Command.Action()
	switch {
	case action == actionAdvance:
		if len(s.Answer.Movements) > 0 || s.Answer.From != s.Answer.To {
			v.add("G11", "an expiry moves something")
		}
		return
	case action != actionConfirm && action != actionDecline && action != actionRevoke:
		v.add("G7", "%s is no answer to %s", s.Answer.Rule, action)
		return
	}
	id, _ := s.Command.Approval()
	a, ok := s.Before.Approval(id)
	if status := a.StatusAt(s.now()); !ok || status != escrow.ApprovalIsPending {
		v.add("G11", "approval %q is %s, and %s is accepted", id, status, action)
		return
	}
	if account := reading.AccountOf(s.Actor); !mayAnswer(&a, s, account) {
		v.add("G7", "%s answers approval %s, and is nobody who must agree to it", nameOf(s.Actor), id)
	}
	if action != actionConfirm && len(s.Answer.Movements) > 0 {
		v.add("G11", "%s moves money", action)
	}
}

// mayAnswer reports whether an actor may answer an approval: a signed-in human of
// the account that asked, or where other parties must agree any of theirs; what one
// asked for one may always take back.
func mayAnswer(a *escrow.Approval, s *Step, account string) bool {
	switch {
	case s.Actor.Kind == escrow.KindSystem || !mutual(a) && s.Actor.Kind != escrow.KindHuman:
		return false
	case account == a.Account && s.Command.Action() == actionDecline:
		return true
	}
	return slices.Contains(a.Confirmers, account)
}

// coSigned checks that money of a rule that waits for an agreement moves only when
// one human is enough, and is the one who asks.
func (v *violations) coSigned(s *Step, rows []*escrow.Rule) {
	if len(s.Answer.Movements) == 0 || !slices.ContainsFunc(rows, func(r *escrow.Rule) bool { return r.CoSign.Type != "" }) {
		return
	}
	c := &rows[0].CoSign
	if s.Actor.Kind != escrow.KindHuman || c.From != nil || quorumOf(c, s.Before.View()) > 1 || separate(c, s.Before.View()) {
		v.add("G11", "%s moves money without its co-signatures", s.Answer.Rule)
	}
}

// quorumOf returns how many people of an account a row asks for.
func quorumOf(c *escrow.CoSign, v escrow.View) int {
	if c.Quorum == nil {
		return 1
	}
	return max(int(v.Count(c.Quorum)), 1)
}

// separate reports whether whoever asked is not enough for a row.
func separate(c *escrow.CoSign, v escrow.View) bool {
	return c.SeparateDuties != nil && v.Flag(c.SeparateDuties)
}

// mostResolved is how many approvals that have ended a snapshot keeps.
const mostResolved = 100

// approvals checks G11 on the records of a decision: one that had ended stays as
// it was, none is lost, none is pending past its time or twice for one target, and
// one that is executed has the confirmations and moves the money that it shows.
func (v *violations) approvals(s *Step) {
	before, after := s.Before.Approvals(), s.Answer.Contract.Approvals()
	if len(before) == 0 && len(after) == 0 {
		return
	}
	v.kept(before, after)
	pending := map[[3]string]bool{}
	for _, a := range after {
		if a.Status != escrow.ApprovalIsPending {
			continue
		}
		target := [3]string{a.Type, a.Target, a.Account}
		if mutual(&a) {
			target[2] = ""
		}
		if pending[target] {
			v.add("G11", "two approvals of %s are pending", a.Type)
		}
		pending[target] = true
		if !s.Answer.At.IsZero() && !s.Answer.At.Before(a.ExpiresAt) {
			v.add("G11", "approval %s is past its time, and pending", a.ID)
		}
	}
	v.executed(s)
}

// kept checks that approvals which have ended stay as they were, and that none is
// lost but old ones where there are too many.
func (v *violations) kept(before, after []escrow.Approval) {
	now := make(map[string]escrow.ApprovalStatus, len(after))
	resolved := 0
	for _, a := range after {
		now[a.ID] = a.Status
		if a.Status != escrow.ApprovalIsPending {
			resolved++
		}
	}
	for _, a := range before {
		status, there := now[a.ID]
		switch {
		case there && a.Status != escrow.ApprovalIsPending && a.Status != status:
			v.add("G11", "approval %s was %s, and is %s", a.ID, a.Status, status)
		case !there && resolved < mostResolved:
			v.add("G11", "approval %s is gone", a.ID)
		}
	}
}

// executed checks an approval that a decision carries out.
func (v *violations) executed(s *Step) {
	if s.Command.Action() != actionConfirm {
		return
	}
	id, _ := s.Command.Approval()
	a, _ := s.Answer.Contract.Approval(id)
	if s.Answer.Executes == "" {
		if len(s.Answer.Movements) > 0 || a.Status != escrow.ApprovalIsPending && a.Status != escrow.ApprovalIsSuperseded {
			v.add("G11", "approval %s is not executed, but %s, and %d movements follow", a.ID, a.Status, len(s.Answer.Movements))
		}
		return
	}
	duties := false
	for _, r := range rowsOf(s.Before.Lifecycle(), s.Answer.Executes, a.Command.Action()) {
		duties = duties || separate(&r.CoSign, s.Before.View())
	}
	switch {
	case a.Status != escrow.ApprovalIsConfirmed:
		v.add("G11", "approval %s is executed, and %s", a.ID, a.Status)
	case !slices.EqualFunc(a.Movements, s.Answer.Movements, sameMovement):
		v.add("G11", "approval %s shows other money than moves", a.ID)
	}
	for _, account := range a.Confirmers {
		all, others := confirmedFor(&a, account)
		if all < max(a.Quorum, 1) {
			v.add("G11", "approval %s is executed when %d of %d of %s have confirmed", a.ID, all, a.Quorum, account)
		}
		if duties && others == 0 {
			v.add("G11", "approval %s is confirmed by nobody but %s, who asked", a.ID, a.RequestedBy)
		}
	}
}

// confirmedFor counts the people of an account who have agreed, and those of them
// who are not the author.
func confirmedFor(a *escrow.Approval, account string) (all, others int) {
	for i, who := range a.ConfirmedBy {
		if i >= len(a.ConfirmedFor) || a.ConfirmedFor[i] != account {
			continue
		}
		if all++; who != a.RequestedBy || account != a.Account {
			others++
		}
	}
	return all, others
}

func sameMovement(shown escrow.Movement, moved Movement) bool {
	return shown.From == moved.From && shown.To == moved.To && shown.Amount == moved.Amount && shown.Reason == moved.Reason
}
