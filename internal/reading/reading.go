// Package reading looks at contracts of any lifecycle through what it declares: who
// is who, whose a pot is, who a row pays, when a moment is. It shares no code with
// what decides, so that tools can check the one by the other.
package reading

import (
	"slices"
	"sync"
	"time"

	"github.com/escrow-go/escrow"
)

// Spec returns the declaration of a lifecycle, which is copied once.
func Spec(l *escrow.Lifecycle) *escrow.Spec {
	if known, ok := specs.Load(l); ok {
		return known.(*escrow.Spec)
	}
	spec := l.Spec()
	known, _ := specs.LoadOrStore(l, &spec)
	return known.(*escrow.Spec)
}

var specs sync.Map

// Subject returns the view of the contract at the item that a row is about: the one
// that the command names, or whose party asks. Without such it is of the contract.
func Subject(c *escrow.Contract, r *escrow.Rule, cmd escrow.Command, account string) escrow.View {
	v := c.View()
	for _, p := range r.On.Params() {
		if p.Kind == escrow.TargetKind {
			return v.At(p.List, v.Find(p.List, cmd.View().Text(p)))
		}
	}
	if r.Each != nil && r.First {
		return v.At(r.Each, 0)
	}
	if r.Each != nil && r.On != escrow.Time {
		return v.At(r.Each, v.Find(r.Each, account))
	}
	return v
}

// EndOfTime is the last instant that contracts know of.
var EndOfTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)

// Moment returns when a moment of a contract is, of an item's moment that of the
// view's item; the zero time when the contract does not have it yet.
func Moment(c *escrow.Contract, v escrow.View, m *escrow.Moment) time.Time {
	var at time.Time
	switch {
	case m.Field != nil:
		at = v.Time(m.Field)
	case m.SinceEntered:
		at = c.EnteredAt()
	case m.Awaited:
		at = awaited(c)
	default:
		at = firstOrLast(c, v, m)
	}
	if at.IsZero() {
		return at
	}
	if at = at.Add(m.After); m.Plus != nil {
		at = at.Add(v.Duration(m.Plus))
	}
	if at.After(EndOfTime) {
		return EndOfTime
	}
	return at
}

