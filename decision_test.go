package escrow_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestDecideInto agrees with Decide, and may read the decision it writes.
func TestDecideInto(t *testing.T) {
	k := ordered(t, terms()...)
	var d escrow.Decision
	into := func(c *escrow.Contract, cmd escrow.Command, who escrow.Actor) error {
		return escrow.DecideInto(&d, c, cmd, &who, k)
	}
	require.NoError(t, into(&k.c, open.Command(), byBuyer))
	assert.Equal(t, jsonOf(t, k.do(open.Command(), byBuyer)), jsonOf(t, d))
	require.NoError(t, into(&d.Contract, take.Command(), bySeller))
	assert.Equal(t, jsonOf(t, k.do(take.Command(), bySeller)), jsonOf(t, d))
	k.at(june(6, 0))
	for _, cmd := range []escrow.Command{cancel.Command(), accept.Command(), shipIt(), giveUp.Command()} {
		for _, who := range []escrow.Actor{byBuyer, bySeller, bySystem} {
			_, want := escrow.Decide(k.c, cmd, who, k)
			err := into(&k.c, cmd, who)
			assert.Equal(t, jsonOf(t, want), jsonOf(t, err), "%s by %s", cmd.Action(), who.ID)
		}
	}
}

// TestRefusalsOfDecideInto carry their instant, in memory that the next call uses.
func TestRefusalsOfDecideInto(t *testing.T) {
	k := standing(t, "taken").at(june(6, 0))
	var d escrow.Decision
	err := escrow.DecideInto(&d, &k.c, shipIt(), &bySeller, k)
	require.ErrorIs(t, err, escrow.DeadlineDue)
	var e *escrow.Error
	require.True(t, errors.As(err, &e))
	due, ok := e.Deadline()
	assert.True(t, ok)
	assert.True(t, due.Equal(june(6, 0)))
	assert.ErrorIs(t, escrow.DecideInto(&d, &k.c, cancel.Command(), &bySeller, k), escrow.Forbidden)
	assert.ErrorIs(t, escrow.DecideInto(&d, &k.c, cancel.Command(), &bySeller, nil), escrow.Malformed)
}

// TestDecideIntoByTurns: two decisions by turns spare a copy, and go on like one.
func TestDecideIntoByTurns(t *testing.T) {
	k := standing(t, "taken")
	var turns [2]escrow.Decision
	c := &k.c
	for i, id := range []string{"x1", "x2", "x3", "x4", "x5"} {
		d := &turns[i%2]
		require.NoError(t, escrow.DecideInto(d, c, extra(id, 5), &byBuyer, k))
		c = &d.Contract
	}
	want := k.c
	for _, id := range []string{"x1", "x2", "x3", "x4", "x5"} {
		d, err := escrow.Decide(want, extra(id, 5), byBuyer, k)
		require.NoError(t, err)
		want = d.Contract
	}
	assert.Equal(t, jsonOf(t, want), jsonOf(t, *c))
}

// TestStaleSnapshots: what lived in a decision that has decided twice since is
// refused everywhere, unless it was taken out.
func TestStaleSnapshots(t *testing.T) {
	k := standing(t, "taken")
	var d escrow.Decision
	require.NoError(t, escrow.DecideInto(&d, &k.c, extra("x1", 5), &byBuyer, k))
	stale := d.Contract
	kept := d.Keep()
	for _, id := range []string{"x2", "x3"} {
		require.NoError(t, escrow.DecideInto(&d, &d.Contract, extra(id, 5), &byBuyer, k))
	}
	_, err := escrow.Decide(stale, shipIt(), bySeller, k)
	assert.ErrorIs(t, err, escrow.Malformed)
	assert.ErrorContains(t, err, "Keep")
	_, err = escrow.Explain(stale, bySeller, k)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = json.Marshal(stale)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = json.Marshal(escrow.Decision{Contract: stale})
	assert.ErrorIs(t, err, escrow.Malformed)
	assert.Empty(t, stale.Digest())
	assert.False(t, escrow.Visible(stale, byBuyer))
	assert.Empty(t, escrow.SystemWork(stale, k.now))
	_, ok := escrow.NextDeadline(stale)
	assert.False(t, ok)
	_, ok = escrow.MaxTime(stale)
	assert.False(t, ok)
	for range stale.Moments() {
		t.Fatal("a stale snapshot tells nothing")
	}
	next, err := escrow.Decide(kept, shipIt(), bySeller, k)
	require.NoError(t, err)
	assert.Equal(t, 1, next.Contract.View().Len(extras))
}

// TestKeep of a decision with no memory of its own is its contract.
func TestKeep(t *testing.T) {
	k := standing(t, "taken")
	d := k.do(extra("x1", 5), byBuyer)
	assert.True(t, d.Contract == d.Keep())
	var into escrow.Decision
	require.NoError(t, escrow.DecideInto(&into, &k.c, shipIt(), &bySeller, k))
	kept := into.Keep()
	assert.Equal(t, jsonOf(t, into.Contract), jsonOf(t, kept))
	assert.True(t, kept == into.Keep(), "it is kept once")
}

