package escrow_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The statuses of approvals, for lists of them.
const (
	waiting    = escrow.ApprovalIsPending
	confirmed  = escrow.ApprovalIsConfirmed
	declined   = escrow.ApprovalIsDeclined
	expired    = escrow.ApprovalIsExpired
	superseded = escrow.ApprovalIsSuperseded
)

type statusList = []escrow.ApprovalStatus

// trainUnder hires directly under a changed policy; a policy with a quorum or
// separate duties takes its humans' confirmations.
func trainUnder(t testing.TB, change func(*escrow.Policy)) *desk {
	t.Helper()
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, change))
	k.do(escrow.Hire{}, byToken)
	for _, human := range []escrow.Actor{byBob, byAnn} {
		if k.c.Status() == escrow.Proposed {
			k.do(escrow.Confirm{ApprovalID: k.approval()}, human)
		}
	}
	require.Equal(t, escrow.Active, k.c.Status())
	return k
}

func twoHumans(p *escrow.Policy)     { p.Quorum = 2 }
func otherHuman(p *escrow.Policy)    { p.SeparateDuties = true }
func mustChoose(p *escrow.Policy)    { p.EndDisposition = escrow.Choose }
func releaseAll(p *escrow.Policy)    { p.EndDisposition = escrow.Release }
func confirm(k *desk) escrow.Confirm { return escrow.Confirm{ApprovalID: k.approval()} }

// choose is dispositions for milestones, as "m1 release".
func choose(pairs ...string) (list []escrow.Disposition) {
	for _, pair := range pairs {
		id, choice, _ := strings.Cut(pair, " ")
		list = append(list, escrow.Disposition{MilestoneID: id, Disposition: escrow.DispositionChoice(choice)})
	}
	return list
}

// TestConfirmExecutes is AP-1 with a quorum of one: the confirmation carries the
// rule out, in the same decision, with its evidence.
func TestConfirmExecutes(t *testing.T) {
	for rule, c := range map[string]struct {
		place, result, to string
		cmd               escrow.Command
		moves             []string
	}{
		"OT-1": {"proposed", `{"hired":true,"contractId":"h1","jobId":"job7","freelancerUserId":"trainer"}`, "active", nil, trainRows[0].moves},
		"OT-3": {"active, m2 not funded", `{"movements":["h1/4/0","h1/4/1"]}`, "active", escrow.FundMilestone{MilestoneID: "m2"}, trainRows[2].moves},
		"OT-4": {"active", `{"movements":["h1/3/0"]}`, "active", escrow.ApproveMilestone{MilestoneID: "m1"}, trainRows[3].moves},
		"OT-6": {"active", `{"contractEnded":true}`, "ended", escrow.End{}, trainRows[5].moves},
	} {
		t.Run(rule, func(t *testing.T) {
			k := trainAt(t, c.place)
			if c.cmd != nil {
				k.do(c.cmd, byToken)
			}
			k.at(june(4, 0))
			from := k.c.Status()
			d := k.do(confirm(k), byBob)
			assert.Equal(t, "AP-1", d.Rule)
			assert.Equal(t, rule, d.Executes)
			assert.Equal(t, escrow.Action("confirm"), d.Action)
			assert.Equal(t, "bob", d.Actor)
			assert.Equal(t, from, d.From)
			assert.Equal(t, escrow.Status(c.to), d.To)
			assert.Equal(t, c.moves, moves(d))
			a, ok := d.Approval()
			require.True(t, ok)
			assert.Equal(t, confirmed, a.Status)
			assert.Equal(t, []string{"bob"}, a.ConfirmedBy)
			assert.True(t, a.ResolvedAt.Equal(june(4, 0)))
			assert.Equal(t, c.result, string(a.Result))
			e := k.refused(escrow.ApprovalConfirmed, confirm(k), byAnn)
			assert.Equal(t, "AP-1", e.Rule())
		})
	}
}

// TestSameRequestAgain returns the approval that waits, and changes nothing.
func TestSameRequestAgain(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	for _, cmd := range []escrow.Command{escrow.FundMilestone{MilestoneID: "m2"}, escrow.ApproveMilestone{MilestoneID: "m1"}, escrow.End{}} {
		first, _ := value(k.do(cmd, byToken))
		before, revision := jsonOf(t, k.c), k.c.Revision()
		other := byToken
		other.ID, other.User = "tok9", "zoe"
		again, ok := value(k.at(k.now.Add(time.Hour)).do(cmd, other))
		require.True(t, ok)
		assert.Equal(t, first.ID, again.ID)
		assert.Equal(t, revision, k.c.Revision())
		assert.Equal(t, before, jsonOf(t, k.c))
	}
	assert.Equal(t, statusList{waiting, waiting, waiting}, k.approvals())
}

// value returns the approval of a decision.
func value(d escrow.Decision) (escrow.Approval, bool) { return d.Approval() }

