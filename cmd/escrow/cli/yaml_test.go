package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/escrow-go/escrow/simulate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestYAML: every key and value keeps its line, every number its digits.
func TestYAML(t *testing.T) {
	for source, want := range map[string]string{
		"a: 1": `{"a":1}`,
		"# why\n\na: 1\nb:\n  - 2\n  - c: x\n    d:\n":                        "\n\n{\"a\":1,\n\"b\":\n[2,\n{\"c\":\"x\",\n\"d\":null}]}",
		"a: 1.10\nb: 1e400\nc: -0\nd: 10000000000000000000000000000000000001": "{\"a\":1.10,\n\"b\":1e400,\n\"c\":-0,\n\"d\":10000000000000000000000000000000000001}",
		"[0x10, 1_000, 007, .5, +1, 1., .inf, .nan]":                          `["0x10","1_000","007",".5","+1","1.",".inf",".nan"]`,
		"[true, false, null, ~, yes, True, 2026-01-01, ]":                     `[true,false,null,null,"yes","True","2026-01-01"]`,
		"['1', \"true\", 'it''s', \"<é\\n\"]":                                 `["1","true","it's","\u003cé\n"]`,
		"about: >\n  one\n  two\nb: |-\n  three\n  four\nc: 5":                "{\"about\":\"one two\\n\",\n\n\n\"b\":\"three\\nfour\",\n\n\n\"c\":5}",
		"a: {b: 1,\n  c: [2,\n    3]}\n":                                      "{\"a\":{\"b\":1,\n\"c\":[2,\n3]}}",
		"---\na: 1\n...\n":                                                    "\n{\"a\":1}",
		"a:\n\n  1\nb: word\n  goes on\nc: 2":                                 "{\"a\":\n\n1,\n\"b\":\"word goes on\",\n\n\"c\":2}",
		"1: a\nnull: b\n":                                                     "{\"1\":\"a\",\n\"null\":\"b\"}",
		" \n{\"a\": 1, \"a\": oops":                                           " \n{\"a\": 1, \"a\": oops",
	} {
		got, err := yamlToJSON([]byte(source))
		require.NoError(t, err, source)
		assert.Equal(t, want, strings.TrimSuffix(string(got), "\n"), source)
	}
}

// TestYAMLFaults: what is refused says where, and what instead.
func TestYAMLFaults(t *testing.T) {
	for source, want := range map[string]simulate.Fault{
		"":                                   {Line: 1, Message: "empty"},
		"# nothing\n":                        {Line: 1, Message: "empty"},
		"a: 1\nb:\n  c: 2\n  c: 3":           {Line: 4, Field: "b.c", Message: "given twice, first on line 3"},
		"a: &x\n  b: 1\nc: *x":               {Line: 1, Field: "a", Message: "anchor &x"},
		"a: 1\nc:\n- d: *x":                  {Line: 3, Message: "unknown anchor"},
		"a:\n  <<: {b: 1}":                   {Line: 2, Field: "a.<<", Message: "merge key"},
		"a: 1\nb: !!str 5":                   {Line: 2, Field: "b", Message: "tag !!str"},
		"a:\n- !mine {b: 1}":                 {Line: 2, Field: "a[0]", Message: "tag !mine"},
		"a:\n- b\n- ? [c]\n  : d":            {Line: 3, Field: "a[1]", Message: "a key that is no name"},
		"a: 1\n---\nb: 2":                    {Line: 2, Message: "a second document"},
		"a: 1\n b: 2\nc: 3":                  {Line: 2, Message: "no YAML: mapping values"},
		"a: 1\nb: [1, 2\nc: 3\nd: 4":         {Line: 2, Message: "no YAML: "},
		"a: 1\nb: 'x\nc: 3\nd: 4\n":          {Line: 2, Message: "no YAML: "},
		"a: [1,\n  2]\nb: 3\n- c\nd: 4\n":    {Line: 4, Message: "no YAML: "},
		"a: 1\n\tb: 2\n":                     {Line: 2, Message: "no YAML: "},
		"a: 1\nb: \xff\n":                    {Line: 2, Message: "no YAML: "},
		strings.Repeat("[", 200):             {Line: 1, Message: "no YAML: "},
		deep(101):                            {Line: 102, Field: strings.Repeat(".a", 101)[1:], Message: "levels deep"},
		"a: " + strings.Repeat("x", maxYAML): {Line: 1, Message: "longer than 1048576 bytes"},
	} {
		_, err := yamlToJSON([]byte(source))
		var fault *simulate.Fault
		require.ErrorAs(t, err, &fault, "%.60s", source)
		assert.Equal(t, want.Line, fault.Line, "%.60s: %s", source, err)
		assert.Equal(t, want.Field, fault.Field, "%.60s", source)
		assert.Contains(t, fault.Message, want.Message, "%.60s", source)
	}
}

// deep is so many maps in each other, each on its own line.
func deep(levels int) string {
	var b strings.Builder
	for i := range levels {
		fmt.Fprintf(&b, "%*sa:\n", i, "")
	}
	return b.String() + strings.Repeat(" ", levels) + "b: 1"
}

// FuzzYAML: whatever comes in, JSON or a fault with a line comes out.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{"a: 1", "- b: [1, 'x', {c: |\n", "a: &x {<<: *x}", "? [a]\n: b", "a: !!binary ==\n# x\n\n#y\n- ", "%YAML 1.1\n---\n\"\\ud800\": \xef\xbb\xbf"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := yamlToJSON(text)
		if err != nil {
			var fault *simulate.Fault
			require.ErrorAs(t, err, &fault)
			require.Positive(t, fault.Line)
			return
		}
		if !strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
			require.True(t, json.Valid(got), "%q from %q", got, text)
		}
	})
}
