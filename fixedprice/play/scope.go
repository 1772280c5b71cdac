// Package play is how fixed-price contracts are explored: who asks for what.
package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	fp "github.com/escrow-go/escrow/fixedprice"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Scope returns a scope of fixed-price contracts under a policy, the zero one for
// its default: a milestone with all that can be asked for about it, agreed divisions
// included, and another that can be added, funded, submitted and released, of two
// amounts that fees are rounded of. All of two milestones are too many states:
// [ScopeOfTwo] leaves out what takes agreement.
func Scope(policy escrow.Policy) explore.Scope {
	s := scope(policy, escrow.Confirm("", ""), escrow.DeclineApproval("", ""), escrow.RevokeConfirmation(""),
		fp.Fund{Milestone: "m2"}.Command(), fp.Submit{Milestone: "m2", Work: "it"}.Command(), fp.Release{Milestone: "m2"}.Command(),
		fp.Divide{Milestone: "m1", FreelancerShare: share}.Command())
	s.Commands = append(s.Commands, about("m1")...)
	// A proposal needs one other's word: there is none to take back.
	s.Unreached = append(s.Unreached, "rule AP-4")
	return s
}

// ScopeOfTwo returns a scope with two milestones and all that a party can ask for
// about each without the other's agreement.
func ScopeOfTwo(policy escrow.Policy) explore.Scope {
	s := scope(policy)
	s.Commands = slices.Concat(s.Commands, about("m1"), about("m2"))
	s.Unreached = append(s.Unreached, agreed...)
	return s
}

// agreed is what takes two.
var agreed = []string{"action divide", "rule FP-18", "rule FP-18 executed", "action confirm", "action decline_approval", "action revoke_confirmation",
	"rule AP-1", "rule AP-2", "rule AP-3", "rule AP-4", "reason not_confirmer", "reason approval_not_found", "reason approval_confirmed", "reason approval_declined",
	"reason approval_expired", "reason approval_superseded", "reason approval_stale", "reason not_confirmed_by_you"}

// scope is what both scopes have, and more commands.
func scope(policy escrow.Policy, more ...escrow.Command) explore.Scope {
	if policy.Lifecycle() == nil {
		policy = fp.Lifecycle.DefaultPolicy()
	}
	s := explore.Scope{
		Start: start, Drafts: drafts(policy),
		Unreached: append(slices.Clone(escrowtest.Rare), "reason not_covered"), // release_whole comes before
		Actors:    []escrow.Actor{escrow.Agent("client"), escrow.Agent("freelancer"), escrow.Agent("arbitrator"), escrow.Agent("stranger"), escrow.SystemActor(), {}},
	}
	s.Commands = append([]escrow.Command{escrow.Advance(), fp.Offer{}.Command(), fp.Accept{}.Command(), fp.Decline{}.Command(), fp.Withdraw{}.Command(),
		fp.AddMilestone{ID: "m2", Name: "second", Amount: cents(5)}.Command(), fp.AddMilestone{ID: "m3", Amount: cents(5)}.Command(),
		fp.Submit{Milestone: "m1"}.Command(), fp.Fund{Milestone: "nowhere"}.Command(), fp.Bonus{Amount: cents(3)}.Command(), fp.End{}.Command()}, more...)
	return s
}

// share is the freelancer's of what is divided.
var share, _ = escrow.ParseRatio("0.3")

// about is all that a party can ask for about a milestone.
func about(id string) []escrow.Command {
	return []escrow.Command{fp.Fund{Milestone: id}.Command(), fp.Submit{Milestone: id, Work: "it"}.Command(), fp.RequestChanges{Milestone: id}.Command(),
		fp.Release{Milestone: id}.Command(), fp.ReleasePart{Milestone: id, Amount: cents(2)}.Command(), fp.RequestRefund{Milestone: id}.Command(),
		fp.GrantRefund{Milestone: id}.Command(), fp.Dispute{Milestone: id}.Command(), fp.Arbitrate{Milestone: id, FreelancerShare: share}.Command()}
}

// drafts are the contract, and four with a fault, which found nothing.
func drafts(policy escrow.Policy) (list []escrow.Contract) {
	for _, vary := range []func(*fp.Terms){
		func(*fp.Terms) {},
		func(t *fp.Terms) { t.Title = "" },
		func(t *fp.Terms) { t.Arbitrator = "client" },
		func(t *fp.Terms) { t.Milestones[0].Amount = decimal.New(1, -3) },
	} {
		t := terms()
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	t := terms()
	t.Policy = []escrow.Value{fp.ServiceFee.Decimal(decimal.New(2, 0))}
	return append(list, t.Draft())
}

func terms() fp.Terms {
	return fp.Terms{ID: "job", Client: "client", Freelancer: "freelancer", Arbitrator: "arbitrator", Title: "a logo",
		Milestones: []fp.MilestoneTerms{{ID: "m1", Name: "first", Amount: cents(7)}}}
}

func cents(n int64) decimal.Decimal { return decimal.New(n, -2) }
