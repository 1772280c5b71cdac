package conform

import (
	"fmt"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/escrowtest"
)

// rest is a program without its gaps, as a system: what it is known to answer
// otherwise, or is not to be asked, the engine answers. So lives go on, and find
// what is not known yet.
type rest struct {
	*Program
	// gaps are the rules that differ, by lifecycle; unknown the lifecycles that the
	// program does not know.
	gaps    map[subject]bool
	unknown map[string]bool
	// asked counts what the program was asked.
	asked int
}

// restOf returns a program without what the corpus has shown to differ.
func restOf(p *Program, r *Report) *rest {
	s := &rest{Program: p, gaps: map[subject]bool{}, unknown: map[string]bool{}}
	for _, c := range r.Rules {
		if c.Differ > 0 {
			s.gaps[subject{lifecycle: c.Lifecycle, rule: c.Rule}] = true
		}
	}
	for _, name := range r.Unknown {
		s.unknown[name] = true
	}
	return s
}

// Ask asks the program, or the engine where the program is not to be asked.
func (s *rest) Ask(q escrowtest.Question) (escrowtest.Answer, error) {
	c := s.contract
	want := escrowtest.AnswerOf(escrow.Decide(c, q.Command, q.Actor, escrow.At(q.Now)))
	about := asked(c, q, &want)
	if s.unknown[about.lifecycle] || s.gaps[subject{lifecycle: about.lifecycle, rule: about.rule}] || !s.wants(about) {
		return s.instead(want), nil
	}
	s.asked++
	got, err := s.Program.Ask(q)
	if got.Reason == escrow.UnknownLifecycle && want.Reason != escrow.UnknownLifecycle {
		s.unknown[about.lifecycle] = true
		return s.instead(want), nil
	}
	return got, err
}

// instead goes on with the engine's answer.
func (s *rest) instead(want escrowtest.Answer) escrowtest.Answer {
	if want.Accepted() {
		s.contract = *want.Contract
	}
	return want
}

// lives says what became of the random lives.
func (r *Report) lives() string {
	switch l := r.Lives; {
	case r.GaveUp:
		return fmt.Sprintf("\n\ngiven up: too many requests without an answer, %d were not sent any more", r.All-r.Exchanges)
	case l == nil:
		return "\n\nno random lives: the program agrees in nothing"
	case l.Failure != nil:
		return fmt.Sprintf("\n\nrandom lives: after %d that agree,\n%s", l.Lives, l.Failure)
	default:
		return fmt.Sprintf("\nrandom lives: all %d agree, %d questions", l.Lives, r.Asked)
	}
}
