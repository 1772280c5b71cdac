package escrow_test

import (
	"slices"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"pgregory.net/rapid"
)

// Explain and Decide agree: what needs no payload is allowed exactly when it
// succeeds, what needs one when it succeeds with one that is in order; the first
// obstacle is what Decide refuses for; and an allowed action leads where it says.
func TestExplainAgrees(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := drawn(t, l.scenes())
		s.Now = escrowtest.Instants(s).Draw(t, "now")
		for range 5 {
			checkExplanation(t, l.play, s, drawn(t, askers(t, l.play, s)))
		}
	})
}

// askers returns who may ask something: those for whom it is time, everybody, and
// those that there cannot be.
func askers(t *rapid.T, play *escrowtest.Play, s scene) (list []escrow.Actor) {
	for _, m := range play.Moves(t, s) {
		list = append(list, m.Actor)
	}
	if len(list) > 0 && drawn(t, []bool{false, true}) {
		return list
	}
	return slices.Concat(play.Cast, strangers)
}

// checkExplanation compares what Explain tells an actor with what Decide says.
func checkExplanation(t *rapid.T, play *escrowtest.Play, s scene, actor escrow.Actor) {
	x, err := escrow.Explain(s.Contract, actor, clockAt(s.Now))
	if err != nil {
		if q := asked(s, by(actor, escrow.Advance{})); q.accepted() || q.refusal.Error() != err.Error() {
			t.Fatalf("explained %v, but %s", err, q)
		}
		return
	}
	for _, o := range x.Options {
		checkExplained(t, o, asked(s, by(actor, commandFor(t, play, s, o))))
	}
}

// checkExplained compares an option with what Decide says.
func checkExplained(t *rapid.T, o escrow.Option, q *question) {
	first := escrow.Reason("")
	if len(o.Obstacles) > 0 {
		first = o.Obstacles[0].Reason()
	}
	switch {
	case o.Allowed != (first == ""):
		t.Fatalf("allowed is %v with obstacle %q: %s", o.Allowed, first, q)
	case o.Action == "end" && q.reason() == escrow.DispositionRequired && o.Allowed:
		// Which milestone is released is payload, and a direct end needs it.
	case q.reason() != first:
		t.Fatalf("%s is explained by %q, but %s", o.Action, first, q)
	case o.Allowed && o.CoSign == "" && q.decision.To != o.To:
		t.Fatalf("%s leads to %s, but %s", o.Action, o.To, q)
	case o.Allowed && (o.CoSign != "") != waitsForHuman(q):
		t.Fatalf("%s waits for %q, but %s", o.Action, o.CoSign, q)
	case o.Allowed && !o.Closes.IsZero():
		if late := asked(at(q.scene, o.Closes), q.move); late.accepted() {
			t.Fatalf("%s closes at %s, but %s", o.Action, o.Closes, late)
		}
	}
}

// waitsForHuman reports whether a decision recorded or repeated a request.
func waitsForHuman(q *question) bool {
	a, ok := q.decision.Approval()
	return ok && a.Status == escrow.ApprovalIsPending && q.decision.Rule != "AP-1"
}

// commandFor returns the command of an option, with a payload that is in order.
func commandFor(t *rapid.T, play *escrowtest.Play, s scene, o escrow.Option) escrow.Command {
	switch o.Action {
	case "fund_milestone":
		return escrow.FundMilestone{MilestoneID: o.Target}
	case "approve_milestone":
		return escrow.ApproveMilestone{MilestoneID: o.Target}
	case "confirm":
		return escrow.Confirm{ApprovalID: o.Target}
	case "decline_approval":
		return escrow.DeclineApproval{ApprovalID: o.Target}
	}
	list := play.Commands(t, s)
	return list[slices.IndexFunc(list, func(c escrow.Command) bool { return c.Action() == o.Action })]
}
