package conform

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/escrow-go/escrow/escrowtest"
	escrow "github.com/escrow-go/escrow/next"
)

// Report is what became of a program.
type Report struct {
	// Version is the version of the corpus, Exchanges how many of it were answered, of
	// All that are about the program's lifecycles.
	Version   int `json:"corpusVersion"`
	Exchanges int `json:"exchanges"`
	All       int `json:"all"`
	// Differs are the exchanges that were not answered as the engine does.
	Differs []Differing `json:"differs"`
	// GaveUp says that the program answered nothing any more, so the rest of the
	// corpus was not asked.
	GaveUp bool `json:"gaveUp,omitempty"`
	// Lives is what the random lives came to, nil when the corpus already failed.
	Lives *escrowtest.Report `json:"-"`
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
	return len(r.Differs) == 0 && r.Lives != nil && r.Lives.Failure == nil && r.Lives.Lives > 0
}

// String tells the report for people.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "corpus version %d: %d of %d exchanges agree", r.Version, r.Exchanges-len(r.Differs), r.Exchanges)
	for i, d := range r.Differs {
		if i == mostShown {
			fmt.Fprintf(&b, "\n\n… and %d more", len(r.Differs)-i)
			break
		}
		fmt.Fprintf(&b, "\n\n%s\n  request  %s", d.Name, cut(string(d.Request)))
		if d.Err != "" {
			fmt.Fprintf(&b, "\n  %s", d.Err)
		}
		for _, difference := range d.Differences {
			fmt.Fprintf(&b, "\n  %s", difference)
		}
	}
	switch {
	case r.GaveUp:
		fmt.Fprintf(&b, "\n\ngiven up: too many requests without an answer, %d were not sent any more", r.All-r.Exchanges)
	case r.Lives == nil:
		b.WriteString("\n\nno random lives: the corpus comes first")
	case r.Lives.Failure != nil:
		fmt.Fprintf(&b, "\n\nrandom lives: after %d that agree,\n%s", r.Lives.Lives, r.Lives.Failure)
	default:
		fmt.Fprintf(&b, "\nrandom lives: all %d agree, %d questions", r.Lives.Lives, r.Lives.Questions)
	}
	return b.String()
}

// mostShown is how many differing exchanges are told, mostRead how much of a
// request: all of it is in Requests.
const (
	mostShown = 5
	mostRead  = 300
)

func cut(text string) string {
	if len(text) <= mostRead {
		return text
	}
	return text[:mostRead] + "…"
}

// A program is given up after so many exchanges without an answer, in a row or in
// all: each may take as long as patience lasts.
const (
	mostSilent = 3
	mostLost   = 20
)

// Run has a program answer the corpus about its lifecycles, and then live random
// lives. Options are those of [escrowtest.Run], of which one must say what is played:
// [escrowtest.Playing] or [escrowtest.Of]. See is told how far it has come, nil for nobody. An
// error says that the program cannot be started, or that the context is done.
func Run(ctx context.Context, p *Program, see func(string), options ...escrowtest.Option) (*Report, error) {
	defer p.Close()
	if see == nil {
		see = func(string) {}
	}
	if err := p.start(); err != nil {
		return nil, err
	}
	corpus := Corpus(p.lifecycles...)
	r := &Report{Version: Version, All: len(corpus)}
	r.askCorpus(ctx, p, corpus, see)
	if len(r.Differs) == 0 && ctx.Err() == nil {
		r.Lives = escrowtest.Try(p, append(slices.Clip(options), escrowtest.Watch(func(l *escrowtest.Report) {
			see(fmt.Sprintf("%d lives, %d questions", l.Lives, l.Questions))
		}))...)
	}
	return r, ctx.Err()
}

// askCorpus has a program answer the corpus, unless it is given up.
func (r *Report) askCorpus(ctx context.Context, p *Program, corpus []Exchange, see func(string)) {
	silent, lost := 0, 0
	for _, e := range corpus {
		d, differs := p.check(e)
		if r.Exchanges++; differs {
			r.Differs = append(r.Differs, d)
		}
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
	d.Got = string(line)
	d.Differences = escrowtest.CompareWire(e.Answer, line)
	return d, len(d.Differences) > 0
}

// Requests returns the requests that are answered differently, a line each, as
// the program can be sent them again.
func (r *Report) Requests() []byte {
	var b bytes.Buffer
	for _, d := range r.Differs {
		b.Write(bytes.TrimSpace(d.Request))
		b.WriteByte('\n')
	}
	if r.Lives != nil && r.Lives.Failure != nil {
		steps := r.Lives.Failure.Story.Steps
		last := &steps[len(steps)-1]
		text, err := escrow.Request{Contract: last.Before, Command: last.Command, Actor: last.Actor, Now: last.Now}.MarshalJSON()
		if err == nil {
			b.Write(append(text, '\n'))
		}
	}
	return b.Bytes()
}
