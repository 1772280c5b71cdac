package simulation

import (
	"errors"
	"fmt"
	"slices"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/simulate"
)

// NewFloor returns the floor of a scenario that differs from the default of
// OpenContract in its numbers only; anything else is an error.
func NewFloor(s *simulate.Scenario) (*Floor, error) {
	_, _, reviewed := s.Policies[0].Policy.Review()
	if s.Lifecycle != opencontract.Lifecycle || len(s.Policies) != 1 || s.Terms.Mode != opencontract.PrivacyPreserving || reviewed {
		return nil, errors.New("the floor knows OpenContract contracts under one policy, reviewed by their clients, with payouts that nobody looks at")
	}
	var r reader
	t := &s.Terms
	f := &Floor{
		seed: s.Seed, horizon: int64(s.Horizon), arrivals: r.law(s.Arrivals), step: s.PriceStep, price: r.law(s.Price), value: r.law(s.Value), capitalCost: r.billionths(s.CapitalCost),
		match: int64(t.Match), withdrawal: int64(t.Match + t.Withdrawal),
		delivery: int64(t.Match + t.Withdrawal + t.Delivery), review: int64(t.Match + t.Withdrawal + t.Delivery + t.Review),
		criteria: t.Criteria, policy: r.policy(s.Policies[0].Policy.View()),
		matches: chanceOf(s.Matching.Chance.Decimal()), matchTime: r.law(s.Matching.After), drawTime: r.law(s.Matching.DrawAfter),
	}
	r.people(f, s)
	return f, r.err
}

// reader reads parts of a scenario. The last error sticks.
type reader struct{ err error }

// billionths returns a ratio.
func (r *reader) billionths(x escrow.Ratio) int64 {
	d := x.Decimal().Shift(9)
	if !d.IsInteger() {
		r.err = fmt.Errorf("the floor counts ratios in billionths, not %s", x)
	}
	return d.IntPart()
}

func (r *reader) law(d simulate.Distribution) law {
	l, known := lawOf(d)
	if !known {
		r.err = fmt.Errorf("the floor does not know the distribution %+v", d)
	}
	return l
}

func (r *reader) policy(p escrow.View) policy {
	return policy{
		fee: r.billionths(opencontract.ProtocolFee.In(p)), stake: r.billionths(opencontract.WorkerStakeRatio.In(p)),
		disputeBond: r.billionths(opencontract.DisputeBondRatio.In(p)), backupBond: r.billionths(opencontract.BackupAgentBondRatio.In(p)),
		withdrawSlash: r.billionths(opencontract.EarlyWithdrawalSlashRatio.In(p)), absentSlash: r.billionths(opencontract.AbsentNoneMetClientShare.In(p)),
		unclearSlash: r.billionths(opencontract.BAUnclearSlashRatio.In(p)), unclearCredit: r.billionths(opencontract.UnclearCredit.In(p)),
		jury: int(opencontract.BARecruitCount.In(p)), votingWindow: int64(opencontract.BAVotingWindow.In(p)),
		silenceApproves: opencontract.NoQuorum.In(p) == "approve", forfeitToWorker: opencontract.DisputeForfeitTo.In(p) == "worker",
		slashToTreasury: opencontract.BackupSlashTo.In(p) == "treasury",
	}
}

// people reads the groups.
func (r *reader) people(f *Floor, s *simulate.Scenario) {
	for _, w := range s.Workers {
		f.workers = append(f.workers, worker{
			w.Behaviour == simulate.AbsentWorker, w.Behaviour == simulate.RationalWorker,
			chanceOf(w.Quality.Decimal()), chanceOf(w.Withdraws.Decimal()),
			r.law(w.Delivers), r.law(w.WithdrawsAt), r.law(w.Cost), r.billionths(w.Expects)})
	}
	for _, c := range s.Clients {
		f.clients = append(f.clients, client{
			c.Behaviour == simulate.NegligentClient, c.Behaviour == simulate.DisputingClient, c.Behaviour == simulate.RationalClient,
			chanceOf(c.Cancels.Decimal()), chanceOf(c.Errs.Decimal()), r.law(c.Reviews), r.billionths(c.Trusts)})
	}
	for _, a := range s.BackupAgents {
		f.agents = append(f.agents, agent{
			chanceOf(a.Votes.Decimal()), chanceOf(a.Accuracy.Decimal()), chanceOf(a.Unclear.Decimal()), r.law(a.VotesAt)})
	}
	if slices.ContainsFunc(s.BackupAgents, func(a simulate.BackupAgent) bool { return a.Behaviour == simulate.ColludingAgent }) {
		r.err = errors.New("the floor does not know backup agents who collude")
	}
	f.workerOf = crowdOf(s.Workers, func(w simulate.Worker) escrow.Ratio { return w.Share })
	f.clientOf = crowdOf(s.Clients, func(c simulate.Client) escrow.Ratio { return c.Share })
	f.agentOf = crowdOf(s.BackupAgents, func(a simulate.BackupAgent) escrow.Ratio { return a.Share })
}
