package pages

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/internal/diagram"
	"github.com/escrow-go/escrow/internal/reading"
)

// mostEvents is how many decisions a page tells.
const mostEvents = 50

// timelineView is what has happened, the latest first.
type timelineView struct {
	Events []eventView
	// Moved is the money that they moved, the latest first.
	Moved []movedView
	// Earlier and Later are where older and newer decisions are told, empty without such.
	Earlier, Later string

	// steps are the ways between statuses that were taken, oldest first.
	steps []diagram.Decision
}

// movedView is a movement and when it was.
type movedView struct {
	moveView
	At instantView
}

// eventView is a decision as it is told.
type eventView struct {
	Revision           string
	What, Rule, By     string
	From, To           string
	Changed, Pending   bool
	At                 instantView
	Facts              []factView
	Moves              []moveView
	Role, Account      string
	You, System, Timed bool
}

// timeline reads a part of the history: the latest, or what came before ?until=.
func (v *visit) timeline(c scene) (timelineView, error) {
	stored := c.Revision()
	if len(c.due) > 0 { // numbers go on through what is due
		stored -= uint64(len(c.due))
	}
	until := stored
	if asked, err := strconv.ParseUint(v.r.FormValue("until"), 10, 64); err == nil && asked < stored {
		until = asked
	}
	var after uint64
	if until > mostEvents {
		after = until - mostEvents
	}
	entries, err := v.Runner.Store.History(v.ctx(), c.ID(), after, int(until-after))
	if err != nil {
		return timelineView{}, err
	}
	states, err := v.payments(c.ID())
	if err != nil {
		return timelineView{}, err
	}
	var t timelineView
	own := v.hasApprovals(c.Contract)
	for i := range entries {
		e := &entries[i]
		t.steps = append(t.steps, diagram.Decision{From: e.From, To: e.To, Rule: ruleOf(e.Rule, e.Executes), ByTime: e.Action == escrow.Time.Action()})
		if v.mayKnow(c.Contract, e, own) {
			t.Events = append(t.Events, v.event(c.Contract, e, states))
		}
	}
	if until == stored {
		for i := range c.due {
			d := &c.due[i]
			t.steps = append(t.steps, diagram.Decision{From: d.From, To: d.To, Rule: ruleOf(d.Rule, d.Executes), ByTime: true})
			if own || d.Rule != expiryRule {
				t.Events = append(t.Events, v.dueEvent(c.Contract, d))
			}
		}
	} else {
		t.Later = stamp(min(until+mostEvents, stored))
	}
	if after > 0 {
		t.Earlier = stamp(after)
	}
	slices.Reverse(t.Events)
	for i := range t.Events {
		for _, m := range t.Events[i].Moves {
			t.Moved = append(t.Moved, movedView{m, t.Events[i].At})
		}
	}
	return t, nil
}

func ruleOf(rule, executes string) string {
	if executes != "" {
		return executes
	}
	return rule
}

// payments returns how far the payments of a contract are, by the ids of movements.
func (v *visit) payments(id string) (map[string]string, error) {
	list, err := v.Runner.Store.PaymentsOf(v.ctx(), id)
	states := map[string]string{}
	for _, p := range list {
		states[p.ID] = map[escrowsql.PaymentState]string{escrowsql.PaymentWaiting: "on its way", escrowsql.PaymentReview: "under review",
			escrowsql.PaymentDone: "paid", escrowsql.PaymentDead: "stopped: the operators look at it"}[p.State]
	}
	return states, err
}

// hasApprovals reports whether any approval of the contract is the person's to know.
func (v *visit) hasApprovals(c escrow.Contract) bool {
	return v.Person.Operator || slices.ContainsFunc(c.Approvals(), func(a escrow.Approval) bool { return v.concerned(&a) })
}

