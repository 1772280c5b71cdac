package escrow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// options explains a desk's contract to an actor, by action and target.
func (k *desk) options(who escrow.Actor) map[string]escrow.Option {
	k.Helper()
	x, err := escrow.Explain(k.c, who, k)
	require.NoError(k, err)
	assert.Equal(k, k.c.Status(), x.Status)
	list := map[string]escrow.Option{}
	for _, o := range x.Options {
		key := string(o.Action)
		if o.Target != "" {
			key += " " + o.Target
		}
		require.NotContains(k, list, key, "one option each")
		list[key] = o
	}
	return list
}

// obstaclesOf returns the reasons of an option's obstacles.
func obstaclesOf(o escrow.Option) (list []escrow.Reason) {
	for _, e := range o.Obstacles {
		list = append(list, e.Reason())
	}
	return list
}

// TestExplainWork looks at a matched contract as its worker.
func TestExplainWork(t *testing.T) {
	k := workAt(t, "matched")
	list := k.options(byWorker)
	assert.Len(t, list, 12, "every action of the lifecycle")
	withdraw := list["withdraw"]
	assert.True(t, withdraw.Allowed)
	assert.Equal(t, "OC-7", withdraw.Rule)
	assert.Equal(t, escrow.CancelledWithdrawn, withdraw.To)
	assert.True(t, withdraw.Closes.Equal(june(5, 0)))
	assert.Empty(t, withdraw.Obstacles)
	deliver := list["deliver"]
	assert.True(t, deliver.Allowed, "the payload is not looked at")
	assert.True(t, deliver.Closes.Equal(june(6, 0)))
	approve := list["approve"]
	assert.False(t, approve.Allowed)
	assert.Equal(t, []escrow.Reason{escrow.NotClient, escrow.WrongStatus}, obstaclesOf(approve), "every guard that fails")
	assert.Equal(t, []escrow.Status{escrow.UnderReview}, approve.Statuses())
	draw := list["draw"]
	assert.Equal(t, []escrow.Status{escrow.Disputed, escrow.UnderReview}, draw.Statuses())
	assert.Equal(t, escrow.Matched, draw.To)
	advance := list["advance"]
	assert.Equal(t, "OC-9", advance.Rule)
	assert.Equal(t, []escrow.Reason{escrow.NothingDue}, obstaclesOf(advance))
	at, ok := advance.Obstacles[0].Deadline()
	assert.True(t, ok)
	assert.True(t, at.Equal(june(6, 0)), "the earliest instant")

	list = k.at(june(5, 1)).options(byWorker)
	assert.Equal(t, []escrow.Reason{escrow.WindowClosed}, obstaclesOf(list["withdraw"]))
	assert.True(t, list["withdraw"].Closed.Equal(june(5, 0)))
	assert.True(t, list["withdraw"].Closes.IsZero())

	list = k.at(june(6, 0)).options(byWorker)
	assert.Equal(t, []escrow.Reason{escrow.DeadlineDue}, obstaclesOf(list["deliver"]))
	assert.True(t, list["deliver"].Closed.Equal(june(6, 0)))
	assert.True(t, list["advance"].Allowed)
	assert.Equal(t, escrow.CancelledAbsent, list["advance"].To)
}

// TestExplainAgreesWithDecide: at every place and for every actor, what Explain
// allows is decided and what it does not is refused for its first obstacle.
func TestExplainAgreesWithDecide(t *testing.T) {
	payloads := map[escrow.Action]escrow.Command{"create": escrow.Create{}, "accept": escrow.Accept{}, "decline": escrow.Decline{}, "cancel": escrow.Cancel{},
		"withdraw": escrow.Withdraw{}, "deliver": escrow.Deliver{Delivery: "x"}, "approve": escrow.Approve{}, "dispute": escrow.Dispute{}, "draw": draw,
		"vote": votes("mmm"), "settle": escrow.Settle{}, "advance": escrow.Advance{}, "hire": escrow.Hire{}, "end": escrow.End{},
		"add_milestone": escrow.AddMilestone{Milestone: stone("m7", 7)}}
	everybody := []escrow.Actor{byClient, byWorker, byStranger, bySystem, byAgents[0], byAgents[2], byToken, byAnn, byTrainer, {ID: "t", Kind: escrow.KindToken, Account: "acme"}}
	check := func(k *desk) {
		for _, who := range everybody {
			for key, o := range k.options(who) {
				cmd := payloads[o.Action]
				switch o.Action {
				case "fund_milestone":
					cmd = escrow.FundMilestone{MilestoneID: o.Target}
				case "approve_milestone":
					cmd = escrow.ApproveMilestone{MilestoneID: o.Target}
				case "confirm":
					cmd = escrow.Confirm{ApprovalID: o.Target}
				case "decline_approval":
					cmd = escrow.DeclineApproval{ApprovalID: o.Target}
				}
				checkOption(k, key, o, cmd, who)
			}
		}
	}
	for _, p := range workPlaces {
		k := workAt(t, p.name)
		check(k)
		check(k.at(june(20, 0)))
	}
	for _, p := range trainPlaces {
		k := trainAt(t, p.name)
		check(k)
		if k.c.Status() == escrow.Active {
			k.do(escrow.End{}, byToken)
			check(k)
		}
		check(k.at(june(20, 0)))
	}
	check(newDesk(t, escrow.OpenContract, workTerms()))
	check(newDesk(t, escrow.OpenTrain, hireTerms()))
	check(newDesk(t, escrow.OpenTrain, escrow.Terms{}))
}

