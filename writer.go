package escrow

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// writer appends JSON. It puts the commas itself. Only what a lifecycle's own
// functions write can be at fault.
type writer struct {
	buf    []byte
	sorted bool // members in the order of their names, as RFC 8785 has them
	digest bool // without what the application fills
	fault  *Error
	// viewState is what functions of the lifecycle are handed, made once.
	viewState *viewState
}

// view returns the view of a contract for a function of its lifecycle. The next takes
// its place.
func (w *writer) view(c *Contract) View {
	if w.viewState == nil {
		w.viewState = new(viewState)
	}
	w.viewState.c = *c
	return View{viewState: w.viewState, list: -1, index: -1}
}

// comma separates a value or key from what stands before it.
func (w *writer) comma() {
	if n := len(w.buf); n > 0 {
		switch w.buf[n-1] {
		case '{', '[', ':', '\n':
		default:
			w.buf = append(w.buf, ',')
		}
	}
}

func (w *writer) open(c byte) {
	w.comma()
	w.buf = append(w.buf, c)
}

func (w *writer) close(c byte) { w.buf = append(w.buf, c) }

func (w *writer) key(name string) {
	w.comma()
	w.buf = append(w.buf, '"')
	w.buf = append(w.buf, name...)
	w.buf = append(w.buf, '"', ':')
}

// jsonKey returns a name as the key of an object.
func jsonKey(name string) string { return `"` + name + `":` }

// known writes a key that was made before.
func (w *writer) known(key string) {
	w.comma()
	w.buf = append(w.buf, key...)
}

// item writes a string in an array.
func (w *writer) item(s string) {
	w.comma()
	w.buf = appendString(w.buf, s)
}

func (w *writer) text(name, s string) {
	w.key(name)
	w.buf = appendString(w.buf, s)
}

// optional writes a field unless it is empty.
func (w *writer) optional(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *writer) flag(name string, b bool) {
	w.key(name)
	w.buf = strconv.AppendBool(w.buf, b)
}

func (w *writer) count(name string, n uint64) {
	w.key(name)
	w.buf = strconv.AppendUint(w.buf, n, 10)
}

func (w *writer) null(name string) {
	w.key(name)
	w.buf = append(w.buf, "null"...)
}

func (w *writer) raw(name string, json []byte) {
	w.key(name)
	w.buf = append(w.buf, json...)
}

func (w *writer) amount(name string, a Amount, asset Asset) {
	w.key(name)
	w.buf = append(a.appendText(append(w.buf, '"'), asset.Scale), '"')
}

// faultyNumbers are texts that are refused for a reason.
var faultyNumbers = map[Reason]string{
	Malformed:    "-1",
	AmountScale:  "0.0000000000000000001",
	AmountBounds: strings.Repeat("9", maxNumberText+1),
}

func (w *writer) ratio(name string, r Ratio) {
	w.key(name)
	w.buf = append(r.appendText(append(w.buf, '"')), '"')
}

// instant writes a time unless it is unset.
func (w *writer) instant(name string, i instant) {
	if i.isZero() {
		return
	}
	w.key(name)
	w.buf = append(i.appendText(append(w.buf, '"')), '"')
}

func (w *writer) time(name string, t time.Time) {
	if !t.IsZero() {
		w.instant(name, instantOf(t))
	}
}

func (w *writer) texts(name string, list []string) {
	w.key(name)
	w.list(list)
}

// plain reports whether a byte stands for itself in a JSON string: ASCII but for
// control characters, quote and backslash. One bit for each, so that it holds
// also while package variables are made.
func plain(c byte) bool {
	const low, high = 0xFFFFFFFB00000000, 0xFFFFFFFFEFFFFFFF
	switch {
	case c < 64:
		return uint64(low)>>c&1 != 0
	case c < utf8.RuneSelf:
		return uint64(high)>>(c-64)&1 != 0
	}
	return false
}

// plainBytes tells of every byte whether it is plain: what most of writing looks up.
var plainBytes = func() (table [256]bool) {
	for c := range table {
		table[c] = plain(byte(c))
	}
	return table
}()

// shortEscapes are the letters of the control characters that RFC 8785 writes
// with one.
var shortEscapes = [32]byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r'}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string. Bytes that are no UTF-8 become U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plainBytes[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		switch {
		case c >= utf8.RuneSelf:
			dst = append(dst, "\ufffd"...)
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ' && shortEscapes[c] != 0:
			dst = append(dst, '\\', shortEscapes[c])
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}
