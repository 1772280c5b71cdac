package simulate

import (
	"context"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/require"
)

func ratio(t string) escrow.Ratio {
	r, err := escrow.ParseRatio(t)
	if err != nil {
		panic(err)
	}
	return r
}

const pct = One / 100

func standardTest() *Scenario {
	d := 24 * time.Hour
	u := func(a, b int64) Distribution { return Uniform(a*pct, b*pct) }
	return &Scenario{
		Lifecycle: escrow.OpenContract, Policies: []Policy{{"default", escrow.OpenContract.DefaultPolicy()}},
		Seed: 1, Contracts: 100000, Horizon: 30 * d, Arrivals: u(0, 100),
		Price: Lognormal(50e6, 0.8, 5e6, 5000e6), PriceStep: 1e6, Value: Fixed(140 * pct), CapitalCost: ratio("0.05"),
		Terms:    Terms{Criteria: 3, Milestones: 2, Award: escrow.AwardDirect, Mode: escrow.PrivacyPreserving, Match: d, Withdrawal: d, Delivery: d, Review: d},
		Matching: Matching{Chance: ratio("0.97"), After: u(0, 90), DrawAfter: u(0, 10)},
		Workers: []Worker{
			{Behaviour: ReliableWorker, Share: ratio("0.80"), Quality: ratio("0.99"), Delivers: u(20, 90), Cost: Fixed(60 * pct)},
			{Behaviour: LateWorker, Share: ratio("0.05"), Quality: ratio("0.99"), Delivers: u(70, 130), Cost: Fixed(60 * pct)},
			{Behaviour: AbsentWorker, Share: ratio("0.02"), Delivers: Fixed(10 * One)},
			{Behaviour: WithdrawingWorker, Share: ratio("0.05"), Withdraws: ratio("1"), WithdrawsAt: u(10, 90), Delivers: u(20, 90), Cost: Fixed(60 * pct)},
			{Behaviour: PoorWorker, Share: ratio("0.05"), Quality: ratio("0.5"), Delivers: u(20, 90), Cost: Fixed(30 * pct)},
			{Behaviour: RationalWorker, Share: ratio("0.03"), Quality: ratio("0.99"), Delivers: u(20, 90), WithdrawsAt: u(10, 20), Cost: u(30, 150), Expects: ratio("0.95")},
		},
		Clients: []Client{
			{Behaviour: HonestClient, Share: ratio("0.85"), Reviews: u(5, 90), Errs: ratio("0.01"), Cancels: ratio("0.01")},
			{Behaviour: NegligentClient, Share: ratio("0.10"), Reviews: Fixed(10 * One)},
			{Behaviour: DisputingClient, Share: ratio("0.02"), Reviews: u(5, 90)},
			{Behaviour: RationalClient, Share: ratio("0.03"), Reviews: u(5, 90), Errs: ratio("0.01"), Trusts: ratio("0.9")},
		},
		BackupAgents: []BackupAgent{
			{Behaviour: DiligentAgent, Share: ratio("0.85"), Votes: ratio("0.98"), VotesAt: u(5, 80), Accuracy: ratio("0.95"), Unclear: ratio("0.02")},
			{Behaviour: LazyAgent, Share: ratio("0.10"), Votes: ratio("0.5"), VotesAt: u(5, 80), Accuracy: ratio("0.7")},
			{Behaviour: RandomAgent, Share: ratio("0.05"), Votes: ratio("0.95"), VotesAt: u(5, 80), Accuracy: ratio("0.5")},
		},
		Approvers: []Approver{
			{Behaviour: PromptApprover, Share: ratio("0.7"), Answers: ratio("0.99"), After: Exponential(int64(2*time.Hour), 0, int64(40*time.Hour))},
			{Behaviour: SlowApprover, Share: ratio("0.25"), Answers: ratio("0.95"), After: Exponential(int64(48*time.Hour), 0, int64(960*time.Hour))},
			{Behaviour: AbsentApprover, Share: ratio("0.05")},
		},
		Approvals: Approvals{Team: 1, Asks: 3, Relieved: 3 * d},
	}
}

func trainTest() *Scenario {
	s := standardTest()
	s.Lifecycle, s.Policies = escrow.OpenTrain, []Policy{{"default", escrow.OpenTrain.DefaultPolicy()}}
	s.Price, s.PriceStep = Lognormal(50000, 0.8, 5000, 5000000), 100
	s.Terms.Delivery, s.Terms.Review = 7*24*time.Hour, 48*time.Hour
	return s
}

func TestCoreRuns(t *testing.T) {
	for _, s := range []*Scenario{standardTest(), trainTest()} {
		s.Contracts = 20000
		r, err := Run(context.Background(), s)
		require.NoError(t, err)
		t.Log(r.String())
	}
}

func BenchmarkSimulate(b *testing.B) {
	for name, s := range map[string]*Scenario{"opencontract": standardTest(), "opentrain": trainTest()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			s.Contracts = b.N
			_, err := Run(context.Background(), s)
			require.NoError(b, err)
		})
	}
}
