package cli

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	escrow "github.com/escrow-go/escrow/next"
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
func partiesOf(c *escrow.Contract, given *escrow.Actor, only bool) []party {
	all := append(roles(c), ownRoles(c)...)
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

// roles returns the parties that every lifecycle knows.
func roles(c *escrow.Contract) (list []party) {
	if client := c.Client(); client != "" {
		list = append(list, party{"client", escrow.Agent(client), false})
		if grants := grantsOf(c.Lifecycle()); grants.Scopes != nil {
			grants.Account = client
			list = append(list, party{"client's token", grants, true},
				party{"client's human", escrow.Human("any-human", client), true})
		}
	}
	if worker := c.Worker(); worker != "" {
		list = append(list, party{"worker", escrow.Agent(worker), false})
	}
	for _, agent := range c.BackupAgents() {
		list = append(list, party{"backup agent", escrow.Agent(agent), false})
	}
	return list
}

// grantsOf returns a token with everything that the lifecycle's rules ask of one.
func grantsOf(l *escrow.Lifecycle) escrow.Actor {
	token := escrow.Actor{ID: "any-token", Kind: escrow.KindToken, Claimed: true}
	for _, r := range l.Spec().Rules {
		if r.Grant.Scope != "" && !slices.Contains(token.Scopes, r.Grant.Scope) {
			token.Scopes = append(token.Scopes, r.Grant.Scope)
		}
		if r.Grant.Feature != "" && !slices.Contains(token.Features, r.Grant.Feature) {
			token.Features = append(token.Features, r.Grant.Feature)
		}
	}
	return token
}

// ownRoles returns the parties that stand in the own data of a lifecycle from
// outside, under the very names that its rules use.
func ownRoles(c *escrow.Contract) (list []party) {
	text, err := json.Marshal(c.Data())
	if err != nil {
		return nil
	}
	var data map[string]any
	if json.Unmarshal(text, &data) != nil {
		return nil
	}
	for _, r := range c.Lifecycle().Spec().Rules {
		name := r.By.String()
		if account, ok := data[name].(string); ok && isID(account) {
			list = append(list, party{name, escrow.Agent(account), false})
			delete(data, name)
		}
	}
	return list
}

// isID reports whether an actor could have the id.
func isID(id string) bool {
	return id != "" && len(id) <= 200 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

// stranger returns an account that is none of the parties.
func stranger(parties []party) escrow.Actor {
	actor := escrow.Agent("anyone-else")
	for slices.ContainsFunc(parties, func(p party) bool { return p.actor.ID == actor.ID }) {
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
