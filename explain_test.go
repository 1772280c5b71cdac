package escrow_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// explained returns what an actor can do.
func (k *desk) explained(who escrow.Actor) escrow.Explanation {
	k.Helper()
	x, err := escrow.Explain(k.c, who, k)
	require.NoError(k, err)
	return x
}

// option returns the option of an action, on a target.
func (k *desk) option(who escrow.Actor, action escrow.Action, target string) escrow.Option {
	k.Helper()
	for _, o := range k.explained(who).Options {
		if o.Action == action && o.Target == target {
			return o
		}
	}
	k.Fatalf("no option %s %s", action, target)
	return escrow.Option{}
}

// reasons returns why an option is not allowed.
func reasons(o escrow.Option) (list []escrow.Reason) {
	for _, e := range o.Obstacles {
		list = append(list, e.Reason())
	}
	return list
}

// TestExplainAgreesWithDecide: an option is allowed exactly when the action is
// decided, and otherwise its first obstacle is the refusal.
func TestExplainAgreesWithDecide(t *testing.T) {
	cmds := map[escrow.Action]escrow.Command{"advance": escrow.Advance(), "open": open.Command()}
	for _, r := range rows {
		cmds[r.cmd.Action()] = r.cmd
	}
	for _, p := range append(places, place{"draft", named, nil}, place{"taken, asked", named, toAsked}) {
		k := ordered(t, p.terms()...)
		if p.steps != nil {
			p.steps(k)
		}
		for _, now := range []time.Time{k.now, june(6, 0), june(6, 12), june(20, 0)} {
			k.at(now)
			for _, who := range []escrow.Actor{byBuyer, bySeller, byStranger, bySystem, byAnn, theToken} {
				for _, o := range k.explained(who).Options {
					cmd, known := cmds[o.Action]
					if !known || o.Target != "" && o.Target != "x1" {
						continue
					}
					d, err := escrow.Decide(k.c, cmd, who, k)
					require.Equal(t, err == nil, o.Allowed, "%s by %s in %s: %v, %v", o.Action, who.ID, p.name, err, o.Obstacles)
					var e *escrow.Error
					if errors.As(err, &e) {
						require.Equal(t, jsonOf(t, e), jsonOf(t, o.Obstacles[0]), "%s by %s in %s", o.Action, who.ID, p.name)
					} else if o.CoSign == "" {
						require.Equal(t, d.To, o.To)
						require.Equal(t, d.Rule, o.Rule)
					}
				}
			}
		}
	}
}

// TestExplainTellsAllObstacles, in the order of the checks, and what would help.
func TestExplainTellsAllObstacles(t *testing.T) {
	k := standing(t, "shipped").at(june(7, 0))
	o := k.option(bySeller, "receive", "")
	assert.Equal(t, []escrow.Reason{"not_buyer", escrow.DeadlineDue}, reasons(o))
	assert.True(t, o.Closed.Equal(june(6, 12)))
	o = k.option(byStranger, "ship", "")
	assert.Equal(t, []escrow.Reason{"not_seller", escrow.WrongStatus}, reasons(o))
	assert.Equal(t, []Status{"taken"}, o.Statuses())
	bare := theToken
	bare.Scopes = nil
	o = k.option(bare, "add_extra", "")
	assert.Equal(t, []escrow.Reason{escrow.ScopeMissing, escrow.DeadlineDue}, reasons(o))
}

// TestExplainTellsWindows: when they close, as far as that lies ahead.
func TestExplainTellsWindows(t *testing.T) {
	k := standing(t, "shipped")
	o := k.option(byBuyer, "contest", "")
	assert.True(t, o.Allowed)
	assert.True(t, o.Closes.Equal(june(6, 12)))
	assert.True(t, o.Opens.IsZero())
	assert.Equal(t, Status("contested"), o.To)
	wait := k.option(byBuyer, "advance", "")
	assert.False(t, wait.Allowed)
	assert.Equal(t, []escrow.Reason{escrow.NothingDue}, reasons(wait))
	due := k.at(june(6, 12)).option(byBuyer, "advance", "")
	assert.True(t, due.Allowed)
	assert.Equal(t, "O-10", due.Rule)
	assert.Equal(t, Status("received"), due.To)
}

