package payoff

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// begin is when every life begins. No number depends on it.
var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// step is one thing that is asked for: a command, or the answer to an approval,
// which is about the latest.
type step struct {
	by     escrow.Actor
	cmd    escrow.Command
	answer func(approval string) escrow.Command
}

// command returns what is asked for, an answer to an approval.
func (s step) command(approval string) escrow.Command {
	if s.answer != nil {
		return s.answer(approval)
	}
	return s.cmd
}

// timed reports whether only time does what the step asks for.
func (s step) timed() bool { return s.command("").Action() == escrow.Time.Action() }

// plan is one way in which a contract can end.
type plan struct {
	name  string
	steps []step
}

// entry is one decision of a life, and what is held after it.
type entry struct {
	at     time.Time
	rules  []string
	status escrow.Status
	moves  []escrow.Movement
	held   []escrow.Holding
	// endless says that nothing bounds how long this step may be waited for.
	endless bool
}

// life is a contract that is played from its draft on.
type life struct {
	contract escrow.Contract
	now      time.Time
	entries  []entry
	rewards  []opencontract.Reward
}

// pace says of a step, by its position, whether it is put off as long as it can be.
type pace func(int) bool

// atOnce is the pace of those who never wait.
func atOnce(int) bool { return false }

// play asks the engine for every step of a plan in turn. The error is the
// engine's refusal.
func play(c Case, steps []step, late pace) (*life, error) {
	l := &life{contract: c.Draft("contract", begin), now: begin}
	return l.goOn(steps, late)
}

// goOn returns the life with more steps; the life itself can go on in other ways.
func (l *life) goOn(steps []step, late pace) (*life, error) {
	next := *l
	next.entries = append(make([]entry, 0, len(l.entries)+len(steps)), l.entries...)
	next.rewards = slices.Clip(l.rewards)
	var turns [2]escrow.Decision
	for i, s := range steps {
		if err := next.take(&turns[i%2], s, late(i)); err != nil {
			return nil, err
		}
		next.contract = turns[i%2].Contract
	}
	if len(steps) > 0 {
		next.contract = turns[(len(steps)-1)%2].Keep()
	}
	return &next, nil
}

// take asks for one step, decided in d, and keeps what follows.
func (l *life) take(d *escrow.Decision, s step, late bool) error {
	approval, endless := "", false
	if s.answer != nil {
		approval = l.latestApproval().ID
	}
	cmd := s.command(approval)
	if s.timed() || late {
		endless = l.wait(s, approval)
	}
	err := escrow.DecideInto(d, &l.contract, cmd, &s.by, escrow.At(l.now))
	switch {
	case err != nil && l.contract.IsDraft():
		return err
	case err != nil:
		return fmt.Errorf("payoff: %s in status %q: %w", cmd.Action(), l.contract.Status(), err)
	}
	e := entry{at: d.At(), rules: []string{d.Rule}, status: d.To, held: d.Contract.Custody(), endless: endless}
	if d.Executes != "" {
		e.rules = append(e.rules, d.Executes)
	}
	for _, m := range d.Movements() {
		e.moves = append(e.moves, m)
	}
	l.entries, l.rewards = append(l.entries, e), append(l.rewards, opencontract.Rewards(*d)...)
	return nil
}

func (l *life) latestApproval() escrow.Approval {
	list := l.contract.Approvals()
	if len(list) == 0 {
		return escrow.Approval{}
	}
	return list[len(list)-1]
}

// wait lets time pass: for an advance to the next deadline, for anything else to
// the last nanosecond in which it is allowed. It reports whether there is none.
// The system does not make anybody wait when nothing bounds it.
func (l *life) wait(s step, approval string) (endless bool) {
	if s.timed() {
		if next, ok := escrow.NextDeadline(l.contract); ok && next.At.After(l.now) {
			l.now = next.At
		}
		return false
	}
	closes := l.closes(s, approval)
	if last := closes.Add(-time.Nanosecond); !closes.IsZero() && last.After(l.now) {
		l.now = last
	}
	return closes.IsZero() && s.by.Kind != escrow.KindSystem
}

// closes returns when the engine stops allowing a step, the zero time when nothing
// but the contract's end does.
func (l *life) closes(s step, approval string) time.Time {
	x, err := escrow.Explain(l.contract, s.by, escrow.At(l.now))
	if err != nil {
		return time.Time{}
	}
	action := s.command(approval).Action()
	i := slices.IndexFunc(x.Options, func(o escrow.Option) bool {
		return o.Action == action && (approval == "" || o.Target == approval)
	})
	if i < 0 {
		return time.Time{}
	}
	return x.Options[i].Closes
}

// partyOf names whose account it is, "" for one that holds money for the contract.
func partyOf(a escrow.Account) string {
	switch {
	case a.Custody:
		return ""
	case a.ID != "":
		return a.ID
	}
	return a.String()
}

// sum adds up the movements that are picked.
func (l *life) sum(picked func(*escrow.Movement) bool) *big.Int {
	total := new(big.Int)
	for i := range l.entries {
		for j := range l.entries[i].moves {
			if m := &l.entries[i].moves[j]; picked(m) {
				total.Add(total, m.Amount.BigInt())
			}
		}
	}
	return total
}

// paid returns what a party has put in, got what it has received.
func (l *life) paid(party string) *big.Int {
	return l.sum(func(m *escrow.Movement) bool { return partyOf(m.From) == party })
}

func (l *life) got(party string) *big.Int {
	return l.sum(func(m *escrow.Movement) bool { return partyOf(m.To) == party })
}

// net returns what a party has more at the end than at the beginning.
func (l *life) net(party string) *big.Int {
	n := l.got(party)
	return n.Sub(n, l.paid(party))
}
