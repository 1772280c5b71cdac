package escrowtest

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// fault is one thing that is wrong with the terms of a draft.
type fault func(*escrow.Terms)

// drafted turns terms into a draft, one in sixteen with a fault. A draft comes as
// every system gets it: written down and read back. What cannot be read back is no
// draft for anybody, and left in order.
func drafted(t *rapid.T, law *escrow.Lifecycle, f escrow.Terms, now time.Time, own []fault) Scene {
	inOrder, ok := reread(law.Draft(f))
	if !ok {
		t.Fatalf("terms in order cannot be read back")
	}
	if nth(t, 16) != 15 {
		return Scene{inOrder, now}
	}
	f = spoiltTerms(t, f, append(slices.Clone(own), faults...))
	if spoilt, ok := reread(law.Draft(f)); ok {
		return Scene{spoilt, now}
	}
	return Scene{inOrder, now}
}

// spoiltTerms returns terms with one fault, and shares nothing with the others.
func spoiltTerms(t *rapid.T, f escrow.Terms, list []fault) escrow.Terms {
	policy := *f.Policy
	f.Policy, f.Milestones = &policy, slices.Clone(f.Milestones)
	drawn(t, list)(&f)
	return f
}

// reread returns a contract as it reads when it was written down.
func reread(c escrow.Contract) (escrow.Contract, bool) {
	text, err := c.MarshalJSON()
	if err != nil {
		return c, false
	}
	again, err := escrow.ParseContract(text, c.Lifecycle())
	return again, err == nil
}

var faults = []fault{
	func(f *escrow.Terms) { f.Client = "" },
	func(f *escrow.Terms) { f.Worker = f.Client },
	func(f *escrow.Terms) { f.Worker = "two words" },
	func(f *escrow.Terms) { f.Policy.PayoutReview.Quorum = 11 },
}

var taskFaults = []fault{
	func(f *escrow.Terms) { f.TaskDescription = " " },
	func(f *escrow.Terms) { f.Price = decimal.Zero },
	func(f *escrow.Terms) { f.Price = decimal.New(1, 40) },
	func(f *escrow.Terms) { f.Price = decimal.New(1, -int32(f.Asset.Scale)-1) },
	func(f *escrow.Terms) { f.AcceptanceCriteria = append(slices.Clone(f.AcceptanceCriteria), "") },
	func(f *escrow.Terms) { f.ContractType = escrow.Auction },
	func(f *escrow.Terms) { f.AwardMethod = "lottery" },
	func(f *escrow.Terms) { f.VerificationMode = "" },
	func(f *escrow.Terms) { f.MatchDeadline = f.ReviewDeadline },
	func(f *escrow.Terms) { f.WithdrawalDeadline = f.MatchDeadline.Add(-1) },
	func(f *escrow.Terms) { f.DeliveryDeadline = f.MatchDeadline },
	func(f *escrow.Terms) { f.ReviewDeadline = f.DeliveryDeadline },
	func(f *escrow.Terms) { f.Policy.BARecruitCount = 2 },
	func(f *escrow.Terms) { f.Policy.BAVotingWindow = 0 },
	func(f *escrow.Terms) { f.Policy.EarlyWithdrawalSlashRatio = ratioOne },
}

var trainFaults = []fault{
	func(f *escrow.Terms) { f.Milestones = nil },
	func(f *escrow.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, 40) },
	func(f *escrow.Terms) { f.Milestones[0].Amount.Decimal = decimal.New(1, -int32(f.Asset.Scale)-1) },
	func(f *escrow.Terms) { f.Milestones[0].Name = "" },
	func(f *escrow.Terms) { f.Policy.Quorum = 11 },
	func(f *escrow.Terms) { f.Policy.EndDisposition = "keep" },
	func(f *escrow.Terms) { f.Policy.InitiationFee = decimal.New(-1, 0) },
}

