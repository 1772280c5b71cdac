package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/escrow-go/escrow/bench/internal/measured"
)

// rounds is how often every contender is measured, in turn.
const rounds = 6

// benchmark is the one command that measures.
var benchmark = []string{"go", "test", "-run", "^$", "-bench", ".", "-benchmem", "-benchtime", "200ms", ".",
	"-rounds", strconv.Itoa(rounds)}

// results are the samples of every benchmark by section and contender, as in
// "accepted/floor".
type results map[string]*samples

// samples are what one contender needed, a number for each round.
type samples struct{ ns, bytes, allocs []float64 }

// measure runs the benchmark and copies its output to progress.
func measure(progress io.Writer) (results, error) {
	var out bytes.Buffer
	cmd := exec.Command(benchmark[0], benchmark[1:]...)
	cmd.Stdout, cmd.Stderr = io.MultiWriter(progress, &out), os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(benchmark, " "), err)
	}
	return parse(&out)
}

var line = regexp.MustCompile(`^BenchmarkSample/round=\d+/(\S+?)(?:-\d+)?\s+\d+\s+(\S+) ns/op\s+(\S+) B/op\s+(\S+) allocs/op$`)

// parse reads the output of go test.
func parse(out io.Reader) (results, error) {
	all := results{}
	for scanner := bufio.NewScanner(out); scanner.Scan(); {
		m := line.FindStringSubmatch(scanner.Text())
		if m == nil {
			continue
		}
		if all[m[1]] == nil {
			all[m[1]] = &samples{}
		}
		s := all[m[1]]
		for i, to := range []*[]float64{&s.ns, &s.bytes, &s.allocs} {
			value, err := strconv.ParseFloat(m[2+i], 64)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", scanner.Text(), err)
			}
			*to = append(*to, value)
		}
	}
	return all, nil
}

// surroundings are what the numbers depend on besides the code.
type surroundings struct {
	machine string
	modules []string
}

// lookAround returns the machine, the Go version and the versions of the peers.
func lookAround() (surroundings, error) {
	list, err := exec.Command("go", append([]string{"list", "-m"}, modules...)...).Output()
	if err != nil {
		return surroundings{}, fmt.Errorf("go list -m: %w", err)
	}
	return surroundings{machine: measured.Machine(), modules: strings.Split(strings.TrimSpace(string(list)), "\n")}, nil
}
