package escrow

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf16"
)

// canonicalJSON writes any JSON value canonically (RFC 8785).
func canonicalJSON(text []byte) ([]byte, *Error) {
	r, w := &reader{s: string(text)}, &writer{}
	w.canonical(r)
	r.end()
	return w.buf, r.fault
}

// canonical writes the value at the reader.
func (w *writer) canonical(r *reader) {
	switch r.peek() {
	case '{':
		w.object(r)
	case '[':
		w.open('[')
		for ok := r.enter('[', ']'); ok; ok = r.more(']') {
			w.canonical(r)
		}
		w.close(']')
	case '"':
		w.item(r.text())
	default:
		w.comma()
		w.literal(r, r.literal())
	}
}

func (w *writer) literal(r *reader, text string) {
	switch {
	case text == "true", text == "false", text == "null":
		w.buf = append(w.buf, text...)
	case !isNumber(text):
		r.malformed("is no JSON value")
	case isCount(text):
		w.buf = append(w.buf, text...)
	default:
		f, _ := strconv.ParseFloat(text, 64)
		number, err := json.Marshal(f)
		if err != nil {
			r.malformed("is too large a number")
		}
		w.buf = append(w.buf, number...)
	}
}

// isCount reports whether a number is written in whole digits that every double
// holds.
func isCount(text string) bool {
	n, err := strconv.ParseUint(text, 10, 64)
	return err == nil && n <= maxCount
}

// object writes the members of an object in the order of their names.
func (w *writer) object(r *reader) {
	type part struct {
		name  string
		order []uint16
		at    int
		end   int
	}
	var parts []part
	var seen keySet
	for ok := r.enter('{', '}'); ok; ok = r.more('}') {
		name := r.key()
		if seen.twice(name) {
			r.malformed("stands twice")
		}
		r.peek()
		at := r.i
		r.pass()
		parts = append(parts, part{name, utf16.Encode([]rune(name)), at, r.i})
	}
	slices.SortFunc(parts, func(a, b part) int { return slices.Compare(a.order, b.order) })
	end, depth := r.i, r.depth
	w.open('{')
	for i := range parts {
		w.item(parts[i].name)
		w.buf = append(w.buf, ':')
		r.depth = depth + 1
		r.again(parts[i].at, parts[i].end, func() { w.canonical(r) })
	}
	w.close('}')
	if r.fault == nil {
		r.i, r.depth = end, depth
	}
}
