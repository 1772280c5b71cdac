package marketplace_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/examples/marketplace"
	"github.com/escrow-go/escrow/examples/marketplace/backend"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the code and the output that docs/testing.md shows")

// TestPage: docs/testing.md shows the code of these files and the output of these
// tests; lines of the output are cut where they are long.
func TestPage(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the runs that the page shows once more")
	}
	const page = "../../docs/testing.md"
	was := file(t, page)
	text := was
	for name, block := range map[string]string{
		"system":   between(t, "../../escrowtest/system.go", "type System interface {", "\n}"),
		"adapter":  between(t, "backend/adapter.go", "// System is", "\n\treturn w\n}"),
		"hard":     between(t, "backend/abilities.go", "// Race makes it", "\n\treturn false, err\n}"),
		"test":     between(t, "marketplace_test.go", "func TestMarketplace(", "\n}"),
		"failing":  failing(t),
		"bug":      between(t, "store.go", "// idle reports", "\n}"),
		"passing":  passing(t),
		"lives":    between(t, "../../escrowtest/example_test.go", "// The generators by themselves", "\n}"),
		"recorded": between(t, "marketplace_test.go", "\t\tstory := &escrowtest.Story{", "escrowtest.Audit(story))"),
	} {
		text = shown(t, text, name, block)
	}
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(text), 0o644))
		return
	}
	require.Equal(t, text, was, "rewrite it by go test ./examples/marketplace -run TestPage -update")
}

// shown returns the page with a text in the code block after a mark.
func shown(t *testing.T, page, mark, text string) string {
	before, rest, found := strings.Cut(page, "<!-- "+mark+" -->\n```")
	require.True(t, found, mark)
	kind, rest, _ := strings.Cut(rest, "\n")
	_, after, _ := strings.Cut(rest, "\n```\n")
	return before + "<!-- " + mark + " -->\n```" + kind + "\n" + text + "\n```\n" + after
}

func file(t *testing.T, path string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// between returns a part of a file, from the first words to the last, as far to the
// left as it goes.
func between(t *testing.T, path, first, last string) string {
	_, rest, found := strings.Cut(file(t, path), first)
	require.True(t, found, first)
	part, _, found := strings.Cut(rest, last)
	require.True(t, found, last)
	text := first + part + last
	indent := text[:len(text)-len(strings.TrimLeft(text, "\t"))]
	return strings.ReplaceAll(strings.TrimPrefix(text, indent), "\n"+indent, "\n")
}

// failing is what the run that fails says.
func failing(t *testing.T) string {
	again := escrowtest.RunAgain(func(seed int) string {
		return fmt.Sprintf("go test -run '^TestMarketplace$' -escrowtest.seed=%d", seed)
	})
	f := escrowtest.Try(backend.New(marketplace.WithBug(marketplace.SparedWrite)), playing, again).Failure
	require.NotNil(t, f)
	return "--- FAIL: TestMarketplace …\n" + cut(fmt.Sprintf("    marketplace_test.go:…: %s", strings.ReplaceAll(f.String(), "\n", "\n        ")))
}

// passing is what the run that passes says with -v.
func passing(t *testing.T) string {
	r := escrowtest.Try(backend.New(), playing)
	require.True(t, r.Passed())
	reached := strings.Split(r.Reached["opencontract"].String(), "\n")
	return cut(fmt.Sprintf("    marketplace_test.go:…: %d lives, %d questions\n        opencontract reached:\n        %s\n        …\n        %s\n--- PASS: TestMarketplace …",
		r.Lives, r.Questions, strings.Join(reached[:4], "\n        "), r.Checks))
}

// cut cuts long lines.
func cut(text string) string {
	const most = 120
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if runes := []rune(strings.TrimRight(line, " ")); len(runes) > most {
			lines[i] = strings.TrimSuffix(string(runes[:most]), "…") + "…"
		} else {
			lines[i] = string(runes)
		}
	}
	return strings.Join(lines, "\n")
}
