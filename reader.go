package escrow

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep JSON may nest; nothing the wire forms define needs more.
const maxDepth = 64

// reader pulls values out of JSON text, in bounded memory. The first fault
// sticks; after it every call does nothing.
type reader struct {
	s     string
	i     int
	depth int
	path  string // the field being read
	fault *Error
	trail [6]string // the fields around it, as many as inside says
	deep  int
	// aliased is the field that was last read under its alias.
	aliased *Field
}

// inside notes that what follows belongs to a field; [reader.outside] ends it.
func (r *reader) inside(name string) {
	if r.deep < len(r.trail) {
		r.trail[r.deep] = name
	}
	r.deep++
	r.path = ""
}

func (r *reader) outside() {
	if r.deep--; r.deep < len(r.trail) {
		r.path = r.trail[r.deep]
	}
}

// where returns the path of the field being read, as in "parts.amount".
func (r *reader) where() string {
	path := strings.Clone(r.path)
	for i := min(r.deep, len(r.trail)) - 1; i >= 0; i-- {
		if path == "" {
			path = strings.Clone(r.trail[i])
		} else {
			path = r.trail[i] + "." + path
		}
	}
	if path == "" {
		return "json"
	}
	return path
}

// fail notes the first fault, at the field being read.
func (r *reader) fail(reason Reason, message string) {
	if r.fault != nil {
		return
	}
	r.fault = field(reason, r.where(), message+" at byte "+strconv.Itoa(r.i))
	r.i = len(r.s)
}

// reject notes a fault that was found otherwise.
func (r *reader) reject(e *Error) {
	if r.fault == nil && e != nil {
		r.fault, r.i = e, len(r.s)
	}
}

func (r *reader) malformed(message string) { r.fail(Malformed, message) }

