package play

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/explore"
	oc "github.com/escrow-go/escrow/opencontract"
)

// start is when the scope begins.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// Scope returns a scope of OpenContract under a policy, the zero one for its
// default: tasks in both modes, awarded in both ways, priced so that stakes, bonds,
// slashes and fees are rounded. They have two criteria, and one when more than three
// backup agents are drawn: states multiply by what each may think.
func Scope(policy escrow.Policy) explore.Scope {
	if policy.Lifecycle() == nil {
		policy = oc.Lifecycle.DefaultPolicy()
	}
	agents := oc.BARecruitCount.In(policy.View())
	criteria := []string{"short", "true"}
	if agents > 3 {
		criteria = criteria[:1]
	}
	s := explore.Scope{Start: start, Drafts: drafts(criteria, policy), Unreached: slices.Clone(escrowtest.Rare)}
	s.Unreached = append(s.Unreached, "reason item_exists")
	s.Actors = []escrow.Actor{escrow.Agent("client"), escrow.Agent("worker"), escrow.SystemActor(), escrow.Agent("stranger"),
		{ID: "client", Kind: escrow.KindSystem}, {}}
	s.Commands = []escrow.Command{oc.Create{}.Command(), oc.Accept{}.Command(), oc.Decline{}.Command(), oc.Cancel{}.Command(), oc.Withdraw{}.Command(),
		oc.Deliver{Delivery: "hash"}.Command(), oc.Deliver{}.Command(), oc.Approve{}.Command(), oc.Dispute{}.Command(), oc.Settle{}.Command(), escrow.Advance()}
	jury := make([]string, agents)
	for i := range jury {
		jury[i] = fmt.Sprintf("judge%d", i+1)
		s.Actors = append(s.Actors, escrow.Agent(jury[i]))
	}
	s.Commands = append(append(s.Commands, draws(jury)...), votes(len(criteria))...)
	return s
}

// drafts are the tasks: every mode and way of awarding, two more prices, and four
// with a fault, which found nothing.
func drafts(criteria []string, policy escrow.Policy) (list []escrow.Contract) {
	plain := oc.Terms{ID: "task", Client: "client", Worker: "worker", Price: decimal.New(31, -6), TaskDescription: "sum up",
		AcceptanceCriteria: criteria, ContractType: oc.Fixed, AwardMethod: oc.AwardDirect, VerificationMode: oc.PrivacyPreserving,
		MatchDeadline: start.Add(24 * time.Hour), WithdrawalDeadline: start.Add(48 * time.Hour), DeliveryDeadline: start.Add(72 * time.Hour),
		ReviewDeadline: start.Add(96 * time.Hour)}
	for _, vary := range []func(*oc.Terms){
		func(*oc.Terms) {},
		func(t *oc.Terms) { t.AwardMethod, t.Worker = oc.AwardOpenTender, "" },
		func(t *oc.Terms) { t.VerificationMode, t.ReviewDeadline = oc.Standard, time.Time{} },
		func(t *oc.Terms) { t.Price = decimal.New(10, -6) },
		func(t *oc.Terms) { t.Price = decimal.New(190, -6) },
		func(t *oc.Terms) { t.TaskDescription = "" },
		func(t *oc.Terms) { t.Price = decimal.New(1, -7) },
		func(t *oc.Terms) { t.ContractType = oc.Auction },
	} {
		t := plain
		vary(&t)
		list = append(list, t.Draft().WithPolicy(policy))
	}
	plain.Policy = []escrow.Value{oc.BARecruitCount.To(2)}
	return append(list, plain.Draft())
}

// draws are the jury, and three that are none.
func draws(jury []string) []escrow.Command {
	twice, party := slices.Clone(jury), slices.Clone(jury)
	twice[0], party[0] = jury[len(jury)-1], "client"
	var list []escrow.Command
	for _, agents := range [][]string{jury, append(twice, jury[0]), party, jury[1:]} {
		list = append(list, oc.Draw{BackupAgents: agents}.Command())
	}
	return list
}

// votes are all complete ballots, and three that are not in order.
func votes(criteria int) []escrow.Command {
	ballots := [][]oc.Ballot{nil}
	for i := range criteria {
		var longer [][]oc.Ballot
		for _, b := range ballots {
			for _, v := range verdicts {
				longer = append(longer, append(slices.Clone(b), oc.Ballot{CriterionIndex: i, Vote: v}))
			}
		}
		ballots = longer
	}
	strange := slices.Clone(ballots[0])
	strange[0].Vote = "maybe"
	ballots = append(ballots, strange, ballots[0][1:], append(slices.Clone(ballots[0]), ballots[0][0]))
	commands := make([]escrow.Command, len(ballots))
	for i, b := range ballots {
		commands[i] = oc.Vote{Ballots: b}.Command()
	}
	return commands
}
