package pages

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowsql"
	"github.com/escrow-go/escrow/internal/diagram"
	"github.com/escrow-go/escrow/internal/reading"
)

// wall is the processes' own time, which a sandbox never moves.
func (s *Site) wall() time.Time {
	if s.Runner.Wall != nil {
		return s.Runner.Wall.Now()
	}
	return time.Now()
}

// homeView explains the marketplace.
type homeView struct {
	// Mine is a contract of the person's that is under way, nil when there is none.
	Mine *lineView
	// Status is where the contract that is drawn stands, About what it is for.
	Status, About, Lifecycle string
	Diagram                  template.HTML
	Arrows                   []arrowView
	Waiting                  bool
	Lifecycles               []bookView
}

// bookView is a lifecycle in a list.
type bookView struct{ Name, About string }

// home explains what this is, with a contract under way.
func (v *visit) home() error {
	var p homeView
	for _, l := range v.lifecycles() {
		p.Lifecycles = append(p.Lifecycles, bookView{l.Name(), reading.Spec(l).About})
	}
	c, err := v.underWay()
	if err != nil {
		return err
	}
	switch {
	case c != nil:
		t, err := v.timeline(*c)
		if err != nil {
			return err
		}
		p.Diagram, p.Arrows = drawing(c.Contract, t.steps)
		p.Mine = v.line(escrowsql.Summary{ID: c.ID(), Lifecycle: c.Lifecycle().Name(), CreatedAt: c.CreatedAt(), DecidedAt: c.DecidedAt(), Status: string(c.Status())})
		p.Lifecycle, p.About, p.Status = c.Lifecycle().Name(), reading.Spec(c.Lifecycle()).About, c.Lifecycle().Label(c.Status())
	case len(v.lifecycles()) > 0:
		l := v.lifecycles()[0]
		p.Lifecycle, p.About = l.Name(), reading.Spec(l).About
		p.Diagram, p.Arrows, p.Status = example(l)
	}
	if v.Known {
		waiting, err := v.Runner.Store.PendingApprovals(v.ctx(), v.own(), "", 1)
		if err != nil {
			return err
		}
		p.Waiting = len(waiting) > 0
	}
	v.show(http.StatusOK, "home", "", p)
	return nil
}

// underWay is the person's newest contract that has not ended, nil when there is none
// among their latest.
func (v *visit) underWay() (*scene, error) {
	if !v.Known {
		return nil, nil
	}
	page, err := v.Runner.Store.List(v.ctx(), escrowsql.Query{Account: v.own(), Limit: mostListed})
	if err != nil {
		return nil, err
	}
	for _, one := range page.Contracts {
		if one.Ended {
			continue
		}
		c, err := v.scene(one.ID)
		if errors.Is(err, errMissing) {
			continue
		}
		return &c, err
	}
	return nil, nil
}

// example draws a lifecycle as if a contract stood in its second status.
func example(l *escrow.Lifecycle) (template.HTML, []arrowView, string) {
	g := graph(l)
	at := l.Statuses()[min(1, len(l.Statuses())-1)]
	if n := g.Node(string(at)); n != nil {
		n.Tone = diagram.Here
	}
	g.Desc = "An example: a contract that is " + l.Label(at) + "."
	return g.SVG(), arrows(l, at), l.Label(at)
}

// contractsView is a list of contracts.
type contractsView struct {
	Lines               []lineView
	Next                string
	Lifecycle, Status   string
	Lifecycles          []choiceView
	Statuses            []choiceView
	Filtered, Beginning bool
}

// lineView is a contract in a list.
type lineView struct {
	ID, Lifecycle, Status string
	Created, Changed      instantView
	Ended                 bool
}

func (v *visit) line(s escrowsql.Summary) *lineView {
	line := lineView{ID: s.ID, Lifecycle: s.Lifecycle, Status: plain(s.Status), Created: instant(s.CreatedAt, v.Now), Changed: instant(s.DecidedAt, v.Now), Ended: s.Ended}
	for _, l := range v.Runner.Store.Lifecycles() {
		if l.Name() == s.Lifecycle {
			line.Status = l.Label(escrow.Status(s.Status))
		}
	}
	return &line
}

// contracts lists those of the person's account.
func (v *visit) contracts() error {
	if err := v.person(); err != nil {
		return err
	}
	q := escrowsql.Query{Account: v.own(), Lifecycle: v.r.FormValue("lifecycle"), Status: v.r.FormValue("status"), Cursor: v.r.FormValue("cursor"), Limit: mostListed}
	page, err := v.Runner.Store.List(v.ctx(), q)
	if errors.Is(err, escrowsql.ErrCursor) {
		return problem{http.StatusBadRequest, "There is no such part of the list.", "Begin at its start."}
	}
	if err != nil {
		return err
	}
	p := contractsView{Next: page.Next, Lifecycle: q.Lifecycle, Status: q.Status, Filtered: q.Lifecycle+q.Status != "", Beginning: q.Cursor == ""}
	for _, one := range page.Contracts {
		p.Lines = append(p.Lines, *v.line(one))
	}
	var statuses []string
	for _, l := range v.Runner.Store.Lifecycles() {
		p.Lifecycles = append(p.Lifecycles, choiceView{l.Name(), l.Name(), l.Name() == q.Lifecycle})
		if q.Lifecycle != "" && l.Name() != q.Lifecycle {
			continue
		}
		for _, s := range l.Statuses() {
			if !slices.Contains(statuses, string(s)) {
				statuses = append(statuses, string(s))
				p.Statuses = append(p.Statuses, choiceView{string(s), l.Label(s), string(s) == q.Status})
			}
		}
	}
	v.show(http.StatusOK, "contracts", "Contracts", p)
	return nil
}
