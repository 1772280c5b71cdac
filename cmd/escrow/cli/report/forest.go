package report

import (
	"image/color"
	"math"

	"github.com/escrow-go/escrow/simulate"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// forest is a chart of estimates with their intervals, one below the other, and
// those of every series together.
type forest struct {
	axis   string
	labels []string
	series []string
	// first is the colour of the first series.
	first int
	// at returns the estimate of a label in a series, false for none.
	at func(label, series int) (simulate.Estimate, bool)
	// bars draws the way from 0 too, points the estimate alone.
	bars bool
}

// slot is how much of a label's height its series share.
const slot = 0.72

// chart draws the forest, nil if there is nothing to draw.
func (f *forest) chart(title, note, alt string) *chart {
	if len(f.labels) == 0 {
		return nil
	}
	p := newPlot(f.axis, "")
	g := grid()
	g.Horizontal.Width = 0
	p.Add(g)
	p.Y.Min, p.Y.Max, p.Y.Padding = -0.5, float64(len(f.labels))-0.5, 0
	p.X.Min, p.X.Max = 0, 0
	f.add(p)
	widened(&p.X)
	f.ticks(p)
	p.Add(zeroLine(p))
	row := vg.Length(15*len(f.series) + 13)
	height := 52 + row*vg.Length(len(f.labels))
	return &chart{Title: title, Note: note, Legend: legend(f.series, f.first, false), SVG: svg(p, height, alt)}
}

// add draws the marks, the first label on top.
func (f *forest) add(p *plot.Plot) {
	thick := slot / float64(len(f.series))
	for k := range f.series {
		var whiskers whiskers
		for i := range f.labels {
			e, ok := f.at(i, k)
			if !ok {
				continue
			}
			y := float64(len(f.labels)-1-i) + slot/2 - thick*(float64(k)+0.5)
			whiskers = append(whiskers, whisker{e, y})
			if f.bars {
				p.Add(bar(0, e.Value, y, thick*0.86, seriesColor(f.first+k, 0xbf)))
			}
		}
		p.Add(whiskers)
		if !f.bars {
			p.Add(whiskers.points(f.first + k))
		}
	}
}

// ticks names the labels; there are no tick lines between them.
func (f *forest) ticks(p *plot.Plot) {
	var ticks plot.ConstantTicks
	for i, label := range f.labels {
		ticks = append(ticks, plot.Tick{Value: float64(len(f.labels) - 1 - i), Label: label})
	}
	p.Y.Tick.Marker = ticks
	p.Y.Tick.Length = 0
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width = 0, 0
}

// zeroLine stands where nothing is.
func zeroLine(p *plot.Plot) plot.Plotter {
	return &plotter.Line{XYs: plotter.XYs{{X: 0, Y: p.Y.Min}, {X: 0, Y: p.Y.Max}}, LineStyle: draw.LineStyle{Color: ink, Width: 1.2}}
}

// bar is a bar around a height.
func bar(from, to, y, thick float64, c color.Color) plot.Plotter {
	return &plotter.Polygon{XYs: []plotter.XYs{{{X: from, Y: y - thick/2}, {X: to, Y: y - thick/2}, {X: to, Y: y + thick/2}, {X: from, Y: y + thick/2}}}, Color: c}
}

// whisker is an interval at a height.
type whisker struct {
	simulate.Estimate
	y float64
}

type whiskers []whisker

// Plot draws each interval with a cap at its ends.
func (w whiskers) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: ink, Width: 1.3}
	for _, s := range w {
		low, high, at := x(s.Low), x(s.High), y(s.y)
		c.StrokeLine2(style, low, at, high, at)
		for _, end := range []vg.Length{low, high} {
			c.StrokeLine2(style, end, at-3.5, end, at+3.5)
		}
	}
}

// DataRange returns what the intervals span.
func (w whiskers) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, s := range w {
		xmin, xmax = min(xmin, s.Low, s.Value), max(xmax, s.High, s.Value)
		ymin, ymax = min(ymin, s.y), max(ymax, s.y)
	}
	return xmin, xmax, ymin, ymax
}

// points returns the estimates as dots.
func (w whiskers) points(series int) plot.Plotter {
	var at plotter.XYs
	for _, s := range w {
		at = append(at, plotter.XY{X: s.Value, Y: s.y})
	}
	return &plotter.Scatter{XYs: at, GlyphStyle: draw.GlyphStyle{Color: seriesColor(series, 0xff), Radius: 4.5, Shape: draw.CircleGlyph{}}}
}
