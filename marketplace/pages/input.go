package pages

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// inputView is one field of a form, made from its declaration.
type inputView struct {
	ID, Name, Label, Hint string
	// Kind is text, textarea, select, datetime-local or group.
	Kind                    string
	Value, InputMode, Title string
	Pattern                 string
	MaxLength               int
	// Required inputs must be filled in, Optional ones need not; of rows that may be left
	// out as a whole neither is said.
	Required, Optional bool
	Choices            []choiceView
	// Suggest are what is likely to be typed.
	Suggest []string
	// Inner are the fields of a group.
	Inner []inputView
	// Fault says that the refusal is about this one.
	Fault bool
}

// choiceView is one of a select.
type choiceView struct {
	Value, Text string
	Selected    bool
}

// inputs makes inputs for a form about a contract.
type inputs struct {
	*visit
	contract escrow.Contract
	form     string
	typed    values
	refused  *refusalView
}

// value is what was typed before.
func (m *inputs) value(name string) string { return m.typed.get(name) }

// base is what the inputs of all kinds have. Names in a group are paths.
func (m *inputs) base(f *escrow.Field, group string) inputView {
	name := group + f.Name
	in := inputView{ID: m.form + "-" + strings.ReplaceAll(name, ".", "-"), Name: "f." + name, Label: label(f.Name), Hint: f.Meaning, Kind: "text",
		Value: m.value(name), Required: !f.Optional, Optional: f.Optional, MaxLength: 200}
	if m.refused != nil && m.refused.Field != "" {
		in.Fault = fault(m.refused.Field) == fault(name)
	}
	return in
}

// fault is a path without the positions in it: "votes[0].vote" is "votes.vote".
func fault(path string) string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	kept := parts[:0]
	for _, part := range parts {
		if _, err := strconv.Atoi(part); err != nil {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ".")
}

// of makes the input of a field.
func (m *inputs) of(f *escrow.Field, group string) inputView {
	in := m.base(f, group)
	switch f.Kind {
	case escrow.TextKind:
		in.MaxLength = longestText
		if f.Lines {
			in.Kind = "textarea"
		}
		in.Required = in.Required && f.Filled
		in.Optional = !in.Required
	case escrow.AccountKind:
		in.Pattern, in.Title = "[!-~]{1,200}", "letters, digits and signs without blanks"
	case escrow.AmountKind:
		in.InputMode, in.Pattern, in.Title, in.MaxLength = "decimal", `[0-9]+(\.[0-9]+)?`, "digits, with a dot before the decimals", 40
		if !f.Fixed {
			in.Label += " (" + m.contract.Asset().Code + ")"
		}
	case escrow.RatioKind:
		in.Pattern, in.Title, in.MaxLength = `(0(\.[0-9]{1,18})?|1(\.0+)?|[0-9]{1,3}(\.[0-9]{1,16})? ?%)`, "as in 5 % or 0.05", 40
		in.Hint += " (as in 5 % or 0.05)"
	case escrow.CountKind:
		in.InputMode, in.Pattern, in.Title, in.MaxLength = "numeric", "[0-9]{1,16}", "a whole number", 16
	case escrow.InstantKind:
		in.Kind, in.Label = "datetime-local", in.Label+" (UTC)"
		in.Value = localTime(in.Value)
	case escrow.DurationKind:
		in.Hint += " (as in 3 days, 24 hours or 30 minutes)"
		in.MaxLength = 40
	case escrow.ChoiceKind:
		in.choose(f.Optional, in.Value, f.Choices...)
	case escrow.FlagKind:
		in.choose(f.Optional, in.Value, "true", "false")
		for i := range in.Choices {
			in.Choices[i].Text = map[string]string{"true": "Yes", "false": "No"}[in.Choices[i].Value]
		}
	case escrow.TextsKind:
		in.Kind, in.Hint, in.MaxLength = "textarea", in.Hint+" (one a line)", longestText
	case escrow.SheetKind:
		m.sheet(&in, f, group)
	case escrow.RecordKind:
		m.record(&in, f, group)
	case escrow.RowsKind:
		m.rows(&in, f, group)
	}
	return in
}

// longestText is how many characters a text may be typed with.
const longestText = 100_000

// localTime writes an instant as browsers type it.
func localTime(text string) string {
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC().Format("2006-01-02T15:04:05")
	}
	return text
}

// choose makes a select.
func (in *inputView) choose(optional bool, chosen string, choices ...string) {
	in.Kind = "select"
	if optional || chosen == "" {
		in.Choices = append(in.Choices, choiceView{Text: "–"})
	}
	for _, c := range choices {
		in.Choices = append(in.Choices, choiceView{Value: c, Text: label(c), Selected: c == chosen})
	}
}

