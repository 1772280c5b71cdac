package conform_test

import (
	"errors"
	"regexp"
	"slices"
	"time"

	"github.com/escrow-go/escrow/lifecycles"
	escrow "github.com/escrow-go/escrow/next"
	oc "github.com/escrow-go/escrow/opencontract"
)

// ignoresDue carries out what comes late, as long as nobody has sent advance.
func ignoresDue(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	var refusal *escrow.Error
	if answer.reason() != escrow.DeadlineDue || !errors.As(answer.err, &refusal) {
		return answer
	}
	at, _ := refusal.Deadline()
	return earlier(q, at.Add(-1), ask)
}

// dueIsClosed gives a deadline that is due the reason of a window that is closed.
func dueIsClosed(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.reason() == escrow.DeadlineDue {
		return answer.refusing(escrow.Conflict, escrow.WindowClosed)
	}
	return answer
}

// advancesNow dates a transition by when the scheduler came by.
func advancesNow(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if !asks(&q, "advance") {
		return answer
	}
	return answer.but(func(d, _ object) { d["at"] = q.Now })
}

// advancesOn settles in the same breath what a deadline has resolved.
func advancesOn(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if !asks(&q, "advance") || answer.err != nil || answer.To != oc.Resolved {
		return answer
	}
	q.Contract, q.Command, q.Actor = answer.Contract, oc.Settle{}.Command(), escrow.SystemActor()
	return answer.instead(ask(q).but(func(d, _ object) {
		d["rule"], d["action"], d["actor"], d["from"], d["at"] = answer.Rule, answer.Action, answer.Actor, answer.From, answer.At()
	}))
}

// votesFromDispute counts the voting window from the dispute, not from the draw.
func votesFromDispute(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if !asks(&q, "draw") {
		return answer
	}
	return answer.but(func(_, c object) {
		called, dated := c["disputedAt"].(string)
		if !dated {
			called = c["deliveredAt"].(string)
		}
		at, _ := time.Parse(time.RFC3339Nano, called)
		c["votingDeadline"] = at.Add(oc.BAVotingWindow.In(q.Contract.View())).Format(time.RFC3339Nano)
	})
}

// votesBeyondTime lets the voting window end when no calendar goes so far.
func votesBeyondTime(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	end := q.Now.Add(oc.BAVotingWindow.In(q.Contract.View()))
	if !asks(&q, "draw") || end.Year() <= 9999 {
		return answer
	}
	return answer.but(func(_, c object) { c["votingDeadline"] = end.Format(time.RFC3339Nano) })
}

// finerThanMillisecond is what many clocks do not have.
var finerThanMillisecond = regexp.MustCompile(`(T\d\d:\d\d:\d\d\.\d{3})\d+Z`)

// toTheMillisecond reads times no finer than that.
func toTheMillisecond(q escrow.Request, ask func(escrow.Request) said) said {
	text, err := q.Contract.MarshalJSON()
	if err != nil {
		return ask(q)
	}
	coarse, err := escrow.ParseContract(finerThanMillisecond.ReplaceAll(text, []byte("${1}Z")), lifecycles.All()...)
	if err != nil {
		return ask(q)
	}
	q.Contract, q.Now = coarse, q.Now.Truncate(time.Millisecond)
	return ask(q)
}

// beforeUnix takes a time before 1970 for none.
func beforeUnix(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.err != nil || answer.Contract.CreatedAt().Unix() >= 0 {
		return answer
	}
	return answer.but(func(_, c object) { delete(c, "createdAt") })
}

// lockedIn gives both deadlines of a worker the reason of the first, where they are
// one.
func lockedIn(q escrow.Request, ask func(escrow.Request) said) said {
	answer, v := ask(q), q.Contract.View()
	is := asks(&q, "withdraw")
	if is && answer.reason() == escrow.DeadlineDue && oc.WithdrawalDeadline.In(v).Equal(oc.DeliveryDeadline.In(v)) {
		return answer.refusing(escrow.Conflict, escrow.WindowClosed)
	}
	return answer
}

// approvalsOf yields the approvals of a decision, as written and as they were
// before it, nil for a new one.
func approvalsOf(q *escrow.Request, c object, visit func(now object, before *escrow.Approval)) {
	before := q.Contract.Approvals()
	for _, a := range c.objects("approvals") {
		i := slices.IndexFunc(before, func(b escrow.Approval) bool { return b.ID == a["id"] })
		if i < 0 {
			visit(a, nil)
			continue
		}
		visit(a, &before[i])
	}
}

// pendingAgain makes an approval pending that has just been resolved so.
func pendingAgain(a object, before *escrow.Approval, resolved escrow.ApprovalStatus) {
	if before != nil && before.Status == escrow.ApprovalIsPending && a["status"] == string(resolved) {
		a["status"], a["resolvedAt"] = escrow.ApprovalIsPending, nil
	}
}

// forgetsExpiry leaves expired approvals pending until somebody sends advance.
func forgetsExpiry(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if asks(&q, "advance") {
		return answer
	}
	return answer.but(func(_, c object) {
		approvalsOf(&q, c, func(a object, before *escrow.Approval) { pendingAgain(a, before, escrow.ApprovalIsExpired) })
	})
}

// expiresNow dates an expiry by when it was noticed.
func expiresNow(q escrow.Request, ask func(escrow.Request) said) said {
	return ask(q).but(func(_, c object) {
		approvalsOf(&q, c, func(a object, before *escrow.Approval) {
			if before != nil && before.Status == escrow.ApprovalIsPending && a["status"] == string(escrow.ApprovalIsExpired) {
				a["resolvedAt"] = q.Now
			}
		})
	})
}

// expiresOne records one expired approval for each advance.
func expiresOne(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.Rule != "AP-3" {
		return answer
	}
	first, _ := answer.Approval()
	return answer.but(func(_, c object) {
		approvalsOf(&q, c, func(a object, before *escrow.Approval) {
			if a["id"] != first.ID {
				pendingAgain(a, before, escrow.ApprovalIsExpired)
			}
		})
	})
}

// expiresOneOfTwins records one approval of several that expire at an instant.
func expiresOneOfTwins(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.Rule != "AP-3" {
		return answer
	}
	first, _ := answer.Approval()
	return answer.but(func(_, c object) {
		approvalsOf(&q, c, func(a object, before *escrow.Approval) {
			if a["id"] != first.ID && before.ExpiresAt.Equal(first.ExpiresAt) {
				pendingAgain(a, before, escrow.ApprovalIsExpired)
			}
		})
	})
}
