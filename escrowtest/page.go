package escrowtest

import (
	_ "embed"
	"html/template"
	"strings"

	"github.com/escrow-go/escrow/internal/diagram"
)

//go:embed page.html
var pageText string

// pageTemplate escapes whatever a story tells: contracts hold text of strangers.
var pageTemplate = template.Must(template.New("failure").Funcs(template.FuncMap{"about": about}).Parse(pageText))

// about says what a guarantee is about.
func about(guarantee string) string { return guaranteeNames[guarantee] }

// page is a failure as its page shows it.
type page struct {
	*Failure
	Style    template.CSS
	Headline string
	// Last is the number of the last step.
	Last     int
	Rows     []pageRow
	Ledger   *ledger
	Balances template.HTML
	States   template.HTML
}

// Page returns the failure as one HTML file that opens offline: what differs, the
// steps, the balances, the way through the states, the test to paste and the
// transcript.
func (f *Failure) Page() (string, error) {
	p := page{Failure: f, Style: diagram.CSS, Headline: f.headline(), Last: len(f.Story.Steps), Rows: f.rows(), Ledger: newLedger(f), States: f.states()}
	if len(p.Ledger.Series) > 0 {
		p.Balances = p.Ledger.SVG()
	}
	var b strings.Builder
	err := pageTemplate.Execute(&b, &p)
	return b.String(), err
}

// Lifecycle names the lifecycle of the story.
func (p *page) Lifecycle() string { return p.Story.Begin.Lifecycle().Name() }

// ByHand reports whether the last answer was made by hand: then amounts are
// compared in smallest units.
func (p *page) ByHand() bool { return p.last().Answer.source == nil }

// Ranked are the differences in the order in which they matter.
func (p *page) Ranked() []Difference { return p.ranked() }

// Transcript is the story as text.
func (p *page) Transcript() string { return p.Failure.String() }

// last returns the last step.
func (f *Failure) last() *Step { return &f.Story.Steps[len(f.Story.Steps)-1] }

// differs reports whether the last answer is not the engine's, or missing.
func (f *Failure) differs() bool { return f.Err != nil || len(f.Differences) > 0 }

// states draws the lifecycle with the way that the story takes.
func (f *Failure) states() template.HTML {
	g := diagram.Of(f.Story.Begin.Lifecycle())
	for i := range f.Story.Steps {
		s, tone := &f.Story.Steps[i], diagram.Taken
		if i+1 == len(f.Story.Steps) && f.differs() {
			tone = diagram.Wrong
		}
		if s != f.last() || f.Err == nil {
			take(g, s, &s.Answer, i+1, tone)
		}
	}
	if f.Err != nil || f.differs() && !sameArrow(&f.Want, &f.last().Answer) {
		take(g, f.last(), &f.Want, len(f.Story.Steps), diagram.Right)
	}
	return g.SVG()
}

// take marks the arrow of an answer; a refusal takes none.
func take(g *diagram.Graph, s *Step, a *Answer, step int, tone diagram.Tone) {
	if a.Accepted() {
		g.Take(diagram.Decision{From: a.From, To: a.To, Rule: ruleOf(a), ByTime: s.Command.Action() == "advance"}, step, tone)
	}
}

// ruleOf returns the rule whose arrow an answer takes.
func ruleOf(a *Answer) string {
	if a.Executes != "" {
		return a.Executes
	}
	return a.Rule
}

func sameArrow(a, b *Answer) bool {
	return a.Accepted() && b.Accepted() && a.From == b.From && a.To == b.To
}
