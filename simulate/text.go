package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
)

// String returns the result as text of 100 columns: how contracts ended, whom it
// paid, disputes, times, and how the further policies differ from the first.
func (r *Result) String() string {
	var s sheet
	s.head(r)
	if r.Contracts == 0 {
		return s.String()
	}
	s.endings(r)
	s.money(r)
	s.cases(r)
	s.times(r)
	s.capital(r)
	s.minds(r)
	s.differences(r)
	return s.String()
}

func (s *sheet) head(r *Result) {
	s.flow("", fmt.Sprintf("%s: %s contracts of %s, seed %d%s", r.Scenario, count(r.Contracts), r.Lifecycle, r.Seed, stoppedEarly(r.Stopped)))
	if r.About != "" {
		s.flow("", r.About)
	}
	s.flow("", "± is the wider half of the 95 % interval.")
}

func stoppedEarly(stopped bool) string {
	if stopped {
		return ", STOPPED EARLY"
	}
	return ""
}

func (r *Result) names() (list []string) {
	for i := range r.Policies {
		list = append(list, r.Policies[i].Policy)
	}
	return list
}

func (s *sheet) endings(r *Result) {
	s.title(fmt.Sprintf("How contracts end: share of %s", count(r.Contracts)))
	var rows []row
	for _, status := range r.Endings() {
		line := row{name: string(status)}
		for i := range r.Policies {
			line.cells = append(line.cells, r.Policies[i].Ending(status).Share.Text(share))
		}
		rows = append(rows, line)
	}
	s.compare(r.names(), rows)
}

// money writes what is neither a share nor a time, and names what never occurs.
func (s *sheet) money(r *Result) {
	s.title(fmt.Sprintf("Money: mean of a contract in %s", r.Asset.Code))
	rows, never := r.rows(func(m *MeasureValue) bool { return m.Unit != share && m.Unit != "hours" })
	s.compare(r.names(), rows)
	if len(never) > 0 {
		s.flow("  ", "always 0: "+strings.Join(never, ", "))
	}
}

func (s *sheet) cases(r *Result) {
	rows, _ := r.rows(func(m *MeasureValue) bool { return m.Unit == share })
	if len(rows) == 0 {
		return
	}
	s.title("Disputes: share of contracts, and how many of the disputes were judged right")
	s.compare(r.names(), rows)
}

// rows returns the measures that are wanted, and the names of those among them
// that are 0 under every policy.
func (r *Result) rows(wanted func(*MeasureValue) bool) (rows []row, never []string) {
	var lists [][]MeasureValue
	for i := range r.Policies {
		lists = append(lists, r.Policies[i].Measures)
	}
	return measured(lists, r.Asset.Code, wanted)
}

// measured returns a row for each measure of the first list, with the cell of
// every list, and apart from them the names of those that are 0 in all.
func measured(lists [][]MeasureValue, usual string, wanted func(*MeasureValue) bool) (rows []row, never []string) {
	for i := range lists[0] {
		m := &lists[0][i]
		if !wanted(m) {
			continue
		}
		line, zero := row{name: m.named(usual)}, true
		for _, list := range lists {
			line.cells = append(line.cells, list[i].Text())
			zero = zero && list[i].Mean == Estimate{}
		}
		if zero {
			never = append(never, m.Name)
			continue
		}
		rows = append(rows, line)
	}
	return rows, never
}

// named returns the name, with the unit where it is not the usual one.
func (m *MeasureValue) named(usual string) string {
	switch m.Unit {
	case usual, share, "hours":
		return m.Name
	}
	return m.Name + " (" + m.Unit + ")"
}

