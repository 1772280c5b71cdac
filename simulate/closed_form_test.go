package simulate

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pct is a hundredth of a whole, in a distribution's finest units.
const pct = One / 100

func ratio(t testing.TB, text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	require.NoError(t, err)
	return r
}

// plain is a scenario in which nothing is left to chance: contracts of 50 that
// are matched at noon, delivered a day later, approved half a day after that, and
// lived through by reliable workers and honest clients who do not err.
func plain(t testing.TB) *Scenario {
	s := Default(opencontract.Lifecycle)
	one := ratio(t, "1")
	s.Price, s.Contracts = Fixed(50_000_000), 2_000
	s.Matching = Matching{Chance: one, After: Fixed(50 * pct)}
	s.Workers = []Worker{{Behaviour: ReliableWorker, Share: one, Quality: one, Delivers: Fixed(40 * pct), Cost: Fixed(60 * pct)}}
	s.Clients = []Client{{Behaviour: HonestClient, Share: one, Reviews: Fixed(25 * pct)}}
	s.BackupAgents = []BackupAgent{{Behaviour: DiligentAgent, Share: one, Votes: one, Accuracy: one, VotesAt: Fixed(50 * pct)}}
	s.Approvers = []Approver{{Behaviour: PromptApprover, Share: one, Answers: one, After: Fixed(int64(time.Hour))}}
	s.Value = Fixed(140 * pct)
	s.CapitalCost = escrow.Ratio{}
	return s
}

func lived(t testing.TB, s *Scenario) *Result {
	r, err := Run(context.Background(), s)
	require.NoError(t, err)
	require.Equal(t, s.Contracts, r.Contracts)
	return r
}

func mean(t testing.TB, r *Result, measure string) Estimate {
	m, ok := r.Policies[0].Measure(measure)
	require.True(t, ok, measure)
	return m.Mean
}

func assertCovers(t testing.TB, want float64, e Estimate, what string) {
	t.Helper()
	assert.LessOrEqual(t, e.Low, want+1e-9*math.Abs(want), what)
	assert.GreaterOrEqual(t, e.High, want-1e-9*math.Abs(want), what)
}

// TestNothingLeftToChance: every measure of a scenario without chance is known
// by hand, and its interval has no width.
func TestNothingLeftToChance(t *testing.T) {
	r := lived(t, plain(t))
	// Accepted at 12 h, delivered 40 % of the way to 72 h, approved a quarter of
	// the way to 96 h: 12, 36, 51 h.
	for measure, want := range map[string]float64{
		"volume": 50, "client.pays": 50, "client.gets": 0, "client.net": -50, "worker.pays": 2.5, "worker.gets": 50,
		"worker.net": 47.5, "worker.income": 17.5, "treasury.gets": 2.5, "fees": 2.5, "stake.slashed": 0, "disputes": 0,
		"work.cost": 30, "work.value": 70, "welfare.lost": 0, "capital.days": (50*51 + 2.5*39) / 24.0,
	} {
		assert.Equal(t, Estimate{rounded(want), rounded(want), rounded(want)}, mean(t, r, measure), measure)
	}
	assert.Equal(t, 2_000, r.Policies[0].Ending(opencontract.SettledFullyMet).Count)
	assert.InDelta(t, 51, r.Policies[0].Settle.Mean.Value, 1e-9)
	assert.InDelta(t, 51, r.Policies[0].Settle.P99.Value, 51.0/128)
}

