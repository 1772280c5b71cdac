package payoff

import (
	_ "embed"
	"fmt"
	"html/template"
	"math/big"
	"strings"

	"github.com/escrow-go/escrow/internal/diagram"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("payoff").Parse(pageText))

// page is a table as its page shows it.
type page struct {
	Style                  template.CSS
	Headline, Terms, Asset string
	Groups                 []pageGroup
	Endings                []pageEnding
	// Worker and Client are what they choose between, Breaks up to which cost a
	// worker delivers, by its chance.
	Worker, Client, Breaks [][2]string
	Otherwise              Act
	Votes                  [][]string
}

type pageGroup struct {
	Endings []string
	Bars    []pageBar
	Height  int
	// Label tells those who do not see the bars.
	Label string
}

type pageBar struct {
	Name, Net, Tone   string
	X, Y, Width, Text int
}

type pageEnding struct {
	Name, Status, Rules string
	Flows               []pageFlow
}

type pageFlow struct {
	Party, Pays, Gets, Net, Tone string
	Locked                       []string
}

// Page returns the table as one HTML file that opens offline: what everybody has
// more or less as bars, then every ending with what each party pays, gets and
// has locked, what rational people choose between, and what votes come to.
func (t *Table) Page() (string, error) {
	head, terms, _ := strings.Cut(strings.TrimSpace(t.heading()), "\n")
	p := page{Style: diagram.CSS, Headline: head, Terms: terms, Asset: t.Case.Lifecycle.Spec().Asset.Code, Groups: t.pageGroups()}
	p.Worker, p.Client = t.choices()
	p.Breaks, p.Otherwise = t.breaks(), t.Worker.otherwise()
	for i := range t.Endings {
		p.Endings = append(p.Endings, t.pageEnding(&t.Endings[i]))
	}
	if len(t.Votes) > 0 {
		for _, row := range t.voteRows()[1:] {
			for i := range row {
				row[i] = strings.TrimPrefix(row[i], ">")
			}
			p.Votes = append(p.Votes, row)
		}
	}
	var b strings.Builder
	err := pageTemplate.Execute(&b, &p)
	return b.String(), err
}

// The bars start at the axis and are at most barRoom long; the room at both
// sides is for names and numbers.
const (
	axis    = 320
	barRoom = 220
	rowRoom = 20
)

func (t *Table) pageGroups() (list []pageGroup) {
	groups, most := t.groups()
	for _, g := range groups {
		out := pageGroup{Height: rowRoom * len(g.bars)}
		for _, e := range g.endings {
			out.Endings = append(out.Endings, e.Name)
		}
		var told []string
		for i, b := range g.bars {
			out.Bars = append(out.Bars, t.pageBar(i, b, most))
			told = append(told, b.name+" "+out.Bars[i].Net)
		}
		out.Label = strings.Join(told, ", ")
		list = append(list, out)
	}
	return list
}

func (t *Table) pageBar(row int, b bar, most *big.Int) pageBar {
	length := new(big.Int).Mul(new(big.Int).Abs(b.net), big.NewInt(barRoom))
	width := max(int(length.Quo(length, most).Int64()), 2)
	out := pageBar{Name: b.name, Net: Text(t.Case.Lifecycle.Spec().Asset, b.net), Tone: tone(b.net), X: axis, Width: width, Y: row*rowRoom + 3, Text: row*rowRoom + 14}
	if b.net.Sign() < 0 {
		out.X -= width
	}
	return out
}

// tone is the class of what is lost, won or neither.
func tone(net *big.Int) string {
	return []string{"lost", "", "won"}[net.Sign()+1]
}

func (t *Table) pageEnding(e *Ending) pageEnding {
	asset := t.Case.Lifecycle.Spec().Asset
	out := pageEnding{Name: e.Name, Status: string(e.Status), Rules: strings.Join(e.Rules, " ")}
	for _, f := range e.Flows {
		if f.Pays.IsZero() && f.Gets.IsZero() {
			continue
		}
		flow := pageFlow{Party: f.Party, Pays: asset.Text(f.Pays), Gets: asset.Text(f.Gets), Net: Text(asset, f.Net()), Tone: tone(f.Net())}
		for _, l := range f.Locked {
			flow.Locked = append(flow.Locked, fmt.Sprintf("%s in %s, %s", asset.Text(l.Amount), l.Account, l.span()))
		}
		out.Flows = append(out.Flows, flow)
	}
	if len(out.Flows) == 0 {
		out.Flows = []pageFlow{{Party: "nobody", Pays: "0", Gets: "0", Net: "0"}}
	}
	return out
}

// span tells how long a lock lasts.
func (l Lock) span() string {
	switch l.Longest {
	case l.Shortest:
		return Spell(l.Longest)
	case WithoutLimit:
		return Spell(l.Shortest) + " or longer, without limit"
	}
	return Spell(l.Shortest) + " to " + Spell(l.Longest)
}
