package backtest_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/backtest"
	"github.com/escrow-go/escrow/fixedprice"
	"github.com/escrow-go/escrow/opencontract"
	"github.com/escrow-go/escrow/opentrain"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSlash: of a stake of 2.5, the half instead of 0.3 goes to the client.
func TestSlash(t *testing.T) {
	l := task("c", 50, monday).ask(1, worker, opencontract.Accept{}.Command()).ask(1, worker, opencontract.Withdraw{}.Command())
	c := back(t, record(l), under("half", opencontract.EarlyWithdrawalSlashRatio.To(ratio("0.5"))))
	assert.Equal(t, map[string]string{"client": "0.75 1.25", "worker": "-0.75 -1.25"}, money(c))
	assert.Equal(t, "0.5", c.Money[0].Parties[0].Difference.String())
	assert.Equal(t, "-0.5", c.Money[0].Parties[1].Difference.String())
	assert.Equal(t, "50 50.75", c.Money[0].Parties[0].Recorded.PaidIn.String()+" "+c.Money[0].Parties[0].Recorded.Got.String())
	assert.Zero(t, c.Parted, "other money on the same way")
}

// TestFeeAndStake: of a price of 50, 10 % instead of 5 % is the treasury's; a stake
// of 20 % is paid in and comes back.
func TestFeeAndStake(t *testing.T) {
	l := delivered("c", 50, monday).ask(1, client, opencontract.Approve{}.Command()).ask(0, platform, opencontract.Settle{}.Command())
	c := back(t, record(l), under("dear", opencontract.ProtocolFee.To(ratio("0.1")), opencontract.WorkerStakeRatio.To(ratio("0.2"))))
	assert.Equal(t, map[string]string{"client": "-50 -50", "worker": "47.5 45", "treasury": "2.5 5"}, money(c))
	w := c.Money[0].Parties[1]
	assert.Equal(t, []string{"2.5", "50", "10", "55"},
		[]string{w.Recorded.PaidIn.String(), w.Recorded.Got.String(), w.Replayed.PaidIn.String(), w.Replayed.Got.String()})
	assert.Zero(t, c.Parted)
}

// TestVoteTooLate: two of three vote not met, the second after 20 hours. With 12
// hours to vote it comes too late: no quorum, and silence approves.
func TestVoteTooLate(t *testing.T) {
	l := disputed("c", 50, monday).
		ask(1, escrow.Agent("0xJ1"), vote(opencontract.NotMet)).
		ask(19, escrow.Agent("0xJ2"), vote(opencontract.NotMet)).
		ask(4, platform, escrow.Advance()).ask(0, platform, opencontract.Settle{}.Command())
	require.Equal(t, opencontract.SettledNoneMet, l.contract.Status())
	c := back(t, record(l), under("hasty", opencontract.BAVotingWindow.To(12*time.Hour)))
	// Recorded: the price goes back, the stake of 2.5 is split 2 to 0.5. Replayed:
	// 47.5 and the stake to the worker, 2.5 to the treasury; the dispute bond comes
	// back, for no quorum has spoken.
	assert.Equal(t, map[string]string{"client": "2 -50", "worker": "-2.5 47.5", "treasury": "0.5 2.5"}, money(c))
	require.Len(t, c.Partings, 1)
	h := c.Partings[0]
	assert.Equal(t, []any{"settled-none-met", "settled-fully-met", 1, false}, []any{h.Recorded, h.Replayed, h.Line, h.Outlived})
	assert.Equal(t, 7, h.Parting.Line)
	assert.Equal(t, escrow.Action("vote"), h.Parting.Action)
	assert.Equal(t, []string{"0xJ2", "OC-14, to disputed", "refused"}, []string{h.Parting.Actor, h.Parting.Was, h.Parting.Is})
	assert.Equal(t, escrow.WrongStatus, h.Parting.Reason)
	assert.Equal(t, "OC-15 at 2026-06-04T04:00:00Z, disputed to resolved", h.Parting.Lapse)
}

// TestOutlived: what was settled after a day is, with a week to vote, still open
// when the record ends. Time ends it alike.
func TestOutlived(t *testing.T) {
	l := disputed("c", 50, monday).ask(24, platform, escrow.Advance()).ask(0, platform, opencontract.Settle{}.Command())
	c := back(t, record(l), under("patient", opencontract.BAVotingWindow.To(7*24*time.Hour)))
	assert.Equal(t, map[string]string{"client": "-50 -50", "worker": "47.5 47.5", "treasury": "2.5 2.5"}, money(c))
	assert.Equal(t, []int{1, 1, 1}, []int{c.Outlived, c.Parted, c.Histories})
	assert.Equal(t, []string{"OC-16, to settled-fully-met", "refused"}, []string{c.Partings[0].Parting.Was, c.Partings[0].Parting.Is})
	assert.Equal(t, "settled-fully-met", c.Partings[0].Replayed)
}

