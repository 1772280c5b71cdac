package opencontract_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/opencontract"
)

// While money is held, an import may leave out what was posted where it is the price:
// it comes out as it was stored. A stored contract may not.
func TestImportWithoutWhatWasPosted(t *testing.T) {
	for i, c := range lived(terms().Draft(), juryLife()) {
		if c.IsDraft() || c.IsTerminal() {
			continue
		}
		stored, err := c.MarshalJSON()
		require.NoError(t, err)
		imported := regexp.MustCompile(`"lifecycleVersion":1,"schema":1,|"escrowedFunds":"[^"]*",`).ReplaceAll(stored, nil)
		require.NotEqual(t, stored, imported)
		again, err := escrow.ParseContract(imported, opencontract.Lifecycle)
		require.NoError(t, err, "after %d: %s", i, imported)
		text, err := again.MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, string(stored), string(text), "after %d", i)

		_, err = escrow.ReadStored(regexp.MustCompile(`"escrowedFunds":"[^"]*",`).ReplaceAll(stored, nil), opencontract.Lifecycle)
		assert.ErrorIs(t, err, escrow.Malformed, "after %d", i)
	}
}
