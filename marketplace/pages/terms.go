package pages

import (
	"slices"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// adjusts are the fields that whoever confirms may change.
func adjusts(c escrow.Contract, a *escrow.Approval) (fields []*escrow.Field) {
	for _, r := range reading.Spec(c.Lifecycle()).Rules {
		if r.CoSign.Type == a.Type && r.On.Action() == a.Command.Action() {
			for _, w := range r.CoSign.Adjusts {
				fields = append(fields, w.Declaration())
			}
			return fields
		}
	}
	return nil
}

// proposed are an approval's own terms, as they would be typed.
func proposed(fields []*escrow.Field, a *escrow.Approval) values {
	own := values{}
	given := commandJSON(a.Command)
	for _, f := range fields {
		own.put(f, f.Name, given[f.Name])
	}
	return own
}

// changed returns the values without those of a record that say what is proposed anyway:
// they are no terms of the person's own.
func (t values) changed(fields []*escrow.Field, a *escrow.Approval) values {
	own, was := values{}, proposed(fields, a)
	if len(fields) == 0 {
		return own
	}
	for path, list := range t {
		f := fields[max(0, slices.IndexFunc(fields, func(f *escrow.Field) bool { return strings.HasPrefix(path, f.Name+".") }))]
		same := strings.ReplaceAll(t.get(path), "\r\n", "\n") == was.get(path) || t.get(path) == localTime(was.get(path))
		if f.Kind != escrow.RecordKind || !same {
			own[path] = list
		}
	}
	return own
}

// put writes a value of JSON as it would be typed.
func (t values) put(f *escrow.Field, path string, value any) {
	switch value := value.(type) {
	case nil:
	case map[string]any:
		for _, inner := range declared(f) {
			t.put(inner, path+"."+inner.Name, value[inner.Name])
		}
	case []any:
		if f.Kind == escrow.TextsKind {
			lines := make([]string, len(value))
			for i := range value {
				lines[i], _ = value[i].(string)
			}
			t[path] = []string{strings.Join(lines, "\n")}
			return
		}
		for i := range value {
			if row, ok := value[i].(map[string]any); ok {
				t.put(f, path+"."+strconv.Itoa(i), row)
			} else {
				t.put(&escrow.Field{Kind: escrow.ChoiceKind}, path+"."+strconv.Itoa(i), value[i])
			}
		}
	default:
		t[path] = []string{scalarText(value)}
	}
}

// with returns the values with another one.
func (t values) with(path, value string) values {
	own := values{}
	for name, list := range t {
		own[name] = list
	}
	own[path] = []string{value}
	return own
}