// TestLeftOpen: what the record leaves open is left so, up to date at its last
// instant.
func TestLeftOpen(t *testing.T) {
	l := task("c", 50, monday).ask(1, worker, opencontract.Accept{}.Command())
	c := back(t, record(l), under("dear", opencontract.WorkerStakeRatio.To(ratio("0.2"))))
	assert.Equal(t, "52.5 60", c.Money[0].Held.Recorded.String()+" "+c.Money[0].Held.Replayed.String())
	assert.Equal(t, "open: matched", c.Endings[0].Ending)

	l.ask(1000, client, opencontract.Cancel{}.Command()) // long after the delivery deadline, and refused
	c = back(t, record(l), under("same"))
	assert.Equal(t, "cancelled-absent", c.Endings[0].Ending)
	assert.Zero(t, c.Parted)
}

// TestApprovalExpires: a hire that is confirmed after 50 hours comes too late when
// approvals last for 48.
func TestApprovalExpires(t *testing.T) {
	l := job("j", 100, monday)
	l.ask(50, ann, escrow.Confirm(l.last(), ""))
	require.Equal(t, opentrain.Active, l.contract.Status())
	c := back(t, record(l), policy(opentrain.Lifecycle, "hasty", opentrain.ApprovalTTL.To(48*time.Hour)))
	assert.Equal(t, map[string]string{"client": "-119.95 0", "platform": "19.95 0"}, money(c))
	assert.Equal(t, "100 0", c.Money[0].Held.Recorded.String()+" "+c.Money[0].Held.Replayed.String())
	h := c.Partings[0]
	assert.Equal(t, []string{"open: active", "not-hired"}, []string{h.Recorded, h.Replayed})
	assert.Equal(t, []string{"OT-1 co-signed, to active", "refused"}, []string{h.Parting.Was, h.Parting.Is})
}

// TestQuorum: with two who must confirm, what one confirmed waits, and what a human
// did at once waits as well.
func TestQuorum(t *testing.T) {
	l := job("j", 100, monday)
	l.ask(1, ann, escrow.Confirm(l.last(), ""))
	two := policy(opentrain.Lifecycle, "two", opentrain.Quorum.To(2))
	c := back(t, record(l), two)
	h := c.Partings[0]
	assert.Equal(t, []string{"open: active", "open: proposed"}, []string{h.Recorded, h.Replayed})
	assert.Equal(t, []string{"OT-1 co-signed, to active", "AP-1, waiting for a human"}, []string{h.Parting.Was, h.Parting.Is})
	assert.Empty(t, h.Parting.Reason)

	l.ask(1, bob, escrow.Confirm("j-ap-1", "")) // refused in the record, for it is confirmed
	l.ask(1, ann, opentrain.ApproveMilestone{MilestoneID: "m1"}.Command())
	c = back(t, record(l), two)
	assert.Equal(t, map[string]string{"client": "-119.95 -119.95", "worker": "100 0", "platform": "19.95 19.95"}, money(c))
	assert.Equal(t, "0 100", c.Money[0].Held.Recorded.String()+" "+c.Money[0].Held.Replayed.String())
}

// TestApprovalsHaveOtherIDs: where an approval expires in between, revisions and
// with them ids differ, and a confirmation still means what the requests led to.
func TestApprovalsHaveOtherIDs(t *testing.T) {
	l := job("j", 100, monday)
	l.ask(1, ann, escrow.Confirm(l.last(), ""))
	l.ask(1, token, opentrain.ApproveMilestone{MilestoneID: "m1"}.Command())
	l.ask(30, token, opentrain.ApproveMilestone{MilestoneID: "m1"}.Command()) // the same approval again; with a TTL of a day, a new one
	require.Len(t, l.contract.Approvals(), 2)
	l.ask(1, ann, escrow.Confirm(l.last(), ""))
	c := back(t, record(l), policy(opentrain.Lifecycle, "a day", opentrain.ApprovalTTL.To(24*time.Hour)))
	assert.Equal(t, map[string]string{"client": "-119.95 -119.95", "worker": "100 100", "platform": "19.95 19.95"}, money(c))
	assert.Zero(t, c.Parted)
}

