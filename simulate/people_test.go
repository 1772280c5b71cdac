package simulate

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPeopleByHand: what each behaviour does, seen in one measure that is known by
// hand; nothing is left to chance.
func TestPeopleByHand(t *testing.T) {
	one, none := ratio(t, "1"), escrow.Ratio{}
	disputing := func(s *Scenario) { s.Clients[0].Behaviour = DisputingClient }
	rational := func(s *Scenario, trusts string) {
		s.Clients[0].Behaviour, s.Clients[0].Trusts = RationalClient, ratio(t, trusts)
	}
	for name, c := range map[string]struct {
		change  func(*Scenario)
		measure string
		want    float64
	}{
		"withdrawing slashes a part":  {func(s *Scenario) { s.Workers[0].Withdraws = one }, "stake.slashed", 0.75},
		"vanishing slashes all":       {func(s *Scenario) { s.Workers[0].Behaviour = AbsentWorker }, "stake.slashed", 2.5},
		"who vanishes does not work":  {func(s *Scenario) { s.Workers[0].Behaviour = AbsentWorker }, "work.cost", 0},
		"who is too late has worked":  {func(s *Scenario) { s.Workers[0].Delivers = Fixed(2 * One) }, "work.cost", 15},
		"withdrawing at the deadline": {func(s *Scenario) { s.Workers[0].Withdraws, s.Workers[0].WithdrawsAt = one, Fixed(One) }, "worker.net", 47.5},
		"withdrawing half way through the work": {func(s *Scenario) {
			s.Workers[0].Withdraws, s.Workers[0].WithdrawsAt, s.Workers[0].Delivers = one, Fixed(50*pct), Fixed(60*pct)
		}, "work.cost", 15},
		"delivering at the deadline": {func(s *Scenario) { s.Workers[0].Delivers = Fixed(One) }, "worker.net", -2.5},
		"welfare with the cost of capital": {func(s *Scenario) { s.CapitalCost = ratio(t, "0.365") },
			"welfare.lost", (50*51 + 2.5*39) / 24.0 * 0.001},
		"nobody to do the work": {func(s *Scenario) { s.Matching.Chance = none }, "welfare.lost", 40},
		"agents for the client": {func(s *Scenario) {
			disputing(s)
			s.BackupAgents[0].Behaviour, s.BackupAgents[0].Side = ColludingAgent, ForClient
		}, "worker.net", -2.5},
		"agents for the worker": {func(s *Scenario) {
			s.Workers[0].Quality = none
			s.BackupAgents[0].Behaviour, s.BackupAgents[0].Side = ColludingAgent, ForWorker
		}, "worker.net", 50},
		"unclear is not right": {func(s *Scenario) {
			s.Workers[0].Quality = none
			s.BackupAgents[0].Unclear = one
		}, "disputes.right", 0},
		"judged rightly":               {func(s *Scenario) { s.Workers[0].Quality = none }, "disputes.right", 1},
		"judged by agents who err":     {func(s *Scenario) { disputing(s); s.BackupAgents[0].Accuracy = none }, "worker.net", -2.5},
		"a client errs over good work": {func(s *Scenario) { s.Clients[0].Errs = one }, "disputes", 1},
		"a client errs over bad work":  {func(s *Scenario) { s.Clients[0].Errs, s.Workers[0].Quality = one, none }, "disputes", 0},
		// Approving is worth -50, a dispute won 2 and lost -52.5: at 52/54.5 both are
		// the same over good work, at 2.5/54.5 over bad.
		"trusts the jury, good work":   {func(s *Scenario) { rational(s, "0.955") }, "disputes", 0},
		"doubts the jury, good work":   {func(s *Scenario) { rational(s, "0.954") }, "disputes", 1},
		"trusts the jury, bad work":    {func(s *Scenario) { rational(s, "0.046"); s.Workers[0].Quality = none }, "disputes", 1},
		"despairs of it, bad work":     {func(s *Scenario) { rational(s, "0.045"); s.Workers[0].Quality = none }, "disputes", 0},
		"as good as approving is good": {func(s *Scenario) { rational(s, "1"); unbonded(t, s) }, "disputes", 0},
		"prices in steps, half up":     {func(s *Scenario) { s.Price = Fixed(50_500_000) }, "volume", 51},
		"at least one step":            {func(s *Scenario) { s.Price = Fixed(1) }, "volume", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := plain(t)
			s.Contracts = 50
			s.Workers[0].WithdrawsAt = Fixed(0)
			c.change(s)
			assert.InDelta(t, c.want, mean(t, lived(t, s), c.measure).Value, 2e-6)
		})
	}
}

// unbonded asks no bond for a dispute.
func unbonded(t testing.TB, s *Scenario) {
	policy, err := s.Policies[0].Policy.With(opencontract.DisputeBondRatio.To(escrow.Ratio{}))
	require.NoError(t, err)
	s.Policies[0].Policy = policy
}

// TestPeopleInClosedForm: the same where chance decides, and the mean is known.
func TestPeopleInClosedForm(t *testing.T) {
	half := ratio(t, "0.5")
	reviewed := func(s *Scenario) {
		review(t, s, "0")
		s.Approvals.Team, s.Approvers[0].After = 2, Uniform(0, int64(2*time.Hour))
	}
	train := func(change func(*Scenario)) func(testing.TB) *Scenario {
		return func(t testing.TB) *Scenario { s := plainTrain(t); change(s); return s }
	}
	for name, c := range map[string]struct {
		scenario func(testing.TB) *Scenario
		value    func(*Result) Estimate
		want     float64
	}{
		"the slower of two looks last": {
			func(t testing.TB) *Scenario { s := plain(t); reviewed(s); return s },
			func(r *Result) Estimate { return mean(t, r, "sign.wait") }, 4.0 / 3},
		"each request has its own people": {
			train(func(s *Scenario) { s.Approvers[0].Answers, s.Approvals.Asks, s.Terms.Milestones = half, 3, 1 }),
			func(r *Result) Estimate { return r.Policies[0].Ending(open).Share }, 0.5 * 0.125},
		"each milestone is good or bad for itself": {
			train(func(s *Scenario) { s.Workers[0].Quality = half }),
			func(r *Result) Estimate { return mean(t, r, "worker.net") }, 250 + 125},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.scenario(t)
			s.Contracts = 5_000
			assertCovers(t, c.want, c.value(lived(t, s)), name)
		})
	}
}
