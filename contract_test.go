package escrow_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

// TestZeroContract is none: it reads as nothing, and nothing can be done with it.
func TestZeroContract(t *testing.T) {
	var c escrow.Contract
	assert.Empty(t, c.ID())
	assert.Nil(t, c.Lifecycle())
	assert.Equal(t, escrow.Draft, c.Status())
	assert.True(t, c.IsDraft())
	assert.False(t, c.IsTerminal())
	assert.Zero(t, c.Revision())
	assert.Zero(t, c.Asset())
	assert.True(t, c.CreatedAt().IsZero())
	assert.True(t, c.EnteredAt().IsZero())
	assert.True(t, c.DecidedAt().IsZero())
	assert.Empty(t, c.Account(buyer))
	assert.Nil(t, c.Custody())
	assert.Empty(t, c.Approvals())
	assert.Empty(t, c.Digest())
	assert.Equal(t, "null", jsonOf(t, c))
	assert.Equal(t, "null", jsonOf(t, escrow.Decision{}))
	assert.Equal(t, "null", jsonOf(t, escrow.Command{}))
	assert.Equal(t, "null", jsonOf(t, c.Policy()))
	_, known := c.Approval("x")
	assert.False(t, known)
	for range c.Moments() {
		t.Fatal("the zero contract has no moments")
	}
	assert.True(t, c == c.WithReview(escrow.Units(1), 1))
	assert.True(t, c == c.WithPolicy(order.DefaultPolicy()))
}

// TestSnapshotRecordsItsPast: the snapshot says what the decisions before it did.
func TestSnapshotRecordsItsPast(t *testing.T) {
	k := standing(t, "shipped")
	c := k.c
	assert.Equal(t, "o1", c.ID())
	assert.Same(t, order, c.Lifecycle())
	assert.Equal(t, escrow.Asset{Code: "EUR", Scale: 2}, c.Asset())
	assert.Equal(t, uint64(3), c.Revision())
	assert.Equal(t, "bea", c.Account(buyer))
	assert.Equal(t, "sam", c.Account(seller))
	assert.Empty(t, c.Account(house), "whoever only receives is no account of the contract's")
	assert.Empty(t, c.Account(lender), "a party of another lifecycle")
	assert.True(t, c.CreatedAt().Equal(june(3, 0)))
	assert.True(t, c.EnteredAt().Equal(june(4, 12)))
	assert.True(t, c.DecidedAt().Equal(june(4, 12)))
	assert.False(t, c.IsTerminal())
	assert.True(t, standing(t, "received").c.IsTerminal())
}

// TestCustody lists what is held: single pots in their order, then the items'.
func TestCustody(t *testing.T) {
	k := standing(t, "taken, extra paid")
	custody := k.c.Custody()
	require.Len(t, custody, 3)
	assert.Equal(t, "extra:x1", custody[2].Account.String())
	assert.True(t, custody[2].Account.Custody)
	assert.Equal(t, "7", custody[2].Asset.Text(custody[2].Amount))
	assert.JSONEq(t, `{"account":"extra:x1","amount":"7","asset":{"code":"EUR","scale":2}}`, jsonOf(t, custody[2]))
	assert.Empty(t, standing(t, "received").c.Custody())
}

// TestSameSnapshot: contracts are compared with ==; nothing changes one.
func TestSameSnapshot(t *testing.T) {
	k := standing(t, "taken, extra")
	before := k.c
	_, err := k.ask(escrow.Advance(), byBuyer)
	require.Error(t, err)
	assert.True(t, before == k.c)
	k.do(payFor("x1"), byAnn)
	assert.False(t, before == k.c)
	assert.Equal(t, "ASKED", before.View().At(extras, 0).ItemStatus(), "the snapshot before is as it was")
	assert.Equal(t, "PAID", k.c.View().At(extras, 0).ItemStatus())
}

// TestDigest tells snapshots apart by all but what the application fills in.
func TestDigest(t *testing.T) {
	k := standing(t, "taken, extra")
	before := k.c.Digest()
	assert.Len(t, before, 64)
	k.do(payFor("x1"), theToken)
	asked := k.c.Digest()
	assert.NotEqual(t, before, asked)
	var stored map[string]any
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, k.c)), &stored))
	stored["approvals"].([]any)[0].(map[string]any)["approvalUrl"] = "https://app.example/1"
	filled, err := escrow.ReadStored([]byte(jsonOf(t, stored)), order)
	require.NoError(t, err)
	assert.Equal(t, asked, filled.Digest())
	assert.NotEqual(t, jsonOf(t, k.c), jsonOf(t, filled))
}

