package sample

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// Move is a command and who gives it.
type Move struct {
	Command escrow.Command
	Actor   escrow.Actor
}

// mostPayloads is how many payloads are tried until one is in order.
const mostPayloads = 8

// Try returns a move that a row is for: for one of its actors, with a payload that
// is in order if one is found. There is none for a row of time, or while nobody is
// the party.
func (m *Maker) Try(choose Choose, c escrow.Contract, now time.Time, r *escrow.Rule) []Move {
	actors := m.Actors(c.View(), r.By)
	if r.On == escrow.Time || len(actors) == 0 {
		return nil
	}
	var move Move
	for range mostPayloads {
		move = Move{m.Payload(choose, c, now, r), actors[choose(min(len(actors), 128))]}
		e := Ask(c, move.Command, move.Actor, now)
		if e == nil || len(r.On.Params()) == 0 && r.By.Item == nil || e.Reason() == escrow.WrongStatus && len(r.Being) == 0 {
			break
		}
	}
	return []Move{move}
}

// Payload returns a command of a row's action, about an item that the row is for if
// there is one.
func (m *Maker) Payload(choose Choose, c escrow.Contract, now time.Time, r *escrow.Rule) escrow.Command {
	s := &scene{Maker: m, choose: choose, c: c, item: c.View().At(nil, -1), asset: c.Asset(), at: now, number: m.items(c)}
	ratios := percentages(r)
	parts := shares(choose, len(ratios))
	var values []escrow.Value
	for _, f := range r.On.Params() {
		switch i := slices.Index(ratios, f); {
		case i >= 0:
			values = append(values, escrow.RatioValue(f, parts[i]))
		case f.Kind == escrow.TargetKind:
			values = append(values, escrow.TextOf(f, s.aim(f, r)))
		case !f.Optional || choose(2) == 1:
			values = append(values, s.value(f))
		}
	}
	return r.On.Command(values...)
}

// items counts the items of all lists.
func (m *Maker) items(c escrow.Contract) (n int) {
	for _, l := range m.spec.Lists {
		n += c.View().Len(l)
	}
	return n
}

// percentages are the ratios of a row's command that must add up to one.
func percentages(r *escrow.Rule) (fields []*escrow.Field) {
	for i := range r.Money {
		if s := r.Money[i].Shares; s != nil {
			for _, w := range s.Percentages {
				fields = append(fields, w.Declaration())
			}
		}
	}
	return fields
}

// aim returns the key of an item in a status that the row starts from, if there is
// one, and has values made for it.
func (s *scene) aim(f *escrow.Field, r *escrow.Rule) string {
	v := s.c.View()
	var fit []int
	for i := range v.Len(f.List) {
		if len(r.Being) == 0 || slices.Contains(r.Being, v.At(f.List, i).ItemStatus()) {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 || s.choose(20) == 19 {
		return s.target(f)
	}
	s.item = v.At(f.List, fit[s.choose(min(len(fit), 128))])
	return s.item.Key()
}

// Moves returns what the parties might ask for: of some rows that start from the
// contract's status one move each, those that end it less often; what time is due
// for; and answers to approvals.
func (m *Maker) Moves(choose Choose, c escrow.Contract, now time.Time) (moves []Move) {
	if next, ok := escrow.NextDeadline(c); ok && !now.Before(next.At) {
		by := escrow.SystemActor()
		if who := m.accounts(); choose(2) == 0 && len(who) > 0 {
			by = escrow.Agent(who[0])
		}
		moves = append(moves, Move{escrow.Advance(), by}, Move{escrow.Advance(), by})
	}
	var rows []*escrow.Rule
	for i := range m.spec.Rules {
		r := &m.spec.Rules[i]
		if r.On == escrow.Time || !slices.Contains(r.From, c.Status()) {
			continue
		}
		if rows = append(rows, r); !m.Lifecycle.IsTerminal(r.To) {
			rows = append(rows, r, r, r)
		}
	}
	for range min(4, len(rows)) {
		moves = append(moves, m.Try(choose, c, now, rows[choose(min(len(rows), 128))])...)
	}
	return append(moves, m.Answers(choose, c, now)...)
}

// Answers returns what is said to pending approvals by those who may.
func (m *Maker) Answers(choose Choose, c escrow.Contract, now time.Time) (moves []Move) {
	for _, a := range c.Approvals() {
		if a.StatusAt(now) != escrow.ApprovalIsPending {
			continue
		}
		who := m.confirmers(c, &a)
		if len(who) == 0 {
			continue
		}
		say := func(cmd escrow.Command) {
			moves = append(moves, Move{cmd, who[choose(min(len(who), 128))]})
		}
		for range 3 {
			say(escrow.Confirm(a.ID, []string{a.Hash, ""}[choose(2)]))
		}
		say(escrow.Confirm(a.ID, "", m.Own(choose, c, now, &a)...))
		switch choose(5) {
		case 3:
			say(escrow.RevokeConfirmation(a.ID))
		case 4:
			say(escrow.DeclineApproval(a.ID, a.Hash))
		}
	}
	return moves
}

// confirmers returns the actors who may agree to an approval.
func (m *Maker) confirmers(c escrow.Contract, a *escrow.Approval) (list []escrow.Actor) {
	mutual := len(a.Confirmers) != 1 || a.Confirmers[0] != a.Account
	for _, p := range m.spec.Parties {
		if who, ok := reading.Account(p, c.View()); !ok || !slices.Contains(a.Confirmers, who.ID) {
			continue
		}
		for _, actor := range m.Actors(c.View(), p) {
			if mutual || actor.Kind == escrow.KindHuman {
				list = append(list, actor)
			}
		}
	}
	return list
}

// Own returns terms of a confirmer's own, where the approval allows them.
func (m *Maker) Own(choose Choose, c escrow.Contract, now time.Time, a *escrow.Approval) (values []escrow.Value) {
	for i := range m.spec.Rules {
		r := &m.spec.Rules[i]
		if r.CoSign.Type != a.Type || r.On.Action() != a.Command.Action() || len(r.CoSign.Adjusts) == 0 || choose(2) == 0 {
			continue
		}
		s := &scene{Maker: m, choose: choose, c: c, item: c.View().At(nil, -1), asset: c.Asset(), at: now, number: m.items(c)}
		for _, w := range r.CoSign.Adjusts {
			values = append(values, s.value(w.Declaration()))
		}
		return values
	}
	return nil
}

// Commands returns every command of the lifecycle, each with a payload of its
// declared fields; answers are about the latest approvals.
func (m *Maker) Commands(choose Choose, c escrow.Contract, now time.Time) (list []escrow.Command) {
	list = append(list, escrow.Advance())
	known := map[escrow.Action]bool{"advance": true}
	for i := range m.spec.Rules {
		action := m.spec.Rules[i].On.Action()
		if known[action] {
			continue
		}
		known[action] = true
		rows := m.rows(action, c.Status())
		list = append(list, m.Payload(choose, c, now, rows[choose(min(len(rows), 128))]))
	}
	if m.cosigned {
		list = append(list, escrow.Confirm("nowhere", ""), escrow.DeclineApproval(c.ID()+"-ap-1", ""))
	}
	approvals := c.Approvals()
	for _, a := range approvals[max(0, len(approvals)-4):] {
		list = append(list, escrow.Confirm(a.ID, a.Hash), escrow.Confirm(a.ID, "", m.Own(choose, c, now, &a)...),
			escrow.DeclineApproval(a.ID, ""), escrow.RevokeConfirmation(a.ID))
	}
	return list
}
