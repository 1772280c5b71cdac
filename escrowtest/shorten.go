package escrowtest

import (
	"slices"
	"time"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/reading"
	"github.com/escrow-go/escrow/internal/sample"
	"github.com/shopspring/decimal"
)

// mostReplays is how often a story is told again to make it shorter: a backend may
// take a while for each. One that gives no answer may take very long, and so does a
// crowd.
const (
	mostReplays = 1000
	mostSlow    = 20
)

// shortening looks for the shortest story that still fails.
type shortening struct {
	teller *teller
	story  *Story
	failed *Failure
	left   int
}

// shorten returns the failure of the shortest story: it leaves out what it can
// between the beginning and the last question, makes the terms plain, and lets no
// more time pass than it must.
func shorten(teller *teller, story *Story, failed *Failure) *Failure {
	plain := *story
	plain.Finisher = "" // with steps left out, nobody has to end the contract
	s := &shortening{teller, &plain, failed, mostReplays}
	if failed.Err != nil && len(failed.Differences) == 0 || story.tried() == tryCrowd {
		s.left = mostSlow
	}
	s.cut()
	for before := -1; before != len(s.story.Steps); {
		before = len(s.story.Steps)
		s.leaveOut()
		s.plainTerms()
		s.earlier()
	}
	for s.plainTimes() { // durations end at 292 years
	}
	return s.failed
}

// keep takes a story that still fails.
func (s *shortening) keep(try *Story) bool {
	if s.left == 0 || len(try.Steps) == 0 {
		return false
	}
	s.left--
	f := s.teller.replay(try, Reach{})
	if f == nil || !f.alike(s.failed) {
		return false
	}
	s.story, s.failed = try, f
	s.cut()
	return true
}

// cut ends the story where it fails, unless only the whole of it does.
func (s *shortening) cut() {
	if n := len(s.failed.told.Steps); n < len(s.story.Steps) {
		s.story = s.failed.told
	}
}

// leaveOut drops steps: long runs of them first, then single ones.
func (s *shortening) leaveOut() {
	if s.story.trial != nil {
		asked := *s.story
		asked.trial = nil
		s.keep(&asked)
	}
	for size := len(s.story.Steps) / 2; size > 0; size /= 2 {
		for at := 0; at+size < len(s.story.Steps); {
			try := *s.story
			try.Steps = slices.Delete(slices.Clone(s.story.Steps), at, at+size)
			if !s.keep(&try) {
				at++
			}
		}
	}
}

// earlier lets no time pass before a question, where it still fails: for it and all
// that follow, else for it alone.
func (s *shortening) earlier() {
	for i := 0; i < len(s.story.Steps); i++ {
		at := s.story.start
		if i > 0 {
			at = s.story.Steps[i-1].Now
		}
		if by := at.Sub(s.story.Steps[i].Now); by != 0 && !s.shift(i, len(s.story.Steps), by) {
			s.shift(i, i+1, by)
		}
	}
}

// shift moves the questions from one to before another in time.
func (s *shortening) shift(from, to int, by time.Duration) bool {
	try := *s.story
	try.Steps = slices.Clone(s.story.Steps)
	for i := from; i < to; i++ {
		try.Steps[i].Now = try.Steps[i].Now.Add(by)
	}
	if to == len(try.Steps) {
		try.trial = try.trial.later(by)
	}
	return s.keep(&try)
}

// plainTerms founds the contract on plainer terms, where it still fails.
func (s *shortening) plainTerms() {
	if !s.story.Begin.IsDraft() {
		return
	}
	for _, plainer := range plainings(sample.TermsOf(s.story.Begin)) {
		terms := sample.TermsOf(s.story.Begin)
		plainer(&terms)
		begin, ok := reread(terms.Draft())
		if !ok || sameContract(&begin, &s.story.Begin) {
			continue
		}
		try := *s.story
		try.Begin = begin
		s.keep(&try)
	}
}

// plainTimes moves the whole story to a plain day, where it still fails.
func (s *shortening) plainTimes() bool {
	by := Eras[0].Sub(s.story.start)
	if by == 0 || !s.story.Begin.IsDraft() {
		return false
	}
	terms := sample.TermsOf(s.story.Begin).Shifted(s.story.Begin, by)
	begin, ok := reread(terms.Draft())
	if !ok {
		return false
	}
	try := *s.story
	try.Begin, try.Steps, try.start = begin, slices.Clone(s.story.Steps), Eras[0]
	try.trial = try.trial.later(by)
	for i := range try.Steps {
		try.Steps[i].Now = try.Steps[i].Now.Add(by)
	}
	return s.keep(&try)
}

// plainings make terms plainer, each in one way: the policy to its default, whole
// and by field, the asset to the lifecycle's, no more items and texts than must be,
// amounts to ones that a float does not have, a hundred and one, no field that may be
// left out.
func plainings(of sample.Terms) (list []func(*sample.Terms)) {
	usual, spec := of.Lifecycle.DefaultPolicy(), reading.Spec(of.Lifecycle)
	list = append(list, func(t *sample.Terms) { t.Policy = usual }, func(t *sample.Terms) { t.Asset = spec.Asset })
	for _, w := range spec.Policy {
		list = append(list, func(t *sample.Terms) {
			if own, err := t.Policy.With(sample.ValueOf(usual.View(), w.Declaration())); err == nil {
				t.Policy = own
			}
		})
	}
	for _, l := range spec.Lists {
		list = append(list, func(t *sample.Terms) { t.Items[l] = t.Items[l][:min(max(l.Least, 1), len(t.Items[l]))] })
	}
	for _, f := range of.Fields() {
		switch {
		case f.Optional:
			list = append(list, func(t *sample.Terms) { delete(t.Values, f) })
		case f.Kind == escrow.TextsKind:
			list = append(list, func(t *sample.Terms) { t.Values[f] = escrow.TextsOf(f, []string{"text"}) })
		}
	}
	list = append(list, otherChoices(of)...)
	for _, amount := range []decimal.Decimal{decimal.New(82, -1), decimal.New(100, 0), decimal.New(1, 0)} {
		list = append(list, func(t *sample.Terms) { plainAmounts(t, amount) })
	}
	return list
}

// otherChoices make one other choice each, alone and without a field that may be left
// out: with it, the way to where a story fails may be shorter.
func otherChoices(of sample.Terms) (list []func(*sample.Terms)) {
	fields := of.Fields()
	for _, f := range fields {
		if f.Kind != escrow.ChoiceKind {
			continue
		}
		for _, choice := range f.Choices {
			pick := func(t *sample.Terms) { t.Values[f] = escrow.TextOf(f, choice) }
			list = append(list, pick)
			for _, optional := range fields {
				if optional.Optional {
					list = append(list, func(t *sample.Terms) {
						pick(t)
						delete(t.Values, optional)
					})
				}
			}
		}
	}
	return list
}

func plainAmounts(t *sample.Terms, amount decimal.Decimal) {
	for f := range t.Values {
		if f.Kind == escrow.AmountKind {
			t.Values[f] = escrow.DecimalValue(f, amount)
		}
	}
	for _, items := range t.Items {
		for _, item := range items {
			for f := range item {
				if f.Kind == escrow.AmountKind {
					item[f] = escrow.DecimalValue(f, amount)
				}
			}
		}
	}
}
