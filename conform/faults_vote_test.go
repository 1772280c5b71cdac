package conform_test

import (
	"slices"

	escrow "github.com/escrow-go/escrow/next"
	oc "github.com/escrow-go/escrow/opencontract"
)

// votesTwice lets a vote take the place of the agent's first.
func votesTwice(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.reason() != oc.AlreadyVoted {
		return answer
	}
	agent := q.Actor.Account
	if agent == "" {
		agent = q.Actor.ID
	}
	again, _ := differently(q, ask, func(c object) {
		delete(c, "schema") // as an import, whose custody follows from the rest
		delete(c, "custody")
		c["votes"] = slices.DeleteFunc(c["votes"].([]any), func(v any) bool { return object(v.(map[string]any))["backupAgent"] == agent })
	})
	return answer.instead(again)
}

// counts counts the votes by a majority of its own, which says whether n of the
// voters are one.
func counts(majority func(n, voters, drawn int) bool) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		answer := ask(q)
		if answer.err != nil || answer.To != oc.Resolved {
			return answer
		}
		votes, drawn := oc.Votes(answer.Contract), len(oc.BackupAgents(answer.Contract))
		criteria := len(oc.CriteriaMet(answer.Contract))
		voters := len(votes) / criteria
		if 2*voters <= drawn {
			return answer
		}
		for i := range criteria {
			outcome := outcomeOf(votes, i, func(n int) bool { return majority(n, voters, drawn) })
			if outcome != oc.CriteriaMet(answer.Contract)[i] {
				answer = answer.but(func(_, c object) { decide(c, i, outcome) })
			}
		}
		return answer
	}
}

// outcomeOf returns the first verdict that enough votes give of a criterion.
func outcomeOf(votes []oc.CastVote, criterion int, enough func(int) bool) string {
	for _, verdict := range []string{oc.Met, oc.NotMet} {
		n := 0
		for _, v := range votes {
			if v.CriterionIndex == criterion && v.Vote == verdict {
				n++
			}
		}
		if enough(n) {
			return verdict
		}
	}
	return oc.Unclear
}

// decide gives a criterion another outcome.
func decide(c object, criterion int, outcome string) {
	c["criteriaMet"].([]any)[criterion] = outcome
	for i, v := range c.objects("votes") {
		if i%len(c["criteriaMet"].([]any)) == criterion {
			v["majorityOutcome"] = outcome
		}
	}
}

func halfOfVoters(n, voters, _ int) bool { return 2*n >= voters }

func mostOfDrawn(n, _, drawn int) bool { return 2*n > drawn }

// statusFirst looks at the status before it looks at who asks.
func statusFirst(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	var from []escrow.Status
	for _, r := range q.Contract.Lifecycle().Spec().Rules {
		if r.On.Action() == q.Command.Action() {
			from = append(from, r.From...)
		}
	}
	switch answer.reason() {
	case oc.NotClient, oc.NotWorker, oc.NotBackupAgent, escrow.NotSystem, escrow.ScopeMissing, escrow.FeatureDisabled:
		if !slices.Contains(from, q.Contract.Status()) {
			return answer.refusing(escrow.Conflict, escrow.WrongStatus)
		}
	}
	return answer
}

// reasons gives a refusal another reason.
func reasons(right, wrong escrow.Reason, code escrow.Code) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		answer := ask(q)
		if answer.reason() == right {
			return answer.refusing(code, wrong)
		}
		return answer
	}
}

// acting changes who asks.
func acting(change func(a *escrow.Actor)) fault {
	return func(q escrow.Request, ask func(escrow.Request) said) said {
		change(&q.Actor)
		return ask(q)
	}
}

// claimed takes every account for claimed.
func claimed(a *escrow.Actor) { a.Claimed = true }

// writes takes the right to read for the right to write.
func writes(a *escrow.Actor) {
	for _, scope := range []string{"proposals", "payments"} {
		if slices.Contains(a.Scopes, scope+":read") {
			a.Scopes = append(slices.Clip(a.Scopes), scope+":write")
		}
	}
}

// signedIn takes a token for the human who made it.
func signedIn(a *escrow.Actor) {
	if a.Kind == escrow.KindToken {
		a.Kind = escrow.KindHuman
	}
}

// deliversNothing takes a delivery that says nothing.
func deliversNothing(q escrow.Request, ask func(escrow.Request) said) said {
	answer := ask(q)
	if answer.reason() != oc.DeliveryMissing {
		return answer
	}
	q.Command = oc.Deliver{Delivery: "nothing"}.Command()
	return answer.instead(ask(q))
}
