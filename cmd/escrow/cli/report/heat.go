package report

import (
	"fmt"
	"math"

	"github.com/escrow-go/escrow/simulate"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostMaps is how many measures are drawn over two axes.
const mostMaps = 7

// maps draws the measures that matter over two axes.
func (s *swept) maps() (parts []part) {
	for _, name := range s.columns() {
		if low, high := s.span(name); len(parts) < mostMaps && low < high {
			parts = append(parts, part{Chart: s.heat(name)})
		}
	}
	return parts
}

// heat is a map of a measure: the first axis upwards, the last one to the right,
// each value on a field of the same size.
func (s *swept) heat(name string) *chart {
	m, _ := s.outcome(0).Measure(name)
	unit := m.Unit
	if unit == "share" {
		unit = "%"
	}
	up, right := &s.axes[0], &s.axes[1]
	p := newPlot(right.Field, up.Field)
	p.X.Tick.Marker, p.Y.Tick.Marker = side(right), side(up)
	p.X.Min, p.X.Max, p.X.Padding = -0.5, float64(len(right.Values))-0.5, 0
	p.Y.Min, p.Y.Max, p.Y.Padding = -0.5, float64(len(up.Values))-0.5, 0
	low, high := s.span(name)
	p.Add(&fields{s: s, name: name, low: low, high: high})
	height := max(vg.Length(64+38*len(up.Values)), p.Y.Label.TextStyle.Width(up.Field)+90)
	note := s.sample(fmt.Sprintf("the stronger the colour, the more, from %s to %s %s; ± is the wider half of the 95 %% interval", figure(low), figure(high), unit))
	title := fmt.Sprintf("%s (%s)", name, unit)
	alt := fmt.Sprintf("Map of %s over %s and %s, from %s to %s", title, right.Field, up.Field, figure(low), figure(high))
	return &chart{Title: title, Note: note, SVG: svg(p, height, alt)}
}

// side names the values of an axis, one place apart.
func side(a *axis) (ticks plot.ConstantTicks) {
	for i, v := range a.Values {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: simulate.Shown(v)})
	}
	return ticks
}

// span returns the least and the greatest mean of a measure.
func (s *swept) span(name string) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range s.Points {
		if e, ok := measured(s.outcome(i), name); ok {
			low, high = min(low, e.Value), max(high, e.Value)
		}
	}
	return low, high
}

// fields are the points of a map.
type fields struct {
	s         *swept
	name      string
	low, high float64
}

// Plot draws a field for every point, and its figures where there is room.
func (f *fields) Plot(c draw.Canvas, p *plot.Plot) {
	across := len(f.s.axes[1].Values)
	toX, toY := p.Transforms(&c)
	style := p.X.Tick.Label
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	for i := range f.s.Points {
		e, ok := measured(f.s.outcome(i), f.name)
		if !ok {
			continue
		}
		x, y := float64(i%across), float64(i/across)
		alpha := uint8(0x10)
		if f.high > f.low {
			alpha += uint8(0xa0 * (e.Value - f.low) / (f.high - f.low))
		}
		cell := bar(x-0.48, x+0.48, y, 0.94, seriesColor(0, alpha)).(*plotter.Polygon)
		cell.Plot(c, p)
		text := e.Text("")
		if style.Width(text) > toX(1)-toX(0)-6 {
			text = figure(e.Value)
		}
		if style.Width(text) < toX(1)-toX(0)-2 {
			c.FillText(style, vg.Point{X: toX(x), Y: toY(y)}, text)
		}
	}
}

// figure writes a number with three significant digits.
func figure(x float64) string {
	if x == 0 || math.IsInf(x, 0) {
		return "0"
	}
	return simulate.Number(x, min(max(2-int(math.Floor(math.Log10(math.Abs(x)))), 0), 6))
}
