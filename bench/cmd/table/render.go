package main

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow/bench/internal/measured"
)

// render writes everything that is measured.
func render(where surroundings, r results) (string, error) {
	if err := complete(r); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nMedians of %d rounds. %s; %s.\n", rounds, where.machine, strings.Join(where.modules, ", "))
	renderTargets(&b, r)
	for _, s := range sections {
		s.render(&b, r)
	}
	b.WriteString("\n")
	return b.String(), nil
}

// complete reports rows without results and results without rows.
func complete(r results) error {
	known := map[string]bool{}
	for _, s := range sections {
		for _, row := range s.rows {
			known[s.key+"/"+row.key] = true
		}
	}
	for key := range known {
		if r[key] == nil || len(r[key].ns) != rounds {
			return fmt.Errorf("benchmark %s was not measured %d times", key, rounds)
		}
	}
	for key := range r {
		if !known[key] {
			return fmt.Errorf("benchmark %s has no row", key)
		}
	}
	return nil
}

func renderTargets(b *strings.Builder, r results) {
	b.WriteString("\n### Targets\n\n| | at most | measured | |\n| --- | ---: | ---: | --- |\n")
	for _, t := range targets {
		value := t.value(r)
		fmt.Fprintf(b, "| %s | %s %s | %s | %s |\n", t.about, measured.Number(t.bound), t.unit,
			measured.Number(value), measured.Verdict(value <= t.bound))
	}
}

func (s *section) render(b *strings.Builder, r results) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n", s.title, s.about)
	b.WriteString("| contender | what it does | ns/op | lowest to highest | B/op | allocs/op | ratio to the floor | ratio to ours |\n")
	b.WriteString("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, row := range s.rows {
		own := r[s.key+"/"+row.key]
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", row.name, row.does,
			measured.Number(measured.Median(own.ns)), measured.Span(own.ns), measured.Number(measured.Median(own.bytes)), measured.Number(measured.Median(own.allocs)),
			ratio(own, r[s.key+"/floor"]), ratio(own, r[s.key+"/decide"]))
	}
}

// ratio compares times, where there is something to compare with.
func ratio(own, other *samples) string {
	if other == nil {
		return "–"
	}
	return measured.Number(measured.Median(own.ns)/measured.Median(other.ns)) + "x"
}