// TestHireAgain repeats and supersedes the hire of a proposed contract.
func TestHireAgain(t *testing.T) {
	k := trainAt(t, "proposed")
	same := escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(decimal.RequireFromString("100.00"))}
	for _, m := range []*escrow.MilestoneTerms{nil, {}, &same, {Name: "Milestone m1"}} {
		d := k.do(escrow.Hire{Milestone: m}, byToken)
		a, _ := d.Approval()
		assert.Equal(t, "h1-ap-1", a.ID)
		assert.Equal(t, uint64(1), k.c.Revision())
		assert.Equal(t, escrow.Proposed, d.From)
	}
	d := k.at(june(4, 0)).do(escrow.Hire{Milestone: &escrow.MilestoneTerms{Name: "More", Amount: decimal.NewNullDecimal(decimal.NewFromInt(120))}}, byToken)
	a, _ := d.Approval()
	assert.Equal(t, "h1-ap-2", a.ID)
	assert.Equal(t, statusList{superseded, waiting}, k.approvals())
	assert.True(t, k.c.Approvals()[0].ResolvedAt.Equal(june(4, 0)))
	assert.Equal(t, "More", k.c.Milestones()[0].Name)
	assert.Equal(t, "120 client:acme -> milestone:m1 (milestone_deposit)", strings.Replace(a.Movements[0].String(), " USD", "", 1))
	k.refused(escrow.ApprovalSuperseded, escrow.Confirm{ApprovalID: "h1-ap-1"}, byAnn)
	hired := k.do(confirm(k), byAnn)
	assert.Equal(t, "milestone:m1 120", held(k.c))
	assert.Equal(t, "12 client:acme -> platform (marketplace_fee)", moves(hired)[1])
	assert.True(t, k.c.CreatedAt().Equal(june(3, 0)), "it was founded when it was proposed")
}

// TestHireAgainIsChecked: changed terms are judged as those of a hire.
func TestHireAgainIsChecked(t *testing.T) {
	k := trainAt(t, "proposed")
	amount := func(n int64, exp int32) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.New(n, exp)) }
	for want, m := range map[escrow.Reason]escrow.MilestoneTerms{
		escrow.Malformed:        {ID: "m1"},
		escrow.InvalidMilestone: {Amount: amount(0, 0)},
		escrow.AmountScale:      {Amount: amount(1, -3)},
		escrow.AmountBounds:     {Amount: amount(1, 60)},
	} {
		k.refused(want, escrow.Hire{Milestone: &m}, byToken)
	}
	draft := newDesk(t, escrow.OpenTrain, hireTerms())
	draft.refused(escrow.Malformed, escrow.Hire{Milestone: &escrow.MilestoneTerms{Name: "x"}}, byToken)
}

// TestOtherMoneySupersedes: the same request that would by now move other money
// takes the place of the one that shows the old.
func TestOtherMoneySupersedes(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.End{}, byToken)
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byAnn)
	old := k.approval()
	k.refused(escrow.ApprovalStale, escrow.Confirm{ApprovalID: old}, byAnn)
	d := k.do(escrow.End{}, byToken)
	a, _ := d.Approval()
	assert.NotEqual(t, old, a.ID)
	assert.Len(t, a.Movements, 2)
	k.refused(escrow.ApprovalSuperseded, escrow.Confirm{ApprovalID: old}, byAnn)
	k.do(confirm(k), byAnn)
	assert.Equal(t, escrow.Ended, k.c.Status())
}

// TestStaleApprovals: what can no longer be done as it was shown is stale for
// every human who confirms, not only the last.
func TestStaleApprovals(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(escrow.End{}, byAnn)
	assert.Equal(t, superseded, k.approvals()[0], "an ended contract leaves nothing pending")

	k = trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	end := k.approval()
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	e := k.refused(escrow.ApprovalStale, escrow.Confirm{ApprovalID: end}, byAnn)
	assert.Equal(t, escrow.Conflict, e.Code())
	d := k.do(escrow.End{}, byToken)
	assert.Equal(t, "OT-5", d.Rule, "nothing is funded, so it needs no human")
	assert.Equal(t, superseded, k.approvals()[len(k.approvals())-1])

	k = trainAt(t, "active, both funded")
	k.do(escrow.End{}, byToken)
	end = k.approval()
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	k.refused(escrow.ApprovalStale, escrow.Confirm{ApprovalID: end}, byAnn)

	k = trainUnder(t, twoHumans)
	k.do(escrow.End{}, byToken)
	end = k.approval()
	k.do(escrow.Confirm{ApprovalID: end}, byBob)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	release := k.approval()
	k.do(escrow.Confirm{ApprovalID: release}, byBob)
	k.do(escrow.Confirm{ApprovalID: release}, byAnn)
	k.refused(escrow.ApprovalStale, escrow.Confirm{ApprovalID: end}, byBob)
	k.refused(escrow.ApprovalStale, escrow.Confirm{ApprovalID: end}, byAnn)
}

// TestQuorum counts different humans, and executes with the last.
func TestQuorum(t *testing.T) {
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.Quorum = 3 }))
	d := k.do(escrow.Hire{}, byAnn)
	a, ok := d.Approval()
	require.True(t, ok, "a human's word alone is not enough")
	assert.Equal(t, escrow.Proposed, d.To)
	assert.Equal(t, "ann", a.RequestedBy)
	assert.Equal(t, 3, a.Quorum)
	assert.Empty(t, a.ConfirmedBy, "who asked has not confirmed")
	for i, human := range []escrow.Actor{byAnn, byBob} {
		d = k.do(confirm(k), human)
		assert.Equal(t, "AP-1", d.Rule)
		assert.Empty(t, d.Executes)
		assert.Equal(t, escrow.Proposed, d.To)
		assert.Equal(t, uint64(2+i), k.c.Revision())
		revision := k.c.Revision()
		k.do(confirm(k), human)
		assert.Equal(t, revision, k.c.Revision(), "confirming twice changes nothing")
		assert.Empty(t, moves(d))
	}
	d = k.do(confirm(k), escrow.Human("zoe", "acme"))
	assert.Equal(t, "OT-1", d.Executes)
	a, _ = d.Approval()
	assert.Equal(t, []string{"ann", "bob", "zoe"}, a.ConfirmedBy)
	assert.Equal(t, "milestone:m1 100", held(k.c))
}

