package escrow_test

import (
	"os"
	"strings"
	"testing"

	"github.com/escrow-go/escrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocumentsAreThePrintedTables: the rule books and drawings under docs are what
// the tables print, to the byte.
func TestDocumentsAreThePrintedTables(t *testing.T) {
	for _, l := range []*escrow.Lifecycle{escrow.OpenContract, escrow.OpenTrain} {
		for name, text := range map[string]string{"rulebook.md": l.Rulebook(), "states.mmd": l.Mermaid(), "states.dot": l.DOT()} {
			stored, err := os.ReadFile("docs/" + l.Name() + "/" + name)
			require.NoError(t, err)
			assert.Equal(t, string(stored), text, "%s of %s", name, l.Name())
		}
	}
}

// TestOneArrowForManyRules: rules that lead from one status to another share their
// arrow, the first one too.
func TestOneArrowForManyRules(t *testing.T) {
	l, err := escrow.Define(table(extra(escrow.Rule{ID: "R-9", On: escrow.Hire{}, By: escrow.Client, From: escrow.In(escrow.Draft), To: "open",
		Money: escrow.Money{escrow.Deposit(escrow.Price, escrow.Client, escrow.Escrow)}})))
	require.NoError(t, err)
	assert.Contains(t, l.Mermaid(), "    [*] --> open: R-1 create, R-9 hire\n")
	assert.Equal(t, 1, strings.Count(l.Mermaid(), "[*] --> open"))
}
