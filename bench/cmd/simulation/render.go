package main

import (
	"fmt"
	"strings"

	"github.com/escrow-go/escrow/bench/internal/measured"
)

// findings are everything that is measured.
type findings struct {
	samples [numContenders]samples
	memory  []memory
	// simpy says which SimPy it was, on which Python.
	simpy string
}

// render writes the tables.
func (f *findings) render(machine string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nMedians of %d rounds. %s; %s.\n", rounds, machine, f.simpy)
	f.renderTargets(&b)
	f.renderSpeed(&b)
	f.renderMemory(&b)
	b.WriteString("\n")
	return b.String()
}

func (f *findings) renderTargets(b *strings.Builder) {
	b.WriteString("\n### Targets\n\n| | target | measured | |\n| --- | ---: | ---: | --- |\n")
	speed := threeFigures(1e9 / measured.Median(f.samples[simulateTwo].ns))
	f.target(b, "contracts a second on two cores, in a run of "+measured.Number(long), "at least", 2_000_000, "", speed, speed >= 2_000_000)
	simpy := f.times(inSimPy, simulateTwo)
	f.target(b, "two cores beside SimPy, which has one", "at least", 100, " times as fast", simpy, simpy >= 100)
	floor := f.times(simulateTwo, floorTwo)
	f.target(b, "two cores beside the floor on two", "at most", 10, " times as long", floor, floor <= 10)
	first, last := f.memory[0], f.memory[len(f.memory)-1]
	grown := max(0, float64(last.FromSystem)-float64(first.FromSystem)) / float64(last.Contracts-first.Contracts)
	about := fmt.Sprintf("memory for each contract after the first %s", measured.Number(float64(first.Contracts)))
	f.target(b, about, "less than", 1, " byte", grown, grown < 1)
	fmt.Fprintf(b, "\nThe floor itself is %s times as fast as SimPy on two cores, and %s times on one.\n",
		measured.Number(f.times(inSimPy, floorTwo)), measured.Number(f.times(inSimPy, floorOne)))
}

func (f *findings) target(b *strings.Builder, about, side string, bound float64, unit string, value float64, reached bool) {
	fmt.Fprintf(b, "| %s | %s %s%s | %s | %s |\n", about, side, measured.Number(bound), unit, measured.Number(value), measured.Verdict(reached))
}

// times is how many times as long one contender takes as another, round by round:
// what the machine does meanwhile meets both.
func (f *findings) times(slow, fast int) float64 {
	ratios := make([]float64, rounds)
	for i := range ratios {
		ratios[i] = f.samples[slow].ns[i] / f.samples[fast].ns[i]
	}
	return measured.Median(ratios)
}

func (f *findings) renderSpeed(b *strings.Builder) {
	b.WriteString("\n### Speed\n\n| contender | goroutines | cores it had | contracts | contracts a second | lowest to highest | ns each | B each | allocations each | as fast as SimPy | as long as the floor |\n")
	b.WriteString("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n")
	for i, c := range contenders {
		s := &f.samples[i]
		bytes, allocs, cores := measured.Number(measured.Median(s.bytes)), measured.Number(measured.Median(s.allocs)), measured.Number(measured.Median(s.cores))
		name := c.name
		switch {
		case i <= simulateShort:
			name = "**" + name + "**"
		case i == inSimPy:
			bytes, allocs, cores = "–", "–", "–"
		}
		floor := floorOne
		if c.goroutines == 2 {
			floor = floorTwo
		}
		fmt.Fprintf(b, "| %s | %d | %s | %s | %s | %s | %s | %s | %s | %sx | %sx |\n", name, c.goroutines, cores,
			measured.Number(float64(c.contracts)), rate(measured.Median(s.ns)), measured.Span(perSecond(s.ns)),
			measured.Number(measured.Median(s.ns)), bytes, allocs,
			measured.Number(f.times(inSimPy, i)), measured.Number(f.times(i, floor)))
	}
}

// perSecond returns how many there are in a second that take so many nanoseconds
// each, three figures of it.
func perSecond(ns []float64) []float64 {
	list := make([]float64, len(ns))
	for i, each := range ns {
		list[i] = threeFigures(1e9 / each)
	}
	return list
}

func rate(ns float64) string { return measured.Number(threeFigures(1e9 / ns)) }

// threeFigures rounds a number that is large.
func threeFigures(v float64) float64 {
	step := 1.0
	for v/step >= 1000 {
		step *= 10
	}
	return float64(int(v/step+0.5)) * step
}

func (f *findings) renderMemory(b *strings.Builder) {
	b.WriteString("\n### Memory\n\n| contracts | from the operating system, at the most | in use in the end |\n| ---: | ---: | ---: |\n")
	for _, m := range f.memory {
		fmt.Fprintf(b, "| %s | %s MiB | %s MiB |\n", measured.Number(float64(m.Contracts)), mebibytes(m.FromSystem), mebibytes(m.Kept))
	}
}

func mebibytes(n uint64) string { return measured.Number(float64(n) / (1 << 20)) }
