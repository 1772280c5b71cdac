package report

import (
	"fmt"

	"github.com/escrow-go/escrow/simulate"
)

// table is figures in rows and columns.
type table struct {
	Caption string
	Head    []string
	// Left is how many columns hold words; the others hold numbers.
	Left int
	Rows []line
}

// line is a row and what it is marked as.
type line struct {
	Class string
	Cells []string
}

func (t *table) add(class string, cells ...string) {
	t.Rows = append(t.Rows, line{class, cells})
}

// names returns those of the policies.
func names(r *simulate.Result) (list []string) {
	for i := range r.Policies {
		list = append(list, r.Policies[i].Policy)
	}
	return list
}

// endingsTable counts how contracts ended.
func endingsTable(r *simulate.Result) *table {
	t := &table{Caption: "Share of " + counted(r.Contracts, "contract") + " (count)", Head: append([]string{"ended"}, names(r)...), Left: 1}
	for _, status := range r.Endings() {
		cells := []string{string(status)}
		for i := range r.Policies {
			e := r.Policies[i].Ending(status)
			cells = append(cells, e.Share.Text("share")+" ("+simulate.Number(float64(e.Count), 0)+")")
		}
		t.add("", cells...)
	}
	return t
}

// measuresTable lists every measure under every policy.
func measuresTable(r *simulate.Result) *table {
	t := &table{Caption: "Mean of a contract; n = " + counted(r.Contracts, "contract") + " unless it says otherwise",
		Head: append([]string{"measure", "unit", "what it is"}, names(r)...), Left: 3}
	for i, m := range r.Policies[0].Measures {
		cells := []string{m.Name, m.Unit, meaning(m.Name)}
		for k := range r.Policies {
			v := &r.Policies[k].Measures[i]
			text := v.Text()
			if v.Of != r.Contracts {
				text += " of " + simulate.Number(float64(v.Of), 0)
			}
			cells = append(cells, text)
		}
		t.add("", cells...)
	}
	return t
}

// meaning says what a measure is.
func meaning(name string) string {
	for _, m := range simulate.Measures() {
		if m.Name == name {
			return m.Meaning
		}
	}
	return ""
}

// timesTable lists how long it took.
func timesTable(r *simulate.Result) *table {
	t := &table{Caption: "From founding to end in hours, of the contracts that end",
		Head: []string{"policy", "mean", "half within", "90 % within", "99 % within", "longest"}, Left: 1}
	for i := range r.Policies {
		s := &r.Policies[i].Settle
		t.add("", r.Policies[i].Policy, s.Mean.Text("hours"), s.P50.Text("hours"), s.P90.Text("hours"), s.P99.Text("hours"), simulate.Number(s.Max, 1))
	}
	return t
}

// differencesTable lists how every measure differs, and marks what is no chance.
func differencesTable(r *simulate.Result) *table {
	t := &table{Caption: "Difference from " + r.Differences[0].Against + ", mean of a contract; n = " + counted(r.Contracts, "contract") + "; * where the interval leaves out 0",
		Head: []string{"measure", "unit"}, Left: 2}
	for _, d := range r.Differences {
		t.Head = append(t.Head, d.Policy)
	}
	for i, m := range r.Differences[0].Measures {
		class, cells := "", []string{m.Name, m.Unit}
		for k := range r.Differences {
			v := &r.Differences[k].Measures[i]
			text := v.Text()
			if v.Mean.Clear() {
				class, text = "clear", text+" *"
			}
			cells = append(cells, text)
		}
		t.add(class, cells...)
	}
	return t
}

// mindsTable lists what rational workers make of each policy.
func mindsTable(r *simulate.Result) *table {
	t := &table{Caption: "At the middle of the price, as it follows from the rules; amounts in " + r.Asset.Code,
		Head: []string{"policy", "worker", "otherwise", "at the middle of its cost", "price", "reckons to be accepted", "delivers what costs at most"}, Left: 4}
	for _, o := range r.Policies {
		for _, m := range o.Minds {
			t.add("", o.Policy, fmt.Sprint(m.Worker), string(m.Otherwise), string(m.Does), m.Price, fmt.Sprint(m.Expects), m.DeliversUpTo)
		}
	}
	return t
}
