package diagram

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
)

// pen writes SVG.
type pen struct{ strings.Builder }

func (p *pen) put(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// open begins a drawing of a size.
func (p *pen) open(class, title string, wide, high float64) {
	p.put(`<svg xmlns="http://www.w3.org/2000/svg" class=%q role="img" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f"><title>%s</title>`,
		class, wide, high, wide, high, escape(title))
}

func (p *pen) done() template.HTML {
	p.put("</svg>")
	return template.HTML(p.String())
}

// draw draws what has its place: arrows first, so that boxes and labels lie on
// them.
func (l *layout) draw(title, desc string) template.HTML {
	var p pen
	wide, high := l.size()
	p.open("graph", title, wide, high)
	if desc != "" {
		p.put(`<desc>%s</desc>`, escape(desc))
	}
	ports := l.ports()
	slices.SortStableFunc(l.wires, func(a, b *wire) int { return cmp.Compare(a.edge.Tone.rank(), b.edge.Tone.rank()) })
	for _, w := range l.wires {
		l.drawWire(&p, w, ports)
	}
	for _, rank := range l.ranks {
		for _, it := range rank {
			l.drawItem(&p, it)
		}
	}
	return p.done()
}

// middle returns the height of the middle of a rank.
func (l *layout) middle(rank int) float64 { return (l.top[rank] + l.bottom[rank]) / 2 }

// end is one end of an arrow.
type end struct {
	wire *wire
	at   *item
}

// ports spreads the ends of arrows over the edges of their boxes, in the order of
// where they lead.
func (l *layout) ports() map[end]float64 {
	ports := map[end]float64{}
	outs, ins := map[*item][]*wire{}, map[*item][]*wire{}
	for _, w := range l.wires {
		first, last := w.chain[0], w.chain[len(w.chain)-1]
		outs[first], ins[last] = append(outs[first], w), append(ins[last], w)
	}
	for box, list := range outs {
		spread(ports, box, list, func(w *wire) float64 { return w.chain[1].x })
	}
	for box, list := range ins {
		spread(ports, box, list, func(w *wire) float64 { return w.chain[len(w.chain)-2].x })
	}
	return ports
}

func spread(ports map[end]float64, box *item, list []*wire, to func(*wire) float64) {
	slices.SortStableFunc(list, func(a, b *wire) int { return cmp.Compare(to(a), to(b)) })
	step := min(26, 0.8*box.wide/float64(len(list)))
	for i, w := range list {
		ports[end{w, box}] = box.x + step*(float64(i)-float64(len(list)-1)/2)
	}
}

// headLong is how long the head of an arrow is.
const headLong = 8.0

// headHalf is half as wide as the head is.
func headHalf(e *Edge) float64 { return 3.7 + width(e)/2 }

// drawWire draws an arrow through its ranks: straight within one, curved between.
func (l *layout) drawWire(p *pen, w *wire, ports map[end]float64) {
	first, last := w.chain[0], w.chain[len(w.chain)-1]
	x, y := ports[end{w, first}], l.middle(first.rank)+first.tall/2
	endX, endY := ports[end{w, last}], l.middle(last.rank)-last.tall/2
	half := headHalf(w.edge)
	tip := head(endX, endY, half, 1)
	if w.reversed {
		tip = head(x, y, half, -1)
		y += headLong
	} else {
		endY -= headLong
	}
	path := fmt.Sprintf("M%.1f %.1fV%.1f", x, y, l.bottom[first.rank])
	for _, it := range w.chain[1 : len(w.chain)-1] {
		path += curve(x, l.bottom[it.rank-1], it.x, l.top[it.rank]) + fmt.Sprintf("V%.1f", l.bottom[it.rank])
		x = it.x
	}
	path += curve(x, l.bottom[last.rank-1], endX, l.top[last.rank]-headLong) + fmt.Sprintf("V%.1f", endY)
	p.put(`<g class="edge %s"><title>%s</title><path class="line%s" stroke-width="%.1f" d="%s"/><path class="head" d="%s"/></g>`,
		w.edge.Tone, escape(titleOf(w.edge)), dashed(w.edge), width(w.edge), path, tip)
}

// curve returns a curve that begins and ends upright.
func curve(x, y, toX, toY float64) string {
	half := (y + toY) / 2
	return fmt.Sprintf("C%.1f %.1f %.1f %.1f %.1f %.1f", x, half, toX, half, toX, toY)
}

// head returns the head of an arrow that points down, or up.
func head(x, y, half, down float64) string {
	return fmt.Sprintf("M%.1f %.1fl%.1f %.1fh%.1fz", x, y, -half, -headLong*down, 2*half)
}

func dashed(e *Edge) string {
	if e.Dashed {
		return " dashed"
	}
	return ""
}

func width(e *Edge) float64 {
	if e.Width == 0 {
		return 1.3
	}
	return e.Width
}
