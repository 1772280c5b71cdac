package escrow

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// readsAll reports whether the reader takes the whole text as one JSON value.
func readsAll(text string) bool {
	r := &reader{s: text}
	r.skip()
	r.end()
	return r.fault == nil
}

// nested is a list of lists, so deep.
func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}

// TestReaderAgainstJSON holds what the reader passes over against encoding/json.
func TestReaderAgainstJSON(t *testing.T) {
	for _, text := range jsonSeeds {
		assert.Equal(t, json.Valid([]byte(text)), readsAll(text), "%q", text)
	}
	for _, text := range ambiguous {
		assert.True(t, json.Valid([]byte(text)), "%q", text)
		assert.False(t, readsAll(text), "%q", text)
	}
}

// ambiguous is JSON with more than one meaning: encoding/json takes it, the reader
// does not.
var ambiguous = []string{`{"a":1,"a":2}`, `{"x":{"a":1,"\u0061":2}}`, `"\ud800"`, `"\udc00x"`}

var jsonSeeds = []string{
	`{}`, `[]`, `""`, `0`, `-1.5e+10`, `true`, `false`, `null`, ` { "a" : [ 1 , null , { "b" : "c" } ] } `, "\t[\r\n]\n",
	`"\u00e9\n\"\\\/"`, `"\ud83d\ude00"`, `"é😀"`, "\"\x7f\"", `1E2`, `-0`, `0.0`,
	``, ` `, `{`, `}`, `[`, `]`, `"`, `"\`, `"\"`, `"a`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{1:2}`, `{'a':1}`, `{"a":1 "b":2}`,
	`[1,]`, `[,1]`, `[1 2]`, `[1`, `[1}`, `{"a":1]`, `01`, `1.`, `.5`, `+1`, `1e`, `0x1`, `NaN`, `Infinity`, `tru`, `nul`, `nullx`, `truefalse`, `--1`,
	`1 2`, `{} {}`, `[]x`, `"a""b"`, "\"\n\"", "\"\x00\"", "\x00", "[\x00]", `"\x"`, `"\u12"`, `"\ug000"`, "\ufeff{}", `/**/1`, `{"a":nullx}`, "[1]\x00",
}

// TestReaderRefusesWhatJSONTakes pins the two differences to encoding/json:
// depth and invalid UTF-8.
func TestReaderRefusesWhatJSONTakes(t *testing.T) {
	for _, text := range []string{nested(maxDepth + 1), nested(1000), "\"\xff\"", "\"\\n\xff\"", "{\"\xc3\":1}", "[\"a\xed\xa0\x80\"]"} {
		assert.True(t, json.Valid([]byte(text)), "%.20q", text)
		assert.False(t, readsAll(text), "%.20q", text)
	}
	assert.True(t, readsAll(nested(maxDepth)))
	assert.True(t, readsAll("["+strings.Repeat(nested(maxDepth-1)+",", 100)+"1]"), "depth is left again")
}

// FuzzReader: the reader takes exactly what encoding/json takes, but for depth,
// invalid UTF-8, and what has more than one meaning.
func FuzzReader(f *testing.F) {
	for _, text := range jsonSeeds {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		reads, valid := readsAll(text), json.Valid([]byte(text))
		if reads && !valid {
			t.Fatalf("%q is no JSON and was read", text)
		}
		if valid && !reads && utf8.ValidString(text) && depthOf(text) <= maxDepth && !strings.Contains(text, `\u`) && oneMeaning(text) {
			t.Fatalf("%q is JSON and was refused", text)
		}
	})
}

// oneMeaning reports whether no object of valid JSON has a key twice.
func oneMeaning(text string) bool {
	d := json.NewDecoder(strings.NewReader(text))
	var keys []map[json.Token]bool // of the objects that are open, nil for a list
	key := false
	for {
		token, err := d.Token()
		if err != nil {
			return true
		}
		n := len(keys) - 1
		switch {
		case token == json.Delim('{'):
			keys, key = append(keys, map[json.Token]bool{}), true
			continue
		case token == json.Delim('['):
			keys = append(keys, nil)
		case token == json.Delim('}') || token == json.Delim(']'):
			keys = keys[:n]
		case key && keys[n][token]:
			return false
		case key:
			keys[n][token], key = true, false
			continue
		}
		key = len(keys) > 0 && keys[len(keys)-1] != nil
	}
}

