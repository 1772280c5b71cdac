package escrow

import "slices"

// keySet is a set of keys, such as those of an object that nobody knows.
type keySet struct {
	few  [12]string
	n    int
	many map[string]bool
}

// twice adds a key, and reports whether it was there already.
func (k *keySet) twice(key string) bool {
	if slices.Contains(k.few[:k.n], key) || k.many[key] {
		return true
	}
	if k.n < len(k.few) {
		k.few[k.n] = key
		k.n++
		return false
	}
	if k.many == nil {
		k.many = map[string]bool{}
	}
	k.many[key] = true
	return false
}

// pass goes to the end of a value without judging it: what is passed over is read,
// and judged, when the fields before it are known.
func (r *reader) pass() {
	r.peek()
	for depth := 0; r.i < len(r.s); r.i++ {
		switch r.s[r.i] {
		case '"':
			r.passText()
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				r.i++
				return
			}
			if depth < 0 {
				return
			}
		case ',':
			if depth == 0 {
				return
			}
		}
	}
}

// passText goes to the closing quote of a string.
func (r *reader) passText() {
	for r.i++; r.i < len(r.s); r.i++ {
		switch r.s[r.i] {
		case '"':
			return
		case '\\':
			r.i++
		}
	}
	r.i = len(r.s) - 1
}

// again reads what was passed over.
func (r *reader) again(start, end int, read func()) {
	if r.fault != nil {
		return
	}
	r.i = start
	read()
	if r.fault != nil {
		return
	}
	if r.i < end {
		r.peek()
	}
	if r.i != end {
		r.malformed("is followed by something else")
	}
}
