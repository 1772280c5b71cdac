package cli

import (
	"reflect"
	"slices"

	"github.com/escrow-go/escrow"
)

// party is somebody to whom a contract is explained.
type party struct {
	// name is the role, as in "worker".
	name  string
	actor escrow.Actor
	// made says that the actor stands for many, so that its id says nothing.
	made bool
}

// partiesOf returns everybody whom a contract concerns, the actor given first
// unless it is one of them; or only that actor.
func partiesOf(c escrow.Contract, given *escrow.Actor, only bool) []party {
	var all []party
	rules := c.Lifecycle().Spec().Rules
	for _, p := range c.Lifecycle().Spec().Parties {
		for _, account := range accountsOf(c, p) {
			all = append(all, speakers(rules, p, account)...)
		}
	}
	all = append(all, party{"system", escrow.SystemActor(), true})
	all = append(all, party{"anyone else", stranger(all), true})
	if given == nil {
		return all
	}
	i := slices.IndexFunc(all, func(p party) bool { return same(p.actor, *given) })
	switch {
	case i < 0:
		all = slices.Insert(all, 0, party{"actor", *given, false})
		i = 0
	case only:
		all[i].actor = *given
	}
	if only {
		return all[i : i+1]
	}
	return all
}

// accountsOf returns who a declared party is in the contract: nobody yet, one
// account, or that of every item whose key is an account.
func accountsOf(c escrow.Contract, p *escrow.Party) (accounts []string) {
	v := c.View()
	switch {
	case p.Item != nil:
		for i := range v.Len(p.Item) {
			accounts = append(accounts, v.At(p.Item, i).Key())
		}
	case p.Account != nil:
		if account := v.Account(p); account != "" {
			accounts = append(accounts, account)
		}
	}
	return accounts
}

// speakers returns who may speak for a party's account, as far as the rules tell
// them apart: its agent; a token where one needs grants; a human where only humans
// co-sign, or where an agent may not speak at all.
func speakers(rules []escrow.Rule, p *escrow.Party, account string) (list []party) {
	agent := admits(p, escrow.KindAgent)
	if agent {
		list = append(list, party{p.Name, escrow.Agent(account), false})
	}
	token := escrow.Actor{ID: "any-token", Kind: escrow.KindToken, Account: account, User: "any-user", Claimed: true}
	cosigned := false
	for i := range rules {
		if r := &rules[i]; asks(r.By, p) {
			token.Scopes, token.Features = appendGrant(token.Scopes, r.Grant.Scope), appendGrant(token.Features, r.Grant.Feature)
			cosigned = cosigned || r.CoSign.Type != "" && len(r.CoSign.From) == 0
		}
	}
	if granted := len(token.Scopes)+len(token.Features) > 0; admits(p, escrow.KindToken) && (granted || !agent) {
		list = append(list, party{p.Name + "'s token", token, true})
	}
	if admits(p, escrow.KindHuman) && (cosigned || !agent) {
		list = append(list, party{p.Name + "'s human", escrow.Human("any-human", account), true})
	}
	return list
}

// admits reports whether a kind of actor may act for a party.
func admits(p *escrow.Party, kind escrow.Kind) bool {
	return len(p.Kinds) == 0 || slices.Contains(p.Kinds, kind)
}

// asks reports whether a rule that is for one party is for another.
func asks(by, p *escrow.Party) bool { return by == p || slices.Contains(by.Either, p) }

// appendGrant adds what a rule asks of a token, once.
func appendGrant(list []string, grant string) []string {
	if grant == "" {
		return list
	}
	return appendNew(list, grant)
}

// stranger returns an account that is none of the parties.
func stranger(parties []party) escrow.Actor {
	actor := escrow.Agent("anyone-else")
	for slices.ContainsFunc(parties, func(p party) bool { return p.actor.ID == actor.ID || p.actor.Account == actor.ID }) {
		actor.ID += "-"
	}
	return actor
}

// same reports whether two actors are one, what they leave out filled in.
func same(a, b escrow.Actor) bool { return reflect.DeepEqual(whole(a), whole(b)) }

func whole(a escrow.Actor) escrow.Actor {
	if a.Kind == "" {
		a.Kind = escrow.KindAgent
	}
	if a.Account == "" {
		a.Account = a.ID
	}
	if a.User == "" {
		a.User = a.ID
	}
	return a
}