// checkOption compares one option with the decision.
func checkOption(k *desk, key string, o escrow.Option, cmd escrow.Command, who escrow.Actor) {
	k.Helper()
	d, err := k.ask(cmd, who)
	var e *escrow.Error
	errors.As(err, &e)
	switch {
	case o.Allowed && e != nil:
		k.Errorf("%s by %s in %s is said to be allowed: %v", key, who.ID, k.c.Status(), e)
	case !o.Allowed && e == nil:
		k.Errorf("%s by %s in %s is said to be refused: %v", key, who.ID, k.c.Status(), o.Obstacles)
	case e != nil:
		require.Equal(k, e.Reason(), o.Obstacles[0].Reason(), "%s by %s in %s", key, who.ID, k.c.Status())
		require.Equal(k, jsonOf(k, e), jsonOf(k, o.Obstacles[0]), "%s by %s in %s", key, who.ID, k.c.Status())
	case o.CoSign == "" && o.Action != "advance" && o.Action != "vote":
		require.Equal(k, d.To, o.To, "%s by %s in %s", key, who.ID, k.c.Status())
	}
	if e != nil || o.Action == "confirm" || o.Action == "decline_approval" || o.Action == "advance" {
		return
	}
	_, waits := d.Approval()
	require.Equal(k, waits, o.CoSign != "", "%s by %s in %s waits for a human", key, who.ID, k.c.Status())
}

// TestExplainTrain looks at milestones and approvals one by one.
func TestExplainTrain(t *testing.T) {
	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	list := k.options(byToken)
	fund := list["fund_milestone m2"]
	assert.True(t, fund.Allowed)
	assert.Equal(t, "milestone_fund", fund.CoSign)
	assert.Equal(t, k.approval(), fund.Pending)
	assert.Equal(t, []escrow.Reason{escrow.MilestoneNotFundable}, obstaclesOf(list["fund_milestone m1"]))
	assert.Equal(t, []escrow.Reason{escrow.MilestoneNotFunded}, obstaclesOf(list["approve_milestone m2"]))
	assert.Equal(t, "contract_end", list["end"].CoSign)
	assert.Empty(t, list["end"].Pending)
	assert.Equal(t, "OT-6", list["end"].Rule)
	assert.Equal(t, []escrow.Reason{escrow.NotHuman}, obstaclesOf(list["confirm "+k.approval()]))
	assert.Equal(t, "AP-3", list["advance"].Rule)
	assert.Equal(t, []escrow.Reason{escrow.NothingDue}, obstaclesOf(list["advance"]))
	list = k.options(byAnn)
	assert.Empty(t, list["end"].CoSign, "a human's word is enough")
	assert.True(t, list["confirm "+k.approval()].Allowed)
	assert.True(t, list["confirm "+k.approval()].Closes.Equal(june(6, 0)))
	assert.True(t, list["decline_approval "+k.approval()].Allowed)
	list = k.at(june(6, 0)).options(byAnn)
	assert.Equal(t, []escrow.Reason{escrow.ApprovalExpired}, obstaclesOf(list["confirm "+k.approval()]))
	assert.Empty(t, list["fund_milestone m2"].Pending, "it is pending no more")
	assert.True(t, list["advance"].Allowed)
	stranger := k.options(byTrainer)
	assert.Equal(t, escrow.ContractNotFound, stranger["end"].Obstacles[0].Reason())
}

