package rulebook_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/rulebook"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDigestPinned: contracts name the tables that ship by name and version for good.
// A row, a bound or a default that changes needs a new version, and a new line here.
func TestDigestPinned(t *testing.T) {
	var now strings.Builder
	for _, l := range lifecycles.All() {
		fmt.Fprintf(&now, "%s %d %s\n", l.Name(), l.Version(), rulebook.Digest(l))
	}
	pinned, err := os.ReadFile("testdata/digests.txt")
	require.NoError(t, err)
	assert.Equal(t, string(pinned), now.String())
}

// TestDigest: a digest sees every part of a declaration that decides, and no words
// for people.
func TestDigest(t *testing.T) {
	l := lifecycles.All()[0]
	same, err := escrow.Define(l.Spec())
	require.NoError(t, err)
	assert.Equal(t, rulebook.Digest(l), rulebook.Digest(same))

	change := func(change func(*escrow.Spec)) string {
		spec := l.Spec()
		spec.Rules = append([]escrow.Rule(nil), spec.Rules...)
		change(&spec)
		changed, err := escrow.Define(spec)
		require.NoError(t, err)
		return rulebook.Digest(changed)
	}
	assert.Equal(t, rulebook.Digest(l), change(func(s *escrow.Spec) { s.About = "Something else." }))
	assert.NotEqual(t, rulebook.Digest(l), change(func(s *escrow.Spec) { s.Version++ }))
	assert.NotEqual(t, rulebook.Digest(l), change(func(s *escrow.Spec) { s.Rules[0].ID = "X-1" }))
	assert.NotEqual(t, rulebook.Digest(l), change(func(s *escrow.Spec) { s.Rules[0], s.Rules[1] = s.Rules[1], s.Rules[0] }))
	assert.NotEqual(t, rulebook.Digest(l), change(func(s *escrow.Spec) { s.Asset.Scale++ }))
}
