package report

import (
	"bytes"
	"fmt"
	"html/template"
	"image/color"
	"regexp"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// chart is a drawing with its words.
type chart struct {
	Title string
	// Note says what n is and what the marks are.
	Note   string
	Legend []key
	SVG    template.HTML
}

// key is an entry of a legend.
type key struct {
	Swatch template.HTML
	Name   string
}

// chartWidth is how wide a chart is, in its own units: pixels, unless the page is
// narrower.
const chartWidth = 1000

// The colours that are drawn with. The first digit of each stands for a variable
// of the page's style, which knows how it looks by day and by night.
var (
	ink  = standIn(1, 0xff)
	soft = standIn(2, 0xff)
	rule = standIn(3, 0xff)
)

// standIn is far enough from its neighbours for what rounding does to colours.
func standIn(n int, alpha uint8) color.Color {
	c := uint8(n<<4 | 8)
	return color.NRGBA{c, c, c, alpha}
}

// seriesColors is how many series look different by colour; more differ by
// dashes.
const seriesColors = 6

// dashes tell series apart without colours.
var dashes = [][]vg.Length{nil, {8, 3}, {3, 2}, {9, 3, 2, 3}}

// seriesColor returns the colour of a series, as thick as alpha says.
func seriesColor(i int, alpha uint8) color.Color { return standIn(4+i%seriesColors, alpha) }

func seriesLine(i int) draw.LineStyle {
	return draw.LineStyle{Color: seriesColor(i, 0xff), Width: 2, Dashes: dashes[(i/seriesColors+i)%len(dashes)]}
}

// legend returns the keys of named series, whose colours begin with the first;
// none for a single one.
func legend(names []string, first int, lines bool) (keys []key) {
	if first+len(names) < 2 {
		return nil
	}
	for i, name := range names {
		i += first
		mark := fmt.Sprintf(`<rect x="3" y="1" width="20" height="10" fill="var(--s%d)" fill-opacity=".75"/>`, i%seriesColors)
		if lines {
			mark = fmt.Sprintf(`<path d="M1 6H25" stroke="var(--s%d)" stroke-width="2"%s/>`, i%seriesColors, dashArray(seriesLine(i).Dashes))
		}
		keys = append(keys, key{template.HTML(`<svg width="26" height="12" aria-hidden="true">` + mark + `</svg>`), name})
	}
	return keys
}

func dashArray(lengths []vg.Length) string {
	if lengths == nil {
		return ""
	}
	return fmt.Sprintf(` stroke-dasharray="%s"`, strings.Trim(fmt.Sprint(lengths), "[]"))
}

// newPlot returns an empty plot with labelled axes and a grid.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = sans(13), ink
		a.Tick.Label.Font, a.Tick.Label.Color = sans(13), ink
		a.LineStyle = draw.LineStyle{Color: soft, Width: 1}
		a.Tick.LineStyle = a.LineStyle
		a.Label.Padding, a.Padding = 6, 4
		a.Tick.Marker = roundTicks{}
	}
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// grid returns lines across a plot.
func grid() *plotter.Grid {
	line := draw.LineStyle{Color: rule, Width: 0.8}
	return &plotter.Grid{Vertical: line, Horizontal: line}
}

// svg draws a plot. Alt is what is read to those who cannot see it.
func svg(p *plot.Plot, height vg.Length, alt string) template.HTML {
	c := vgsvg.New(chartWidth, height)
	p.Draw(draw.Crop(draw.New(c), 2, -14, 4, -6))
	var b bytes.Buffer
	c.WriteTo(&b) // a buffer takes everything
	text := b.String()
	text = text[strings.Index(text, "<svg"):]
	_, text, _ = strings.Cut(text, ">")
	text = fontWords.ReplaceAllString(text, "")
	text = drawnColor.ReplaceAllStringFunc(text, variable)
	head := fmt.Sprintf(`<svg class="chart" role="img" aria-label="%s" viewBox="0 0 %d %g" width="%d" height="%g" xmlns="http://www.w3.org/2000/svg">`,
		template.HTMLEscapeString(alt), chartWidth, float64(height), chartWidth, float64(height))
	return template.HTML(head + text)
}

var (
	// fontWords are what the page's style says better.
	fontWords = regexp.MustCompile(`font-family:[^;<>"]*;font-variant:[^;<>"]*;font-weight:[^;<>"]*;font-style:[^;<>"]*;`)
	// drawnColor is a stand-in.
	drawnColor = regexp.MustCompile(`:#[1-9][0-9A-F]{5}`)
)

// variable returns the variable that a colour stands for.
func variable(c string) string {
	switch c[2] {
	case '1':
		return ":var(--ink)"
	case '2':
		return ":var(--soft)"
	case '3':
		return ":var(--rule)"
	}
	return fmt.Sprintf(":var(--s%d)", c[2]-'4')
}