// TestSeparateDuties: who asked, a human or the user behind a token, cannot be
// the only one to confirm.
func TestSeparateDuties(t *testing.T) {
	for _, asks := range []escrow.Actor{byToken, byAnn} {
		k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, otherHuman))
		d := k.do(escrow.Hire{}, asks)
		assert.Equal(t, escrow.Proposed, d.To, "with separate duties no human is alone enough")
		e := k.refused(escrow.SeparateDuties, confirm(k), byAnn)
		assert.Equal(t, escrow.Conflict, e.Code())
		k.do(confirm(k), byBob)
		assert.Equal(t, escrow.Active, k.c.Status())
	}
	anonymous := byToken
	anonymous.User = ""
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, otherHuman))
	k.do(escrow.Hire{}, anonymous)
	a := k.c.Approvals()[0]
	assert.Equal(t, "tok1", a.RequestedBy, "a token without a user is its own")
	k.do(confirm(k), byAnn)

	both := func(p *escrow.Policy) { p.Quorum, p.SeparateDuties = 2, true }
	k = newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, both))
	k.do(escrow.Hire{}, byAnn)
	k.do(confirm(k), byAnn)
	k.do(confirm(k), byBob)
	assert.Equal(t, escrow.Active, k.c.Status(), "of two, one may be who asked")
}

// TestSeparateDutiesLookAtTheHuman: a human is known by its id, whatever user it
// names.
func TestSeparateDutiesLookAtTheHuman(t *testing.T) {
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, otherHuman))
	k.do(escrow.Hire{}, byToken)
	disguised := byAnn
	disguised.User = "somebody-else"
	k.refused(escrow.SeparateDuties, confirm(k), disguised)
}

// TestHumanActsDirectly: with a quorum of one, a human needs no approval, and
// supersedes the one that waits for the same type and target only.
func TestHumanActsDirectly(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	d := k.do(escrow.FundMilestone{MilestoneID: "m2"}, byBob)
	_, ok := d.Approval()
	assert.False(t, ok)
	assert.Equal(t, statusList{superseded, waiting}, k.approvals())
	assert.True(t, k.c.Approvals()[0].ResolvedAt.Equal(k.now))
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byBob)
	assert.Equal(t, statusList{superseded, superseded}, k.approvals())

	k = trainAt(t, "proposed")
	k.do(escrow.Hire{}, byAnn)
	assert.Equal(t, escrow.Active, k.c.Status())
	assert.Equal(t, statusList{superseded}, k.approvals())
}

// TestWhoAnswers: only a signed-in human of the account co-signs.
func TestWhoAnswers(t *testing.T) {
	k := trainAt(t, "proposed")
	id := k.approval()
	for _, cmd := range []escrow.Command{escrow.Confirm{ApprovalID: id}, escrow.DeclineApproval{ApprovalID: id}} {
		e := k.refused(escrow.NotHuman, cmd, byToken)
		assert.Equal(t, escrow.Forbidden, e.Code())
		for _, who := range []escrow.Actor{escrow.Agent("acme"), escrow.Agent("trainer"), bySystem} {
			k.refused(escrow.ContractNotFound, cmd, who)
		}
		k.refused(escrow.ContractNotFound, cmd, byTrainer)
		k.refused(escrow.ContractNotFound, cmd, escrow.Human("eve", "other"))
	}
	k.refused(escrow.ApprovalNotFound, escrow.Confirm{ApprovalID: "h1-ap-9"}, byAnn)
	k.refused(escrow.ApprovalNotFound, escrow.DeclineApproval{}, byAnn)
	k.refused(escrow.NotHuman, escrow.Confirm{ApprovalID: "h1-ap-9"}, byToken)
	k.refused(escrow.ContractNotFound, escrow.Confirm{ApprovalID: "h1-ap-9"}, byTrainer)
}

// TestDecline is AP-2: final, moves nothing; a declined hire is not-hired.
func TestDecline(t *testing.T) {
	k := trainAt(t, "proposed")
	d := k.at(june(4, 0)).do(escrow.DeclineApproval{ApprovalID: k.approval()}, byBob)
	assert.Equal(t, "AP-2", d.Rule)
	assert.Equal(t, escrow.Proposed, d.From)
	assert.Equal(t, escrow.NotHired, d.To)
	assert.Empty(t, moves(d))
	a, _ := d.Approval()
	assert.Equal(t, declined, a.Status)
	assert.True(t, a.ResolvedAt.Equal(june(4, 0)))
	assert.Nil(t, a.Result)
	assert.True(t, k.c.IsTerminal())
	k.refused(escrow.ApprovalDeclined, confirm(k), byAnn)
	k.refused(escrow.ApprovalDeclined, escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)

	k = trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	d = k.do(escrow.DeclineApproval{ApprovalID: k.c.Approvals()[0].ID}, byAnn)
	assert.Equal(t, escrow.Active, d.To)
	assert.Equal(t, statusList{declined, waiting}, k.approvals())
	k.do(escrow.End{}, byToken)
	assert.Equal(t, statusList{declined, waiting, waiting}, k.approvals(), "a new request may follow")
}