// TestRefusedMayBeGranted: a vote that came too late comes in time when there is
// more of it.
func TestRefusedMayBeGranted(t *testing.T) {
	l := disputed("c", 50, monday).
		ask(1, escrow.Agent("0xJ1"), vote(opencontract.NotMet)).
		ask(25, escrow.Agent("0xJ2"), vote(opencontract.NotMet)). // two hours too late
		ask(30, platform, escrow.Advance()).ask(0, platform, opencontract.Settle{}.Command())
	require.Equal(t, opencontract.SettledFullyMet, l.contract.Status())
	c := back(t, record(l), under("patient", opencontract.BAVotingWindow.To(48*time.Hour)))
	h := c.Partings[0]
	assert.Equal(t, []string{"settled-fully-met", "settled-none-met"}, []string{h.Recorded, h.Replayed})
	assert.Equal(t, []string{"refused", "OC-14, to disputed"}, []string{h.Parting.Was, h.Parting.Is})
	assert.Equal(t, escrow.DeadlineDue, h.Parting.Reason)
}

// TestRefusedForBeingBehind: 15 days after a delivery nobody had applied that it
// counts as accepted after 14, so the record refused a bonus, and nobody paid it. Nor
// is it paid under a policy under which that came due since. It is under
// one that leaves more time, and under one by which it was applied long since.
func TestRefusedForBeingBehind(t *testing.T) {
	terms := fixedprice.Terms{ID: "job", Title: "A logo", Client: "0xClient", Freelancer: "0xWorker", Arbitrator: "0xJ1",
		Milestones: []fixedprice.MilestoneTerms{{ID: "m1", Name: "Sketches", Amount: decimal.NewFromInt(400)}}}
	l := (&teller{contract: terms.Draft(), now: monday}).ask(0, client, fixedprice.Offer{}.Command()).ask(0, worker, fixedprice.Accept{}.Command()).
		ask(0, client, fixedprice.Fund{Milestone: "m1"}.Command()).ask(0, worker, fixedprice.Submit{Milestone: "m1", Work: "v1"}.Command())
	bonus := fixedprice.Bonus{Amount: decimal.NewFromInt(100)}
	_, err := bonus.On(l.contract, client, escrow.At(monday.AddDate(0, 0, 15)))
	require.ErrorIs(t, err, escrow.DeadlineDue)
	l.ask(15*24, client, bonus.Command()).ask(0, platform, escrow.Advance())
	for _, c := range []struct {
		policy  string
		days    time.Duration
		got     string
		partsAt escrow.Reason
	}{{"same", 14, "360 360", ""}, {"longer", 15, "360 360", ""}, {"patient", 30, "360 100", escrow.DeadlineDue}, {"hasty", 7, "360 460", escrow.DeadlineDue}} {
		is := back(t, record(l), policy(fixedprice.Lifecycle, c.policy, fixedprice.ReviewWindow.To(c.days*24*time.Hour)))
		assert.Equal(t, c.got, money(is)["freelancer"], c.policy)
		if c.partsAt == "" {
			assert.Zero(t, is.Parted, c.policy)
		} else {
			assert.Equal(t, c.partsAt, is.Partings[0].Parting.Reason, c.policy)
		}
	}
}

// TestApprovalOfAnother: what a human of two waited for, one does at once when one
// is enough. The confirmation that the record has of it confirms nothing else,
// although another approval has its id there.
func TestApprovalOfAnother(t *testing.T) {
	l := job("j", 100, monday, opentrain.Quorum.To(2))
	l.ask(1, ann, escrow.Confirm("j-ap-1", "")).ask(0, bob, escrow.Confirm("j-ap-1", ""))
	second := opentrain.MilestoneTerms{ID: "m2", Name: "second", Amount: decimal.NewNullDecimal(decimal.NewFromInt(100))}
	l.ask(1, ann, opentrain.AddMilestone{Milestone: second}.Command())
	l.ask(1, ann, opentrain.ApproveMilestone{MilestoneID: "m1"}.Command())
	require.Equal(t, "j-ap-5", l.last())
	l.ask(1, token, opentrain.FundMilestone{MilestoneID: "m2"}.Command()) // j-ap-6, and j-ap-5 where ann does not wait
	l.ask(1, bob, escrow.Confirm("j-ap-5", ""))
	c := back(t, record(l), policy(opentrain.Lifecycle, "one"))
	assert.Equal(t, map[string]string{"client": "-119.95 -119.95", "worker": "0 100", "platform": "19.95 19.95"}, money(c))
}

// TestTimeAlone: a jury that may still vote under the policy makes a difference
// although every request is answered alike.
func TestTimeAlone(t *testing.T) {
	l := disputed("c", 50, monday).ask(30, client, opencontract.Cancel{}.Command())
	c := back(t, record(l), under("patient", opencontract.BAVotingWindow.To(48*time.Hour)))
	require.Len(t, c.Partings, 1)
	h := c.Partings[0]
	assert.Nil(t, h.Parting)
	assert.Equal(t, []string{"open: resolved", "open: disputed"}, []string{h.Recorded, h.Replayed})
	assert.Equal(t, []backtest.Change{{Recorded: "open: resolved", Replayed: "open: disputed", Histories: 1}}, c.Changes)
}

