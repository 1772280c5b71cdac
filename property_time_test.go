package escrow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"pgregory.net/rapid"
)

// advance is what time asks for.
var advance = by(escrow.SystemActor(), escrow.Advance{})

// at returns the scene at another time.
func at(s scene, now time.Time) scene { return scene{Contract: s.Contract, Now: now} }

// G4: every contract has a horizon, but for drafts and for OpenTrain's active
// contracts, which are their client's to end. An instant before it, advance and
// settle alone cannot end the contract; from it on they can, also at the end of
// time.
func TestG4TimeHorizon(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			horizon, ok := escrow.MaxTime(s.Contract)
			switch {
			case ok == (s.Contract.IsDraft() || s.Contract.Status() == escrow.Active):
				t.Fatalf("%s has horizon %v", s.Contract.Status(), ok)
			case ok && horizon.After(s.Now) && endsAlone(at(s, horizon.Add(-1))):
				t.Fatalf("%s ends before its horizon %s", s.Contract.Status(), horizon)
			case ok && !endsAlone(at(s, endOfTime)):
				t.Fatalf("%s does not end", s.Contract.Status())
			}
		}
	})
}

// endsAlone reports whether advance and settle by the system bring a contract to
// a terminal status at an instant.
func endsAlone(s scene) bool {
	for range s.Contract.Lifecycle().Statuses() {
		q := asked(s, advance)
		if !q.accepted() {
			q = asked(s, by(escrow.SystemActor(), escrow.Settle{}))
		}
		s = q.after()
	}
	return s.Contract.IsTerminal()
}

// G6: advancing late is advancing on time; stepping through deadlines is jumping
// over them; advancing twice is advancing once.
func TestG6TimeIsIdempotent(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		s := drawn(t, l.scenes())
		until := escrowtest.Instants(s).Draw(t, "until")
		stepped, jumped := &tale{contract: s.Contract}, &tale{contract: s.Contract}
		stepped.step(until)
		jumped.jump(until)
		if a, b := stepped.String(), jumped.String(); a != b {
			t.Fatalf("stepping gives\n%s\njumping to %s gives\n%s", a, until, b)
		}
		if q := asked(scene{Contract: jumped.contract, Now: until}, advance); q.reason() != escrow.NothingDue {
			t.Fatalf("once more: %s", q)
		}
	})
}

// G6: a deadline is what NextDeadline says it is: nothing is due an instant
// before, at the instant advance makes the decision that it shows, and later the
// same. Only expiries that have passed meanwhile are recorded together.
func TestG6NextDeadline(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			next, ok := escrow.NextDeadline(s.Contract)
			if !ok {
				if q := asked(at(s, endOfTime), advance); q.reason() != escrow.NothingDue {
					t.Fatalf("no deadline is next, but %s", q)
				}
				continue
			}
			due := next.At
			if next.Then.Rule != "AP-3" && due.Year() < 9999 {
				due = due.Add(drawn(t, []time.Duration{0, time.Hour}))
			}
			early, late := asked(at(s, next.At.Add(-1)), advance), asked(at(s, due), advance)
			want := string(escrow.AppendAnswer(nil, &next.Then, nil))
			if early.reason() != escrow.NothingDue || late.answer() != want || !late.decision.At().Equal(next.At) {
				t.Fatalf("%s at %s, but %s, then %s", next.Moment, next.At, early, late)
			}
		}
	})
}

// G6: all windows are half-open. What parties may do before the deadline of a
// status they may do an instant before it; at the instant the deadline decides.
func TestG6WindowsAreHalfOpen(t *testing.T) {
	everyLifeOf(t, taskPlay, func(t *rapid.T, l *life) {
		for _, s := range l.scenes() {
			next, waits := escrow.NextDeadline(s.Contract)
			if !waits {
				continue
			}
			// At the founding nothing is due yet, and nobody would send advance.
			for _, m := range l.play.Moves(t, at(s, s.Contract.CreatedAt())) {
				shuts, shut := next.At, escrow.DeadlineDue
				end := s.Contract.Terms().WithdrawalDeadline
				if _, withdraw := m.Command.(escrow.Withdraw); withdraw && end.Before(next.At) {
					shuts, shut = end, escrow.WindowClosed
				}
				if q := asked(at(s, shuts.Add(-1)), m); !q.accepted() {
					t.Fatalf("in time, but %s", q)
				}
				if q := asked(at(s, shuts), m); q.reason() != shut {
					t.Fatalf("not in time, but %s", q)
				}
			}
		}
	})
}