// TestApprovalsExpire at the exact instant, looked at or not.
func TestApprovalsExpire(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	end := k.now.Add(72 * time.Hour)
	a := k.c.Approvals()[0]
	assert.True(t, a.ExpiresAt.Equal(end))
	assert.Equal(t, waiting, a.StatusAt(end.Add(-1)))
	assert.Equal(t, expired, a.StatusAt(end))
	_, err := k.at(end.Add(-1)).ask(confirm(k), byAnn)
	assert.NoError(t, err)
	k.at(end).refused(escrow.ApprovalExpired, confirm(k), byAnn)
	k.refused(escrow.ApprovalExpired, escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	assert.Equal(t, waiting, k.approvals()[0], "a refusal records nothing")
	k.at(end.Add(time.Hour)).do(escrow.AddMilestone{Milestone: stone("m2", 1)}, byToken)
	a = k.c.Approvals()[0]
	assert.Equal(t, expired, a.Status, "every decision first folds in what has expired")
	assert.True(t, a.ResolvedAt.Equal(end))
	assert.Equal(t, expired, a.StatusAt(june(3, 0)), "a recorded status is final")
	k.refused(escrow.ApprovalExpired, confirm(k), byAnn)
	k.do(escrow.End{}, byToken)
	assert.Equal(t, statusList{expired, waiting}, k.approvals(), "a new request may follow")
}

// TestAdvanceRecordsExpiries is AP-3: one decision for all that are past, at the
// earliest of their instants.
func TestAdvanceRecordsExpiries(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	k.at(june(3, 1)).do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.at(june(5, 0)).do(escrow.End{}, byToken)
	e := k.at(june(5, 23)).refused(escrow.NothingDue, escrow.Advance{}, byTrainer)
	at, ok := e.Deadline()
	assert.True(t, ok)
	assert.True(t, at.Equal(june(6, 0)))
	assert.Equal(t, "expiresAt", e.Details()["deadline"])
	d := k.at(june(6, 5)).do(escrow.Advance{}, byTrainer)
	assert.Equal(t, "AP-3", d.Rule)
	assert.True(t, d.At().Equal(june(6, 0)))
	assert.Equal(t, escrow.Active, d.To)
	assert.Empty(t, moves(d))
	a, _ := d.Approval()
	assert.Equal(t, "milestone_fund", a.Type)
	assert.Equal(t, statusList{expired, expired, waiting}, k.approvals())
	assert.True(t, k.c.Approvals()[1].ResolvedAt.Equal(june(6, 1)), "each at its own expiry")
	k.refused(escrow.NothingDue, escrow.Advance{}, byAnn)
}

// TestHireExpires is OT-7: while the expiry is due, all else waits for it.
func TestHireExpires(t *testing.T) {
	k := trainAt(t, "proposed")
	k.at(june(6, 0))
	for _, cmd := range []escrow.Command{escrow.Hire{}, confirm(k), escrow.DeclineApproval{ApprovalID: k.approval()}} {
		e := k.refused(escrow.DeadlineDue, cmd, byAnn)
		assert.Equal(t, "expiresAt", e.Details()["deadline"])
		assert.Equal(t, "2026-06-06T00:00:00Z", e.Details()["at"])
	}
	k.refused(escrow.WrongStatus, escrow.End{}, byAnn)
	d := k.at(june(9, 0)).do(escrow.Advance{}, byTrainer)
	assert.Equal(t, "OT-7", d.Rule)
	assert.Equal(t, escrow.NotHired, d.To)
	assert.True(t, d.At().Equal(june(6, 0)))
	a, ok := d.Approval()
	require.True(t, ok)
	assert.Equal(t, expired, a.Status)
	assert.True(t, a.ResolvedAt.Equal(june(6, 0)))
}

// TestOwnTerms: a confirmation with terms of its own changes the proposal first,
// so that all who are counted have agreed to the same.
func TestOwnTerms(t *testing.T) {
	k := trainUnder(t, twoHumans)
	k.do(escrow.End{}, byToken)
	before := k.c.Approvals()[1]
	k.do(confirm(k), byAnn)
	assert.Equal(t, []string{"ann"}, k.c.Approvals()[1].ConfirmedBy)
	same := escrow.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 refund")}
	revision := k.c.Revision()
	k.do(same, byAnn)
	assert.Equal(t, revision, k.c.Revision(), "terms that equal the proposal's change nothing")
	other := escrow.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 release")}
	d := k.do(other, byBob)
	a, _ := d.Approval()
	assert.Equal(t, []string{"bob"}, a.ConfirmedBy, "agreement starts again")
	assert.NotEqual(t, before.Hash, a.Hash)
	assert.Equal(t, waiting, a.Status)
	assert.Equal(t, "100 milestone:m1 -> worker:trainer (milestone_release)", strings.Replace(a.Movements[0].String(), " USD", "", 1))
	d = k.do(confirm(k), byAnn)
	assert.Equal(t, "OT-6", d.Executes)
	assert.Equal(t, []string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, moves(d))
	assert.Equal(t, []escrow.MilestoneStatus{escrow.Paid}, k.stones())
}

// TestOwnTermsOfAHire: the human's values win.
func TestOwnTermsOfAHire(t *testing.T) {
	k := trainAt(t, "proposed")
	due := june(30, 0)
	d := k.do(escrow.Confirm{ApprovalID: k.approval(), Milestone: &escrow.MilestoneTerms{Name: "Better", Description: "all of it",
		Amount: decimal.NewNullDecimal(decimal.NewFromInt(80)), DueDate: due}}, byAnn)
	assert.Equal(t, "80 client:acme -> milestone:m1 (milestone_deposit)", moves(d)[0])
	assert.Equal(t, "8 client:acme -> platform (marketplace_fee)", moves(d)[1])
	m := k.c.Milestones()[0]
	assert.Equal(t, "Better", m.Name)
	assert.Equal(t, "all of it", m.Description)
	assert.True(t, m.DueDate.Equal(due))
	assert.Equal(t, escrow.ActiveFunded, m.Status)

	k = newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, twoHumans))
	k.do(escrow.Hire{}, byToken)
	k.do(confirm(k), byAnn)
	k.do(escrow.Confirm{ApprovalID: k.approval(), Milestone: &escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(decimal.NewFromInt(70))}}, byBob)
	assert.Equal(t, []string{"bob"}, k.c.Approvals()[0].ConfirmedBy)
	assert.Equal(t, "7000", k.c.Milestones()[0].Amount.String(), "the proposed contract shows what is now proposed")
	k.do(confirm(k), byAnn)
	assert.Equal(t, "milestone:m1 70", held(k.c))
}

