package pages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
)

// carried are the values that a command has in JSON, as facts in the order declared. An
// amount of a command has no asset of its own: it is the contract's.
func carried(l *escrow.Lifecycle, command []byte, asset escrow.Asset) (list []factView) {
	given := parsed(command)
	action, _ := given["action"].(string)
	act := actOf(l, escrow.Action(action))
	if act == nil {
		return nil
	}
	for _, f := range act.Params() {
		if value := given[f.Name]; value != nil {
			list = append(list, factView{Name: label(f.Name), Meaning: f.Meaning, Lines: carriedLines(f, value, asset)})
		}
	}
	return list
}

// parsed reads a command's JSON, its numbers as they are written.
func parsed(command []byte) map[string]any {
	given := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(command))
	d.UseNumber()
	if d.Decode(&given) != nil {
		return nil
	}
	return given
}

// commandJSON is a command's JSON, taken apart.
func commandJSON(cmd escrow.Command) map[string]any {
	text, err := cmd.MarshalJSON()
	if err != nil {
		return nil
	}
	return parsed(text)
}

// scalarText writes a string, number or flag of JSON.
func scalarText(value any) string { return fmt.Sprint(value) }

// commandFacts are the values of a command.
func commandFacts(l *escrow.Lifecycle, cmd escrow.Command, asset escrow.Asset) []factView {
	text, err := cmd.MarshalJSON()
	if err != nil {
		return nil
	}
	return carried(l, text, asset)
}

// actOf returns the act of an action, nil when there is none.
func actOf(l *escrow.Lifecycle, action escrow.Action) *escrow.Act {
	for _, act := range l.Acts() {
		if act.Action() == action {
			return act
		}
	}
	return nil
}

// carriedLines writes a value of JSON, a list an entry a line.
func carriedLines(f *escrow.Field, value any, asset escrow.Asset) (lines []string) {
	if row, ok := value.(map[string]any); ok {
		return []string{carriedRow(f, row, asset)}
	}
	entries, ok := value.([]any)
	if !ok {
		return []string{carriedText(f, fmt.Sprint(value), asset)}
	}
	for i, entry := range entries {
		switch entry := entry.(type) {
		case map[string]any:
			lines = append(lines, carriedRow(f, entry, asset))
		case string:
			if f.Kind == escrow.SheetKind {
				entry = fmt.Sprintf("%d: %s", i+1, plain(entry))
			}
			lines = append(lines, entry)
		}
	}
	return lines
}

// carriedRow writes an object in a line.
func carriedRow(f *escrow.Field, row map[string]any, asset escrow.Asset) string {
	var parts []string
	for _, w := range f.Fields {
		if inner := w.Declaration(); row[inner.Name] != nil {
			parts = append(parts, plain(inner.Name)+": "+strings.Join(carriedLines(inner, row[inner.Name], asset), ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// carriedText writes a value as people read it; one that is none, such as an erased
// text, as it is.
func carriedText(f *escrow.Field, text string, asset escrow.Asset) string {
	switch f.Kind {
	case escrow.AmountKind:
		if f.Fixed {
			return grouped(text)
		}
		s := sumOf(text, asset)
		return s.Text + " " + s.Code
	case escrow.RatioKind:
		if r, err := escrow.ParseRatio(text); err == nil {
			return percent(r)
		}
	case escrow.InstantKind:
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return instant(at, at).Text
		}
	case escrow.DurationKind:
		if d, err := escrow.ParseDuration(text); err == nil {
			return span(d)
		}
	case escrow.FlagKind:
		if text == "true" {
			return "yes"
		}
		return "no"
	case escrow.ChoiceKind:
		return plain(text)
	}
	return text
}
