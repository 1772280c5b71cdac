package escrow

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWriterCommas writes every kind of value beside and inside others.
func TestWriterCommas(t *testing.T) {
	w := writer{}
	w.open('{')
	w.text("text", "a")
	w.optional("left out", "")
	w.optional("optional", "b")
	w.flag("flag", true)
	w.count("count", 1<<64-1)
	w.null("null")
	w.raw("raw", []byte(`[1]`))
	w.amount("amount", Units(2_500_000), Asset{"USDC", 6})
	w.ratio("ratio", Ratio{ratioOne / 20})
	w.instant("unset", instant{})
	w.time("never", time.Time{})
	w.time("time", time.Date(2026, 6, 4, 12, 0, 0, 5, time.FixedZone("", 3600)))
	w.texts("texts", []string{"a", "{", "b,"})
	w.texts("none", nil)
	w.key("list")
	w.open('[')
	w.open('[')
	w.close(']')
	w.open('{')
	w.close('}')
	w.item("x")
	w.close(']')
	w.close('}')
	want := `{"text":"a","optional":"b","flag":true,"count":18446744073709551615,"null":null,"raw":[1],"amount":"2.5",` +
		`"ratio":"0.05","time":"2026-06-04T11:00:00.000000005Z","texts":["a","{","b,"],"none":[],"list":[[],{},"x"]}`
	assert.Equal(t, want, string(w.buf))
	assert.True(t, json.Valid(w.buf))
}

// TestAppendString writes text that encoding/json reads as the same.
func TestAppendString(t *testing.T) {
	for s, want := range map[string]string{
		"":           `""`,
		"plain":      `"plain"`,
		`a"b\c`:      `"a\"b\\c"`,
		"line\nnext": `"line\nnext"`,
		"\t\r\x00":   `"\t\r\u0000"`,
		"é😀\u2028":   "\"é😀\u2028\"",
		"\x7f<>&":    "\"\x7f<>&\"",
		"a\xffb":     "\"a\ufffdb\"",
		"\xed\xa0":   "\"\ufffd\ufffd\"",
		"\ufffd":     "\"\ufffd\"",
	} {
		got := string(appendString(nil, s))
		assert.Equal(t, want, got, "%q", s)
		var back string
		require.NoError(t, json.Unmarshal([]byte(got), &back))
		assert.Equal(t, strings.ToValidUTF8(s, "\ufffd"), strings.ReplaceAll(back, "\ufffd\ufffd", "\ufffd"), "%q", s)
	}
}

// FuzzString: any text is written as JSON that encoding/json reads as the same
// text, with U+FFFD for each byte that is no UTF-8; so does the reader.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "plain", "a\"b\\c", "\x00\x1f\x7f", "é😀", "a\xffb", "\xed\xa0\x80", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := appendString(nil, s)
		var want string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%q is written as %s: %v", s, text, err)
		}
		if valid := string([]rune(s)); want != valid {
			t.Fatalf("%q reads as %q, want %q", s, want, valid)
		}
		r := &reader{s: string(text)}
		if got := r.text(); got != want || r.fault != nil {
			t.Fatalf("the reader reads %s as %q", text, got)
		}
		if !utf8.Valid(text) {
			t.Fatalf("%q is written as no UTF-8", s)
		}
	})
}

// TestPlainBytesStandForThemselves: all of printable ASCII but quote and backslash.
func TestPlainBytesStandForThemselves(t *testing.T) {
	for c := range 256 {
		want := c >= ' ' && c <= '~' && c != '"' && c != '\\' || c == 0x7f
		assert.Equal(t, want, plain(byte(c)), "%#x", c)
		if want {
			assert.Equal(t, `"`+string(rune(c))+`"`, string(appendString(nil, string(rune(c)))))
		}
	}
}