// mayKnow reports whether a decision is told to the person: what an account's own people
// ask each other is nobody else's, until something follows from it.
func (v *visit) mayKnow(c escrow.Contract, e *escrowsql.Entry, own bool) bool {
	switch {
	case v.Person.Operator || e.From != e.To || len(e.Movements) > 0 || e.Executes != "" || reading.AccountOf(e.Actor) == v.own():
		return true
	case answers[e.Action] || e.Rule == expiryRule:
		return own
	}
	for _, r := range reading.Spec(c.Lifecycle()).Rules {
		if r.ID == e.Rule && r.CoSign.Type != "" && len(r.CoSign.From) == 0 {
			return false
		}
	}
	return true
}

// answers are the actions on approvals, expiryRule the one that records what has run out.
var answers = map[escrow.Action]bool{"confirm": true, "decline_approval": true, "revoke_confirmation": true}

const expiryRule = "AP-3"

// event tells a stored decision.
func (v *visit) event(c escrow.Contract, e *escrowsql.Entry, states map[string]string) eventView {
	l := c.Lifecycle()
	t := eventView{Revision: stamp(e.Revision), What: label(e.Action), Rule: ruleOf(e.Rule, e.Executes), From: l.Label(e.From), To: l.Label(e.To), Changed: e.From != e.To,
		At: instant(e.At, v.Now), Timed: e.Action == escrow.Time.Action(), System: e.Actor.Kind == escrow.KindSystem}
	if !answers[e.Action] {
		t.Facts = carried(l, e.Command, c.Asset())
	}
	t.Account = reading.AccountOf(e.Actor)
	t.You, t.Role = t.Account == v.own() && !t.System, roleOf(c, e.Actor)
	for i := range e.Movements {
		m := &e.Movements[i]
		t.Moves = append(t.Moves, moveView{Sum: sumOf(m.Amount, m.Asset), From: v.accountText(l, m.From), To: v.accountText(l, m.To), Reason: plain(m.Reason), State: states[m.ID]})
	}
	return t
}

// dueEvent tells a decision that is due and not stored yet.
func (v *visit) dueEvent(c escrow.Contract, d *escrow.Decision) eventView {
	l := c.Lifecycle()
	return eventView{What: label(d.Action), Rule: ruleOf(d.Rule, d.Executes), From: l.Label(d.From), To: l.Label(d.To), Changed: d.From != d.To,
		At: instant(d.At(), v.Now), Timed: true, Pending: true, System: true, Moves: v.moves(d)}
}

// roleOf names what an actor is in a contract, empty for nobody known.
func roleOf(c escrow.Contract, actor escrow.Actor) string {
	for _, p := range reading.Spec(c.Lifecycle()).Parties {
		if (p.Account != nil || p.Item != nil) && reading.Acts(p, c.View(), actor) {
			return plain(p.Name)
		}
	}
	return ""
}

// saidView is the answer to what was just asked.
type saidView struct {
	Event *eventView
	// Waits is the approval that is asked for now.
	Waits *waitingView
}

// said tells the decision that ?done= names, as the answer to a form.
func (v *visit) said(c scene) (*saidView, error) {
	n, err := strconv.ParseUint(v.r.FormValue("done"), 10, 64)
	if err != nil || n == 0 {
		return nil, nil
	}
	entries, err := v.Runner.Store.History(v.ctx(), c.ID(), n-1, 1)
	if err != nil || len(entries) == 0 || !v.mayKnow(c.Contract, &entries[0], v.hasApprovals(c.Contract)) {
		return nil, err
	}
	event := v.event(c.Contract, &entries[0], nil)
	said := &saidView{Event: &event}
	for _, w := range v.waiting(c.Contract) {
		if w.ID == v.r.FormValue("waits") {
			said.Waits = &w
		}
	}
	return said, nil
}

// outcome reads what pages need of an answer's body: the revision that came of it, and
// the approval that waits.
func outcome(body []byte) (revision uint64, approval string) {
	var answer struct {
		Decision struct {
			Contract struct{ Revision uint64 }
			Approval struct{ ID, Status string }
		}
	}
	if json.Unmarshal(body, &answer) != nil {
		return 0, ""
	}
	if a := answer.Decision.Approval; a.Status == string(escrow.ApprovalIsPending) {
		approval = a.ID
	}
	return answer.Decision.Contract.Revision, approval
}
