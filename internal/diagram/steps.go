package diagram

import (
	"fmt"
	"html/template"
	"math"
	"math/big"
	"strconv"

	"github.com/shopspring/decimal"
)

// Series is what one account holds: at the beginning, and after every step.
type Series struct {
	Name   string
	Values []*big.Int
	// Want is what it should hold after the last step, nil when it does.
	Want *big.Int
}

// Steps draws what accounts hold, a row for each, over the same steps.
type Steps struct {
	Title  string
	Series []Series
	// Unit is the asset, whose smallest unit has this many decimal places.
	Unit  string
	Scale uint8
	// Wrong says that the last step is.
	Wrong bool
}

// Text returns a value in units of the asset, exactly.
func (s *Steps) Text(v *big.Int) string {
	return decimal.NewFromBigInt(v, -int32(s.Scale)).String()
}

// Sizes of the rows, in pixels.
const (
	plotHigh = 46.0
	rowHigh  = 86.0
	axisHigh = 34.0
)

// plot is the frame that all rows share.
type plot struct {
	*Steps
	pen
	// left is where the plots begin, step how far steps are apart, n how many there
	// are, the beginning included.
	left, step float64
	n          int
}

// SVG draws the rows.
func (s *Steps) SVG() template.HTML {
	p := plot{Steps: s, n: len(s.Series[0].Values)}
	for i := range s.Series {
		low, high := s.Series[i].bounds()
		p.left = max(p.left, textWidth(s.Text(low), 10.5)+14, textWidth(s.Text(high), 10.5)+14)
	}
	p.step = max(30, (380-p.left)/float64(p.n))
	p.open("steps", s.Title, max(p.right(), p.widest())+10, rowHigh*float64(len(s.Series))+axisHigh)
	if s.Wrong {
		p.put(`<rect class="band" x="%.1f" y="0" width="%.1f" height="%.1f"/>`, p.x(p.n-1), p.step, rowHigh*float64(len(s.Series)))
	}
	for i := range s.Series {
		p.row(&s.Series[i], rowHigh*float64(i))
	}
	p.axis(rowHigh * float64(len(s.Series)))
	return p.done()
}

// x returns where a step begins.
func (p *plot) x(step int) float64 { return p.left + p.step*float64(step) }

func (p *plot) right() float64 { return p.x(p.n) }

// widest returns how much room the headings need.
func (p *plot) widest() (wide float64) {
	for i := range p.Series {
		wide = max(wide, textWidth(p.heading(&p.Series[i]), 13)+30)
	}
	return wide
}

func (p *plot) heading(s *Series) string {
	text := s.Name + "  " + p.Text(s.last()) + " " + p.Unit
	if s.Want != nil {
		text += ", engine " + p.Text(s.Want)
	}
	return text
}

func (s *Series) last() *big.Int { return s.Values[len(s.Values)-1] }

// bounds returns the least and the most that an account holds; nothing is between.
func (s *Series) bounds() (low, high *big.Int) {
	low, high = new(big.Int), new(big.Int)
	for _, v := range append(s.Values[:len(s.Values):len(s.Values)], s.Want) {
		if v != nil && v.Cmp(low) < 0 {
			low = v
		}
		if v != nil && v.Cmp(high) > 0 {
			high = v
		}
	}
	return low, high
}

// row draws one account below a height.
func (p *plot) row(s *Series, top float64) {
	last, want := "", ""
	if s.Want != nil {
		last, want = ` class="wrong"`, fmt.Sprintf(`<tspan class="right">, engine %s</tspan>`, p.Text(s.Want))
	}
	p.put(`<text class="name" x="4" y="%.1f">%s</text>`, top+18, escape(s.Name))
	p.put(`<text class="end" x="%.1f" y="%.1f"><tspan%s>%s %s</tspan>%s</text>`, max(p.right(), p.widest()), top+18, last, p.Text(s.last()), escape(p.Unit), want)
	low, high := s.bounds()
	y := func(v *big.Int) float64 { return top + 28 + plotHigh*(1-share(v, low, high)) }
	for _, v := range ticks(low, high) {
		p.put(`<path class="grid" d="M%.1f %.1fH%.1f"/><text class="tick y" x="%.1f" y="%.1f">%s</text>`, p.left, y(v), p.right(), p.left-6, y(v)+3.5, p.Text(v))
	}
	path := fmt.Sprintf("M%.1f %.1f", p.left, y(s.Values[0]))
	for i, v := range s.Values {
		if path += fmt.Sprintf("V%.1f", y(v)); i+1 < p.n || s.Want == nil {
			path += fmt.Sprintf("H%.1f", p.x(i+1))
		}
	}
	p.put(`<path class="value" d="%s"/>`, path)
	if s.Want != nil {
		got, want := apart(y(s.last()), y(s.Want), s.last().Cmp(s.Want) > 0)
		p.put(`<path class="value wrong" d="M%.1f %.1fH%.1f"/><path class="value right" d="M%.1f %.1fH%.1f"/>`,
			p.x(p.n-1), got, p.right(), p.x(p.n-1), want, p.right())
	}
}

// apart moves two lines that could not be told apart away from each other; more is
// above less.
func apart(got, want float64, more bool) (float64, float64) {
	gap := max(0, 2.5-math.Abs(got-want)/2)
	if more {
		gap = -gap
	}
	return got + gap, want - gap
}

// ticks returns what is written at the axis: the bounds, and nothing where it lies
// well between them.
func ticks(low, high *big.Int) []*big.Int {
	list := []*big.Int{low}
	if zero := new(big.Int); low.Sign() < 0 && high.Sign() > 0 && share(zero, low, high) > 0.3 && share(zero, low, high) < 0.7 {
		list = append(list, zero)
	}
	if low.Cmp(high) != 0 {
		list = append(list, high)
	}
	return list
}

// share returns how far up a value lies between two: good for pixels only.
func share(v, low, high *big.Int) float64 {
	span := new(big.Int).Sub(high, low)
	if span.Sign() == 0 {
		return 0
	}
	at, _ := new(big.Rat).SetFrac(new(big.Int).Sub(v, low), span).Float64()
	return at
}

// axis numbers the steps. The values of a step stand to the right of its line.
func (p *plot) axis(top float64) {
	every := 1 + int(26/p.step)
	for i := 0; i < p.n; i += every {
		text := strconv.Itoa(i)
		if i == 0 {
			text = "start"
		}
		p.put(`<text class="tick x" x="%.1f" y="%.1f">%s</text>`, p.x(i)+p.step/2, top+8, text)
	}
	p.put(`<text class="tick x" x="%.1f" y="%.1f">after step</text>`, (p.left+p.right())/2, top+25)
}
