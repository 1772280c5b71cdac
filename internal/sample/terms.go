package sample

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// Terms is a draft taken apart: its values by field, to be changed and put together
// again.
type Terms struct {
	Lifecycle *escrow.Lifecycle
	ID        string
	Asset     escrow.Asset
	Policy    escrow.Policy
	// Values are those of parties, terms and amendable state; a field without one is
	// unset.
	Values map[*escrow.Field]escrow.Value
	// Items are those of each list.
	Items map[*escrow.List][]map[*escrow.Field]escrow.Value
}

// TermsOf takes a draft apart.
func TermsOf(c escrow.Contract) Terms {
	t := Terms{Lifecycle: c.Lifecycle(), ID: c.ID(), Asset: c.Asset(), Policy: c.Policy(),
		Values: map[*escrow.Field]escrow.Value{}, Items: map[*escrow.List][]map[*escrow.Field]escrow.Value{}}
	v := c.View()
	for _, f := range t.Fields() {
		if v.Has(f) {
			t.Values[f] = ValueOf(v, f)
		}
	}
	for _, l := range reading.Spec(t.Lifecycle).Lists {
		for i := range v.Len(l) {
			values, at := map[*escrow.Field]escrow.Value{}, v.At(l, i)
			for _, f := range itemFields(l) {
				if at.Has(f) {
					values[f] = ValueOf(at, f)
				}
			}
			t.Items[l] = append(t.Items[l], values)
		}
	}
	return t
}

// Fields returns the fields that a draft may have, items' apart.
func (t *Terms) Fields() (fields []*escrow.Field) { return draftFields(reading.Spec(t.Lifecycle)) }

func draftFields(spec *escrow.Spec) (fields []*escrow.Field) {
	add := func(f *escrow.Field) {
		if !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	for _, p := range spec.Parties {
		if p.Account != nil {
			add(p.Account.Declaration())
		}
	}
	for _, w := range spec.Terms {
		add(w.Declaration())
	}
	for _, w := range spec.State {
		if w.Declaration().Amendable {
			add(w.Declaration())
		}
	}
	return fields
}

func itemFields(l *escrow.List) []*escrow.Field {
	fields := []*escrow.Field{l.Key.Declaration()}
	for _, w := range l.Fields {
		fields = append(fields, w.Declaration())
	}
	return fields
}

// Draft puts the draft together.
func (t *Terms) Draft() escrow.Contract {
	var values []escrow.Value
	for _, f := range t.Fields() {
		if v, ok := t.Values[f]; ok {
			values = append(values, v)
		}
	}
	c := t.Lifecycle.DraftIn(t.ID, t.Asset, values...).WithPolicy(t.Policy)
	for _, l := range reading.Spec(t.Lifecycle).Lists {
		if len(t.Items[l]) == 0 {
			continue
		}
		items := make([][]escrow.Value, len(t.Items[l]))
		for i, item := range t.Items[l] {
			for _, f := range itemFields(l) {
				if v, ok := item[f]; ok {
					items[i] = append(items[i], v)
				}
			}
		}
		c = c.WithItems(l, items...)
	}
	return c
}

// ValueOf returns what a field has in a view.
func ValueOf(v escrow.View, f *escrow.Field) escrow.Value {
	switch f.Kind {
	case escrow.AmountKind:
		return escrow.AmountValue(f, v.Amount(f))
	case escrow.RatioKind:
		return escrow.RatioValue(f, v.Ratio(f))
	case escrow.CountKind:
		return escrow.CountValue(f, v.Count(f))
	case escrow.InstantKind:
		return escrow.TimeValue(f, v.Time(f))
	case escrow.DurationKind:
		return escrow.DurationValue(f, v.Duration(f))
	case escrow.FlagKind:
		return escrow.FlagValue(f, v.Flag(f))
	case escrow.TextsKind:
		return escrow.TextsOf(f, v.Texts(f))
	case escrow.SheetKind:
		choices := make([]string, v.CountTexts(f.Over))
		for i := range choices {
			if n := v.Sheet(f).Entry(i); n > 0 {
				choices[i] = f.Choices[n-1]
			}
		}
		return escrow.SheetOf(f, choices)
	}
	return escrow.TextOf(f, v.Text(f))
}

// Shifted returns the terms with every instant moved.
func (t Terms) Shifted(c escrow.Contract, by time.Duration) Terms {
	v := c.View()
	for f := range t.Values {
		if f.Kind == escrow.InstantKind {
			t.Values[f] = escrow.TimeValue(f, v.Time(f).Add(by))
		}
	}
	for l, items := range t.Items {
		for i, item := range items {
			for f := range item {
				if f.Kind == escrow.InstantKind {
					item[f] = escrow.TimeValue(f, v.At(l, i).Time(f).Add(by))
				}
			}
		}
	}
	return t
}
