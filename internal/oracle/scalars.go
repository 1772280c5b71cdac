package oracle

import (
	"encoding/json"
	"strings"
	"unicode"
)

// ident is wire.md, "Actor": "Ids of accounts, milestones and agents: 1 to 200
// bytes of printable ASCII without blanks". Empty is not set.
type ident string

func (id *ident) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if text != "" && !wellFormed(text) {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	*id = ident(text)
	return nil
}

func wellFormed(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return len(id) >= 1 && len(id) <= 200
}

// readable is engine.md: "Text that people read before they sign has no control
// characters (longer text: line feed and tab only) and no bidirectional overrides."
func readable(text string, long bool) bool {
	for _, r := range text {
		if unicode.IsControl(r) && !(long && (r == '\n' || r == '\t')) {
			return false
		}
		if (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return false
		}
	}
	return true
}

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// texts is a list of strings, without null.
type texts []string

func (l *texts) UnmarshalJSON(data []byte) error {
	var list []*string
	if err := json.Unmarshal(data, &list); err != nil {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	if list == nil {
		return nil
	}
	*l = texts{}
	for _, text := range list {
		if text == nil {
			return &json.UnmarshalTypeError{Value: "malformed"}
		}
		*l = append(*l, *text)
	}
	return nil
}

// Whole numbers, each kind with its limit: "Counts are at most 2^53 - 1", scale is "0 to
// 18", "At most 1,000 milestones".
type (
	count      uint64
	revision   uint64
	scale      uint64
	thousandth uint64
)

func (n *count) UnmarshalJSON(data []byte) error      { return whole(data, (*uint64)(n), 1<<53-1) }
func (n *revision) UnmarshalJSON(data []byte) error   { return whole(data, (*uint64)(n), 1<<53-1) }
func (n *scale) UnmarshalJSON(data []byte) error      { return whole(data, (*uint64)(n), 18) }
func (n *thousandth) UnmarshalJSON(data []byte) error { return whole(data, (*uint64)(n), 1000) }

func whole(data []byte, into *uint64, limit uint64) error {
	if string(data) == "null" {
		return nil
	}
	var n uint64
	if err := json.Unmarshal(data, &n); err != nil || n > limit {
		return &json.UnmarshalTypeError{Value: "malformed"}
	}
	*into = n
	return nil
}
