package escrow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// row is a line of the table: who does what from where, and what follows.
type row struct {
	rule  string
	cmd   escrow.Command
	who   escrow.Actor
	from  []string
	to    Status
	moves []string
	held  string
}

// rows is the table of an order of 100 with the default policy.
var rows = []row{
	{"O-2", take.Command(), bySeller, []string{"open"}, "taken", []string{"10 seller:sam -> deposit (deposit)"}, "escrow 100, deposit 10"},
	{"O-3", take.Command(), byStranger, []string{"open, unnamed"}, "taken", []string{"10 seller:sue -> deposit (deposit)"}, "escrow 100, deposit 10"},
	{"O-4", cancel.Command(), byBuyer, []string{"open", "open, unnamed"}, "cancelled", []string{"100 escrow -> buyer:bea (price_refund)"}, ""},
	{"O-6", shipIt(), bySeller, []string{"taken", "taken, extra paid"}, "shipped", []string{}, ""},
	{"O-7", giveUp.Command(), bySeller, []string{"taken"}, "cancelled", []string{"100 escrow -> buyer:bea (price_refund)", "3 deposit -> buyer:bea (deposit_forfeit)",
		"7 deposit -> seller:sam (deposit_return)"}, ""},
	{"O-7", giveUp.Command(), bySeller, []string{"taken, extra paid"}, "cancelled", []string{"100 escrow -> buyer:bea (price_refund)", "7 extra:x1 -> buyer:bea (extra_refund)",
		"3 deposit -> buyer:bea (deposit_forfeit)", "7 deposit -> seller:sam (deposit_return)"}, ""},
	{"O-9", accept.Command(), byBuyer, []string{"shipped"}, "received", []string{"95 escrow -> seller:sam (payout)", "5 escrow -> house (commission)",
		"10 deposit -> seller:sam (deposit_return)"}, ""},
	{"O-11", object.Command(), byBuyer, []string{"shipped"}, "contested", []string{}, "escrow 100, deposit 10"},
	{"O-12", judged("0.25"), bySystem, []string{"contested"}, "received", []string{"25 escrow -> seller:sam (payout)", "75 escrow -> buyer:bea (price_refund)",
		"10 deposit -> seller:sam (deposit_return)"}, ""},
	{"O-14", extra("x9", 5), byBuyer, []string{"taken", "shipped"}, Same, []string{}, "escrow 100, deposit 10"},
	{"O-15", payFor("x1"), byAnn, []string{"taken, extra"}, Same, []string{"7 buyer:bea -> extra:x1 (extra_deposit)"}, "escrow 100, deposit 10, extra:x1 7"},
	{"O-16", refund.Command(theExtra.To("x1")), bySeller, []string{"taken, extra paid"}, Same, []string{"7 extra:x1 -> buyer:bea (extra_refund)"}, "escrow 100, deposit 10"},
}

// TestRules carries out every row of the table from every place.
func TestRules(t *testing.T) {
	for _, r := range rows {
		for _, from := range r.from {
			t.Run(r.rule+" from "+from, func(t *testing.T) { carriesOut(t, standing(t, from), r) })
		}
	}
	t.Run("O-1 from draft", func(t *testing.T) {
		k := ordered(t, terms()...)
		assert.True(t, k.c.IsDraft())
		carriesOut(t, k, row{"O-1", open.Command(), byBuyer, nil, "open", []string{"100 buyer:bea -> escrow (price_deposit)"}, "escrow 100"})
		assert.False(t, k.c.IsDraft())
		assert.True(t, k.c.CreatedAt().Equal(june(3, 0)))
	})
}

// carriesOut carries one row out.
func carriesOut(t *testing.T, k *desk, r row) {
	t.Helper()
	from, revision := k.c.Status(), k.c.Revision()
	d := k.do(r.cmd, r.who)
	if r.to == Same {
		r.to = from
	}
	assert.Equal(t, r.rule, d.Rule)
	assert.Equal(t, r.cmd.Action(), d.Action)
	assert.Equal(t, from, d.From)
	assert.Equal(t, r.to, d.To)
	assert.Equal(t, r.who, d.Actor)
	assert.Equal(t, r.cmd.Action(), d.Command.Action())
	assert.True(t, k.now.Equal(d.At()))
	assert.Equal(t, r.moves, moves(d))
	if r.held != "" || k.c.IsTerminal() {
		assert.Equal(t, r.held, held(k.c))
	}
	assert.Equal(t, revision+1, k.c.Revision())
	assert.True(t, k.c.DecidedAt().Equal(k.now))
	for i, m := range d.Movements() {
		assert.Regexp(t, fmt.Sprintf("^o1/%d/%d/[0-9a-f]{12}$", revision+1, i), m.ID())
	}
}