// TestOwnTermsRefused goes through terms that a confirmation cannot have.
func TestOwnTermsRefused(t *testing.T) {
	hire, end, fund := trainAt(t, "proposed"), trainAt(t, "active, m2 not funded"), trainAt(t, "active, m2 not funded")
	end.do(escrow.End{}, byToken)
	fund.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	name := &escrow.MilestoneTerms{Name: "x"}
	fine := &escrow.MilestoneTerms{Amount: decimal.NewNullDecimal(decimal.New(1, -3))}
	for _, c := range []struct {
		k    *desk
		cmd  escrow.Confirm
		want escrow.Reason
	}{
		{end, escrow.Confirm{Milestone: name}, escrow.Malformed},
		{fund, escrow.Confirm{Milestone: name}, escrow.Malformed},
		{hire, escrow.Confirm{Milestone: &escrow.MilestoneTerms{ID: "m1"}}, escrow.Malformed},
		{hire, escrow.Confirm{Milestone: fine}, escrow.AmountScale},
		{hire, escrow.Confirm{Dispositions: choose("m1 refund")}, escrow.DispositionInvalid},
		{fund, escrow.Confirm{Dispositions: choose("m1 refund")}, escrow.DispositionInvalid},
		{end, escrow.Confirm{Dispositions: choose("m2 refund")}, escrow.DispositionInvalid},
		{end, escrow.Confirm{Dispositions: choose("m1 burn")}, escrow.DispositionInvalid},
		{end, escrow.Confirm{Dispositions: choose("m1 refund", "m1 refund")}, escrow.DispositionInvalid},
	} {
		c.cmd.ApprovalID = c.k.approval()
		e := c.k.refused(c.want, c.cmd, byAnn)
		assert.Equal(t, escrow.InvalidRequest, e.Code())
		assert.Equal(t, "AP-1", e.Rule())
	}
}

// TestRequiredDispositions: the proposal shows refunds, and every confirmation
// must name every funded milestone.
func TestRequiredDispositions(t *testing.T) {
	k := trainUnder(t, mustChoose)
	k.do(escrow.AddMilestone{Milestone: stone("m2", 33)}, byToken)
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byAnn)
	d := k.do(escrow.End{}, byToken)
	a, _ := d.Approval()
	assert.Equal(t, escrow.MilestoneRefund, a.Movements[0].Reason)
	for _, terms := range [][]escrow.Disposition{nil, {}, choose("m1 refund"), choose("m2 release")} {
		e := k.refused(escrow.DispositionRequired, escrow.Confirm{ApprovalID: a.ID, Dispositions: terms}, byAnn)
		assert.Equal(t, escrow.InvalidRequest, e.Code())
	}
	d = k.do(escrow.Confirm{ApprovalID: a.ID, Dispositions: choose("m2 release", "m1 refund")}, byAnn)
	assert.Equal(t, []string{"100 milestone:m1 -> client:acme (milestone_refund)", "33 milestone:m2 -> worker:trainer (milestone_release)"}, moves(d))
	k = trainUnder(t, releaseAll)
	d = k.do(escrow.End{}, byToken)
	a, _ = d.Approval()
	assert.Equal(t, escrow.MilestoneRelease, a.Movements[0].Reason)
}

// TestTerminalSupersedes: an ended contract leaves no pending approval; those
// already past their time are expired.
func TestTerminalSupersedes(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	k.at(june(5, 0)).do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.do(escrow.End{}, byToken)
	k.at(june(6, 1)).do(confirm(k), byBob)
	assert.Equal(t, statusList{expired, superseded, confirmed}, k.approvals())
	assert.True(t, k.c.IsTerminal())
	for i, want := range []time.Time{june(6, 0), june(6, 1), june(6, 1)} {
		assert.True(t, k.c.Approvals()[i].ResolvedAt.Equal(want))
	}
}