// firstOrLast returns the earlier or later of moments, unset ones left out.
func firstOrLast(c *escrow.Contract, v escrow.View, m *escrow.Moment) (at time.Time) {
	for _, part := range m.Earlier {
		if t := Moment(c, v, part); !t.IsZero() && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	for _, part := range m.Later {
		if t := Moment(c, v, part); t.After(at) {
			at = t
		}
	}
	return at
}

// awaited returns when the approval expires that the status waits for.
func awaited(c *escrow.Contract) time.Time {
	for _, r := range Spec(c.Lifecycle()).Rules {
		if r.CoSign.While == "" || r.CoSign.While != c.Status() {
			continue
		}
		for _, a := range c.Approvals() {
			if a.Type == r.CoSign.Type && a.Status == escrow.ApprovalIsPending {
				return a.ExpiresAt
			}
		}
	}
	return time.Time{}
}

// Person returns whom an actor is counted as when people agree.
func Person(a escrow.Actor) string {
	if a.User != "" {
		return a.User
	}
	return a.ID
}

// AccountOf returns the account that an actor acts for.
func AccountOf(a escrow.Actor) string {
	if a.Account == "" {
		return a.ID
	}
	return a.Account
}

// Acts reports whether an actor may act for a party: the view's item's, where it is
// an item's.
func Acts(p *escrow.Party, v escrow.View, actor escrow.Actor) bool {
	system, account := actor.Kind == escrow.KindSystem, AccountOf(actor)
	switch {
	case p.Anyone:
		return true
	case p.Platform:
		return system
	case p.Either != nil:
		return slices.ContainsFunc(p.Either, func(o *escrow.Party) bool { return Acts(o, v, actor) })
	case system || !kind(p, actor.Kind):
		return false
	case p.But != nil:
		return !slices.ContainsFunc(p.But, func(o *escrow.Party) bool { return v.Account(o) == account })
	case p.Item != nil:
		return v.Find(p.Item, account) >= 0
	}
	who, ok := Account(p, v)
	return ok && who.ID == account
}

// Alone reports whether the system takes a row by itself: as a party of it, with
// nothing to say, at any time, and so that it leads on.
func Alone(r *escrow.Rule) bool {
	return admitsSystem(r.By) && len(r.On.Params()) == 0 && r.Window == (escrow.Window{}) && r.To != escrow.Same
}

func admitsSystem(p *escrow.Party) bool {
	return p.Platform || slices.ContainsFunc(p.Either, admitsSystem)
}

// kind reports whether actors of a kind may act for a party.
func kind(p *escrow.Party, k escrow.Kind) bool {
	if k == "" {
		k = escrow.KindAgent
	}
	return len(p.Kinds) == 0 || slices.Contains(p.Kinds, k)
}

// Account returns the account that a party has in movements: an item's party that of
// the view's item. It is false while nobody is the party.
func Account(p *escrow.Party, v escrow.View) (escrow.Account, bool) {
	switch {
	case p.Receives:
		return escrow.Account{Kind: p.Name}, true
	case p.Incoming != nil:
		return Account(p.Incoming, v)
	case p.Chosen != nil:
		f := p.Chosen.Declaration()
		if i := slices.Index(f.Choices, v.Text(f)); i >= 0 && i < len(p.Options) {
			return Account(p.Options[i], v)
		}
		return escrow.Account{}, false
	case p.Item != nil:
		return escrow.Account{Kind: p.Name, ID: v.Key()}, v.Key() != ""
	case p.Account != nil:
		id := v.Account(p)
		return escrow.Account{Kind: p.Name, ID: id}, id != ""
	}
	return escrow.Account{}, false
}

// Pot returns the pot that an account of custody is, nil for none, and the view of
// the contract at the item whose it is.
func Pot(c *escrow.Contract, a escrow.Account) (*escrow.Pot, escrow.View) {
	v := c.View()
	for _, p := range Spec(c.Lifecycle()).Pots {
		if p.Name != a.Kind {
			continue
		}
		if p.Each != nil {
			return p, v.At(p.Each, v.Find(p.Each, a.ID))
		}
		return p, v
	}
	return nil, v
}

// Owner returns whose the money is that a pot of a contract holds.
func Owner(c *escrow.Contract, pot escrow.Account) (escrow.Account, bool) {
	p, v := Pot(c, pot)
	if p == nil || p.Owner == nil {
		return escrow.Account{}, false
	}
	return Account(p.Owner, v)
}

// Receivers returns whom a row pays out of a pot.
func Receivers(r *escrow.Rule, pot *escrow.Pot) (list []*escrow.Party) {
	for i := range r.Money {
		s := &r.Money[i]
		switch {
		case s.Pot != pot:
		case s.Difference != nil:
			list = append(list, s.From)
		case s.Pay:
			list = append(list, s.To...)
			for _, cut := range s.Cuts {
				list = append(list, cut.To)
			}
		}
	}
	return list
}

// Knows reports whether an account of a movement is one of the contract's: a party
// who is set, a receiver, a pot, an item's party or pot.
func Knows(c *escrow.Contract, a escrow.Account) bool {
	v, spec := c.View(), Spec(c.Lifecycle())
	for _, p := range spec.Pots {
		if a.Custody && p.Name == a.Kind {
			return p.Each == nil && a.ID == "" || p.Each != nil && v.Find(p.Each, a.ID) >= 0
		}
	}
	for _, p := range spec.Parties {
		switch {
		case a.Custody || p.Name != a.Kind:
		case p.Receives:
			return a.ID == ""
		case p.Item != nil:
			return v.Find(p.Item, a.ID) >= 0
		default:
			return a.ID != "" && a.ID == v.Account(p)
		}
	}
	return false
}

// ParseAccount reads the text form of an account of a lifecycle, as in
// "client:acct_1".
func ParseAccount(l *escrow.Lifecycle, text string) (escrow.Account, bool) {
	spec := Spec(l)
	for _, p := range spec.Pots {
		if id, ok := named(text, p.Name, p.Each != nil); ok {
			return escrow.Account{Kind: p.Name, ID: id, Custody: true}, true
		}
	}
	for _, p := range spec.Parties {
		if id, ok := named(text, p.Name, !p.Receives); ok {
			return escrow.Account{Kind: p.Name, ID: id}, true
		}
	}
	return escrow.Account{}, false
}

// named splits an id off the text of an account of a kind.
func named(text, kind string, has bool) (id string, ok bool) {
	if !has {
		return "", text == kind
	}
	if len(text) <= len(kind)+1 || text[:len(kind)] != kind || text[len(kind)] != ':' {
		return "", false
	}
	return text[len(kind)+1:], true
}