// peek skips white space and returns the next byte, 0 at the end.
func (r *reader) peek() byte {
	for ; r.i < len(r.s); r.i++ {
		switch c := r.s[r.i]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// enter consumes an opening bracket and reports whether anything is inside.
func (r *reader) enter(open, close byte) bool {
	if r.peek() != open {
		r.malformed("must be " + map[byte]string{'{': "an object", '[': "a list"}[open])
		return false
	}
	if r.depth++; r.depth > maxDepth {
		r.malformed("is nested too deeply")
		return false
	}
	r.i++
	if r.peek() == close {
		r.i++
		r.depth--
		return false
	}
	return true
}

// more consumes what stands behind an element and reports whether another
// follows.
func (r *reader) more(close byte) bool {
	switch r.peek() {
	case ',':
		r.i++
		return r.fault == nil
	case close:
		r.i++
		r.depth--
	default:
		r.malformed("needs a comma or its end")
	}
	return false
}

// end reports a fault when anything follows the value.
func (r *reader) end() {
	if r.peek() != 0 || r.i < len(r.s) {
		r.malformed("is followed by something else")
	}
}

// names numbers the fields of an object.
type names map[string]int

func fieldNames(list ...string) names {
	n := make(names, len(list))
	for i, name := range list {
		n[name] = i
	}
	return n
}

// unknown is the number of a field that has none.
const unknown = -1

// key reads the name of a field and the colon behind it.
func (r *reader) key() string {
	if r.peek() != '"' {
		r.malformed("needs a field name")
		return ""
	}
	key := r.text()
	if r.fault == nil && r.peek() != ':' {
		r.malformed("needs a colon behind the field name")
	}
	if r.fault != nil {
		return ""
	}
	r.i++
	r.path = truncate(key)
	return key
}

// keysSeen are the keys of an object that have been read.
type keysSeen struct {
	known   uint64 // by number
	strange keySet
}

// field reads a key. One that stands twice, or is a known one in other letter case,
// is a fault.
func (r *reader) field(known names, seen *keysSeen) int {
	key := r.key()
	i, ok := known[key]
	switch {
	case r.fault != nil:
		return unknown
	case !ok:
		for name := range known {
			r.differsInCase(key, name)
		}
		if seen.strange.twice(key) {
			r.malformed("stands twice")
		}
		return unknown
	case seen.known&(1<<i) != 0:
		r.malformed("stands twice")
	}
	seen.known |= 1 << i
	return i
}

// differsInCase refuses a key that is a known name but for letter case.
func (r *reader) differsInCase(key, name string) {
	// Letters beyond ASCII that fold to one of it, such as the Kelvin sign, are longer.
	if len(key) >= len(name) && len(key) <= 3*len(name) && strings.EqualFold(key, name) {
		r.malformed("is " + name + " in other letter case")
	}
}

// truncate shortens text from outside that is said back.
func truncate[T ~string](text T) string {
	if len(text) <= 64 {
		return string(text)
	}
	return strings.ToValidUTF8(string(text[:64]), "") + "…"
}

// null consumes a null and reports whether there was one.
func (r *reader) null() bool {
	if r.peek() == 'n' && strings.HasPrefix(r.s[r.i:], "null") {
		r.i += 4
		return true
	}
	return false
}

// text reads a string; null is the empty string.
func (r *reader) text() string {
	if r.null() {
		return ""
	}
	if r.peek() != '"' {
		r.malformed("must be a string")
		return ""
	}
	start, s := r.i, r.s
	var bits byte
	for i := start + 1; i < len(s); i++ {
		c := s[i]
		if bits |= c; c > '\\' || c != '"' && c != '\\' && c >= ' ' {
			continue
		}
		r.i = i
		switch c {
		case '"':
			r.i++
			if text := s[start+1 : i]; bits < utf8.RuneSelf || utf8.ValidString(text) {
				return text
			}
			r.malformed("is no UTF-8")
		case '\\':
			return r.escaped(start)
		default:
			r.malformed("holds a control character")
		}
		return ""
	}
	r.i = len(s)
	r.malformed("has no closing quote")
	return ""
}

// literal reads true, false or a number as it stands.
func (r *reader) literal() string {
	r.peek()
	start := r.i
	for r.i < len(r.s) {
		switch c := r.s[r.i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '.', c == '-', c == '+':
			r.i++
			continue
		}
		break
	}
	return r.s[start:r.i]
}

// isNumber reports whether a literal is a JSON number.
func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	if s = s[whole:]; s != "" && s[0] == '.' {
		n := digits(s[1:])
		if n == 0 {
			return false
		}
		s = s[1+n:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		if s = s[1:]; s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		n := digits(s)
		return n > 0 && n == len(s)
	}
	return s == ""
}

// digits returns how many digits text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

func catalogueText(reason Reason) string {
	if reason == Malformed {
		return "must be digits with at most one dot between them"
	}
	return codeOf[reason].Meaning
}

// count reads a whole number from 0 to limit; null is 0.
func (r *reader) count(limit uint64) uint64 {
	if r.null() {
		return 0
	}
	text := r.literal()
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n > limit || !isNumber(text) {
		r.malformed("must be a whole number up to " + strconv.FormatUint(limit, 10))
		return 0
	}
	return n
}

// flag reads true or false; null is false.
func (r *reader) flag() bool {
	switch text := r.literal(); text {
	case "true", "false", "null":
		return text == "true"
	}
	r.malformed("must be true or false")
	return false
}

// instant reads a time; null is unset.
func (r *reader) instant() instant {
	text := r.text()
	if text == "" || r.fault != nil {
		return instant{}
	}
	i, ok := parseInstant(text)
	if !ok {
		r.malformed("must be an RFC 3339 time between the years 1 and 9999, with at most nine decimal places of a second")
	}
	return i
}

// id reads an id; null and absent are empty.
func (r *reader) id() string {
	id := r.text()
	if id != "" && !validID(id) {
		r.malformed("must be 1 to 200 bytes of printable ASCII without blanks")
	}
	return id
}

// texts reads a list of strings; null is nil.
func (r *reader) texts() []string {
	if r.null() {
		return nil
	}
	list := []string{}
	for ok := r.enter('[', ']'); ok; ok = r.more(']') {
		if r.peek() != '"' {
			r.malformed("must be a list of strings")
		}
		list = append(list, r.text())
	}
	return list
}

// raw reads any value and returns it as it stands, "" for null.
func (r *reader) raw() string {
	r.peek()
	start := r.i
	r.skip()
	if r.fault != nil || r.s[start:r.i] == "null" {
		return ""
	}
	return r.s[start:r.i]
}

// skip passes over any value, which must be a valid one.
func (r *reader) skip() {
	switch r.peek() {
	case '{':
		var keys keySet
		for ok := r.enter('{', '}'); ok; ok = r.more('}') {
			if keys.twice(r.key()) {
				r.malformed("stands twice")
			}
			r.skip()
		}
	case '[':
		for ok := r.enter('[', ']'); ok; ok = r.more(']') {
			r.skip()
		}
	case '"':
		r.text()
	default:
		switch text := r.literal(); {
		case text == "true", text == "false", text == "null", isNumber(text):
		default:
			r.malformed("is no JSON value")
		}
	}
}