// TestEveryEndingByHand: one scenario for each way in which a contract ends, with
// the nets known by hand.
func TestEveryEndingByHand(t *testing.T) {
	one := ratio(t, "1")
	for name, c := range map[string]struct {
		change                   func(*Scenario)
		ending                   escrow.Status
		client, worker, treasury float64
		hours                    float64
	}{
		"approved":  {func(s *Scenario) {}, opencontract.SettledFullyMet, -50, 47.5, 2.5, 51},
		"silence":   {func(s *Scenario) { s.Clients[0].Reviews = Fixed(One) }, opencontract.SettledFullyMet, -50, 47.5, 2.5, 96},
		"unmatched": {func(s *Scenario) { s.Matching.Chance = escrow.Ratio{} }, opencontract.CancelledUnmatched, 0, 0, 0, 24},
		"cancelled": {func(s *Scenario) { s.Clients[0].Cancels = one }, opencontract.CancelledByClient, 0, 0, 0, 12},
		"withdrawn": {func(s *Scenario) { s.Workers[0].Withdraws, s.Workers[0].WithdrawsAt = one, Fixed(25*pct) },
			opencontract.CancelledWithdrawn, 0.75, -0.75, 0, 21},
		"absent": {func(s *Scenario) { s.Workers[0].Delivers = Fixed(One) }, opencontract.CancelledAbsent, 2, -2.5, 0.5, 72},
		"rightly disputed": {func(s *Scenario) { s.Workers[0].Quality = escrow.Ratio{} },
			opencontract.SettledNoneMet, 2, -2.5, 0.5, 51 + 12},
		"wrongly disputed": {func(s *Scenario) { s.Clients[0].Behaviour = DisputingClient },
			opencontract.SettledFullyMet, -52.5, 50, 2.5, 51 + 12},
		"silent jury": {func(s *Scenario) { s.Clients[0].Behaviour = DisputingClient; s.BackupAgents[0].Votes = escrow.Ratio{} },
			opencontract.SettledFullyMet, -50, 47.5, 2.5, 51 + 24},
		"no jury": {func(s *Scenario) { s.Clients[0].Behaviour = DisputingClient; s.Matching.DrawAfter = Fixed(One) },
			opencontract.SettledFullyMet, -50, 47.5, 2.5, 51 + 24},
	} {
		t.Run(name, func(t *testing.T) {
			s := plain(t)
			s.Matching.DrawAfter = Fixed(0)
			s.Contracts = 300
			c.change(s)
			r := lived(t, s)
			assert.Equal(t, 300, r.Policies[0].Ending(c.ending).Count)
			assert.Equal(t, c.client, mean(t, r, "client.net").Value)
			assert.Equal(t, c.worker, mean(t, r, "worker.net").Value)
			assert.Equal(t, c.treasury, mean(t, r, "treasury.gets").Value)
			assert.InDelta(t, c.hours, r.Policies[0].Settle.Mean.Value, 1e-9)
		})
	}
}

