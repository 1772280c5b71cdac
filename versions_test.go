package escrow_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
)

// A contract is read by the version that it names. Without one, a draft is of the
// newest, whatever comes first, and what was stored before there were versions is of
// the first.
func TestVersionsOfOneName(t *testing.T) {
	newer := journey.Spec()
	newer.Version = 2
	second, err := escrow.Define(newer)
	require.NoError(t, err)
	draft := `{"id":"trip","lifecycle":"journey","traveller":"tom","out":"2026-06-01T00:00:00Z","home":"2026-06-03T00:00:00Z"}`
	for _, known := range [][]*escrow.Lifecycle{{journey, second}, {second, journey}} {
		c, err := escrow.ParseContract([]byte(draft), known...)
		require.NoError(t, err)
		assert.Same(t, second, c.Lifecycle(), "the newest for a draft")
		c, err = escrow.ParseContract([]byte(strings.Replace(draft, `"journey",`, `"journey","lifecycleVersion":1,`, 1)), known...)
		require.NoError(t, err)
		assert.Same(t, journey, c.Lifecycle(), "the one that is named")

		stored, err := away(t).c.MarshalJSON()
		require.NoError(t, err)
		c, err = escrow.ReadStored(stored, known...)
		require.NoError(t, err)
		assert.Same(t, journey, c.Lifecycle())
		c, err = escrow.ParseContract([]byte(strings.Replace(string(stored), `"lifecycleVersion":1,"schema":1,`, "", 1)), known...)
		require.NoError(t, err)
		assert.Same(t, journey, c.Lifecycle(), "the first for what is stored without a version")
		_, err = escrow.ParseContract([]byte(strings.Replace(string(stored), `"lifecycleVersion":1,`, `"lifecycleVersion":3,`, 1)), known...)
		assert.ErrorIs(t, err, escrow.UnknownLifecycle)
	}
}
