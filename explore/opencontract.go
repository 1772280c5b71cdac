package explore

import (
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// start is when the built-in scopes begin.
var start = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// The accounts of the built-in scopes.
const (
	theClient = "client"
	theWorker = "worker"
	stranger  = "stranger"
)

// OpenContract returns a scope of [escrow.OpenContract] under a policy, nil for
// its default: tasks in both modes, awarded in both ways, priced so that stakes,
// bonds, slashes and fees are rounded. They have two criteria, and one when more
// than three backup agents are drawn: states multiply by what each may think.
func OpenContract(policy *escrow.Policy) Scope {
	agents := escrow.OpenContract.DefaultPolicy().BARecruitCount
	if policy != nil {
		agents = policy.BARecruitCount
	}
	criteria := []string{"short", "true"}
	if agents > 3 {
		criteria = criteria[:1]
	}
	s := Scope{Start: start, Unreached: []string{"reason malformed", "reason amount_bounds"}}
	for _, t := range taskTerms(criteria, policy) {
		s.Drafts = append(s.Drafts, escrow.OpenContract.Draft(t))
	}
	s.Actors = []escrow.Actor{escrow.Agent(theClient), escrow.Agent(theWorker), escrow.SystemActor(), escrow.Agent(stranger),
		{ID: theClient, Kind: escrow.KindSystem}, {}}
	s.Commands = []escrow.Command{escrow.Create{}, escrow.Accept{}, escrow.Decline{}, escrow.Cancel{}, escrow.Withdraw{},
		escrow.Deliver{Delivery: "hash"}, escrow.Deliver{}, escrow.Approve{}, escrow.Dispute{}, escrow.Settle{}, escrow.Advance{}}
	jury := make([]string, agents)
	for i := range jury {
		jury[i] = fmt.Sprintf("judge%d", i+1)
		s.Actors = append(s.Actors, escrow.Agent(jury[i]))
	}
	s.Commands = append(s.Commands, draws(jury)...)
	s.Commands = append(s.Commands, votes(len(criteria))...)
	return s
}

// taskTerms are the terms of the tasks: every mode and way of awarding, two more
// prices, and four with a fault, which found nothing.
func taskTerms(criteria []string, policy *escrow.Policy) (list []escrow.Terms) {
	plain := escrow.Terms{ID: "task", Client: theClient, Worker: theWorker, Policy: policy, Price: decimal.New(31, -6), TaskDescription: "sum up",
		AcceptanceCriteria: criteria, ContractType: escrow.Fixed, AwardMethod: escrow.AwardDirect, VerificationMode: escrow.PrivacyPreserving,
		MatchDeadline: start.Add(24 * time.Hour), WithdrawalDeadline: start.Add(48 * time.Hour), DeliveryDeadline: start.Add(72 * time.Hour),
		ReviewDeadline: start.Add(96 * time.Hour)}
	for _, vary := range []func(*escrow.Terms){
		func(*escrow.Terms) {},
		func(t *escrow.Terms) { t.AwardMethod, t.Worker = escrow.AwardOpenTender, "" },
		func(t *escrow.Terms) { t.VerificationMode, t.ReviewDeadline = escrow.Standard, time.Time{} },
		func(t *escrow.Terms) { t.Price = decimal.New(10, -6) },
		func(t *escrow.Terms) { t.Price = decimal.New(190, -6) },
		func(t *escrow.Terms) { t.TaskDescription = "" },
		func(t *escrow.Terms) { t.Price = decimal.New(1, -7) },
		func(t *escrow.Terms) { t.ContractType = escrow.Auction },
		func(t *escrow.Terms) { p := escrow.OpenContract.DefaultPolicy(); p.BARecruitCount = 2; t.Policy = &p },
	} {
		t := plain
		vary(&t)
		list = append(list, t)
	}
	return list
}

// draws are the jury, and three that are none.
func draws(jury []string) []escrow.Command {
	twice, party := slices.Clone(jury), slices.Clone(jury)
	twice[0], party[0] = jury[len(jury)-1], theClient
	return []escrow.Command{escrow.Draw{BackupAgents: jury}, escrow.Draw{BackupAgents: append(twice, jury[0])},
		escrow.Draw{BackupAgents: party}, escrow.Draw{BackupAgents: jury[1:]}}
}

// votes are all complete ballots, and three that are not in order.
func votes(criteria int) []escrow.Command {
	ballots := [][]escrow.Ballot{nil}
	for i := range criteria {
		var longer [][]escrow.Ballot
		for _, b := range ballots {
			for _, v := range []escrow.Verdict{escrow.Met, escrow.NotMet, escrow.Unclear} {
				longer = append(longer, append(slices.Clone(b), escrow.Ballot{CriterionIndex: i, Vote: v}))
			}
		}
		ballots = longer
	}
	strange := slices.Clone(ballots[0])
	strange[0].Vote = "maybe"
	ballots = append(ballots, strange, ballots[0][1:], append(slices.Clone(ballots[0]), ballots[0][0]))
	commands := make([]escrow.Command, len(ballots))
	for i, b := range ballots {
		commands[i] = escrow.Vote{Votes: b}
	}
	return commands
}