// TestIntervalsCover: where the expectation is known in closed form, about 95 %
// of the intervals of 400 seeds cover it: with this many, between 92 and 98 %
// (short: of 50, between 85 and 100 %).
func TestIntervalsCover(t *testing.T) {
	half := ratio(t, "0.5")
	seeds, most := 400, 12.0
	if testing.Short() {
		seeds, most = 50, 5
	}
	for name, c := range map[string]struct {
		change func(*Scenario)
		value  func(*Result) Estimate
		want   float64
	}{
		"share that withdraws": {
			func(s *Scenario) { s.Workers[0].Withdraws, s.Workers[0].WithdrawsAt = ratio(t, "0.3"), Fixed(0) },
			func(r *Result) Estimate { return r.Policies[0].Ending(opencontract.CancelledWithdrawn).Share }, 0.3},
		"net of a client some of whose workers withdraw": {
			func(s *Scenario) { s.Workers[0].Withdraws, s.Workers[0].WithdrawsAt = ratio(t, "0.3"), Fixed(0) },
			func(r *Result) Estimate { return mean(t, r, "client.net") }, 0.3*0.75 - 0.7*50},
		"uniform price": {
			func(s *Scenario) { s.Price, s.PriceStep = Uniform(10_000_000, 90_000_000), 1 },
			func(r *Result) Estimate { return mean(t, r, "volume") }, 50},
		"lognormal price, cut off": {
			func(s *Scenario) { s.Price, s.PriceStep = Lognormal(50_000_000, 0.8, 5_000_000, 500_000_000), 1 },
			func(r *Result) Estimate { return mean(t, r, "volume") }, cutLognormalMean(50, 0.8, 5, 500)},
		"choice of prices": {
			func(s *Scenario) {
				s.Price = Choice([]int64{10_000_000, 90_000_000}, []uint64{certain / 4, certain / 4 * 3})
			},
			func(r *Result) Estimate { return mean(t, r, "volume") }, 70},
		"jury of three, one criterion": {
			func(s *Scenario) {
				s.Terms.Criteria, s.Clients[0].Behaviour = 1, DisputingClient
				s.BackupAgents[0].Accuracy = ratio(t, "0.8")
			},
			func(r *Result) Estimate { return mean(t, r, "disputes.right") }, 0.8*0.8*0.8 + 3*0.8*0.8*0.2},
		"two of three vote, so that a jury decides": {
			func(s *Scenario) {
				s.Terms.Criteria, s.Clients[0].Behaviour = 1, DisputingClient
				s.BackupAgents[0].Votes = half
			},
			// The work is good: a jury without a quorum leaves the bond with the client.
			func(r *Result) Estimate { return mean(t, r, "dispute.forfeited") }, 2.5 * 0.5},
		"criteria met, of three": {
			func(s *Scenario) { s.Workers[0].Quality = half },
			func(r *Result) Estimate { return r.Policies[0].Ending(opencontract.SettledPartiallyMet).Share }, 0.75},
		"time to settle": {
			func(s *Scenario) { s.Matching.After = Uniform(0, 90*pct) },
			// Accepted at a, delivered at a + 0.4 (72 - a), approved a quarter of the way to 96.
			func(r *Result) Estimate { return r.Policies[0].Settle.Mean }, 0.75*(28.8+0.6*10.8) + 24},
	} {
		t.Run(name, func(t *testing.T) {
			s := plain(t)
			c.change(s)
			s.Contracts = 600
			covered := 0
			for seed := range seeds {
				s.Seed = uint64(seed)
				if e := c.value(lived(t, s)); e.Low <= c.want && c.want <= e.High {
					covered++
				}
			}
			assert.InDelta(t, 0.95*float64(seeds), covered, most, "of %d", seeds)
		})
	}
}

// cutLognormalMean is the mean of a lognormal that is drawn again outside bounds.
func cutLognormalMean(median, spread, from, to float64) float64 {
	phi := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
	z := func(x float64) float64 { return math.Log(x/median) / spread }
	return median * math.Exp(spread*spread/2) *
		(phi(z(to)-spread) - phi(z(from)-spread)) / (phi(z(to)) - phi(z(from)))
}

// TestApprovalsExpire: with approvers who take an exponential time, the share of
// hires that expire is known.
func TestApprovalsExpire(t *testing.T) {
	s := plainTrain(t)
	mean := 36 * time.Hour
	s.Approvers[0].After = Exponential(int64(mean), 0, int64(40*mean))
	s.Contracts = 4_000
	r := lived(t, s)
	assertCovers(t, math.Exp(-72.0/36), r.Policies[0].Ending(opentrain.NotHired).Share, "not hired")
}

// plainTrain is a scenario of OpenTrain in which nothing is left to chance.
func plainTrain(t testing.TB) *Scenario {
	s, p := Default(opentrain.Lifecycle), plain(t)
	s.Price, s.Contracts, s.CapitalCost, s.Value = Fixed(50_000), 500, escrow.Ratio{}, p.Value
	s.Workers, s.Clients, s.Approvers = p.Workers, p.Clients, p.Approvers
	s.Terms.Milestones, s.Terms.Delivery, s.Terms.Review = 2, 10*24*time.Hour, 4*24*time.Hour
	s.Approvals.Team = 1
	return s
}

