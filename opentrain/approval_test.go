package opentrain_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opentrain"
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

func twoHumans() escrow.Value  { return opentrain.Quorum.To(2) }
func otherHuman() escrow.Value { return opentrain.SeparateDuties.To(true) }
func mustChoose() escrow.Value { return opentrain.EndDisposition.To("require") }

// value returns the approval of a decision.
func value(d escrow.Decision) escrow.Approval {
	a, _ := d.Approval()
	return a
}

// TestConfirmExecutes is AP-1 with a quorum of one: the confirmation carries the rule
// out, in the same decision, with its evidence.
func TestConfirmExecutes(t *testing.T) {
	for rule, c := range map[string]struct {
		place, result, to string
		cmd               asked
		moves             []string
	}{
		"OT-1": {"proposed", `{"hired":true,"contractId":"h1","jobId":"job7","freelancerUserId":"trainer"}`, "active", nil, rows[0].moves},
		"OT-3": {"active, m2 not funded", "", "active", opentrain.FundMilestone{MilestoneID: "m2"}, rows[2].moves},
		"OT-4": {"active", "", "active", opentrain.ApproveMilestone{MilestoneID: "m1"}, rows[3].moves},
		"OT-6": {"active", `{"contractEnded":true}`, "ended", opentrain.End{}, rows[5].moves},
	} {
		t.Run(rule, func(t *testing.T) {
			k := at(t, c.place)
			if c.cmd != nil {
				k.do(c.cmd, byToken)
			}
			k.at(june(4, 0))
			from, hash := k.c.Status(), k.c.Approvals()[0].Hash
			d := k.do(confirm(k), byBob)
			assert.Equal(t, "AP-1", d.Rule)
			assert.Equal(t, rule, d.Executes)
			assert.Equal(t, escrow.Action("confirm"), d.Action)
			assert.Equal(t, "bob", d.Actor.ID)
			assert.Equal(t, from, d.From)
			assert.Equal(t, escrow.Status(c.to), d.To)
			assert.Equal(t, c.moves, moves(d))
			a := value(d)
			assert.Equal(t, confirmed, a.Status)
			assert.Equal(t, []string{"bob"}, a.ConfirmedBy)
			assert.Equal(t, "ann", a.RequestedBy)
			assert.True(t, a.ResolvedAt.Equal(june(4, 0)))
			assert.Equal(t, hash, a.Hash)
			if c.result == "" {
				ids := []string{}
				for _, m := range d.Movements() {
					ids = append(ids, `"`+m.ID()+`"`)
				}
				c.result = `{"movements":[` + strings.Join(ids, ",") + `]}`
			}
			assert.Equal(t, c.result, string(a.Result))
			assert.Equal(t, "AP-1", k.refused(escrow.ApprovalConfirmed, confirm(k), byAnn).Rule())
		})
	}
	terms := hireTerms()
	terms.JobID = ""
	k := newDesk(t, terms)
	k.do(opentrain.Hire{}, byToken)
	assert.Equal(t, `{"hired":true,"contractId":"h1","freelancerUserId":"trainer"}`, string(value(k.do(confirm(k), byAnn)).Result))
}

// TestSameRequestAgain returns the approval that waits, and changes nothing.
func TestSameRequestAgain(t *testing.T) {
	k := at(t, "active, m2 not funded")
	for _, cmd := range []asked{opentrain.FundMilestone{MilestoneID: "m2"}, opentrain.ApproveMilestone{MilestoneID: "m1"}, opentrain.End{}} {
		first := value(k.do(cmd, byToken))
		before := k.c
		other := byToken
		other.ID, other.User = "tok9", "zoe"
		again := value(k.at(k.now.Add(time.Hour)).do(cmd, other))
		assert.Equal(t, first, again)
		assert.True(t, before == k.c, "nothing happened")
	}
	assert.Equal(t, statusList{waiting, waiting, waiting}, k.approvals())
}

func changes(name string, amount int64) *opentrain.Changes {
	c := &opentrain.Changes{Name: name}
	if amount > 0 {
		c.Amount = dollars(amount)
	}
	return c
}

// TestHireAgain repeats and supersedes the hire of a proposed contract.
func TestHireAgain(t *testing.T) {
	k := at(t, "proposed")
	before := k.c
	same := &opentrain.Changes{Amount: decimal.NewNullDecimal(decimal.RequireFromString("100.00"))}
	for _, m := range []*opentrain.Changes{nil, {}, same, changes("Milestone m1", 0)} {
		d := k.do(opentrain.Hire{Changes: m}, byToken)
		assert.Equal(t, "h1-ap-1", value(d).ID)
		assert.True(t, before == k.c)
		assert.Equal(t, opentrain.Proposed, d.From)
	}
	d := k.at(june(4, 0)).do(opentrain.Hire{Changes: changes("More", 120)}, byToken)
	a := value(d)
	assert.Equal(t, "h1-ap-2", a.ID)
	assert.Equal(t, statusList{superseded, waiting}, k.approvals())
	assert.True(t, k.c.Approvals()[0].ResolvedAt.Equal(june(4, 0)))
	assert.Equal(t, "More", opentrain.Milestones(k.c)[0].Name)
	assert.Equal(t, "120 client:acme -> milestone:m1 (milestone_deposit)", shown(a)[0])
	k.refused(escrow.ApprovalSuperseded, opentrain.Confirm{ApprovalID: "h1-ap-1"}, byAnn)
	hired := k.do(confirm(k), byAnn)
	assert.Equal(t, "milestone:m1 120", held(k.c))
	assert.Equal(t, "12 client:acme -> platform (marketplace_fee)", moves(hired)[1])
	assert.True(t, k.c.CreatedAt().Equal(june(3, 0)), "it was founded when it was proposed")

	k = at(t, "proposed")
	k.do(opentrain.Hire{Changes: changes("More", 70)}, byAnn)
	assert.Equal(t, "milestone:m1 70", held(k.c), "a human hires with other terms at once")
	assert.Equal(t, "More", opentrain.Milestones(k.c)[0].Name)
}