// sheet makes a choice for each text that the sheet is over.
func (m *inputs) sheet(in *inputView, f *escrow.Field, group string) {
	in.Kind = "group"
	for i, of := range m.contract.View().Texts(f.Over) {
		name := fmt.Sprintf("%s%s.%d", group, f.Name, i)
		one := inputView{ID: m.form + "-" + strings.ReplaceAll(name, ".", "-"), Name: "f." + name, Label: of}
		one.choose(f.Optional, m.value(name), f.Choices...)
		in.Inner = append(in.Inner, one)
	}
}

// record makes the fields of an object.
func (m *inputs) record(in *inputView, f *escrow.Field, group string) {
	in.Kind = "group"
	for _, w := range f.Fields {
		one := m.of(w.Declaration(), group+f.Name+".")
		one.Required = one.Required && !f.Optional && !f.Changes
		in.Inner = append(in.Inner, one)
	}
}

// rows makes the fields of several objects: those that were typed, else those that are
// likely to be wanted, else a few empty ones. One of which nothing but what it is about is
// filled in counts as left out.
func (m *inputs) rows(in *inputView, f *escrow.Field, group string) {
	in.Kind = "group"
	path, first, proposed := group+f.Name, f.Fields[0].Declaration(), m.proposals(f)
	keys := make([]string, m.typed.rows(path))
	for i := range keys {
		keys[i] = m.value(fmt.Sprintf("%s.%d.%s", path, i, first.Name))
	}
	if len(keys) == 0 {
		for _, p := range proposed {
			keys = append(keys, p.value)
		}
	}
	for len(keys) < spareRows && len(proposed) == 0 {
		keys = append(keys, "")
	}
	for i, key := range keys[:min(len(keys), mostItems)] {
		row := inputView{Kind: "group", Label: fmt.Sprintf("%s %d", strings.TrimSuffix(label(f.Name), "s"), i+1)}
		about := slices.IndexFunc(proposed, func(p proposal) bool { return p.value == key })
		if about >= 0 {
			row.Label = proposed[about].text
		}
		for _, w := range f.Fields {
			one := m.of(w.Declaration(), fmt.Sprintf("%s.%d.", path, i))
			one.Required, one.Suggest = false, m.suggestions(w.Declaration())
			if w.Declaration() == first && about >= 0 {
				one.Kind, one.Value = "hidden", key
			}
			row.Inner = append(row.Inner, one)
		}
		in.Inner = append(in.Inner, row)
	}
}

// spareRows is how many empty rows a form has when nothing is known of them.
const spareRows = 2

// proposal is what the first field of a row may be, and what it stands for.
type proposal struct{ value, text string }

// proposals are what rows can be about: a count numbers the contract's list of texts, a
// text or an id names its items.
func (m *inputs) proposals(f *escrow.Field) (list []proposal) {
	view, spec := m.contract.View(), reading.Spec(m.contract.Lifecycle())
	first := f.Fields[0].Declaration()
	if first.Kind == escrow.CountKind {
		for i, text := range view.Texts(onlyTexts(spec)) {
			list = append(list, proposal{strconv.Itoa(i), text})
		}
		return list
	}
	for _, l := range spec.Lists {
		if l.Key.Declaration().Kind == escrow.AccountKind && partyOf(spec, l) || first.Kind != escrow.TextKind && first.Kind != escrow.AccountKind {
			continue
		}
		for i := range view.Len(l) {
			key := view.At(l, i).Key()
			list = append(list, proposal{key, key})
		}
		return list
	}
	return nil
}

// partyOf reports whether the items of a list are parties.
func partyOf(spec *escrow.Spec, l *escrow.List) bool {
	for _, p := range spec.Parties {
		if p.Item == l {
			return true
		}
	}
	return false
}

// onlyTexts is the one list of texts among the terms, nil when there is none or several.
func onlyTexts(spec *escrow.Spec) *escrow.Field {
	var only *escrow.Field
	for _, w := range spec.Terms {
		if f := w.Declaration(); f.Kind == escrow.TextsKind {
			if only != nil {
				return &escrow.Field{}
			}
			only = f
		}
	}
	if only == nil {
		return &escrow.Field{}
	}
	return only
}

// suggestions are the choices of the lifecycle's sheets, for a text in a row.
func (m *inputs) suggestions(f *escrow.Field) []string {
	if f.Kind != escrow.TextKind {
		return nil
	}
	for _, w := range reading.Spec(m.contract.Lifecycle()).State {
		if s := w.Declaration(); s.Kind == escrow.SheetKind {
			return s.Choices
		}
	}
	return nil
}