// depthOf is how deep valid JSON nests.
func depthOf(text string) (deepest int) {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']', c == '}':
			depth--
		}
	}
	return deepest
}

// TestReaderText reads strings as encoding/json does.
func TestReaderText(t *testing.T) {
	for _, text := range []string{`""`, `"plain"`, `"\u00e9\n\"\\"`, `"é\ud83d\ude00"`, ` "a b"`, `null`} {
		var want string
		assert.NoError(t, json.Unmarshal([]byte(text), &want))
		r := &reader{s: text}
		assert.Equal(t, want, r.text(), text)
		r.end()
		assert.Nil(t, r.fault, text)
	}
	for _, text := range []string{`5`, `true`, `[]`, `"open`, `"open\`, `"open\"`, "\"\x01\"", "\"a\\n\x01\"", "\"\xff\"", "\"\\t\xff\"", `"\q"`, ``} {
		r := &reader{s: text}
		r.text()
		assert.NotNil(t, r.fault, "%q", text)
	}
}

// TestReaderFirstFaultSticks: what follows a fault neither reads nor replaces it.
func TestReaderFirstFaultSticks(t *testing.T) {
	r := &reader{s: `[5,"x"]`, path: "list"}
	r.texts()
	first := r.fault
	if assert.NotNil(t, first) {
		assert.Equal(t, "list", first.Details()["field"])
		assert.Contains(t, first.Message(), "at byte 1")
	}
	r.malformed("later")
	assert.Equal(t, "", r.text())
	assert.Equal(t, uint64(0), r.count(5))
	assert.False(t, r.flag())
	assert.Equal(t, instant{}, r.instant())
	r.skip()
	r.end()
	assert.Same(t, first, r.fault)
}

// TestReaderFaultWithoutPath names the JSON itself.
func TestReaderFaultWithoutPath(t *testing.T) {
	r := &reader{s: `x`}
	r.skip()
	assert.Equal(t, "json", r.fault.Details()["field"])
	assert.ErrorIs(t, r.fault, Malformed)
}

// TestReaderField: known fields are numbered, and stand at most once.
func TestReaderField(t *testing.T) {
	known := fieldNames("a", "b")
	for text, want := range map[string]string{`{"a":1,"b":2,"c":3,"d":4}`: "", `{"c":3,"c":4}`: "c: stands twice", `{"a":1,"a":2}`: "a: stands twice", `{"a" 1}`: "colon", `{a:1}`: "field name", `{"a":1,"\u0061":2}`: "stands twice"} {
		r := &reader{s: text}
		var seen keysSeen
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			r.field(known, &seen)
			r.skip()
		}
		if want == "" {
			assert.Nil(t, r.fault, text)
		} else if assert.NotNil(t, r.fault, text) {
			assert.Contains(t, r.fault.Message(), want)
		}
	}
}

// TestReaderNumber takes amounts as strings and as JSON numbers, in plain
// notation only.
func TestReaderNumber(t *testing.T) {
	for text, want := range map[string]Reason{
		`"50.25"`: "", `50.25`: "", `0`: "", `"0"`: "",
		`1e2`: Malformed, `-1`: Malformed, `-0`: Malformed, `"-1"`: Malformed, `""`: Malformed, `"1e2"`: Malformed, `" 1"`: Malformed,
		`"1` + strings.Repeat("0", 40) + `"`: AmountBounds, `1` + strings.Repeat("0", 40): AmountBounds, `0.0000000000000000001`: AmountScale,
	} {
		r := &reader{s: text}
		_, _, reason := r.plainNumber()
		assert.Equal(t, want, reason, text)
		assert.Equal(t, want == Malformed, r.fault != nil, text)
	}
	for _, text := range []string{`true`, `NaN`, `01`, `.5`, `+1`, `[]`, `{}`, ``, `"open`, `Infinity`, `١`} {
		r := &reader{s: text}
		_, _, reason := r.plainNumber()
		assert.True(t, reason == Malformed || r.fault != nil, text)
	}
}

