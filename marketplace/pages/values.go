package pages

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/shopspring/decimal"
)

// values are what was typed into a form, by the paths of fields: f.work is "work".
type values url.Values

// posted are the fields of a form that was sent.
func posted(form url.Values) values {
	own := values{}
	for name, list := range form {
		if path, ok := strings.CutPrefix(name, "f."); ok {
			own[path] = list
		}
	}
	return own
}

func (t values) get(path string) string { return url.Values(t).Get(path) }

// rows counts the objects of a rows field that were sent.
func (t values) rows(path string) (n int) {
	for name := range t {
		rest, ok := strings.CutPrefix(name, path+".")
		if at, _, _ := strings.Cut(rest, "."); ok {
			if i, err := strconv.Atoi(at); err == nil && i >= 0 && i < 1000 {
				n = max(n, i+1)
			}
		}
	}
	return n
}

// command returns the command that a form says. What is wrong with it is the engine's
// refusal.
func (t values) command(l *escrow.Lifecycle, act *escrow.Act, c escrow.Contract) (escrow.Command, error) {
	object := t.object(act.Params(), "", c)
	object["action"] = string(act.Action())
	text, err := json.Marshal(object)
	if err != nil {
		return escrow.Command{}, err
	}
	return l.ParseCommand(text)
}

// object is the JSON of fields; what was left empty is left out.
func (t values) object(fields []*escrow.Field, group string, c escrow.Contract) map[string]any {
	object := map[string]any{}
	for _, f := range fields {
		if value := t.json(f, group+f.Name, c); value != nil {
			object[f.Name] = value
		}
	}
	return object
}

// json is the JSON of a field, nil when it was left empty.
func (t values) json(f *escrow.Field, path string, c escrow.Contract) any {
	switch f.Kind {
	case escrow.RecordKind:
		if object := t.object(declared(f), path+".", c); len(object) > 0 {
			return object
		}
		return nil
	case escrow.RowsKind:
		return t.list(f, path, c)
	case escrow.SheetKind:
		return t.sheet(f, path, c)
	}
	text := strings.ReplaceAll(t.get(path), "\r\n", "\n")
	if text == "" {
		return nil
	}
	switch f.Kind {
	case escrow.TextsKind:
		lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
		return lines
	case escrow.CountKind:
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			return n
		}
	case escrow.FlagKind:
		if text == "true" || text == "false" {
			return text == "true"
		}
	case escrow.InstantKind:
		for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
			if at, err := time.Parse(layout, text); err == nil {
				return at.UTC().Format(time.RFC3339Nano)
			}
		}
	case escrow.RatioKind:
		return ratio(strings.TrimSpace(text))
	case escrow.DurationKind:
		return duration(strings.TrimSpace(text))
	case escrow.AmountKind, escrow.AccountKind:
		return strings.TrimSpace(text)
	}
	return text
}

var (
	percentage = regexp.MustCompile(`^([0-9]{1,3}(?:\.[0-9]{1,16})?) ?%$`)
	units      = regexp.MustCompile(`^([0-9]{1,9}) ?(week|day|hour|minute|second)s?$`)
)

// ratio reads "5 %" as 0.05; anything else stays as it is.
func ratio(text string) string {
	m := percentage.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	return decimal.RequireFromString(m[1]).Shift(-2).String()
}

// duration reads "3 days" as P3D; anything else stays as it is.
func duration(text string) string {
	m := units.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	return fmt.Sprintf(notations[m[2]], m[1])
}

// notations are how ISO 8601 writes the units.
var notations = map[string]string{"week": "P%sW", "day": "P%sD", "hour": "PT%sH", "minute": "PT%sM", "second": "PT%sS"}

func declared(f *escrow.Field) []*escrow.Field {
	list := make([]*escrow.Field, len(f.Fields))
	for i, w := range f.Fields {
		list[i] = w.Declaration()
	}
	return list
}

// list is the JSON of rows. One that has nothing but its first field, which the form
// proposes, is left out.
func (t values) list(f *escrow.Field, path string, c escrow.Contract) any {
	var rows []any
	fields := declared(f)
	for i := range t.rows(path) {
		row := t.object(fields, path+"."+strconv.Itoa(i)+".", c)
		if _, first := row[fields[0].Name]; len(row) == 0 || len(row) == 1 && first && len(fields) > 1 {
			continue
		}
		rows = append(rows, row)
	}
	if rows == nil {
		return nil
	}
	return rows
}

// sheet is the JSON of a sheet.
func (t values) sheet(f *escrow.Field, path string, c escrow.Contract) any {
	var entries []any
	some := false
	for i := range c.View().CountTexts(f.Over) {
		var entry any
		if choice := t.get(path + "." + strconv.Itoa(i)); choice != "" {
			entry, some = choice, true
		}
		entries = append(entries, entry)
	}
	if !some {
		return nil
	}
	return entries
}
