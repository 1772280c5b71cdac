package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Between the markers stands what is measured.
const (
	begin = "<!-- measured: go generate ./bench writes from here -->\n"
	end   = "<!-- measured: to here -->\n"
)

// insert puts the tables between the markers.
func insert(readme []byte, tables string) ([]byte, error) {
	before, rest, found := bytes.Cut(readme, []byte(begin))
	_, after, ended := bytes.Cut(rest, []byte(end))
	if !found || !ended {
		return nil, errors.New("the README has no place for the tables")
	}
	return []byte(string(before) + begin + tables + end + string(after)), nil
}

// render writes everything that is measured.
func render(where surroundings, r results) (string, error) {
	if err := complete(r); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nMedians of %d rounds. %s, %d cores, %s; %s; %s.\n", rounds,
		where.processor, where.cores, where.system, where.goVersion, strings.Join(where.modules, ", "))
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
		verdict := "reached"
		value := t.value(r)
		if value > t.bound {
			verdict = "**missed**"
		}
		fmt.Fprintf(b, "| %s | %s %s | %s | %s |\n", t.about, number(t.bound), t.unit, number(value), verdict)
	}
}

func (s *section) render(b *strings.Builder, r results) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n", s.title, s.about)
	b.WriteString("| contender | what it does | ns/op | lowest to highest | B/op | allocs/op | ratio to the floor | ratio to ours |\n")
	b.WriteString("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for _, row := range s.rows {
		own := r[s.key+"/"+row.key]
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", row.name, row.does,
			number(median(own.ns)), span(own.ns), number(median(own.bytes)), number(median(own.allocs)),
			ratio(own, r[s.key+"/floor"]), ratio(own, r[s.key+"/decide"]))
	}
}

// ratio compares times, where there is something to compare with.
func ratio(own, other *samples) string {
	if other == nil {
		return "–"
	}
	return number(median(own.ns)/median(other.ns)) + "x"
}

// number writes three figures, whole numbers in full.
func number(v float64) string {
	switch {
	case v == math.Trunc(v) || v >= 100:
		return thousands(int(math.Round(v)))
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// thousands writes a whole number below a million with its comma.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// span writes the lowest and the highest value.
func span(values []float64) string {
	return number(slices.Min(values)) + " to " + number(slices.Max(values))
}