// G6: what becomes of a contract depends on when things were asked, never on how
// late a scheduler ran: one that advances at every instant, one that advances
// before every question and one that advances only when a question was refused
// tell the same tale.
func TestG6SchedulersAgree(t *testing.T) {
	everyLife(t, func(t *rapid.T, l *life) {
		eager := l.retold(func(tale *tale, q *question) { tale.step(q.Now); tale.ask(q) })
		lazy := l.retold(func(tale *tale, q *question) { tale.jump(q.Now); tale.ask(q) })
		sloppy := l.retold(func(tale *tale, q *question) {
			if !tale.ask(q) {
				tale.jump(q.Now)
				tale.ask(q)
			}
		})
		if eager != lazy || eager != sloppy {
			t.Fatalf("eager:\n%s\nlazy:\n%s\nsloppy:\n%s", eager, lazy, sloppy)
		}
	})
}

// tale is what a life comes to: transitions with their times and money, and how
// the contract stands in the end.
type tale struct {
	contract escrow.Contract
	lines    []string
}

// move asks something, and goes on with the decision.
func (tl *tale) move(now time.Time, m move) bool {
	q := asked(scene{Contract: tl.contract, Now: now}, m)
	if !q.accepted() {
		return false
	}
	d := &q.decision
	tl.contract = d.Contract
	if d.From != d.To || d.NumMovements() > 0 {
		line := fmt.Sprint(d.Rule, d.Executes, " ", d.From, " ", d.To, " ", d.At())
		for _, m := range d.Movements() {
			line += " " + m.String()
		}
		tl.lines = append(tl.lines, line)
	}
	return true
}

// mostAdvances is more than any contract of a life has deadlines and approvals.
const mostAdvances = 100

// step advances at the very instant of every deadline.
func (tl *tale) step(until time.Time) {
	for range mostAdvances {
		next, ok := escrow.NextDeadline(tl.contract)
		if !ok || next.At.After(until) || !tl.move(next.At, advance) {
			return
		}
	}
	tl.lines = append(tl.lines, "advances without end")
}

// jump advances only now.
func (tl *tale) jump(until time.Time) {
	for range mostAdvances {
		if !tl.move(until, advance) {
			return
		}
	}
	tl.lines = append(tl.lines, "advances without end")
}

// ask asks a life's question again. Approvals are meant by their position: their
// ids count revisions.
func (tl *tale) ask(q *question) bool {
	m := q.move
	switch cmd := m.Command.(type) {
	case escrow.Advance:
		return true
	case escrow.Confirm:
		cmd.ApprovalID = tl.sameApproval(q, cmd.ApprovalID)
		m.Command = cmd
	case escrow.DeclineApproval:
		m.Command = escrow.DeclineApproval{ApprovalID: tl.sameApproval(q, cmd.ApprovalID)}
	}
	return tl.move(q.Now, m)
}

func (tl *tale) sameApproval(q *question, id string) string {
	list := tl.contract.Approvals()
	for i, a := range q.Contract.Approvals() {
		if a.ID == id && i < len(list) {
			return list[i].ID
		}
	}
	return id
}

// retold lives a life again under a scheduler, and returns the tale.
func (l *life) retold(schedule func(*tale, *question)) string {
	tl := &tale{contract: l.Begin}
	for _, q := range l.questions {
		schedule(tl, q)
	}
	tl.jump(l.Last().Now)
	return tl.String()
}

// String tells everything but revisions and ids.
func (tl *tale) String() string {
	c := &tl.contract
	text := strings.Join(tl.lines, "\n") + fmt.Sprint("\n", c.Status(), c.Custody(), c.CriteriaMet(), c.CreatedAt(), c.EndDate(), c.Milestones())
	for _, a := range c.Approvals() {
		text += fmt.Sprint("\n", a.Type, a.Status, a.CreatedAt, a.ExpiresAt, a.ResolvedAt, a.Hash, a.RequestedBy, a.ConfirmedBy)
	}
	return text
}
