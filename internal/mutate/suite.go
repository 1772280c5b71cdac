package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

type verdict string

const (
	failed    verdict = "killed"
	endless   verdict = "endless loop"
	survived  verdict = "SURVIVED"
	unreached verdict = "NOT REACHED"
	invalid   verdict = "does not compile"
)

// slow is how long a test takes that is run on its own, after all the quick ones.
const slow = 100 * time.Millisecond

// leftOut are the tests on random lives, which take most of the time, and what they
// stumble on an example should pin; and those that count allocations, for the choice
// between a mutant and the original allocates.
const leftOut = "TestDecisionsNeedNoMemory|TestG[0-9].*|TestReach.*|TestDecideIntoAgrees|TestExplainAgrees"

// tested are the packages whose tests are run, and which of them: the engine's own,
// those of the lifecycles, which are tables that it is tried on, the corpus, and the
// second implementation.
var tested = []struct{ of, only string }{
	{".", ""}, {"opencontract", ""}, {"opentrain", ""}, {"lifecycles", ""}, {"erc8183", ""}, {"fixedprice", ""}, {"purchase", ""}, {"inspection", ""}, {"crowdfund", ""},
	{"conform", "TestCorpus"}, {"internal/oracle", "TestVectorsAgree|TestEngineAgrees|TestDraftsAgree|TestLimitsAgree"},
}

// unit is tests of a package that are run together, with the time they take and the
// mutants they reach.
type unit struct {
	of    string
	args  []string
	cpu   time.Duration
	reach map[string]bool
}

// suite is the units of all packages, quickest first.
type suite struct {
	p     *pkg
	dir   string
	units []*unit
}