// TestHireAgainIsChecked: changed terms are judged as those of a hire.
func TestHireAgainIsChecked(t *testing.T) {
	k := at(t, "proposed")
	amount := func(n int64, exp int32) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.New(n, exp)) }
	for want, m := range map[escrow.Reason]opentrain.Changes{
		opentrain.InvalidMilestone: {Amount: amount(0, 0)},
		escrow.AmountScale:         {Amount: amount(1, -3)},
		escrow.AmountBounds:        {Amount: amount(1, 60)},
	} {
		e := k.refused(want, opentrain.Hire{Changes: &m}, byToken)
		assert.Equal(t, "milestone.amount", e.Details()["field"])
	}
	k.refused(opentrain.InvalidMilestone, opentrain.Hire{Changes: changes(" ", 0)}, byToken)
	id := raw{opentrain.Hire{}.Command()}
	id.cmd = actOf("hire").Command(opentrain.Changed.To(opentrain.MilestoneID.To("m1")))
	assert.Equal(t, "milestone.id", k.refused(escrow.Malformed, id, byToken).Details()["field"])
	draft := newDesk(t, hireTerms())
	assert.Equal(t, "milestone", draft.refused(escrow.Malformed, opentrain.Hire{Changes: changes("x", 0)}, byToken).Details()["field"])
}

func actOf(action escrow.Action) *escrow.Act {
	for _, a := range opentrain.Lifecycle.Acts() {
		if a.Action() == action {
			return a
		}
	}
	panic(action)
}

// TestOtherMoneySupersedes: the same request that would by now move other money takes
// the place of the one that shows the old.
func TestOtherMoneySupersedes(t *testing.T) {
	k := at(t, "active, m2 not funded")
	k.do(opentrain.End{}, byToken)
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byAnn)
	old := k.approval()
	k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: old}, byAnn)
	a := value(k.do(opentrain.End{}, byToken))
	assert.NotEqual(t, old, a.ID)
	assert.Len(t, a.Movements, 2)
	k.refused(escrow.ApprovalSuperseded, opentrain.Confirm{ApprovalID: old}, byAnn)
	k.do(confirm(k), byAnn)
	assert.Equal(t, opentrain.Ended, k.c.Status())
}

// TestStale: what can no longer be done as it was shown is stale for every human who
// confirms, not only the last.
func TestStale(t *testing.T) {
	k := at(t, "active, m2 not funded")
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(opentrain.End{}, byAnn)
	assert.Equal(t, superseded, k.approvals()[0], "an ended contract leaves nothing pending")

	k = at(t, "active")
	k.do(opentrain.End{}, byToken)
	end := k.approval()
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	assert.Equal(t, escrow.Conflict, k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: end}, byAnn).Code())
	assert.Equal(t, "OT-5", k.do(opentrain.End{}, byToken).Rule, "nothing is funded, so it needs no human")
	assert.Equal(t, superseded, k.approvals()[len(k.approvals())-1])

	k = at(t, "active, both funded")
	k.do(opentrain.End{}, byToken)
	end = k.approval()
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: end}, byAnn)

	k = hiredUnder(t, twoHumans())
	k.do(opentrain.End{}, byToken)
	end = k.approval()
	k.do(opentrain.Confirm{ApprovalID: end}, byBob)
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	release := k.approval()
	k.do(opentrain.Confirm{ApprovalID: release}, byBob)
	k.do(opentrain.Confirm{ApprovalID: release}, byAnn)
	k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: end}, byBob)
	k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: end}, byAnn)
	k.do(opentrain.RevokeConfirmation{ApprovalID: end}, byBob)
}

// TestHash: what a person sees is what a person signs.
func TestHash(t *testing.T) {
	k := at(t, "active")
	k.do(opentrain.End{}, byToken)
	seen := k.c.Approvals()[0].Hash
	e := k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: k.approval(), Hash: strings.Repeat("0", 64)}, byAnn)
	assert.Equal(t, seen, e.Details()["hash"])
	k.refused(escrow.ApprovalStale, opentrain.DeclineApproval{ApprovalID: k.approval(), Hash: "x"}, byAnn)
	k.do(opentrain.Confirm{ApprovalID: k.approval(), Hash: seen}, byAnn)
	assert.Equal(t, opentrain.Ended, k.c.Status())
	k = at(t, "proposed")
	k.do(opentrain.DeclineApproval{ApprovalID: k.approval(), Hash: k.c.Approvals()[0].Hash}, byAnn)
}

// TestHashBinds: it is over everything that a person looks at, and everything that
// decides who may confirm and for how long; not over what is beside it.
func TestHashBinds(t *testing.T) {
	hash := func(change func(*opentrain.Terms, *escrow.Actor)) string {
		terms, who := hireTerms(), byToken
		change(&terms, &who)
		k := newDesk(t, terms)
		k.do(opentrain.Hire{}, who)
		return k.c.Approvals()[0].Hash
	}
	same := hash(func(*opentrain.Terms, *escrow.Actor) {})
	assert.Equal(t, same, hash(func(t *opentrain.Terms, _ *escrow.Actor) { t.JobID = "another" }))
	for name, change := range map[string]func(*opentrain.Terms, *escrow.Actor){
		"contract":  func(t *opentrain.Terms, _ *escrow.Actor) { t.ID = "h2" },
		"amount":    func(t *opentrain.Terms, _ *escrow.Actor) { t.Milestones[0].Amount.Decimal = decimal.NewFromInt(101) },
		"name":      func(t *opentrain.Terms, _ *escrow.Actor) { t.Milestones[0].Name = "other" },
		"due date":  func(t *opentrain.Terms, _ *escrow.Actor) { t.Milestones[0].DueDate = june(20, 0) },
		"milestone": func(t *opentrain.Terms, _ *escrow.Actor) { t.Milestones[0].ID = "m7" },
		"quorum":    func(t *opentrain.Terms, _ *escrow.Actor) { t.Policy = []escrow.Value{twoHumans()} },
		"lifetime": func(t *opentrain.Terms, _ *escrow.Actor) {
			t.Policy = []escrow.Value{opentrain.ApprovalTTL.To(time.Hour)}
		},
		"asset":       func(t *opentrain.Terms, _ *escrow.Actor) { t.Asset = escrow.Asset{Code: "EUR", Scale: 2} },
		"who asks":    func(_ *opentrain.Terms, a *escrow.Actor) { a.User = "zoe" },
		"the account": func(t *opentrain.Terms, a *escrow.Actor) { t.Client, a.Account = "other", "other" },
	} {
		assert.NotEqual(t, same, hash(change), name)
	}
}

