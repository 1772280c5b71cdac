// Package report makes a page of what a simulation found: charts, the figures
// behind them, and what it was made from. The page is one HTML file without
// scripts that opens offline; the same result makes the same bytes.
package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/escrow-go/escrow/internal/diagram"
	"github.com/escrow-go/escrow/simulate"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	style string
)

// pageTemplate escapes whatever a scenario says.
var pageTemplate = template.Must(template.New("report").Parse(pageText))

// Source is what a result was made from.
type Source struct {
	// Version is that of the program.
	Version string
	// Scenario is the text of the scenario, as it was given.
	Scenario string
	// Seed and Contracts are those that were in force: the call may have changed
	// what the text says.
	Seed      uint64
	Contracts int
}

// page is a report as the template shows it.
type page struct {
	Source
	Style    template.CSS
	Name     string
	About    string
	Summary  string
	Stopped  bool
	Sections []section
}

// section is a headline with what stands below it.
type section struct {
	Title string
	Text  string
	Parts []part
}

// part is a chart, a table, or both.
type part struct {
	Chart *chart
	Table *table
	// Folded hides the table until it is asked for.
	Folded string
}

// Result writes the page of a result.
func Result(w io.Writer, r *simulate.Result, from Source) error {
	p := newPage(from, r)
	p.Stopped = r.Stopped
	p.Summary = counted(r.Contracts, "contract") + " of " + r.Lifecycle + policies(r)
	p.Sections = resultSections(r)
	return p.write(w)
}

// Sweep writes the page of a sweep.
func Sweep(w io.Writer, r *simulate.SweepResult, from Source) error {
	r = lived(r)
	first := &simulate.Result{Scenario: "sweep"}
	if len(r.Points) > 0 {
		first = r.Points[0].Result
	}
	p := newPage(from, first)
	p.Stopped = r.Stopped
	p.Summary = counted(len(r.Points), "point") + ", each with up to " + counted(from.Contracts, "contract") + " of " + first.Lifecycle + policies(first)
	p.Sections = sweepSections(r)
	return p.write(w)
}

// nothing is all there is when nothing was lived.
var nothing = section{Title: "Nothing", Text: "It was stopped before the first contracts were lived to their end."}

// lived returns a sweep without the points at which it was stopped before the
// first contract.
func lived(r *simulate.SweepResult) *simulate.SweepResult {
	kept := *r
	kept.Points = slices.DeleteFunc(slices.Clone(r.Points), func(p simulate.SweepPoint) bool { return p.Result.Contracts == 0 })
	return &kept
}

func newPage(from Source, r *simulate.Result) *page {
	return &page{Source: from, Style: diagram.CSS + template.CSS(style), Name: r.Scenario, About: r.About}
}

func (p *page) write(w io.Writer) error {
	var b strings.Builder
	if err := pageTemplate.Execute(&b, p); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// policies names them if there is a choice.
func policies(r *simulate.Result) string {
	if len(r.Policies) < 2 {
		return ""
	}
	return " under each of the policies " + strings.Join(names(r), ", ")
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return simulate.Number(float64(n), 0) + " " + what
}
