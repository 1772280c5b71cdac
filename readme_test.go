package escrow_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeShowsTheExample: the README's code is the package example, which runs,
// and the output below it is the example's.
func TestReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	source, err := os.ReadFile("example_sale_test.go")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(source), "// The words of a sale.")
	require.True(t, found)
	table, body, found := strings.Cut(rest, "// Example declares")
	require.True(t, found)
	require.Contains(t, string(readme), "```go\n// The words of a sale."+strings.TrimRight(table, "\n")+"\n```")
	_, body, _ = strings.Cut(body, "func Example() {\n")
	body, _, _ = strings.Cut(body, "\n}\n")
	code, output, found := strings.Cut(body, "\t// Output:\n")
	require.True(t, found)
	shown := strings.ReplaceAll("\n"+code, "\n\t", "\n")
	require.Contains(t, string(readme), "```go"+strings.TrimRight(shown, "\n\t")+"\n```")
	require.Contains(t, string(readme), "```\n"+strings.ReplaceAll("\n"+output, "\n\t// ", "\n")[1:]+"\n```")
}