// TestQuorum counts different humans, and executes with the last.
func TestQuorum(t *testing.T) {
	k := newDesk(t, under(opentrain.Quorum.To(3)))
	d := k.do(opentrain.Hire{}, byAnn)
	a, ok := d.Approval()
	require.True(t, ok, "a human's word alone is not enough")
	assert.Equal(t, opentrain.Proposed, d.To)
	assert.Equal(t, "ann", a.RequestedBy)
	assert.Equal(t, 3, a.Quorum)
	assert.Empty(t, a.ConfirmedBy, "who asked has not confirmed")
	for i, human := range []escrow.Actor{byAnn, byBob} {
		d = k.do(confirm(k), human)
		assert.Equal(t, "AP-1", d.Rule)
		assert.Empty(t, d.Executes)
		assert.Equal(t, opentrain.Proposed, d.To)
		assert.Equal(t, uint64(2+i), k.c.Revision())
		before := k.c
		k.do(confirm(k), human)
		assert.True(t, before == k.c, "confirming twice changes nothing")
		assert.Empty(t, moves(d))
	}
	d = k.do(confirm(k), byZoe)
	assert.Equal(t, "OT-1", d.Executes)
	assert.Equal(t, []string{"ann", "bob", "zoe"}, value(d).ConfirmedBy)
	assert.Equal(t, "milestone:m1 100", held(k.c))
}

// TestPeopleAreCountedByUser, not by session or device.
func TestPeopleAreCountedByUser(t *testing.T) {
	k := newDesk(t, under(twoHumans()))
	k.do(opentrain.Hire{}, byToken)
	phone, laptop := escrow.Human("session1", "acme"), escrow.Human("session2", "acme")
	phone.User, laptop.User = "ann", "ann"
	k.do(confirm(k), phone)
	before := k.c
	k.do(confirm(k), laptop)
	assert.True(t, before == k.c)
	k.do(confirm(k), byAnn)
	assert.True(t, before == k.c)
	assert.Empty(t, value(k.do(opentrain.RevokeConfirmation{ApprovalID: k.approval()}, laptop)).ConfirmedBy)
	k.do(confirm(k), byAnn)
	k.do(confirm(k), byBob)
	assert.Equal(t, opentrain.Active, k.c.Status())
}

// TestRevoke is AP-4: one's own confirmation, while the approval is pending.
func TestRevoke(t *testing.T) {
	k := newDesk(t, under(twoHumans()))
	k.do(opentrain.Hire{}, byToken)
	revoke := opentrain.RevokeConfirmation{ApprovalID: k.approval()}
	e := k.refused(escrow.NotConfirmedByYou, revoke, byAnn)
	assert.Equal(t, escrow.Conflict, e.Code())
	assert.Equal(t, "AP-4", e.Rule())
	k.do(confirm(k), byAnn)
	k.refused(escrow.NotConfirmedByYou, revoke, byBob)
	k.refused(escrow.NotHuman, revoke, byToken)
	k.refused(escrow.ContractNotFound, revoke, byTrainer)
	d := k.do(revoke, byAnn)
	assert.Equal(t, "AP-4", d.Rule)
	assert.Empty(t, value(d).ConfirmedBy)
	assert.Equal(t, opentrain.Proposed, d.To)
	k.refused(escrow.NotConfirmedByYou, revoke, byAnn)
	k.do(confirm(k), byBob)
	assert.Equal(t, opentrain.Proposed, k.c.Status())
	k.do(confirm(k), byAnn)
	k.refused(escrow.ApprovalConfirmed, revoke, byAnn)
	k = hiredUnder(t, twoHumans())
	k.do(opentrain.End{}, byToken)
	k.do(confirm(k), byAnn)
	k.at(k.now.Add(72*time.Hour)).refused(escrow.ApprovalExpired, opentrain.RevokeConfirmation{ApprovalID: k.approval()}, byAnn)
}

// TestSeparateDuties: who asked, a human or the user behind a token, cannot be the
// only one to confirm.
func TestSeparateDuties(t *testing.T) {
	for _, asks := range []escrow.Actor{byToken, byAnn} {
		k := newDesk(t, under(otherHuman()))
		d := k.do(opentrain.Hire{}, asks)
		assert.Equal(t, opentrain.Proposed, d.To, "with separate duties no human is alone enough")
		assert.Equal(t, escrow.Conflict, k.refused(escrow.SeparateDuties, confirm(k), byAnn).Code())
		disguised := escrow.Human("session2", "acme")
		disguised.User = "ann"
		k.refused(escrow.SeparateDuties, confirm(k), disguised)
		k.do(confirm(k), byBob)
		assert.Equal(t, opentrain.Active, k.c.Status())
	}
	k := newDesk(t, under(twoHumans(), otherHuman()))
	k.do(opentrain.Hire{}, byAnn)
	k.do(confirm(k), byAnn)
	k.do(confirm(k), byBob)
	assert.Equal(t, opentrain.Active, k.c.Status(), "of two, one may be who asked")
}

// TestUserMissing: under separate duties a token says who asks, where it matters, and
// after whose contract it is.
func TestUserMissing(t *testing.T) {
	nobody := byToken
	nobody.User = ""
	k := newDesk(t, under(otherHuman()))
	assert.Equal(t, escrow.Forbidden, k.refused(escrow.UserMissing, opentrain.Hire{}, nobody).Code())
	stranger := nobody
	stranger.Account = "other"
	k.refused(escrow.ContractNotFound, opentrain.Hire{}, stranger)
	k = hiredUnder(t, otherHuman())
	k.do(opentrain.AddMilestone{Milestone: stone("m2", 1)}, nobody)
	k.refused(escrow.UserMissing, opentrain.End{}, nobody)
	k.refused(opentrain.MilestoneNotFound, opentrain.FundMilestone{MilestoneID: "m9"}, byToken)
	k.refused(escrow.UserMissing, opentrain.FundMilestone{MilestoneID: "m9"}, nobody)
	k = newDesk(t, hireTerms())
	assert.Equal(t, "tok1", value(k.do(opentrain.Hire{}, nobody)).RequestedBy)
}

// TestHumanActsDirectly: with a quorum of one, a human needs no approval, and
// supersedes the one that waits for the same type and target only.
func TestHumanActsDirectly(t *testing.T) {
	k := at(t, "active, m2 not funded")
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	d := k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byBob)
	_, ok := d.Approval()
	assert.False(t, ok)
	assert.Equal(t, statusList{superseded, waiting}, k.approvals())
	assert.True(t, k.c.Approvals()[0].ResolvedAt.Equal(k.now))
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byBob)
	assert.Equal(t, statusList{superseded, superseded}, k.approvals())
	k = at(t, "proposed")
	k.do(opentrain.Hire{}, byAnn)
	assert.Equal(t, opentrain.Active, k.c.Status())
	assert.Equal(t, statusList{superseded}, k.approvals())
}

