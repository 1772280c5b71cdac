package before

import (
	"archive/tar"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/bench/before/loops"
	"github.com/stretchr/testify/require"
)

// TestRowsAndLoopsMatch sees that neither can be left out.
func TestRowsAndLoopsMatch(t *testing.T) {
	var named []string
	for _, row := range rows {
		named = append(named, row.name)
	}
	require.ElementsMatch(t, append(append([]string(nil), both...), alone...), named)
}

func TestTable(t *testing.T) {
	r := Results{}
	for _, name := range append(append([]string(nil), both...), alone...) {
		r[name] = &Pair{
			Then: Samples{{Nanoseconds: 100, Allocs: 0.001}, {Nanoseconds: 200}, {Nanoseconds: 110}},
			Now:  Samples{{Nanoseconds: 80}, {Nanoseconds: 170}, {Nanoseconds: 99, Allocs: 2}},
		}
	}
	table := r.Table(3)
	require.Contains(t, table, "| withdrawal, accepted, `DecideInto` | 110 | 99 | 0.85x | 0.90x | reached | 0 | 0 |")
	require.Contains(t, table, "| an own lifecycle's withdrawal, beside OpenContract's | 99 | 99 | 1x | 1.10x | reached | 0 | 0 |")
	require.Contains(t, table, "| a simulated contract of OpenTrain | 110 | 99 | 0.85x | 0.50x | **missed** | 0 | 0 |")
}

// TestServe: a loop is answered with a sample or with why there is none.
func TestServe(t *testing.T) {
	n := 0
	list := []loops.Loop{{Name: "count", Per: 2, Prepare: func() (func() error, error) { return func() error { n++; return nil }, nil }}}
	var out bytes.Buffer
	require.NoError(t, loops.Serve(strings.NewReader("count\nunheard-of\n"), &out, list, 1))
	answers := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, answers, 2)
	require.Contains(t, answers[0], `"Fault":""`)
	require.Contains(t, answers[1], `no loop is called`)
	require.Positive(t, n)
}

// TestUnpack: nothing is written outside the folder.
func TestUnpack(t *testing.T) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, name := range []string{"a/b.go", "../outside.go"} {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Size: 1, Mode: 0o644, Typeflag: tar.TypeReg}))
		_, err := w.Write([]byte("x"))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	dir := t.TempDir()
	require.NoError(t, unpack(&archive, filepath.Join(dir, "in")))
	content, err := os.ReadFile(filepath.Join(dir, "in", "a", "b.go"))
	require.NoError(t, err)
	require.Equal(t, "x", string(content))
	require.NoFileExists(t, filepath.Join(dir, "outside.go"))
}