// times writes how long it takes, in hours, and what waits.
func (s *sheet) times(r *Result) {
	s.title("Time from founding to end, of the contracts that end: hours")
	of := []struct {
		name string
		get  func(*Times) string
	}{
		{"mean", func(t *Times) string { return t.Mean.Text("hours") }},
		{"half within", func(t *Times) string { return t.P50.Text("hours") }},
		{"90 % within", func(t *Times) string { return t.P90.Text("hours") }},
		{"99 % within", func(t *Times) string { return t.P99.Text("hours") }},
		{"longest", func(t *Times) string { return Number(t.Max, 1) }},
	}
	var rows []row
	for _, o := range of {
		line := row{name: o.name}
		for i := range r.Policies {
			line.cells = append(line.cells, o.get(&r.Policies[i].Settle))
		}
		rows = append(rows, line)
	}
	waits, _ := r.rows(func(m *MeasureValue) bool { return m.Unit == "hours" })
	s.compare(r.names(), append(rows, waits...))
}

// capital writes when most money was held.
func (s *sheet) capital(r *Result) {
	line, at := row{name: "most, on average"}, row{name: "in the days"}
	for i := range r.Policies {
		points := r.Policies[i].Capital
		if len(points) == 0 {
			return
		}
		p := slices.MaxFunc(points, func(a, b CapitalPoint) int { return cmp.Compare(a.Locked.Value, b.Locked.Value) })
		line.cells = append(line.cells, p.Locked.Text(r.Asset.Code))
		at.cells = append(at.cells, fmt.Sprintf("%s to %s", Number(p.From.Hours()/24, 1), Number(p.To.Hours()/24, 1)))
	}
	s.title(fmt.Sprintf("Capital locked in all contracts together: %s", r.Asset.Code))
	s.compare(r.names(), []row{line, at})
}

// minds writes what rational workers make of each policy.
func (s *sheet) minds(r *Result) {
	titled := false
	for _, o := range r.Policies {
		for _, m := range o.Minds {
			if !titled {
				s.title("What rational workers do")
				titled = true
			}
			s.flow("  ", fmt.Sprintf("%s, %v: %s", o.Policy, m.Worker, m.Text(r.Asset)))
		}
	}
}

// Text says what a worker does.
func (m *Mind) Text(asset escrow.Asset) string {
	limit := "never delivers"
	if m.DeliversUpTo != "never" {
		limit = fmt.Sprintf("delivers what costs at most %s %s", m.DeliversUpTo, asset.Code)
	}
	return fmt.Sprintf("at a price of %s %s and a chance of %s to be accepted, %s; otherwise: %s. At the middle of its cost: %s",
		m.Price, asset.Code, m.Expects, limit, m.Otherwise, m.Does)
}

// differences writes how the further policies differ from the first on the same
// random numbers, and marks what is no chance.
func (s *sheet) differences(r *Result) {
	if len(r.Differences) == 0 {
		return
	}
	s.title(fmt.Sprintf("Difference from %s on the same random numbers; * where the interval leaves out 0", r.Differences[0].Against))
	changed := row{name: "end otherwise"}
	var names []string
	for _, d := range r.Differences {
		names = append(names, d.Policy)
		changed.cells = append(changed.cells, fmt.Sprintf("%s of %s", count(d.Changed), count(r.Contracts)))
	}
	rows, never := r.changes()
	s.compare(names, append([]row{changed}, rows...))
	if len(never) > 0 {
		s.flow("  ", "no difference: "+strings.Join(never, ", "))
	}
}

func (r *Result) changes() (rows []row, never []string) {
	var lists [][]MeasureValue
	for i := range r.Differences {
		lists = append(lists, r.Differences[i].Measures)
	}
	rows, never = measured(lists, r.Asset.Code, func(*MeasureValue) bool { return true })
	byName := map[string]int{}
	for i := range lists[0] {
		byName[lists[0][i].named(r.Asset.Code)] = i
	}
	for _, line := range rows {
		for k := range line.cells {
			line.cells[k] += mark(lists[k][byName[line.name]].Mean.Clear())
		}
	}
	return rows, never
}

func mark(clear bool) string {
	if clear {
		return " *"
	}
	return "  "
}
