package payoff

import (
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
)

// theToken asks for the client, on behalf of a user of its own, with every grant
// that the rules want.
func theToken(l *escrow.Lifecycle) escrow.Actor {
	t := escrow.Actor{ID: "token", Kind: escrow.KindToken, Account: ClientAccount, User: "user", Claimed: true}
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

// declined is the answer of a human who does not sign.
var declined = step{by: human(1), answer: func(approval string) escrow.Command {
	return escrow.DeclineApproval(approval, "")
}}

// asked returns a command that is asked for and not answered.
func (t train) asked(cmd escrow.Command) step { return step{by: t.token, cmd: cmd} }

// signed returns a command with as many confirmations as the policy wants.
func (t train) signed(cmd escrow.Command, said ...opentrain.Disposition) []step {
	steps := []step{t.asked(cmd)}
	for i := range int(opentrain.Quorum.In(t.Policy.View())) {
		steps = append(steps, step{by: human(i + 1), answer: func(approval string) escrow.Command {
			return opentrain.Confirm{ApprovalID: approval, Dispositions: said}.Command()
		}})
	}
	return steps
}

// hired returns the steps after which the first milestone is funded.
func (t train) hired() []step { return t.signed(opentrain.Hire{}.Command()) }

// added returns the hire, then the other milestones, the first funded of them
// with money.
func (t train) added(funded int) []step {
	steps := t.hired()
	for n := 2; n <= t.Milestones; n++ {
		steps = append(steps, t.asked(opentrain.AddMilestone{Milestone: t.milestone(n)}.Command()))
		if n <= funded {
			steps = append(steps, t.signed(opentrain.FundMilestone{MilestoneID: milestoneID(n)}.Command())...)
		}
	}
	return steps
}

// paid returns the steps that fund some milestones and pay the first of them.
func (t train) paid(funded, paid int) []step {
	steps := t.added(funded)
	for n := 1; n <= paid; n++ {
		steps = append(steps, t.signed(opentrain.ApproveMilestone{MilestoneID: milestoneID(n)}.Command())...)
	}
	return steps
}

// ended returns the steps by which a contract ends: with what becomes of the
// milestones from one to another that hold money, or at once when none does.
func (t train) ended(from, to int, choice func(int) opentrain.DispositionChoice) []step {
	var said []opentrain.Disposition
	for n := from; n <= to; n++ {
		said = append(said, opentrain.Disposition{MilestoneID: milestoneID(n), Disposition: choice(n)})
	}
	if len(said) == 0 {
		return []step{t.asked(opentrain.End{}.Command())}
	}
	return t.signed(opentrain.End{}.Command(), said...)
}

func refunds(int) opentrain.DispositionChoice  { return opentrain.Refund }
func releases(int) opentrain.DispositionChoice { return opentrain.Release }

// alternating refunds the odd and releases the even milestones.
func alternating(n int) opentrain.DispositionChoice {
	if n%2 == 1 {
		return opentrain.Refund
	}
	return opentrain.Release
}

// whole returns a life in which all milestones are funded, some paid, and the
// rest disposed of.
func (t train) whole(paid int, choice func(int) opentrain.DispositionChoice) []step {
	return append(t.paid(t.Milestones, paid), t.ended(paid+1, t.Milestones, choice)...)
}

// hirePlans returns every way in which a hire can end. All milestones are funded
// before the first is paid, so that as much is locked as ever can be.
func hirePlans(c Case) []plan {
	t := train{c, theToken(c.Lifecycle)}
	plans := []plan{
		{"the hire is declined", []step{t.asked(opentrain.Hire{}.Command()), declined}},
		{"the hire expires", []step{t.asked(opentrain.Hire{}.Command()), passing}},
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
		{"a payment is declined, then ended with a refund", end(t.asked(opentrain.ApproveMilestone{MilestoneID: "m1"}.Command()), declined)},
		{"a payment expires unsigned, then ended with a refund", end(t.asked(opentrain.ApproveMilestone{MilestoneID: "m1"}.Command()), passing)},
		{"an end expires unsigned, then ended with a refund", end(t.asked(opentrain.End{}.Command()), passing)},
	}
	if t.Milestones == 1 {
		return plans
	}
	fund := t.asked(opentrain.FundMilestone{MilestoneID: "m2"}.Command())
	return append(plans,
		plan{"ended, refunded and released by turns", t.whole(0, alternating)},
		plan{"later milestones never funded, the first refunded", end()},
		plan{"later milestones never funded, the first paid", append(t.paid(1, 1), t.ended(1, 0, refunds)...)},
		plan{"a funding is declined, then ended with a refund", end(fund, declined)},
		plan{"a funding expires unsigned, then ended with a refund", end(fund, passing)})
}
