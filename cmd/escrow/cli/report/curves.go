package report

import (
	"math"
	"slices"

	"github.com/escrow-go/escrow/simulate"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// curves is a chart of lines, each with a band around it.
type curves struct {
	x, y     string
	names    []string
	lines    [][]dot
	log      bool
	zero     bool
	ticks    plot.Ticker
	uprights []upright
}

// dot is an estimate over an axis.
type dot struct {
	x float64
	simulate.Estimate
}

// upright is a line that marks a place on the axis below.
type upright struct {
	x    float64
	text string
	// row keeps the texts of several apart.
	row int
}

const curveHeight = 330

// chart draws the curves, nil if there is nothing to draw.
func (f *curves) chart(title, note, alt string) *chart {
	if !slices.ContainsFunc(f.lines, func(line []dot) bool { return len(line) > 0 }) {
		return nil
	}
	p := newPlot(f.x, f.y)
	p.Add(grid())
	if f.zero {
		p.Y.Min, p.Y.Max = 0, 0
	}
	for i, line := range f.lines {
		f.add(p, i, line)
	}
	widened(&p.Y)
	if len(f.uprights) > 0 {
		p.Y.Max += (p.Y.Max - p.Y.Min) * 0.07 * float64(1+len(f.uprights)) // for their texts
	}
	if f.log {
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, hourTicks{}
	}
	if f.ticks != nil {
		p.X.Tick.Marker = f.ticks
	}
	for i, u := range f.uprights {
		u.row = i
		p.Add(&u)
	}
	return &chart{Title: title, Note: note, Legend: legend(f.names, 0, true), SVG: svg(p, curveHeight, alt)}
}

// logarithmic changes to a logarithmic axis, which begins where something is.
func (f *curves) logarithmic(from float64) {
	f.log = true
	for i, line := range f.lines {
		f.lines[i] = slices.DeleteFunc(line, func(d dot) bool { return d.x < from })
	}
}

// add draws a line and its band, below it.
func (f *curves) add(p *plot.Plot, i int, line []dot) {
	if len(line) == 0 {
		return
	}
	var middle, band plotter.XYs
	for _, d := range line {
		middle = append(middle, plotter.XY{X: d.x, Y: d.Value})
		band = append(band, plotter.XY{X: d.x, Y: d.High})
	}
	for _, d := range slices.Backward(line) {
		band = append(band, plotter.XY{X: d.x, Y: d.Low})
	}
	p.Add(&plotter.Polygon{XYs: []plotter.XYs{band}, Color: seriesColor(i, 0x38)}, &plotter.Line{XYs: middle, LineStyle: seriesLine(i)})
	if len(line) <= 30 && !f.log {
		p.Add(&plotter.Scatter{XYs: middle, GlyphStyle: draw.GlyphStyle{Color: seriesColor(i, 0xff), Radius: 3, Shape: draw.CircleGlyph{}}})
	}
}

// Plot draws the upright from bottom to top, its text beside it.
func (u *upright) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	x := toX(u.x)
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.2, Dashes: []vg.Length{5, 4}}, x, c.Min.Y, x, c.Max.Y)
	style := p.X.Tick.Label
	style.XAlign, style.YAlign = draw.XLeft, draw.YTop
	if x > c.Center().X {
		style.XAlign = draw.XRight
	}
	c.FillText(style, vg.Point{X: x + vg.Length(4*(1+2*float64(style.XAlign))), Y: c.Max.Y - vg.Length(16*u.row)}, u.text)
}

// wide says that numbers above 0 span more than a line can show.
func wide(low, high float64) bool { return low > 0 && math.Log10(high/low) > 1.2 }
