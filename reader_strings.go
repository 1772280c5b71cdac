package escrow

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escaped reads a string with escapes, from its opening quote.
func (r *reader) escaped(start int) string {
	for r.i < len(r.s) && r.s[r.i] != '"' {
		if r.s[r.i] == '\\' {
			r.i++
		}
		r.i++
	}
	if r.i >= len(r.s) {
		r.malformed("has no closing quote")
		return ""
	}
	r.i++
	raw := r.s[start+1 : r.i-1]
	if !utf8.ValidString(raw) {
		r.malformed("is no UTF-8")
		return ""
	}
	text, ok := unescape(make([]byte, 0, len(raw)), raw)
	if !ok {
		r.malformed("is no JSON string: an escape, a control character or half of a surrogate pair")
		return ""
	}
	return string(text)
}

// unescape appends what the inside of a JSON string says; false when it is none.
func unescape(dst []byte, raw string) ([]byte, bool) {
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c < ' ':
			return dst, false
		case c != '\\':
			dst = append(dst, c)
			continue
		}
		i++ // a backslash is never the last byte
		if raw[i] != 'u' {
			c := strings.IndexByte(escapeLetters, raw[i])
			if c < 0 {
				return dst, false
			}
			dst = append(dst, escapedBytes[c])
			continue
		}
		unit, ok := hexUnit(raw[i+1:])
		if i += 4; !ok {
			return dst, false
		}
		if utf16.IsSurrogate(unit) {
			if i+2 >= len(raw) || raw[i+1] != '\\' || raw[i+2] != 'u' {
				return dst, false
			}
			low, _ := hexUnit(raw[i+3:])
			if unit = utf16.DecodeRune(unit, low); unit == utf8.RuneError {
				return dst, false
			}
			i += 6
		}
		dst = utf8.AppendRune(dst, unit)
	}
	return dst, true
}

// What may follow a backslash, and the bytes that it stands for.
const (
	escapeLetters = `"\/bfnrt`
	escapedBytes  = "\"\\/\b\f\n\r\t"
)

// hexUnit reads four hexadecimal digits.
func hexUnit(text string) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(text[:4], 16, 32)
	return rune(n), err == nil
}
