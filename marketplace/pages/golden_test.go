package pages_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/lifecycles"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden fragments anew")

// golden compares a fragment of a page with a file, keys apart, which differ each time.
func golden(t *testing.T, name, page, from, to string) {
	t.Helper()
	_, rest, ok := strings.Cut(page, from)
	require.True(t, ok, "no %s", from)
	fragment, _, ok := strings.Cut(rest, to)
	require.True(t, ok, "no %s", to)
	got := regexp.MustCompile(`name="key" value="[^"]*"`).ReplaceAllString(from+fragment+to, `name="key" value="KEY"`)
	got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
	path := filepath.Join("testdata", name+".html")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "%s: -update writes it anew", path)
}

// TestFragments: forms follow from declarations, and a contract's page says what it said.
func TestFragments(t *testing.T) {
	s := open(t)
	ann := s.as(t, 0)
	for _, l := range lifecycles.All() {
		golden(t, "new-"+l.Name(), ann.page("/new/"+l.Name()), `<form class="action"`, "</form>")
	}
	s.task(t, "papers")
	approval := s.hire(t, "images")
	s.offer(t, "house")
	golden(t, "papers", s.as(t, 1).page("/contracts/papers"), `<section aria-labelledby="now">`, "</section>")
	golden(t, "papers-money", s.as(t, 1).page("/contracts/papers"), `<section aria-labelledby="money">`, "</section>")
	golden(t, "papers-deadlines", s.as(t, 1).page("/contracts/papers"), `<section aria-labelledby="deadlines">`, "</section>")
	golden(t, "house", ann.page("/contracts/house"), `<section aria-labelledby="now">`, "</section>")
	golden(t, "house-timeline", ann.page("/contracts/house"), `<section aria-labelledby="timeline">`, "</section>")
	golden(t, "approval", ann.page("/approvals/"+approval), `<section aria-labelledby="asked">`, "<details>")
}