// TestAfterTheEnd: votes that came after the record's end, and were refused, count
// under a policy that lets the jury vote for longer.
func TestAfterTheEnd(t *testing.T) {
	l := disputed("c", 50, monday).ask(24, platform, escrow.Advance()).ask(0, platform, opencontract.Settle{}.Command()).
		ask(6, escrow.Agent("0xJ1"), vote(opencontract.NotMet)).ask(1, escrow.Agent("0xJ2"), vote(opencontract.NotMet))
	require.Equal(t, opencontract.SettledFullyMet, l.contract.Status())
	c := back(t, record(l), under("patient", opencontract.BAVotingWindow.To(48*time.Hour)))
	assert.Equal(t, []backtest.Change{{Recorded: "settled-fully-met", Replayed: "settled-none-met", Histories: 1}}, c.Changes)
	assert.Equal(t, 1, c.Outlived)
	assert.Equal(t, map[string]string{"client": "-50 2", "worker": "47.5 -2.5", "treasury": "2.5 0.5"}, money(c))
}

// TestShown: whoever confirms what was shown, by its hash, confirms what is shown
// under the policy, where the fee is another; a hash that was not shown stays none.
func TestShown(t *testing.T) {
	dear := policy(opentrain.Lifecycle, "dear", opentrain.MarketplaceFee.To(ratio("0.2")))
	l := job("j", 100, monday)
	a, ok := l.contract.Approval(l.last())
	require.True(t, ok)
	l.ask(1, ann, escrow.Confirm(a.ID, a.Hash))
	require.Equal(t, opentrain.Active, l.contract.Status())
	c := back(t, record(l), dear)
	assert.Equal(t, map[string]string{"client": "-119.95 -129.95", "platform": "19.95 29.95"}, money(c))
	assert.Zero(t, c.Parted)

	l = job("k", 100, monday)
	l.ask(1, ann, escrow.Confirm(l.last(), a.Hash)) // that of another contract
	require.Equal(t, opentrain.Proposed, l.contract.Status())
	c = back(t, record(l), dear)
	assert.Equal(t, []backtest.Ending{{Ending: "open: proposed", Recorded: 1, Replayed: 1}}, c.Endings)
	assert.Zero(t, c.Parted)
}

// TestOwnTerms: of two who must confirm, the first names terms of its own, and the
// second confirms the approval that these made.
func TestOwnTerms(t *testing.T) {
	l := job("j", 100, monday, opentrain.Quorum.To(2))
	l.ask(1, ann, escrow.Confirm(l.last(), "")).ask(1, bob, escrow.Confirm(l.last(), ""))
	l.ask(1, token, opentrain.End{}.Command())
	release := []opentrain.Disposition{{MilestoneID: "m1", Disposition: opentrain.Release}}
	asked := l.last()
	l.ask(1, ann, opentrain.Confirm{ApprovalID: asked, Dispositions: release}.Command())
	require.NotEqual(t, asked, l.last())
	l.ask(1, bob, escrow.Confirm(l.last(), ""))
	require.Equal(t, opentrain.Ended, l.contract.Status())

	c := back(t, record(l), policy(opentrain.Lifecycle, "two, dear", opentrain.Quorum.To(2), opentrain.MarketplaceFee.To(ratio("0.2"))))
	assert.Equal(t, map[string]string{"client": "-119.95 -129.95", "worker": "100 100", "platform": "19.95 29.95"}, money(c))
	assert.Zero(t, c.Parted)

	c = back(t, record(l), policy(opentrain.Lifecycle, "one"))
	assert.Equal(t, map[string]string{"client": "-119.95 -119.95", "worker": "100 100", "platform": "19.95 19.95"}, money(c))
	assert.Equal(t, []backtest.Ending{{Ending: "ended", Recorded: 1, Replayed: 1}}, c.Endings)
}

// TestRevoked: a confirmation that was taken back is taken back under any policy
// under which it waits.
func TestRevoked(t *testing.T) {
	l := job("j", 100, monday, opentrain.Quorum.To(2))
	l.ask(1, ann, escrow.Confirm(l.last(), "")).ask(1, ann, escrow.RevokeConfirmation(l.last())).ask(1, bob, escrow.Confirm(l.last(), ""))
	c := back(t, record(l), policy(opentrain.Lifecycle, "two, dear", opentrain.Quorum.To(2), opentrain.MarketplaceFee.To(ratio("0.2"))))
	assert.Equal(t, []backtest.Ending{{Ending: "open: proposed", Recorded: 1, Replayed: 1}}, c.Endings)
	assert.Zero(t, c.Parted)
}
