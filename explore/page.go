package explore

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
	"github.com/escrow-go/escrow/internal/diagram"
)

//go:embed page.html
var pageText string

// pageTemplate escapes whatever a report tells: stories hold text of strangers.
var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{"count": count[int], "percent": percent}).Parse(pageText))

// page is a report as its page shows it.
type page struct {
	*Report
	Style    template.CSS
	Headline string
	Figures  []figure
	Graph    template.HTML
	// Found are the names of what was reached and what not, by kind.
	Found []kindFound
}

// figure is a number of the headline.
type figure struct {
	Number, Of string
}

// Page returns the report as one HTML file that opens offline: how much was
// explored, the states with how often they are reached, who can end a contract,
// what was never reached, and what breaks a guarantee. Only a report that [Run]
// returned has one.
func (r *Report) Page() (string, error) {
	if r.lifecycle == nil {
		return "", errors.New("explore: only a report that Run returned has a page")
	}
	p := page{Report: r, Style: diagram.CSS, Headline: r.headline(), Figures: r.figures(), Graph: r.graph().SVG(), Found: r.found()}
	var b strings.Builder
	err := pageTemplate.Execute(&b, &p)
	return b.String(), err
}

// headline says what exploring came to.
func (r *Report) headline() string {
	text := "no guarantee is violated"
	if n := len(r.Violations); n == 1 {
		text = "1 violation"
	} else if n > 1 {
		text = fmt.Sprintf("%d violations", n)
	}
	if r.Truncated {
		text += ", but exploring was stopped before its end"
	}
	return r.Lifecycle + ": " + text
}

func (r *Report) figures() []figure {
	list := []figure{{count(r.States), "states"}, {count(r.Ended), "of them ended"}, {count(r.Edges), "questions answered"}, {count(r.Transitions), "of them decisions"},
		{count(r.Depth), "steps to the farthest state"}}
	if r.Longest > 0 {
		list = append(list, figure{count(r.Longest), "decisions in the longest life"})
	}
	return list
}

// Lives tells how lives end.
func (p *page) Lives() string { return p.lives() }

// graph returns the lifecycle with its counts, and the way to the first violation.
func (r *Report) graph() *diagram.Graph {
	g := r.counted(func(a Arrow, text string) string { return text + " · " + count(a.Times) })
	for _, s := range r.Statuses {
		n := g.Node(string(s.Status))
		if n.Sub = count(s.States) + " states"; s.States == 0 {
			n.Tone = diagram.Never
		}
	}
	if len(r.Violations) > 0 {
		highlight(g, r.Violations[0].Story)
	}
	return g
}

// counted returns the lifecycle with the decisions on its arrows: thick where
// there are many, marked where there are none.
func (r *Report) counted(text func(Arrow, string) string) *diagram.Graph {
	g := diagram.Of(r.lifecycle)
	for _, e := range g.Edges {
		e.Tone = diagram.Never
	}
	totals, most := map[*diagram.Edge]int64{}, int64(1)
	for _, a := range r.Arrows {
		e := g.Arrow(diagram.Decision{From: a.From, To: a.To, Rule: a.Rule, ByTime: a.Rule == "AP-3"})
		i := slices.IndexFunc(e.Labels, func(l diagram.Label) bool { return l.ID == a.Rule })
		e.Labels[i].Text = text(a, e.Labels[i].Text)
		e.Tone = diagram.Plain
		totals[e] += a.Times
		most = max(most, totals[e])
	}
	for e, n := range totals {
		e.Width = 1 + 3.5*math.Log1p(float64(n))/math.Log1p(float64(most))
	}
	return g
}

// highlight marks the way of a story, in red where it ends.
func highlight(g *diagram.Graph, story *escrowtest.Story) {
	for i := range story.Steps {
		s, tone := &story.Steps[i], diagram.Taken
		if i+1 == len(story.Steps) {
			tone = diagram.Wrong
		}
		if a := &s.Answer; a.Accepted() {
			rule := a.Rule
			if a.Executes != "" {
				rule = a.Executes
			}
			g.Take(diagram.Decision{From: a.From, To: a.To, Rule: rule, ByTime: s.Command.Action() == escrow.Time.Action()}, i+1, tone)
		}
	}
}

// count writes a number in groups of three.
func count[N int | int64](n N) string {
	text := strconv.FormatInt(int64(n), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// percent returns a share for the length of a bar.
func percent(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return part * 100 / whole
}