// TestStatuses: an action is wrong_status wherever its rows do not start, and ended
// contracts take nothing.
func TestStatuses(t *testing.T) {
	starts := map[escrow.Action][]string{}
	for _, r := range rows {
		for _, from := range r.from {
			k := standing(t, from)
			starts[r.cmd.Action()] = append(starts[r.cmd.Action()], string(k.c.Status()))
		}
	}
	for _, p := range places {
		for _, r := range rows {
			k := standing(t, p.name)
			if slices.Contains(starts[r.cmd.Action()], string(k.c.Status())) || r.rule == "O-3" || r.who.ID == "sam" && k.c.Account(seller) != "sam" || r.rule == "O-15" || r.rule == "O-16" {
				continue
			}
			want := escrow.WrongStatus
			e := k.refused(want, r.cmd, r.who)
			assert.Equal(t, escrow.Conflict, e.Code())
			assert.NotEmpty(t, e.Details()["statuses"], "%s in %s", r.cmd.Action(), p.name)
		}
	}
}

// TestParties: whoever is not the rule's party is forbidden, in whatever status, and
// is told both accounts.
func TestParties(t *testing.T) {
	for _, r := range rows {
		if r.rule == "O-3" {
			continue
		}
		k := standing(t, r.from[0])
		for _, who := range []escrow.Actor{byBuyer, bySeller, byStranger, bySystem, escrow.Agent("BEA")} {
			if who.ID == r.who.ID || r.who.ID == "ann" && who.ID == "bea" {
				continue
			}
			_, err := k.ask(r.cmd, who)
			require.ErrorIs(t, err, escrow.Forbidden, "%s by %s", r.cmd.Action(), who.ID)
		}
	}
	k := standing(t, "open")
	e := k.refused("not_buyer", cancel.Command(), escrow.Agent("BEA"))
	assert.Equal(t, "bea", e.Details()["want"])
	assert.Equal(t, "BEA", e.Details()["account"])
	assert.Contains(t, e.Details()["hint"], "letter case")
	unnamed := standing(t, "open, unnamed")
	assert.Equal(t, escrow.Forbidden, unnamed.refused("own_order", take.Command(), byBuyer).Code())
	assert.Equal(t, escrow.Forbidden, unnamed.refused("not_seller", take.Command(), bySystem).Code())
}

// TestHumansAndAgentsOfAnAccount may both act for a party.
func TestHumansAndAgentsOfAnAccount(t *testing.T) {
	for _, who := range []escrow.Actor{byBuyer, byAnn, theToken, {ID: "bea"}, {ID: "bot", Account: "bea"}} {
		standing(t, "shipped").do(accept.Command(), who)
	}
	standing(t, "shipped").refused("not_buyer", accept.Command(), escrow.Actor{ID: "bea", Kind: escrow.KindSystem})
}

// TestTokens need scope, feature and claim before ownership is looked at.
func TestTokens(t *testing.T) {
	k := standing(t, "taken")
	who := escrow.Actor{ID: "tok2", Kind: escrow.KindToken, Account: "other", ClaimURL: "https://claim.example/2"}
	cmd := payFor("nope")
	assert.Equal(t, []string{"orders:write"}, k.refused(escrow.ScopeMissing, cmd, who).Details()["requiredScopes"])
	who.Scopes = []string{"orders:write"}
	assert.Equal(t, "orders", k.refused(escrow.FeatureDisabled, cmd, who).Details()["featureKey"])
	who.Features = []string{"orders"}
	assert.Equal(t, "https://claim.example/2", k.refused(escrow.AccountClaimRequired, cmd, who).Details()["claimUrl"])
	who.Claimed = true
	k.refused("not_buyer", cmd, who)
	who.Account = "bea"
	assert.Equal(t, escrow.NotFound, k.refused(escrow.ItemNotFound, cmd, who).Code())
}

// TestRefusalOrder takes one fault after the other away and sees the next.
func TestRefusalOrder(t *testing.T) {
	k := standing(t, "shipped").at(june(30, 0))
	late := judge.Command()
	k.refused(escrow.NoActor, late, escrow.Actor{})
	k.refused(escrow.Malformed, late, escrow.Agent("a b"))
	k.refused(escrow.Malformed, late, bySystem)
	k.refused(escrow.NotSystem, judged("0.5"), byBuyer)
	k.refused(escrow.WrongStatus, judged("0.5"), bySystem)
	k.refused(escrow.DeadlineDue, accept.Command(), byBuyer)
	k.at(june(6, 11)).do(accept.Command(), byBuyer)
	k.refused(escrow.WrongStatus, accept.Command(), byBuyer)
}

