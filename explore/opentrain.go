package explore

import (
	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// OpenTrain returns a scope of [escrow.OpenTrain] under a policy, nil for its
// default: a hire and one further milestone, priced so that fees are rounded, with
// tokens that have their grants and that lack them, and two humans. Where two
// humans must agree there is no further milestone: states multiply by who
// has agreed to what, and in which order the requests expire.
func OpenTrain(policy *escrow.Policy) Scope {
	full := escrow.Actor{ID: "token", Kind: escrow.KindToken, Account: theClient, User: "ann", Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
	poor, plain, unclaimed := full, full, full
	poor.Scopes, plain.Features, unclaimed.Claimed = nil, nil, false
	s := Scope{
		Start: start,
		Actors: []escrow.Actor{full, escrow.Human("ann", theClient), escrow.Human("ben", theClient),
			poor, plain, unclaimed, escrow.Human("wim", theWorker), escrow.Agent(theWorker), escrow.SystemActor(), {}},
		Unreached: []string{"reason too_many", "reason amount_bounds"},
	}
	for _, t := range hireTerms(policy) {
		s.Drafts = append(s.Drafts, escrow.OpenTrain.Draft(t))
	}
	further := "m2"
	if policy != nil && policy.Quorum > 1 {
		further = "m1" // which exists, and is refused
		s.Unreached = append(s.Unreached, "rule OT-2", "rule OT-3", "rule OT-3 executed")
	}
	if policy == nil || policy.Quorum > 1 || !policy.SeparateDuties {
		s.Unreached = append(s.Unreached, "reason separate_duties")
	}
	if policy == nil || policy.EndDisposition != escrow.Choose {
		s.Unreached = append(s.Unreached, "reason disposition_required")
	}
	s.Commands = trainCommands(further)
	return s
}

// trainCommands are what is asked of a hire with a further milestone.
func trainCommands(further string) []escrow.Command {
	list := []escrow.Command{escrow.Advance{}, escrow.Hire{}, escrow.Hire{Milestone: &escrow.MilestoneTerms{Amount: cents(15)}},
		escrow.AddMilestone{Milestone: escrow.MilestoneTerms{ID: further, Name: "second", Amount: cents(5)}},
		escrow.AddMilestone{Milestone: escrow.MilestoneTerms{ID: "m1", Name: "again", Amount: cents(5)}},
		escrow.AddMilestone{Milestone: escrow.MilestoneTerms{ID: "m3", Amount: cents(5)}},
		escrow.FundMilestone{MilestoneID: "m1"}, escrow.FundMilestone{MilestoneID: further}, escrow.FundMilestone{MilestoneID: "nowhere"},
		escrow.ApproveMilestone{MilestoneID: "m1"}, escrow.ApproveMilestone{MilestoneID: further},
		escrow.End{}, escrow.Confirm{}, escrow.DeclineApproval{}, escrow.Confirm{ApprovalID: "nowhere"},
		escrow.Confirm{Milestone: &escrow.MilestoneTerms{Amount: cents(15)}}}
	release, refund := escrow.Disposition{MilestoneID: "m1", Disposition: escrow.Release}, escrow.Disposition{MilestoneID: further, Disposition: escrow.Refund}
	for _, said := range [][]escrow.Disposition{{release}, {release, refund}, {{MilestoneID: "nowhere", Disposition: escrow.Refund}}} {
		list = append(list, escrow.End{Dispositions: said}, escrow.Confirm{Dispositions: said})
	}
	return list
}

// hireTerms are the terms of a hire, and four with a fault, which found nothing.
func hireTerms(policy *escrow.Policy) (list []escrow.Terms) {
	for _, vary := range []func(*escrow.Terms){
		func(*escrow.Terms) {},
		func(t *escrow.Terms) { t.Client = "" },
		func(t *escrow.Terms) { t.Worker = theClient },
		func(t *escrow.Terms) { t.Milestones[0].Amount = decimal.NewNullDecimal(decimal.New(1, -3)) },
		func(t *escrow.Terms) { p := escrow.OpenTrain.DefaultPolicy(); p.Quorum = 11; t.Policy = &p },
	} {
		t := escrow.Terms{ID: "job", Client: theClient, Worker: theWorker, Policy: policy, JobID: "j", ProposalID: "p",
			Milestones: []escrow.MilestoneTerms{{ID: "m1", Name: "first", Amount: cents(7)}}}
		vary(&t)
		list = append(list, t)
	}
	return list
}

func cents(n int64) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.New(n, -2)) }