// TestReaderScalars reads whole numbers in bounds, and flags.
func TestReaderScalars(t *testing.T) {
	for text, want := range map[string]uint64{`0`: 0, `7`: 7, `1000`: 1000, `null`: 0} {
		r := &reader{s: text}
		assert.Equal(t, want, r.count(1000), text)
		assert.Nil(t, r.fault, text)
	}
	for _, text := range []string{`1001`, `-1`, `1.0`, `1e2`, `"7"`, `07`, `+7`, `true`, `99999999999999999999`, ``} {
		r := &reader{s: text}
		r.count(1000)
		assert.ErrorIs(t, r.fault, Malformed, text)
	}
	for text, want := range map[string]bool{`true`: true, `false`: false, `null`: false} {
		r := &reader{s: text}
		assert.Equal(t, want, r.flag(), text)
		assert.Nil(t, r.fault, text)
	}
	for _, text := range []string{`1`, `"true"`, `TRUE`, `truefalse`, ``} {
		r := &reader{s: text}
		r.flag()
		assert.ErrorIs(t, r.fault, Malformed, text)
	}
}

// TestReaderInstantAndID reads times and ids, and nothing that only looks like one.
func TestReaderInstantAndID(t *testing.T) {
	r := &reader{s: `"2026-06-04T12:00:00Z"`}
	assert.Equal(t, "2026-06-04T12:00:00Z", r.instant().String())
	r = &reader{s: `null`}
	assert.True(t, r.instant().isZero())
	for _, text := range []string{`"today"`, `5`, `"0000-01-01T00:00:00Z"`, `"2026-06-04T12:00:00.0000000001Z"`} {
		r := &reader{s: text}
		r.instant()
		assert.ErrorIs(t, r.fault, Malformed, text)
	}
	for _, text := range []string{`"a"`, `"0x!~"`, `"` + strings.Repeat("a", 200) + `"`, `null`, `""`} {
		r := &reader{s: text}
		r.id()
		assert.Nil(t, r.fault, text)
	}
	for _, text := range []string{`"a b"`, `"é"`, `"\u0000"`, `"\u007f"`, `"` + strings.Repeat("a", 201) + `"`, `"tab\t"`} {
		r := &reader{s: text}
		r.id()
		assert.ErrorIs(t, r.fault, Malformed, text)
	}
}

// TestReaderLists reads lists of strings; null is none.
func TestReaderLists(t *testing.T) {
	r := &reader{s: ` [ "a" , "b" ] `}
	assert.Equal(t, []string{"a", "b"}, r.texts())
	r.end()
	assert.Nil(t, r.fault)
	r = &reader{s: `null`}
	assert.Nil(t, r.texts())
	r = &reader{s: `[]`}
	assert.Equal(t, []string{}, r.texts())
	for _, text := range []string{`["a",null]`, `[1]`, `{}`, `"a"`, `["a"`, `["a";"b"]`} {
		r := &reader{s: text}
		r.texts()
		assert.ErrorIs(t, r.fault, Malformed, text)
	}
}

// TestReaderRaw returns a value as it stands; null is nothing.
func TestReaderRaw(t *testing.T) {
	for text, want := range map[string]string{` {"a": [1]} `: `{"a": [1]}`, `null`: "", `"null"`: `"null"`, `5`: "5", `nope`: "", `[1`: ""} {
		r := &reader{s: text}
		assert.Equal(t, want, r.raw(), text)
	}
}

// TestReaderLiterals end where no letter, digit or sign follows: what hangs on to
// a number makes it none.
func TestReaderLiterals(t *testing.T) {
	for _, text := range []string{"5a", "5z", "5A", "5Z", "5.", "5-", "5+", "x5", "none", "nul"} {
		r := &reader{s: text}
		r.skip()
		assert.NotNil(t, r.fault, text)
	}
	assert.False(t, (&reader{s: "none"}).null())
	assert.True(t, (&reader{s: "null"}).null())
}

// TestReaderBytesAlone: the byte that only follows another is no text.
func TestReaderBytesAlone(t *testing.T) {
	for _, text := range []string{"\"\x80\"", "\"a\x80\"", "\"\\t\x80\""} {
		r := &reader{s: text}
		r.text()
		assert.NotNil(t, r.fault, "%q", text)
	}
}

// TestEcho says back at most 64 bytes, and whole letters.
func TestEcho(t *testing.T) {
	long := strings.Repeat("a", 64)
	assert.Equal(t, long, truncate(long))
	assert.Equal(t, long+"…", truncate(long+"b"))
	assert.Equal(t, long[:63]+"…", truncate(long[:63]+"é"))
}