// TestDecideIntoAgain: a decision that is written again keeps nothing of what it
// was, and a copy of it is left alone.
func TestDecideIntoAgain(t *testing.T) {
	many := standing(t, "taken, extra paid")
	for _, id := range []string{"x2", "x3", "x4"} {
		many.do(extra(id, 2), byBuyer)
		many.do(payFor(id), byAnn)
	}
	few := standing(t, "open")
	asked := standing(t, "taken, extra")
	asked.do(payFor("x1"), theToken)
	var d escrow.Decision
	for range 2 {
		for _, q := range []struct {
			k   *desk
			cmd escrow.Command
			who escrow.Actor
		}{{many, giveUp.Command(), bySeller}, {few, cancel.Command(), byBuyer}, {asked, escrow.Confirm(asked.approval(), ""), byAnn}, {few, take.Command(), bySeller}} {
			want, err := q.k.ask(q.cmd, q.who)
			require.NoError(t, err)
			text := jsonOf(t, want)
			require.NoError(t, escrow.DecideInto(&d, &q.k.c, q.cmd, &q.who, q.k))
			assert.Equal(t, text, jsonOf(t, d))
			assert.Equal(t, want.NumMovements(), d.NumMovements())
		}
	}
}

// TestTheLargestAmounts fit, as many of them as an order may have.
func TestTheLargestAmounts(t *testing.T) {
	k := ordered(t, terms(price.To(power36(t)))...)
	toTaken(k)
	for i := range 20 {
		id := "x" + string(rune('a'+i))
		k.do(add.Command(extraID.To(id), extraCost.Decimal(k.c.Asset().Decimal(power36(t)))), byBuyer)
		k.do(payFor(id), byAnn)
	}
	d := k.do(giveUp.Command(), bySeller)
	assert.Equal(t, 23, d.NumMovements())
	assert.Empty(t, k.c.Custody())
}

// TestTransfer numbers accounts the same way in every decision of a lifecycle.
func TestTransfer(t *testing.T) {
	k := standing(t, "taken")
	d := k.do(giveUp.Command(), bySeller)
	want := [][2]string{{"escrow", "buyer"}, {"deposit", "buyer"}, {"deposit", "seller"}}
	for i := range d.NumMovements() {
		from, to, amount := d.Transfer(i)
		assert.Equal(t, d.Movement(i).Amount, amount)
		kinds := order.AccountKinds()
		assert.Equal(t, escrow.Account{Kind: want[i][0], Custody: true}, kinds[from])
		assert.Equal(t, escrow.Account{Kind: want[i][1]}, kinds[to])
	}
}

// TestPayoutReview: a decision that pays out enough carries a review, and is
// otherwise the same.
func TestPayoutReview(t *testing.T) {
	for least, want := range map[uint64]bool{11000: true, 11001: false, 0: true} {
		k := ordered(t, terms()...)
		k.c = k.c.WithReview(escrow.Units(least), 2)
		created := k.do(open.Command(), byBuyer)
		_, ok := created.Review()
		assert.False(t, ok, "a deposit is no payout")
		k.do(take.Command(), bySeller)
		k.do(shipIt(), bySeller)
		d := k.do(accept.Command(), byBuyer)
		review, ok := d.Review()
		assert.Equal(t, want, ok, least)
		assert.Equal(t, Status("received"), d.To)
		if ok {
			assert.Equal(t, escrow.Units(11000), review.Amount)
			assert.Equal(t, escrow.Units(least), review.MinPayout)
			assert.Equal(t, 2, review.Quorum)
			assert.Contains(t, jsonOf(t, d), `"review":{"amount":"110",`)
			assert.Contains(t, jsonOf(t, review), `"amount":"11000"`)
		}
	}
	d := standing(t, "open").do(cancel.Command(), byBuyer)
	_, ok := d.Review()
	assert.False(t, ok, "no policy, no review")
}

// TestApprovalOfADecision is the one that it made, repeated or resolved.
func TestApprovalOfADecision(t *testing.T) {
	k := standing(t, "taken, extra")
	d := k.do(payFor("x1"), theToken)
	a, ok := d.Approval()
	require.True(t, ok)
	assert.Equal(t, escrow.ApprovalIsPending, a.Status)
	a.Movements[0].Amount, a.Confirmers[0] = escrow.Units(1), "mallory"
	again, _ := d.Approval()
	assert.Equal(t, []string{"bea"}, again.Confirmers, "the approval is a copy")
	assert.Equal(t, escrow.Units(700), again.Movements[0].Amount)
	cancelled := standing(t, "open").do(cancel.Command(), byBuyer)
	_, ok = cancelled.Approval()
	assert.False(t, ok)
}
