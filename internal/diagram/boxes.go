package diagram

// drawItem draws a box with the arrows to itself, or the label of an arrow.
func (l *layout) drawItem(p *pen, it *item) {
	y := l.middle(it.rank)
	switch {
	case it.node != nil:
		for i, lp := range it.loops {
			lp.draw(p, it, y, 1-2*float64(i%2))
		}
		it.drawBox(p, y)
	case it.label != nil:
		it.label.draw(p, it.x, y)
	}
}

func (it *item) drawBox(p *pen, y float64) {
	n := it.node
	kind := ""
	if n.Start {
		kind = " start"
	} else if n.Terminal {
		kind = " terminal"
	}
	p.put(`<g class="node %s%s"><rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="7"/>`,
		n.Tone, kind, it.x-it.wide/2, y-it.tall/2, it.wide, it.tall)
	if n.Sub != "" {
		p.put(`<text class="sub" x="%.1f" y="%.1f">%s</text>`, it.x, y+13, escape(n.Sub))
		y -= 8
	}
	p.put(`<text x="%.1f" y="%.1f">%s</text></g>`, it.x, y+4.5, escape(n.Label))
}

// draw draws an arrow from a box to itself, at its right (side 1) or left (-1).
func (lp *loop) draw(p *pen, it *item, y, side float64) {
	x := it.x + side*it.wide/2
	half := headHalf(lp.edge)
	far := x + side*(loopWide+4)
	p.put(`<g class="edge %s"><title>%s</title><path class="line%s" stroke-width="%.1f" d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f"/><path class="head" d="M%.1f %.1fl%.1f %.1fv%.1fz"/></g>`,
		lp.edge.Tone, escape(titleOf(lp.edge)), dashed(lp.edge), width(lp.edge),
		x, y-7, far, y-18, far, y+18, x+side*headLong, y+8, x, y+7, side*headLong, -half, 2*half)
	lp.label.draw(p, x+side*(loopWide+4+lp.label.wide/2), y)
}

// draw draws a label around a point: on a ground of the page's colour, so that
// the arrow it belongs to runs behind it.
func (b *block) draw(p *pen, x, y float64) {
	if b.high == 0 {
		return
	}
	top := y - b.high/2
	p.put(`<g class="label"><title>%s</title><rect class="ground" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="3"/>`,
		escape(b.title), x-b.wide/2-3, top, b.wide+6, b.high)
	if len(b.marks) > 0 {
		b.drawMarks(p, x-b.pills()/2, top)
		top += pillHigh + 2
	}
	for i, line := range b.lines {
		p.put(`<text x="%.1f" y="%.1f">%s</text>`, x, top+lineStep*float64(i)+11.3, escape(line))
	}
	p.put("</g>")
}

func (b *block) drawMarks(p *pen, x, y float64) {
	for _, m := range b.marks {
		wide := pillWidth(m)
		p.put(`<g class="mark %s"><rect x="%.1f" y="%.1f" width="%.1f" height="%.0f" rx="9"/><text x="%.1f" y="%.1f">%s</text></g>`,
			m.Tone, x, y, wide, pillHigh, x+wide/2, y+13, escape(m.Text))
		x += wide + 3
	}
}
