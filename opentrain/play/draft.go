package play

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	ot "github.com/escrow-go/escrow/opentrain"
)

// windows are how long approvals take.
var windows = []time.Duration{24 * time.Hour, time.Second, 365 * 24 * time.Hour}

// draft draws the terms of a hire, one in sixteen with a fault.
func draft(t *rapid.T) escrowtest.Scene {
	now := escrowtest.Drawn(t, escrowtest.Eras)
	asset := escrow.Asset{Code: escrowtest.Drawn(t, []string{"USDC", "USD"}), Scale: escrowtest.Drawn(t, []uint8{6, 2, 0, 18})}
	m := ot.MilestoneTerms{ID: "m1", Name: "first part", DueDate: now.Add(time.Hour), Amount: amount(t, asset)}
	f := ot.Terms{ID: "job-1", Client: theClient, Worker: theWorker, Asset: asset, Policy: policy(t, asset),
		Title: "label images", JobID: escrowtest.Drawn(t, []string{"job", ""}), ProposalID: "prop", Milestones: []ot.MilestoneTerms{m}}
	if n := escrowtest.Nth(t, 3); n > 0 {
		least, _ := asset.Amount(escrowtest.Amounts(asset).Draw(t, "amount"))
		f.Review = ot.PayoutReview{MinPayout: least, Quorum: n}
	}
	if escrowtest.Nth(t, 32) == 31 {
		escrowtest.Drawn(t, faults)(&f)
	}
	return escrowtest.Scene{Contract: escrowtest.Faulted(t, f.Draft()), Now: now}
}

func policy(t *rapid.T, asset escrow.Asset) []escrow.Value {
	fee := decimal.Zero
	if escrowtest.Nth(t, 4) > 0 {
		fee = escrowtest.Amounts(asset).Draw(t, "fee")
	}
	return []escrow.Value{ot.InitiationFee.Decimal(fee), ot.MarketplaceFee.To(escrowtest.Ratios().Draw(t, "ratio")),
		ot.ApprovalTTL.To(escrowtest.Drawn(t, windows)), ot.EndDisposition.To(escrowtest.Drawn(t, ot.EndDisposition.Choices)),
		ot.Quorum.To(escrowtest.Drawn(t, []uint64{1, 1, 2, 3})), ot.SeparateDuties.To(escrowtest.Nth(t, 3) == 2)}
}

// faults are things that are wrong with the terms of a draft, besides those that
// any lifecycle's may have.
var faults = []func(*ot.Terms){
	func(f *ot.Terms) { f.Worker = f.Client },
	func(f *ot.Terms) { f.Milestones = nil },
	func(f *ot.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, 40) },
	func(f *ot.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, -int32(f.Asset.Scale)-1) },
	func(f *ot.Terms) { f.Milestones[0].Name = "" },
	func(f *ot.Terms) { f.Policy = append(slices.Clone(f.Policy), ot.Quorum.To(11)) },
	func(f *ot.Terms) { f.Policy = append(slices.Clone(f.Policy), ot.EndDisposition.To("keep")) },
}

// spoilt returns a command with a payload that is not in order.
func spoilt(t *rapid.T, s escrowtest.Scene, command escrow.Command) escrow.Command {
	id, _ := command.Approval()
	switch command.Action() {
	case "hire":
		return ot.Hire{Changes: changes(t, s)}.Command()
	case "add_milestone":
		return ot.AddMilestone{Milestone: spoiltMilestone(t, s)}.Command()
	case "fund_milestone":
		return ot.FundMilestone{MilestoneID: escrowtest.Drawn(t, []string{"", "m1", "nowhere"})}.Command()
	case "approve_milestone":
		return ot.ApproveMilestone{MilestoneID: escrowtest.Drawn(t, []string{"", "m1", "nowhere"})}.Command()
	case "end":
		return ot.End{Dispositions: spoiltDispositions(t, s)}.Command()
	case "confirm":
		switch escrowtest.Nth(t, 3) {
		case 0:
			return ot.Confirm{ApprovalID: escrowtest.Drawn(t, []string{"", "nowhere", "job-1-ap-1"})}.Command()
		case 1:
			return ot.Confirm{ApprovalID: id, Milestone: changes(t, s)}.Command()
		}
		return ot.Confirm{ApprovalID: id, Dispositions: spoiltDispositions(t, s)}.Command()
	case "decline_approval":
		return escrow.DeclineApproval(escrowtest.Drawn(t, []string{"", "nowhere"}), "")
	}
	return command
}

// changes returns other terms of a milestone with one fault.
func changes(t *rapid.T, s escrowtest.Scene) *ot.Changes {
	m := spoiltMilestone(t, s)
	return &ot.Changes{Name: m.Name, Description: m.Description, Amount: m.Amount, DueDate: m.DueDate}
}

// spoiltMilestone returns a milestone with one fault.
func spoiltMilestone(t *rapid.T, s escrowtest.Scene) ot.MilestoneTerms {
	m := milestone(t, s, 9)
	switch escrowtest.Nth(t, 8) {
	case 0:
		m.ID = ""
	case 1:
		m.Name, m.Description = " ", ""
	case 2:
		m.Amount = decimal.NullDecimal{}
	case 3:
		m.Amount = decimal.NewNullDecimal(decimal.Zero)
	case 4:
		m.Amount = decimal.NewNullDecimal(decimal.New(1, -int32(s.Contract.Asset().Scale)-1))
	case 5:
		m.Amount = decimal.NewNullDecimal(decimal.New(1, 37))
	case 6:
		m.Amount = decimal.NewNullDecimal(decimal.New(-1, 0))
	default:
		m.ID = "m1"
	}
	return m
}

func spoiltDispositions(t *rapid.T, s escrowtest.Scene) []ot.Disposition {
	list := []ot.Disposition{{MilestoneID: "nowhere", Disposition: ot.Refund}}
	funded := milestones(s.Contract, ot.ActiveFunded)
	if len(funded) == 0 {
		return list
	}
	id := escrowtest.Drawn(t, funded)
	switch escrowtest.Nth(t, 3) {
	case 0:
		return []ot.Disposition{{MilestoneID: id, Disposition: "keep"}}
	case 1:
		return []ot.Disposition{{MilestoneID: id, Disposition: ot.Refund}, {MilestoneID: id, Disposition: ot.Refund}}
	}
	return append(list, ot.Disposition{MilestoneID: id, Disposition: ot.Refund})
}
