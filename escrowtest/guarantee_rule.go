package escrowtest

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
)

// rule checks G7: the decision is made by a row of the table that is for the
// command, starts where the contract stood, leads where it went, and names the
// actor.
func (v *violations) rule(s *Step) {
	a, law := &s.Answer, s.Before.Lifecycle()
	if a.Rule == "" || law == nil {
		return
	}
	if a.From != s.Before.Status() {
		v.add("G7", "%s starts from %s, and the contract is %s", a.Rule, label(a.From), label(s.Before.Status()))
	}
	if strings.HasPrefix(a.Rule, "AP-") {
		v.answered(s)
		return
	}
	rows := rowsOf(law, a.Rule, s.Command.Action())
	if len(rows) == 0 {
		v.add("G7", "no rule %s of %s is for %s", a.Rule, law.Name(), s.Command.Action())
		return
	}
	if !slices.ContainsFunc(rows, func(r *escrow.Rule) bool { return leads(r, a) }) {
		v.add("G7", "%s does not lead from %s to %s", a.Rule, label(a.From), label(a.To))
	}
	if !slices.ContainsFunc(rows, func(r *escrow.Rule) bool { return names(r.By.String(), s) }) {
		v.add("G7", "%s is for %s, and %s asks", a.Rule, rows[0].By, nameOf(s.Actor))
	}
	v.window(s, rows)
	v.coSigned(s, rows)
}

// rowsOf returns the rows of a rule for an action.
func rowsOf(law *escrow.Lifecycle, rule string, action escrow.Action) (rows []*escrow.Rule) {
	spec := specOf(law)
	for i := range spec.Rules {
		if r := &spec.Rules[i]; r.ID == rule && r.On.Action() == action {
			rows = append(rows, r)
		}
	}
	return rows
}

// specOf returns the table of a lifecycle, which is copied once.
func specOf(law *escrow.Lifecycle) *escrow.Spec {
	if known, ok := specs.Load(law); ok {
		return known.(*escrow.Spec)
	}
	spec := law.Spec()
	known, _ := specs.LoadOrStore(law, &spec)
	return known.(*escrow.Spec)
}

var specs sync.Map

// leads reports whether a row leads where an answer does, or waits there for a
// co-signature.
func leads(r *escrow.Rule, a *Answer) bool {
	if !slices.Contains(r.From, a.From) {
		return false
	}
	waits := r.CoSign.Type != "" && (a.To == a.From || a.To == r.CoSign.While)
	return a.To == r.To || r.To == escrow.Same && a.To == a.From || waits
}

// names reports whether a party's name covers the actor of a step. What only a
// lifecycle from outside knows by name is believed.
func names(party string, s *Step) bool {
	account, system := accountOf(s.Actor), s.Actor.Kind == escrow.KindSystem
	switch party {
	case escrow.Anyone.String():
		return true
	case escrow.System.String():
		return system
	case escrow.Client.String():
		return !system && account == s.Before.Client()
	case escrow.Worker.String():
		return !system && account == s.Before.Worker()
	case escrow.BackupAgent.String():
		return !system && slices.Contains(s.Before.BackupAgents(), account)
	case escrow.AnyoneButClient.String():
		return !system && account != s.Before.Client()
	case escrow.Owner.String():
		return account == s.Before.Client() && (s.Actor.Kind == escrow.KindToken || s.Actor.Kind == escrow.KindHuman)
	}
	return !system
}

// window checks the half-open windows of G6: what a moment closes happens before
// it, what it opens happens at or after it.
func (v *violations) window(s *Step, rows []*escrow.Rule) {
	for _, r := range rows {
		before, closes := strings.CutPrefix(r.Window.String(), "before ")
		if !closes || !slices.Contains(r.From, s.Answer.From) {
			continue
		}
		if at, ok := moment(&s.Before, before); ok && !s.Now.Before(at) {
			v.add("G6", "%s is open before %s, and was taken at %s", r.ID, at.Format(time.RFC3339Nano), s.Now.Format(time.RFC3339Nano))
		}
	}
}

// moment returns the named moment of a contract.
func moment(c *escrow.Contract, name string) (time.Time, bool) {
	for n, at := range c.Moments() {
		if n == name {
			return at, true
		}
	}
	return time.Time{}, false
}

// time checks G6: a due deadline decides at its own instant, the earliest first
// and however late it is applied; nothing else happens while one is due; and
// what is asked happens when it is asked.
func (v *violations) time(s *Step) {
	_, advance := s.Command.(escrow.Advance)
	next, waits := escrow.NextDeadline(s.Before)
	due := waits && !s.Now.Before(next.At)
	switch at := s.Answer.At; {
	case advance && !due:
		v.add("G6", "nothing is due, and advance is accepted")
	case advance && !at.IsZero() && !at.Equal(next.At):
		v.add("G6", "%s fell due at %s, and was applied as of %s", next.Moment, next.At.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano))
	case advance && s.Answer.To != next.Then.To:
		v.add("G6", "%s leads to %s, and was applied to %s", next.Moment, label(next.Then.To), label(s.Answer.To))
	case !advance && due && next.Then.From != next.Then.To:
		v.add("G6", "%s is due, and %s is accepted", next.Moment, s.Command.Action())
	case !advance && !at.IsZero() && !at.Equal(s.Now):
		v.add("G6", "asked at %s, and decided as of %s", s.Now.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano))
	}
}