// spoilTask returns a command of a task with a payload that is not in order.
func spoilTask(t *rapid.T, s Scene, command escrow.Command) escrow.Command {
	switch cmd := command.(type) {
	case escrow.Deliver:
		return escrow.Deliver{Delivery: drawn(t, []string{"", " \n\t"})}
	case escrow.Draw:
		return spoilDraw(t, s, cmd)
	case escrow.Vote:
		return spoilVote(t, cmd)
	}
	return command
}

func spoilDraw(t *rapid.T, s Scene, cmd escrow.Draw) escrow.Command {
	agents := slices.Clone(cmd.BackupAgents)
	if len(agents) == 0 {
		return escrow.Draw{}
	}
	switch nth(t, 4) {
	case 0:
		return escrow.Draw{BackupAgents: agents[1:]}
	case 1:
		return escrow.Draw{BackupAgents: append(agents, "0xOneMore")}
	}
	agents[0] = drawn(t, []string{"two words", theClient, s.Contract.Worker(), agents[len(agents)-1]})
	return escrow.Draw{BackupAgents: agents}
}

func spoilVote(t *rapid.T, cmd escrow.Vote) escrow.Command {
	ballots := slices.Clone(cmd.Votes)
	if len(ballots) == 0 {
		return escrow.Vote{}
	}
	switch nth(t, 5) {
	case 0:
		return escrow.Vote{Votes: ballots[1:]}
	case 1:
		return escrow.Vote{Votes: append(ballots, ballots[0])}
	case 2:
		ballots[0].CriterionIndex = len(ballots)
	case 3:
		ballots[0].Vote = "maybe"
	default:
		ballots[0].CriterionIndex = (ballots[0].CriterionIndex + 1) % (len(ballots) + 1)
	}
	return escrow.Vote{Votes: ballots}
}

// spoilTrain returns a command of a hire with a payload that is not in order.
func spoilTrain(t *rapid.T, s Scene, command escrow.Command) escrow.Command {
	switch cmd := command.(type) {
	case escrow.Hire:
		m := spoilMilestone(t, s)
		m.ID = drawn(t, []string{"", "m1"})
		return escrow.Hire{Milestone: &m}
	case escrow.AddMilestone:
		return escrow.AddMilestone{Milestone: spoilMilestone(t, s)}
	case escrow.FundMilestone:
		return escrow.FundMilestone{MilestoneID: drawn(t, []string{"", "m1", "nowhere"})}
	case escrow.ApproveMilestone:
		return escrow.ApproveMilestone{MilestoneID: drawn(t, []string{"", "m1", "nowhere"})}
	case escrow.End:
		return escrow.End{Dispositions: spoilDispositions(t, s)}
	case escrow.Confirm:
		return spoilConfirm(t, s, cmd)
	case escrow.DeclineApproval:
		return escrow.DeclineApproval{ApprovalID: drawn(t, []string{"", "nowhere"})}
	}
	return command
}

// spoilMilestone returns a milestone with one fault.
func spoilMilestone(t *rapid.T, s Scene) escrow.MilestoneTerms {
	m := drawMilestone(t, s, 9)
	switch nth(t, 8) {
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

func spoilDispositions(t *rapid.T, s Scene) []escrow.Disposition {
	list := []escrow.Disposition{{MilestoneID: "nowhere", Disposition: escrow.Refund}}
	if funded := milestones(&s.Contract, escrow.ActiveFunded); len(funded) > 0 {
		id := drawn(t, funded)
		list = append(list, escrow.Disposition{MilestoneID: id, Disposition: escrow.Choose}, escrow.Disposition{MilestoneID: id, Disposition: escrow.Refund})
		switch nth(t, 3) {
		case 0:
			return list[1:2]
		case 1:
			return []escrow.Disposition{list[2], list[2]}
		}
	}
	return list
}

func spoilConfirm(t *rapid.T, s Scene, cmd escrow.Confirm) escrow.Command {
	switch nth(t, 3) {
	case 0:
		cmd.ApprovalID = drawn(t, []string{"", "nowhere"})
	case 1:
		m := spoilMilestone(t, s)
		cmd.Milestone = &m
	default:
		cmd.Dispositions = spoilDispositions(t, s)
	}
	return cmd
}
