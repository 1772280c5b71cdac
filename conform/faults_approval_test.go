package conform_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	escrow "github.com/escrow-go/escrow/next"
	ot "github.com/escrow-go/escrow/opentrain"
)

// confirmed returns the approval that a confirmation is for, nil when there is
// none.
func confirmed(q *escrow.Request) *escrow.Approval {
	id, _ := q.Command.Approval()
	if a, is := q.Contract.Approval(id); is && asks(q, "confirm") {
		return &a
	}
	return nil
}

// spendsTwice does not look whether an approval has been spent.
func spendsTwice(q escrow.Request, ask func(escrow.Request) said) said {
	answer, spent := ask(q), confirmed(&q)
	undone := map[string]string{"milestone_fund": ot.NotFunded, "milestone_approve": ot.ActiveFunded}
	if answer.reason() != escrow.ApprovalConfirmed || spent == nil || undone[spent.Type] == "" {
		return answer
	}
	again, _ := differently(q, ask, func(c object) {
		delete(c, "schema") // as an import, whose custody follows from the rest
		delete(c, "custody")
		for _, m := range c.objects("milestones") {
			if m["id"] == spent.Target {
				m["status"] = undone[spent.Type]
			}
		}
		for _, a := range c.objects("approvals") {
			if a["id"] == spent.ID {
				a["status"], a["resolvedAt"] = escrow.ApprovalIsPending, nil
				a["confirmedBy"] = slices.DeleteFunc(spent.ConfirmedBy, func(id string) bool { return id == q.Actor.ID })
			}
		}
	})
	return answer.instead(again)
}

// revives takes an approval that has ended otherwise for one that is still open,
// and at most notices that its action is not possible any more.
func revives(ended escrow.ApprovalStatus) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		a := confirmed(&q)
		if a == nil || a.Status != ended {
			return ask(q)
		}
		answer, is := differently(q, ask, func(c object) {
			for _, o := range c.objects("approvals") {
				if o["id"] == a.ID {
					o["status"], o["resolvedAt"], o["expiresAt"] = escrow.ApprovalIsPending, nil, q.Now.Add(1)
				}
			}
		})
		if reason := answer.reason(); !is && (reason == escrow.ApprovalExpired || reason == escrow.ApprovalDeclined) {
			return answer.refusing(escrow.Conflict, escrow.ApprovalStale)
		}
		return answer
	}
}

// confirmsStale carries out what was asked for, though it has come to mean other
// money.
func confirmsStale(q escrow.Request, ask func(escrow.Request) said) said {
	answer, a := ask(q), confirmed(&q)
	if v := q.Contract.View(); answer.reason() != escrow.ApprovalStale || ot.Quorum.In(v) > 1 || ot.SeparateDuties.In(v) {
		return answer
	}
	q.Command = a.Command
	return answer.instead(ask(q).but(func(d, _ object) {
		d["executes"], d["rule"], d["action"] = d["rule"], "AP-1", "confirm"
	}))
}

// forgetsSuperseded leaves a request pending that another has taken the place of.
func forgetsSuperseded(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.err != nil || answer.Contract.IsTerminal() {
		return answer
	}
	return answer.but(func(_, c object) {
		approvalsOf(&q, c, func(a object, before *escrow.Approval) { pendingAgain(a, before, escrow.ApprovalIsSuperseded) })
	})
}

// endsPending leaves approvals pending in a contract that has ended.
func endsPending(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.err != nil || !answer.Contract.IsTerminal() {
		return answer
	}
	return answer.but(func(_, c object) {
		approvalsOf(&q, c, func(a object, before *escrow.Approval) { pendingAgain(a, before, escrow.ApprovalIsSuperseded) })
	})
}

// asksAgain makes a further approval of the same request.
func asksAgain(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if _, repeated := answer.Approval(); !repeated || answer.Contract.Revision() != q.Contract.Revision() || confirmed(&q) != nil {
		return answer
	}
	var before any
	again, _ := differently(q, ask, func(c object) {
		before = c["approvals"]
		delete(c, "approvals")
	})
	return answer.instead(again.but(func(_, c object) {
		if more, is := c["approvals"].([]any); is {
			c["approvals"] = append(before.([]any), more...)
		}
	}))
}

// countsTwice counts confirmations, not the people who gave them.
func countsTwice(q escrow.Request, ask func(escrow.Request) said) said {
	a, right := confirmed(&q), cmp.Or(q.Actor.User, q.Actor.ID)
	if a == nil || !slices.Contains(a.ConfirmedBy, right) {
		return ask(q)
	}
	q.Actor.User = "somebody-else"
	return ask(q).replaced(q.Actor.User, right)
}

// keepsOnlyTwo remembers no more than the last of those who confirmed before.
func keepsOnlyTwo(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if a, is := answer.Approval(); !is || len(a.ConfirmedBy) < 2 || a.Status != escrow.ApprovalIsPending {
		return answer
	}
	return answer.but(func(_, c object) {
		approvalsOf(&q, c, func(a object, _ *escrow.Approval) {
			if list, is := a["confirmedBy"].([]any); is && len(list) > 1 {
				a["confirmedBy"] = list[1:]
			}
		})
	})
}

// keepsConfirmations counts those who confirmed other terms.
func keepsConfirmations(q escrow.Request, ask func(escrow.Request) said) said {
	answer, before := ask(q), confirmed(&q)
	after, is := answer.Approval()
	if before == nil || !is || after.Status != escrow.ApprovalIsPending || after.Hash == before.Hash {
		return answer
	}
	all := slices.Compact(append(before.ConfirmedBy, after.ConfirmedBy...))
	return answer.but(func(d, c object) {
		d.object("approval")["confirmedBy"] = all
		approvalsOf(&q, c, func(a object, _ *escrow.Approval) {
			if a["id"] == after.ID {
				a["confirmedBy"] = all
			}
		})
	})
}

// hashesNoMoney leaves the amounts out of what an approval is bound to.
func hashesNoMoney(q escrow.Request, ask func(escrow.Request) said) said {
	return ask(q).but(func(d, c object) {
		for _, a := range append(c.objects("approvals"), d.object("approval")) {
			text, _ := json.Marshal([]any{a["contractId"], a["type"], a["milestoneId"], a["command"]})
			sum := sha256.Sum256(text)
			a["hash"] = hex.EncodeToString(sum[:])
		}
	})
}

// forAnyMilestone takes a request for one milestone as another's of the same kind.
func forAnyMilestone(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	fresh, is := answer.Approval()
	if !is || fresh.Status != escrow.ApprovalIsPending || confirmed(&q) != nil {
		return answer
	}
	return answer.but(func(_, c object) {
		for _, a := range c.objects("approvals") {
			if a["id"] != fresh.ID && a["type"] == fresh.Type && a["status"] == string(escrow.ApprovalIsPending) {
				a["status"], a["resolvedAt"] = escrow.ApprovalIsSuperseded, q.Now
			}
		}
	})
}