// TestLifecycleSaysWhatItIs in the order of its table.
func TestLifecycleSaysWhatItIs(t *testing.T) {
	assert.Equal(t, "order", order.Name())
	assert.Equal(t, 1, order.Version())
	assert.Equal(t, []escrow.Status{"open", "taken", "cancelled", "shipped", "received", "contested"}, order.Statuses())
	assert.True(t, order.IsTerminal("received"))
	assert.False(t, order.IsTerminal("taken"))
	assert.Equal(t, "received and paid", order.Label("received"))
	assert.Equal(t, "draft", order.Label(escrow.Draft))
	assert.Equal(t, "taken", order.Label("taken"))
	assert.Equal(t, "open", order.Acts()[0].String())
	assert.Equal(t, []*escrow.Field{extraID.Field, extraCost.Field}, add.Params())
	spec := order.Spec()
	spec.Rules[0].ID, spec.Rules[0].From[0] = "changed", "elsewhere"
	assert.Equal(t, "O-1", order.Spec().Rules[0].ID, "the spec is a copy")
	assert.Equal(t, escrow.Draft, order.Spec().Rules[0].From[0])
	assert.Equal(t, []*escrow.Pot{escrowPot}, order.MayHold("open"))
	assert.Equal(t, []*escrow.Pot{escrowPot, depositPot, extraPot}, order.MayHold("shipped"))
	assert.Empty(t, order.MayHold("received"))
	assert.Empty(t, order.MayHold("nowhere"))
	for _, named := range []interface{ String() string }{buyer, escrowPot, price} {
		assert.NotEmpty(t, named.String())
	}
}

// TestArrows are the ways between statuses, those of agreement and of time included.
func TestArrows(t *testing.T) {
	arrows := order.Arrows()
	assert.Contains(t, arrows, escrow.Arrow{From: "open", To: "taken", Rule: "O-2", Action: "take"})
	assert.Contains(t, arrows, escrow.Arrow{From: "taken", To: "cancelled", Rule: "O-8", Action: "advance", ByTime: true})
	assert.Contains(t, arrows, escrow.Arrow{From: "shipped", To: "shipped", Rule: "O-15", Action: "pay_extra"})
	assert.Equal(t, []escrow.Status{"cancelled", "shipped", "received", "contested"}, order.Reachable("shipped"))
	assert.Equal(t, []escrow.Status{"received"}, order.Reachable("received"))
	waits := proposals.Arrows()
	assert.Contains(t, waits, escrow.Arrow{From: "", To: "asked", Rule: "P-1", Action: "propose", Asked: true})
	assert.Contains(t, waits, escrow.Arrow{From: "asked", To: "declined", Rule: "AP-2", Action: "decline_approval", Declined: true})
}

// TestMovementsInJSON have their id and basis; what an approval proposes has neither.
func TestMovementsInJSON(t *testing.T) {
	k := standing(t, "taken")
	d := k.do(giveUp.Command(), bySeller)
	text := jsonOf(t, d.Movement(1))
	assert.Contains(t, text, `"id":"o1/`)
	assert.Contains(t, text, `"ratio":"0.3"`)
	assert.NotContains(t, jsonOf(t, asked(t).c.Approvals()[0].Movements[0]), `"id"`)
	assert.NotEmpty(t, club.Reasons())
	assert.NotEmpty(t, loan.Reasons())
	assert.True(t, json.Valid(club.Schema()))
	assert.True(t, json.Valid(order.Schema()))
}

// TestInstantsAreUTC: what a contract tells of time is comparable and in UTC.
func TestInstantsAreUTC(t *testing.T) {
	k := ordered(t, terms()...).at(june(3, 0).In(time.FixedZone("", 3600)))
	k.do(open.Command(), byBuyer)
	assert.Equal(t, time.UTC, k.c.CreatedAt().Location())
	assert.True(t, k.c.CreatedAt().Equal(june(3, 0)))
}
