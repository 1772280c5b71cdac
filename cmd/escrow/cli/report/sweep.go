package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow/simulate"
)

// swept is a sweep with its axes placed, looked at under one policy.
type swept struct {
	*simulate.SweepResult
	axes   []axis
	policy int
}

// sweepSections returns the sections of a sweep: the exchange that was looked
// for, what each policy does over the axes, and every point.
func sweepSections(r *simulate.SweepResult) (list []section) {
	if len(r.Points) == 0 {
		return []section{nothing}
	}
	s := &swept{SweepResult: r}
	for _, a := range r.Axes {
		s.axes = append(s.axes, axisOf(a))
	}
	if r.Frontier != nil {
		list = append(list, s.frontier())
	}
	for s.policy = range s.first().Policies {
		list = append(list, s.overAxes())
	}
	if len(r.Thresholds) > 0 {
		list = append(list, section{Title: "Where rational workers change their mind", Parts: []part{{Table: thresholdsTable(r.Thresholds)}}})
	}
	return append(list, section{Title: "Every point", Text: "Further measures are in what --csv and --json write.", Parts: []part{{Table: s.table()}}})
}

func (s *swept) first() *simulate.Result { return s.Points[0].Result }

// several says that there is a choice of policies.
func (s *swept) several() bool { return len(s.first().Policies) > 1 }

// outcome returns what happened at a point.
func (s *swept) outcome(point int) *simulate.Outcome {
	return &s.Points[point].Result.Policies[s.policy]
}

// sample says what n is.
func (s *swept) sample(marks string) string {
	low, high := s.first().Contracts, 0
	for _, p := range s.Points {
		low, high = min(low, p.Result.Contracts), max(high, p.Result.Contracts)
	}
	text := "n = " + counted(high, "contract") + " at every point"
	if low < high {
		text = "n = " + simulate.Number(float64(low), 0) + " to " + counted(high, "contract") + " at a point"
	}
	return text + "; " + marks
}

// overAxes draws the measures over one axis as lines, over two as a map.
func (s *swept) overAxes() section {
	list := section{Title: "What changes"}
	if s.several() {
		list.Title += " under the policy " + s.outcome(0).Policy
	}
	switch len(s.axes) {
	case 1:
		list.Parts = s.lines()
	case 2:
		list.Parts = s.maps()
	default:
		list.Text = fmt.Sprintf("%d fields were varied: more than a drawing shows. The figures are in the table of every point.", len(s.axes))
	}
	return list
}

// columns are the measures that a table or maps show, most wanted first: those
// that are the same at every point come last.
func (s *swept) columns() []string {
	const most = 7
	names := s.wanted([]string{"client.net", "worker.net", "disputes.right", "worker.income", "welfare.lost", "treasury.gets", "disputes", "sign.wait", "capital.days", "agents.net", "platform.gets"})
	slices.SortStableFunc(names, func(a, b string) int { return s.rank(a) - s.rank(b) })
	return names[:min(most, len(names))]
}

// rank puts a measure that is the same at every point behind the others.
func (s *swept) rank(name string) int {
	if low, high := s.span(name); low < high {
		return 0
	}
	return 1
}

// wanted returns the measures of the exchange, and those of a list that occur.
func (s *swept) wanted(list []string) (names []string) {
	if f := s.Frontier; f != nil {
		names = append(names, f.X, f.Y)
	}
	for _, n := range list {
		if !slices.Contains(names, n) && s.occurs(n) {
			names = append(names, n)
		}
	}
	return names
}

// occurs says that a measure is not 0 everywhere.
func (s *swept) occurs(name string) bool {
	for _, p := range s.Points {
		if varies(p.Result, name) {
			return true
		}
	}
	return false
}

// table lists every point under every policy.
func (s *swept) table() *table {
	t := &table{Caption: s.sample("± is the wider half of the 95 % interval"), Left: len(s.axes)}
	for _, a := range s.axes {
		t.Head = append(t.Head, breakable(a.Field))
	}
	if s.several() {
		t.Left++
		t.Head = append(t.Head, "policy")
	}
	for _, name := range s.columns() {
		m, _ := s.first().Policies[0].Measure(name)
		t.Head = append(t.Head, strings.TrimSuffix(breakable(name)+" "+m.Unit, " share"))
	}
	t.Head = append(t.Head, "half settled within, hours")
	if s.Frontier != nil {
		t.Caption += "; coloured: no other point is as good in both measures of the exchange and better in one"
	}
	for i := range s.Points {
		s.addPoint(t, &s.Points[i])
	}
	return t
}

// breakable lets a name go on in the next line after a dot.
func breakable(name string) string { return strings.ReplaceAll(name, ".", ".\u200b") }

func (s *swept) addPoint(t *table, p *simulate.SweepPoint) {
	for k := range p.Result.Policies {
		o := &p.Result.Policies[k]
		var cells []string
		for _, v := range p.Values {
			cells = append(cells, simulate.Shown(v))
		}
		if s.several() {
			cells = append(cells, o.Policy)
		}
		for _, name := range s.columns() {
			m, _ := o.Measure(name)
			cells = append(cells, m.Text())
		}
		class := ""
		if p.Best && k == 0 {
			class = "best"
		}
		t.add(class, append(cells, o.Settle.P50.Text("hours"))...)
	}
}

func thresholdsTable(list []simulate.Threshold) *table {
	t := &table{Caption: "What a rational worker does as one field grows", Head: []string{"worker", "field", "up to", "it does", "beyond, it does"}, Left: 5}
	for _, h := range list {
		t.add("", fmt.Sprint(h.Worker), h.Field, simulate.Shown(h.At), fmt.Sprint(h.Below), fmt.Sprint(h.Above))
	}
	return t
}
