package escrow_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	. "github.com/escrow-go/escrow/declare"
)

// TestNextDeadline says when time next changes a contract, and what it then does.
func TestNextDeadline(t *testing.T) {
	for _, want := range []struct {
		place, moment string
		at            time.Time
		rule          string
		to            Status
	}{
		{"open", "takeBy", june(4, 0), "O-5", "cancelled"},
		{"taken", "shipBy", june(6, 0), "O-8", "cancelled"},
		{"shipped", "checkBy", june(6, 12), "O-10", "received"},
		{"contested", "judgeBy", june(12, 0), "O-13", "cancelled"},
	} {
		k := standing(t, want.place)
		d, ok := escrow.NextDeadline(k.c)
		require.True(t, ok, want.place)
		assert.Equal(t, want.moment, d.Moment)
		assert.True(t, d.At.Equal(want.at), "%s is %s", want.moment, d.At)
		assert.Equal(t, want.rule, d.Then.Rule)
		assert.Equal(t, want.to, d.Then.To)
		k.at(want.at.Add(-1)).refused(escrow.NothingDue, escrow.Advance(), byStranger)
		late := k.at(want.at.AddDate(1, 0, 0)).do(escrow.Advance(), byStranger)
		assert.Equal(t, jsonOf(t, d.Then), jsonOf(t, late), "late is as on time, whoever sends it")
		assert.Contains(t, jsonOf(t, d), `"deadline":"`+want.moment+`","then":{`)
	}
	for _, k := range []*desk{ordered(t, terms()...), standing(t, "received"), {TB: t}} {
		_, ok := escrow.NextDeadline(k.c)
		assert.False(t, ok)
	}
}

// TestWindowsAreHalfOpen: at the exact instant of a deadline, the deadline wins.
func TestWindowsAreHalfOpen(t *testing.T) {
	k := standing(t, "taken").at(june(6, 0).Add(-1))
	_, err := k.ask(shipIt(), bySeller)
	require.NoError(t, err)
	e := k.at(june(6, 0)).refused(escrow.DeadlineDue, shipIt(), bySeller)
	assert.Equal(t, "shipBy", e.Details()["deadline"])
	assert.Equal(t, "2026-06-06T00:00:00Z", e.Details()["at"])
}

// TestADueDeadlineDecides before anything else that the status allows.
func TestADueDeadlineDecides(t *testing.T) {
	k := standing(t, "shipped").at(june(7, 0))
	k.refused(escrow.DeadlineDue, extra("x1", 1), byBuyer)
	e := k.refused(escrow.DeadlineDue, object.Command(), byBuyer)
	at, ok := e.Deadline()
	assert.True(t, ok)
	assert.True(t, at.Equal(june(6, 12)))
	assert.Contains(t, e.Remedy(), "advance")
}

// TestNothingDueSaysWhat comes next, if anything does.
func TestNothingDueSaysWhat(t *testing.T) {
	e := standing(t, "taken").refused(escrow.NothingDue, escrow.Advance(), byBuyer)
	assert.Equal(t, "O-8", e.Rule())
	assert.Equal(t, "shipBy", e.Details()["deadline"])
	k := standing(t, "taken, extra")
	k.do(payFor("x1"), theToken)
	e = k.refused(escrow.NothingDue, escrow.Advance(), byBuyer)
	assert.Equal(t, "AP-3", e.Rule(), "an approval expires first")
	assert.Equal(t, "expiresAt", e.Details()["deadline"])
	e = standing(t, "received").refused(escrow.NothingDue, escrow.Advance(), byBuyer)
	assert.NotContains(t, e.Details(), "deadline")
}

// TestAsOf applies every due deadline, and tells the decisions.
func TestAsOf(t *testing.T) {
	k := standing(t, "taken, extra")
	k.do(payFor("x1"), theToken)
	c, made, err := escrow.AsOf(k.c, june(5, 0))
	require.NoError(t, err)
	assert.True(t, c == k.c)
	assert.Empty(t, made)
	c, made, err = escrow.AsOf(k.c, june(30, 0))
	require.NoError(t, err)
	var rules []string
	for _, d := range made {
		rules = append(rules, d.Rule+" "+d.At().Format("02T15"))
	}
	assert.Equal(t, []string{"O-8 06T00"}, rules, "a deadline takes the expiries before it along")
	assert.True(t, c.Approvals()[0].ResolvedAt.Equal(june(5, 12)))
	stepped, made, err := escrow.AsOf(k.c, june(5, 20))
	require.NoError(t, err)
	assert.Equal(t, "AP-3", made[0].Rule)
	stepped, _, err = escrow.AsOf(stepped, june(30, 0))
	require.NoError(t, err)
	assert.Equal(t, held(c), held(stepped))
	assert.True(t, c.DecidedAt().Equal(stepped.DecidedAt()), "stepping through deadlines is jumping")
	assert.Equal(t, Status("cancelled"), c.Status())
	for _, none := range []escrow.Contract{{}, ordered(t, terms()...).c, c} {
		same, made, err := escrow.AsOf(none, june(30, 0))
		assert.NoError(t, err)
		assert.Empty(t, made)
		assert.True(t, same == none)
	}
	_, _, err = escrow.AsOf(k.c, time.Time{}.AddDate(20000, 0, 0))
	assert.ErrorIs(t, err, escrow.Malformed)
}

