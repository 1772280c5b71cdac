package payoff

import (
	"fmt"

	"github.com/escrow-go/escrow"
)

// theToken asks for the client, with every grant that the rules want.
func theToken(l *escrow.Lifecycle) escrow.Actor {
	t := escrow.Actor{ID: "token", Kind: escrow.KindToken, Account: ClientAccount, Claimed: true}
	for _, r := range l.Spec().Rules {
		t.Scopes, t.Features = append(t.Scopes, r.Grant.Scope), append(t.Features, r.Grant.Feature)
	}
	return t
}

// train writes the lives of a hire, in which a token asks and humans co-sign.
type train struct {
	Case
	token escrow.Actor
}

func human(n int) escrow.Actor { return escrow.Human(fmt.Sprintf("human-%d", n), ClientAccount) }

// asked returns a command that is asked for and not answered.
func (t train) asked(cmd escrow.Command) step { return step{t.token, cmd} }

// signed returns a command with as many confirmations as the policy wants.
func (t train) signed(cmd escrow.Command, said ...escrow.Disposition) []step {
	steps := []step{t.asked(cmd)}
	for i := range max(t.Policy.Quorum, 0) {
		steps = append(steps, step{human(i + 1), escrow.Confirm{Dispositions: said}})
	}
	return steps
}

// hired returns the steps after which the first milestone is funded.
func (t train) hired() []step { return t.signed(escrow.Hire{}) }

// added returns the hire, then the other milestones, the first funded of them
// with money.
func (t train) added(funded int) []step {
	steps := t.hired()
	for n := 2; n <= t.Milestones; n++ {
		steps = append(steps, t.asked(escrow.AddMilestone{Milestone: t.milestone(n)}))
		if n <= funded {
			steps = append(steps, t.signed(escrow.FundMilestone{MilestoneID: milestoneID(n)})...)
		}
	}
	return steps
}

// paid returns the steps that fund some milestones and pay the first of them.
func (t train) paid(funded, paid int) []step {
	steps := t.added(funded)
	for n := 1; n <= paid; n++ {
		steps = append(steps, t.signed(escrow.ApproveMilestone{MilestoneID: milestoneID(n)})...)
	}
	return steps
}

// ended returns the steps by which a contract ends: with what becomes of the
// milestones from one to another that hold money, or at once when none does.
func (t train) ended(from, to int, choice func(int) escrow.DispositionChoice) []step {
	var said []escrow.Disposition
	for n := from; n <= to; n++ {
		said = append(said, escrow.Disposition{MilestoneID: milestoneID(n), Disposition: choice(n)})
	}
	if len(said) == 0 {
		return []step{t.asked(escrow.End{})}
	}
	return t.signed(escrow.End{}, said...)
}

func refunds(int) escrow.DispositionChoice  { return escrow.Refund }
func releases(int) escrow.DispositionChoice { return escrow.Release }

// alternating refunds the odd and releases the even milestones.
func alternating(n int) escrow.DispositionChoice {
	if n%2 == 1 {
		return escrow.Refund
	}
	return escrow.Release
}

// whole returns a life in which all milestones are funded, some paid, and the
// rest disposed of.
func (t train) whole(paid int, choice func(int) escrow.DispositionChoice) []step {
	return append(t.paid(t.Milestones, paid), t.ended(paid+1, t.Milestones, choice)...)
}

// hirePlans returns every way in which a hire can end. All milestones are funded
// before the first is paid, so that as much is locked as ever can be.
func hirePlans(c Case) []plan {
	t := train{c, theToken(c.Lifecycle)}
	plans := []plan{
		{"the hire is declined", []step{t.asked(escrow.Hire{}), {human(1), escrow.DeclineApproval{}}}},
		{"the hire expires", []step{t.asked(escrow.Hire{}), passing}},
		{"every milestone is paid", t.whole(c.Milestones, refunds)},
	}
	for paid := range c.Milestones {
		name := fmt.Sprintf("ended, %d paid, the rest ", paid)
		plans = append(plans, plan{name + "refunded", t.whole(paid, refunds)}, plan{name + "released", t.whole(paid, releases)})
	}
	return append(plans, t.unansweredPlans()...)
}

// unansweredPlans returns the ends in which humans do not sign, or milestones
// are not funded.
func (t train) unansweredPlans() []plan {
	again := t.ended(1, 1, refunds)
	end := func(more ...step) []step { return append(append(t.added(1), more...), again...) }
	plans := []plan{
		{"a payment is declined, then ended with a refund", end(t.asked(escrow.ApproveMilestone{MilestoneID: "m1"}), step{human(1), escrow.DeclineApproval{}})},
		{"a payment expires unsigned, then ended with a refund", end(t.asked(escrow.ApproveMilestone{MilestoneID: "m1"}), passing)},
		{"an end expires unsigned, then ended with a refund", end(t.asked(escrow.End{}), passing)},
	}
	if t.Milestones == 1 {
		return plans
	}
	fund := t.asked(escrow.FundMilestone{MilestoneID: "m2"})
	return append(plans,
		plan{"ended, refunded and released by turns", t.whole(0, alternating)},
		plan{"later milestones never funded, the first refunded", end()},
		plan{"later milestones never funded, the first paid", append(t.paid(1, 1), t.ended(1, 0, refunds)...)},
		plan{"a funding is declined, then ended with a refund", end(fund, step{human(1), escrow.DeclineApproval{}})},
		plan{"a funding expires unsigned, then ended with a refund", end(fund, passing)})
}