// TestTrainByHand: two milestones of 500, every co-sign an hour.
func TestTrainByHand(t *testing.T) {
	for name, c := range map[string]struct {
		change                   func(*Scenario)
		ending                   escrow.Status
		client, worker, platform float64
		hours                    float64
	}{
		// Hired at 1; each milestone takes 96 h, its review 24, its release 1; the
		// second is funded in 1 more.
		"paid": {func(s *Scenario) {}, opentrain.Ended, -1109.95, 1000, 109.95, 1 + 121 + 1 + 121},
		"bad work": {func(s *Scenario) { s.Workers[0].Quality = escrow.Ratio{} },
			opentrain.Ended, -59.95, 0, 59.95, 1 + 120 + 1},
		"nobody signs": {func(s *Scenario) { s.Approvers[0].Answers = escrow.Ratio{} }, opentrain.NotHired, 0, 0, 0, 72},
		"declined":     {func(s *Scenario) { s.Approvers[0].Declines = ratio(t, "1") }, opentrain.NotHired, 0, 0, 0, 1},
		// Given up after the window of 240 h and the review of it.
		"nobody works": {func(s *Scenario) { s.Workers[0].Behaviour = AbsentWorker },
			opentrain.Ended, -59.95, 0, 59.95, 1 + 240 + 24 + 1},
		"works too long": {func(s *Scenario) { s.Workers[0].Delivers = Fixed(3 * One) },
			opentrain.Ended, -59.95, 0, 59.95, 1 + 240 + 24 + 1},
		"signed at the very end": {func(s *Scenario) { s.Approvers[0].After = Fixed(int64(72 * time.Hour)) },
			opentrain.NotHired, 0, 0, 0, 72},
		"nobody looks": {func(s *Scenario) { s.Clients[0].Reviews = Fixed(One) }, open, -559.95, 0, 59.95, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := plainTrain(t)
			c.change(s)
			r := lived(t, s)
			assert.Equal(t, 500, r.Policies[0].Ending(c.ending).Count)
			assert.Equal(t, c.client, mean(t, r, "client.net").Value)
			assert.Equal(t, c.worker, mean(t, r, "worker.net").Value)
			assert.Equal(t, c.platform, mean(t, r, "platform.gets").Value)
			assert.InDelta(t, c.hours, r.Policies[0].Settle.Mean.Value, 1e-9)
		})
	}
}

// review has two people look at payouts of an amount or more, in whole units.
func review(t testing.TB, s *Scenario, least string) {
	amount, err := s.Lifecycle.Spec().Asset.Parse(least)
	require.NoError(t, err)
	s.Policies[0].Policy, err = s.Policies[0].Policy.WithReview(amount, 2)
	require.NoError(t, err)
}

// TestReviewsByHand: payouts of the limit or more wait for the people, an hour
// each; those who do not answer are relieved. What is paid does not change.
func TestReviewsByHand(t *testing.T) {
	for name, c := range map[string]struct {
		least                 string
		answers               string
		wait, reviewed, hours float64
	}{
		"at the limit":    {"52.5", "1", 1, 52.5, 52},
		"below the limit": {"52.500001", "1", 0, 0, 51},
		"nobody answers":  {"50", "0", 72, 52.5, 51 + 72},
	} {
		t.Run(name, func(t *testing.T) {
			s := plain(t)
			s.Contracts, s.Approvers[0].Answers = 200, ratio(t, c.answers)
			review(t, s, c.least)
			s.Approvals.Team = 2
			r := lived(t, s)
			assert.Equal(t, c.wait, mean(t, r, "sign.wait").Value)
			assert.Equal(t, c.reviewed, mean(t, r, "reviewed").Value)
			assert.InDelta(t, c.hours, r.Policies[0].Settle.Mean.Value, 1e-9)
			assert.Equal(t, 47.5, mean(t, r, "worker.net").Value)
			// Held until it is paid out: all but the stake from the founding on.
			assert.InDelta(t, (50*c.hours+2.5*(c.hours-12))/24, mean(t, r, "capital.days").Value, 1e-5)
		})
	}
}
