package simulate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// shown are the measures that a sweep's table shows, those first that are not the
// same at every point, as many as fit.
var shown = []string{"worker.net", "client.net", "disputes.right", "disputes", "welfare.lost", "sign.wait", "capital.days"}

// String returns the sweep as text: a line for each combination of values, the
// best exchanges marked, and where rational workers change their mind.
func (r *SweepResult) String() string {
	var s sheet
	if len(r.Points) == 0 {
		return "a sweep without points" + stoppedEarly(r.Stopped) + "\n"
	}
	s.head(r.Points[0].Result)
	s.title(fmt.Sprintf("Sweep of %d points%s: mean of a contract, in %s unless it says otherwise", len(r.Points), stoppedEarly(r.Stopped), r.asset()))
	for i, a := range r.Axes {
		s.flow("  ", fmt.Sprintf("%s: %s  (%s)", r.axisName(i), strings.Join(allShown(a.Values), ", "), a.Field))
	}
	s.points(r)
	s.frontier(r.Frontier)
	s.thresholds(r.Thresholds)
	return s.String()
}

// axisName returns the last part of an axis' field, the whole where another axis
// ends alike.
func (r *SweepResult) axisName(i int) string {
	last := func(a Axis) string { return a.Field[strings.LastIndexByte(a.Field, '.')+1:] }
	name := last(r.Axes[i])
	for k, a := range r.Axes {
		if k != i && last(a) == name {
			return r.Axes[i].Field
		}
	}
	return name
}

// points writes a line for every policy at every point.
func (s *sheet) points(r *SweepResult) {
	measures := r.columns()
	for len(measures) > 1 && r.table(measures).width() > pageWidth {
		measures = measures[:len(measures)-1]
	}
	t := r.table(measures)
	s.WriteByte('\n')
	t.write(s)
}

// columns returns the names of the measures that matter, most first, those that
// are the same at every point last.
func (r *SweepResult) columns() []string {
	var names []string
	if f := r.Frontier; f != nil {
		names = append(names, f.X, f.Y)
	}
	for _, name := range shown {
		_, known := r.Points[0].Result.Policies[0].Measure(name)
		if known && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return r.sameness(a) - r.sameness(b) })
	return names
}

// sameness is 1 for a measure that is the same at every point, otherwise 0.
func (r *SweepResult) sameness(name string) int {
	first, _ := r.Points[0].Result.Policies[0].Measure(name)
	for i := range r.Points {
		for k := range r.Points[i].Result.Policies {
			if m, _ := r.Points[i].Result.Policies[k].Measure(name); m.Mean != first.Mean {
				return 0
			}
		}
	}
	return 1
}

func (r *SweepResult) table(measures []string) *table {
	t := &table{left: len(r.Axes) + 1}
	many := len(r.Points[0].Result.Policies) > 1
	t.add(r.heading(measures, many)...)
	for i := range r.Points {
		p := &r.Points[i]
		for k := range p.Result.Policies {
			o := &p.Result.Policies[k]
			cells := append([]string{star(p.Best && k == 0)}, allShown(p.Values)...)
			if many {
				cells = append(cells, o.Policy)
			}
			t.add(append(cells, o.texts(measures)...)...)
		}
	}
	return t
}

func (r *SweepResult) heading(measures []string, many bool) []string {
	cells := []string{""}
	for i := range r.Axes {
		cells = append(cells, r.axisName(i))
	}
	if many {
		cells = append(cells, "policy")
	}
	for _, name := range measures {
		m, _ := r.Points[0].Result.Policies[0].Measure(name)
		cells = append(cells, m.named(r.asset()))
	}
	return cells
}

// asset returns the code of what is paid.
func (r *SweepResult) asset() string { return r.Points[0].Result.Asset.Code }

func star(best bool) string {
	if best {
		return "*"
	}
	return ""
}

// texts returns the measures of those names.
func (o *Outcome) texts(names []string) (list []string) {
	for _, name := range names {
		m, _ := o.Measure(name)
		list = append(list, m.Text())
	}
	return list
}

func (s *sheet) frontier(f *Frontier) {
	if f == nil {
		return
	}
	way := "more"
	if f.LessX {
		way = "less"
	}
	s.title(fmt.Sprintf("* best exchanges: no other point has %s %s without giving up %s", way, f.X, f.Y))
}

func (s *sheet) thresholds(list []Threshold) {
	if len(list) == 0 {
		return
	}
	s.title("Where rational workers change their mind")
	for _, t := range list {
		s.flow("  ", fmt.Sprintf("%v, up to %s = %s: %s; beyond: %s", t.Worker, t.Field, Shown(t.At), t.Below, t.Above))
	}
}

// Shown returns a value of an axis as people read it: a string without quotes.
func Shown(value string) string {
	var text string
	if json.Unmarshal([]byte(value), &text) == nil {
		return text
	}
	return value
}

func allShown(values []string) (list []string) {
	for _, v := range values {
		list = append(list, Shown(v))
	}
	return list
}
