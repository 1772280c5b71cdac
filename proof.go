package escrow

import (
	"errors"
	"fmt"
)

// custody is what the proof knows of the pots in a status: which may hold money,
// which surely were filled and which may have been paid out. A status that no
// path has reached yet is bottom.
type custody struct {
	reached        bool
	may, has, paid potSet
}

// join merges what two paths into the same status know.
func (a custody) join(b custody) custody {
	switch {
	case !a.reached:
		return b
	case !b.reached:
		return a
	}
	return custody{true, a.may | b.may, a.has & b.has, a.paid | b.paid}
}

// prove follows every pot through the statuses until nothing new is learnt, and
// returns what is wrong with the table. What it learns is which pots each status
// holds: custody is implied by it, and need not be stored.
func (l *Lifecycle) prove() (faults []error) {
	at := make([]custody, len(l.statuses))
	at[0].reached = true
	for changed := true; changed; {
		changed = false
		for i := range l.rules {
			for s := range l.statuses {
				changed = l.step(at, &l.rules[i], s, func(error) {}) || changed
			}
		}
	}
	for i := range l.rules {
		r := &l.rules[i]
		for s := range l.statuses {
			l.step(at, r, s, func(fault error) {
				faults = append(faults, fmt.Errorf("rule %s from %s: %w", r.ID, l.statuses[s].label(), fault))
			})
		}
	}
	l.held, l.sure = make([]potSet, len(at)), make([]potSet, len(at))
	for s := range at {
		l.held[s], l.sure[s] = at[s].may, at[s].has
	}
	return append(faults, l.dead(at)...)
}

// step takes one rule from one status, tells what is wrong with it, and reports
// whether its destinations learnt anything.
func (l *Lifecycle) step(at []custody, r *rule, s int, fault func(error)) (changed bool) {
	if !r.starts(uint8(s)) || !at[s].reached {
		return false
	}
	reach := func(to int, c custody) {
		if l.terminal&(1<<to) != 0 && c.may != 0 {
			fault(fmt.Errorf("leaves money in terminal status %s: %s", l.statuses[to], c.may))
			return
		}
		if merged := at[to].join(c); merged != at[to] {
			at[to], changed = merged, true
		}
	}
	if r.CoSign.While != "" {
		reach(l.indexOf(r.CoSign.While), at[s])
	}
	if r.CoSign.Declined != "" && r.CoSign.While != "" {
		reach(l.indexOf(r.CoSign.Declined), at[l.indexOf(r.CoSign.While)])
	}
	to := s
	if r.to != sameStatus {
		to = int(r.to)
	}
	from := at[s]
	for _, c := range r.When {
		from.may &^= c.empty
		from.has &^= c.empty
	}
	reach(to, from.after(r.Money, fault))
	return changed
}

// after returns what the pots hold once the steps are done.
func (c custody) after(steps []Step, fault func(error)) custody {
	for i := range steps {
		s := &steps[i]
		pot := s.pot.kind
		switch {
		case s.kind == stepCharge:
		case s.kind == stepDeposit:
			if pot.single() && c.may.has(pot) {
				fault(fmt.Errorf("fills %s, which may hold money already", s.pot.name))
			}
			c.may |= pot.set()
			if pot.single() {
				c.has |= pot.set()
				c.paid &^= pot.set()
			}
		case !c.may.has(pot):
			fault(fmt.Errorf("pays %s before it is filled", s.pot.name))
		case pot.single() || s.pot.each:
			c.may &^= pot.set()
			c.has &^= pot.set()
			if pot.single() {
				c.paid |= pot.set()
			}
		}
	}
	return c
}

// dead returns the statuses that nothing reaches, the terminal ones that are
// left again, and those in which money is locked.
func (l *Lifecycle) dead(at []custody) (faults []error) {
	for s, status := range l.statuses {
		if !at[s].reached {
			faults = append(faults, fmt.Errorf("status %s: nothing reaches it", status))
			continue
		}
		// What was posted stays in the snapshot, so a status says for all ways
		// into it whether a pot still holds it.
		if torn := at[s].may & at[s].paid; torn != 0 {
			faults = append(faults, fmt.Errorf("status %s: holds %s on one way into it and has paid it out on another", status, torn))
		}
		leaves, alone, ends := l.exits(uint8(s))
		switch {
		case l.terminal&(1<<s) != 0:
			if leaves {
				faults = append(faults, fmt.Errorf("status %s: is terminal, and a rule leaves it", status))
			}
		case !leaves:
			faults = append(faults, fmt.Errorf("status %s: is not terminal, and no rule leaves it", status.label()))
		case at[s].may != 0 && !alone && !ends:
			faults = append(faults, fmt.Errorf("status %s: holds %s, and neither time nor the system leaves it", status, at[s].may))
		}
	}
	if l.terminal == 0 {
		faults = append(faults, errors.New("has no terminal status"))
	}
	return faults
}

// exits reports whether any rule leaves a status, or starts from a terminal one, whether time or the system
// alone does, and whether the open-ended party can end it from there at any time.
func (l *Lifecycle) exits(s uint8) (leaves, alone, ends bool) {
	for i := range l.rules {
		r := &l.rules[i]
		if !r.starts(s) || l.terminal&(1<<s) == 0 && (r.to == sameStatus || r.to == s) {
			continue
		}
		leaves = true
		if r.to == sameStatus {
			continue
		}
		alone = alone || r.action == actionAdvance || r.By.kind == partySystem && r.Window.kind == windowAlways
		ends = ends || r.By.kind == l.spec.OpenEnded.kind && r.Window.kind == windowAlways && l.terminal&(1<<r.to) != 0
	}
	return leaves, alone, ends
}

// String lists the pots of the set.
func (s potSet) String() string {
	text := ""
	for k := range potKinds {
		if s.has(k) {
			if text != "" {
				text += ", "
			}
			text += accountNames[k.account().kind]
		}
	}
	return text
}
