package conform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// Report is what became of a program.
type Report struct {
	// Version is the version of the corpus, Exchanges how many of it were answered, of
	// All that are about the program's lifecycles.
	Version   int `json:"corpusVersion"`
	Exchanges int `json:"exchanges"`
	All       int `json:"all"`
	// Rules counts the exchanges by the rule that they are about.
	Rules []RuleCount `json:"rules"`
	// Unknown are the lifecycles that the program does not know: it refuses all that
	// is about them for that.
	Unknown []string `json:"unknown,omitempty"`
	// Differs are the exchanges that were not answered as the engine does.
	Differs []Differing `json:"differs"`
	// GaveUp says that the program answered nothing any more, so the rest of the
	// corpus was not asked.
	GaveUp bool `json:"gaveUp,omitempty"`
	// Lives is what the random lives came to, in which the engine answers what is
	// known to differ; nil when the program agrees in nothing, or was given up. Asked
	// is how many questions of them the program was asked.
	Lives *escrowtest.Report `json:"-"`
	Asked int                `json:"asked"`
}

// Differing is an exchange that a program answers differently.
type Differing struct {
	Exchange
	// Got is what the program answered, Err why it did not.
	Got         string                  `json:"got,omitempty"`
	Err         string                  `json:"error,omitempty"`
	Differences []escrowtest.Difference `json:"differences,omitempty"`
}

// Passed reports whether the program agreed in everything.
func (r *Report) Passed() bool {
	return len(r.Differs) == 0 && len(r.Unknown) == 0 && r.Lives != nil && r.Lives.Failure == nil && r.Lives.Lives > 0
}

// String tells the report for people.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "corpus version %d: %d of %d exchanges agree", r.Version, r.Exchanges-len(r.Differs), r.Exchanges)
	r.tellRules(&b)
	for i, d := range r.Differs {
		if i == mostShown {
			fmt.Fprintf(&b, "\n\n… and %d more", len(r.Differs)-i)
			break
		}
		fmt.Fprintf(&b, "\n\n%s\n  request  %s\n  expected %s", d.Name, cut(string(d.Request)), cut(string(d.Answer)))
		if d.Err != "" {
			fmt.Fprintf(&b, "\n  %s", d.Err)
		}
		for _, difference := range d.Differences[:min(len(d.Differences), mostShown)] {
			fmt.Fprintf(&b, "\n  %s", difference)
		}
	}
	return b.String() + r.lives()
}

// tellRules tells which rules differ, and how many do not.
func (r *Report) tellRules(b *strings.Builder) {
	agree := 0
	for _, c := range r.Rules {
		if c.Differ == 0 {
			agree++
			continue
		}
		fmt.Fprintf(b, "\n  %s", c)
	}
	if agree < len(r.Rules) {
		fmt.Fprintf(b, "\n  the other %d rules agree", agree)
	}
	if len(r.Unknown) > 0 {
		fmt.Fprintf(b, "\nnot known to the program: %s", strings.Join(r.Unknown, ", "))
	}
}

// mostShown is how many differing exchanges are told, mostRead how much of a
// request: all of it is in Requests.
const (
	mostShown = 5
	mostRead  = 300
	// mostGot is how much of an answer that differs is kept, mostDifferences how many
	// of its differences: a program may print anything.
	mostGot         = 1 << 20
	mostDifferences = 100
)

func cut(text string) string {
	if len(text) <= mostRead {
		return text
	}
	return strings.ToValidUTF8(text[:mostRead], "") + "…"
}

// A program is given up after so many exchanges without an answer, in a row or in
// all: each may take as long as patience lasts.
const (
	mostSilent = 3
	mostLost   = 20
)

// Run has a program answer the corpus about its lifecycles, and then live random
// lives, whatever the corpus has shown: rules that differ there, and lifecycles that
// the program does not know, are left to the engine in them. Options are those of
// [escrowtest.Run], of which one must say what is played: [escrowtest.Playing] or
// [escrowtest.Of]. See is told how far it has come, nil for nobody. An error says that
// the program cannot be started, or that the context is done.
func Run(ctx context.Context, p *Program, see func(string), options ...escrowtest.Option) (*Report, error) {
	defer p.Close()
	if see == nil {
		see = func(string) {}
	}
	if err := p.start(); err != nil {
		return nil, err
	}
	corpus := slices.DeleteFunc(Corpus(p.lifecycles...), func(e Exchange) bool { return !p.wants(e.subject()) })
	r := &Report{Version: Version, All: len(corpus)}
	r.askCorpus(ctx, p, corpus, see)
	if ctx.Err() == nil && !r.GaveUp && (len(r.Differs) < r.Exchanges || r.All == 0) {
		r.live(p, see, options)
	}
	return r, ctx.Err()
}

// live has a program live random lives, but for what is known to differ.
func (r *Report) live(p *Program, see func(string), options []escrowtest.Option) {
	s := restOf(p, r)
	r.Lives = escrowtest.Try(s, append(slices.Clip(options), escrowtest.Watch(func(l *escrowtest.Report) {
		see(fmt.Sprintf("%d lives, %d questions", l.Lives, l.Questions))
	}))...)
	r.Asked, r.Unknown = s.asked, slices.Sorted(maps.Keys(s.unknown))
}

// askCorpus has a program answer the corpus, unless it is given up.
func (r *Report) askCorpus(ctx context.Context, p *Program, corpus []Exchange, see func(string)) {
	silent, lost := 0, 0
	for _, e := range corpus {
		d, differs := p.check(e)
		if r.Exchanges++; differs {
			r.Differs = append(r.Differs, d)
		}
		r.count(e.subject(), differs)
		r.know(e.Lifecycle, &d)
		if silent++; d.Err == "" {
			silent = 0
		} else {
			lost++
		}
		if r.GaveUp = silent == mostSilent || lost == mostLost; r.GaveUp || ctx.Err() != nil {
			return
		}
		see(fmt.Sprintf("%d exchanges, %d differ", r.Exchanges, len(r.Differs)))
	}
}

// check has the program answer one exchange.
func (p *Program) check(e Exchange) (d Differing, differs bool) {
	d.Exchange = e
	line, err := p.Exchange(e.Request)
	if err != nil {
		d.Err = err.Error()
		return d, true
	}
	d.Got = string(line[:min(len(line), mostGot)])
	d.Differences = escrowtest.CompareWire(e.Answer, line)
	d.Differences = d.Differences[:min(len(d.Differences), mostDifferences)]
	return d, len(d.Differences) > 0
}

// know notes a lifecycle that the program says it does not know.
func (r *Report) know(lifecycle string, d *Differing) {
	var w struct {
		Refusal struct{ Reason escrow.Reason }
	}
	if len(d.Differences) == 0 || lifecycle == "" || slices.Contains(r.Unknown, lifecycle) || json.Unmarshal([]byte(d.Got), &w) != nil {
		return
	}
	if w.Refusal.Reason == escrow.UnknownLifecycle {
		r.Unknown = append(r.Unknown, lifecycle)
	}
}
