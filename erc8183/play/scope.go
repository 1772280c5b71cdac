// Package play is how ERC-8183 jobs are explored: who asks for what.
package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	ac "github.com/escrow-go/escrow/erc8183"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Scope returns a scope of jobs under a policy, the zero one for a platform's fee of
// a twentieth: of two budgets that it is rounded of and of none, with the provider
// set from the beginning and later, judged by a third and by the client.
func Scope(policy escrow.Policy) explore.Scope {
	if policy.Lifecycle() == nil {
		policy, _ = ac.Lifecycle.DefaultPolicy().With(ac.PlatformFee.Decimal(decimal.New(5, -2)))
	}
	return explore.Scope{
		Start: start, Drafts: drafts(policy), Unreached: append(slices.Clone(escrowtest.Rare), "reason window_closed"), // a deadline is due before
		Actors: []escrow.Actor{escrow.Agent("client"), escrow.Agent("provider"), escrow.Agent("evaluator"), escrow.Agent("stranger"), escrow.SystemActor(),
			{ID: "client", Kind: escrow.KindSystem}, {}},
		Commands: []escrow.Command{escrow.Advance(), ac.CreateJob{}.Command(),
			ac.SetProvider{Provider: "provider"}.Command(), ac.SetProvider{Provider: "evaluator"}.Command(), ac.SetProvider{Provider: "two words"}.Command(),
			budget(decimal.New(5, -5)), budget(decimal.New(1, -5)), budget(decimal.Decimal{}), budget(decimal.New(1, -7)), budget(decimal.New(1, 31)),
			ac.Fund{ExpectedBudget: decimal.New(5, -5)}.Command(), ac.Fund{ExpectedBudget: decimal.New(1, -5)}.Command(), ac.Fund{}.Command(),
			ac.Submit{Deliverable: "report"}.Command(), ac.Submit{Deliverable: "other"}.Command(), ac.Submit{Deliverable: " "}.Command(),
			ac.Complete{}.Command(), ac.Complete{Reason: "good"}.Command(), ac.Reject{}.Command()},
	}
}

func budget(d decimal.Decimal) escrow.Command { return ac.SetBudget{Budget: d}.Command() }

// drafts are jobs with and without a provider, judged by a third and by the client,
// and four with a fault, which found nothing.
func drafts(policy escrow.Policy) (list []escrow.Contract) {
	for _, vary := range []func(*ac.Terms){
		func(*ac.Terms) {},
		func(t *ac.Terms) { t.Evaluator = "client" },
		func(t *ac.Terms) { t.Provider = "provider" },
		func(t *ac.Terms) { t.Provider = "evaluator" },
		func(t *ac.Terms) { t.ExpiredAt = start.Add(5*time.Minute - time.Second) },
		func(t *ac.Terms) { t.Description = "" },
	} {
		t := ac.Terms{ID: "job", Client: "client", Evaluator: "evaluator", Description: "report", ExpiredAt: start.Add(48 * time.Hour)}
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	t := ac.Terms{ID: "job", Client: "client", Evaluator: "evaluator", Description: "report", ExpiredAt: start.Add(48 * time.Hour),
		Policy: []escrow.Value{ac.PlatformFee.Decimal(decimal.New(15, -1))}}
	return append(list, t.Draft())
}
