package nearest_test

import (
	"strings"
	"testing"

	"github.com/escrow-go/escrow/internal/nearest"
	"github.com/stretchr/testify/assert"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"fee", "fee", 0}, {"Fee", "fEE", 0}, {"fee", "", 3}, {"", "fee", 3},
		{"fee", "fees", 1}, {"fee", "fe", 1}, {"fee", "foe", 1}, {"kitten", "sitting", 3}, {"ab", "ba", 2},
		{strings.Repeat("x", 1<<20), strings.Repeat("x", 64), 0},
	} {
		assert.Equal(t, c.want, nearest.Distance(c.a, c.b))
		assert.Equal(t, c.want, nearest.Distance(c.b, c.a))
	}
}

func TestSuggestion(t *testing.T) {
	known := []string{"protocolFee", "workerStakeRatio", "quorum"}
	for name, want := range map[string]string{
		"protocolfee": `did you mean "protocolFee"?`, "workerSteakRatio": `did you mean "workerStakeRatio"?`, "qorum": `did you mean "quorum"?`,
		"zebra": "known are protocolFee, workerStakeRatio, quorum", "": "known are protocolFee, workerStakeRatio, quorum",
	} {
		assert.Equal(t, want, nearest.Suggestion(name, known), name)
	}
}
