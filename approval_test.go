package escrow_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

// asked is an order whose extra x1 a token has asked to pay.
func asked(t testing.TB, policy ...escrow.Value) *desk {
	k := ordered(t, terms(policy...)...)
	toAsked(k)
	return k
}

// TestATokenAsks: nothing moves until a person of the account agrees.
func TestATokenAsks(t *testing.T) {
	k := standing(t, "taken, extra")
	d := k.do(payFor("x1"), theToken)
	assert.Equal(t, "O-15", d.Rule)
	assert.Empty(t, moves(d))
	assert.Equal(t, []string{"ASKED"}, k.extras())
	a, ok := k.c.Approval(k.approval())
	require.True(t, ok)
	assert.Equal(t, "o1-ap-4", a.ID)
	assert.Equal(t, "pay_extra", a.Type)
	assert.Equal(t, "x1", a.Target)
	assert.Equal(t, "o1", a.ContractID)
	assert.Equal(t, "ann", a.RequestedBy, "whom the token acts for")
	assert.Equal(t, escrow.KindToken, a.RequestedByKind)
	assert.Equal(t, "bea", a.Account)
	assert.Equal(t, []string{"bea"}, a.Confirmers)
	assert.True(t, a.ExpiresAt.Equal(june(5, 12)))
	assert.Len(t, a.Hash, 64)
	assert.Equal(t, "7 EUR buyer:bea -> extra:x1 (extra_deposit)", a.Movements[0].String())
	d = k.do(escrow.Confirm(a.ID, a.Hash), byBob)
	assert.Equal(t, "AP-1", d.Rule)
	assert.Equal(t, "O-15", d.Executes)
	assert.Equal(t, []string{"7 buyer:bea -> extra:x1 (extra_deposit)"}, moves(d))
	assert.Equal(t, []string{"PAID"}, k.extras())
	done, _ := d.Approval()
	assert.Equal(t, []string{"bob"}, done.ConfirmedBy)
	k.refused(escrow.ApprovalConfirmed, escrow.Confirm(a.ID, ""), byAnn)
}

// TestAPersonNeedsNobody, and supersedes what waits for the same.
func TestAPersonNeedsNobody(t *testing.T) {
	k := asked(t)
	d := k.do(payFor("x1"), byAnn)
	_, waits := d.Approval()
	assert.False(t, waits)
	assert.Equal(t, standings{superseded}, k.approvals())
	assert.Equal(t, []string{"PAID"}, k.extras())
}

// TestWhoMayAnswer: people of the account; a token is told so, others nothing.
func TestWhoMayAnswer(t *testing.T) {
	k := asked(t)
	for _, cmd := range []escrow.Command{escrow.Confirm(k.approval(), ""), escrow.DeclineApproval(k.approval(), ""), escrow.RevokeConfirmation(k.approval())} {
		k.refused(escrow.NotHuman, cmd, theToken)
		k.refused(escrow.NotHuman, cmd, byBuyer)
		k.refused(escrow.ApprovalNotFound, cmd, escrow.Human("eve", "other"))
		k.refused(escrow.ApprovalNotFound, cmd, bySeller)
	}
	k.refused(escrow.ApprovalNotFound, escrow.Confirm("o1-ap-99", ""), byAnn)
	k.refused(escrow.ApprovalNotFound, escrow.Confirm("o1-ap-04", ""), byAnn)
	k.refused(escrow.ApprovalResolved, escrow.Confirm("o1-ap-1", ""), byAnn)
	k.refused(escrow.Malformed, escrow.Confirm("", ""), byAnn)
}

// TestWhatIsSeenIsSigned: a hash that is not the approval's own is stale.
func TestWhatIsSeenIsSigned(t *testing.T) {
	k := asked(t)
	a := k.c.Approvals()[0]
	e := k.refused(escrow.ApprovalStale, escrow.Confirm(a.ID, "0123"), byAnn)
	assert.Equal(t, a.Hash, e.Details()["hash"])
	k.refused(escrow.ApprovalStale, escrow.DeclineApproval(a.ID, "0123"), byAnn)
	other := asked(t, patience.To(time.Hour)).c.Approvals()[0]
	assert.NotEqual(t, a.Hash, other.Hash, "how long it lives is part of it")
	assert.Equal(t, a.Hash, asked(t).c.Approvals()[0].Hash)
}

// TestTheSameRequestOfAnAccount returns the same approval, and a decline ends it.
func TestTheSameRequestOfAnAccount(t *testing.T) {
	k := asked(t)
	before := k.c.Revision()
	k.at(june(4, 20)).do(payFor("x1"), byBuyer)
	assert.Equal(t, before, k.c.Revision())
	assert.Equal(t, standings{pending}, k.approvals())
	d := k.do(escrow.DeclineApproval(k.approval(), ""), byBob)
	assert.Equal(t, "AP-2", d.Rule)
	assert.Equal(t, standings{declined}, k.approvals())
	k.refused(escrow.ApprovalDeclined, escrow.Confirm(k.approval(), ""), byAnn)
	k.do(payFor("x1"), theToken)
	assert.Equal(t, standings{declined, pending}, k.approvals())
}