// TestUnusableQuestions are refused before the table is looked at.
func TestUnusableQuestions(t *testing.T) {
	k := standing(t, "open")
	e := k.refused(escrow.UnknownAction, Do("cancell").Command(), byBuyer)
	assert.Contains(t, e.Message(), "cancel", "the nearest name")
	k.refused(escrow.Malformed, escrow.Command{}, byBuyer)
	k.refused(escrow.Malformed, cancel.Command(tracking.To("x")), byBuyer)
	k.refused(escrow.Malformed, cancel.Command(), escrow.Actor{ID: "bea", Kind: "robot"})
	k.refused(escrow.Malformed, cancel.Command(), escrow.Actor{ID: "bea", Account: "a b"})
	k.refused(escrow.Malformed, cancel.Command(), escrow.Actor{ID: "bea", User: "é"})
	k.at(time.Time{}).refused(escrow.Malformed, cancel.Command(), byBuyer)
	_, err := escrow.Decide(k.c, cancel.Command(), byBuyer, nil)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.Decide(escrow.Contract{}, cancel.Command(), byBuyer, k)
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
	assert.ErrorIs(t, escrow.DecideInto(new(escrow.Decision), nil, cancel.Command(), &byBuyer, k), escrow.UnknownLifecycle)
	assert.ErrorIs(t, escrow.DecideInto(new(escrow.Decision), &k.c, cancel.Command(), nil, k), escrow.NoActor)
}

// TestDraftTakesItsFoundingActionOnly: everything else is wrong_status, and there is
// nothing to advance.
func TestDraftTakesItsFoundingActionOnly(t *testing.T) {
	k := ordered(t, terms()...)
	for _, r := range rows {
		for _, who := range []escrow.Actor{byBuyer, bySeller, bySystem, byStranger} {
			k.refused(escrow.WrongStatus, r.cmd, who)
		}
	}
	k.refused(escrow.NothingDue, escrow.Advance(), byBuyer)
	k.refused(escrow.WrongStatus, escrow.Confirm("o1-ap-1", ""), byAnn)
	standing(t, "open").refused(escrow.WrongStatus, open.Command(), byBuyer)
}

// TestTimeNeverRunsBackwards: a clock that shows an earlier instant counts as
// showing that of the latest decision.
func TestTimeNeverRunsBackwards(t *testing.T) {
	k := standing(t, "taken")
	decided := k.c.DecidedAt()
	d := k.at(june(1, 0)).do(shipIt(), bySeller)
	assert.True(t, d.At().Equal(decided))
	assert.True(t, k.c.DecidedAt().Equal(decided))
	assert.True(t, shippedAt.In(k.c.View()).Equal(decided))
}

// TestCommandsOfAnotherDeclaration: an action declared otherwise is laid out as the
// lifecycle's own, when what it carries is known there.
func TestCommandsOfAnotherDeclaration(t *testing.T) {
	k := standing(t, "taken")
	note := Text("note", "something else")
	k.refused(escrow.Malformed, Do("ship", note).Command(note.To("x")), bySeller)
	d := k.do(Do("ship", note, tracking).Command(tracking.To("T-2")), bySeller)
	assert.Equal(t, "T-2", tracking.In(d.Command.View()))
	assert.Equal(t, "T-2", tracking.In(k.c.View()))
	standing(t, "open").do(Do("cancel").Command(), byBuyer)
}

// TestMovementsSayWhy: the basis of a movement is what it is a part of, and its kind
// is a deposit, a payout or a charge.
func TestMovementsSayWhy(t *testing.T) {
	k := standing(t, "taken")
	d := k.do(giveUp.Command(), bySeller)
	for i, want := range []struct{ of, ratio, policy string }{{"100", "0", ""}, {"10", "0.3", "penalty"}, {"10", "0.7", "penalty"}} {
		m := d.Movement(i)
		assert.Equal(t, want.of, m.Asset.Text(m.Basis.Of))
		assert.Equal(t, want.ratio, m.Basis.Ratio.String())
		assert.Equal(t, want.policy, m.Basis.Policy)
		assert.Equal(t, escrow.PaidOut, m.Kind())
	}
	for i := range d.Movements() {
		if i == 1 {
			break
		}
	}
	deposit := standing(t, "open").do(take.Command(), bySeller)
	assert.Equal(t, escrow.Deposited, deposit.Movement(0).Kind())
	charge := escrow.Movement{From: escrow.Account{Kind: "buyer", ID: "bea"}, To: escrow.Account{Kind: "house"}}
	assert.Equal(t, escrow.Charged, charge.Kind())
	assert.Empty(t, charge.ID(), "what only proposes has no id")
}

// TestRivalsHaveTheirOwnMovements: two decisions for one revision share no movement
// id, and a retry has the same.
func TestRivalsHaveTheirOwnMovements(t *testing.T) {
	k := standing(t, "contested")
	ids := map[string]bool{}
	for _, cmd := range []escrow.Command{judged("0.25"), judged("0.26"), judged("0.25")} {
		d, err := k.ask(cmd, bySystem)
		require.NoError(t, err)
		ids[d.Movement(0).ID()] = true
	}
	assert.Len(t, ids, 2)
}

// TestZeroIsNotMoved: a movement of nothing is left out.
func TestZeroIsNotMoved(t *testing.T) {
	none, _ := escrow.ParseRatio("0")
	k := ordered(t, terms(deposit.To(none), commission.To(none))...)
	toOpen(k)
	assert.Empty(t, moves(k.do(take.Command(), bySeller)))
	k.do(shipIt(), bySeller)
	assert.Equal(t, []string{"100 escrow -> seller:sam (payout)"}, moves(k.do(accept.Command(), byBuyer)))
}