// TestTooManyApprovals: a contract holds at most a thousand.
func TestTooManyApprovals(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	k.do(escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	one, err := json.Marshal(k.c.Approvals()[0])
	require.NoError(t, err)
	list := make([]string, 1000)
	for i := range list {
		list[i] = strings.Replace(string(one), `"id":"h1-ap-2"`, fmt.Sprintf(`"id":"old-%d"`, i), 1)
	}
	full, err := escrow.ParseContract([]byte(strings.Replace(jsonOf(t, k.c), string(one), strings.Join(list, ","), 1)))
	require.NoError(t, err)
	_, err = escrow.Decide(full, escrow.ApproveMilestone{MilestoneID: "m1"}, byToken, k)
	assert.ErrorIs(t, err, escrow.TooMany)
	assert.ErrorIs(t, err, escrow.Conflict)
	_, err = escrow.Decide(full, escrow.ApproveMilestone{MilestoneID: "m1"}, byAnn, k)
	assert.NoError(t, err, "a human needs no approval")
}

// TestRoomToEnd: no number of approvals may lock money, so the one that ends a
// full contract takes the place of the oldest that is resolved; where all are
// pending, it is one more.
func TestRoomToEnd(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	pending, err := json.Marshal(k.c.Approvals()[0])
	require.NoError(t, err)
	list := make([]string, 1000)
	for i := range list {
		list[i] = strings.Replace(string(pending), `"id":"h1-ap-2"`, fmt.Sprintf(`"id":"old-%d"`, i), 1)
	}
	full := func(list []string) *desk {
		return &desk{t, parsed(t, strings.Replace(jsonOf(t, k.c), string(pending), strings.Join(list, ","), 1)), k.now}
	}
	crowded := full(list)
	crowded.do(escrow.End{}, byToken)
	assert.Len(t, crowded.c.Approvals(), 1001)
	crowded.c = parsed(t, jsonOf(t, crowded.c))
	crowded.do(escrow.Confirm{ApprovalID: crowded.approval()}, byAnn)
	assert.Equal(t, escrow.Ended, crowded.c.Status())

	for _, i := range []int{3, 0} {
		list[i] = strings.Replace(list[i], `"status":"pending"`, `"status":"declined","resolvedAt":"2026-06-04T00:00:00Z"`, 1)
		room := full(list)
		room.do(escrow.End{}, byToken)
		approvals := room.c.Approvals()
		assert.Len(t, approvals, 1000)
		assert.False(t, slices.ContainsFunc(approvals, func(a escrow.Approval) bool { return a.ID == fmt.Sprint("old-", i) }))
		room.do(escrow.Confirm{ApprovalID: room.approval()}, byAnn)
		assert.Equal(t, escrow.Ended, room.c.Status())
	}
}

// TestApprovalsAreCopies: what is handed out cannot change the snapshot.
func TestApprovalsAreCopies(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	before := jsonOf(t, k.c)
	a := k.c.Approvals()[0]
	a.Status, a.Movements[0].Amount = confirmed, escrow.Units(1)
	a.ConfirmedBy = append(a.ConfirmedBy, "eve")
	assert.Equal(t, before, jsonOf(t, k.c))
	a.Command.(escrow.End).Dispositions[0].Disposition = escrow.Release
	assert.Equal(t, before, jsonOf(t, k.c), "the command's dispositions")
	k = trainAt(t, "proposed")
	before = jsonOf(t, k.c)
	k.c.Approvals()[0].Command.(escrow.Hire).Milestone.Name = "Mallory's"
	assert.Equal(t, before, jsonOf(t, k.c), "the command's milestone")
}

// TestCommandsAreCopied: a caller that changes a command it has sent changes
// nothing that was decided.
func TestCommandsAreCopied(t *testing.T) {
	k := trainAt(t, "proposed")
	terms := &escrow.MilestoneTerms{Name: "New"}
	k.do(escrow.Hire{Milestone: terms}, byToken)
	before := jsonOf(t, k.c)
	terms.Name = "Mallory's"
	assert.Equal(t, before, jsonOf(t, k.c))
	d := workAt(t, "disputed")
	agents := []string{"0xA", "0xB", "0xC"}
	d.do(escrow.Draw{BackupAgents: agents}, bySystem)
	before = jsonOf(t, d.c)
	agents[0] = "0xMallory"
	assert.Equal(t, before, jsonOf(t, d.c))
	chosen := trainUnder(t, twoHumans)
	chosen.do(escrow.End{}, byToken)
	list := choose("m1 release")
	chosen.do(escrow.Confirm{ApprovalID: chosen.approval(), Dispositions: list}, byAnn)
	before = jsonOf(t, chosen.c)
	list[0].Disposition = escrow.Refund
	assert.Equal(t, before, jsonOf(t, chosen.c))
}

// TestApprovalBinds: the hash is over contract, type, milestone, command and
// money, and nothing else.
func TestApprovalBinds(t *testing.T) {
	hash := func(change func(*escrow.Terms)) string {
		terms := hireTerms()
		change(&terms)
		k := newDesk(t, escrow.OpenTrain, terms)
		k.do(escrow.Hire{}, byToken)
		return k.c.Approvals()[0].Hash
	}
	same := hash(func(*escrow.Terms) {})
	assert.Equal(t, same, hash(func(t *escrow.Terms) { t.JobID = "another" }))
	for name, change := range map[string]func(*escrow.Terms){
		"contract": func(t *escrow.Terms) { t.ID = "h2" },
		"amount":   func(t *escrow.Terms) { t.Milestones[0].Amount.Decimal = decimal.NewFromInt(101) },
		"name":     func(t *escrow.Terms) { t.Milestones[0].Name = "other" },
		"worker":   func(t *escrow.Terms) { t.Milestones[0].ID = "m7" },
	} {
		assert.NotEqual(t, same, hash(change), name)
	}
}

// TestLongTTL: an approval's expiry stops at the end of time.
func TestLongTTL(t *testing.T) {
	k := newDesk(t, escrow.OpenTrain, under(hireTerms(), escrow.OpenTrain, func(p *escrow.Policy) { p.ApprovalTTL = 365 * 24 * time.Hour }))
	k.at(time.Date(9999, 12, 1, 0, 0, 0, 0, time.UTC)).do(escrow.Hire{}, byToken)
	assert.Equal(t, 9999, k.c.Approvals()[0].ExpiresAt.Year())
	_, err := escrow.ParseContract([]byte(jsonOf(t, k.c)))
	assert.NoError(t, err)
}

// TestTheStatusWaitsForThePendingApproval: a hire that was superseded expires no
// more, and the one that took its place does not lose its own time to it.
func TestTheStatusWaitsForThePendingApproval(t *testing.T) {
	k := trainAt(t, "proposed")
	k.at(june(4, 0)).do(escrow.Hire{Milestone: &escrow.MilestoneTerms{Name: "More"}}, byToken)
	next, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.True(t, next.At.Equal(k.c.Approvals()[1].ExpiresAt))
	assert.Equal(t, escrow.NotHired, next.Then.To)
}

// TestTheWaitingRuleMayStandAnywhere: which row of a table waits does not matter.
func TestTheWaitingRuleMayStandAnywhere(t *testing.T) {
	spec := escrow.OpenTrain.Spec()
	spec.Rules = append(slices.Clone(spec.Rules[1:]), spec.Rules[0])
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	k := newDesk(t, l, hireTerms())
	k.do(escrow.Hire{}, byToken)
	next, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.Equal(t, escrow.NotHired, next.Then.To)
}

// TestExpiryNamesThePendingApproval: of two with one expiry, the one that was
// still pending.
func TestExpiryNamesThePendingApproval(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.do(escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	id := k.approval()
	a, ok := value(k.at(june(30, 0)).do(escrow.Advance{}, bySystem))
	require.True(t, ok)
	assert.Equal(t, id, a.ID)
	assert.Equal(t, statusList{declined, expired}, k.approvals())
}

// TestWindowBeforeTheTTL: an approval ends with the window of its rule when that
// is sooner, and with its own time when it is later or there is none.
func TestWindowBeforeTheTTL(t *testing.T) {
	ttl := escrow.OpenTrain.DefaultPolicy().ApprovalTTL
	for name, c := range map[string]struct{ expiry, want time.Time }{
		"sooner": {june(3, 1), june(3, 1)},
		"later":  {june(30, 0), june(3, 0).Add(ttl)},
		"none":   {time.Time{}, june(3, 0).Add(ttl)},
	} {
		k := bountyDraft(t, bounty{Judge: "0xJudge", Prize: "90", Expiry: c.expiry})
		k.do(post{}, byClient)
		a, ok := value(k.do(takeBack{}, byClient))
		require.True(t, ok, name)
		assert.True(t, a.ExpiresAt.Equal(c.want), "%s: %s", name, a.ExpiresAt)
	}
}

// TestOnlyOnesOwnRequestsAreAnswered: where two parties have co-signed rules, each
// answers its own.
func TestOnlyOnesOwnRequestsAreAnswered(t *testing.T) {
	spec := escrow.OpenTrain.Spec()
	spec.Rules = slices.Clone(spec.Rules)
	spec.Rules[3].By, spec.Rules[3].Grant = escrow.Worker, escrow.Grant{}
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	k := newDesk(t, l, hireTerms())
	k.do(escrow.Hire{}, byAnn)
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, escrow.Agent("trainer"))
	k.refused(escrow.ApprovalNotFound, confirm(k), byAnn)
	stored, err := escrow.ParseContract([]byte(jsonOf(t, k.c)), l)
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, k.c), jsonOf(t, stored))
	k.do(confirm(k), byTrainer)
	assert.Equal(t, escrow.Paid, k.stones()[0])
}

