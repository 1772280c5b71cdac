// Command mutate measures the tests of the root package and of the lifecycles: it
// plants one small fault in the engine at a time, a mutant, and runs the tests, which
// should fail. docs/mutation.md gets the figure and every mutant that no test notices,
// with the reason given for it in equivalent.txt.
//
//	go run ./internal/mutate                   everything, some hours
//	go run ./internal/mutate -every 10         one in ten; writes nothing
//	go run ./internal/mutate -only amount.go   the mutants whose description matches; writes nothing
//
// All mutants are compiled into one test binary, each behind a switch, so that one
// costs a run of the tests that reach it and no compilation.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	reasonsFile = "internal/mutate/equivalent.txt"
	report      = "docs/mutation.md"
	floor       = 95.0 // per cent killed
)

func main() {
	log.SetFlags(0)
	only := flag.String("only", "", "run only the mutants whose description matches this regular expression")
	every := flag.Int("every", 1, "run only one mutant in so many")
	flag.Parse()
	if err := run(regexp.MustCompile(*only), max(*every, 1), *only == "" && *every == 1); err != nil {
		log.Fatal(err)
	}
}

func run(only *regexp.Regexp, every int, all bool) error {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := load(".")
	if err != nil {
		return err
	}
	mutants, broken := p.compiling(only)
	log.Printf("%d mutants, %d more do not compile", len(mutants), broken)
	s, err := newSuite(p, dir)
	if err != nil {
		return err
	}
	mutants = oneIn(every, mutants)
	for i, m := range mutants {
		start := time.Now()
		m.verdict = s.try(m)
		log.Printf("%d/%d %s (%.1fs)\n%s", i+1, len(mutants), m.verdict, time.Since(start).Seconds(), m)
	}
	why, err := readReasons()
	if err != nil {
		return err
	}
	text, problem := summary(mutants, broken, why)
	if !all {
		return problem
	}
	if problem == nil && len(why) > 0 {
		problem = fmt.Errorf("%s gives reasons for what is no survivor: %q", reasonsFile, slices.Sorted(maps.Keys(why)))
	}
	return cmp.Or(os.WriteFile(report, []byte(text), 0o644), problem)
}

// oneIn returns one mutant in so many, evenly.
func oneIn(every int, mutants []*mutant) (some []*mutant) {
	for i := 0; i < len(mutants); i += every {
		some = append(some, mutants[i])
	}
	return some
}

// readReasons reads paragraphs of a mutant's description and, on the last line, its reason.
func readReasons() (map[string]string, error) {
	text, err := os.ReadFile(filepath.FromSlash(reasonsFile))
	why := map[string]string{}
	for _, paragraph := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		if i := strings.LastIndexByte(paragraph, '\n'); i >= 0 {
			why[paragraph[:i]] = paragraph[i+1:]
		}
	}
	return why, err
}

// summary is the report, and what is wrong with it. It takes the reasons that it
// gives out of the list.
func summary(mutants []*mutant, broken int, why map[string]string) (string, error) {
	n := map[verdict]int{}
	missing, rows := 0, ""
	for _, m := range mutants {
		n[m.verdict]++
		if m.verdict != survived && m.verdict != unreached {
			continue
		}
		reason, ok := why[m.String()]
		if !ok {
			reason = "**no reason given yet**"
			missing++
			log.Printf("no reason:\n%s", m)
		}
		delete(why, m.String())
		rows += fmt.Sprintf("| %s:%d | `%s` | %s | %s |\n", m.file, m.num, m.fn, escape(m.change), reason)
	}
	killed, sound := n[failed]+n[endless], len(mutants)-n[invalid]
	score := 100 * float64(killed) / float64(sound)
	text := fmt.Sprintf(header, len(mutants)+broken, sound, killed, n[endless], n[survived], n[unreached], score)
	log.Printf("%d killed of %d: %.2f %%", killed, sound, score)
	if rows != "" {
		text += "\n## The survivors\n\n| where | function | change | why nothing notices |\n| --- | --- | --- | --- |\n" + rows
	}
	if score < floor || missing > 0 {
		return text, fmt.Errorf("%.2f %% killed (floor %g), %d survivors without a reason", score, floor, missing)
	}
	return text, nil
}

// escape shows code in a table's cell, where a bar ends the cell.
func escape(code string) string {
	return "`" + strings.ReplaceAll(code, "|", `\|`) + "`"
}

const header = `# Mutation testing of the root package

Do not edit: ` + "`go run ./internal/mutate`" + ` plants the faults, runs the tests and writes this file. Each mutant is
one small fault: a comparison moved by one or turned round, two operators exchanged, a ` + "`!`" + ` or a sign dropped, a
count run backwards, ` + "`break`" + ` for ` + "`continue`" + `. The tests are those of the root package and of the lifecycles with ` + "`-short`" + `, a
fixed seed and without the properties of random lives (G1 to G12), so the figure is what examples pin. A mutant is
killed when a test fails, or when one burns more than ten times the processor time of the unchanged code.

| mutants | |
| --- | ---: |
| planted | %d |
| that compile | %d |
| killed | %d |
| of these, endless loops | %d |
| survived | %d |
| not reached by any test | %d |
| killed, of those that compile | %.2f %% |
`
