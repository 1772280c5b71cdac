package report

import (
	"fmt"
	"slices"

	"github.com/escrow-go/escrow/simulate"
)

// lines draws what goes together, each over the one axis.
func (s *swept) lines() []part {
	asset := s.first().Asset.Code
	money, other := []string{}, []part{}
	for _, name := range s.wanted(append(slices.Clone(nets), "capital.days")) {
		m, ok := s.outcome(0).Measure(name)
		switch {
		case !ok:
		case m.Unit == asset:
			money = append(money, name)
		case m.Unit != "share":
			other = append(other, part{Chart: s.lineChart(name, m.Unit+" a contract", []string{name}, measure(name))})
		}
	}
	parts := []part{{Chart: s.lineChart("Money", "mean of a contract ("+asset+")", money, s.measures(money))}}
	parts = append(parts, part{Chart: s.endingLines()})
	if shares := s.kept("disputes", "disputes.right"); len(shares) > 0 {
		parts = append(parts, part{Chart: s.lineChart("Disputes", "share (%)", shares, s.measures(shares))})
	}
	parts = append(parts, part{Chart: s.lineChart("Time to settle", "hours from founding to end", []string{"half within", "90 % within"}, quantile)})
	return append(parts, other...)
}

func (s *swept) kept(names ...string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return !s.occurs(n) })
}

// estimated returns the estimate of a series at a point.
type estimated func(o *simulate.Outcome, series int) (simulate.Estimate, bool)

func measure(name string) estimated {
	return func(o *simulate.Outcome, _ int) (simulate.Estimate, bool) { return measured(o, name) }
}

func (s *swept) measures(names []string) estimated {
	return func(o *simulate.Outcome, i int) (simulate.Estimate, bool) { return measured(o, names[i]) }
}

// measured returns a measure, shares in percent; false where there was no case.
func measured(o *simulate.Outcome, name string) (simulate.Estimate, bool) {
	m, _ := o.Measure(name)
	if m.Unit == "share" {
		m.Mean = percent(m.Mean)
	}
	return m.Mean, m.Of > 0
}

func quantile(o *simulate.Outcome, i int) (simulate.Estimate, bool) {
	return []simulate.Estimate{o.Settle.P50, o.Settle.P90}[i], true
}

func (s *swept) endingLines() *chart {
	var names []string
	for _, status := range s.first().Endings() {
		for i := range s.Points {
			if s.outcome(i).Ending(status).Count > 0 {
				names = append(names, string(status))
				break
			}
		}
	}
	return s.lineChart("Endings", "share of contracts (%)", names, func(o *simulate.Outcome, i int) (simulate.Estimate, bool) {
		for _, e := range o.Endings {
			if string(e.Status) == names[i] {
				return percent(e.Share), true
			}
		}
		return simulate.Estimate{}, true
	})
}

// lineChart draws series over the axis, with the thresholds that lie on it.
func (s *swept) lineChart(title, unit string, names []string, at estimated) *chart {
	a := &s.axes[0]
	f := curves{x: a.label(), y: unit, names: names, zero: true, ticks: a.ticks()}
	for k := range names {
		var line []dot
		for i := range s.Points {
			if e, ok := at(s.outcome(i), k); ok {
				line = append(line, dot{a.at[i], e})
			}
		}
		slices.SortStableFunc(line, func(a, b dot) int { return compare(a.x, b.x) })
		f.lines = append(f.lines, line)
	}
	for _, h := range s.Thresholds {
		if x, ok := a.placed(h.At); ok && h.Field == a.Field {
			f.uprights = append(f.uprights, upright{x: x, text: fmt.Sprintf("%v: %s | %s", h.Worker, h.Below, h.Above)})
		}
	}
	alt := fmt.Sprintf("%s over %s in %d points, from %s to %s", title, a.Field, len(s.Points), simulate.Shown(s.Points[0].Values[0]), simulate.Shown(s.Points[len(s.Points)-1].Values[0]))
	return f.chart(title+" over "+a.Field, s.sample("bands: 95 % interval"), alt)
}
