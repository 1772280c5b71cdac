package play

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	oc "github.com/escrow-go/escrow/opencontract"
)

// lastEra is where deadlines meet the end of time.
var lastEra = time.Date(9999, 12, 31, 22, 59, 59, 999_999_999, time.UTC)

// gaps are how far deadlines lie apart, windows how long votes take.
var (
	gaps    = []time.Duration{time.Second, time.Nanosecond, 2 * time.Nanosecond, time.Hour, time.Hour, 30 * 24 * time.Hour, 3 * 365 * 24 * time.Hour}
	windows = []time.Duration{24 * time.Hour, time.Second, 365 * 24 * time.Hour}
)

// draft draws the terms of a task, one in sixteen with a fault. A draft comes as
// every system gets it: written down and read back.
func draft(t *rapid.T) escrowtest.Scene {
	now := escrowtest.Drawn(t, escrowtest.Eras)
	asset := escrow.Asset{Code: "USDC", Scale: escrowtest.Drawn(t, []uint8{6, 2, 0, 18})}
	if escrowtest.Nth(t, 16) == 15 {
		now = lastEra
	}
	f := oc.Terms{ID: fmt.Sprintf("task-%d", escrowtest.Nth(t, 100)), Client: theClient, Worker: theWorker, Asset: asset, Policy: policy(t),
		Price: amount(t, asset), TaskDescription: "sum up ten papers",
		ContractType: oc.Fixed, AwardMethod: oc.AwardDirect, VerificationMode: oc.PrivacyPreserving}
	for i := range escrowtest.Drawn(t, []int{3, 1, 2, 4, 10}) {
		f.AcceptanceCriteria = append(f.AcceptanceCriteria, fmt.Sprintf("criterion %d", i))
	}
	if escrowtest.Nth(t, 3) == 2 {
		f.VerificationMode = oc.Standard
	}
	if escrowtest.Nth(t, 3) == 2 {
		f.AwardMethod, f.Worker = oc.AwardOpenTender, ""
	}
	drawDeadlines(t, &f, now)
	if escrowtest.Nth(t, 32) == 31 {
		escrowtest.Drawn(t, faults)(&f)
	}
	least, _ := asset.Amount(amount(t, asset))
	return escrowtest.Scene{Contract: escrowtest.Faulted(t, f.Draft().WithReview(least, escrowtest.Nth(t, 3))), Now: now}
}

func amount(t *rapid.T, asset escrow.Asset) decimal.Decimal {
	return escrowtest.Amounts(asset).Draw(t, "amount")
}

// drawDeadlines draws deadlines in order, some of them equal where they may be.
func drawDeadlines(t *rapid.T, f *oc.Terms, now time.Time) {
	gap := func() time.Duration {
		if now.Equal(lastEra) {
			return escrowtest.Drawn(t, gaps[:3])
		}
		return escrowtest.Drawn(t, gaps)
	}
	f.MatchDeadline = now.Add(gap())
	f.WithdrawalDeadline = f.MatchDeadline.Add(gap() * time.Duration(escrowtest.Nth(t, 2)))
	f.DeliveryDeadline = f.WithdrawalDeadline.Add(gap() * time.Duration(escrowtest.Nth(t, 2)))
	if !f.DeliveryDeadline.After(f.MatchDeadline) {
		f.DeliveryDeadline = f.MatchDeadline.Add(time.Nanosecond)
	}
	if f.VerificationMode == oc.PrivacyPreserving {
		f.ReviewDeadline = f.DeliveryDeadline.Add(gap())
	}
}

// policy draws what of the policy is not the default.
func policy(t *rapid.T) []escrow.Value {
	list := []escrow.Value{oc.BARecruitCount.To(escrowtest.Drawn(t, []uint64{3, 1, 5, 15}))}
	if escrowtest.Nth(t, 4) == 0 {
		return list
	}
	ratio := func() escrow.Ratio { return escrowtest.Ratios().Draw(t, "ratio") }
	slash := ratio()
	if slash.String() == "1" {
		slash = named("0.999999999999999999")
	}
	return append(list, oc.ProtocolFee.To(ratio()), oc.WorkerStakeRatio.To(ratio()), oc.DisputeBondRatio.To(ratio()),
		oc.BackupAgentBondRatio.To(ratio()), oc.AbsentNoneMetClientShare.To(ratio()), oc.BAUnclearSlashRatio.To(ratio()),
		oc.EarlyWithdrawalSlashRatio.To(slash), oc.BAVotingWindow.To(escrowtest.Drawn(t, windows)),
		oc.NoQuorum.To(escrowtest.Drawn(t, oc.NoQuorum.Choices)),
		oc.UnclearCredit.To(named(escrowtest.Drawn(t, []string{"0", "1", "0.5", "0.333333333333333333"}))),
		oc.DisputeForfeitTo.To(escrowtest.Drawn(t, oc.DisputeForfeitTo.Choices)), oc.BackupSlashTo.To(escrowtest.Drawn(t, oc.BackupSlashTo.Choices)),
		oc.TokenMintRewardFull.Decimal(escrowtest.Drawn(t, []decimal.Decimal{decimal.New(10, 0), decimal.Zero, decimal.New(1, -18)})),
		oc.TokenMintRewardReduced.Decimal(escrowtest.Drawn(t, []decimal.Decimal{decimal.New(4, 0), decimal.Zero})))
}

func named(text string) escrow.Ratio {
	r, err := escrow.ParseRatio(text)
	if err != nil {
		panic(err)
	}
	return r
}

// faults are things that are wrong with the terms of a draft, besides those that
// any lifecycle's may have.
var faults = []func(*oc.Terms){
	func(f *oc.Terms) { f.Worker = f.Client },
	func(f *oc.Terms) { f.Price = decimal.Zero },
	func(f *oc.Terms) { f.Price = decimal.New(1, 40) },
	func(f *oc.Terms) { f.Price = decimal.New(1, -int32(f.Asset.Scale)-1) },
	func(f *oc.Terms) { f.AcceptanceCriteria = append(slices.Clone(f.AcceptanceCriteria), "") },
	func(f *oc.Terms) { f.ContractType = oc.Auction },
	func(f *oc.Terms) { f.MatchDeadline = f.ReviewDeadline },
	func(f *oc.Terms) { f.WithdrawalDeadline = f.MatchDeadline.Add(-1) },
	func(f *oc.Terms) { f.DeliveryDeadline = f.MatchDeadline },
	func(f *oc.Terms) { f.ReviewDeadline = f.DeliveryDeadline },
	func(f *oc.Terms) { f.Policy = append(slices.Clone(f.Policy), oc.BARecruitCount.To(2)) },
	func(f *oc.Terms) {
		f.Policy = append(slices.Clone(f.Policy), oc.EarlyWithdrawalSlashRatio.To(named("1")))
	},
}