// TestQuorum: so many people of the account, counted by user.
func TestQuorum(t *testing.T) {
	k := asked(t, quorum.To(2))
	k.do(escrow.Confirm(k.approval(), ""), byAnn)
	before := k.c.Revision()
	phone := escrow.Human("phone", "bea")
	phone.User = "ann"
	k.do(escrow.Confirm(k.approval(), ""), phone)
	assert.Equal(t, before, k.c.Revision(), "the same person on another device")
	k.do(escrow.RevokeConfirmation(k.approval()), byAnn)
	k.refused(escrow.NotConfirmedByYou, escrow.RevokeConfirmation(k.approval()), byAnn)
	k.do(escrow.Confirm(k.approval(), ""), byBob)
	assert.Equal(t, []string{"ASKED"}, k.extras())
	assert.Equal(t, "O-15", k.do(escrow.Confirm(k.approval(), ""), byAnn).Executes)
	direct := ordered(t, terms(quorum.To(2))...)
	toExtra(direct)
	d := direct.do(payFor("x1"), byAnn)
	_, waits := d.Approval()
	assert.True(t, waits, "one person is not two")
}

// TestSeparateDuties: whoever asked is not enough, and a token says for whom it asks.
func TestSeparateDuties(t *testing.T) {
	k := asked(t, separate.To(true))
	k.refused(escrow.SeparateDuties, escrow.Confirm(k.approval(), ""), byAnn)
	assert.Equal(t, "O-15", k.do(escrow.Confirm(k.approval(), ""), byBob).Executes)
	k.do(extra("x2", 1), byBuyer)
	nobodys := theToken
	nobodys.User = ""
	e := k.refused(escrow.UserMissing, payFor("x2"), nobodys)
	assert.Equal(t, escrow.Forbidden, e.Code())
	two := asked(t, separate.To(true), quorum.To(2))
	two.do(escrow.Confirm(two.approval(), ""), byAnn)
	assert.Equal(t, "O-15", two.do(escrow.Confirm(two.approval(), ""), byBob).Executes, "the author counts among two")
}

// TestExpiry: silence never approves, and the window of the action ends it too.
func TestExpiry(t *testing.T) {
	k := asked(t)
	a := k.c.Approvals()[0]
	assert.Equal(t, escrow.ApprovalIsPending, a.StatusAt(june(5, 12).Add(-1)))
	assert.Equal(t, escrow.ApprovalIsExpired, a.StatusAt(june(5, 12)))
	k.at(june(5, 12)).refused(escrow.ApprovalExpired, escrow.Confirm(a.ID, ""), byAnn)
	d := k.do(escrow.Advance(), byStranger)
	assert.Equal(t, "AP-3", d.Rule)
	assert.Equal(t, standings{expired}, k.approvals())
	late, _ := d.Approval()
	assert.Equal(t, escrow.ApprovalIsExpired, late.StatusAt(june(1, 0)), "what has ended stays so")
}

// TestStale: when the request would be refused now, it is not carried out.
func TestStale(t *testing.T) {
	k := asked(t)
	id := k.approval()
	k.do(payFor("x1"), byAnn)
	k.refused(escrow.ApprovalSuperseded, escrow.Confirm(id, ""), byBob)
	k = asked(t)
	k.do(shipIt(), bySeller)
	assert.Equal(t, "O-15", k.do(escrow.Confirm(k.approval(), ""), byAnn).Executes, "still as it was shown")
	k = asked(t)
	id = k.approval()
	k.do(shipIt(), bySeller)
	k.do(object.Command(), byBuyer)
	e := k.refused(escrow.ApprovalStale, escrow.Confirm(id, ""), byAnn)
	assert.Equal(t, escrow.Conflict, e.Code())
}

// TestEndedContractsLeaveNothingPending.
func TestEndedContractsLeaveNothingPending(t *testing.T) {
	k := asked(t)
	k.do(giveUp.Command(), bySeller)
	assert.Equal(t, standings{superseded}, k.approvals())
	k.refused(escrow.ApprovalSuperseded, escrow.Confirm(k.approval(), ""), byAnn)
}

// TestOldApprovalsAreForgotten: of those that have ended a snapshot keeps a hundred.
func TestOldApprovalsAreForgotten(t *testing.T) {
	k := standing(t, "taken, extra")
	first := ""
	for range 101 {
		d, err := escrow.Decide(k.c, payFor("x1"), theToken, k)
		require.NoError(t, err)
		a, _ := d.Approval()
		if first == "" {
			first = a.ID
		}
		d, err = escrow.Decide(d.Contract, escrow.DeclineApproval(a.ID, ""), byAnn, k)
		require.NoError(t, err)
		k.c = d.Contract
	}
	assert.Len(t, k.c.Approvals(), 100)
	_, kept := k.c.Approval(first)
	assert.False(t, kept)
	k.refused(escrow.ApprovalResolved, escrow.Confirm(first, ""), byAnn)
	k.refused(escrow.ApprovalNotFound, escrow.Confirm(first, ""), escrow.Human("eve", "other"))
}

// TestApprovalJSON is the record that an application stores beside the contract.
func TestApprovalJSON(t *testing.T) {
	k := asked(t)
	a := k.c.Approvals()[0]
	text := jsonOf(t, a)
	for _, part := range []string{`"id":"o1-ap-4"`, `"target":"x1"`, `"status":"pending"`, `"command":{"action":"pay_extra","extraId":"x1"}`, `"confirmers":["bea"]`,
		fmt.Sprintf(`"hash":%q`, a.Hash)} {
		assert.Contains(t, text, part)
	}
	assert.Contains(t, jsonOf(t, k.c), text, "as the contract has it")
	assert.Contains(t, jsonOf(t, a.Movements[0]), `"amount":"7"`)
}