// TestExplainTargets: an action on an item has one option for each.
func TestExplainTargets(t *testing.T) {
	k := standing(t, "taken")
	assert.Equal(t, []escrow.Reason{escrow.ItemNotFound}, reasons(k.option(byBuyer, "pay_extra", "")))
	k.do(extra("x1", 1), byBuyer)
	k.do(extra("x2", 2), byBuyer)
	k.do(payFor("x1"), byAnn)
	assert.Equal(t, []escrow.Reason{escrow.WrongStatus}, reasons(k.option(byAnn, "pay_extra", "x1")))
	o := k.option(byAnn, "pay_extra", "x2")
	assert.True(t, o.Allowed)
	assert.Empty(t, o.CoSign, "a person needs nobody's agreement")
	assert.Equal(t, "pay_extra", k.option(theToken, "pay_extra", "x2").CoSign)
}

// TestExplainApprovals: what waits, and who may answer it.
func TestExplainApprovals(t *testing.T) {
	k := standing(t, "taken, extra")
	k.do(payFor("x1"), theToken)
	id := k.approval()
	assert.Equal(t, id, k.option(theToken, "pay_extra", "x1").Pending)
	o := k.option(byAnn, "confirm", id)
	assert.True(t, o.Allowed)
	assert.True(t, o.Closes.Equal(june(5, 12)))
	assert.True(t, k.option(byAnn, "decline_approval", id).Allowed)
	assert.Equal(t, []escrow.Reason{escrow.NotConfirmedByYou}, reasons(k.option(byAnn, "revoke_confirmation", id)))
	assert.Equal(t, []escrow.Reason{escrow.NotHuman}, reasons(k.option(theToken, "confirm", id)))
	assert.Equal(t, []escrow.Reason{escrow.ApprovalNotFound}, reasons(k.option(escrow.Human("eve", "other"), "confirm", id)))
	expiry := k.at(june(5, 12)).option(byAnn, "advance", "")
	assert.True(t, expiry.Allowed)
	assert.Equal(t, "AP-3", expiry.Rule)
	assert.Equal(t, []escrow.Reason{escrow.ApprovalExpired}, reasons(k.option(byAnn, "confirm", id)))
	none := standing(t, "taken")
	assert.Equal(t, []escrow.Reason{escrow.ApprovalNotFound}, reasons(none.option(byAnn, "confirm", "")))
}

// TestExplainDrafts: the founding, and what is wrong with the terms.
func TestExplainDrafts(t *testing.T) {
	k := ordered(t, terms()...)
	assert.True(t, k.option(byBuyer, "open", "").Allowed)
	assert.Equal(t, Status("open"), k.option(byBuyer, "open", "").To)
	assert.Equal(t, []escrow.Reason{escrow.WrongStatus}, reasons(k.option(bySeller, "take", "")))
	faulty := ordered(t, terms(goods.To(" "))...)
	assert.Equal(t, []escrow.Reason{escrow.InvalidTerms, "not_buyer"}, reasons(faulty.option(bySeller, "open", "")))
}

// TestExplainJSON is for programs.
func TestExplainJSON(t *testing.T) {
	k := standing(t, "shipped")
	x := k.explained(byBuyer)
	assert.Equal(t, Status("shipped"), x.Status)
	var got struct {
		Status  string
		Options []map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, x)), &got))
	assert.Len(t, got.Options, len(x.Options))
	assert.Equal(t, "shipped", got.Status)
	assert.Equal(t, []any{"draft"}, got.Options[0]["statuses"])
	assert.Equal(t, false, got.Options[0]["allowed"])
	assert.JSONEq(t, jsonOf(t, x.Options[0]), jsonOf(t, got.Options[0]))
}

// TestUnusableExplanations are refused like decisions.
func TestUnusableExplanations(t *testing.T) {
	k := standing(t, "open")
	_, err := escrow.Explain(k.c, escrow.Actor{}, k)
	assert.ErrorIs(t, err, escrow.NoActor)
	_, err = escrow.Explain(k.c, byBuyer, nil)
	assert.ErrorIs(t, err, escrow.Malformed)
	_, err = escrow.Explain(escrow.Contract{}, byBuyer, k)
	assert.ErrorIs(t, err, escrow.UnknownLifecycle)
	_, err = escrow.Explain(k.c, escrow.Agent("a b"), k)
	assert.ErrorIs(t, err, escrow.Malformed)
	now := k.option(byBuyer, "cancel", "")
	early := k.at(june(1, 0)).option(byBuyer, "cancel", "")
	assert.Equal(t, now, early, "time never runs backwards")
}
