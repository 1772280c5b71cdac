package escrowtest

import (
	"flag"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/escrow-go/escrow"
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

// Seed chooses other lives; without it they are the same in every run. The flag
// -escrowtest.seed of a test goes before it.
func Seed(seed int) Option { return func(r *run) { r.seed = seed } }

// AtLeast sets how many lives of each play there are; without it 1,000. A run goes
// on beyond them until everything is reached, or [AtMost] is.
func AtLeast(lives int) Option { return func(r *run) { r.lives = lives } }

// AtMost sets how many lives of each play there are at most; without it twenty times
// the least. What has not been reached by then is missing.
func AtMost(lives int) Option { return func(r *run) { r.most = lives } }

// Watch has a function called after every life, for showing progress.
func Watch(see func(*Report)) Option { return func(r *run) { r.see = see } }

// RunAgain sets what a failure says of how its story is run again; without it, the
// command for the test, or the option outside of one.
func RunAgain(how func(seed int) string) Option { return func(r *run) { r.again = how } }

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
	habits habits
	teller *teller
	again  func(seed int) string
}

// chosen is the flag that has a test live other lives, as a failure says.
var chosen = flag.Int("escrowtest.seed", 0, "escrowtest: have Run begin with the life of this seed, whatever the test says")

func newRun(system System, options []Option) *run {
	r := &run{system: system, seed: 1, lives: 1000, see: func(*Report) {}, folder: "testdata/escrowtest", teller: newTeller(system)}
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
	// Checks counts how often each optional interface of the system was used.
	Checks Checks
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
	fmt.Fprintf(&b, "\n%s", r.Checks)
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
	if *chosen != 0 {
		r.seed = *chosen
	}
	if r.again == nil {
		r.again = func(seed int) string { return againTest(t.Name(), seed) }
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

// againTest is the command that runs a test with the life of a seed.
func againTest(name string, seed int) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return fmt.Sprintf("go test -run '%s' -escrowtest.seed=%d", strings.Join(parts, "/"), seed)
}

// Try is [Run] outside of a test: it returns what came of it, and leaves nothing.
// Without plays nothing is missing, and nothing shown: it has not passed.
func Try(system System, options ...Option) *Report { return newRun(system, options).try() }

func (r *run) try() *Report {
	report := &Report{Reached: map[string]Reach{}, Missing: map[string][]string{}, Checks: r.teller.able.used}
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
	special := r.special(p)
	for i := range r.most {
		if i >= r.lives && len(r.missing(reach, p)) == 0 {
			return
		}
		story := r.life(lives, r.seed+i)
		failed, told := r.live(p, story, r.seed+i, reach)
		if failed == nil {
			failed, told = special(i, story)
		}
		if failed != nil {
			report.Failure = r.shortest(p, lives, r.seed+i, told, failed)
			return
		}
		report.Lives++
		report.Questions += len(story.Steps)
		r.see(report)
	}
	if missing := r.missing(reach, p); len(missing) > 0 {
		report.Missing[name] = missing
	}
}

// Replay asks a system the questions of a written story ([ParseStory]) next to
// the engine, and fails the test with the first difference.
func Replay(t TB, system System, story string, lifecycles ...*escrow.Lifecycle) {
	t.Helper()
	told, err := ParseStory(story, lifecycles...)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if f := newTeller(system).replay(told, Reach{}); f != nil {
		t.Fatalf("%s", f)
	}
}