func newSuite(p *pkg, dir string) (*suite, error) {
	s := &suite{p: p, dir: dir}
	altered := map[string]string{"0mutants.go": switches} // named to be initialized first
	for _, f := range p.files {
		altered[f.name] = render(f.src, 0, len(f.src), f.sites)
	}
	for _, t := range tested {
		if err := s.build(t.of, s.binary(t.of, "mutants"), altered); err != nil {
			return nil, err
		}
		out, _, v := s.exec("mutants", &unit{of: t.of, args: []string{"-test.v", "-test.run=^(" + t.only + ")", "-test.skip=^(" + leftOut + ")$"}}, "")
		if v != survived {
			return nil, fmt.Errorf("the tests of %s fail without a mutant:\n%s", t.of, out)
		}
		if err := s.split(t.of, t.only, out); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(s.units, func(a, b *unit) int { return cmp.Compare(a.cpu, b.cpu) })
	return s, nil
}

// binary returns where the tests of a package are, with all mutants or with one.
func (s *suite) binary(of, which string) string {
	return filepath.Join(s.dir, which+"-"+filepath.Base(of)+".test")
}

var passed = regexp.MustCompile(`(?m)^ *--- PASS: ([^\s/]+)\S* \(([0-9.]+)s\)`)

// split makes a unit of each slow test of a package and one of all others, and
// measures them.
func (s *suite) split(of, only, verbose string) error {
	rest := &unit{of: of}
	units := []*unit{rest}
	names := []string{leftOut}
	seconds := map[string]float64{}
	for _, m := range passed.FindAllStringSubmatch(verbose, -1) {
		took, _ := strconv.ParseFloat(m[2], 64)
		seconds[m[1]] += took // a test's own time leaves out its parallel parts
	}
	for name, took := range seconds {
		if took >= slow.Seconds() {
			names = append(names, name)
			units = append(units, &unit{of: of, args: []string{"-test.run=^" + name + "$"}})
		}
	}
	rest.args = []string{"-test.skip=^(" + strings.Join(names, "|") + ")$", "-test.run=^(" + only + ")"}
	for _, u := range units {
		reached := filepath.Join(s.dir, "reached")
		if err := os.WriteFile(reached, nil, 0o644); err != nil {
			return err
		}
		out, cpu, v := s.exec("mutants", u, "MUTANTS_REACHED="+reached)
		text, err := os.ReadFile(reached)
		if err != nil || v != survived {
			return fmt.Errorf("%v: %w\n%s", u.args, err, out)
		}
		u.cpu, u.reach = cpu, map[string]bool{}
		for _, id := range strings.Fields(string(text)) {
			u.reach[id] = true
		}
		log.Printf("%.1fs reaches %d: %s %s", cpu.Seconds(), len(u.reach), of, u.args[0])
	}
	s.units = append(s.units, units...)
	return nil
}

// try runs the units that reach a mutant until one fails.
func (s *suite) try(m *mutant) verdict {
	which, id := "mutants", strconv.Itoa(m.id)
	built := map[string]bool{}
	result := unreached
	for i, u := range s.units {
		if m.site.form == constant && !built[u.of] {
			which, built[u.of] = "constant", true
			i := slices.IndexFunc(s.p.files, func(f *file) bool { return f.name == m.file })
			src := s.p.files[i].src
			if s.build(u.of, s.binary(u.of, which), map[string]string{m.file: src[:m.site.start] + m.text + src[m.site.end:]}) != nil {
				return invalid // for instance, a key that a test has twice
			}
		}
		if m.site.form != constant && !u.reach[id] {
			continue
		}
		if _, _, result = s.exec(which, u, "MUTANT="+id); result != survived {
			// What has killed one is likely to kill the next.
			s.units = slices.Insert(slices.Delete(s.units, i, i+1), 0, u)
			break
		}
	}
	return result
}

// exec runs a unit in bounded processor time and memory: ten times what it takes
// without a mutant, and some, is an endless loop.
func (s *suite) exec(which string, u *unit, env string) (string, time.Duration, verdict) {
	limit := "600"
	if u.cpu > 0 {
		limit = strconv.Itoa(5 + int(10*u.cpu.Seconds()))
	}
	args := []string{"-c", `ulimit -v 8000000; ulimit -t "$0"; exec "$@"`, limit, s.binary(u.of, which), "-test.short", "-test.failfast"}
	if u.of == "." {
		args = append(args, "-rapid.seed=1", "-rapid.nofailfile", "-rapid.shrinktime=1ms")
	}
	cmd := exec.Command("sh", append(args, u.args...)...)
	cmd.Dir = u.of
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", env)
	out, err := cmd.CombinedOutput()
	state := cmd.ProcessState
	cpu := state.UserTime() + state.SystemTime()
	switch {
	case err == nil:
		return string(out), cpu, survived
	case !state.Exited():
		return string(out), cpu, endless
	}
	return string(out), cpu, failed
}

// build compiles the tests of a package with some files of the root altered, leaving
// the files themselves alone.
func (s *suite) build(of, binary string, altered map[string]string) error {
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for name, text := range altered {
		real, err := filepath.Abs(name)
		fake := filepath.Join(s.dir, name)
		if err = cmp.Or(err, os.WriteFile(fake, []byte(text), 0o644)); err != nil {
			return err
		}
		overlay.Replace[real] = fake
	}
	list, _ := json.Marshal(overlay)
	path := filepath.Join(s.dir, "overlay.json")
	if err := os.WriteFile(path, list, 0o644); err != nil {
		return err
	}
	if out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay", path, "-o", binary, "./"+of).CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// render is the source from one offset to another with a choice at each site.
func render(src string, from, to int, sites []*site) string {
	var b strings.Builder
	for len(sites) > 0 {
		s, n := sites[0], 1
		for n < len(sites) && sites[n].start < s.end {
			n++
		}
		b.WriteString(src[from:s.start] + s.choice(render(src, s.start, s.end, sites[1:n])))
		from, sites = s.end, sites[n:]
	}
	return b.String() + src[from:to]
}

// choice is the original text or, by its number, that of a mutant. There is no
// mutant within a mutant: only one is on at a time.
func (s *site) choice(text string) string {
	if len(s.mutants) == 0 || s.form == constant {
		return text
	}
	for _, m := range s.mutants {
		switch s.form {
		case condition:
			text = fmt.Sprintf("(mutant(%d) && (%s) || !mutant(%[1]d) && (%[3]s))", m.id, m.text, text)
		case value:
			text = fmt.Sprintf("(func() %s { if mutant(%d) { return %s }; return %s }())", s.typ, m.id, m.text, text)
		case statement:
			text = fmt.Sprintf("func() { if mutant(%d) { %s } else { %s } }()", m.id, m.text, text)
		case branch:
			text = fmt.Sprintf("if mutant(%d) { %s } else { %s }", m.id, m.text, text)
		}
	}
	return text
}

// switches is compiled into the package under test.
const switches = `package escrow

import (
	"fmt"
	"os"
	"strconv"
)

var (
	mutantOn, _   = strconv.Atoi(os.Getenv("MUTANT"))
	mutantLog     = os.Getenv("MUTANTS_REACHED")
	mutantReached [1 << 16]bool
)

func mutant(id int) bool {
	if mutantLog != "" {
		mutantNote(id)
	}
	return id == mutantOn
}

func mutantNote(id int) {
	if mutantReached[id] {
		return
	}
	mutantReached[id] = true
	f, err := os.OpenFile(mutantLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(f, id)
	f.Close()
}
`
