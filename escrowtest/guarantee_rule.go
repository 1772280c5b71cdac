package escrowtest

import (
	"slices"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// rule checks G7: the decision is made by a row of the table that is for the
// command, starts where the contract stood, leads where it went, and names the
// actor.
func (v *violations) rule(s *Step) {
	a, l := &s.Answer, s.Before.Lifecycle()
	if a.Rule == "" || l == nil {
		return
	}
	if a.From != s.Before.Status() {
		v.add("G7", "%s starts from %s, and the contract is %s", a.Rule, l.Label(a.From), l.Label(s.Before.Status()))
	}
	if strings.HasPrefix(a.Rule, "AP-") {
		v.answered(s)
		return
	}
	rows := rowsOf(l, a.Rule, s.Command.Action())
	if len(rows) == 0 {
		v.add("G7", "no rule %s of %s is for %s", a.Rule, l.Name(), s.Command.Action())
		return
	}
	if !slices.ContainsFunc(rows, func(r *escrow.Rule) bool { return leads(r, a) }) {
		v.add("G7", "%s does not lead from %s to %s", a.Rule, l.Label(a.From), l.Label(a.To))
	}
	if !slices.ContainsFunc(rows, func(r *escrow.Rule) bool { return reading.Acts(r.By, s.Before.View(), s.Actor) }) {
		v.add("G7", "%s is for %s, and %s asks", a.Rule, rows[0].By, nameOf(s.Actor))
	}
	v.window(s, rows)
	v.coSigned(s, rows)
}

// rowsOf returns the rows of a rule for an action.
func rowsOf(l *escrow.Lifecycle, rule string, action escrow.Action) (rows []*escrow.Rule) {
	spec := reading.Spec(l)
	for i := range spec.Rules {
		if r := &spec.Rules[i]; r.ID == rule && r.On.Action() == action {
			rows = append(rows, r)
		}
	}
	return rows
}

// leads reports whether a row leads where an answer does, or waits there for an
// agreement.
func leads(r *escrow.Rule, a *Answer) bool {
	if !slices.Contains(r.From, a.From) {
		return false
	}
	waits := r.CoSign.Type != "" && (a.To == a.From || a.To == r.CoSign.While)
	return a.To == r.To || r.To == escrow.Same && a.To == a.From || waits
}

// window checks the half-open windows of G6: what a moment closes happens before
// it, what it opens happens at or after it. Rows of one rule may differ in their
// windows; one of them must be open.
func (v *violations) window(s *Step, rows []*escrow.Rule) {
	var shut *escrow.Rule
	for _, r := range rows {
		if r.On == escrow.Time || !slices.Contains(r.From, s.Answer.From) {
			continue
		}
		if s.open(r) {
			return
		}
		shut = r
	}
	if shut != nil {
		v.add("G6", "%s is open %s, and was taken at %s", shut.ID, shut.Window, stamp(s.now()))
	}
}

// open reports whether a row's window is open at the step's time.
func (s *Step) open(r *escrow.Rule) bool {
	item, now := reading.Subject(&s.Before, r, s.Command, reading.AccountOf(s.Actor)), s.now()
	if m := r.Window.Opens; m != nil {
		if at := reading.Moment(&s.Before, item, m); at.IsZero() || now.Before(at) {
			return false
		}
	}
	if m := r.Window.Closes; m != nil {
		if at := reading.Moment(&s.Before, item, m); !at.IsZero() && !now.Before(at) {
			return false
		}
	}
	return true
}

// now is the time that counts for a step: a clock that shows an earlier instant
// than the contract's latest decision counts as showing that.
func (s *Step) now() time.Time { return notBefore(s.Before.DecidedAt(), s.Now) }

// stamp writes an instant.
func stamp(at time.Time) string { return at.Format(time.RFC3339Nano) }

// time checks G6: a due deadline decides at its own instant, the earliest first
// and however late it is applied; nothing else happens while one is due; what is
// asked happens when it is asked; and no instant of a contract ever comes to lie
// before an earlier one.
func (v *violations) time(s *Step) {
	advance, now := s.Command.Action() == actionAdvance, s.now()
	next, due := dueAt(s.Before, now)
	label := s.Before.Lifecycle().Label
	switch at := s.Answer.At; {
	case advance && !due:
		v.add("G6", "nothing is due, and advance is accepted")
	case advance && !at.IsZero() && !at.Equal(next.Then.At()):
		v.add("G6", "%s fell due at %s, and was applied as of %s", next.Moment, stamp(next.Then.At()), stamp(at))
	case advance && s.Answer.To != next.Then.To:
		v.add("G6", "%s leads to %s, and was applied to %s", next.Moment, label(next.Then.To), label(s.Answer.To))
	case !advance && due && next.Then.Rule != ruleExpire:
		v.add("G6", "%s is due, and %s is accepted", next.Moment, s.Command.Action())
	case !advance && !at.IsZero() && !at.Equal(now):
		v.add("G6", "asked at %s, and decided as of %s", stamp(s.Now), stamp(at))
	}
	v.backwards(s)
}

// dueAt returns the deadline that an advance applies at an instant: the first of the
// status, else the first expiry, which blocks nothing.
func dueAt(c escrow.Contract, now time.Time) (due escrow.Deadline, ok bool) {
	for range mostExpiries {
		next, more := escrow.NextDeadline(c)
		if !more || now.Before(next.At) {
			return due, ok
		}
		if !ok || next.Then.Rule != ruleExpire {
			due, ok = next, true
		}
		if next.Then.Rule != ruleExpire {
			return due, ok
		}
		c = next.Then.Contract
	}
	return due, ok
}

// ruleExpire records approvals that have expired; no more than mostExpiries are
// pending.
const (
	ruleExpire   = "AP-3"
	mostExpiries = 1000
)

// backwards checks that time never runs backwards in a contract.
func (v *violations) backwards(s *Step) {
	if at := s.Answer.At; !at.IsZero() && at.Before(s.Before.DecidedAt()) {
		v.add("G6", "decided as of %s, after a decision of %s", stamp(at), stamp(s.Before.DecidedAt()))
	}
	c := s.Answer.Contract
	if c == nil {
		return
	}
	for _, pair := range []struct {
		name          string
		earlier, than time.Time
	}{
		{"decidedAt", s.Before.DecidedAt(), c.DecidedAt()},
		{"enteredAt", s.Before.EnteredAt(), c.EnteredAt()},
		{"createdAt", s.Before.CreatedAt(), c.CreatedAt()},
		{"decidedAt from createdAt on", c.CreatedAt(), c.DecidedAt()},
		{"decidedAt from enteredAt on", c.EnteredAt(), c.DecidedAt()},
	} {
		if pair.than.Before(pair.earlier) {
			v.add("G6", "%s runs back from %s to %s", pair.name, stamp(pair.earlier), stamp(pair.than))
		}
	}
	if !s.Before.IsDraft() && !s.Before.CreatedAt().Equal(c.CreatedAt()) {
		v.add("G6", "createdAt becomes %s", stamp(c.CreatedAt()))
	}
}