// TestWhoAnswers: only a signed-in human of the account co-signs.
func TestWhoAnswers(t *testing.T) {
	k := at(t, "proposed")
	id := k.approval()
	for _, cmd := range []asked{opentrain.Confirm{ApprovalID: id}, opentrain.DeclineApproval{ApprovalID: id}, opentrain.RevokeConfirmation{ApprovalID: id}, opentrain.Confirm{ApprovalID: "h1-ap-9"}} {
		assert.Equal(t, escrow.Forbidden, k.refused(escrow.NotHuman, cmd, byToken).Code())
		other := byToken
		other.Account = "other"
		k.refused(escrow.NotHuman, cmd, other)
		for _, who := range []escrow.Actor{escrow.Agent("acme"), escrow.Agent("trainer"), bySystem, byTrainer, escrow.Human("eve", "other")} {
			k.refused(escrow.ContractNotFound, cmd, who)
		}
	}
	k.refused(escrow.ApprovalNotFound, opentrain.Confirm{ApprovalID: "h1-ap-9"}, byAnn)
	k.refused(escrow.ApprovalNotFound, opentrain.Confirm{ApprovalID: "h1-ap-01"}, byAnn)
	k.refused(escrow.ApprovalNotFound, opentrain.Confirm{ApprovalID: "h2-ap-1"}, byAnn)
	k.refused(escrow.Malformed, opentrain.DeclineApproval{}, byAnn)
	for _, who := range []escrow.Actor{byAnn, byToken} {
		newDesk(t, hireTerms()).refused(escrow.WrongStatus, opentrain.Confirm{ApprovalID: "h1-ap-1"}, who)
	}
}

// TestDecline is AP-2: final, moves nothing; a declined hire is not-hired.
func TestDecline(t *testing.T) {
	e := at(t, "draft").refused(escrow.WrongStatus, opentrain.DeclineApproval{ApprovalID: "h1-ap-1"}, byBob)
	assert.Equal(t, map[string]any{"statuses": []string{"proposed", "active"}}, e.Details())

	k := at(t, "proposed")
	d := k.at(june(4, 0)).do(opentrain.DeclineApproval{ApprovalID: k.approval()}, byBob)
	assert.Equal(t, "AP-2", d.Rule)
	assert.Equal(t, opentrain.Proposed, d.From)
	assert.Equal(t, opentrain.NotHired, d.To)
	assert.Empty(t, moves(d))
	a := value(d)
	assert.Equal(t, declined, a.Status)
	assert.True(t, a.ResolvedAt.Equal(june(4, 0)))
	assert.Nil(t, a.Result)
	assert.True(t, k.c.IsTerminal())
	k.refused(escrow.ApprovalDeclined, confirm(k), byAnn)
	k.refused(escrow.ApprovalDeclined, opentrain.DeclineApproval{ApprovalID: k.approval()}, byAnn)

	k = at(t, "active")
	k.do(opentrain.End{}, byToken)
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	d = k.do(opentrain.DeclineApproval{ApprovalID: k.c.Approvals()[0].ID}, byAnn)
	assert.Equal(t, opentrain.Active, d.To)
	assert.Equal(t, statusList{declined, waiting}, k.approvals())
	k.do(opentrain.End{}, byToken)
	assert.Equal(t, statusList{declined, waiting, waiting}, k.approvals(), "a new request may follow")
}

