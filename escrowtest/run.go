package escrowtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
	"github.com/escrow-go/escrow/internal/sample"
	"pgregory.net/rapid"
)

// TB is the part of testing.TB that the harness needs.
type TB interface {
	Helper()
	Name() string
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Option changes how a run is made.
type Option func(*run)

// Playing names the plays of a run. A run needs some, or lifecycles.
func Playing(plays ...*Play) Option { return func(r *run) { r.plays = append(r.plays, plays...) } }

// Of names lifecycles that a run plays by what follows from each alone ([PlayOf]).
func Of(lifecycles ...*escrow.Lifecycle) Option {
	return func(r *run) {
		for _, l := range lifecycles {
			r.plays = append(r.plays, PlayOf(l))
		}
	}
}

// Seed chooses other lives; without it they are the same in every run.
func Seed(seed int) Option { return func(r *run) { r.seed = seed } }

// AtLeast sets how many lives of each play there are; without it 1,000. A run goes
// on beyond them until everything is reached, or [AtMost] is.
func AtLeast(lives int) Option { return func(r *run) { r.lives = lives } }

// AtMost sets how many lives of each play there are at most; without it twenty times
// the least. What has not been reached by then is missing.
func AtMost(lives int) Option { return func(r *run) { r.most = lives } }

// Watch has a function called after every life, for showing progress.
func Watch(see func(*Report)) Option { return func(r *run) { r.see = see } }

// ArtefactsIn names the folder for what a failure leaves; without it
// testdata/escrowtest in the folder of the test.
func ArtefactsIn(folder string) Option { return func(r *run) { r.folder = folder } }

// run is a run as it is set up.
type run struct {
	system System
	plays  []*Play
	seed   int
	lives  int
	most   int
	see    func(*Report)
	folder string
}

func newRun(system System, options []Option) *run {
	r := &run{system: system, seed: 1, lives: 1000, see: func(*Report) {}, folder: "testdata/escrowtest"}
	for _, o := range options {
		o(r)
	}
	if r.most == 0 {
		r.most = 20 * r.lives
	}
	return r
}

// Report is what a run came to.
type Report struct {
	Lives, Questions int
	// Reached counts by lifecycle what the answers came by.
	Reached map[string]Reach
	// Missing lists by lifecycle what was never reached, though it should be.
	Missing map[string][]string
	// Failure is the shortest story in which the system differs from the engine or
	// breaks a guarantee, nil when it does neither.
	Failure *Failure
}

// Passed reports whether the system agreed in everything, and everything was
// reached.
func (r *Report) Passed() bool { return r.Failure == nil && len(r.Missing) == 0 && r.Lives > 0 }

// String tells the report for people.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d lives, %d questions", r.Lives, r.Questions)
	for _, name := range slices.Sorted(maps.Keys(r.Reached)) {
		fmt.Fprintf(&b, "\n%s reached:\n%s", name, r.Reached[name])
		if list := r.Missing[name]; len(list) > 0 {
			fmt.Fprintf(&b, "\n%s never reached: %s", name, strings.Join(list, ", "))
		}
	}
	if r.Failure != nil {
		fmt.Fprintf(&b, "\n%s", r.Failure)
	}
	return b.String()
}

// Run drives a system next to the engine: it draws lives, asks both the same
// questions, and compares every answer; what the system answers is audited
// besides ([Audit]). The first difference is shortened to the shortest story that
// shows one, which is left as a transcript, a Go test to paste and a page, and the
// test fails. It also fails when an action, rule, status or refusal reason of a
// lifecycle was never reached: a run that never asked has shown nothing.
func Run(t TB, system System, options ...Option) {
	t.Helper()
	r := newRun(system, options)
	if len(r.plays) == 0 {
		t.Fatalf("escrowtest: nothing to play; pass Playing(…) or Of(lifecycles…)")
		return
	}
	report := r.try()
	if report.Failure != nil {
		left, err := report.Failure.Leave(r.folder + "/" + strings.ReplaceAll(t.Name(), "/", "_"))
		if err != nil {
			t.Logf("the artefacts could not be left: %v", err)
		}
		t.Fatalf("%s\n\nleft: %s", report.Failure, strings.Join(left, ", "))
	}
	t.Logf("%s", report)
	if len(report.Missing) > 0 {
		t.Fatalf("not everything was reached; the run has not shown that the system agrees there")
	}
}

// Try is [Run] outside of a test: it returns what came of it, and leaves nothing.
// Without plays nothing is missing, and nothing shown: it has not passed.
func Try(system System, options ...Option) *Report { return newRun(system, options).try() }

func (r *run) try() *Report {
	report := &Report{Reached: map[string]Reach{}, Missing: map[string][]string{}}
	for _, p := range r.plays {
		if r.play(p, report); report.Failure != nil {
			break
		}
	}
	return report
}

// play lives the lives of one play.
func (r *run) play(p *Play, report *Report) {
	name, lives, reach := p.Lifecycle.Name(), Lives(p), Reach{}
	report.Reached[name] = reach
	for i := range r.most {
		if i >= r.lives && len(reach.Missing(p)) == 0 {
			return
		}
		story := lives.Example(r.seed + i)
		if report.Failure = replay(r.system, story, reach); report.Failure != nil {
			report.Failure = r.shortest(lives, r.seed+i, story, report.Failure)
			return
		}
		report.Lives++
		report.Questions += len(story.Steps)
		r.see(report)
	}
	if missing := reach.Missing(p); len(missing) > 0 {
		report.Missing[name] = missing
	}
}

// moreLives is in how many further lives a run looks for one that fails sooner.
const moreLives = 100

