// Package sample makes drafts, commands and actors of any lifecycle from what it
// declares: values within their fields' bounds, targets that exist, actors of the
// kinds that parties have. Whether terms and payloads fit together it asks the
// engine.
package sample

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// Choose returns one of 0 to n-1; n is 1 to 128.
type Choose func(n int) int

// First is the choice that is always the first.
func First(int) int { return 0 }

// Maker makes what is asked of contracts of one lifecycle.
type Maker struct {
	Lifecycle *escrow.Lifecycle
	spec      *escrow.Spec
	grants    []escrow.Grant
	cosigned  bool
}

// Of returns the maker of a lifecycle.
func Of(l *escrow.Lifecycle) *Maker {
	m := &Maker{Lifecycle: l, spec: reading.Spec(l)}
	for i := range m.spec.Rules {
		r := &m.spec.Rules[i]
		m.cosigned = m.cosigned || r.CoSign.Type != ""
		if r.Grant != (escrow.Grant{}) && !slices.Contains(m.grants, r.Grant) {
			m.grants = append(m.grants, r.Grant)
		}
	}
	return m
}

// AccountName is the account of a party in drafts that are made here.
func AccountName(party string) string { return "acct-" + party }

// Strangers are accounts that drafts name nowhere: who takes an open offer, whom a
// draw names.
var Strangers = func() (ids []string) {
	for i := range 17 {
		ids = append(ids, fmt.Sprintf("acct-%d", i+1))
	}
	return ids
}()

// humans are how many people an account has.
const humans = 4

// Token returns an API token of an account that lacks nothing.
func (m *Maker) Token(id, account, user string) escrow.Actor {
	a := escrow.Actor{ID: id, Kind: escrow.KindToken, Account: account, User: user, Claimed: true}
	for _, g := range m.grants {
		a.Scopes, a.Features = append(a.Scopes, g.Scope), append(a.Features, g.Feature)
	}
	return a
}

// Cast returns everybody who may ask for something: of each account that drafts
// name an agent, and where kinds of actors matter tokens and humans; then the
// system, and those who only look like somebody.
func (m *Maker) Cast() (cast []escrow.Actor) {
	parties := m.accounts()
	for _, account := range parties {
		cast = append(cast, escrow.Agent(account))
	}
	cast = append(cast, escrow.SystemActor())
	for _, id := range Strangers {
		cast = append(cast, escrow.Agent(id))
	}
	for i, account := range parties {
		cast = append(cast, m.people(account)...)
		if len(m.grants) > 0 {
			poor, plain, unclaimed := m.Token("t3", account, "h1"), m.Token("t4", account, "h1"), m.Token("t5", account, "h1")
			poor.Scopes, plain.Features, unclaimed.Claimed = nil, nil, false
			cast = append(cast, poor, plain, unclaimed)
		}
		if i < 2 {
			cast = append(cast, escrow.Actor{ID: account, Kind: escrow.KindSystem}, escrow.Actor{ID: account, Account: Strangers[0]})
		}
	}
	return append(cast, escrow.Human("h1", Strangers[0]), escrow.Actor{})
}

// people returns the tokens and humans of an account.
func (m *Maker) people(account string) (list []escrow.Actor) {
	list = append(list, m.Token("t1", account, "h1"), m.Token("t2", account, ""))
	for i := range humans {
		list = append(list, escrow.Human(fmt.Sprintf("h%d", i+1), account))
	}
	return list
}

// accounts are those that drafts name for their parties.
func (m *Maker) accounts() (ids []string) {
	for _, p := range m.spec.Parties {
		if p.Account != nil {
			ids = append(ids, AccountName(p.Name))
		}
	}
	return ids
}

// Actors returns who may ask for a party of a contract, for a row: an agent, a
// token that lacks nothing or humans, as far as the party has such.
func (m *Maker) Actors(v escrow.View, p *escrow.Party) (list []escrow.Actor) {
	switch {
	case p.Platform:
		return []escrow.Actor{escrow.SystemActor()}
	case p.Anyone:
		return append(m.of(p, AccountName(m.spec.Parties[0].Name)), escrow.SystemActor())
	case p.Either != nil:
		for _, o := range p.Either {
			list = append(list, m.Actors(v, o)...)
		}
		return list
	case p.But != nil:
		for _, o := range m.spec.Parties {
			if o.Account != nil && !slices.Contains(p.But, o) {
				list = append(list, m.of(p, AccountName(o.Name))...)
			}
		}
		for _, id := range Strangers[:3] {
			list = append(list, m.of(p, id)...)
		}
		return list
	case p.Item != nil:
		for i := range v.Len(p.Item) {
			list = append(list, m.of(p, v.At(p.Item, i).Key())...)
		}
		return list
	}
	if who, ok := reading.Account(p, v); ok && who.ID != "" {
		return m.of(p, who.ID)
	}
	return nil
}

// of returns the actors of an account who may act for a party, the kinds that come
// first being the plainest.
func (m *Maker) of(p *escrow.Party, account string) (list []escrow.Actor) {
	can := func(k escrow.Kind) bool { return len(p.Kinds) == 0 || slices.Contains(p.Kinds, k) }
	if can(escrow.KindAgent) {
		list = append(list, escrow.Agent(account))
	}
	if can(escrow.KindToken) && (len(p.Kinds) > 0 || m.cosigned || len(m.grants) > 0) {
		list = append(list, m.Token("t1", account, "h1"), m.Token("t2", account, "h2"))
	}
	if can(escrow.KindHuman) && (len(p.Kinds) > 0 || m.cosigned) {
		for i := range humans {
			list = append(list, escrow.Human(fmt.Sprintf("h%d", i+1), account))
		}
	}
	return list
}

// rows returns the rows of an action that start from a status; all of its rows
// when none does.
func (m *Maker) rows(action escrow.Action, from escrow.Status) (rows []*escrow.Rule) {
	var all []*escrow.Rule
	for i := range m.spec.Rules {
		r := &m.spec.Rules[i]
		if r.On.Action() != action {
			continue
		}
		if all = append(all, r); slices.Contains(r.From, from) {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return all
	}
	return rows
}

// Ask asks the engine, and returns the refusal, nil when it accepts.
func Ask(c escrow.Contract, command escrow.Command, actor escrow.Actor, now time.Time) *escrow.Error {
	_, err := escrow.Decide(c, command, actor, escrow.At(now))
	refusal, _ := err.(*escrow.Error)
	return refusal
}

// faultyField names the field that a refusal is about, without the path to it.
func faultyField(e *escrow.Error) string {
	name, _ := e.Details()["field"].(string)
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return cmp.Or(name[i+1:], name)
		}
	}
	return name
}