// TestApprovalsExpire at the exact instant, looked at or not.
func TestApprovalsExpire(t *testing.T) {
	k := at(t, "active")
	k.do(opentrain.End{}, byToken)
	end := k.now.Add(72 * time.Hour)
	a := k.c.Approvals()[0]
	assert.True(t, a.ExpiresAt.Equal(end))
	assert.Equal(t, waiting, a.StatusAt(end.Add(-1)))
	assert.Equal(t, expired, a.StatusAt(end))
	_, err := k.at(end.Add(-1)).ask(confirm(k), byAnn)
	assert.NoError(t, err)
	k.at(end).refused(escrow.ApprovalExpired, confirm(k), byAnn)
	k.refused(escrow.ApprovalExpired, opentrain.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	assert.Equal(t, waiting, k.approvals()[0], "a refusal records nothing")
	k.at(end.Add(time.Hour)).do(opentrain.AddMilestone{Milestone: stone("m2", 1)}, byToken)
	a = k.c.Approvals()[0]
	assert.Equal(t, expired, a.Status, "every decision first folds in what has expired")
	assert.True(t, a.ResolvedAt.Equal(end))
	assert.Equal(t, expired, a.StatusAt(june(3, 0)), "a recorded status is final")
	k.refused(escrow.ApprovalExpired, confirm(k), byAnn)
	k.do(opentrain.End{}, byToken)
	assert.Equal(t, statusList{expired, waiting}, k.approvals(), "a new request may follow")
}

// TestAnExpiredRequestIsNotRepeated: the same request makes a new approval, of the
// same decision that records the expiry.
func TestAnExpiredRequestIsNotRepeated(t *testing.T) {
	k := at(t, "active")
	k.do(opentrain.End{}, byToken)
	old := k.approval()
	a := value(k.at(k.now.Add(72*time.Hour)).do(opentrain.End{}, byToken))
	assert.NotEqual(t, old, a.ID)
	assert.Equal(t, statusList{expired, waiting}, k.approvals())
}

// TestAdvanceRecordsExpiries is AP-3: those of the earliest instant, at that instant,
// one decision for each instant; late and on time give the same.
func TestAdvanceRecordsExpiries(t *testing.T) {
	k := at(t, "active, m2 not funded")
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	k.at(june(3, 1)).do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.at(june(5, 0)).do(opentrain.End{}, byToken)
	e := k.at(june(5, 23)).refused(escrow.NothingDue, advance{}, byTrainer)
	until, ok := e.Deadline()
	assert.True(t, ok)
	assert.True(t, until.Equal(june(6, 0)))
	assert.Equal(t, "expiresAt", e.Details()["deadline"])

	late := &desk{t, k.c, june(6, 5)}
	d := late.do(advance{}, byTrainer)
	assert.Equal(t, "AP-3", d.Rule)
	assert.Equal(t, "system", d.Actor.ID)
	assert.True(t, d.At().Equal(june(6, 0)))
	assert.Equal(t, opentrain.Active, d.To)
	assert.Empty(t, moves(d))
	assert.Equal(t, "milestone_fund", value(d).Type)
	assert.Equal(t, statusList{expired, waiting, waiting}, late.approvals())
	d = late.do(advance{}, byTrainer)
	assert.True(t, d.At().Equal(june(6, 1)))
	assert.Equal(t, statusList{expired, expired, waiting}, late.approvals())
	late.refused(escrow.NothingDue, advance{}, byAnn)

	k.at(june(6, 0)).do(advance{}, bySystem)
	k.at(june(6, 1)).do(advance{}, bySystem)
	assert.Equal(t, k.c.Approvals(), late.c.Approvals(), "late = on time")
	assert.Equal(t, k.c.DecidedAt(), late.c.DecidedAt())
}

// TestAdvanceRecordsAllOfOneInstant together.
func TestAdvanceRecordsAllOfOneInstant(t *testing.T) {
	k := at(t, "active, m2 not funded")
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(opentrain.End{}, byToken)
	k.do(opentrain.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	k.do(opentrain.End{}, byToken)
	d := k.at(june(30, 0)).do(advance{}, bySystem)
	assert.Equal(t, statusList{expired, declined, expired}, k.approvals())
	assert.Equal(t, "milestone_fund", value(d).Type)
	k.refused(escrow.NothingDue, advance{}, bySystem)
}

// TestHireExpires is OT-7: while the expiry is due, all else waits for it.
func TestHireExpires(t *testing.T) {
	k := at(t, "proposed")
	k.at(june(6, 0))
	for _, cmd := range []asked{opentrain.Hire{}, confirm(k), opentrain.DeclineApproval{ApprovalID: k.approval()}, opentrain.RevokeConfirmation{ApprovalID: k.approval()}} {
		e := k.refused(escrow.DeadlineDue, cmd, byAnn)
		assert.Equal(t, "expiresAt", e.Details()["deadline"])
		assert.Equal(t, "2026-06-06T00:00:00Z", e.Details()["at"])
	}
	k.refused(escrow.WrongStatus, opentrain.End{}, byAnn)
	d := k.at(june(9, 0)).do(advance{}, byTrainer)
	assert.Equal(t, "OT-7", d.Rule)
	assert.Equal(t, opentrain.NotHired, d.To)
	assert.True(t, d.At().Equal(june(6, 0)))
	a, ok := d.Approval()
	require.True(t, ok)
	assert.Equal(t, expired, a.Status)
	assert.True(t, a.ResolvedAt.Equal(june(6, 0)))
	k.refused(escrow.NothingDue, advance{}, byAnn)
}

// TestTheStatusWaitsForThePendingApproval: a hire that was superseded expires no more,
// and the one that took its place does not lose its own time to it.
func TestTheStatusWaitsForThePendingApproval(t *testing.T) {
	k := at(t, "proposed")
	k.at(june(4, 0)).do(opentrain.Hire{Changes: changes("More", 0)}, byToken)
	next, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.True(t, next.At.Equal(k.c.Approvals()[1].ExpiresAt))
	assert.Equal(t, opentrain.NotHired, next.Then.To)
	c, made, err := escrow.AsOf(k.c, june(30, 0))
	require.NoError(t, err)
	assert.Len(t, made, 1)
	assert.Equal(t, opentrain.NotHired, c.Status())
}

// TestOwnTerms: under a quorum, a confirmation with terms of its own makes a new
// approval, so that all who are counted have agreed to the same.
func TestOwnTerms(t *testing.T) {
	k := hiredUnder(t, twoHumans())
	k.do(opentrain.End{}, byToken)
	before := k.c.Approvals()[1]
	k.do(confirm(k), byAnn)
	d := k.at(june(3, 5)).do(opentrain.Confirm{ApprovalID: before.ID, Dispositions: choose("m1 release")}, byBob)
	a := value(d)
	assert.Equal(t, statusList{confirmed, superseded, waiting}, k.approvals())
	old := k.c.Approvals()[1]
	assert.Equal(t, before.Hash, old.Hash, "what was shown never changes under its id")
	assert.Equal(t, before.Command, old.Command)
	assert.Equal(t, a.ID, old.SupersededBy)
	assert.Equal(t, before.ID, a.Supersedes)
	assert.NotEqual(t, before.Hash, a.Hash)
	assert.Equal(t, "bob", a.RequestedBy)
	assert.Equal(t, escrow.KindHuman, a.RequestedByKind)
	assert.Equal(t, "bob", a.TermsBy)
	assert.Equal(t, "acme", a.Account)
	assert.Equal(t, []string{"bob"}, a.ConfirmedBy, "agreement starts again")
	assert.True(t, a.ExpiresAt.Equal(june(6, 5)))
	assert.Equal(t, []string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, shown(a))
	k.refused(escrow.ApprovalSuperseded, opentrain.Confirm{ApprovalID: before.ID}, byAnn)

	held := k.c
	again := k.do(opentrain.End{}, byToken)
	assert.Equal(t, a.ID, value(again).ID, "a retry never undoes a signature")
	assert.True(t, held == k.c)

	d = k.do(opentrain.Confirm{ApprovalID: a.ID, Hash: a.Hash}, byAnn)
	assert.Equal(t, "OT-6", d.Executes)
	assert.Equal(t, []string{"100 milestone:m1 -> worker:trainer (milestone_release)"}, moves(d))
	assert.Equal(t, []string{opentrain.Paid}, k.stones())
}

// TestARetryAfterSeveralOwnTerms is answered with the latest of them; a request for
// anything else supersedes it.
func TestARetryAfterSeveralOwnTerms(t *testing.T) {
	k := newDesk(t, under(twoHumans()))
	k.do(opentrain.Hire{}, byToken)
	k.do(opentrain.Confirm{ApprovalID: k.approval(), Milestone: changes("Bob's", 70)}, byBob)
	assert.Equal(t, "Bob's", opentrain.Milestones(k.c)[0].Name, "the proposed contract shows what is now proposed")
	k.do(opentrain.Confirm{ApprovalID: k.approval(), Milestone: changes("", 80)}, byAnn)
	latest := k.approval()
	assert.Equal(t, statusList{superseded, superseded, waiting}, k.approvals())
	for _, m := range []*opentrain.Changes{changes("Milestone m1", 100), changes("Bob's", 70), changes("Bob's", 80), nil} {
		before := k.c
		assert.Equal(t, latest, value(k.do(opentrain.Hire{Changes: m}, byToken)).ID)
		assert.True(t, before == k.c)
	}
	k.do(opentrain.Hire{Changes: changes("Else", 80)}, byToken)
	assert.NotEqual(t, latest, k.approval())
	assert.Equal(t, superseded, k.approvals()[2])
	k.do(confirm(k), byAnn)
	k.do(confirm(k), byBob)
	assert.Equal(t, "milestone:m1 80", held(k.c))
}

// TestOwnTermsUnderSeparateDuties are never refused for who names them; but somebody
// else must agree.
func TestOwnTermsUnderSeparateDuties(t *testing.T) {
	k := hiredUnder(t, otherHuman())
	k.do(opentrain.End{}, byAnn)
	k.refused(escrow.SeparateDuties, confirm(k), byAnn)
	a := value(k.do(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 release")}, byAnn))
	assert.Equal(t, waiting, a.Status)
	assert.Equal(t, "ann", a.RequestedBy)
	before := k.c
	k.do(confirm(k), byAnn)
	assert.True(t, before == k.c, "confirming twice changes nothing")
	k.do(confirm(k), byBob)
	assert.Equal(t, opentrain.Ended, k.c.Status())

	k = hiredUnder(t, otherHuman())
	k.do(opentrain.End{}, byToken)
	k.do(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 release")}, byBob)
	k.do(confirm(k), byAnn)
	assert.Equal(t, []string{opentrain.Paid}, k.stones(), "bob is the author now, and ann another")
}

// TestOwnTermsThatEqualTheProposal change nothing but who named them.
func TestOwnTermsThatEqualTheProposal(t *testing.T) {
	k := hiredUnder(t, twoHumans())
	k.do(opentrain.End{}, byToken)
	a := value(k.do(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 refund")}, byAnn))
	assert.Equal(t, "ann", a.TermsBy)
	assert.Equal(t, []string{"ann"}, a.ConfirmedBy)
	assert.Equal(t, statusList{confirmed, waiting}, k.approvals())
	assert.Equal(t, "ann", value(k.do(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 refund")}, byBob)).TermsBy)
	assert.Equal(t, []string{opentrain.Refunded}, k.stones())

	k = hiredUnder(t, twoHumans())
	k.do(opentrain.End{}, byToken)
	k.do(confirm(k), byAnn)
	k.do(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose("m1 refund")}, byAnn)
	assert.Equal(t, "ann", k.c.Approvals()[1].TermsBy)
	assert.Equal(t, []string{"ann"}, k.c.Approvals()[1].ConfirmedBy)
}

// TestOwnTermsOfAHire: the human's values win, at once where one human is enough.
func TestOwnTermsOfAHire(t *testing.T) {
	k := at(t, "proposed")
	asked := k.c.Approvals()[0]
	due := june(30, 0)
	d := k.do(opentrain.Confirm{ApprovalID: k.approval(), Milestone: &opentrain.Changes{Name: "Better", Description: "all of it", Amount: dollars(80), DueDate: due}}, byAnn)
	assert.Equal(t, "80 client:acme -> milestone:m1 (milestone_deposit)", moves(d)[0])
	assert.Equal(t, "8 client:acme -> platform (marketplace_fee)", moves(d)[1])
	m := opentrain.Milestones(k.c)[0]
	assert.Equal(t, "Better", m.Name)
	assert.Equal(t, "all of it", m.Description)
	assert.True(t, m.DueDate.Equal(due))
	assert.Equal(t, opentrain.ActiveFunded, m.Status)
	a := value(d)
	assert.Equal(t, asked.ID, a.ID)
	assert.Equal(t, "ann", a.TermsBy)
	assert.Equal(t, asked.RequestedBy, a.RequestedBy)
	assert.Equal(t, asked.CreatedAt, a.CreatedAt)
	assert.NotEqual(t, asked.Hash, a.Hash, "command and hash are those executed")
	assert.Equal(t, "Better", a.Command.View().Row(opentrain.Changed, 0).Text(opentrain.Name))
	assert.Equal(t, "m1", a.Command.View().Row(opentrain.Changed, 0).Text(opentrain.MilestoneID))
	assert.Equal(t, moves(d), shown(a))
}

// TestOwnTermsRefused goes through terms that a confirmation cannot have.
func TestOwnTermsRefused(t *testing.T) {
	hire, end, fund := at(t, "proposed"), at(t, "active, m2 not funded"), at(t, "active, m2 not funded")
	end.do(opentrain.End{}, byToken)
	fund.do(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	for _, c := range []struct {
		k    *desk
		cmd  opentrain.Confirm
		want escrow.Reason
	}{
		{end, opentrain.Confirm{Milestone: changes("x", 0)}, escrow.Malformed},
		{fund, opentrain.Confirm{Milestone: changes("x", 0)}, escrow.Malformed},
		{hire, opentrain.Confirm{Milestone: &opentrain.Changes{Amount: decimal.NewNullDecimal(decimal.New(1, -3))}}, escrow.AmountScale},
		{hire, opentrain.Confirm{Milestone: &opentrain.Changes{Amount: dollars(0)}}, opentrain.InvalidMilestone},
		{hire, opentrain.Confirm{Milestone: changes(" ", 0)}, opentrain.InvalidMilestone},
		{hire, opentrain.Confirm{Dispositions: choose("m1 refund")}, opentrain.DispositionInvalid},
		{fund, opentrain.Confirm{Dispositions: choose("m1 refund")}, opentrain.DispositionInvalid},
		{end, opentrain.Confirm{Dispositions: choose("m2 refund")}, opentrain.DispositionInvalid},
		{end, opentrain.Confirm{Dispositions: choose("m1 burn")}, opentrain.DispositionInvalid},
		{end, opentrain.Confirm{Dispositions: choose("m1 refund", "m1 refund")}, opentrain.DispositionInvalid},
	} {
		c.cmd.ApprovalID = c.k.approval()
		e := c.k.refused(c.want, c.cmd, byAnn)
		assert.Equal(t, escrow.InvalidRequest, e.Code())
		assert.Equal(t, "AP-1", e.Rule())
	}
	id := raw{escrow.Confirm(hire.approval(), "", opentrain.Changed.To(opentrain.MilestoneID.To("m1")))}
	assert.Equal(t, "milestone.id", hire.refused(escrow.Malformed, id, byAnn).Details()["field"])
	hire.refused(escrow.Malformed, raw{escrow.Confirm(hire.approval(), "", opentrain.Title.To("x"))}, byAnn)
	half, err := opentrain.Lifecycle.ParseCommand([]byte(`{"action": "confirm", "approvalId": "` + end.approval() + `", "dispositions": [{"milestoneId": "m1"}]}`))
	require.NoError(t, err)
	end.refused(opentrain.DispositionInvalid, raw{half}, byAnn)

	done := opentrain.Confirm{ApprovalID: end.approval(), Dispositions: choose("nowhere release")}
	end.do(opentrain.DeclineApproval{ApprovalID: end.approval()}, byAnn)
	end.refused(escrow.ApprovalDeclined, done, byAnn)
}

// TestRequiredDispositions: the proposal shows refunds, and a confirmation must name
// every funded milestone, while nobody has.
func TestRequiredDispositions(t *testing.T) {
	k := hiredUnder(t, mustChoose())
	k.do(opentrain.AddMilestone{Milestone: stone("m2", 33)}, byToken)
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byAnn)
	a := value(k.do(opentrain.End{}, byToken))
	assert.Equal(t, []string{"100 milestone:m1 -> client:acme (milestone_refund)", "33 milestone:m2 -> client:acme (milestone_refund)"}, shown(a))
	for _, terms := range [][]opentrain.Disposition{nil, {}, choose("m1 refund"), choose("m2 release")} {
		e := k.refused(opentrain.DispositionRequired, opentrain.Confirm{ApprovalID: a.ID, Dispositions: terms}, byAnn)
		assert.Equal(t, escrow.InvalidRequest, e.Code())
		assert.Equal(t, "AP-1", e.Rule())
	}
	d := k.do(opentrain.Confirm{ApprovalID: a.ID, Dispositions: choose("m2 release", "m1 refund")}, byAnn)
	assert.Equal(t, []string{"100 milestone:m1 -> client:acme (milestone_refund)", "33 milestone:m2 -> worker:trainer (milestone_release)"}, moves(d))

	for _, said := range []string{"m1 refund", "m1 release"} {
		k = hiredUnder(t, mustChoose(), twoHumans())
		k.do(opentrain.End{}, byToken)
		k.refused(opentrain.DispositionRequired, confirm(k), byBob)
		k.do(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose(said)}, byBob)
		k.do(confirm(k), byAnn)
		assert.Equal(t, opentrain.Ended, k.c.Status(), "somebody has named them: it is confirmed as it stands")
	}
	k = hiredUnder(t, mustChoose(), otherHuman())
	k.do(opentrain.End{}, byAnn)
	k.refused(escrow.SeparateDuties, confirm(k), byAnn)
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byAnn)
	k.do(confirm(k), byBob)
	k.refused(escrow.ApprovalStale, opentrain.Confirm{ApprovalID: k.c.Approvals()[1].ID}, byBob)
}

// TestTerminalSupersedes: an ended contract leaves no pending approval; those already
// past their time are expired.
func TestTerminalSupersedes(t *testing.T) {
	k := at(t, "active, m2 not funded")
	k.do(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	k.at(june(5, 0)).do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.do(opentrain.End{}, byToken)
	k.at(june(6, 1)).do(confirm(k), byBob)
	assert.Equal(t, statusList{expired, superseded, confirmed}, k.approvals())
	assert.True(t, k.c.IsTerminal())
	for i, want := range []time.Time{june(6, 0), june(6, 1), june(6, 1)} {
		assert.True(t, k.c.Approvals()[i].ResolvedAt.Equal(want))
	}
}

// crowd adds milestones, and asks for the money of as many by token.
func crowd(t *testing.T, n int) *desk {
	k := at(t, "active")
	for i := range n {
		id := fmt.Sprintf("x%03d", i)
		k.c = add(k, stone(id, 1))
		d, err := opentrain.FundMilestone{MilestoneID: id}.On(k.c, byToken, k)
		require.NoError(t, err)
		k.c = d.Contract
	}
	return k
}

// TestNobodyCanFillTheList: a hundred pending for an account; a human's request takes
// the place of the oldest that no human asked for; the end comes on top.
func TestNobodyCanFillTheList(t *testing.T) {
	k := crowd(t, 100)
	assert.Equal(t, escrow.Conflict, k.refused(escrow.TooMany, opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken).Code())
	k.do(opentrain.FundMilestone{MilestoneID: "x050"}, byToken)
	k.do(opentrain.End{}, byToken)
	assert.Len(t, k.c.Approvals(), 101)
	k.refused(escrow.TooMany, opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.do(opentrain.End{}, byToken)
	k.do(confirm(k), byAnn)
	assert.Equal(t, opentrain.Ended, k.c.Status())
	assert.Len(t, k.c.Approvals(), 100, "of resolved ones a hundred are kept")
	assert.Equal(t, confirmed, k.c.Approvals()[99].Status, "confirmed ones go last")
	assert.Equal(t, "x001", k.c.Approvals()[0].Target)
}

// TestAHumansRequestFindsRoom under a quorum, where humans ask like tokens.
func TestAHumansRequestFindsRoom(t *testing.T) {
	k := hiredUnder(t, twoHumans())
	for i := range 101 {
		id := fmt.Sprintf("x%03d", i)
		k.c = add(k, stone(id, 1))
		who := byToken
		if i == 0 || i == 100 {
			who = byAnn
		}
		k.do(opentrain.FundMilestone{MilestoneID: id}, who)
	}
	open := map[string]escrow.ApprovalStatus{}
	for _, a := range k.c.Approvals() {
		open[a.Target] = a.Status
	}
	assert.Equal(t, waiting, open["x000"], "a human asked for it")
	assert.Equal(t, superseded, open["x001"], "the oldest of a token")
	assert.Equal(t, waiting, open["x100"])
}

// TestForgottenApprovals are told from those that never were.
func TestForgottenApprovals(t *testing.T) {
	k := at(t, "active")
	k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	first := k.approval()
	for range 101 {
		k.do(opentrain.DeclineApproval{ApprovalID: k.approval()}, byAnn)
		k.do(opentrain.ApproveMilestone{MilestoneID: "m1"}, byToken)
	}
	assert.Len(t, k.c.Approvals(), 101)
	for _, cmd := range []asked{opentrain.Confirm{ApprovalID: first}, opentrain.DeclineApproval{ApprovalID: first}, opentrain.RevokeConfirmation{ApprovalID: first}} {
		assert.Equal(t, escrow.Conflict, k.refused(escrow.ApprovalResolved, cmd, byAnn).Code())
		k.refused(escrow.NotHuman, cmd, byToken)
		k.refused(escrow.ContractNotFound, cmd, byTrainer)
	}
	k.refused(escrow.ApprovalNotFound, opentrain.Confirm{ApprovalID: fmt.Sprintf("h1-ap-%d", k.c.Revision()+1)}, byAnn)
	k.refused(escrow.ApprovalNotFound, opentrain.Confirm{ApprovalID: "h1-ap-0"}, byAnn)
}

// TestApprovalsAreCopies: what is handed out cannot change the snapshot.
func TestApprovalsAreCopies(t *testing.T) {
	k := at(t, "active")
	k.do(opentrain.End{}, byToken)
	want := k.c.Approvals()
	a := k.c.Approvals()[0]
	a.Status, a.Movements[0].Amount, a.Confirmers[0] = confirmed, escrow.Units(1), "eve"
	a.ConfirmedBy = append(a.ConfirmedBy, "eve")
	assert.Equal(t, want, k.c.Approvals())
	one, ok := k.c.Approval(want[0].ID)
	assert.True(t, ok)
	assert.Equal(t, want[0], one)
	_, ok = k.c.Approval("none")
	assert.False(t, ok)
}

// TestLongTTL: an approval's expiry stops at the end of time.
func TestLongTTL(t *testing.T) {
	k := newDesk(t, under(opentrain.ApprovalTTL.To(365*24*time.Hour)))
	k.at(time.Date(9999, 12, 1, 0, 0, 0, 0, time.UTC)).do(opentrain.Hire{}, byToken)
	assert.Equal(t, 9999, k.c.Approvals()[0].ExpiresAt.Year())
}

// TestDecideInto agrees with Decide, whatever memory it has used before.
func TestDecideInto(t *testing.T) {
	var d escrow.Decision
	k := newDesk(t, under(twoHumans()))
	ask := func(cmd asked, who escrow.Actor) {
		t.Helper()
		want, err := k.ask(cmd, who)
		require.NoError(t, err)
		require.NoError(t, escrow.DecideInto(&d, &k.c, cmd.Command(), &who, k))
		kept := d.Keep()
		assert.Equal(t, moves(want), moves(d))
		assert.Equal(t, want.Contract.Approvals(), kept.Approvals())
		assert.Equal(t, opentrain.Milestones(want.Contract), opentrain.Milestones(kept))
		assert.Equal(t, want.Contract.Custody(), kept.Custody())
		assert.Equal(t, want.Contract.Revision(), kept.Revision())
		k.c = kept
	}
	ask(opentrain.Hire{}, byToken)
	ask(opentrain.Confirm{ApprovalID: k.approval()}, byAnn)
	ask(opentrain.Confirm{ApprovalID: k.approval(), Milestone: changes("Better", 50)}, byBob)
	ask(opentrain.Confirm{ApprovalID: k.approval()}, byAnn)
	ask(opentrain.AddMilestone{Milestone: stone("m2", 33)}, byToken)
	ask(opentrain.FundMilestone{MilestoneID: "m2"}, byToken)
	ask(opentrain.Confirm{ApprovalID: k.approval()}, byAnn)
	ask(opentrain.RevokeConfirmation{ApprovalID: k.approval()}, byAnn)
	ask(opentrain.Confirm{ApprovalID: k.approval()}, byAnn)
	ask(opentrain.Confirm{ApprovalID: k.approval()}, byBob)
	ask(opentrain.End{}, byToken)
	ask(opentrain.Confirm{ApprovalID: k.approval(), Dispositions: choose("m2 release")}, byBob)
	ask(opentrain.Confirm{ApprovalID: k.approval()}, byAnn)
	assert.Equal(t, opentrain.Ended, k.c.Status())
	assert.Equal(t, []string{opentrain.Refunded, opentrain.Paid}, k.stones())
}

// TestOnIsOneLineOverDecide: typed commands decide by themselves.
func TestOnIsOneLineOverDecide(t *testing.T) {
	k := newDesk(t, under(twoHumans()))
	steps := []struct {
		cmd func() asked
		on  func() (escrow.Decision, error)
		who escrow.Actor
	}{
		{func() asked { return opentrain.Hire{} }, func() (escrow.Decision, error) { return opentrain.Hire{}.On(k.c, byToken, k) }, byToken},
		{func() asked { return confirm(k) }, func() (escrow.Decision, error) { return confirm(k).On(k.c, byAnn, k) }, byAnn},
		{func() asked { return opentrain.RevokeConfirmation{ApprovalID: k.approval()} },
			func() (escrow.Decision, error) {
				return opentrain.RevokeConfirmation{ApprovalID: k.approval()}.On(k.c, byAnn, k)
			}, byAnn},
		{func() asked { return confirm(k) }, func() (escrow.Decision, error) { return confirm(k).On(k.c, byAnn, k) }, byAnn},
		{func() asked { return confirm(k) }, func() (escrow.Decision, error) { return confirm(k).On(k.c, byBob, k) }, byBob},
		{func() asked { return opentrain.ApproveMilestone{MilestoneID: "m1"} },
			func() (escrow.Decision, error) {
				return opentrain.ApproveMilestone{MilestoneID: "m1"}.On(k.c, byToken, k)
			}, byToken},
		{func() asked { return opentrain.DeclineApproval{ApprovalID: k.approval()} },
			func() (escrow.Decision, error) {
				return opentrain.DeclineApproval{ApprovalID: k.approval()}.On(k.c, byAnn, k)
			}, byAnn},
		{func() asked { return opentrain.AddMilestone{Milestone: stone("m2", 1)} },
			func() (escrow.Decision, error) {
				return opentrain.AddMilestone{Milestone: stone("m2", 1)}.On(k.c, byToken, k)
			}, byToken},
		{func() asked { return opentrain.FundMilestone{MilestoneID: "m2"} },
			func() (escrow.Decision, error) { return opentrain.FundMilestone{MilestoneID: "m2"}.On(k.c, byToken, k) }, byToken},
		{func() asked { return opentrain.End{} }, func() (escrow.Decision, error) { return opentrain.End{}.On(k.c, byToken, k) }, byToken},
	}
	for _, s := range steps {
		want, err := s.on()
		require.NoError(t, err)
		got := k.do(s.cmd(), s.who)
		assert.Equal(t, want.Rule, got.Rule)
		assert.Equal(t, want.Contract.Approvals(), got.Contract.Approvals())
	}
}
