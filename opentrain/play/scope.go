package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	ot "github.com/escrow-go/escrow/opentrain"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Scope returns a scope of OpenTrain under a policy, the zero one for its default: a
// hire and one further milestone, priced so that fees are rounded, with tokens that
// have their grants and that lack them, and two humans. Where two humans must agree
// there is no further milestone: states multiply by who has agreed to what, and in
// which order the requests expire.
func Scope(policy escrow.Policy) explore.Scope {
	if policy.Lifecycle() == nil {
		policy = ot.Lifecycle.DefaultPolicy()
	}
	full := escrow.Actor{ID: "token", Kind: escrow.KindToken, Account: "client", User: "ann", Claimed: true,
		Scopes: []string{"proposals:write", "payments:write"}, Features: []string{"public_api_hiring", "public_api_payments_write"}}
	poor, plain, unclaimed := full, full, full
	poor.Scopes, plain.Features, unclaimed.Claimed = nil, nil, false
	s := explore.Scope{
		Start: start, Drafts: drafts(policy),
		Actors: []escrow.Actor{full, escrow.Human("ann", "client"), escrow.Human("ben", "client"),
			poor, plain, unclaimed, escrow.Human("wim", "worker"), escrow.Agent("worker"), escrow.SystemActor(), {}},
		Unreached: append(slices.Clone(escrowtest.Rare), "reason item_exists"),
	}
	v := policy.View()
	quorum, separate := ot.Quorum.In(v), ot.SeparateDuties.In(v)
	further := "m2"
	if quorum > 1 {
		further = "m1" // which exists, and is refused
		s.Unreached = append(s.Unreached, "rule OT-2", "rule OT-3", "rule OT-3 executed")
	} else {
		// A single confirmation executes: there is none to take back.
		s.Unreached = append(s.Unreached, "rule AP-4")
	}
	if quorum > 1 || !separate {
		s.Unreached = append(s.Unreached, "reason separate_duties")
	}
	if separate {
		nobody := full
		nobody.ID, nobody.User = "key", ""
		s.Actors = append(s.Actors, nobody)
	} else {
		s.Unreached = append(s.Unreached, "reason user_missing")
	}
	if ot.EndDisposition.In(v) != "require" {
		s.Unreached = append(s.Unreached, "reason disposition_required")
	}
	s.Commands = scopeCommands(further)
	return s
}

// scopeCommands are what is asked of a hire with a further milestone.
func scopeCommands(further string) []escrow.Command {
	list := []escrow.Command{escrow.Advance(), ot.Hire{}.Command(), ot.Hire{Changes: &ot.Changes{Amount: cents(15)}}.Command(),
		ot.AddMilestone{Milestone: ot.MilestoneTerms{ID: further, Name: "second", Amount: cents(5)}}.Command(),
		ot.AddMilestone{Milestone: ot.MilestoneTerms{ID: "m1", Name: "again", Amount: cents(5)}}.Command(),
		ot.AddMilestone{Milestone: ot.MilestoneTerms{ID: "m3", Amount: cents(5)}}.Command(),
		ot.FundMilestone{MilestoneID: "m1"}.Command(), ot.FundMilestone{MilestoneID: further}.Command(), ot.FundMilestone{MilestoneID: "nowhere"}.Command(),
		ot.ApproveMilestone{MilestoneID: "m1"}.Command(), ot.ApproveMilestone{MilestoneID: further}.Command(),
		ot.End{}.Command(), ot.Confirm{}.Command(), ot.DeclineApproval{}.Command(), ot.RevokeConfirmation{}.Command(),
		ot.Confirm{ApprovalID: "nowhere"}.Command(), ot.Confirm{Milestone: &ot.Changes{Amount: cents(15)}}.Command()}
	release, refund := ot.Disposition{MilestoneID: "m1", Disposition: ot.Release}, ot.Disposition{MilestoneID: further, Disposition: ot.Refund}
	for _, own := range [][]ot.Disposition{{release}, {release, refund}, {{MilestoneID: "nowhere", Disposition: ot.Refund}}} {
		list = append(list, ot.End{Dispositions: own}.Command(), ot.Confirm{Dispositions: own}.Command())
	}
	return list
}

// drafts are the terms of a hire, and four with a fault, which found nothing.
func drafts(policy escrow.Policy) (list []escrow.Contract) {
	terms := func() ot.Terms {
		return ot.Terms{ID: "job", Client: "client", Worker: "worker", JobID: "j", ProposalID: "p",
			Milestones: []ot.MilestoneTerms{{ID: "m1", Name: "first", Amount: cents(7)}}}
	}
	for _, vary := range []func(*ot.Terms){
		func(*ot.Terms) {},
		func(t *ot.Terms) { t.Client = "" },
		func(t *ot.Terms) { t.Worker = "client" },
		func(t *ot.Terms) { t.Milestones[0].Amount = decimal.NewNullDecimal(decimal.New(1, -3)) },
	} {
		t := terms()
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	t := terms()
	t.Policy = []escrow.Value{ot.Quorum.To(11)}
	return append(list, t.Draft())
}

func cents(n int64) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.New(n, -2)) }