// TestExplainJSON writes every option for programs.
func TestExplainJSON(t *testing.T) {
	k := workAt(t, "matched")
	x, err := escrow.Explain(k.c, byClient, k.at(june(6, 0)))
	require.NoError(t, err)
	var read struct {
		Status  string
		Options []map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(jsonOf(t, x)), &read))
	assert.Equal(t, "matched", read.Status)
	require.Len(t, read.Options, len(x.Options))
	for i, o := range read.Options {
		assert.JSONEq(t, jsonOf(t, x.Options[i]), mustText(t, o))
		assert.Equal(t, string(x.Options[i].Action), o["action"])
		assert.Equal(t, x.Options[i].Allowed, o["allowed"])
		assert.Len(t, o["obstacles"], len(x.Options[i].Obstacles))
	}
	draft := newDesk(t, escrow.OpenContract, workTerms())
	x, err = escrow.Explain(draft.c, byClient, draft)
	require.NoError(t, err)
	assert.Contains(t, jsonOf(t, x), `"statuses":["created"]`)
	train := trainAt(t, "active")
	train.do(escrow.End{}, byToken)
	x, err = escrow.Explain(train.c, byToken, train)
	require.NoError(t, err)
	for _, part := range []string{`"coSign":"contract_end"`, `"pendingApproval":"h1-ap-2"`, `"target":"m1"`, `"rule":"OT-6"`} {
		assert.Contains(t, jsonOf(t, x), part)
	}
}

// TestExplainUnusable: what no question can be asked with is a refusal.
func TestExplainUnusable(t *testing.T) {
	k := workAt(t, "created")
	for want, ask := range map[escrow.Reason]func() (escrow.Explanation, error){
		escrow.NoActor:          func() (escrow.Explanation, error) { return escrow.Explain(k.c, escrow.Actor{}, k) },
		escrow.Malformed:        func() (escrow.Explanation, error) { return escrow.Explain(k.c, byClient, nil) },
		escrow.UnknownLifecycle: func() (escrow.Explanation, error) { return escrow.Explain(escrow.Contract{}, byClient, k) },
	} {
		_, err := ask()
		assert.ErrorIs(t, err, want)
	}
	_, err := escrow.Explain(k.c, escrow.Agent("a b"), k)
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestExplainNamesBothDeadlines: one that is due does not hide that the window of
// an action has closed, unless they are the same.
func TestExplainNamesBothDeadlines(t *testing.T) {
	list := workAt(t, "matched").at(june(6, 0)).options(byWorker)
	assert.Equal(t, []escrow.Reason{escrow.DeadlineDue, escrow.WindowClosed}, obstaclesOf(list["withdraw"]))
	assert.Equal(t, []escrow.Reason{escrow.DeadlineDue}, obstaclesOf(list["deliver"]))
}

// TestExplainClosesWhereItStarts: a window says when an action closes only where
// the action starts.
func TestExplainClosesWhereItStarts(t *testing.T) {
	list := workAt(t, "created").options(byWorker)
	assert.True(t, list["accept"].Closes.Equal(june(4, 0)))
	assert.Zero(t, list["withdraw"].Closes)
	assert.Zero(t, list["dispute"].Closes)
}

// TestExplainWithoutTargets: actions on milestones and approvals are listed once,
// for none, where there are none.
func TestExplainWithoutTargets(t *testing.T) {
	x, err := escrow.Explain(escrow.OpenTrain.Draft(hireTerms()), byAnn, moment(june(3, 0)))
	require.NoError(t, err)
	count := map[escrow.Action]int{}
	for _, o := range x.Options {
		count[o.Action]++
		assert.Empty(t, o.Target, o.Action)
	}
	for _, action := range []escrow.Action{"fund_milestone", "approve_milestone", "confirm", "decline_approval"} {
		assert.Equal(t, 1, count[action], action)
	}
	k := trainAt(t, "proposed")
	x, err = escrow.Explain(k.c, byAnn, k)
	require.NoError(t, err)
	for _, o := range x.Options {
		switch o.Action {
		case "confirm":
			assert.Equal(t, escrow.Active, o.To)
		case "decline_approval":
			assert.Equal(t, escrow.NotHired, o.To)
		case "fund_milestone":
			assert.Equal(t, "m1", o.Target)
		}
	}
}

// TestStatusesAreListedWhenTheyAreWrong, in JSON too.
func TestStatusesAreListedWhenTheyAreWrong(t *testing.T) {
	list := workAt(t, "matched").options(byClient)
	wrong, err := list["approve"].MarshalJSON()
	require.NoError(t, err)
	assert.Contains(t, string(wrong), `"statuses":["under-review"]`)
	right, err := list["advance"].MarshalJSON()
	require.NoError(t, err)
	assert.NotContains(t, string(right), `"statuses"`)
}

// TestExplainManyTargets: one option for each milestone and each pending approval,
// however many.
func TestExplainManyTargets(t *testing.T) {
	k := trainAt(t, "active")
	for i := range 20 {
		k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
		if i < 19 {
			k.do(escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)
		}
	}
	assert.Contains(t, k.options(byAnn), "confirm "+k.approval())
	for i := range 20 {
		k.do(escrow.AddMilestone{Milestone: stone(fmt.Sprint("x", i), 1)}, byAnn)
	}
	for i := range 20 {
		assert.Contains(t, k.options(byAnn), fmt.Sprint("fund_milestone x", i))
	}
}
