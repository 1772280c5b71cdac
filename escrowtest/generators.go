package escrowtest

import (
	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/sample"
	"pgregory.net/rapid"
)

// Policies draws the policies that a play's contracts are founded under.
func Policies(p *Play) *rapid.Generator[escrow.Policy] {
	m := sample.Of(p.Lifecycle)
	foundable := func(s Scene) bool {
		refusal := m.Founding(sample.First, s.Contract, s.Now)
		return refusal == nil || refusal.Reason() != escrow.InvalidPolicy
	}
	return rapid.Map(Drafts(p).Filter(foundable), func(s Scene) escrow.Policy { return s.Contract.Policy() })
}

// Altered draws snapshots that no decision need have led to, and that are read back
// all the same: of a play's contracts in any state, with one thing in them that is
// other than it was.
func Altered(p *Play) *rapid.Generator[Scene] {
	return rapid.Custom(func(t *rapid.T) Scene {
		s := drawn(t, drawLife(t, p).Scenes())
		text, err := s.Contract.MarshalJSON()
		if err != nil {
			t.Fatalf("the snapshot cannot be written: %v", err)
		}
		for range 10 {
			altered := sample.Altered(choice(t), text, "id", "lifecycle", "lifecycleVersion", "schema")
			if c, err := escrow.ReadStored(altered, p.Lifecycle); err == nil {
				return Scene{c, s.Now}
			}
		}
		return s
	})
}
