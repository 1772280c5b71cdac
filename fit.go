package escrow

import (
	"fmt"
	"reflect"
	"slices"
)

// fit is what a word expects of the rule it stands in: the type of the command
// and of the lifecycle's own data, nil for any.
type fit struct{ command, data reflect.Type }

func fitCommand[C Command]() fit { return fit{command: reflect.TypeFor[C]()} }

func fitData[D comparable]() fit { return fit{data: reflect.TypeFor[D]()} }

func fitBoth[D comparable, C Command]() fit {
	return fit{command: reflect.TypeFor[C](), data: reflect.TypeFor[D]()}
}

// word is a part of a rule that has a name and expectations.
type word interface {
	fmt.Stringer
	fits() fit
}

func (p Party) fits() fit  { return p.fit }
func (c Case) fits() fit   { return c.fit }
func (m Moment) fits() fit { return m.fit }
func (n Need) fits() fit   { return n.fit }
func (e Effect) fits() fit { return e.fit }
func (s Sum) fits() fit    { return s.fit }

// words returns every word of a rule.
func (r *Rule) words() []word {
	list := append([]word{r.By, r.Window.moment}, words(r.By.either)...)
	list = append(append(append(list, words(r.When)...), words(r.Needs)...), words(r.allSets())...)
	for i := range r.Money {
		list = append(list, r.Money[i].sum)
	}
	return list
}

func words[T word](list []T) []word {
	out := make([]word, len(list))
	for i, w := range list {
		out[i] = w
	}
	return out
}

// misfit returns the first word of a rule that does not belong there: one for
// another command or other data, or one that needs something else in the rule.
// Without it a word would meet a command that it cannot read.
func (l *Lifecycle) misfit(r *Rule) error {
	on := reflect.TypeOf(r.On)
	for _, w := range r.words() {
		f := w.fits()
		if f.command != nil && f.command != on {
			return fmt.Errorf("%s: is for the command %s", w, f.command.Name())
		}
		if f.data != nil && f.data != l.data {
			return fmt.Errorf("%s: is for data of type %s", w, f.data)
		}
	}
	for _, e := range r.allSets() {
		if fault := e.misfit(r); fault != nil {
			return fmt.Errorf("%s: %w", e, fault)
		}
	}
	for i := range r.Money {
		if fault := r.Money[i].misfit(r); fault != nil {
			return fmt.Errorf("%s: %w", r.Money[i], fault)
		}
	}
	return nil
}

// misfit returns what an effect misses in its rule.
func (e *Effect) misfit(r *Rule) error {
	switch e.kind {
	case effectVotes:
		return r.asksAgents()
	case effectFirstMilestone:
		return r.demands(HireInOrder)
	case effectFund, effectPay:
		return r.namesMilestone()
	}
	return nil
}

// misfit returns what a step misses in its rule.
func (s *Step) misfit(r *Rule) error {
	moves := s.kind != stepCharge && !s.pot.each
	switch {
	case s.kind <= stepCharge && s.sum.kind == sumMilestone, moves && s.pot.kind == potMilestone:
		return r.namesMilestone()
	case moves && s.pot.kind == potBackupBond, s.first.kind == partyBackupAgent && !s.pot.each:
		return r.asksAgents()
	case s.kind == stepSplit && s.share.kind == shareVotes && s.pot != Each(BackupBond),
		s.kind == stepSplit && s.share.kind == shareDisposition && s.pot != Each(MilestonePot):
		return fmt.Errorf("%s does not divide %s", s.share.name, s.pot.name)
	case s.second.kind == partyBackupAgent || s.feeTo.kind == partyBackupAgent:
		return fmt.Errorf("a backup agent is paid first")
	}
	return nil
}

// asksAgents returns an error unless the rule is for backup agents alone.
func (r *Rule) asksAgents() error {
	if r.By.kind != partyBackupAgent {
		return fmt.Errorf("only a rule by a backup agent knows whose bond and votes are meant")
	}
	return nil
}

// namesMilestone returns an error unless the rule's command names a milestone
// that is known to exist: a hire its first, the others by [MilestoneKnown].
func (r *Rule) namesMilestone() error {
	switch r.On.(type) {
	case Hire:
		if slices.ContainsFunc(r.allSets(), func(e Effect) bool { return e.kind == effectFirstMilestone }) {
			return nil
		}
		return fmt.Errorf("a hire needs the effect: %s", FirstMilestoneAgreed)
	case FundMilestone, ApproveMilestone:
		return r.demands(MilestoneKnown)
	}
	return fmt.Errorf("the command names no milestone")
}

func (r *Rule) demands(n Need) error {
	if slices.ContainsFunc(r.Needs, func(has Need) bool { return has.kind == n.kind }) {
		return nil
	}
	return fmt.Errorf("needs: %s", n)
}
