package escrowtest

import (
	"github.com/escrow-go/escrow"
	"pgregory.net/rapid"
)

// Terms draws the terms of a play's contracts; one in sixteen has something wrong
// with it.
func Terms(p *Play) *rapid.Generator[escrow.Terms] {
	return rapid.Map(Drafts(p), func(s Scene) escrow.Terms { return s.Contract.Terms() })
}

// Policies draws the policies that a play's contracts are founded under.
func Policies(p *Play) *rapid.Generator[escrow.Policy] {
	return rapid.Map(Drafts(p).Filter(foundable), func(s Scene) escrow.Policy { return s.Contract.Policy() })
}

// foundable reports whether a contract can be founded under the policy of a draft.
func foundable(s Scene) bool {
	for _, r := range specOf(s.Contract.Lifecycle()).Rules {
		if r.From[0] != escrow.Draft {
			continue
		}
		if answer := s.ask(Move{r.On, escrow.Human("human", s.Contract.Client())}); answer.Reason == escrow.InvalidPolicy {
			return false
		}
	}
	return true
}
