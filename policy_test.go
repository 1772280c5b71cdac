package escrow_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

// TestDefaultPolicy is what drafts have that say nothing else.
func TestDefaultPolicy(t *testing.T) {
	p := order.DefaultPolicy()
	assert.Same(t, order, p.Lifecycle())
	assert.Equal(t, "0.05", commission.In(p.View()).String())
	assert.Equal(t, 48*time.Hour, checkWindow.In(p.View()))
	assert.False(t, separate.In(p.View()))
	_, _, reviewed := p.Review()
	assert.False(t, reviewed)
	assert.Equal(t, jsonOf(t, p), jsonOf(t, ordered(t, terms()...).c.Policy()))
	assert.Contains(t, jsonOf(t, p), `"commission":"0.05","deposit":"0.1"`)
	assert.Zero(t, escrow.Policy{}.View())
	assert.Nil(t, escrow.Policy{}.Lifecycle())
}

// TestPolicyWith changes fields, and checks them.
func TestPolicyWith(t *testing.T) {
	p := order.DefaultPolicy()
	changed, err := p.With(quorum.To(3), checkWindow.To(time.Hour), commission.Decimal(decimal.New(25, -3)), escrow.Value{})
	require.NoError(t, err)
	assert.Equal(t, uint64(3), quorum.In(changed.View()))
	assert.Equal(t, "0.025", commission.In(changed.View()).String())
	assert.Equal(t, uint64(1), quorum.In(p.View()), "the policy before is as it was")
	reviewed, err := changed.WithReview(escrow.Units(5000), 2)
	require.NoError(t, err)
	least, people, ok := reviewed.Review()
	assert.True(t, ok)
	assert.Equal(t, escrow.Units(5000), least)
	assert.Equal(t, 2, people)
	k := &desk{t, order.Draft("o1", terms()...).WithPolicy(reviewed), june(3, 0)}
	k.do(open.Command(), byBuyer)
	assert.Equal(t, jsonOf(t, reviewed), jsonOf(t, k.c.Policy()))
	for name, value := range map[string]escrow.Value{
		"quorum": quorum.To(11), "commission": commission.Decimal(decimal.NewFromInt(1)), "checkWindow": checkWindow.To(-time.Hour), "goods": goods.To("x"), "rent": rent.To(escrow.Units(1)),
	} {
		_, err := p.With(value)
		assert.ErrorIs(t, err, escrow.InvalidPolicy, name)
		assert.ErrorContains(t, err, name)
	}
	_, err = p.With(commission.Decimal(decimal.NewFromInt(2)))
	assert.ErrorIs(t, err, escrow.InvalidRequest)
	_, err = p.WithReview(escrow.Units(1), 11)
	assert.ErrorIs(t, err, escrow.InvalidPolicy)
	_, err = escrow.Policy{}.With(quorum.To(1))
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
}

// TestParsePolicy reads what differs from the default, and refuses what it does not
// know, with the nearest name.
func TestParsePolicy(t *testing.T) {
	p, err := order.ParsePolicy([]byte(`{"quorum":2,"checkWindow":"PT1H","payoutReview":{"minPayout":"50","quorum":1}}`))
	require.NoError(t, err)
	assert.Equal(t, uint64(2), quorum.In(p.View()))
	least, _, ok := p.Review()
	assert.True(t, ok)
	assert.Equal(t, escrow.Units(5000), least)
	again, err := order.ParsePolicy([]byte(jsonOf(t, p)))
	require.NoError(t, err)
	assert.Equal(t, jsonOf(t, p), jsonOf(t, again))
	for text, part := range map[string]string{
		`{"quorrum":2}`: "quorum", `{"quorum":0}`: "quorum", `{"quorum":"2"}`: "quorum", `{"commission":"1"}`: "commission", `{"checkWindow":"P1Y"}`: "checkWindow",
		`[]`: "object", `{"quorum":2} x`: "", `{"payoutReview":{"minPayout":"1","quorum":11}}`: "payoutReview", `{"payoutReview":{"minPayout":"0.001","quorum":1}}`: "payoutReview",
		`{"payoutReview":{"minPayout":"1","quorum":1,"x":1}}`: "x", `{"quorum":2,"quorum":2}`: "twice",
		`{"separateDuties":1}`: "separateDuties",
	} {
		_, err := order.ParsePolicy([]byte(text))
		assert.ErrorIs(t, err, escrow.InvalidRequest, text)
		assert.ErrorContains(t, err, part, text)
	}
}

// TestPolicyOfAnotherLifecycle is for the founding to refuse; so are amounts that the
// asset cannot have.
func TestPolicyOfAnotherLifecycle(t *testing.T) {
	k := &desk{t, order.Draft("o1", terms()...).WithPolicy(loan.DefaultPolicy()), june(3, 0)}
	e := k.refused(escrow.InvalidPolicy, open.Command(), byBuyer)
	assert.Equal(t, "policy", e.Details()["field"])
	founded := standing(t, "open")
	assert.True(t, founded.c == founded.c.WithPolicy(order.DefaultPolicy()), "what is founded does not change")
	assert.True(t, founded.c == founded.c.WithReview(escrow.Units(1), 1))
	p, err := order.DefaultPolicy().WithReview(escrow.Units(1234), 1)
	require.NoError(t, err)
	k.c = order.DraftIn("o1", escrow.Asset{Code: "JPY", Scale: 0}, terms()...).WithPolicy(p)
	e = k.refused(escrow.InvalidPolicy, open.Command(), byBuyer)
	assert.Contains(t, e.Message(), "JPY")
	fine, err := order.DefaultPolicy().WithReview(escrow.Units(1200), 1)
	require.NoError(t, err)
	k.c = order.DraftIn("o1", escrow.Asset{Code: "JPY", Scale: 0}, terms()...).WithPolicy(fine)
	least, _, _ := k.c.Policy().Review()
	assert.Equal(t, escrow.Units(12), least, "the same number of whole units")
	k.do(open.Command(), byBuyer)
}
