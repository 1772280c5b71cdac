package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/lifecycles"
	"github.com/escrow-go/escrow/rulebook"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocs: the documentation that is checked in is what the tables say. The
// drawing depends on graphviz's version, so only its origin is compared.
func TestDocs(t *testing.T) {
	for _, l := range lifecycles.All() {
		dir := filepath.Join("../../../docs", l.Name())
		for format, name := range map[string]string{"markdown": "rulebook.md", "mermaid": "states.mmd", "dot": "states.dot"} {
			got := call("", "rulebook", l.Name(), "--format", format)
			require.Equal(t, 0, got.status)
			golden(t, filepath.Join(dir, name), got.out)
		}
		path := filepath.Join(dir, "states.svg")
		if *update {
			drawing, err := svg(rulebook.DOT(l))
			require.NoError(t, err)
			golden(t, path, drawing)
		}
		drawing, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, strings.HasSuffix(string(drawing), "</svg>\n"+origin(rulebook.DOT(l))), "%s is stale; go test -update redraws it", path)
	}
}

// fakeDot puts a program called dot, or none, in the way of graphviz's.
func fakeDot(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if script != "" {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "dot"), []byte("#!/bin/sh\n"+script), 0o755))
	}
	t.Setenv("PATH", dir)
}

func TestSVG(t *testing.T) {
	t.Run("drawn", func(t *testing.T) {
		fakeDot(t, `while read -r line; do :; done; echo "<svg></svg>"`)
		got := call("", "rulebook", "opentrain", "--format", "svg")
		assert.Equal(t, 0, got.status, got.err)
		assert.True(t, strings.HasPrefix(got.out, "<svg></svg>\n<!-- drawn from DOT with sha256 "), got.out)
	})
	t.Run("no graphviz", func(t *testing.T) {
		fakeDot(t, "")
		got := call("", "rulebook", "opentrain", "--format", "svg")
		assert.Equal(t, 2, got.status)
		assert.Contains(t, got.err, "install graphviz, or use --format dot or mermaid")
	})
	t.Run("graphviz fails", func(t *testing.T) {
		fakeDot(t, "echo no fonts >&2; exit 3")
		got := call("", "rulebook", "opentrain", "--format", "svg")
		assert.Equal(t, 2, got.status)
		assert.Contains(t, got.err, "could not draw the diagram: exit status 3: no fonts")
	})
}
