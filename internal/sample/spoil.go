package sample

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/escrow-go/escrow"
)

// Spoil returns a command with one thing in its payload that is other than it was:
// left out, blank, nothing, too much, of another kind, named twice. What cannot be
// read as a command any more stays as it was.
func (m *Maker) Spoil(choose Choose, command escrow.Command) escrow.Command {
	text, err := command.MarshalJSON()
	if err != nil {
		return command
	}
	for range 4 {
		if spoilt, err := m.Lifecycle.ParseCommand(Altered(choose, text, "action")); err == nil {
			return spoilt
		}
	}
	return command
}

// SpoilDraft returns a draft with one thing other than it was, if it still can be
// read.
func (m *Maker) SpoilDraft(choose Choose, draft escrow.Contract) escrow.Contract {
	text, err := draft.MarshalJSON()
	if err != nil {
		return draft
	}
	for range 8 {
		altered := Altered(choose, text, "lifecycle", "lifecycleVersion", "schema", "id")
		if spoilt, err := escrow.ParseContract(altered, m.Lifecycle); err == nil {
			return spoilt
		}
	}
	return draft
}

// Altered returns a JSON object with one value in it that is other than it was. What
// stands under the names that are kept stays.
func Altered(choose Choose, text []byte, keep ...string) []byte {
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&tree) != nil {
		return text
	}
	alter(choose, tree, keep)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(tree) != nil {
		return text
	}
	return bytes.TrimSpace(b.Bytes())
}

// alter alters one member of an object, or of one that stands in it.
func alter(choose Choose, in map[string]any, keep []string) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(in)), func(n string) bool { return slices.Contains(keep, n) })
	if len(names) == 0 {
		return
	}
	name := names[choose(min(len(names), 128))]
	switch v := in[name].(type) {
	case map[string]any:
		if len(v) > 0 && choose(4) > 0 {
			alter(choose, v, nil)
			return
		}
	case []any:
		in[name] = alterList(choose, v)
		return
	}
	if choose(4) == 0 {
		delete(in, name)
		return
	}
	in[name] = strange(choose, in[name])
}

// alterList drops an entry of a list, doubles one, or alters one.
func alterList(choose Choose, list []any) []any {
	if len(list) == 0 {
		return []any{strange(choose, nil)}
	}
	i := choose(min(len(list), 128))
	list = slices.Clone(list)
	switch choose(4) {
	case 0:
		return slices.Delete(list, i, i+1)
	case 1:
		return append(list, list[i])
	}
	if inner, ok := list[i].(map[string]any); ok {
		inner = maps.Clone(inner)
		alter(choose, inner, nil)
		list[i] = inner
	} else {
		list[i] = strange(choose, list[i])
	}
	return list
}

// strange returns a value that is seldom in order.
func strange(choose Choose, was any) any {
	texts := []any{"", " \n", "nowhere", "0", "-1", "0.0000000000000000001", "1e3", "10000000000000000000000000000000000001",
		"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "PT0S", "acct-client", "acct-1", "two words", nil}
	if _, number := was.(json.Number); number {
		return []any{json.Number("0"), json.Number("1"), json.Number("2"), json.Number("-1"), json.Number("9007199254740991"), "1", nil}[choose(7)]
	}
	if b, flag := was.(bool); flag {
		return []any{!b, "true", nil}[choose(3)]
	}
	return texts[choose(len(texts))]
}