// shortest returns the failure of the shortest story: what fails in a few steps of
// another life is easier to shorten than what fails in many of this one.
func (r *run) shortest(lives *rapid.Generator[*Story], seed int, story *Story, failed *Failure) *Failure {
	best := seed
	for next := seed + 1; next <= seed+moreLives; next++ {
		other := lives.Example(next)
		if f := replay(r.system, other, Reach{}); f != nil && len(f.Story.Steps) < len(failed.Story.Steps) {
			best, story, failed = next, other, f
		}
	}
	failed = shorten(r.system, story, failed)
	failed.Seed = best
	return failed
}

// Failure is a story in which a system differs from the engine, or breaks a
// guarantee.
type Failure struct {
	// Story is what was asked, with the system's answers. The last one is wrong.
	Story *Story
	// Want is what the engine answers to the last question.
	Want Answer
	// Differences are those of the last answer.
	Differences []Difference
	// Violations are the guarantees that the story breaks.
	Violations []Violation
	// Err is why there is no last answer.
	Err error
	// Seed draws the life in which the story was found.
	Seed int
}

// agrees reports whether only a guarantee is broken.
func (f *Failure) agrees() bool { return f.Err == nil && len(f.Differences) == 0 }

// String tells the failure for people.
func (f *Failure) String() string {
	var b strings.Builder
	steps := len(f.Story.Steps)
	if f.agrees() {
		fmt.Fprintf(&b, "system and engine agree, and break a guarantee in %d steps (seed %d)\n\n%s", steps, f.Seed, f.Story)
	} else {
		last := &f.Story.Steps[steps-1]
		fmt.Fprintf(&b, "after %d questions the system differs from the engine (seed %d)\n\n%s\nin step %d the engine answers\n     %s\n",
			steps-1, f.Seed, f.Story, steps, (&Step{Before: last.Before, Question: last.Question, Answer: f.Want}).answer())
	}
	if f.Err != nil {
		fmt.Fprintf(&b, "\nthe system gives no answer: %v", f.Err)
	}
	for _, d := range f.Differences {
		fmt.Fprintf(&b, "\n%s", d)
	}
	for _, v := range f.Violations {
		fmt.Fprintf(&b, "\nbreaks %s", v)
	}
	return b.String()
}

// replay asks a system the questions of a story, and the engine next to it. It
// returns the first difference, nil when there is none.
func replay(system System, told *Story, reach Reach) *Failure {
	story := &Story{Begin: told.Begin, Finisher: told.Finisher, start: told.start}
	if err := system.Begin(told.Begin); err != nil {
		first := Question{escrow.Advance(), escrow.SystemActor(), told.start}
		story.Steps = []Step{{Before: told.Begin, Question: first}}
		return &Failure{Story: story, Want: ask(told.Begin, first), Err: fmt.Errorf("begin: %w", err)}
	}
	contract := told.Begin
	for i := range told.Steps {
		q := told.Steps[i].about(&contract)
		want := ask(contract, q)
		got, err := system.Ask(q)
		story.Steps = append(story.Steps, Step{Before: contract, Question: q, Answer: got})
		if f := judge(story, want, got, err); f != nil {
			return f
		}
		reach.Note(q, &want)
		if want.Accepted() {
			contract = *want.Contract
		}
	}
	return audited(story)
}

// judge returns the failure of a last answer, nil when it agrees.
func judge(story *Story, want, got Answer, err error) *Failure {
	f := &Failure{Story: story, Want: want, Err: err}
	if err == nil || got.source != nil { // what cannot be, can be compared
		f.Differences = Compare(&want, &got)
	}
	if f.Err == nil && len(f.Differences) == 0 {
		return nil
	}
	story.Finisher = "" // the story is cut short
	f.Violations = Audit(story)
	return f
}

// audited returns the failure of a story that agrees, but breaks a guarantee: then
// the engine does.
func audited(story *Story) *Failure {
	if found := Audit(story); len(found) > 0 {
		last := story.Steps[len(story.Steps)-1]
		return &Failure{Story: story, Want: last.Answer, Violations: found}
	}
	return nil
}

// about returns the question of a step as one about another telling of the same
// contract: approvals, and what was shown of them, are meant by what they are for,
// since their ids count revisions.
func (s *Step) about(c *escrow.Contract) Question {
	q := s.Question
	id, hash := q.Command.Approval()
	before, ok := s.Before.Approval(id)
	if !ok {
		return q
	}
	now, ok := counterpart(&s.Before, c, &before)
	if !ok || now.ID == id && now.Hash == before.Hash {
		return q
	}
	if hash == before.Hash {
		hash = now.Hash
	}
	q.Command = sample.Answering(c.Lifecycle(), q.Command, now.ID, hash)
	return q
}

// counterpart returns the approval of a contract that takes the place of another's:
// as many of its type and target come before it, or the last where there are fewer.
func counterpart(before, now *escrow.Contract, a *escrow.Approval) (found escrow.Approval, ok bool) {
	alike := func(b escrow.Approval) bool { return b.Type == a.Type && b.Target == a.Target }
	place := 0
	for _, b := range before.Approvals() {
		if b.ID == a.ID {
			break
		}
		if alike(b) {
			place++
		}
	}
	for _, b := range now.Approvals() {
		if !alike(b) {
			continue
		}
		if found, ok = b, true; place == 0 {
			break
		}
		place--
	}
	return found, ok
}

// Replay asks a system the questions of a written story ([ParseStory]) next to
// the engine, and fails the test with the first difference.
func Replay(t TB, system System, story string, lifecycles ...*escrow.Lifecycle) {
	t.Helper()
	told, err := ParseStory(story, lifecycles...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if f := replay(system, told, Reach{}); f != nil {
		t.Fatalf("%s", f)
	}
}
