package simulate

import (
	"fmt"
	"strconv"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/escrow-go/escrow/payoff"
	"github.com/shopspring/decimal"
)

// model is a scenario under one of its policies, made ready for millions of
// contracts.
type model struct {
	*Scenario
	policy      escrow.Policy
	numbers     policyNumbers
	asset       escrow.Asset
	accounts    accounts
	ends        []escrow.Status
	capitalCost int64

	matches   chance
	workers   crowd
	worker    []workerChances
	clients   crowd
	client    []clientChances
	agents    crowd
	agent     []agentChances
	approvers crowd
	approver  []approverChances

	juryIDs []string
	jurors  []escrow.Actor
	draw    escrow.Command
	humans  []escrow.Actor
	// fund and release are the commands about each milestone.
	fund, release []escrow.Command
	guide         guide
	// The deadlines count from the founding.
	match, withdrawal, delivery, review time.Duration
}

type workerChances struct{ quality, withdraws chance }

type clientChances struct{ cancels, errs chance }

type agentChances struct{ votes, accuracy, unclear chance }

type approverChances struct{ answers, declines chance }

// modelOf makes a scenario ready under one of its policies.
func modelOf(s *Scenario, policy escrow.Policy) *model {
	t := &s.Terms
	m := &model{
		Scenario: s, policy: policy, numbers: numbersOf(policy),
		asset: s.Lifecycle.Spec().Asset, accounts: accountsOf(s.Lifecycle),
		ends:        s.endings(),
		capitalCost: int64(partOf(s.CapitalCost.Decimal()) / (certain / One)),
		matches:     chanceOf(s.Matching.Chance),
		match:       t.Match, withdrawal: t.Match + t.Withdrawal,
		delivery: t.Match + t.Withdrawal + t.Delivery,
		review:   t.Match + t.Withdrawal + t.Delivery + t.Review,
	}
	m.people()
	m.guidePrices()
	return m
}

// policyNumbers are the numbers of a policy that people act by. Those that the
// lifecycle's policies do not have are zero.
type policyNumbers struct {
	// votingWindow is how long a jury may take to be drawn, and to vote; jurors is
	// how many are drawn.
	votingWindow time.Duration
	jurors       int
	// signers is how many people must agree to an approval, reviewers to a payout
	// review.
	signers, reviewers int
	// namesEach says that who confirms an end must say of each milestone what
	// becomes of it.
	namesEach bool
}

func numbersOf(p escrow.Policy) policyNumbers {
	v := p.View()
	_, reviewers, _ := p.Review()
	return policyNumbers{
		votingWindow: opencontract.BAVotingWindow.In(v), jurors: int(opencontract.BARecruitCount.In(v)),
		signers: int(opentrain.Quorum.In(v)), reviewers: reviewers,
		namesEach: opentrain.EndDisposition.In(v) == "require",
	}
}

// open is the ending of a contract that nobody ends.
const open escrow.Status = "open"

// endings returns the statuses in which contracts of the lifecycle can end, in
// the order of its table, and "open" where time alone ends nothing.
func (s *Scenario) endings() []escrow.Status {
	var ends []escrow.Status
	for _, status := range s.Lifecycle.Statuses() {
		if s.Lifecycle.IsTerminal(status) {
			ends = append(ends, status)
		}
	}
	if s.Lifecycle == opentrain.Lifecycle {
		ends = append(ends, open)
	}
	return ends
}

// people makes the groups ready, and the actors.
func (m *model) people() {
	for _, w := range m.Workers {
		m.worker = append(m.worker, workerChances{chanceOf(w.Quality), chanceOf(w.Withdraws)})
	}
	for _, c := range m.Clients {
		m.client = append(m.client, clientChances{chanceOf(c.Cancels), chanceOf(c.Errs)})
	}
	for _, a := range m.BackupAgents {
		m.agent = append(m.agent, agentChances{chanceOf(a.Votes), chanceOf(a.Accuracy), chanceOf(a.Unclear)})
	}
	for _, a := range m.Approvers {
		m.approver = append(m.approver, approverChances{chanceOf(a.Answers), chanceOf(a.Declines)})
	}
	m.workers = crowdOf(shares(m.Workers, func(w Worker) escrow.Ratio { return w.Share }))
	m.clients = crowdOf(shares(m.Clients, func(c Client) escrow.Ratio { return c.Share }))
	m.agents = crowdOf(shares(m.BackupAgents, func(a BackupAgent) escrow.Ratio { return a.Share }))
	m.approvers = crowdOf(shares(m.Approvers, func(a Approver) escrow.Ratio { return a.Share }))
	for i := range m.numbers.jurors {
		id := "backup-" + strconv.Itoa(i+1)
		m.juryIDs = append(m.juryIDs, id)
		m.jurors = append(m.jurors, escrow.Agent(id))
	}
	m.draw = opencontract.Draw{BackupAgents: m.juryIDs}.Command()
	for i := range m.team() {
		m.humans = append(m.humans, escrow.Human(fmt.Sprintf("human-%d", i+1), payoff.ClientAccount))
	}
	for number := range m.Terms.Milestones {
		id := milestoneID(number)
		m.fund = append(m.fund, opentrain.FundMilestone{MilestoneID: id}.Command())
		m.release = append(m.release, opentrain.ApproveMilestone{MilestoneID: id}.Command())
	}
}

func shares[T any](groups []T, share func(T) escrow.Ratio) []escrow.Ratio {
	all := make([]escrow.Ratio, len(groups))
	for i, g := range groups {
		all[i] = share(g)
	}
	return all
}

// quorum is how many people must agree: to an approval, or to a payout review.
func (m *model) quorum() int { return max(m.numbers.signers, m.numbers.reviewers, 1) }

// team is how many people are asked.
func (m *model) team() int { return max(m.Approvals.Team, m.quorum()) }

// at returns the case of a price.
func (m *model) at(price int64) payoff.Case {
	return payoff.Case{
		Lifecycle: m.Lifecycle, Policy: m.policy, Price: m.whole(price),
		Criteria: m.Terms.Criteria, Milestones: m.Terms.Milestones,
		Award: m.Terms.Award, Mode: m.Terms.Mode,
		Match: m.Terms.Match, Withdrawal: m.Terms.Withdrawal, Delivery: m.Terms.Delivery, Review: m.Terms.Review,
	}
}

// whole returns a number of smallest units in whole units.
func (m *model) whole(units int64) decimal.Decimal {
	return m.asset.Decimal(escrow.Units(uint64(units)))
}

// price returns a contract's price, in steps.
func (m *model) price(s stream) int64 {
	u := s.of(ofPrice)
	if known := m.guide[u>>guideShift]; known != 0 {
		return known
	}
	return m.rounded(m.Price.at(u))
}

// guide has the price of all uniform numbers with the same first bits, where it
// is the same for all: logarithms are slow, and prices come in steps. It is 0
// where it is not the same, or nothing is gained.
type guide [1 << (64 - guideShift)]int64

const guideShift = 54

// guidePrices fills the guide. A price grows with the uniform number, so the
// first and the last of a range tell for all between; not so for a choice.
func (m *model) guidePrices() {
	if m.Price.kind == isChoice {
		return
	}
	for i := range m.guide {
		first := uint64(i) << guideShift
		price := m.rounded(m.Price.at(first))
		if m.rounded(m.Price.at(first|(1<<guideShift-1))) == price {
			m.guide[i] = price
		}
	}
}

// rounded returns a price in whole steps, at least one.
func (m *model) rounded(price int64) int64 {
	return max((price+m.PriceStep/2)/m.PriceStep, 1) * m.PriceStep
}
