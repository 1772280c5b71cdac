package pages

import (
	"strconv"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
)

// terms are what was agreed and what has been recorded, parties first.
func (v *visit) terms(c escrow.Contract) (list []factView) {
	view, spec := c.View(), reading.Spec(c.Lifecycle())
	named := map[*escrow.Field]bool{}
	for _, p := range spec.Parties {
		if p.Account == nil {
			continue
		}
		named[p.Account.Declaration()] = true
		who := "nobody yet"
		if id := view.Account(p); id != "" {
			who = id
			if id == v.own() {
				who += " (you)"
			}
		}
		list = append(list, factView{Name: label(p.Name), Lines: []string{who}})
	}
	for _, words := range [][]escrow.Word{spec.Terms, spec.State} {
		for _, w := range words {
			if f := w.Declaration(); !named[f] && view.Has(f) {
				list = append(list, v.fact(view, f))
			}
		}
	}
	return list
}

// policyFacts are the numbers and choices that the contract was founded under.
func policyFacts(c escrow.Contract) (list []factView) {
	view := c.Policy().View()
	for _, w := range reading.Spec(c.Lifecycle()).Policy {
		f := w.Declaration()
		list = append(list, factView{Name: label(f.Name), Meaning: f.Meaning, Lines: []string{text(view, f)}})
	}
	return list
}

// fact shows the value of a field.
func (v *visit) fact(view escrow.View, f *escrow.Field) factView {
	one := factView{Name: label(f.Name), Meaning: f.Meaning}
	switch f.Kind {
	case escrow.InstantKind:
		at := instant(view.Time(f), v.Now)
		one.At = &at
	case escrow.AmountKind:
		if f.Fixed {
			one.Lines = []string{text(view, f)}
			break
		}
		s := sum(view.Amount(f), view.Asset())
		one.Sum = &s
	case escrow.TextsKind:
		one.Lines = view.Texts(f)
	case escrow.SheetKind:
		one.Lines = sheet(view, f)
	default:
		one.Lines = []string{text(view, f)}
	}
	return one
}

// sheet writes a sheet, an entry a line.
func sheet(view escrow.View, f *escrow.Field) (lines []string) {
	for i, of := range view.Texts(f.Over) {
		choice := "–"
		if n := view.Sheet(f).Entry(i); n > 0 {
			choice = plain(f.Choices[n-1])
		}
		lines = append(lines, of+": "+choice)
	}
	return lines
}

// text writes a value in one line.
func text(view escrow.View, f *escrow.Field) string {
	switch f.Kind {
	case escrow.AmountKind:
		asset := view.Asset()
		if f.Fixed {
			asset.Scale = f.Scale
		}
		return grouped(asset.Text(view.Amount(f)))
	case escrow.RatioKind:
		return percent(view.Ratio(f))
	case escrow.CountKind:
		return strconv.FormatUint(view.Count(f), 10)
	case escrow.DurationKind:
		return span(view.Duration(f))
	case escrow.FlagKind:
		if view.Flag(f) {
			return "yes"
		}
		return "no"
	case escrow.ChoiceKind:
		return plain(view.Text(f))
	}
	return view.Text(f)
}

// percent writes a ratio as people say it.
func percent(r escrow.Ratio) string { return r.Decimal().Shift(2).String() + " %" }

// itemsView are the items of a list as a table.
type itemsView struct {
	Name, Meaning string
	Columns       []string
	Rows          []itemView
	// More is how many are not shown.
	More int
}

// itemView is a row: its cells in the order of the columns.
type itemView struct {
	Key, Status string
	Held        *sumView
	Cells       []factView
}

// mostItems is how many items a page shows.
const mostItems = 100

// lists are the items of a contract.
func (v *visit) lists(c escrow.Contract) (all []itemsView) {
	view, spec := c.View(), reading.Spec(c.Lifecycle())
	for _, l := range spec.Lists {
		n := view.Len(l)
		if n == 0 {
			continue
		}
		items := itemsView{Name: label(l.Name), Meaning: l.Meaning, More: max(0, n-mostItems)}
		var fields []*escrow.Field
		for _, w := range l.Fields {
			if f := w.Declaration(); anyHas(view, l, f) {
				fields = append(fields, f)
				items.Columns = append(items.Columns, label(f.Name))
			}
		}
		for i := range min(n, mostItems) {
			items.Rows = append(items.Rows, v.item(view.At(l, i), spec, l, fields))
		}
		all = append(all, items)
	}
	return all
}

// anyHas reports whether a shown item of a list has a value for a field.
func anyHas(view escrow.View, l *escrow.List, f *escrow.Field) bool {
	for i := range min(view.Len(l), mostItems) {
		if view.At(l, i).Has(f) {
			return true
		}
	}
	return false
}

func (v *visit) item(at escrow.View, spec *escrow.Spec, l *escrow.List, fields []*escrow.Field) itemView {
	row := itemView{Key: at.Key(), Status: plain(at.ItemStatus())}
	for _, p := range spec.Pots {
		if p.Each == l && !at.Held(p).IsZero() {
			s := sum(at.Held(p), at.Asset())
			row.Held = &s
		}
	}
	for _, f := range fields {
		one := factView{Name: label(f.Name)}
		if at.Has(f) {
			one = v.fact(at, f)
		}
		row.Cells = append(row.Cells, one)
	}
	return row
}
