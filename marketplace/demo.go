package marketplace

import (
	"context"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/marketplace/trainapi"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/shopspring/decimal"
)

// demo puts a contract under way into a sandbox that is empty, and a proposal to hire
// from, so that there is something to look at.
func (m *Market) demo(ctx context.Context) error {
	empty, err := m.Runner.Store.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	now := m.Clock.Now().Truncate(time.Second)
	day := func(n time.Duration) time.Time { return now.Add(n * 24 * time.Hour) }
	draft := opencontract.Terms{
		ID: "first-task", Client: "acct_clara", Worker: "acct_walter", Price: decimal.NewFromInt(50),
		TaskDescription:    "Sum up ten papers on escrow",
		AcceptanceCriteria: []string{"all ten papers are there", "a page each at most", "every claim has its source"},
		ContractType:       opencontract.Fixed, AwardMethod: opencontract.AwardDirect, VerificationMode: opencontract.PrivacyPreserving,
		MatchDeadline: day(1), WithdrawalDeadline: day(3), DeliveryDeadline: day(7), ReviewDeadline: day(10),
	}.Draft()
	clara, walter := escrow.Human("clara", "acct_clara"), escrow.Human("walter", "acct_walter")
	if _, err := m.Runner.Found(ctx, draft, opencontract.Create{}.Command(), clara, "demo-create"); err != nil {
		return err
	}
	if _, err := m.Runner.Do(ctx, draft.ID(), opencontract.Accept{}.Command(), walter, "demo-accept"); err != nil {
		return err
	}
	return m.train.AddProposal(ctx, trainapi.Proposal{ID: "first-proposal", Account: "acct_clara", Trainer: "acct_walter", JobID: "first-job",
		Title: "Label 500 photographs", DisplayName: "Walter W.", Country: "DE", CreatedAt: now})
}
