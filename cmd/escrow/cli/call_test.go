package cli

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// update rewrites what the tests compare with: transcripts and documentation.
var update = flag.Bool("update", false, "rewrite the transcripts under testdata and the documentation under docs")

// called is what a call came to.
type called struct {
	out, err string
	status   int
}

// call runs the command in this process.
func call(input string, args ...string) called {
	var out, complaint bytes.Buffer
	status := Run(args, Stdio{strings.NewReader(input), &out, &complaint}, lifecycles.All()...)
	return called{out.String(), complaint.String(), status}
}

// golden compares a text with a file, or rewrites the file.
func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test -update writes it")
	assert.Equal(t, string(want), text, "%s; go test -update rewrites it", path)
}