// TestSystemWork are the actions that are left to the system now.
func TestSystemWork(t *testing.T) {
	k := standing(t, "contested")
	assert.Equal(t, []escrow.Action{"judge"}, escrow.SystemWork(k.c, june(6, 0)))
	assert.Equal(t, []escrow.Action{"judge"}, escrow.SystemWork(k.c, time.Time{}), "time never runs backwards")
	assert.Empty(t, escrow.SystemWork(k.c, june(12, 0)), "a deadline is due")
	assert.Empty(t, escrow.SystemWork(standing(t, "shipped").c, june(5, 0)))
	assert.Empty(t, escrow.SystemWork(standing(t, "received").c, june(5, 0)))
	assert.Empty(t, escrow.SystemWork(escrow.Contract{}, june(5, 0)))
}

// TestVisible: who may know that a contract exists.
func TestVisible(t *testing.T) {
	for _, c := range []struct {
		place string
		who   escrow.Actor
		want  bool
	}{
		{"open", byBuyer, true}, {"open", bySeller, true}, {"open", byAnn, true}, {"open", theToken, true}, {"open", bySystem, true},
		{"open", byStranger, false}, {"open", escrow.Actor{}, false},
		{"open, unnamed", byStranger, true}, {"open, unnamed", bySystem, true}, {"open, unnamed", byBuyer, true},
		{"taken, unnamed", byStranger, false}, {"taken", byBuyer, true}, {"received", byBuyer, true}, {"received", byStranger, false},
	} {
		assert.Equal(t, c.want, escrow.Visible(standing(t, c.place).c, c.who), "%s to %s", c.place, c.who.ID)
	}
	assert.False(t, escrow.Visible(escrow.Contract{}, byBuyer))
}

// TestMoments are all instants that rules compare the time with.
func TestMoments(t *testing.T) {
	k := standing(t, "shipped")
	k.do(extra("x1", 1), byBuyer)
	k.do(payFor("x1"), theToken)
	var names []string
	at := map[string]time.Time{}
	for name, moment := range k.c.Moments() {
		names, at[name] = append(names, name), moment
	}
	assert.Equal(t, []string{"takeBy", "shipBy", "checkBy", "judgeBy", "expiresAt"}, names)
	assert.True(t, at["checkBy"].Equal(june(6, 12)))
	assert.True(t, at["expiresAt"].Equal(june(6, 0)))
	for stop := 1; stop <= len(names); stop++ {
		n := 0
		for range k.c.Moments() {
			if n++; n == stop {
				break
			}
		}
		assert.Equal(t, stop, n)
	}
	fresh := standing(t, "open")
	for name := range fresh.c.Moments() {
		assert.False(t, slices.Contains([]string{"checkBy", "expiresAt"}, name), "%s is not known yet", name)
	}
}

// TestMaxTime is the instant from which no party is needed.
func TestMaxTime(t *testing.T) {
	for place, want := range map[string]time.Time{"open": june(4, 0), "taken": june(6, 0), "shipped": june(6, 12), "contested": june(12, 0)} {
		at, ok := escrow.MaxTime(standing(t, place).c)
		assert.True(t, ok, place)
		assert.True(t, at.Equal(want), "%s: %s", place, at)
	}
	at, ok := escrow.MaxTime(standing(t, "received").c)
	assert.True(t, ok)
	assert.True(t, at.IsZero())
	for _, c := range []escrow.Contract{{}, ordered(t, terms()...).c} {
		_, ok = escrow.MaxTime(c)
		assert.False(t, ok)
	}
}

// TestExpiriesAreFoldedIn: a decision records the approvals that have expired by its
// own instant, and no others.
func TestExpiriesAreFoldedIn(t *testing.T) {
	k := standing(t, "taken, extra")
	k.do(payFor("x1"), theToken)
	k.at(june(5, 11)).do(extra("x2", 1), byBuyer)
	assert.Equal(t, standings{pending}, k.approvals())
	k.at(june(5, 13)).do(extra("x3", 1), byBuyer)
	assert.Equal(t, standings{expired}, k.approvals())
	a := k.c.Approvals()[0]
	assert.True(t, a.ResolvedAt.Equal(june(5, 12)), "at its own instant")
	k.refused(escrow.ApprovalExpired, escrow.Confirm(a.ID, ""), byAnn)
}

// TestAdvanceRecordsOneInstant of expiries at a time.
func TestAdvanceRecordsOneInstant(t *testing.T) {
	k := standing(t, "taken, extra")
	k.do(extra("x2", 1), byBuyer)
	k.do(payFor("x1"), theToken)
	k.at(june(4, 13)).do(payFor("x2"), theToken)
	d := k.at(june(5, 20)).do(escrow.Advance(), bySystem)
	assert.Equal(t, "AP-3", d.Rule)
	assert.Equal(t, standings{expired, pending}, k.approvals())
	d = k.do(escrow.Advance(), bySystem)
	assert.True(t, d.Contract.DecidedAt().Equal(june(5, 13)))
	k.refused(escrow.NothingDue, escrow.Advance(), bySystem)
}