// TestTokensCannotAnswer, not even one of somebody else, to whom a human's answer
// would not show the contract.
func TestTokensCannotAnswer(t *testing.T) {
	k := trainAt(t, "proposed")
	other := byToken
	other.Account = "other"
	k.refused(escrow.NotHuman, confirm(k), other)
	k.refused(escrow.NotHuman, confirm(k), byToken)
	k.refused(escrow.ContractNotFound, confirm(k), byStranger)
}

// TestTermsOfAClosedApproval are not looked at: that it is closed comes first.
func TestTermsOfAClosedApproval(t *testing.T) {
	k := trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	end := confirm(k)
	end.Dispositions = choose("nowhere release")
	k.refused(escrow.DispositionInvalid, end, byAnn)
	k.do(escrow.DeclineApproval{ApprovalID: end.ApprovalID}, byAnn)
	k.refused(escrow.ApprovalDeclined, end, byAnn)
}

// TestNoRoomForAnotherHire: what does not end a full contract finds no room in it.
func TestNoRoomForAnotherHire(t *testing.T) {
	k := trainAt(t, "proposed")
	pending, err := json.Marshal(k.c.Approvals()[0])
	require.NoError(t, err)
	list := []string{string(pending)}
	for i := range 999 {
		one := strings.Replace(string(pending), `"id":"h1-ap-1"`, fmt.Sprintf(`"id":"old-%d"`, i), 1)
		list = append(list, strings.Replace(one, `"status":"pending"`, `"status":"superseded","resolvedAt":"2026-06-03T00:00:00Z"`, 1))
	}
	k.c = parsed(t, strings.Replace(jsonOf(t, k.c), string(pending), strings.Join(list, ","), 1))
	k.do(escrow.Hire{}, byToken)
	d, err := escrow.Decide(k.c, escrow.Hire{Milestone: &escrow.MilestoneTerms{Name: "More"}}, byToken, k)
	assert.ErrorIs(t, err, escrow.TooMany)
	assert.Zero(t, d, "nothing is decided")
}

