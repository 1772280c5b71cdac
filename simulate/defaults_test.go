package simulate

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/stretchr/testify/require"
)

func TestDefaultScenario(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	require.NotNil(t, s)
	day := 24 * time.Hour
	require.Equal(t, "opencontract", s.Name)
	require.Empty(t, s.About)
	require.Same(t, opencontract.Lifecycle, s.Lifecycle)
	require.Equal(t, []Policy{{"policy", opencontract.Lifecycle.DefaultPolicy()}}, s.Policies)
	require.EqualValues(t, 1, s.Seed)
	require.Equal(t, 100_000, s.Contracts)
	require.Equal(t, 30*day, s.Horizon)
	require.Equal(t, Uniform(0, One), s.Arrivals)
	require.Equal(t, Lognormal(50_000_000, 0.8, 5_000_000, 5_000_000_000), s.Price)
	require.EqualValues(t, 1_000_000, s.PriceStep)
	require.Equal(t, Fixed(1.4*One), s.Value)
	require.Equal(t, "0.05", s.CapitalCost.String())
	require.Equal(t, Terms{3, 2, opencontract.AwardOpenTender, opencontract.PrivacyPreserving, day, day, day, day}, s.Terms)
	require.Equal(t, Matching{exactly("0.97"), Exponential(0.15*One, 0, 3*One), Fixed(0.01 * One)}, s.Matching)
	require.Equal(t, Approvals{3, 3, 3 * day}, s.Approvals)
	require.Empty(t, s.Sweep)
	require.Nil(t, s.Frontier)

	s = Default(opentrain.Lifecycle)
	require.Equal(t, "opentrain", s.Name)
	require.Equal(t, []Policy{{"policy", opentrain.Lifecycle.DefaultPolicy()}}, s.Policies)
	require.Equal(t, Lognormal(50_000, 0.8, 5_000, 5_000_000), s.Price)
	require.EqualValues(t, 100, s.PriceStep)
	require.Equal(t, 7*day, s.Terms.Delivery)
	require.Equal(t, 2*day, s.Terms.Review)
	require.Nil(t, Default(nil))
}

func exactly(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

func TestDefaultScenarioPeople(t *testing.T) {
	s := Default(opencontract.Lifecycle)
	in := Uniform(0.2*One, 0.9*One)
	looks := Uniform(0.05*One, 0.9*One)
	votes := Uniform(0.05*One, 0.8*One)
	require.Equal(t, []Worker{
		{ReliableWorker, exactly("0.85"), exactly("0.995"), in, exactly("0"), Fixed(One / 2), Fixed(0.6 * One), exactly("1")},
		{LateWorker, exactly("0.04"), exactly("0.95"), Uniform(0.7*One, 1.3*One), exactly("0"), Fixed(One / 2), Fixed(0.6 * One), exactly("1")},
		{AbsentWorker, exactly("0.02"), exactly("1"), Fixed(10 * One), exactly("0"), Fixed(One / 2), Fixed(0.6 * One), exactly("1")},
		{WithdrawingWorker, exactly("0.04"), exactly("0.99"), in, exactly("1"), Uniform(0.1*One, 0.9*One), Fixed(0.6 * One), exactly("1")},
		{PoorWorker, exactly("0.02"), exactly("0.5"), in, exactly("0"), Fixed(One / 2), Fixed(0.4 * One), exactly("1")},
		{RationalWorker, exactly("0.03"), exactly("0.97"), in, exactly("0"), Fixed(One / 10), Uniform(0.3*One, 1.5*One), exactly("0.95")},
	}, s.Workers)
	require.Equal(t, []Client{
		{HonestClient, exactly("0.86"), exactly("0.01"), looks, exactly("0.005"), exactly("1")},
		{NegligentClient, exactly("0.10"), exactly("0.01"), Fixed(10 * One), exactly("0"), exactly("1")},
		{DisputingClient, exactly("0.01"), exactly("0.01"), looks, exactly("0"), exactly("1")},
		{RationalClient, exactly("0.03"), exactly("0.01"), looks, exactly("0.01"), exactly("0.9")},
	}, s.Clients)
	require.Equal(t, []BackupAgent{
		{DiligentAgent, exactly("0.85"), exactly("0.98"), votes, exactly("0.95"), exactly("0.02"), ""},
		{LazyAgent, exactly("0.10"), exactly("0.5"), Uniform(0.3*One, 1.1*One), exactly("0.7"), exactly("0.1"), ""},
		{RandomAgent, exactly("0.05"), exactly("0.95"), votes, exactly("0.5"), exactly("0"), ""},
	}, s.BackupAgents)
	hour := int64(time.Hour)
	require.Equal(t, []Approver{
		{PromptApprover, exactly("0.7"), exactly("0.99"), Exponential(2*hour, 0, 40*hour), exactly("0.01")},
		{SlowApprover, exactly("0.25"), exactly("0.95"), Exponential(48*hour, 0, 960*hour), exactly("0.01")},
		{AbsentApprover, exactly("0.05"), exactly("0"), Fixed(0), exactly("0")},
	}, s.Approvers)
	colluding := parsed(t, `{"backupAgents": [{"behaviour": "colluding", "share": 1}]}`)
	require.Equal(t, []BackupAgent{{ColludingAgent, exactly("1"), exactly("1"), votes, exactly("1"), exactly("0"), ForClient}}, colluding.BackupAgents)
}
