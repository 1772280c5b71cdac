package escrow_test

import (
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// closing is an action whose window a moment closes.
type closing struct {
	place    string
	cmd      escrow.Command
	who      escrow.Actor
	deadline string
	at       time.Time
	late     escrow.Reason
}

// closings lists every window of the OpenContract table.
var closings = []closing{
	{"created", escrow.Accept{}, byWorker, "matchDeadline", june(4, 0), escrow.DeadlineDue},
	{"created, tender", escrow.Accept{}, byStranger, "matchDeadline", june(4, 0), escrow.DeadlineDue},
	{"created", escrow.Decline{}, byWorker, "matchDeadline", june(4, 0), escrow.DeadlineDue},
	{"created", escrow.Cancel{}, byClient, "matchDeadline", june(4, 0), escrow.DeadlineDue},
	{"matched", escrow.Withdraw{}, byWorker, "withdrawalDeadline", june(5, 0), escrow.WindowClosed},
	{"matched", escrow.Deliver{Delivery: "x"}, byWorker, "deliveryDeadline", june(6, 0), escrow.DeadlineDue},
	{"under-review", escrow.Approve{}, byClient, "reviewDeadline", june(8, 0), escrow.DeadlineDue},
	{"under-review", escrow.Dispute{}, byClient, "reviewDeadline", june(8, 0), escrow.DeadlineDue},
	{"disputed", draw, bySystem, "drawDeadline", june(8, 0), escrow.DeadlineDue},
	{"under-review, standard", draw, bySystem, "drawDeadline", june(5, 12), escrow.DeadlineDue},
	{"disputed, drawn", votes("mmm"), byAgents[0], "votingDeadline", june(8, 6), escrow.DeadlineDue},
	{"disputed, last vote", votes("mmm"), byAgents[2], "votingDeadline", june(8, 6), escrow.DeadlineDue},
	{"under-review, standard, drawn", votes("mmm"), byAgents[0], "votingDeadline", june(5, 18), escrow.DeadlineDue},
}

// TestWindowsAreHalfOpen: allowed while now is before the deadline; at the exact
// instant the deadline wins.
func TestWindowsAreHalfOpen(t *testing.T) {
	for _, c := range closings {
		t.Run(string(c.cmd.Action())+" in "+c.place, func(t *testing.T) {
			k := workAt(t, c.place)
			_, err := k.at(c.at.Add(-1)).ask(c.cmd, c.who)
			assert.NoError(t, err, "a nanosecond before")
			for _, late := range []time.Duration{0, 1, time.Hour} {
				e := k.at(c.at.Add(late)).refused(c.late, c.cmd, c.who)
				assert.Equal(t, escrow.Conflict, e.Code())
				assert.Equal(t, c.deadline, e.Details()["deadline"])
				at, ok := e.Deadline()
				assert.True(t, ok)
				assert.True(t, at.Equal(c.at))
				assert.Contains(t, e.Error(), c.at.Format(time.RFC3339))
			}
		})
	}
}

// TestLockedIn: between the withdrawal and the delivery deadline the worker can
// only deliver; from the delivery deadline on, that deadline decides first.
func TestLockedIn(t *testing.T) {
	k := workAt(t, "matched")
	k.at(june(5, 12)).refused(escrow.WindowClosed, escrow.Withdraw{}, byWorker)
	e := k.at(june(6, 0)).refused(escrow.DeadlineDue, escrow.Withdraw{}, byWorker)
	assert.Equal(t, "deliveryDeadline", e.Details()["deadline"])
	k.at(june(4, 12)).do(escrow.Deliver{Delivery: "early"}, byWorker)
	k.refused(escrow.WrongStatus, escrow.Withdraw{}, byWorker)
	k.refused(escrow.WrongStatus, escrow.Deliver{Delivery: "twice"}, byWorker)
}

// timed is what time alone does to a contract at a place.
type timed struct {
	place, rule, moment string
	at                  time.Time
	to                  escrow.Status
	moves               []string
}

// timeTable lists every advance of the OpenContract table.
var timeTable = []timed{
	{"created", "OC-6", "matchDeadline", june(4, 0), "cancelled-unmatched", []string{"50 escrow -> client:0xClient (escrow_refund)"}},
	{"created, tender", "OC-6", "matchDeadline", june(4, 0), "cancelled-unmatched", []string{"50 escrow -> client:0xClient (escrow_refund)"}},
	{"matched", "OC-9", "deliveryDeadline", june(6, 0), "cancelled-absent", []string{"50 escrow -> client:0xClient (escrow_refund)",
		"2 stake -> client:0xClient (stake_slash)", "0.5 stake -> treasury (stake_slash)"}},
	{"under-review", "OC-12", "reviewDeadline", june(8, 0), "resolved", []string{}},
	{"under-review, standard", "OC-15", "drawDeadline", june(5, 12), "resolved", []string{}},
	{"under-review, standard, drawn", "OC-15", "votingDeadline", june(5, 18), "resolved", []string{}},
	{"disputed", "OC-15", "drawDeadline", june(8, 0), "resolved", []string{}},
	{"disputed, drawn", "OC-15", "votingDeadline", june(8, 6), "resolved", []string{}},
	{"disputed, last vote", "OC-15", "votingDeadline", june(8, 6), "resolved", []string{}},
}

// TestAdvance applies each deadline when it is due, and not before; being late
// changes nothing.
func TestAdvance(t *testing.T) {
	for _, c := range timeTable {
		t.Run(c.place, func(t *testing.T) {
			k := workAt(t, c.place)
			e := k.at(c.at.Add(-1)).refused(escrow.NothingDue, escrow.Advance{}, byStranger)
			assert.Equal(t, c.moment, e.Details()["deadline"])
			at, _ := e.Deadline()
			assert.True(t, at.Equal(c.at), "the refusal says when to come back")
			onTime, err := k.at(c.at).ask(escrow.Advance{}, byStranger)
			require.NoError(t, err)
			d := k.at(c.at.Add(1000*time.Hour)).do(escrow.Advance{}, byStranger)
			assert.Equal(t, jsonOf(t, onTime), jsonOf(t, d), "late is on time")
			assert.Equal(t, c.rule, d.Rule)
			assert.Equal(t, c.to, d.To)
			assert.True(t, d.At().Equal(c.at))
			assert.Equal(t, c.moves, moves(d))
			k.refused(escrow.NothingDue, escrow.Advance{}, byStranger)
		})
	}
}

// TestNothingDueNamesItsRule: the refusal names the rule that it concerns: the
// one that will apply, none when none will.
func TestNothingDueNamesItsRule(t *testing.T) {
	for _, c := range timeTable {
		k := workAt(t, c.place)
		assert.Equal(t, c.rule, k.refused(escrow.NothingDue, escrow.Advance{}, byStranger).Rule(), c.place)
		option := k.options(byStranger)["advance"]
		assert.Equal(t, option.Rule, option.Obstacles[0].Rule(), "%s: an option and its obstacle", c.place)
	}
	assert.Empty(t, workAt(t, "settled-fully-met").refused(escrow.NothingDue, escrow.Advance{}, byStranger).Rule())
	assert.Empty(t, trainAt(t, "active").refused(escrow.NothingDue, escrow.Advance{}, byStranger).Rule())
}

// TestAnyoneAdvances: the parties, strangers and the system alike.
func TestAnyoneAdvances(t *testing.T) {
	for _, who := range []escrow.Actor{byClient, byWorker, byStranger, bySystem, byAnn, byToken} {
		workAt(t, "matched").at(june(6, 0)).do(escrow.Advance{}, who)
		trainAt(t, "proposed").at(june(6, 0)).do(escrow.Advance{}, who)
	}
	k := workAt(t, "matched").at(june(6, 0))
	k.refused(escrow.NoActor, escrow.Advance{}, escrow.Actor{})
}

// TestDueDeadlineDecides: while a deadline is due, what the status would allow
// waits for it; what it would not allow is refused as ever.
func TestDueDeadlineDecides(t *testing.T) {
	k := workAt(t, "created").at(june(4, 0))
	for _, c := range []struct {
		want escrow.Reason
		cmd  escrow.Command
		who  escrow.Actor
	}{
		{escrow.DeadlineDue, escrow.Accept{}, byWorker}, {escrow.DeadlineDue, escrow.Cancel{}, byClient}, {escrow.WrongStatus, escrow.Withdraw{}, byWorker},
		{escrow.NotWorker, escrow.Accept{}, byStranger}, {escrow.DeliveryMissing, escrow.Deliver{}, byWorker}, {escrow.WrongStatus, escrow.Settle{}, bySystem},
	} {
		k.refused(c.want, c.cmd, c.who)
	}
	resolved := workAt(t, "resolved").at(june(30, 0))
	resolved.do(escrow.Settle{}, bySystem)
}

// TestNextDeadline says when time next changes a contract and what it then does.
func TestNextDeadline(t *testing.T) {
	for _, c := range timeTable {
		k := workAt(t, c.place)
		next, ok := escrow.NextDeadline(k.c)
		require.True(t, ok, c.place)
		assert.True(t, next.At.Equal(c.at), c.place)
		assert.Equal(t, c.moment, next.Moment)
		assert.Equal(t, c.rule, next.Then.Rule)
		assert.Equal(t, c.to, next.Then.To)
		assert.Equal(t, c.moves, moves(next.Then))
		d := k.at(c.at).do(escrow.Advance{}, bySystem)
		assert.Equal(t, jsonOf(t, d), jsonOf(t, next.Then))
	}
	next, _ := escrow.NextDeadline(workAt(t, "matched").c)
	assert.JSONEq(t, `{"at":"2026-06-06T00:00:00Z","deadline":"deliveryDeadline","then":`+jsonOf(t, next.Then)+`}`, jsonOf(t, next))
	for _, place := range []string{"resolved", "settled-fully-met", "cancelled-absent"} {
		_, ok := escrow.NextDeadline(workAt(t, place).c)
		assert.False(t, ok, place)
	}
	for _, c := range []escrow.Contract{{}, escrow.OpenContract.Draft(workTerms()), trainAt(t, "active").c, trainAt(t, "ended").c} {
		_, ok := escrow.NextDeadline(c)
		assert.False(t, ok)
	}
}

// TestNextDeadlineOfApprovals: an expiry is a deadline too, also where it blocks
// nothing.
func TestNextDeadlineOfApprovals(t *testing.T) {
	k := trainAt(t, "proposed")
	next, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.Equal(t, "expiresAt", next.Moment)
	assert.Equal(t, "OT-7", next.Then.Rule)
	assert.True(t, next.At.Equal(june(6, 0)))
	k = trainAt(t, "active")
	k.do(escrow.End{}, byToken)
	next, ok = escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.Equal(t, "AP-3", next.Then.Rule)
	assert.Equal(t, escrow.Active, next.Then.To)
}

// TestMaxTime is the instant from which time and the system alone end it.
func TestMaxTime(t *testing.T) {
	for place, want := range map[string]time.Time{
		"created": june(4, 0), "matched": june(6, 0), "under-review": june(8, 0), "under-review, standard": june(5, 12),
		"under-review, standard, drawn": june(5, 18), "disputed": june(8, 0), "disputed, drawn": june(8, 6),
		"resolved": {}, "settled-none-met": {}, "cancelled-by-client": {},
	} {
		k := workAt(t, place)
		horizon, ok := escrow.MaxTime(k.c)
		assert.True(t, ok, place)
		assert.True(t, horizon.Equal(want), "%s: %v", place, horizon)
		if !want.IsZero() {
			k.at(horizon).endAlone()
		}
	}
	for _, c := range []escrow.Contract{{}, escrow.OpenContract.Draft(workTerms()), trainAt(t, "active").c} {
		_, ok := escrow.MaxTime(c)
		assert.False(t, ok)
	}
	horizon, ok := escrow.MaxTime(trainAt(t, "proposed").c)
	assert.True(t, ok, "a proposed hire expires by itself")
	assert.True(t, horizon.Equal(june(6, 0)))
	_, ok = escrow.MaxTime(trainAt(t, "ended").c)
	assert.True(t, ok)
}

// endAlone ends a contract with nothing but time and the system.
func (k *desk) endAlone() {
	for !k.c.IsTerminal() {
		if _, err := k.ask(escrow.Advance{}, bySystem); err == nil {
			k.do(escrow.Advance{}, bySystem)
			continue
		}
		k.do(escrow.Settle{}, bySystem)
	}
	assert.Empty(k, held(k.c))
}

// TestDeadlinesStopAtTheEndOfTime: a window that would leave the years that can
// be written ends with them.
func TestDeadlinesStopAtTheEndOfTime(t *testing.T) {
	year := func(y int) time.Time { return time.Date(y, 12, 31, 23, 59, 59, 0, time.UTC) }
	terms := standardTerms()
	terms.MatchDeadline, terms.WithdrawalDeadline, terms.DeliveryDeadline = year(9997), year(9998), year(9999)
	terms = under(terms, escrow.OpenContract, func(p *escrow.Policy) { p.BAVotingWindow = 5 * 365 * 24 * time.Hour })
	k := newDesk(t, escrow.OpenContract, terms)
	k.do(escrow.Create{}, byClient)
	k.do(escrow.Accept{}, byWorker)
	k.at(year(9998)).do(escrow.Deliver{Delivery: "x"}, byWorker)
	next, ok := escrow.NextDeadline(k.c)
	require.True(t, ok)
	assert.Equal(t, 9999, next.At.Year())
	k.do(draw, bySystem)
	_, err := escrow.ParseContract([]byte(jsonOf(t, k.c)))
	assert.NoError(t, err)
	k.at(next.At).endAlone()
}

// TestMoments: the instants that the rules look at, by name, as far as the
// contract has them; who has seen enough gets no more.
func TestMoments(t *testing.T) {
	momentsOf := func(c escrow.Contract, most int) (list []string) {
		for name, at := range c.Moments() {
			list = append(list, name+" "+at.Format("01-02T15"))
			if len(list) == most {
				break
			}
		}
		return list
	}
	work := workAt(t, "matched").c
	assert.Equal(t, []string{"matchDeadline 06-04T00", "withdrawalDeadline 06-05T00", "deliveryDeadline 06-06T00", "reviewDeadline 06-08T00"}, momentsOf(work, 9))
	assert.Equal(t, []string{"matchDeadline 06-04T00"}, momentsOf(work, 1))
	assert.Empty(t, momentsOf(escrow.Contract{}, 9))
	assert.Len(t, momentsOf(trainAt(t, "proposed").c, 9), 1, "an expiry is told once")

	k := trainAt(t, "active, m2 not funded")
	k.do(escrow.ApproveMilestone{MilestoneID: "m1"}, byToken)
	k.do(escrow.DeclineApproval{ApprovalID: k.approval()}, byAnn)
	k.at(k.now.Add(time.Hour)).do(escrow.FundMilestone{MilestoneID: "m2"}, byToken)
	k.do(escrow.End{}, byToken)
	expiry := "expiresAt " + k.c.Approvals()[1].ExpiresAt.Format("01-02T15")
	assert.Equal(t, []string{expiry, expiry}, momentsOf(k.c, 9), "of those that are pending")
	assert.Equal(t, []string{expiry}, momentsOf(k.c, 1))
}

// TestMaxTimeIsWithoutParties: neither what anyone may do nor what the system may
// do for a while ends a contract for certain.
func TestMaxTimeIsWithoutParties(t *testing.T) {
	for name, by := range map[string]escrow.Rule{
		"anyone":             {By: escrow.Anyone},
		"the system, before": {By: escrow.System, Window: escrow.Before(escrow.MatchDeadline)},
		"the system":         {By: escrow.System},
	} {
		by.ID, by.On, by.From, by.To = "R-9", escrow.Settle{}, escrow.In("open"), "closed"
		by.Money = escrow.Money{escrow.All(escrow.Escrow, escrow.Client)}
		l, err := escrow.Define(table(extra(by)))
		require.NoError(t, err)
		k := newDesk(t, l, escrow.Terms{ID: "x", Client: "0xClient", Price: workTerms().Price, Data: bounty{}, MatchDeadline: june(4, 0)})
		k.do(escrow.Create{}, byClient)
		_, ok := escrow.MaxTime(k.c)
		assert.Equal(t, name == "the system", ok, name)
	}
}