// TestDecliningAnotherRequestLeavesTheStatus: a status that waits for one approval
// is not left when another is declined.
func TestDecliningAnotherRequestLeavesTheStatus(t *testing.T) {
	spec := escrow.OpenTrain.Spec()
	spec.Rules = append(slices.Clone(spec.Rules), escrow.Rule{ID: "OT-8", On: takeBack{}, By: escrow.Owner,
		From: escrow.In(escrow.Proposed), To: escrow.Same, CoSign: escrow.CoSign{Type: "note"}})
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	k := newDesk(t, l, hireTerms())
	k.do(escrow.Hire{}, byToken)
	k.do(takeBack{}, byToken)
	k.do(escrow.DeclineApproval{ApprovalID: k.c.Approvals()[1].ID}, byAnn)
	assert.Equal(t, escrow.Proposed, k.c.Status())
	k.do(escrow.DeclineApproval{ApprovalID: k.c.Approvals()[0].ID}, byAnn)
	assert.Equal(t, escrow.NotHired, k.c.Status())
}

// TestEachWaitingStatusHasItsOwnApproval: a status that was asked for while another
// waited does not end with the other's approval.
func TestEachWaitingStatusHasItsOwnApproval(t *testing.T) {
	spec := escrow.OpenTrain.Spec()
	spec.Rules = append(slices.Clone(spec.Rules),
		escrow.Rule{ID: "OT-8", On: takeBack{}, By: escrow.Owner, From: escrow.In(escrow.Proposed, "asked"), To: escrow.NotHired, CoSign: escrow.CoSign{Type: "note", While: "asked"}},
		escrow.Rule{ID: "OT-9", On: escrow.Advance{}, By: escrow.Anyone, From: escrow.In("asked"), Window: escrow.Due(escrow.ApprovalExpiry), To: escrow.NotHired})
	l, err := escrow.Define(spec)
	require.NoError(t, err)
	k := newDesk(t, l, hireTerms())
	k.do(escrow.Hire{}, byToken)
	k.at(june(4, 0)).do(takeBack{}, byToken)
	hire, note := k.c.Approvals()[0], k.c.Approvals()[1]
	assert.Equal(t, "AP-3", k.at(hire.ExpiresAt).do(escrow.Advance{}, bySystem).Rule)
	assert.Equal(t, escrow.Status("asked"), k.c.Status())
	assert.Equal(t, "OT-9", k.at(note.ExpiresAt).do(escrow.Advance{}, bySystem).Rule)
}

// TestApprovalsOfTheClient: an approval that does not say whose it is belongs to
// the client.
func TestApprovalsOfTheClient(t *testing.T) {
	k := trainAt(t, "proposed")
	before := jsonOf(t, k.c)
	for _, account := range []string{`""`, `null`} {
		c := parsed(t, strings.Replace(before, `"account":"acme"`, `"account":`+account, 1))
		assert.Equal(t, "acme", c.Approvals()[0].Account, account)
	}
}

// TestProposalsNameTheirPot: what waits may move any pot, and is read again.
func TestProposalsNameTheirPot(t *testing.T) {
	for _, pot := range []escrow.Pot{escrow.Escrow, escrow.DisputeBond} {
		l, err := escrow.Define(table(func(s *escrow.Spec) {
			s.Rules[0].Money = escrow.Money{escrow.Deposit(escrow.Price, escrow.Client, pot)}
			s.Rules[1].Money = escrow.Money{escrow.All(pot, escrow.Client)}
			s.Rules[2].Money, s.Rules[1].CoSign.Type = s.Rules[1].Money, "x"
		}))
		require.NoError(t, err)
		k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}})
		k.do(escrow.Create{}, byClient)
		k.do(escrow.Cancel{}, byClient)
		stored, err := escrow.ParseContract([]byte(jsonOf(t, k.c)), l)
		require.NoError(t, err)
		assert.Equal(t, jsonOf(t, k.c), jsonOf(t, stored))
	}
}
