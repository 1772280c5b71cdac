package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow/simulate"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostNamed is how many of the best points bear their values.
const mostNamed = 14

func compare(a, b float64) int { return cmp.Compare(a, b) }

// spot is a point of the sweep in the plane of two measures.
type spot struct {
	x, y  simulate.Estimate
	best  bool
	label string
}

// frontier draws every point in the plane of the two measures, and joins the best.
func (s *swept) frontier() section {
	f := s.Frontier
	spots, title := s.spots(f), "The best exchange of "+f.X+" and "+f.Y
	if len(spots) == 0 {
		return section{Title: title, Text: "There was no case of one of them at any point."}
	}
	p := newPlot(s.direction(f.X, f.LessX), s.direction(f.Y, f.LessY))
	p.Add(grid(), crosses(spots))
	var best []spot
	for _, o := range spots {
		if o.best {
			best = append(best, o)
		}
	}
	p.Add(way(best), marks(spots, false), marks(spots, true))
	if apart := together(best); len(apart) <= mostNamed {
		p.Add(labels(apart))
	}
	alt := fmt.Sprintf("%s and %s at %d points, of which %d are best", f.X, f.Y, len(spots), len(best))
	c := &chart{Title: f.Y + " against " + f.X, Note: s.sample("crosses: 95 % intervals; filled and joined: no other point is as good in both measures and better in one, as estimated"),
		SVG: svg(p, 420, alt)}
	return section{Title: title, Text: s.named(), Parts: []part{{Chart: c}}}
}

// named says what the figures beside the best points are.
func (s *swept) named() string {
	var fields []string
	for _, a := range s.axes {
		fields = append(fields, a.Field)
	}
	text := "Beside the best points stand the values of " + strings.Join(fields, ", ")
	if s.several() {
		text += "; the policy is " + s.first().Policies[0].Policy
	}
	return text + "."
}

// direction labels a measure, and says which way is better.
func (s *swept) direction(name string, less bool) string {
	m, _ := s.first().Policies[0].Measure(name)
	unit := m.Unit
	if unit == "share" {
		unit = "%"
	}
	if less {
		return fmt.Sprintf("%s (%s, less is better)", name, unit)
	}
	return fmt.Sprintf("%s (%s, more is better)", name, unit)
}

// spots returns the points that have both measures, from left to right.
func (s *swept) spots(f *simulate.Frontier) (list []spot) {
	for i := range s.Points {
		p := &s.Points[i]
		x, okX := measured(&p.Result.Policies[0], f.X)
		y, okY := measured(&p.Result.Policies[0], f.Y)
		if !okX || !okY {
			continue
		}
		var values []string
		for _, v := range p.Values {
			values = append(values, simulate.Shown(v))
		}
		list = append(list, spot{x, y, p.Best, strings.Join(values, ", ")})
	}
	slices.SortStableFunc(list, func(a, b spot) int { return compare(a.x.Value, b.x.Value) })
	return list
}

// together makes one of points in the same place: a field that changes nothing
// makes many of them.
func together(list []spot) (apart []spot) {
	for i := 0; i < len(list); {
		o, alike := list[i], 0
		for i++; i < len(list) && list[i].x == o.x && list[i].y == o.y; i++ {
			alike++
		}
		if alike > 0 {
			o.label += fmt.Sprintf(" and %d alike", alike)
		}
		apart = append(apart, o)
	}
	return apart
}

// crosses are the intervals of points, both ways.
type crosses []spot

// Plot draws the crosses.
func (l crosses) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	style := draw.LineStyle{Color: soft, Width: 0.8}
	for _, o := range l {
		c.StrokeLine2(style, toX(o.x.Low), toY(o.y.Value), toX(o.x.High), toY(o.y.Value))
		c.StrokeLine2(style, toX(o.x.Value), toY(o.y.Low), toX(o.x.Value), toY(o.y.High))
	}
}

// DataRange returns what the crosses span.
func (l crosses) DataRange() (xmin, xmax, ymin, ymax float64) {
	var across, up whiskers
	for _, o := range l {
		across, up = append(across, whisker{o.x, 0}), append(up, whisker{o.y, 0})
	}
	xmin, xmax, _, _ = across.DataRange()
	ymin, ymax, _, _ = up.DataRange()
	return xmin, xmax, ymin, ymax
}

// way joins points.
func way(list []spot) plot.Plotter {
	var at plotter.XYs
	for _, o := range list {
		at = append(at, plotter.XY{X: o.x.Value, Y: o.y.Value})
	}
	return &plotter.Line{XYs: at, LineStyle: seriesLine(0)}
}

// marks are dots for the best points, rings for the others.
func marks(list []spot, best bool) plot.Plotter {
	var at plotter.XYs
	for _, o := range list {
		if o.best == best {
			at = append(at, plotter.XY{X: o.x.Value, Y: o.y.Value})
		}
	}
	style := draw.GlyphStyle{Color: soft, Radius: 4, Shape: draw.RingGlyph{}}
	if best {
		style = draw.GlyphStyle{Color: seriesColor(0, 0xff), Radius: 5, Shape: draw.CircleGlyph{}}
	}
	return &plotter.Scatter{XYs: at, GlyphStyle: style}
}

// labels writes values beside points.
type labels []spot

// Plot writes the labels, towards the middle of the drawing.
func (l labels) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	for _, o := range l {
		style, x := p.X.Tick.Label, toX(o.x.Value)
		style.XAlign, style.YAlign = draw.XLeft, draw.YBottom
		away := vg.Length(7)
		if x > c.Center().X {
			style.XAlign, away = draw.XRight, -7
		}
		c.FillText(style, vg.Point{X: x + away, Y: toY(o.y.Value) + 4}, o.label)
	}
}
