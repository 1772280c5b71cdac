package simulate

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// CSV writes every figure on a line of its own: policy, kind, name, unit, value,
// low, high, total, of. Kinds are ending, measure, settle, curve, capital,
// changed and difference; shares are parts of 1, lengths of time hours.
func (r *Result) CSV(w io.Writer) error {
	f := newFigures(w)
	f.write(figureColumns)
	f.result(nil, r)
	return f.end()
}

// CSV writes the figures of every point as [Result.CSV] does, behind a column
// for each axis and one that says whether the point is best. A threshold is a
// line without a point: its field is the name, the worker and what it does below
// and above stand as its policy.
func (r *SweepResult) CSV(w io.Writer) error {
	f := newFigures(w)
	var head []string
	for _, a := range r.Axes {
		head = append(head, a.Field)
	}
	f.write(append(append(head, "best"), figureColumns...))
	for i := range r.Points {
		p := &r.Points[i]
		f.result(append(allShown(p.Values), strconv.FormatBool(p.Best)), p.Result)
	}
	for _, t := range r.Thresholds {
		f.point = make([]string, len(r.Axes)+1)
		f.line(fmt.Sprintf("%v: %s, then %s", t.Worker, t.Below, t.Above), "threshold", t.Field, "", Shown(t.At), "", "", "", "")
	}
	return f.end()
}

var figureColumns = []string{"policy", "kind", "name", "unit", "value", "low", "high", "total", "of"}

// figures writes lines, each behind the cells of its point.
type figures struct {
	*csv.Writer
	point []string
	fault error
}

func newFigures(w io.Writer) *figures { return &figures{Writer: csv.NewWriter(w)} }

func (f *figures) write(cells []string) {
	if err := f.Write(cells); f.fault == nil {
		f.fault = err
	}
}

func (f *figures) line(cells ...string) {
	f.write(append(append([]string{}, f.point...), cells...))
}

func (f *figures) end() error {
	f.Flush()
	if f.fault == nil {
		f.fault = f.Error()
	}
	return f.fault
}

func (f *figures) result(point []string, r *Result) {
	f.point = point
	for i := range r.Policies {
		f.outcome(&r.Policies[i], r)
	}
	for i := range r.Differences {
		d := &r.Differences[i]
		f.line(d.Policy, "changed", "ending", "share", number(float64(d.Changed)/float64(max(r.Contracts, 1))), "", "", strconv.Itoa(d.Changed), strconv.Itoa(r.Contracts))
		f.measures(d.Policy, "difference", d.Measures)
	}
}

func (f *figures) outcome(o *Outcome, r *Result) {
	all := strconv.Itoa(r.Contracts)
	for _, e := range o.Endings {
		f.estimate(o.Policy, "ending", string(e.Status), share, e.Share, strconv.Itoa(e.Count), all)
	}
	f.measures(o.Policy, "measure", o.Measures)
	t := &o.Settle
	for _, q := range []struct {
		name string
		e    Estimate
	}{{"mean", t.Mean}, {"p50", t.P50}, {"p90", t.P90}, {"p99", t.P99}} {
		f.estimate(o.Policy, "settle", q.name, "hours", q.e, "", all)
	}
	f.line(o.Policy, "settle", "max", "hours", number(t.Max), "", "", "", all)
	for _, p := range t.Curve {
		f.line(o.Policy, "curve", number(p.Hours), share, number(p.Share), "", "", "", all)
	}
	for _, p := range o.Capital {
		f.estimate(o.Policy, "capital", number(p.From.Hours())+".."+number(p.To.Hours()), r.Asset.Code, p.Locked, "", all)
	}
}

func (f *figures) measures(policy, kind string, list []MeasureValue) {
	for _, m := range list {
		f.estimate(policy, kind, m.Name, m.Unit, m.Mean, m.Total, strconv.Itoa(m.Of))
	}
}

func (f *figures) estimate(policy, kind, name, unit string, e Estimate, total, of string) {
	f.line(policy, kind, name, unit, number(e.Value), number(e.Low), number(e.High), total, of)
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
